/* SPDX-License-Identifier: ISC */
#include "sluice/choice.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/secret.h"
#include "stream_internal.h"

#define PIECE 64 /* bytes of an element that are swapped at a time */

static void
swap(unsigned char *a, unsigned char *b, size_t size,
    unsigned char kept[static PIECE])
{
	size_t n;

	for (; size > 0; size -= n, a += n, b += n) {
		n = size < PIECE ? size : PIECE;
		memcpy(kept, a, n);
		memmove(a, b, n); /* an element may be swapped with itself */
		memcpy(b, kept, n);
	}
}

static void
shuffle_numbers(slu_draw *d, uint64_t *each, size_t n)
{
	uint64_t kept;
	size_t j;

	for (size_t i = n; i > 1; i--) {
		j = (size_t)slu_draw_below(d, i);
		kept = each[i - 1];
		each[i - 1] = each[j];
		each[j] = kept;
	}
}

void
slu_choice_shuffle(slu_stream *s, void *base, size_t n, size_t size)
{
	slu_draw *d = slu_stream_draw(s);
	unsigned char *each = base, kept[PIECE];

	for (size_t i = n; i > 1; i--)
		swap(each + (i - 1) * size,
		    each + (size_t)slu_draw_below(d, i) * size, size, kept);
	slu_wipe(kept, sizeof(kept));
}

void
slu_choice_permutation(slu_stream *s, uint64_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = i;
	shuffle_numbers(slu_stream_draw(s), out, n);
}

/* Numbers that were seen, in a table that is at most half full. */
struct seen {
	uint64_t *slots; /* owned */
	unsigned bits;   /* there are 2^bits */
};

#define FREE UINT64_MAX /* no population has it */

static slu_status
seen_new(struct seen *seen, size_t k)
{
	const size_t most = SIZE_MAX / 4 / sizeof(*seen->slots);
	size_t size;

	for (seen->bits = 1; ((size_t)1 << seen->bits) / 2 < k; seen->bits++)
		if ((size_t)1 << seen->bits > most)
			return slu_fail(
			    SLU_ERR_MEMORY, "choice: out of memory");
	size = sizeof(*seen->slots) << seen->bits;
	seen->slots = malloc(size);
	if (seen->slots == NULL)
		return slu_fail(SLU_ERR_MEMORY, "choice: out of memory");
	memset(seen->slots, 0xff, size); /* all FREE */
	return SLU_OK;
}

/* Note that `v` is seen; false where it was before. */
static bool
seen_add(struct seen *seen, uint64_t v)
{
	const size_t mask = ((size_t)1 << seen->bits) - 1;
	size_t i;

	/* Knuth's multiplicative hash: numbers side by side are spread out. */
	i = (size_t)((v * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - seen->bits));
	for (; seen->slots[i] != FREE; i = (i + 1) & mask)
		if (seen->slots[i] == v)
			return false;
	seen->slots[i] = v;
	return true;
}

static void
seen_free(struct seen *seen)
{
	slu_wipe(seen->slots, sizeof(*seen->slots) << seen->bits);
	free(seen->slots);
}

/*
 * The numbers that are considered grow by one each time, and the new one is
 * taken where the one that was drawn is taken already: so each set of them
 * is as likely as the others, but not each order.
 */
slu_status
slu_choice_sample(slu_stream *s, uint64_t population, uint64_t *out, size_t k)
{
	slu_draw *d = slu_stream_draw(s);
	struct seen seen = { 0 };
	uint64_t next, v;
	slu_status st;

	if (k > population)
		return slu_fail(SLU_ERR_USAGE,
		    "choice: a sample of %zu from %" PRIu64, k, population);
	st = seen_new(&seen, k);
	if (st)
		return st;
	for (size_t i = 0; i < k; i++) {
		next = population - k + i;
		v = slu_draw_below(d, next + 1);
		if (!seen_add(&seen, v)) {
			v = next;
			(void)seen_add(&seen, v);
		}
		out[i] = v;
	}
	shuffle_numbers(d, out, k);
	seen_free(&seen);
	return SLU_OK;
}

/* A sum in two doubles, the second at most half a unit of the first. */
struct sum {
	double high, low;
};

/* Dekker's and Knuth's: what a rounding loses is computed, and kept. */
static void
add(struct sum *s, double x)
{
	double high = s->high + x, part = high - s->high;
	double lost = (s->high - (high - part)) + (x - part);

	lost += s->low;
	s->high = high + lost;
	s->low = lost - (s->high - high);
}

static bool
is_less(const struct sum *a, const struct sum *b)
{
	return a->high < b->high || (a->high == b->high && a->low < b->low);
}

/*
 * The sum of the weights, and what they are multiplied by for it, a power of
 * two, lest it be too large for a double or too small for all of its bits.
 */
static slu_status
add_up(const double *weights, size_t n, struct sum *total, double *scale)
{
	double most = 0;

	for (size_t i = 0; i < n; i++) {
		if (!isfinite(weights[i]) || weights[i] < 0)
			return slu_fail(SLU_ERR_USAGE,
			    "choice: weight %zu is %g", i, weights[i]);
		most = fmax(most, weights[i]);
	}
	if (most == 0)
		return slu_fail(
		    SLU_ERR_USAGE, "choice: nothing weighs more than 0");
	*scale = most > 0x1p900 ? 0x1p-100 : most < 0x1p-700 ? 0x1p300 : 1;
	for (size_t i = 0; i < n; i++)
		add(total, weights[i] * *scale);
	return SLU_OK;
}

/* A number of 106 bits below `total`, each as likely as the others. */
static struct sum
draw_below(slu_draw *d, const struct sum *total)
{
	struct sum v;
	int exponent;

	(void)frexp(total->high, &exponent);
	do {
		v = (struct sum){ ldexp(slu_draw_real(d), exponent), 0 };
		add(&v, ldexp(slu_draw_real(d), exponent - 53));
	} while (!is_less(&v, total));
	return v;
}

slu_status
slu_choice_weighted(slu_stream *s, const double *weights, size_t n, size_t *out)
{
	struct sum total = { 0, 0 }, up_to = { 0, 0 }, v;
	double scale = 1;
	slu_status st;
	size_t i = 0;

	st = add_up(weights, n, &total, &scale);
	if (st)
		return st;
	v = draw_below(slu_stream_draw(s), &total);
	do
		add(&up_to, weights[i++] * scale);
	while (!is_less(&v, &up_to));
	*out = i - 1;
	return SLU_OK;
}
