/* SPDX-License-Identifier: ISC */
/*
 * The side of openssl.h where OpenSSL lies above: a BIO_METHOD over a chain.
 *
 * libssl, PEM and CMS lean on more than reads and writes.  A flush must
 * answer 1, or a handshake dies; BIO_eof() must be told from 0, or a TLS
 * stream that was cut has no error; BIO_tell() must be below 0, or a reader
 * of keys takes the BIO for one that can be sought in.
 */
#define _POSIX_C_SOURCE 200809L
#include "sluice/openssl.h"

#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>

#include "openssl_error.h"
#include "sluice/wait.h"

struct lent {
	slu_bio *chain; /* lent by the caller */
	slu_status want;
	bool ended;
};

/* The one method of all our BIOs, made by the first, and how it is guarded. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static BIO_METHOD *method;
static int type;

/*
 * Tell OpenSSL how a call went that moved nothing, in its flags and on its
 * error queue; returns what the call is to return.
 */
static int
tell(BIO *bio, slu_status st)
{
	struct lent *l = BIO_get_data(bio);

	if (st == SLU_EOF) {
		l->ended = true;
		return 0;
	}
	if (slu_failed(st)) {
		slu_openssl_raise(st);
		return -1;
	}
	l->want = st;
	if (st == SLU_WANT_READ) {
		BIO_set_retry_read(bio);
	} else if (st == SLU_WANT_WRITE) {
		BIO_set_retry_write(bio);
	} else {
		BIO_set_retry_special(bio);
		BIO_set_retry_reason(bio, BIO_RR_SSL_X509_LOOKUP);
	}
	return -1;
}

static int
bio_read(BIO *bio, char *buf, size_t cap, size_t *got)
{
	struct lent *l = BIO_get_data(bio);
	slu_status st;

	BIO_clear_retry_flags(bio);
	l->ended = false;
	st = slu_bio_read(l->chain, buf, cap, got);
	return st == SLU_OK ? 1 : tell(bio, st);
}

/* Most callers in OpenSSL take a short write for a failure. */
static int
bio_write(BIO *bio, const char *data, size_t len, size_t *put)
{
	struct lent *l = BIO_get_data(bio);
	slu_status st;

	BIO_clear_retry_flags(bio);
	st = slu_bio_write_all(l->chain, data, len, put);
	if (st == SLU_OK || (*put > 0 && !slu_failed(st)))
		return 1;
	return tell(bio, st);
}

static int
bio_puts(BIO *bio, const char *text)
{
	size_t put, len = strlen(text);
	int rc;

	if (len > INT_MAX)
		len = INT_MAX;
	rc = bio_write(bio, text, len, &put);
	return rc > 0 ? (int)put : rc;
}

/* Read one line, byte by byte: what comes after it is somebody else's. */
static slu_status
read_line(slu_bio *chain, char *line, size_t cap, size_t *len)
{
	slu_status st = SLU_OK;
	size_t got;

	*len = 0;
	while (*len < cap && (*len == 0 || line[*len - 1] != '\n')) {
		st = slu_bio_read(chain, line + *len, 1, &got);
		if (st)
			break;
		*len += got;
	}
	return st == SLU_EOF && *len > 0 ? SLU_OK : st;
}

/* A line that has to wait is given back, to be read from its beginning. */
static int
bio_gets(BIO *bio, char *buf, int size)
{
	struct lent *l = BIO_get_data(bio);
	slu_status st, back;
	size_t len;

	BIO_clear_retry_flags(bio);
	l->ended = false;
	if (size <= 1)
		return 0;
	st = read_line(l->chain, buf, (size_t)size - 1, &len);
	if (st == SLU_WANT_READ || st == SLU_WANT_WRITE) {
		back = slu_bio_unread(l->chain, buf, len);
		st = back ? back : st;
	}
	buf[st == SLU_OK ? len : 0] = '\0';
	return st == SLU_OK ? (int)len : tell(bio, st);
}

static long
flush(BIO *bio)
{
	struct lent *l = BIO_get_data(bio);
	slu_status st;

	BIO_clear_retry_flags(bio);
	st = slu_bio_flush(l->chain);
	return st == SLU_OK ? 1 : tell(bio, st);
}

/* The one descriptor that the chain waits for, where that is so. */
static long
descriptor(BIO *bio, int *fd)
{
	struct lent *l = BIO_get_data(bio);
	slu_waits w;

	if (slu_bio_waits(l->chain, l->want, &w) != SLU_OK || w.count != 1)
		return -1;
	if (fd != NULL)
		*fd = w.fds[0].fd;
	return w.fds[0].fd;
}

static long
bio_ctrl(BIO *bio, int cmd, long number, void *ptr)
{
	struct lent *l = BIO_get_data(bio);

	(void)number;
	if (l == NULL) /* not yet made, or to be a duplicate */
		return 0;
	switch (cmd) {
	case BIO_CTRL_FLUSH: return flush(bio);
	case BIO_CTRL_EOF: return l->ended;
	case BIO_C_GET_FD: return descriptor(bio, ptr);
	case BIO_C_FILE_TELL:
	case BIO_C_FILE_SEEK: return -1;
	default: return 0;
	}
}

static int
bio_destroy(BIO *bio)
{
	free(BIO_get_data(bio));
	BIO_set_data(bio, NULL);
	return 1;
}

static BIO_METHOD *
make_method(void)
{
	BIO_METHOD *m;

	if (type <= 0)
		type = BIO_get_new_index();
	if (type <= 0)
		return NULL;
	m = BIO_meth_new(type | BIO_TYPE_SOURCE_SINK, "sluice chain");
	if (m == NULL)
		return NULL;
	if (BIO_meth_set_read_ex(m, bio_read) &&
	    BIO_meth_set_write_ex(m, bio_write) &&
	    BIO_meth_set_puts(m, bio_puts) && BIO_meth_set_gets(m, bio_gets) &&
	    BIO_meth_set_ctrl(m, bio_ctrl) &&
	    BIO_meth_set_destroy(m, bio_destroy))
		return m;
	BIO_meth_free(m);
	return NULL;
}

static const BIO_METHOD *
the_method(void)
{
	const BIO_METHOD *m;

	pthread_mutex_lock(&lock);
	if (method == NULL)
		method = make_method();
	m = method;
	pthread_mutex_unlock(&lock);
	return m;
}

struct bio_st *
slu_openssl_bio(slu_bio *chain)
{
	const BIO_METHOD *m = the_method();
	struct lent *l = calloc(1, sizeof(*l));
	BIO *bio = NULL;

	if (m != NULL && l != NULL)
		bio = BIO_new(m);
	if (bio == NULL) {
		(void)slu_fail(SLU_ERR_MEMORY, "openssl: out of memory");
		ERR_clear_error();
		free(l);
		return NULL;
	}
	l->chain = chain;
	l->want = SLU_WANT_READ;
	BIO_set_data(bio, l);
	BIO_set_init(bio, 1);
	return bio;
}
