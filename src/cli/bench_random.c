/* SPDX-License-Identifier: ISC */
/* Random bytes and numbers beside RAND_bytes. */
#include "bench_group.h"

#include <stdint.h>
#include <stdlib.h>

#include <openssl/rand.h>

#include "sluice/rand.h"
#include "sluice/secret.h"

#define SIZE (16 * BENCH_MIB)
#define DRAW (64 * 1024)
#define CALLS 200000
#define BOUND 1000003

struct draws {
	unsigned char *data;
	uint64_t sum; /* so that no draw can be left out */
};

static slu_status
begin(void *state)
{
	struct draws *d = state;

	d->data = malloc(DRAW);
	return d->data != NULL
		   ? SLU_OK
		   : slu_fail(SLU_ERR_MEMORY, "bench: out of memory");
}

static void
end(void *state)
{
	struct draws *d = state;

	free(d->data);
	slu_wipe(&d->sum, sizeof(d->sum));
}

static slu_status
run_bytes(void *state)
{
	struct draws *d = state;

	for (size_t at = 0; at < SIZE; at += DRAW)
		slu_rand_bytes(d->data, DRAW);
	return SLU_OK;
}

static slu_status
draw(void *to, int len)
{
	if (RAND_bytes(to, len) != 1)
		return slu_fail(SLU_ERR_CRYPTO, "bench: RAND_bytes");
	return SLU_OK;
}

static slu_status
run_their_bytes(void *state)
{
	struct draws *d = state;
	slu_status st = SLU_OK;

	for (size_t at = 0; at < SIZE && st == SLU_OK; at += DRAW)
		st = draw(d->data, DRAW);
	return st;
}

static slu_status
run_u64(void *state)
{
	struct draws *d = state;

	for (int i = 0; i < CALLS; i++)
		d->sum += slu_rand_u64();
	return SLU_OK;
}

static slu_status
run_below(void *state)
{
	struct draws *d = state;

	for (int i = 0; i < CALLS; i++)
		d->sum += slu_rand_below(BOUND);
	return SLU_OK;
}

static slu_status
run_their_u64(void *state)
{
	struct draws *d = state;
	slu_status st = SLU_OK;
	uint64_t n = 0;

	for (int i = 0; i < CALLS && st == SLU_OK; i++) {
		st = draw(&n, sizeof(n));
		d->sum += n;
	}
	return st;
}

static const bench_job jobs[] = {
	{ "bytes", run_bytes, SIZE, 0, "RAND_bytes", run_their_bytes },
	{ "8 bytes", run_u64, 0, CALLS, "RAND_bytes", run_their_u64 },
	{ "a number below a bound", run_below, 0, CALLS,
	    "RAND_bytes of 8 bytes", run_their_u64 },
};

const bench_group bench_random = {
	.name = "random",
	.jobs = jobs,
	.n = sizeof(jobs) / sizeof(jobs[0]),
	.size = sizeof(struct draws),
	.begin = begin,
	.end = end,
};
