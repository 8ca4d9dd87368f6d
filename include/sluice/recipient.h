/* SPDX-License-Identifier: ISC */
/*
 * recipient.h: those who will be able to open a sealed file: whoever knows a
 * passphrase, or has one of some keys.
 */
#ifndef SLUICE_RECIPIENT_H
#define SLUICE_RECIPIENT_H

#include <stddef.h>

#include "sluice/buf.h"
#include "sluice/status.h"

SLU_BEGIN_DECLS

/*
 * The work factor is the base-2 logarithm of scrypt's cost N (with r = 8
 * and p = 1): each step up doubles the time and the memory, which is
 * 2^(10 + work factor) bytes, 256 MiB for 18.
 */
#define SLU_WORK_FACTOR_DEFAULT 18
#define SLU_WORK_FACTOR_MIN 10
#define SLU_WORK_FACTOR_MAX 22

#define SLU_PASSPHRASE_MAX 4096 /* bytes */
#define SLU_RECIPIENTS_MAX 1024 /* keys that a file is sealed for */

typedef struct slu_recipients slu_recipients;

/* Start an empty list; `*out` is the caller's, to be freed. */
slu_status slu_recipients_new(slu_recipients **out) SLU_CHECKED;

/*
 * Add whoever knows a passphrase: `len` bytes, taken as they are, 1 to
 * SLU_PASSPHRASE_MAX.  `work_factor` lies within SLU_WORK_FACTOR_MIN and
 * SLU_WORK_FACTOR_MAX; 0 means SLU_WORK_FACTOR_DEFAULT.  What lies outside
 * of these bounds is SLU_ERR_USAGE.  The format allows a passphrase only as
 * the sole recipient (C2SP age, "scrypt recipient stanza"), so that it also
 * proves who sealed the file: a second recipient is SLU_ERR_USAGE.  The
 * passphrase is copied, and wiped with the list.
 */
slu_status slu_recipients_passphrase(slu_recipients *r, const void *passphrase,
    size_t len, unsigned work_factor) SLU_CHECKED;

/*
 * Add whoever has the secret half of a public key: `len` characters, without
 * blanks around them.  They are "age1..." (C2SP age, "The X25519 recipient
 * type"), or the line of an ssh key, "ssh-ed25519 ..." or "ssh-rsa ...", of
 * 2048 to 16384 bits, whose comment does not count.  Each recipient can open
 * the file, and see how many there are; a key of ssh's is named in the file by
 * 32 bits of its digest, others are not.  Nothing tells who sealed the file.
 * SLU_ERR_FORMAT where it is no key, or of a kind or a size that is not
 * supported: the words tell.  SLU_ERR_LIMIT past SLU_RECIPIENTS_MAX;
 * SLU_ERR_USAGE beside a passphrase.
 */
slu_status slu_recipients_key(
    slu_recipients *r, const char *text, size_t len) SLU_CHECKED;

/*
 * Add whoever knows a passphrase that is only asked for once something is to
 * be sealed with it: by slu_rekey, when the file was found to open.  `ask` is
 * as slu_identities_ask has it, and so is `arg`; each header that is made asks
 * again.  The rest is as slu_recipients_passphrase has it.
 */
slu_status slu_recipients_ask(slu_recipients *r,
    slu_status (*ask)(slu_buf *passphrase, void *arg), void *arg,
    unsigned work_factor) SLU_CHECKED;

/* Wipe and free; NULL is fine. */
void slu_recipients_free(slu_recipients *r);

SLU_END_DECLS

#endif
