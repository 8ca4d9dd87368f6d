/* SPDX-License-Identifier: ISC */
/*
 * rekey.h: other recipients for a sealed file, whose payload stays as it is.
 *
 * The header is made anew around the same file key.  That is quick, and it
 * takes nothing back: who has the old file, or any copy of it, and could open
 * it, still can open that, and has the key of the new one too.  Where that
 * matters, seal the content again.
 */
#ifndef SLUICE_REKEY_H
#define SLUICE_REKEY_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/bio.h"
#include "sluice/file.h"
#include "sluice/identity.h"
#include "sluice/recipient.h"

SLU_BEGIN_DECLS

typedef struct slu_rekey_options {
	/*
	 * What becomes of stanzas whose types we don't know, such as those of
	 * plugins: they are carried over as they are, or left out.
	 */
	enum { SLU_REKEY_CARRY = 0, SLU_REKEY_DROP } unknown;
	/* Lent: told how many were carried over.  May be NULL. */
	size_t *carried;
	/* Lent: told as slu_unseal_options has them.  May be NULL. */
	unsigned *over_limit;
	bool *foreign;
	/* Lent: as slu_file_options has it; slu_rekey_file's.  May be NULL. */
	slu_file_pending *pending;
} slu_rekey_options;

/*
 * Write to `dst` the sealed file that `src` gives, for the recipients in `r`
 * instead of those it is sealed for now.  One of the identities in `ids` has
 * to open it, and its header is authenticated.  The payload is not looked at;
 * SLU_ERR_TRUNCATED where nothing of it is there.  `dst` is not finished.
 *
 * Stanzas of types that we know are left out.  Unknown ones beside a
 * passphrase, which has to be alone, are SLU_ERR_USAGE unless they are dropped.
 * Who is to be asked for a passphrase (slu_recipients_ask) is asked once the
 * file has opened, and nothing else is in the way.  The other failures are
 * those of slu_unseal and slu_seal.
 *
 * Between two files the kernel copies the payload.  A file system that can
 * share blocks shares those of the payload if both headers have the same
 * length, or lengths that differ by whole blocks.  Armor has to come off first
 * (slu_dearmor on `src`, slu_armor on `dst`).  Where either answers a WANT,
 * this waits.  `options` may be NULL.
 */
slu_status slu_rekey(slu_bio *dst, slu_bio *src, slu_identities *ids,
    const slu_recipients *r, const slu_rekey_options *options) SLU_CHECKED;

/*
 * The same for the file at `path`, in its place and in one step: whatever
 * happens, it is the old one or the whole new one (slu_file_create).  It
 * keeps its permissions, its owner and group where the process may give it to
 * them, and its armor if it has one.  It has to be a regular file.
 */
slu_status slu_rekey_file(const char *path, slu_identities *ids,
    const slu_recipients *r, const slu_rekey_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
