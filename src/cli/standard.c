/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "standard.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exit.h"
#include "sluice/fd.h"
#include "sluice/wait.h"

void
standard_make_safe(void)
{
	/* Opened the wrong way round: what uses one of these must fail. */
	static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };

	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", modes[fd]) != fd)
			_exit(EXIT_IO);
}

static slu_status
patient_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	slu_status st;

	(void)self;
	while ((st = slu_bio_read(next, buf, cap, got)) == SLU_WANT_READ) {
		st = slu_bio_wait(next, st, -1);
		if (st)
			break;
	}
	return st;
}

struct patient {
	int fd; /* lent by the process */
};

/*
 * Who reads our output through a pipe and has enough ends us as it ends every
 * program: `sluice ... | head` is no error.  The library raises no signal.
 */
static void
end_with_reader(int fd)
{
	struct pollfd reader = { .fd = fd, .events = POLLOUT };
	struct stat there;

	if (fstat(fd, &there) == 0 && S_ISFIFO(there.st_mode) &&
	    poll(&reader, 1, 0) == 1 && (reader.revents & POLLERR))
		(void)raise(SIGPIPE);
}

static slu_status
patient_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	const struct patient *p = self;
	slu_status st;

	while ((st = slu_bio_write(next, data, len, put)) == SLU_WANT_WRITE) {
		st = slu_bio_wait(next, st, -1);
		if (st)
			break;
	}
	if (st == SLU_ERR_IO)
		end_with_reader(p->fd);
	return st;
}

static const slu_bio_ops patient_ops = {
	.name = "patient",
	.size = sizeof(struct patient),
	.read = patient_read,
	.write = patient_write,
};

slu_status
standard_open(slu_bio **top, int fd)
{
	struct patient *p;
	slu_status st;

	st = slu_fd_open(top, fd);
	if (st)
		return st;
	p = slu_bio_push(top, &patient_ops);
	if (p == NULL) {
		slu_bio_drop(top);
		return SLU_ERR_MEMORY;
	}
	p->fd = fd;
	return SLU_OK;
}

struct polled {
	int fd;      /* lent by the process */
	size_t most; /* bytes that never wait once it can be written */
};

/* What is wrong with a descriptor, its call tells. */
static bool
is_ready(int fd, short events)
{
	struct pollfd ready = { .fd = fd, .events = events };

	return poll(&ready, 1, 0) != 0;
}

static slu_status
polled_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	const struct polled *p = self;

	if (!is_ready(p->fd, POLLIN))
		return SLU_WANT_READ;
	return slu_bio_read(next, buf, cap, got);
}

static slu_status
polled_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	const struct polled *p = self;
	slu_status st;

	if (!is_ready(p->fd, POLLOUT))
		return SLU_WANT_WRITE;
	st = slu_bio_write(next, data, len < p->most ? len : p->most, put);
	if (st == SLU_ERR_IO)
		end_with_reader(p->fd);
	return st;
}

/*
 * Whoever reads the other end meets the end of it.  The number stays taken,
 * and the last to let go is told what the file system has to say.
 */
static slu_status
polled_finish(void *self, slu_bio *next)
{
	const struct polled *p = self;
	int fd = p->fd, last, null;

	(void)next;
	last = dup(fd);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (last >= 0 && null >= 0 && dup2(null, fd) == fd &&
	    close(null) == 0 && close(last) == 0)
		return SLU_OK;
	return slu_fail(
	    SLU_ERR_IO, "standard: descriptor %d: %s", fd, strerror(errno));
}

static const slu_bio_ops polled_ops = {
	.name = "polled",
	.size = sizeof(struct polled),
	.read = polled_read,
	.write = polled_write,
	.finish = polled_finish,
};

slu_status
standard_open_polled(slu_bio **top, int fd)
{
	struct stat there;
	struct polled *p;
	slu_status st;

	st = slu_fd_open(top, fd);
	if (st)
		return st;
	p = slu_bio_push(top, &polled_ops);
	if (p == NULL) {
		slu_bio_drop(top);
		return SLU_ERR_MEMORY;
	}
	p->fd = fd;
	p->most = fstat(fd, &there) == 0 && S_ISREG(there.st_mode) ? SIZE_MAX
								   : PIPE_BUF;
	return SLU_OK;
}
