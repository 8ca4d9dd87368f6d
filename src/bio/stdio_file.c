/* SPDX-License-Identifier: ISC */
/*
 * The side of stdio.h where a FILE lies above: a cookie over a chain.
 *
 * To turn from reading to writing, the C library goes back over what it has
 * read ahead, by a seek.  So the cookie counts as a file does, and keeps what
 * it gave last, to give it back to the chain.
 */
#define _GNU_SOURCE
#include "sluice/stdio.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "../base/failure.h"
#include "batch.h"
#include "bio_internal.h"
#include "sluice/wait.h"

struct cookie {
	slu_bio *chain;   /* lent by the caller */
	slu_failure lost; /* why bytes were lost that were written */
	slu_batch given;  /* what was read last, from the chain */
	off_t at;         /* bytes moved, as in a file */
};

static int
errno_of(slu_status st)
{
	switch (st) {
	case SLU_ERR_USAGE: return EBADF;
	case SLU_ERR_MEMORY: return ENOMEM;
	case SLU_ERR_LIMIT: return EFBIG;
	case SLU_ERR_TRUNCATED:
	case SLU_ERR_FORMAT:
	case SLU_ERR_AUTH: return EBADMSG;
	case SLU_ERR_NO_MATCH:
	case SLU_ERR_PEER: return EACCES;
	default: return slu_failed(st) ? EIO : EAGAIN;
	}
}

static ssize_t
cookie_read(void *arg, char *buf, size_t cap)
{
	struct cookie *c = arg;
	slu_status st;
	size_t got;

	st = slu_batch_make(&c->given, SLU_UNREAD_MAX);
	if (st == SLU_OK)
		st = slu_bio_read(c->chain, buf, cap, &got);
	if (st == SLU_EOF)
		return 0;
	if (st) {
		errno = errno_of(st);
		return -1;
	}
	/* More than that goes straight to who asked, and is not buffered. */
	c->given.len = got <= c->given.cap ? got : 0;
	memcpy(c->given.mem, buf, c->given.len);
	c->at += (off_t)got;
	return (ssize_t)got;
}

/* Wait until `chain` can go on; what it answered, if that cannot be known. */
static slu_status
wait_for(slu_bio *chain, slu_status want)
{
	return slu_bio_wait(chain, want, -1) == SLU_OK ? SLU_OK : want;
}

/* Write it all.  The C library has no use for bytes that were not taken. */
static slu_status
write_out(struct cookie *c, const char *data, size_t len)
{
	slu_status st;
	size_t put;

	do {
		st = slu_bio_write_all(c->chain, data, len, &put);
		data += put;
		len -= put;
		if (st == SLU_WANT_READ || st == SLU_WANT_WRITE)
			st = wait_for(c->chain, st);
	} while (st == SLU_OK && len > 0);
	return st;
}

static ssize_t
cookie_write(void *arg, const char *data, size_t len)
{
	struct cookie *c = arg;
	slu_status st;
	int why;

	st = slu_failure_again(&c->lost);
	if (st == SLU_OK)
		st = write_out(c, data, len);
	if (st == SLU_OK) {
		c->given.len = 0;
		c->at += (off_t)len;
		return (ssize_t)len;
	}
	why = errno_of(st);
	if (!slu_failed(st))
		st = slu_fail(SLU_ERR_IO, "stdio: bytes were lost, since what "
					  "lies below does not block");
	(void)slu_failure_keep(&c->lost, st);
	errno = why;
	return 0;
}

/* How far back a seek is to go; below 0 it is one that nobody can do. */
static off_t
way_back(const struct cookie *c, off_t to, int whence)
{
	if (whence == SEEK_CUR && to <= 0 && to >= -(off_t)c->given.len)
		return -to;
	if (whence == SEEK_SET && to >= 0 && to <= c->at &&
	    c->at - to <= (off_t)c->given.len)
		return c->at - to;
	return -1;
}

static int
cookie_seek(void *arg, off_t *to, int whence)
{
	struct cookie *c = arg;
	off_t back = way_back(c, *to, whence);
	slu_status st = SLU_OK;

	if (back < 0) {
		errno = ESPIPE;
		return -1;
	}
	if (back > 0)
		st = slu_bio_unread(
		    c->chain, c->given.mem + c->given.len - back, (size_t)back);
	if (st) {
		errno = errno_of(st);
		return -1;
	}
	c->given.len -= (size_t)back;
	c->at -= back;
	*to = c->at;
	return 0;
}

static slu_status
finish(struct cookie *c)
{
	slu_status st;

	st = slu_failure_again(&c->lost);
	while (st == SLU_OK) {
		st = slu_bio_finish(c->chain);
		if (st == SLU_OK || slu_failed(st))
			return st;
		st = wait_for(c->chain, st);
	}
	return st;
}

static int
cookie_close(void *arg)
{
	struct cookie *c = arg;
	slu_status st = finish(c);

	slu_batch_free(&c->given);
	free(c);
	if (st == SLU_OK)
		return 0;
	errno = errno_of(st);
	return -1;
}

FILE *
slu_stdio_file(slu_bio *chain)
{
	static const cookie_io_functions_t functions = {
		.read = cookie_read,
		.write = cookie_write,
		.seek = cookie_seek,
		.close = cookie_close,
	};
	struct cookie *c;
	FILE *file;

	if (slu_bio_is_datagram(chain)) {
		(void)slu_fail(SLU_ERR_USAGE,
		    "stdio: what moves below are datagrams, not a stream");
		return NULL;
	}
	c = calloc(1, sizeof(*c));
	file = c != NULL ? fopencookie(c, "r+", functions) : NULL;
	if (file == NULL) {
		(void)slu_fail(SLU_ERR_MEMORY, "stdio: out of memory");
		free(c);
		return NULL;
	}
	c->chain = chain;
	return file;
}
