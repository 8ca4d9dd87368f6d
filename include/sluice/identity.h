/* SPDX-License-Identifier: ISC */
/* identity.h: what we have to open a sealed file with. */
#ifndef SLUICE_IDENTITY_H
#define SLUICE_IDENTITY_H

#include <stddef.h>

#include "sluice/buf.h"
#include "sluice/recipient.h"
#include "sluice/status.h"

SLU_BEGIN_DECLS

typedef struct slu_identities slu_identities;

/* The work factor that can be asked for at the most: 1 TiB of memory. */
#define SLU_WORK_FACTOR_CEILING 30

/*
 * Start an empty list; `*out` is the caller's, to be freed.  Once it is
 * complete it is only read: chains in several threads may share it.  It
 * takes 1024 identities; one more is SLU_ERR_LIMIT.
 */
slu_status slu_identities_new(slu_identities **out) SLU_CHECKED;

/*
 * Add a passphrase: `len` bytes, taken as they are, 1 to
 * SLU_PASSPHRASE_MAX.  A file names its own work factor, and with it the
 * memory and time that a try costs; one above `max_work_factor` is
 * SLU_ERR_LIMIT before anything is spent.  0 means SLU_WORK_FACTOR_MAX;
 * more than SLU_WORK_FACTOR_CEILING is SLU_ERR_USAGE, and so is a passphrase
 * of another length.  The passphrase is copied, and wiped with the list.
 */
slu_status slu_identities_passphrase(slu_identities *ids,
    const void *passphrase, size_t len, unsigned max_work_factor) SLU_CHECKED;

/*
 * Add a secret key: `len` characters, "AGE-SECRET-KEY-1..." (C2SP age, "The
 * X25519 recipient type"), without blanks around them; or all of the text of
 * an ssh key, Ed25519 or RSA, in OpenSSH's form or in PEM, be that PKCS #8 or
 * RSA's own.  One that a passphrase protects
 * is SLU_ERR_NO_MATCH, since nobody is to be asked: slu_identities_read takes
 * it.  A key opens what was sealed for its public half.  SLU_ERR_FORMAT where
 * it is no key, SLU_ERR_LIMIT where it is RSA of another size than
 * slu_recipients_key takes: the words tell, without a character of it.  The key
 * is copied, and wiped with the list.
 *
 * Keys of two kinds are known by their form, and not supported: hybrid ones,
 * "AGE-SECRET-KEY-PQ-1...", and those of plugins, "AGE-PLUGIN-NAME-1...", of up
 * to 8192 characters.  They are held to that form, and open nothing; where no
 * other opens a file either, the words of SLU_ERR_NO_MATCH name them.
 */
slu_status slu_identities_key(
    slu_identities *ids, const char *text, size_t len) SLU_CHECKED;

/*
 * Append the public half of each key in the list to `out`, a line each, as
 * slu_recipients_key takes it.  Passphrases have none.  Files of keys that
 * are sealed themselves (identity_file.h) are opened for this; ssh keys that a
 * passphrase protects tell it as they are.  Of a key of a kind that is not
 * supported it is not to be told: SLU_ERR_FORMAT, which names the kind.
 */
slu_status slu_identities_recipients(
    const slu_identities *ids, slu_buf *out) SLU_CHECKED;

/*
 * Add a passphrase that is only asked for once a file turns out to need one,
 * after all that can be checked without it: the header is well formed, and its
 * work factor is not above `max_work_factor`.  `ask` appends it to
 * `passphrase`, an empty queue that takes SLU_PASSPHRASE_MAX bytes and is
 * wiped after use, or fails, and its failure is that of the read; an answer of
 * no bytes is SLU_ERR_USAGE.  Each such file asks again, on the thread that
 * reads it: chains in several threads may ask at once.  `arg` is lent, for as
 * long as any chain holds the list.
 */
slu_status slu_identities_ask(slu_identities *ids,
    slu_status (*ask)(slu_buf *passphrase, void *arg), void *arg,
    unsigned max_work_factor) SLU_CHECKED;

/*
 * Wipe and free.  A chain that still needs the list holds it, so this may
 * come while that lives; the secrets go with the last holder.  NULL is fine.
 */
void slu_identities_free(slu_identities *ids);

SLU_END_DECLS

#endif
