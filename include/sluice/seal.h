/* SPDX-License-Identifier: ISC */
/*
 * seal.h: the filter that seals what is written.
 *
 * Sealed files have the age v1 format (age-encryption.org/v1, C2SP): a text
 * header that wraps a random file key for each recipient, then the payload
 * in chunks of 64 KiB, each encrypted and authenticated on its own by
 * ChaCha20-Poly1305, their order and their end included.  Sealing hides
 * what is in a file, not how long it is: the sealed one is longer by the
 * header, 16 bytes, and 16 bytes for each chunk.
 */
#ifndef SLUICE_SEAL_H
#define SLUICE_SEAL_H

#include "sluice/bio.h"
#include "sluice/recipient.h"

SLU_BEGIN_DECLS

/* Settings to come; there are none yet. */
typedef struct slu_seal_options slu_seal_options;

/*
 * Seal what is written above, for the recipients in `r`, which may be freed
 * as soon as this returns.  The file key is drawn and wrapped here, so a
 * passphrase takes its time and memory now: SLU_ERR_LIMIT where the machine
 * has not that much memory to give.  An empty list, and `options` that are
 * not NULL, are SLU_ERR_USAGE.
 *
 * Up to 64 KiB wait for their chunk to fill.  A flush sends the header and
 * the full chunks; only the finish seals the last one, which tells a reader
 * that the file is whole.
 */
slu_status slu_seal(slu_bio **top, const slu_recipients *r,
    const slu_seal_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
