/* SPDX-License-Identifier: ISC */
#include "sluice/rand.h"

#include "../bio/sink.h"
#include "entropy.h"
#include "generator.h"

void
slu_rand_bytes(void *buf, size_t len)
{
	slu_draw_bytes(slu_generator(), buf, len);
}

void
slu_rand_key(void *key, size_t len)
{
	slu_entropy(key, len);
}

uint64_t
slu_rand_u64(void)
{
	return slu_draw_u64(slu_generator());
}

uint64_t
slu_rand_bits(unsigned n)
{
	return slu_draw_bits(slu_generator(), n);
}

uint64_t
slu_rand_below(uint64_t bound)
{
	return slu_draw_below(slu_generator(), bound);
}

int64_t
slu_rand_between(int64_t a, int64_t b)
{
	return slu_draw_between(slu_generator(), a, b);
}

double
slu_rand_real(void)
{
	return slu_draw_real(slu_generator());
}

void
slu_rand_big(void *out, const void *bound, size_t len)
{
	slu_draw_big(slu_generator(), out, bound, len);
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
