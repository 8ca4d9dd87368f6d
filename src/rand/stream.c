/* SPDX-License-Identifier: ISC */
#include "stream_internal.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdlib.h>

#include "entropy.h"
#include "generator.h"
#include "sluice/secret.h"

#define PIECE 16384 /* bytes that one call of OpenSSL makes */

struct slu_stream {
	slu_draw draw; /* the first field: it is made the stream again */
	slu_draw_pool pool;
	EVP_CIPHER_CTX *ctx; /* owned */
};

/* OpenSSL goes on where it was in the key stream. */
static void
make(slu_draw *d, void *out, size_t len)
{
	slu_stream *s = (slu_stream *)d;
	unsigned char *to = out;
	int n;

	for (; len > 0; len -= (size_t)n, to += n) {
		n = len < PIECE ? (int)len : PIECE;
		memset(to, 0, (size_t)n);
		if (EVP_EncryptUpdate(s->ctx, to, &n, to, n) != 1)
			slu_entropy_abort("ChaCha20", "refused by OpenSSL");
	}
}

/* Empty OpenSSL's queue of errors: which kind of failure was it? */
static slu_status
refused(void)
{
	bool memory = false;
	unsigned long e;

	while ((e = ERR_get_error()) != 0)
		memory = memory || ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE;
	if (memory)
		return slu_fail(SLU_ERR_MEMORY, "stream: out of memory");
	return slu_fail(SLU_ERR_CRYPTO, "stream: OpenSSL cannot give ChaCha20");
}

slu_status
slu_stream_new(slu_stream **out, const unsigned char seed[SLU_STREAM_SEED])
{
	/* A block counter of 0, and libsodium's nonce. */
	static const unsigned char iv[16 + 1] = "\0\0\0\0LibsodiumDRG";
	EVP_CIPHER *cipher = NULL;
	slu_stream *s = NULL;
	slu_status st = SLU_OK;

	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return slu_fail(SLU_ERR_MEMORY, "stream: out of memory");
	s->draw.pool = &s->pool;
	s->draw.make = make;
	cipher = EVP_CIPHER_fetch(NULL, "ChaCha20", NULL);
	s->ctx = EVP_CIPHER_CTX_new();
	if (cipher == NULL || s->ctx == NULL ||
	    EVP_EncryptInit_ex2(s->ctx, cipher, seed, iv, NULL) != 1) {
		st = refused();
		goto out;
	}
	*out = s;
	s = NULL;
out:
	EVP_CIPHER_free(cipher);
	slu_stream_free(s);
	return st;
}

void
slu_stream_free(slu_stream *s)
{
	if (s == NULL)
		return;
	EVP_CIPHER_CTX_free(s->ctx);
	slu_wipe(s, sizeof(*s));
	free(s);
}

slu_draw *
slu_stream_draw(slu_stream *s)
{
	return s != NULL ? &s->draw : slu_generator();
}

void
slu_stream_bytes(slu_stream *s, void *buf, size_t len)
{
	slu_draw_bytes(&s->draw, buf, len);
}

uint64_t
slu_stream_u64(slu_stream *s)
{
	return slu_draw_u64(&s->draw);
}

uint64_t
slu_stream_bits(slu_stream *s, unsigned n)
{
	return slu_draw_bits(&s->draw, n);
}

uint64_t
slu_stream_below(slu_stream *s, uint64_t bound)
{
	return slu_draw_below(&s->draw, bound);
}

int64_t
slu_stream_between(slu_stream *s, int64_t a, int64_t b)
{
	return slu_draw_between(&s->draw, a, b);
}

double
slu_stream_real(slu_stream *s)
{
	return slu_draw_real(&s->draw);
}

void
slu_stream_big(slu_stream *s, void *out, const void *bound, size_t len)
{
	slu_draw_big(&s->draw, out, bound, len);
}
