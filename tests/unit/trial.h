/* SPDX-License-Identifier: ISC */
/*
 * trial.h: how the contract suite moves bytes, and how it complains.
 */
#ifndef SLUICE_TESTS_TRIAL_H
#define SLUICE_TESTS_TRIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/bio.h"
#include "sluice/buf.h"

/* Bytes of plaintext at the most: over any batch that a room has. */
#define TRIAL_MOST (6 * 65536 + 7)
#define TRIAL_ROOM (8 * 1024 * 1024) /* bytes that any result may have */

/* How much is offered or asked for at a time. */
#define PACE_WHOLE 0
#define PACE_ODD ((size_t)-1) /* pieces of ever different sizes */

typedef struct trial_pace {
	const char *name;
	size_t piece; /* bytes a call, or one of the two above */
	size_t choke; /* push a choke of this step below; 0: none */
	size_t most;  /* not for plaintexts longer than this; 0: for all */
	bool flush;   /* flush after each piece */
} trial_pace;

/* What is being tried now; made by each part of the suite for itself. */
typedef struct trial {
	const char *room;
	const char *pace;
	size_t len;              /* bytes of plaintext */
	void (*pump)(void *arg); /* called at each WANT; may be NULL */
	void *arg;
} trial;

/* Fail the running test, saying what was tried, unless `ok`. */
void trial_must(const trial *t, bool ok, const char *promise);
void trial_must_be(
    const trial *t, slu_status want, slu_status st, const char *promise);
void trial_must_equal(const trial *t, const void *want, size_t want_len,
    const slu_buf *got, const char *promise);

/* The largest plaintext to try for a room that asks for `most`, or for 0. */
size_t trial_most(size_t most);

/* The same `len` bytes at each call, some of them easy to compress. */
void trial_plain(unsigned char *out, size_t len);

/*
 * Write, flush, finish and read as a patient caller does, who calls again
 * after each WANT, offering the bytes from another address.  They answer as
 * the chain did in the end; a chain that waits for ever is SLU_ERR_USAGE.
 */
slu_status trial_write(const trial *t, slu_bio *bio, const unsigned char *data,
    size_t len, const trial_pace *pace);
slu_status trial_flush(const trial *t, slu_bio *bio);
slu_status trial_finish(const trial *t, slu_bio *bio);
/* Up to the end, which is SLU_EOF; what was read is appended to `out`. */
slu_status trial_read(
    const trial *t, slu_bio *bio, slu_buf *out, const trial_pace *pace);

/*
 * Every call on a chain that has just failed with `st` must answer with the
 * same failure and the same words.
 */
void trial_must_stay_failed(const trial *t, slu_bio *bio, slu_status st);

#endif
