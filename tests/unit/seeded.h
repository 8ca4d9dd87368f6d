/* SPDX-License-Identifier: ISC */
/* seeded.h: streams of fixed seeds, so that a test draws the same each time. */
#ifndef SLUICE_TESTS_SEEDED_H
#define SLUICE_TESTS_SEEDED_H

#include "check.h"
#include "sluice/stream.h"

/* The stream of seed `n`, which the test frees. */
static inline slu_stream *
seeded(unsigned char n)
{
	const unsigned char seed[SLU_STREAM_SEED] = { 's', 'e', 'e', 'd', n };
	slu_stream *s = NULL;

	CHECK_OK(slu_stream_new(&s, seed));
	return s;
}

#endif
