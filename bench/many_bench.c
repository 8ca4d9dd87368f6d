/* SPDX-License-Identifier: ISC */
/*
 * many_bench: how fast a file gets several digests.
 *
 *     many_bench [--size MIB] [--rounds N] [--threads N] [--json]
 *
 * A file of random bytes is read by slu_bio_copy, into one digest or into
 * three: by taps one on the other, on one thread, and by a slu_many, on
 * `--threads` beside the one that reads; 2 unless told.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "sluice.h"

#define DIGESTS 3

static const char *const names[DIGESTS] = { "sha256", "sha512", "blake2b512" };

static struct bench {
	measure_settings settings;
	unsigned threads;
	char path[32];
	unsigned char want[DIGESTS][SLU_HASH_MAX];
	bool known[DIGESTS];
} bench = {
	.settings = { .size = 1024 * MEASURE_MIB, .rounds = 5 },
	.threads = 2,
};

/* However it is made, a digest of the file is the same. */
static void
check(struct bench *b, size_t i, slu_hash *h)
{
	unsigned char digest[SLU_HASH_MAX] = { 0 };
	size_t len;

	measure_must(slu_hash_final(h, digest, sizeof(digest), &len) == SLU_OK,
	    names[i]);
	if (!b->known[i])
		memcpy(b->want[i], digest, sizeof(digest));
	b->known[i] = true;
	measure_must(slu_equal(b->want[i], digest, sizeof(digest)),
	    "two digests of one file");
}

/* Read the file into a chain, which is freed. */
static void
pour(const struct bench *b, slu_bio *to)
{
	slu_bio *from = NULL;

	measure_must(slu_file_open(&from, b->path) == SLU_OK, b->path);
	measure_must(slu_bio_copy(to, from) == SLU_OK, b->path);
	slu_bio_free(from);
	slu_bio_free(to);
}

static void
use_taps(struct bench *b, size_t first, size_t last)
{
	slu_hash *h[DIGESTS] = { NULL };
	slu_bio *to = NULL;

	measure_must(slu_null_open(&to) == SLU_OK, "null");
	for (size_t i = first; i <= last; i++) {
		measure_must(slu_hash_new(&h[i], names[i]) == SLU_OK, names[i]);
		measure_must(slu_hash_tap(&to, h[i]) == SLU_OK, names[i]);
	}
	pour(b, to);
	for (size_t i = first; i <= last; i++) {
		check(b, i, h[i]);
		slu_hash_free(h[i]);
	}
}

static void
job_first(void *arg)
{
	use_taps(arg, 0, 0);
}

static void
job_second(void *arg)
{
	use_taps(arg, 1, 1);
}

static void
job_third(void *arg)
{
	use_taps(arg, 2, 2);
}

static void
job_taps(void *arg)
{
	use_taps(arg, 0, DIGESTS - 1);
}

static void
job_many(void *arg)
{
	struct bench *b = arg;
	slu_bio *to = NULL;
	slu_many *m = NULL;
	slu_hash *h;

	measure_must(slu_many_new(&m, b->threads) == SLU_OK, "many");
	for (size_t i = 0; i < DIGESTS; i++)
		measure_must(slu_many_add(m, names[i]) == SLU_OK, names[i]);
	measure_must(slu_null_open(&to) == SLU_OK, "null");
	measure_must(slu_many_tap(&to, m) == SLU_OK, "tap");
	pour(b, to);
	for (size_t i = 0; i < DIGESTS; i++) {
		measure_must(slu_many_hash(m, i, &h) == SLU_OK, names[i]);
		check(b, i, h);
	}
	slu_many_free(m);
}

#define ALL_ALONE \
	{ \
		"sha256", "sha512", "blake2b512" \
	}

static const measure_job jobs[] = {
	{ "sha256", job_first, &bench, { NULL }, false },
	{ "sha512", job_second, &bench, { NULL }, false },
	{ "blake2b512", job_third, &bench, { NULL }, false },
	{ "taps", job_taps, &bench, ALL_ALONE, false },
	{ "many", job_many, &bench, ALL_ALONE, false },
};

/* Random bytes for a file, which has no name but that of its descriptor. */
static void
make(struct bench *b)
{
	unsigned char *data = malloc(b->settings.size);

	measure_must(data != NULL, "memory");
	slu_rand_bytes(data, b->settings.size);
	snprintf(b->path, sizeof(b->path), "/dev/fd/%d",
	    measure_scratch(data, b->settings.size));
	free(data);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--threads") == 0)
			bench.threads = (unsigned)measure_number(
			    argc, argv, &i, 0, SLU_MANY_THREADS_MAX);
		else if (!measure_option(&bench.settings, argc, argv, &i)) {
			fprintf(stderr,
			    "usage: many_bench [--size MIB] [--rounds N] "
			    "[--threads N] [--json]\n");
			return 2;
		}
	}
	make(&bench);
	measure(&bench.settings, jobs, sizeof(jobs) / sizeof(jobs[0]));
	return 0;
}
