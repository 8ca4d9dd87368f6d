/* SPDX-License-Identifier: ISC */
/*
 * base64_bench: every path of base64 beside libcrypto's loops.
 *
 *     base64_bench [--size MIB] [--rounds N] [--json]
 *
 * A loop works on one block that stays in the cache, over and over; rates
 * are those of the bytes, not of the text.  Lines have 76 characters, and
 * the decoder of libcrypto that knows of lines stands beside ours; it is a
 * lenient one.  The filters do the same as the loops, for a whole stream,
 * whose text is copied once: by what they write to, or read from.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "bio/base64_internal.h"
#include "measure.h"
#include "sluice.h"

#define COLUMNS 76
#define LINE (COLUMNS / 4 * 3)       /* bytes */
#define LINES 860                    /* of a block */
#define BLOCK ((size_t)LINES * LINE) /* bytes */
#define TEXT (BLOCK / 3 * 4)         /* characters */
#define LINED (TEXT + LINES)         /* with a newline behind each line */
#define JOBS 64
#define NAME 32

static struct bench {
	measure_settings settings;
	unsigned char plain[BLOCK], text[TEXT], lined[LINED];
	unsigned char out[LINED + 1];
	char names[JOBS][NAME];
	measure_job jobs[JOBS];
	size_t n;
} b = { .settings = { .size = 256 * MEASURE_MIB, .rounds = 9 } };

static size_t
times(void)
{
	return b.settings.size / BLOCK;
}

static void
job_evp_encode(void *arg)
{
	(void)arg;
	for (size_t i = 0; i < times(); i++)
		measure_must(EVP_EncodeBlock(b.out, b.plain, BLOCK) == TEXT,
		    "EVP_EncodeBlock");
}

static void
job_evp_decode(void *arg)
{
	(void)arg;
	for (size_t i = 0; i < times(); i++)
		measure_must(EVP_DecodeBlock(b.out, b.text, TEXT) == BLOCK,
		    "EVP_DecodeBlock");
}

static void
job_evp_lines(void *arg)
{
	EVP_ENCODE_CTX *ctx = EVP_ENCODE_CTX_new();
	int n;

	(void)arg;
	measure_must(ctx != NULL, "memory");
	for (size_t i = 0; i < times(); i++) {
		EVP_DecodeInit(ctx);
		measure_must(
		    EVP_DecodeUpdate(ctx, b.out, &n, b.lined, LINED) >= 0,
		    "EVP_DecodeUpdate");
	}
	EVP_ENCODE_CTX_free(ctx);
}

static void
job_encode(void *arg)
{
	const slu_base64_path *path = arg;

	for (size_t i = 0; i < times(); i++)
		path->encode(b.out, b.plain, BLOCK / 3, SLU_BASE64_STANDARD);
}

static void
job_encode_lines(void *arg)
{
	const slu_base64_path *path = arg;

	for (size_t i = 0; i < times(); i++)
		path->encode_lines(
		    b.out, b.plain, LINE / 3, LINES, SLU_BASE64_STANDARD);
}

static void
decode(const slu_base64_path *path, const unsigned char *text, size_t len)
{
	for (size_t i = 0; i < times(); i++) {
		slu_base64_run r = { text, len, b.out, sizeof(b.out) };

		path->decode(&r, SLU_BASE64_STANDARD);
		measure_must(r.in_len <= 1, path->name);
	}
}

static void
job_decode(void *arg)
{
	decode(arg, b.text, TEXT);
}

static void
job_decode_lines(void *arg)
{
	decode(arg, b.lined, LINED);
}

/* The block's text, over and over. */
static slu_status
texts_read(void *self, slu_bio *next, void *out, size_t cap, size_t *got)
{
	size_t *done = self;
	size_t at = *done % LINED;

	(void)next;
	if (*done == times() * LINED)
		return SLU_EOF;
	*got = cap < LINED - at ? cap : LINED - at;
	memcpy(out, b.lined + at, *got);
	*done += *got;
	return SLU_OK;
}

static slu_status
texts_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	(void)self;
	(void)next;
	*put = len < LINED ? len : LINED;
	memcpy(b.out, data, *put);
	return SLU_OK;
}

static const slu_bio_ops texts_ops = {
	.name = "texts",
	.size = sizeof(size_t),
	.read = texts_read,
	.write = texts_write,
};

static void
job_filter_encode(void *arg)
{
	const slu_base64_options options = { .columns = COLUMNS };
	slu_bio *c = NULL;
	size_t put;

	(void)arg;
	measure_must(slu_bio_push(&c, &texts_ops) != NULL &&
			 slu_base64_encode(&c, &options) == SLU_OK,
	    "encode");
	for (size_t i = 0; i < times(); i++)
		measure_must(
		    slu_bio_write_all(c, b.plain, BLOCK, &put) == SLU_OK,
		    "encode");
	measure_must(slu_bio_finish(c) == SLU_OK, "encode");
	slu_bio_free(c);
}

static void
job_filter_decode(void *arg)
{
	slu_status st = SLU_OK;
	slu_bio *c = NULL;
	size_t got;

	(void)arg;
	measure_must(slu_bio_push(&c, &texts_ops) != NULL &&
			 slu_base64_decode(&c, NULL) == SLU_OK,
	    "decode");
	while (st == SLU_OK)
		st = slu_bio_read(c, b.out, sizeof(b.out), &got);
	measure_must(st == SLU_EOF, "decode");
	slu_bio_free(c);
}

static void
add(const char *what, const slu_base64_path *path, void (*run)(void *arg),
    const char *beside)
{
	measure_must(b.n < JOBS, "jobs");
	snprintf(b.names[b.n], NAME, "%s%s%s", what, path != NULL ? ", " : "",
	    path != NULL ? path->name : "");
	b.jobs[b.n] = (measure_job){ .name = b.names[b.n],
		.run = run,
		.arg = (void *)path,
		.beside = { beside } };
	b.n++;
}

/* One kind of job by each path. */
static void
add_paths(const char *what, void (*run)(void *arg), const char *beside)
{
	const slu_base64_path *path;

	for (size_t i = 0; (path = slu_base64_path_at(i)) != NULL; i++)
		add(what, path, run, beside);
}

static void
set_up(void)
{
	const slu_base64_path *path = slu_base64_path_at(0);

	slu_rand_bytes(b.plain, BLOCK);
	path->encode(b.text, b.plain, BLOCK / 3, SLU_BASE64_STANDARD);
	path->encode_lines(
	    b.lined, b.plain, LINE / 3, LINES, SLU_BASE64_STANDARD);
	add("EVP_EncodeBlock", NULL, job_evp_encode, NULL);
	add("EVP_DecodeBlock", NULL, job_evp_decode, NULL);
	add("EVP_DecodeUpdate, lines", NULL, job_evp_lines, NULL);
	add_paths("encode", job_encode, "EVP_EncodeBlock");
	add_paths("encode lines", job_encode_lines, "EVP_EncodeBlock");
	add_paths("decode", job_decode, "EVP_DecodeBlock");
	add_paths("decode lines", job_decode_lines, "EVP_DecodeUpdate, lines");
	add("filter, encode lines", NULL, job_filter_encode, "EVP_EncodeBlock");
	add("filter, decode lines", NULL, job_filter_decode,
	    "EVP_DecodeUpdate, lines");
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!measure_option(&b.settings, argc, argv, &i)) {
			fprintf(stderr, "usage: base64_bench [--size MIB] "
					"[--rounds N] [--json]\n");
			return 2;
		}
	set_up();
	measure(&b.settings, b.jobs, b.n);
	return 0;
}
