/* SPDX-License-Identifier: ISC */
/*
 * The side of openssl.h where OpenSSL lies below: what its answers mean.
 *
 * Writes go by way of a batch, since some BIOs (that of TLS) want a retry to
 * offer the same bytes at the same address.
 */
#include "sluice/openssl.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "batch.h"
#include "openssl_error.h"
#include "sink.h"
#include "sluice/wait.h"

struct openssl {
	BIO *bio;        /* lent by the caller */
	slu_batch batch; /* accepted, and not taken by `bio` yet */
};

/* Let nothing that is left over pass for an answer of the call to come. */
static void
clear(BIO *bio)
{
	ERR_clear_error();
	BIO_clear_retry_flags(bio);
	errno = 0;
}

/* Which way a retry waits; `want` where it does not say. */
static slu_status
direction(BIO *bio, slu_status want)
{
	int reason = 0;

	if (BIO_should_read(bio))
		return SLU_WANT_READ;
	if (BIO_should_write(bio))
		return SLU_WANT_WRITE;
	(void)BIO_get_retry_BIO(bio, &reason);
	switch (reason) {
	case BIO_RR_CONNECT: return SLU_WANT_WRITE;
	case BIO_RR_ACCEPT: return SLU_WANT_READ;
	case BIO_RR_SSL_X509_LOOKUP:
		return slu_fail(SLU_ERR_USAGE,
		    "openssl: %s: waits for a certificate to be chosen",
		    BIO_method_name(bio));
	default: return want;
	}
}

/* What it means that the call `what` moved nothing. */
static slu_status
stopped(BIO *bio, const char *what, slu_status want)
{
	if (!BIO_should_retry(bio))
		return slu_openssl_failed(BIO_method_name(bio), what);
	ERR_clear_error();
	return direction(bio, want);
}

/* A cipher filter says only afterwards that its last block was wrong. */
static slu_status
ended(BIO *bio)
{
	BIO *cipher = BIO_find_type(bio, BIO_TYPE_CIPHER);

	if (cipher != NULL && BIO_get_cipher_status(cipher) <= 0)
		return slu_fail(SLU_ERR_AUTH,
		    "openssl: %s: the end does not decrypt",
		    BIO_method_name(cipher));
	return SLU_EOF;
}

static slu_status
openssl_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct openssl *o = self;
	int n;

	(void)next;
	clear(o->bio);
	n = BIO_read(o->bio, buf, cap < INT_MAX ? (int)cap : INT_MAX);
	if (n > 0) {
		*got = (size_t)n;
		ERR_clear_error();
		return SLU_OK;
	}
	if (n == 0 && !BIO_should_retry(o->bio) && ERR_peek_error() == 0)
		return ended(o->bio);
	return stopped(o->bio, "a read", SLU_WANT_READ);
}

/* Hand over what waits; a batch is far below INT_MAX. */
static slu_status
drain(struct openssl *o)
{
	slu_batch *b = &o->batch;
	int n;

	while (slu_batch_left(b) > 0) {
		clear(o->bio);
		n = BIO_write(o->bio, b->mem + b->off, (int)slu_batch_left(b));
		if (n <= 0)
			return stopped(o->bio, "a write", SLU_WANT_WRITE);
		b->off += (size_t)n;
		ERR_clear_error();
	}
	b->off = b->len = 0;
	return SLU_OK;
}

static slu_status
openssl_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct openssl *o = self;
	slu_status st;

	(void)next;
	st = slu_batch_make(&o->batch, SLU_BATCH);
	if (st == SLU_OK)
		st = drain(o);
	if (st)
		return st;
	if (len > o->batch.cap)
		len = o->batch.cap;
	memcpy(o->batch.mem, data, len);
	o->batch.len = len;
	st = drain(o);
	if (slu_failed(st))
		return st;
	*put = len;
	return SLU_OK;
}

static slu_status
openssl_flush(void *self, slu_bio *next)
{
	struct openssl *o = self;
	slu_status st;

	(void)next;
	st = drain(o);
	if (st)
		return st;
	clear(o->bio);
	if (BIO_flush(o->bio) <= 0)
		return stopped(o->bio, "a flush", SLU_WANT_WRITE);
	ERR_clear_error();
	return SLU_OK;
}

static slu_status
openssl_wait(void *self, slu_bio *next, slu_status want, slu_waits *w)
{
	struct openssl *o = self;
	int fd = -1;

	/* A BIO without a descriptor may answer 0, and leave this alone. */
	(void)next;
	(void)BIO_get_fd(o->bio, &fd);
	if (fd < 0)
		return SLU_OK;
	return slu_waits_add(w, fd, want == SLU_WANT_READ ? POLLIN : POLLOUT);
}

static void
openssl_free(void *self)
{
	struct openssl *o = self;

	slu_batch_free(&o->batch);
}

static const slu_bio_ops openssl_ops = {
	.name = "openssl",
	.size = sizeof(struct openssl),
	.read = openssl_read,
	.write = openssl_write,
	.flush = openssl_flush,
	.finish = openssl_flush,
	.free = openssl_free,
	.wait = openssl_wait,
};

/* The kinds of BIO that move datagrams, as far as this OpenSSL has them. */
static const int datagrams[] = {
	BIO_TYPE_DGRAM,
#ifdef BIO_TYPE_DGRAM_SCTP
	BIO_TYPE_DGRAM_SCTP,
#endif
#ifdef BIO_TYPE_DGRAM_PAIR
	BIO_TYPE_DGRAM_PAIR,
#endif
#ifdef BIO_TYPE_DGRAM_MEM
	BIO_TYPE_DGRAM_MEM,
#endif
};

static bool
moves_datagrams(BIO *bio)
{
	for (size_t i = 0; i < sizeof(datagrams) / sizeof(datagrams[0]); i++)
		if (BIO_find_type(bio, datagrams[i]) != NULL)
			return true;
	return false;
}

slu_status
slu_openssl_open(slu_bio **top, struct bio_st *bio)
{
	struct openssl *o;
	void *state;
	slu_status st;

	if (moves_datagrams(bio))
		return slu_fail(SLU_ERR_USAGE,
		    "openssl: what moves below are datagrams, not a stream");
	st = slu_sink_push(top, &openssl_ops, &state);
	if (st)
		return st;
	o = state;
	o->bio = bio;
	return SLU_OK;
}
