/* SPDX-License-Identifier: ISC */
/*
 * runs.h: neighbouring chunks of a payload, sealed or opened by one thread
 * while others do others.
 *
 * A run is a slot of a pool: its owner fills it and puts it in, a thread does
 * it, and the owner takes the runs out again in the order they were put in.
 * A failure of the thread's stays in the run until then, words and all.
 */
#ifndef SLUICE_SEAL_RUNS_H
#define SLUICE_SEAL_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/failure.h"
#include "chunk.h"

/* Enough of them to be worth waking a thread for, in a core's cache. */
#define SLU_RUN_CHUNKS 8
#define SLU_RUN_PLAIN(chunks) ((chunks)*SLU_CHUNK)
#define SLU_RUN_SEALED(chunks) ((chunks)*SLU_CHUNK_SEALED)

/* What a thread that does more with a run than seal it could not do. */
typedef enum slu_run_fault {
	SLU_RUN_FINE = 0,
	SLU_RUN_UNREAD,
	SLU_RUN_UNWRITTEN,
} slu_run_fault;

typedef struct slu_run {
	slu_aead *aead;        /* owned */
	unsigned char *plain;  /* owned: room for all chunks of a run */
	unsigned char *sealed; /* owned: the same, sealed */
	/* Lent: what is to be sealed, or opened, where it lies; or NULL. */
	const unsigned char *lent;
	bool clean;    /* all that was ever sealed was lent: `plain` is empty */
	size_t nplain; /* bytes in `plain` */
	size_t nsealed; /* bytes in `sealed` */
	uint64_t index; /* of its first chunk */
	uint64_t at;    /* of the file: where that begins, if sealed */
	/*
	 * Of what is to be sealed: the file ends with it.  Of what was
	 * opened: the file's last chunk was there, be anything behind it.
	 */
	bool ends;
	bool cut;            /* nothing follows what is to be opened */
	size_t opened;       /* bytes of `sealed` that turned into `plain` */
	slu_failure failure; /* how it went */
	slu_run_fault fault;
	int error; /* an errno: why not */
} slu_run;

/* Seal all of `plain` into `sealed`; `failure` says how it went. */
void slu_run_seal(slu_run *r);

/*
 * Open the whole chunks of `sealed`, and what is left of it where the run is
 * cut, into `plain`: as far as they are intact.
 */
void slu_run_open(slu_run *r);

typedef struct slu_runs slu_runs;

/*
 * Have runs of `chunks` chunks each, done by `threads` threads (1 to
 * SLU_POOL_THREADS) with `job`; `arg` is lent.
 */
slu_status slu_runs_new(slu_runs **out, unsigned threads, size_t chunks,
    const unsigned char key[SLU_KEY_SIZE], void (*job)(slu_run *r, void *arg),
    void *arg) SLU_CHECKED;

/* Whether all runs are put in, or none is. */
bool slu_runs_are_full(const slu_runs *rs);
bool slu_runs_are_empty(const slu_runs *rs);

/*
 * The run to fill: an empty one, unless all are put in.  It stays that until
 * slu_runs_put puts it in.
 */
slu_status slu_runs_next(slu_runs *rs, slu_run **out) SLU_CHECKED;
void slu_runs_put(slu_runs *rs);

/* Wait for the oldest run of those put in, however it went; and let it go. */
slu_status slu_runs_wait(slu_runs *rs, slu_run **out) SLU_CHECKED;
void slu_runs_take(slu_runs *rs);

/* Wait for the threads, wipe and free; NULL is fine. */
void slu_runs_free(slu_runs *rs);

#endif
