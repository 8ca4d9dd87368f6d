/* SPDX-License-Identifier: ISC */
/* The chain beside OpenSSL's, its filters beside libcrypto and zlib. */
#include "bench_group.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <zlib.h>

#include "cores.h"
#include "sluice/base64.h"
#include "sluice/copy.h"
#include "sluice/deflate.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/rand.h"
#include "sluice/view.h"
#include "sluice/words.h"

#define FILTERS 8
#define CALLS 200000
#define CALL (64 * 1024)
#define PLAIN (6 * BENCH_MIB) /* of three bytes: base64 ends without padding */
#define CODED (PLAIN / 3 * 4)
#define PACKED_MOST (PLAIN + PLAIN / 8)

struct bio {
	slu_bio *chain;
	BIO *theirs;
	unsigned char *plain; /* words */
	unsigned char *coded; /* the same in base64, and room for a NUL */
	unsigned char *spare; /* for whatever comes out */
	slu_buf packed;       /* the same as gzip has it */
};

static slu_status
pass(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	(void)self;
	return slu_bio_write(next, data, len, put);
}

static const slu_bio_ops pass_ops = { .name = "pass", .write = pass };

static slu_status
make_chains(struct bio *b)
{
	slu_status st = slu_null_open(&b->chain);
	BIO *filter;

	b->theirs = BIO_new(BIO_s_null());
	for (int i = 0; i < FILTERS && st == SLU_OK; i++) {
		filter = BIO_new(BIO_f_null());
		if (slu_bio_push(&b->chain, &pass_ops) == NULL ||
		    filter == NULL || b->theirs == NULL) {
			BIO_free(filter);
			return slu_fail(SLU_ERR_MEMORY, "bench: out of memory");
		}
		b->theirs = BIO_push(filter, b->theirs);
	}
	return st;
}

/* Words, of which the smaller of two numbers makes some frequent. */
static void
make_words(unsigned char *plain)
{
	size_t at = 0, n, other, len;
	const char *word;

	while (at < PLAIN) {
		n = (size_t)slu_rand_below(SLU_WORDS_LIST);
		other = (size_t)slu_rand_below(SLU_WORDS_LIST);
		word = slu_words_at(n < other ? n : other);
		len = strlen(word);
		if (len > PLAIN - at)
			len = PLAIN - at;
		memcpy(plain + at, word, len);
		at += len;
		if (at < PLAIN)
			plain[at++] = ' ';
	}
}

/* All of `data` through one filter into `out`, or to nowhere. */
static slu_status
through(const void *data, size_t len, slu_buf *out,
    slu_status (*push)(slu_bio **out, void *arg), void *arg)
{
	slu_bio *to = NULL;
	slu_status st;
	size_t put;

	st = out != NULL ? slu_mem_open(&to, out) : slu_null_open(&to);
	if (st == SLU_OK)
		st = push(&to, arg);
	if (st == SLU_OK)
		st = slu_bio_write_all(to, data, len, &put);
	if (st == SLU_OK)
		st = slu_bio_finish(to);
	slu_bio_free(to);
	return st;
}

static slu_status
push_gzip(slu_bio **out, void *arg)
{
	unsigned threads = cores_count();

	(void)arg;
	if (threads > SLU_DEFLATE_THREADS_MAX)
		threads = SLU_DEFLATE_THREADS_MAX;
	return slu_deflate(out,
	    &(slu_deflate_options){ .format = SLU_GZIP, .threads = threads });
}

static slu_status
begin(void *state)
{
	struct bio *b = state;
	slu_status st;

	b->packed.limit = PACKED_MOST;
	b->plain = malloc(PLAIN);
	b->coded = malloc(CODED + 1);
	b->spare = malloc(PACKED_MOST > CODED ? PACKED_MOST : CODED + 1);
	if (b->plain == NULL || b->coded == NULL || b->spare == NULL)
		return slu_fail(SLU_ERR_MEMORY, "bench: out of memory");
	make_words(b->plain);
	(void)EVP_EncodeBlock(b->coded, b->plain, PLAIN);
	st = make_chains(b);
	if (st == SLU_OK)
		st = through(b->plain, PLAIN, &b->packed, push_gzip, NULL);
	return st;
}

static void
end(void *state)
{
	struct bio *b = state;

	slu_bio_free(b->chain);
	BIO_free_all(b->theirs);
	free(b->plain);
	free(b->coded);
	free(b->spare);
	slu_buf_free(&b->packed);
}

static slu_status
run_calls(void *state)
{
	struct bio *b = state;
	slu_status st = SLU_OK;
	size_t put;

	for (int i = 0; i < CALLS && st == SLU_OK; i++)
		st = slu_bio_write(b->chain, b->plain, CALL, &put);
	return st;
}

static slu_status
run_their_calls(void *state)
{
	struct bio *b = state;

	for (int i = 0; i < CALLS; i++)
		if (BIO_write(b->theirs, b->plain, CALL) != CALL)
			return slu_fail(SLU_ERR_IO, "bench: BIO_write");
	return SLU_OK;
}

static slu_status
push_base64(slu_bio **out, void *arg)
{
	(void)arg;
	return slu_base64_encode(out, NULL);
}

static slu_status
run_base64(void *state)
{
	struct bio *b = state;

	return through(b->plain, PLAIN, NULL, push_base64, NULL);
}

static slu_status
run_their_base64(void *state)
{
	struct bio *b = state;

	(void)EVP_EncodeBlock(b->spare, b->plain, PLAIN);
	return SLU_OK;
}

/* Read all that comes out of one filter. */
static slu_status
read_through(const void *data, size_t len, void *spare,
    slu_status (*push)(slu_bio **in, void *arg), void *arg)
{
	slu_bio *in = NULL;
	slu_status st;
	size_t got;

	st = slu_view_open(&in, data, len);
	if (st == SLU_OK)
		st = push(&in, arg);
	while (st == SLU_OK)
		st = slu_bio_read(in, spare, CALL, &got);
	slu_bio_free(in);
	return st == SLU_EOF ? SLU_OK : st;
}

static slu_status
push_unbase64(slu_bio **in, void *arg)
{
	(void)arg;
	return slu_base64_decode(in, NULL);
}

static slu_status
run_unbase64(void *state)
{
	struct bio *b = state;

	return read_through(b->coded, CODED, b->spare, push_unbase64, NULL);
}

static slu_status
run_their_unbase64(void *state)
{
	struct bio *b = state;

	if (EVP_DecodeBlock(b->spare, b->coded, CODED) != PLAIN)
		return slu_fail(SLU_ERR_CRYPTO, "bench: EVP_DecodeBlock");
	return SLU_OK;
}

static slu_status
run_gzip(void *state)
{
	struct bio *b = state;

	return through(b->plain, PLAIN, NULL, push_gzip, NULL);
}

static slu_status
run_their_gzip(void *state)
{
	struct bio *b = state;
	z_stream z = { .next_in = b->plain,
		.avail_in = PLAIN,
		.next_out = b->spare,
		.avail_out = PACKED_MOST };
	int rc;

	if (deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8,
		Z_DEFAULT_STRATEGY) != Z_OK)
		return slu_fail(SLU_ERR_MEMORY, "bench: deflateInit2");
	rc = deflate(&z, Z_FINISH);
	(void)deflateEnd(&z);
	return rc == Z_STREAM_END ? SLU_OK
				  : slu_fail(SLU_ERR_IO, "bench: deflate");
}

static slu_status
push_gunzip(slu_bio **in, void *arg)
{
	(void)arg;
	return slu_inflate(in, &(slu_inflate_options){ .format = SLU_GZIP });
}

static slu_status
run_gunzip(void *state)
{
	struct bio *b = state;

	return read_through(slu_buf_front(&b->packed), b->packed.len, b->spare,
	    push_gunzip, NULL);
}

static slu_status
run_their_gunzip(void *state)
{
	struct bio *b = state;
	z_stream z = { .next_in = (unsigned char *)slu_buf_front(&b->packed),
		.avail_in = (unsigned)b->packed.len };
	int rc = Z_OK;

	if (inflateInit2(&z, MAX_WBITS + 16) != Z_OK)
		return slu_fail(SLU_ERR_MEMORY, "bench: inflateInit2");
	while (rc == Z_OK) {
		z.next_out = b->spare;
		z.avail_out = CALL;
		rc = inflate(&z, Z_NO_FLUSH);
	}
	(void)inflateEnd(&z);
	return rc == Z_STREAM_END ? SLU_OK
				  : slu_fail(SLU_ERR_IO, "bench: inflate");
}

static const bench_job jobs[] = {
	{ "8 filters, 64 KiB a call", run_calls, 0, CALLS, "OpenSSL's BIOs",
	    run_their_calls },
	{ "base64", run_base64, PLAIN, 0, "EVP_EncodeBlock", run_their_base64 },
	{ "unbase64", run_unbase64, CODED, 0, "EVP_DecodeBlock",
	    run_their_unbase64 },
	{ "gzip, all processors", run_gzip, PLAIN, 0, "zlib", run_their_gzip },
	{ "gunzip", run_gunzip, PLAIN, 0, "zlib", run_their_gunzip },
};

const bench_group bench_bio = {
	.name = "bio",
	.jobs = jobs,
	.n = sizeof(jobs) / sizeof(jobs[0]),
	.size = sizeof(struct bio),
	.begin = begin,
	.end = end,
};
