/* SPDX-License-Identifier: ISC */
/* recipient_internal.h: what sealing does with recipients. */
#ifndef SLUICE_SEAL_RECIPIENT_INTERNAL_H
#define SLUICE_SEAL_RECIPIENT_INTERNAL_H

#include <stdbool.h>

#include "header.h"
#include "kdf.h"
#include "key_text.h"
#include "sluice/recipient.h"

/*
 * Append a stanza for each recipient to a header, which wraps `file_key`
 * for it.  An empty list is SLU_ERR_USAGE.
 */
slu_status slu_recipients_wrap(const slu_recipients *r, slu_header *h,
    const unsigned char file_key[SLU_FILE_KEY]) SLU_CHECKED;

/* Add a public key that has a kind; where that succeeds, it is taken over. */
slu_status slu_recipients_add(slu_recipients *r, slu_key *key) SLU_CHECKED;

/* Whether it is somebody who knows a passphrase, and so nobody else. */
bool slu_recipients_have_passphrase(const slu_recipients *r);

#endif
