/* SPDX-License-Identifier: ISC */
/*
 * sealed.h: sealed files in memory, and whom they are for.  The work factor
 * is the lowest, so that tests are quick.
 */
#ifndef SLUICE_TESTS_SEALED_H
#define SLUICE_TESTS_SEALED_H

#include "sluice/buf.h"
#include "sluice/identity.h"
#include "sluice/recipient.h"

#define SEALED_PASSPHRASE "correct horse"
#define SEALED_FACTOR SLU_WORK_FACTOR_MIN
#define SEALED_FACTOR_MOST 14          /* that is tried */
#define SEALED_ROOM (64 * 1024 * 1024) /* bytes that a file may have */

/* Who knows the passphrase; to be freed. */
slu_recipients *sealed_recipients(void);
slu_identities *sealed_identities(void);

/* Who holds a key, for which nothing is spent; to be freed. */
slu_recipients *sealed_key_recipients(void);
slu_identities *sealed_key_identities(void);

/* Append a sealed file of `len` bytes to `out`; for the passphrase, or key. */
void sealed_make(slu_buf *out, const void *plain, size_t len);
void sealed_make_for_key(slu_buf *out, const void *plain, size_t len);

/* Bytes of a sealed file's header, up to the payload's nonce. */
size_t sealed_header_len(const void *file, size_t len);

/*
 * The file's own key, as an identity; to be freed.  With it nothing is
 * spent on a passphrase.
 */
slu_identities *sealed_file_key(const void *file, size_t len);

#endif
