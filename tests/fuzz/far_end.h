/* SPDX-License-Identifier: ISC */
/* far_end.h: a far end that takes everything, and answers what is fed. */
#ifndef SLUICE_TESTS_FAR_END_H
#define SLUICE_TESTS_FAR_END_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/bio.h"

struct far_end {
	const uint8_t *data; /* not answered yet */
	size_t left;
	size_t piece; /* bytes a call at most; a small one also waits */
	unsigned calls;
};

static inline void
must(int ok)
{
	if (!ok)
		abort();
}

static inline slu_status
far_end_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct far_end *f = *(struct far_end **)self;

	(void)next;
	if (f->piece < 8 && f->calls++ % 2 == 0)
		return SLU_WANT_READ;
	*got = cap < f->piece ? cap : f->piece;
	if (*got > f->left)
		*got = f->left;
	if (*got == 0)
		return SLU_EOF;
	memcpy(buf, f->data, *got);
	f->data += *got;
	f->left -= *got;
	return SLU_OK;
}

static inline slu_status
far_end_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	(void)self, (void)next, (void)data;
	*put = len;
	return SLU_OK;
}

static const slu_bio_ops far_end_ops = {
	.name = "far end",
	.size = sizeof(struct far_end *),
	.read = far_end_read,
	.write = far_end_write,
};

static inline void
far_end_open(slu_bio **top, struct far_end *f)
{
	struct far_end **state = slu_bio_push(top, &far_end_ops);

	must(state != NULL);
	*state = f;
}

/* Connect, however often it has to wait; it fails for good, if it does. */
static inline slu_status
far_end_meet(slu_bio *c)
{
	slu_status st;

	do {
		st = slu_bio_flush(c);
	} while (st == SLU_WANT_READ);
	must(slu_bio_flush(c) == st);
	must(st == SLU_OK || *slu_error() != '\0');
	for (const char *p = slu_error(); *p != '\0'; p++)
		must(*p >= ' ' && *p <= '~');
	return st;
}

#endif
