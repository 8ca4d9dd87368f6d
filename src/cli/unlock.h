/* SPDX-License-Identifier: ISC */
/* unlock.h: what a command opens with: keys, and passphrases once asked for. */
#ifndef SLUICE_CLI_UNLOCK_H
#define SLUICE_CLI_UNLOCK_H

#include <pthread.h>
#include <stdbool.h>

#include "keys.h"
#include "passphrase.h"
#include "sluice/identity.h"

/* A file of keys that may turn out to need a passphrase. */
struct unlock_file {
	struct unlock *of;
	const char *name; /* lent */
};

/*
 * Zero at first, then as unlock_begin has it; it stays where it is.  Only the
 * thread that began it asks: on others, what would take a passphrase is
 * SLU_ERR_USAGE.
 */
typedef struct unlock {
	slu_identities *ids; /* owned */
	bool asked;          /* for a passphrase that opens files */
	bool names_keys;     /* set before: each key counts, or none does */
	exit_code code;      /* of the asking; it has been said */
	pthread_t asker;     /* the thread that asks */

	const passphrase_source *source; /* lent */
	const char *about;               /* lent */
	slu_buf passphrase;
	struct unlock_file files[KEYS_MAX];
	size_t n;
} unlock;

/*
 * Take in the keys that `k` names, and passphrases from `source` where one is
 * needed: one for all files that are to be opened, which `about` names to a
 * terminal, and one for each file of keys that is sealed itself, or is an ssh
 * key with one.  An option that names a passphrase names it for all of them.
 */
exit_code unlock_begin(unlock *u, const passphrase_source *source,
    const char *about, const keys_options *k, unsigned max_work_factor);

/* Add one more file of keys. */
exit_code unlock_add(unlock *u, const char *name, unsigned max_work_factor);

/* Take a passphrase that was got already; nobody is asked for another one. */
exit_code unlock_know(unlock *u, const slu_buf *passphrase);

/* What slu_unseal_options has told of a file; zero at first. */
typedef struct unlock_told {
	unsigned over_limit; /* a work factor that was too much, or 0 */
	bool foreign;        /* nothing that we know opens it */
} unlock_told;

/* A file failed to open with `st`: say what might help. */
void unlock_hint(const unlock *u, slu_status st, const unlock_told *told);

void unlock_free(unlock *u);

#endif
