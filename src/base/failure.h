/* SPDX-License-Identifier: ISC */
/*
 * failure.h: a failure that an object keeps for good, words and all.
 *
 * Objects that fail for good keep their first failure and answer every
 * later call with it.  The words are kept too, so that `slu_error` always
 * speaks of the failure that was just returned.
 */
#ifndef SLUICE_BASE_FAILURE_H
#define SLUICE_BASE_FAILURE_H

#include "sluice/status.h"

typedef struct slu_failure {
	slu_status st; /* SLU_OK while nothing failed */
	char why[SLU_ERROR_MAX];
} slu_failure;

/* Note a failure, unless one was noted before.  Returns `st`. */
slu_status slu_failure_note(slu_failure *f, slu_status st);

/* Fail once more as at first. */
slu_status slu_failure_repeat(const slu_failure *f);

/*
 * Keep `st` if it is the first failure.  Returns `st`.  This and the next
 * one are on the way of every byte, so what mostly happens is inline.
 */
static inline slu_status
slu_failure_keep(slu_failure *f, slu_status st)
{
	return slu_failed(st) ? slu_failure_note(f, st) : st;
}

/* Fail once more as at first; SLU_OK while nothing failed. */
SLU_CHECKED static inline slu_status
slu_failure_again(const slu_failure *f)
{
	return f->st ? slu_failure_repeat(f) : SLU_OK;
}

#endif
