/* SPDX-License-Identifier: ISC */
/*
 * rand_bench: how fast random numbers are drawn.
 *
 *     rand_bench [--size MIB] [--rounds N] [--json]
 *
 * As many are drawn as have that size, at 8 bytes each; the reader of large
 * pieces has it in pieces of 64 KiB.  Beside ours stand those who have their
 * own generator, and who asks the system each time: getrandom, a call into
 * the kernel unless the C library (glibc 2.41) makes them in the vDSO.
 */
#include <bsd/stdlib.h>
#include <openssl/rand.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/random.h>

#include "measure.h"
#include "sluice.h"

#define DRAW 8 /* bytes */
#define PIECE (64 * 1024)

static struct bench {
	measure_settings settings;
	slu_stream *stream;
	unsigned char piece[PIECE];
	volatile uint64_t sum; /* of what was drawn: none may be left out */
} bench = { .settings = { .size = 16 * MEASURE_MIB, .rounds = 5 } };

static size_t
draws(void)
{
	return bench.settings.size / DRAW;
}

static void
job_u64(void *arg)
{
	uint64_t sum = 0;

	(void)arg;
	for (size_t i = 0, n = draws(); i < n; i++)
		sum += slu_rand_u64();
	bench.sum = sum;
}

static void
job_below(void *arg)
{
	const uint64_t *bound = arg;
	uint64_t sum = 0;

	for (size_t i = 0, n = draws(); i < n; i++)
		sum += slu_rand_below(*bound);
	bench.sum = sum;
}

static void
job_between(void *arg)
{
	int64_t sum = 0;

	(void)arg;
	for (size_t i = 0, n = draws(); i < n; i++)
		sum += slu_rand_between(-1000000, 1000000);
	bench.sum = (uint64_t)sum;
}

static void
job_real(void *arg)
{
	double sum = 0;

	(void)arg;
	for (size_t i = 0, n = draws(); i < n; i++)
		sum += slu_rand_real();
	bench.sum = (uint64_t)sum;
}

static void
job_normal(void *arg)
{
	double v = 0, sum = 0;

	(void)arg;
	for (size_t i = 0, n = draws(); i < n; i++) {
		measure_must(
		    slu_rand_normal(NULL, 0, 1, &v) == SLU_OK, "normal");
		sum += v;
	}
	bench.sum = sum > 0;
}

static void
job_stream(void *arg)
{
	uint64_t sum = 0;

	(void)arg;
	for (size_t i = 0, n = draws(); i < n; i++)
		sum += slu_stream_u64(bench.stream);
	bench.sum = sum;
}

/* Who fills a buffer: ours and all the others, called in the same way. */
typedef void filler(void *buf, size_t len);

static void
fill_openssl(void *buf, size_t len)
{
	measure_must(RAND_bytes(buf, (int)len) == 1, "RAND_bytes");
}

static void
fill_system(void *buf, size_t len)
{
	measure_must(getrandom(buf, len, 0) == (ssize_t)len, "getrandom");
}

struct fill {
	filler *fill;
	size_t len;
};

static void
job_fill(void *arg)
{
	const struct fill *f = arg;

	for (size_t at = 0; at < bench.settings.size; at += f->len)
		f->fill(bench.piece, f->len);
}

static struct fill small[] = {
	{ slu_rand_bytes, DRAW },
	{ slu_rand_key, DRAW },
	{ fill_openssl, DRAW },
	{ fill_system, DRAW },
	{ arc4random_buf, DRAW },
	{ randombytes_buf, DRAW },
};
static struct fill large[] = {
	{ slu_rand_bytes, PIECE },
	{ fill_openssl, PIECE },
	{ arc4random_buf, PIECE },
	{ randombytes_buf, PIECE },
};
static uint64_t die = 6, most = (UINT64_C(1) << 63) + 1;

static const measure_job jobs[] = {
	{ "u64", job_u64, NULL, { "RAND_bytes" }, false },
	{ "bytes", job_fill, &small[0], { "RAND_bytes" }, false },
	{ "key", job_fill, &small[1], { "RAND_bytes" }, false },
	{ "below 6", job_below, &die, { "u64" }, false },
	{ "below 2^63 + 1", job_below, &most, { "u64" }, false },
	{ "between", job_between, NULL, { "u64" }, false },
	{ "real", job_real, NULL, { "u64" }, false },
	{ "normal", job_normal, NULL, { "u64" }, false },
	{ "stream u64", job_stream, NULL, { "u64" }, false },
	{ "RAND_bytes", job_fill, &small[2], { "RAND_bytes" }, false },
	{ "getrandom", job_fill, &small[3], { "RAND_bytes" }, false },
	{ "arc4random_buf, libbsd", job_fill, &small[4], { "RAND_bytes" },
	    false },
	{ "randombytes_buf, libsodium", job_fill, &small[5], { "RAND_bytes" },
	    false },
	{ "64 KiB: bytes", job_fill, &large[0], { "64 KiB: RAND_bytes" },
	    false },
	{ "64 KiB: RAND_bytes", job_fill, &large[1], { "64 KiB: RAND_bytes" },
	    false },
	{ "64 KiB: arc4random_buf", job_fill, &large[2],
	    { "64 KiB: RAND_bytes" }, false },
	{ "64 KiB: randombytes_buf", job_fill, &large[3],
	    { "64 KiB: RAND_bytes" }, false },
};

int
main(int argc, char **argv)
{
	static const unsigned char seed[SLU_STREAM_SEED] = { 1 };

	for (int i = 1; i < argc; i++) {
		if (!measure_option(&bench.settings, argc, argv, &i)) {
			fprintf(stderr, "usage: rand_bench [--size MIB] "
					"[--rounds N] [--json]\n");
			return 2;
		}
	}
	measure_must(sodium_init() >= 0, "libsodium");
	measure_must(slu_stream_new(&bench.stream, seed) == SLU_OK, "stream");
	measure(&bench.settings, jobs, sizeof(jobs) / sizeof(jobs[0]));
	slu_stream_free(bench.stream);
	return 0;
}
