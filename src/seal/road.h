/* SPDX-License-Identifier: ISC */
/*
 * road.h: a regular file sealed or opened in runs, which threads read for
 * themselves, and write if the result is a new file: each at its own places.
 */
#ifndef SLUICE_SEAL_ROAD_H
#define SLUICE_SEAL_ROAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../bio/place.h"
#include "runs.h"
#include "sluice/seal_copy.h"

/* Files shorter than this are not worth a thread, in bytes. */
#define SLU_ROAD_LEAST ((uint64_t)1024 * 1024)

typedef struct slu_road slu_road;

/* What is done on the way; all but `run` by the caller's thread. */
typedef struct slu_road_work {
	size_t reads; /* bytes that a run reads; the last one maybe less */
	/* Prepare a run to read so many bytes. */
	void (*fill)(slu_run *r, size_t len, bool last);
	/* Read, do, write. */
	void (*run)(slu_run *r, void *road);
	/* Use a run that is done; SLU_OK: go on. */
	slu_status (*use)(slu_road *d, const slu_run *r);
} slu_road_work;

struct slu_road {
	slu_bio *dst;          /* lent by the caller */
	slu_seal_watch *watch; /* lent by the caller; may be NULL */
	slu_place from;
	uint64_t start; /* of `from`, where the first run reads */
	uint64_t len;   /* bytes from there on that are read */
	uint64_t put;   /* runs that were begun, of `all` */
	uint64_t all;
	slu_place to; /* where the runs write, the first one at offset 0 */
	bool placed;  /* there is that place: else the caller's thread writes */
};

/*
 * Read `d->len` bytes from `d->start` on with `threads` threads.  All that is
 * before its runs has been written to `d->dst`, which is not finished here.
 */
slu_status slu_road_go(slu_road *d, const slu_road_work *work, unsigned threads,
    const unsigned char key[SLU_KEY_SIZE]) SLU_CHECKED;

/* For `use`: what befell a run, told by the chain that it befell. */
slu_status slu_road_check(const slu_road *d, const slu_run *r) SLU_CHECKED;

/* For `use`: this is how far it is, in bytes of `d->from` and of plaintext. */
void slu_road_tell(const slu_road *d, uint64_t done, uint64_t plain);

#endif
