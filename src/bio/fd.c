/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/fd.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "bio_internal.h"
#include "fd_internal.h"
#include "pipe.h"
#include "raw.h"
#include "sink.h"
#include "sluice/wait.h"

struct fd {
	int fd; /* lent by the caller */
	slu_status (*write)(int fd, const void *data, size_t len, size_t *put);
};

static slu_status
failed(int fd)
{
	static const char *const standard[] = { "standard input",
		"standard output", "standard error" };
	char name[32];

	if (fd >= 0 && fd <= 2)
		return slu_raw_failed("fd", standard[fd]);
	snprintf(name, sizeof(name), "descriptor %d", fd);
	return slu_raw_failed("fd", name);
}

static slu_status
fd_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct fd *f = self;
	slu_status st;

	(void)next;
	st = slu_raw_read(f->fd, buf, cap, got);
	return slu_failed(st) ? failed(f->fd) : st;
}

static slu_status
fd_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct fd *f = self;
	slu_status st;

	(void)next;
	st = f->write(f->fd, data, len, put);
	return slu_failed(st) ? failed(f->fd) : st;
}

static slu_status
fd_wait(void *self, slu_bio *next, slu_status want, slu_waits *w)
{
	struct fd *f = self;

	(void)next;
	return slu_waits_add(
	    w, f->fd, want == SLU_WANT_READ ? POLLIN : POLLOUT);
}

static int
fd_fd(void *self)
{
	return ((struct fd *)self)->fd;
}

static const slu_bio_ops fd_ops = {
	.name = "fd",
	.size = sizeof(struct fd),
	.read = fd_read,
	.write = fd_write,
	.wait = fd_wait,
	.fd = fd_fd,
};

/* An empty datagram would pass for the end of a stream. */
static slu_status
check_stream(int fd)
{
	socklen_t len = sizeof(int);
	int type = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) != 0)
		return failed(fd);
	if (type != SOCK_STREAM)
		return slu_fail(SLU_ERR_USAGE,
		    "fd: descriptor %d is a socket without a stream", fd);
	return SLU_OK;
}

slu_status
slu_fd_open(slu_bio **top, int fd)
{
	slu_status st = SLU_OK;
	struct stat there;
	struct fd *f;
	void *state;

	if (fstat(fd, &there) != 0)
		return failed(fd);
	if (S_ISSOCK(there.st_mode))
		st = check_stream(fd);
	if (st == SLU_OK)
		st = slu_sink_push(top, &fd_ops, &state);
	if (st)
		return st;
	f = state;
	f->fd = fd;
	f->write = slu_raw_write;
	if (S_ISSOCK(there.st_mode))
		f->write = slu_raw_send;
	else if (S_ISFIFO(there.st_mode))
		f->write = slu_pipe_write;
	return SLU_OK;
}

int
slu_fd_source(slu_bio *bio)
{
	const struct fd *f = slu_bio_alone(bio, &fd_ops);

	return f == NULL ? -1 : f->fd;
}

slu_status
slu_fd_break(slu_bio *bio)
{
	const struct fd *f = slu_bio_alone(bio, &fd_ops);

	if (f == NULL)
		return slu_fail(SLU_ERR_USAGE, "fd: not a descriptor alone");
	return slu_bio_break(bio, failed(f->fd));
}
