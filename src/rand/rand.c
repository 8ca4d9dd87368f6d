/* SPDX-License-Identifier: ISC */
#include "sluice/rand.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bio/sink.h"
#include "sluice/secret.h"

/* A call costs the same for one draw as for four: most need no second. */
#define DRAWS 4

static _Noreturn void
no_entropy(const char *what)
{
	fprintf(stderr, "sluice: no entropy: %s failed\n", what);
	abort();
}

void
slu_rand_bytes(void *buf, size_t len)
{
	if (len > 0 && RAND_bytes_ex(NULL, buf, len, 0) != 1)
		no_entropy("RAND_bytes");
}

void
slu_rand_key(void *key, size_t len)
{
	if (len > 0 && RAND_priv_bytes_ex(NULL, key, len, 0) != 1)
		no_entropy("RAND_priv_bytes");
}

uint64_t
slu_rand_u64(void)
{
	uint64_t v;

	slu_rand_bytes(&v, sizeof(v));
	return v;
}

/*
 * Cut each draw to as many bits as `bound` - 1 has, and take the first one
 * that falls below it; at least every second one does.  Of the values that
 * are kept none is likelier than another, and nothing that takes a time of
 * its own for each value, as a division would, is done to them.
 */
uint64_t
slu_rand_below(uint64_t bound)
{
	uint64_t draws[DRAWS], mask, v;
	size_t i = DRAWS;

	if (bound < 2)
		return 0;
	mask = bound - 1;
	for (unsigned shift = 1; shift < 64; shift *= 2)
		mask |= mask >> shift;
	do {
		if (i == DRAWS) {
			slu_rand_bytes(draws, sizeof(draws));
			i = 0;
		}
		v = draws[i++] & mask;
	} while (v >= bound);
	slu_wipe(draws, sizeof(draws));
	return v;
}

int64_t
slu_rand_between(int64_t a, int64_t b)
{
	uint64_t low = (uint64_t)(a < b ? a : b);
	uint64_t high = (uint64_t)(a < b ? b : a);
	uint64_t sum;
	int64_t v;

	/* Unsigned numbers may wrap; the distance always fits. */
	sum = low;
	if (high - low == UINT64_MAX)
		sum += slu_rand_u64();
	else
		sum += slu_rand_below(high - low + 1);
	memcpy(&v, &sum, sizeof(v));
	return v;
}

static slu_status
source_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	(void)self, (void)next;
	slu_rand_bytes(buf, cap);
	*got = cap;
	return SLU_OK;
}

static const slu_bio_ops source_ops = {
	.name = "random",
	.read = source_read,
};

slu_status
slu_rand_open(slu_bio **top)
{
	void *state;

	return slu_sink_push(top, &source_ops, &state);
}
