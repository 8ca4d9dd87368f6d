/* SPDX-License-Identifier: ISC */
/*
 * The side of stdio.h where a FILE lies below.
 *
 * To read, stdio is asked; to write, it is not.  The C library empties its
 * buffer whether or not write(2) took the bytes, so that an EINTR or EAGAIN
 * loses them.
 */
#define _GNU_SOURCE
#include "sluice/stdio.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio_ext.h>
#include <unistd.h>

#include "hush.h"
#include "raw.h"
#include "sink.h"
#include "sluice/fd.h"
#include "sluice/wait.h"

struct stdio {
	FILE *file;  /* lent by the caller */
	slu_bio *fd; /* owned; NULL: it has no descriptor */
	bool moved;  /* we have written past it since it was told */
};

/* How many bytes can be read without asking the system for more. */
#if defined(__GLIBC__)
static size_t
buffered(const FILE *file)
{
	return (size_t)(file->_IO_read_end - file->_IO_read_ptr);
}
#else
static size_t
buffered(const FILE *file)
{
	(void)file;
	return 0;
}
#endif

static slu_status
failed(void)
{
	if (errno == ENOMEM)
		return slu_fail(SLU_ERR_MEMORY, "stdio: out of memory");
	if (errno == 0)
		errno = EIO;
	return slu_raw_failed("stdio", "FILE");
}

/* Why a byte that was asked for did not come; SLU_OK: ask again. */
static slu_status
no_byte(FILE *file)
{
	int why = errno;

	if (!ferror(file))
		return SLU_EOF;
	if (why != EINTR && why != EAGAIN && why != EWOULDBLOCK)
		return failed();
	clearerr(file);
	return why == EINTR ? SLU_OK : SLU_WANT_READ;
}

static slu_status
stdio_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct stdio *s = self;
	unsigned char *out = buf;
	slu_status st;
	size_t rest;
	int c;

	(void)next;
	if (!__freadable(s->file))
		return slu_fail(
		    SLU_ERR_USAGE, "stdio: the FILE is not open for reading");
	do {
		errno = 0;
		c = fgetc(s->file);
		st = c == EOF ? no_byte(s->file) : SLU_OK;
	} while (c == EOF && st == SLU_OK);
	if (st)
		return st;
	out[0] = (unsigned char)c;
	rest = buffered(s->file);
	if (rest > cap - 1)
		rest = cap - 1;
	*got = 1 + (rest > 0 ? fread(out + 1, 1, rest, s->file) : 0);
	return SLU_OK;
}

/* Hand over what others wrote, and go back over what was read ahead. */
static slu_status
sync_file(FILE *file)
{
	bool writes = __fpending(file) > 0, done;
	slu_hush h;

	if (writes)
		slu_hush_begin(&h);
	errno = 0;
	done = fflush(file) == 0 && !ferror(file);
	if (writes)
		slu_hush_end(&h, done);
	return done ? SLU_OK : failed();
}

static slu_status
write_buffered(FILE *file, const void *data, size_t len, size_t *put)
{
	errno = 0;
	*put = fwrite(data, 1, len, file);
	if (*put == len && !ferror(file))
		return SLU_OK;
	*put = 0;
	return failed();
}

static slu_status
stdio_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct stdio *s = self;
	slu_status st;

	(void)next;
	if (!__fwritable(s->file))
		return slu_fail(
		    SLU_ERR_USAGE, "stdio: the FILE is not open for writing");
	if (s->fd == NULL)
		return write_buffered(s->file, data, len, put);
	st = sync_file(s->file);
	if (st)
		return st;
	s->moved = true;
	return slu_bio_write(s->fd, data, len, put);
}

/* Tell the FILE where its descriptor stands now, if that can be sought in. */
static slu_status
stdio_flush(void *self, slu_bio *next)
{
	struct stdio *s = self;
	slu_status st;
	off_t at;

	(void)next;
	st = sync_file(s->file);
	if (st || !s->moved)
		return st;
	s->moved = false;
	at = lseek(fileno(s->file), 0, SEEK_CUR);
	if (at < 0 || fseeko(s->file, at, SEEK_SET) == 0)
		return SLU_OK;
	return failed();
}

static slu_status
stdio_wait(void *self, slu_bio *next, slu_status want, slu_waits *w)
{
	struct stdio *s = self;

	(void)next;
	return slu_waits_add_chain(w, s->fd, want);
}

static void
stdio_free(void *self)
{
	struct stdio *s = self;

	slu_bio_free(s->fd);
}

static const slu_bio_ops stdio_ops = {
	.name = "stdio",
	.size = sizeof(struct stdio),
	.read = stdio_read,
	.write = stdio_write,
	.flush = stdio_flush,
	.finish = stdio_flush,
	.free = stdio_free,
	.wait = stdio_wait,
};

slu_status
slu_stdio_open(slu_bio **top, FILE *file)
{
	slu_bio *below = NULL;
	struct stdio *s;
	void *state;
	slu_status st;
	int fd = fileno(file);

	if (ferror(file))
		return slu_fail(
		    SLU_ERR_IO, "stdio: the FILE has failed before");
	if (fd >= 0) {
		st = slu_fd_open(&below, fd);
		if (st)
			return st;
	}
	st = slu_sink_push(top, &stdio_ops, &state);
	if (st) {
		slu_bio_free(below);
		return st;
	}
	s = state;
	s->file = file;
	s->fd = below;
	return SLU_OK;
}
