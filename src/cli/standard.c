/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "standard.h"

#include <errno.h>
#include <fcntl.h>
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

static slu_status
patient_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	slu_status st;

	(void)self;
	while ((st = slu_bio_write(next, data, len, put)) == SLU_WANT_WRITE) {
		st = slu_bio_wait(next, st, -1);
		if (st)
			break;
	}
	return st;
}

static const slu_bio_ops patient_ops = {
	.name = "patient",
	.read = patient_read,
	.write = patient_write,
};

slu_status
standard_open(slu_bio **top, int fd)
{
	slu_status st;

	st = slu_fd_open(top, fd);
	if (st)
		return st;
	if (slu_bio_push(top, &patient_ops) == NULL) {
		slu_bio_drop(top);
		return SLU_ERR_MEMORY;
	}
	return SLU_OK;
}
