/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bio_internal.h"
#include "file_internal.h"
#include "pipe.h"
#include "raw.h"
#include "sink.h"
#include "target.h"
#include "temp.h"

struct file {
	char *path;     /* owned: as the caller gave it, for messages */
	int fd;         /* owned; -1 if none */
	slu_temp *temp; /* owned; NULL where `fd` is all there is */
};

static slu_status
file_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct file *f = self;
	slu_status st;

	(void)next;
	st = slu_raw_read(f->fd, buf, cap, got);
	return slu_failed(st) ? slu_raw_failed("file", f->path) : st;
}

static slu_status
file_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct file *f = self;
	slu_status st;

	(void)next;
	if (f->temp != NULL)
		st = slu_raw_write(slu_temp_fd(f->temp), data, len, put);
	else
		st = slu_pipe_write(f->fd, data, len, put);
	return slu_failed(st) ? slu_raw_failed("file", f->path) : st;
}

static slu_status
file_finish(void *self, slu_bio *next)
{
	struct file *f = self;

	(void)next;
	if (f->temp != NULL)
		return slu_temp_commit(f->temp);
	if (slu_raw_sync(f->fd) && slu_raw_close(&f->fd))
		return SLU_OK;
	return slu_raw_failed("file", f->path);
}

static void
file_free(void *self)
{
	struct file *f = self;

	slu_temp_free(f->temp);
	if (f->fd >= 0)
		close(f->fd);
	free(f->path);
}

static int
file_fd(void *self)
{
	struct file *f = self;

	return f->temp != NULL ? slu_temp_fd(f->temp) : f->fd;
}

static const slu_bio_ops source_ops = {
	.name = "file",
	.size = sizeof(struct file),
	.read = file_read,
	.free = file_free,
	.fd = file_fd,
};

static const slu_bio_ops target_ops = {
	.name = "file",
	.size = sizeof(struct file),
	.write = file_write,
	.finish = file_finish,
	.free = file_free,
	.fd = file_fd,
};

/* Open without a descriptor that others inherit, or a terminal to obey. */
static int
open_plainly(const char *path, int how)
{
	int fd;

	do {
		fd = open(path, how | O_CLOEXEC | O_NOCTTY);
	} while (fd < 0 && errno == EINTR);
	return fd;
}

static slu_status
push_file(
    slu_bio **top, const slu_bio_ops *ops, const char *path, struct file **out)
{
	size_t size = strlen(path) + 1;
	struct file *f;
	slu_status st;
	void *state;

	st = slu_sink_push(top, ops, &state);
	if (st)
		return st;
	f = state;
	f->fd = -1;
	f->path = malloc(size);
	if (f->path == NULL) {
		slu_bio_drop(top);
		return slu_fail(SLU_ERR_MEMORY, "file: out of memory");
	}
	memcpy(f->path, path, size);
	*out = f;
	return SLU_OK;
}

#ifdef POSIX_FADV_SEQUENTIAL
/* The kernel then reads further ahead.  It is advice: all answers are fine. */
static void
will_read_in_order(int fd)
{
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}
#else
static void
will_read_in_order(int fd)
{
	(void)fd;
}
#endif

static slu_status
open_source(struct file *f)
{
	struct stat there;

	f->fd = open_plainly(f->path, O_RDONLY);
	if (f->fd < 0 || fstat(f->fd, &there) != 0)
		return slu_raw_failed("file", f->path);
	if (S_ISDIR(there.st_mode)) {
		errno = EISDIR;
		return slu_raw_failed("file", f->path);
	}
	will_read_in_order(f->fd);
	return SLU_OK;
}

slu_status
slu_file_open(slu_bio **top, const char *path)
{
	struct file *f;
	slu_status st;

	st = push_file(top, &source_ops, path, &f);
	if (st)
		return st;
	st = open_source(f);
	if (st)
		slu_bio_drop(top);
	return st;
}

static slu_status
refuse_taken(const struct file *f, const slu_file_options *options)
{
	if (options->taken != NULL)
		*options->taken = true;
	errno = EEXIST;
	return slu_raw_failed("file", f->path);
}

/*
 * Write to what is there already.  A regular file can only have come since
 * we looked, and is not ours to overwrite.
 */
static slu_status
open_other(struct file *f, const slu_file_options *options)
{
	struct stat there;

	f->fd = open_plainly(f->path, O_WRONLY);
	if (f->fd < 0 || fstat(f->fd, &there) != 0)
		return slu_raw_failed("file", f->path);
	return S_ISREG(there.st_mode) ? refuse_taken(f, options) : SLU_OK;
}

static slu_status
open_target(struct file *f, const slu_file_options *options)
{
	slu_target target;
	slu_status st;

	st = slu_target_find(&target, f->path);
	if (st)
		return st;
	if (target.kind == SLU_TARGET_OTHER)
		return open_other(f, options);
	if (target.kind != SLU_TARGET_NOTHING &&
	    options->existing == SLU_FILE_KEEP)
		return refuse_taken(f, options);
	return slu_temp_make(&f->temp, target.path, options, f->path);
}

slu_status
slu_file_create(
    slu_bio **top, const char *path, const slu_file_options *options)
{
	static const slu_file_options defaults = { 0 };
	struct file *f;
	slu_status st;

	if (options == NULL)
		options = &defaults;
	if (options->taken != NULL)
		*options->taken = false;
	st = push_file(top, &target_ops, path, &f);
	if (st)
		return st;
	st = open_target(f, options);
	if (st)
		slu_bio_drop(top);
	return st;
}

int
slu_file_source(slu_bio *bio)
{
	const struct file *f = slu_bio_alone(bio, &source_ops);

	return f == NULL ? -1 : f->fd;
}

int
slu_file_target(slu_bio *bio)
{
	const struct file *f = slu_bio_alone(bio, &target_ops);

	return f == NULL || f->temp == NULL ? -1 : slu_temp_fd(f->temp);
}

slu_status
slu_file_break(slu_bio *bio)
{
	const struct file *f = slu_bio_alone(bio, &source_ops);

	if (f == NULL)
		f = slu_bio_alone(bio, &target_ops);
	if (f == NULL)
		return slu_fail(SLU_ERR_USAGE, "file: not a file alone");
	return slu_bio_break(bio, slu_raw_failed("file", f->path));
}

void
slu_file_abandon(slu_file_pending *pending)
{
	int saved = errno;

	if (pending->live) {
		unlink(pending->path);
		pending->live = 0;
	}
	errno = saved;
}
