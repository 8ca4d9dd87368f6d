/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "standard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "exit.h"
#include "sluice/fd.h"

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

/* What lies on a descriptor. */
struct patient {
	int fd; /* lent */
};

static slu_status
wait_for(const struct patient *p, short events)
{
	struct pollfd one = { .fd = p->fd, .events = events };

	while (poll(&one, 1, -1) < 0)
		if (errno != EINTR)
			return slu_fail(
			    SLU_ERR_IO, "standard: %s", strerror(errno));
	return SLU_OK;
}

static slu_status
patient_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	slu_status st;

	while ((st = slu_bio_read(next, buf, cap, got)) == SLU_WANT_READ) {
		st = wait_for(self, POLLIN);
		if (st)
			break;
	}
	return st;
}

static slu_status
patient_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	slu_status st;

	while ((st = slu_bio_write(next, data, len, put)) == SLU_WANT_WRITE) {
		st = wait_for(self, POLLOUT);
		if (st)
			break;
	}
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
