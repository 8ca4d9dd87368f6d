/* SPDX-License-Identifier: ISC */
/*
 * locked.h: files of keys that a passphrase protects.  They are opened once,
 * when a key in them is needed, since somebody has to be asked for it.
 */
#ifndef SLUICE_SEAL_LOCKED_H
#define SLUICE_SEAL_LOCKED_H

#include "identity_internal.h"
#include "ssh_wire.h"
#include "sluice/identity_file.h"

#define SLU_LOCKED_NAME_MAX 200 /* bytes of a file's name in words */

typedef struct slu_locked_file {
	slu_buf bytes; /* owned */

	/*
	 * Ask for the passphrase, and add the keys that are in the file.  The
	 * options have a name.
	 */
	slu_status (*open)(const slu_buf *bytes,
	    const slu_identity_file_options *options, slu_identities *keys);

	/* What is known of a single key without the passphrase, or zero. */
	const char *type;                /* of its stanzas */
	char tag[SLU_SSH_TAG_CHARS + 1]; /* what follows it there */
	slu_buf public;                  /* owned: its public half as text */
} slu_locked_file;

/*
 * Add what is in such a file, which the list owns if that succeeds.
 * SLU_ERR_NO_MATCH where `options` name nobody to ask.
 */
slu_status slu_locked_add(slu_identities *ids, slu_locked_file *file,
    const slu_identity_file_options *options) SLU_CHECKED;

void slu_locked_free(slu_locked_file *file);

/* Ask for a passphrase: one byte at least. */
slu_status slu_locked_ask(
    const slu_identity_file_options *options, slu_buf *passphrase) SLU_CHECKED;

#endif
