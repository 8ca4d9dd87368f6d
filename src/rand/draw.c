/* SPDX-License-Identifier: ISC */
#include "draw.h"

#include "sluice/secret.h"

/* Take what the pool has of `len` bytes, and say how many that is. */
static size_t
take(slu_draw_pool *p, unsigned char *out, size_t len)
{
	unsigned char *at = p->bytes + (SLU_DRAW_ROOM - p->left);

	if (len > p->left)
		len = p->left;
	p->left -= len;
	memcpy(out, at, len);
	memset(at, 0, len);
	return len;
}

void
slu_draw_bytes(slu_draw *d, void *out, size_t len)
{
	slu_draw_pool *p = d->pool;
	unsigned char *to = out;
	size_t n;

	if (len == 0)
		return;
	n = take(p, to, len);
	to += n;
	len -= n;
	if (len >= SLU_DRAW_ROOM) {
		n = len - len % SLU_DRAW_BLOCK;
		d->make(d, to, n);
		to += n;
		len -= n;
	}
	if (len > 0) {
		d->make(d, p->bytes, SLU_DRAW_ROOM);
		p->left = SLU_DRAW_ROOM;
		(void)take(p, to, len);
	}
}

uint64_t
slu_draw_u64_anew(slu_draw *d)
{
	unsigned char bytes[sizeof(uint64_t)];
	uint64_t v;

	slu_draw_bytes(d, bytes, sizeof(bytes));
	v = slu_draw_load(bytes);
	slu_wipe(bytes, sizeof(bytes));
	return v;
}

/* The product of two numbers: its upper half, and the lower one in `*low`. */
static uint64_t
multiply(uint64_t a, uint64_t b, uint64_t *low)
{
	uint64_t a0 = (uint32_t)a, a1 = a >> 32;
	uint64_t b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t mid = a1 * b0 + (a0 * b0 >> 32);
	uint64_t mid2 = a0 * b1 + (uint32_t)mid;

	*low = a * b;
	return a1 * b1 + (mid >> 32) + (mid2 >> 32);
}

/*
 * Lemire, "Fast Random Integer Generation in an Interval", 2019: the upper
 * half of draw * bound is the number.  2^64 mod bound of the draws are one
 * too many for it, those whose lower half is less than that, and are drawn
 * anew.  Only the bound is ever divided by, no draw.
 */
uint64_t
slu_draw_below(slu_draw *d, uint64_t bound)
{
	uint64_t v, low, surplus;

	if (bound < 2)
		return 0;
	v = multiply(slu_draw_u64(d), bound, &low);
	if (low >= bound)
		return v;
	surplus = 0 - bound; /* for 2^64, which is one too large */
	if (surplus >= bound)
		surplus %= bound;
	while (low < surplus)
		v = multiply(slu_draw_u64(d), bound, &low);
	return v;
}

int64_t
slu_draw_between(slu_draw *d, int64_t a, int64_t b)
{
	uint64_t low = (uint64_t)(a < b ? a : b);
	uint64_t high = (uint64_t)(a < b ? b : a);
	uint64_t sum;
	int64_t v;

	/* Unsigned numbers may wrap; the distance always fits. */
	sum = low;
	if (high - low == UINT64_MAX)
		sum += slu_draw_u64(d);
	else
		sum += slu_draw_below(d, high - low + 1);
	memcpy(&v, &sum, sizeof(v));
	return v;
}

/* Whether `a` is less than `b`, by subtracting all of it. */
static int
is_less(const unsigned char *a, const unsigned char *b, size_t len)
{
	unsigned borrow = 0;

	while (len-- > 0)
		borrow = ((unsigned)a[len] - b[len] - borrow) >> 8 & 1;
	return (int)borrow;
}

/*
 * Each draw has as many bits as the bound, and at least every second one is
 * below it.  One that is not, nor what it was compared to, tells nothing of
 * the one that is.
 */
void
slu_draw_big(slu_draw *d, void *out, const void *bound, size_t len)
{
	const unsigned char *limit = bound;
	unsigned char *v = out;
	unsigned mask;

	while (len > 0 && *limit == 0) {
		*v++ = 0;
		limit++;
		len--;
	}
	if (len == 0)
		return;
	for (mask = *limit; (mask & (mask + 1)) != 0;)
		mask |= mask >> 1;
	do {
		slu_draw_bytes(d, v, len);
		*v &= (unsigned char)mask;
	} while (!is_less(v, limit, len));
}
