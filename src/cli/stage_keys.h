/* SPDX-License-Identifier: ISC */
/*
 * stage_keys.h: what the stages of a pipe seal for and open with.
 *
 * All that seal do it for the same keys, or with a passphrase; all that open
 * have the same keys, and that passphrase, which is asked for when a stage
 * needs it.
 */
#ifndef SLUICE_CLI_STAGE_KEYS_H
#define SLUICE_CLI_STAGE_KEYS_H

#include "keys.h"
#include "passphrase.h"
#include "stages.h"
#include "unlock.h"

/* What the options said. */
typedef struct stage_keys_options {
	passphrase_source passphrase;
	keys_options seals, opens;
	unsigned work_factor;     /* 0: the library's */
	unsigned max_work_factor; /* 0: the library's */
} stage_keys_options;

/* See whether the options make sense for these stages. */
exit_code stage_keys_check(const stage_keys_options *o, const stages *all);

/* Note the files that they name. */
exit_code stage_keys_note(const stage_keys_options *o, ledger *l);

/* Zero at first; it stays where it is. */
typedef struct stage_keys {
	slu_recipients *recipients; /* owned */
	unlock lock;
} stage_keys;

/* Hand the stages what they need. */
exit_code stage_keys_give(
    stage_keys *k, const stage_keys_options *o, stages *all);

/* What asking for a passphrase failed with, which has been said, if it did. */
exit_code stage_keys_failed(const stage_keys *k);

/* Where the pipe failed with `st`, say what might help. */
void stage_keys_hint(const stage_keys *k, slu_status st, const stages *all);

void stage_keys_free(stage_keys *k);

#endif
