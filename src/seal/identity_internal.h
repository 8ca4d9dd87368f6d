/* SPDX-License-Identifier: ISC */
/* identity_internal.h: what opening does with identities. */
#ifndef SLUICE_SEAL_IDENTITY_INTERNAL_H
#define SLUICE_SEAL_IDENTITY_INTERNAL_H

#include <stddef.h>

#include "key_kind.h"
#include "sluice/buf.h"
#include "sluice/identity.h"

/* A passphrase costs a second a try: nobody waits for more. */
#define SLU_IDENTITIES_MAX 1024

typedef struct slu_identity {
	struct slu_identity *next; /* owned */
	enum {
		SLU_IDENTITY_PASSPHRASE,
		SLU_IDENTITY_ASK, /* a passphrase too */
		SLU_IDENTITY_KEY,
		SLU_IDENTITY_FILE_KEY,
	} kind;
	const slu_key_kind *key;  /* of a key */
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

/* The first identity; NULL where there is none. */
const slu_identity *slu_identities_first(const slu_identities *ids);

/* Become one more holder of the list, who will free it too. */
slu_identities *slu_identities_hold(slu_identities *ids);

#endif
