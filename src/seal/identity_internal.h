/* SPDX-License-Identifier: ISC */
/* identity_internal.h: what opening does with identities. */
#ifndef SLUICE_SEAL_IDENTITY_INTERNAL_H
#define SLUICE_SEAL_IDENTITY_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "key_text.h"
#include "sluice/buf.h"
#include "sluice/identity.h"

/* A passphrase costs a second a try: nobody waits for more. */
#define SLU_IDENTITIES_MAX 1024

typedef enum slu_kept {
	SLU_KEPT_NO,
	SLU_KEPT_MAYBE,
	SLU_KEPT_YES,
} slu_kept;

/* What keeps keys that are only to be had once they are needed. */
typedef struct slu_keeper {
	/*
	 * Whether one of them is meant by a stanza, as far as that can be told
	 * without them: SLU_KEPT_MAYBE where it cannot.
	 */
	slu_kept (*meant)(const void *kept, const slu_header *h);
	/* Append the public halves of the keys, if that takes no opening. */
	slu_status (*name)(const void *kept, slu_buf *out, bool *named);
	/* Get at them; the list is lent for as long as the keeper lives. */
	slu_status (*open)(void *kept, const slu_identities **keys);
	void (*free)(void *kept);
} slu_keeper;

typedef struct slu_identity {
	struct slu_identity *next; /* owned */
	enum {
		SLU_IDENTITY_PASSPHRASE,
		SLU_IDENTITY_ASK, /* a passphrase too */
		SLU_IDENTITY_KEY,
		SLU_IDENTITY_KEPT,    /* keys that are kept */
		SLU_IDENTITY_FOREIGN, /* of no use: its bytes are why */
		SLU_IDENTITY_FILE_KEY,
	} kind;
	const slu_key_kind *key;  /* of a key */
	const slu_keeper *keeper; /* of keys that are kept */
	void *kept;               /* owned, in the keeper's way */
	unsigned max_work_factor; /* of a passphrase */
	slu_status (*ask)(slu_buf *passphrase, void *arg);
	void *arg;  /* lent by the caller */
	size_t len; /* bytes of the secret */
	unsigned char secret[];
} slu_identity;

/*
 * Add the key of a file itself: it opens each file whose MAC agrees.  Whoever
 * has it needs no stanza, nor the recipient's secret.
 */
slu_status slu_identities_file_key(slu_identities *ids,
    const unsigned char file_key[SLU_FILE_KEY]) SLU_CHECKED;

/* Add a secret key that was read, with a kind or without; it is copied. */
slu_status slu_identities_add(
    slu_identities *ids, const slu_key *key) SLU_CHECKED;

/* Add keys that are kept; where that succeeds, the list owns `kept`. */
slu_status slu_identities_keep(
    slu_identities *ids, void *kept, const slu_keeper *keeper) SLU_CHECKED;

/* The first identity; NULL where there is none. */
const slu_identity *slu_identities_first(const slu_identities *ids);

/* Become one more holder of the list, who will free it too. */
slu_identities *slu_identities_hold(slu_identities *ids);

#endif
