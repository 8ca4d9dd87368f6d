/* SPDX-License-Identifier: ISC */
/*
 * mend.h: what is left of a damaged header.
 *
 * A stanza gives the file key whatever became of the others and of the MAC, and
 * each chunk of the payload is authenticated under that key by itself.  So
 * to salvage what is intact takes one stanza, and the place where the payload
 * begins.  All other uses hold a header to its grammar, and to its MAC.
 */
#ifndef SLUICE_SEAL_MEND_H
#define SLUICE_SEAL_MEND_H

#include <stdbool.h>

#include "aead.h"
#include "parse.h"
#include "sluice/sealed.h"

/*
 * Have in `out`, a new parser, the stanzas of a header which have their form,
 * of the `len` bytes that a file begins with.  `*used` is the header's length,
 * or 0 where it cannot be told, since its end is damaged too.
 */
slu_status slu_mend(
    slu_parser *out, const void *text, size_t len, size_t *used) SLU_CHECKED;

/*
 * slu_source_open (source.h), for a header that may be damaged, as `*damaged`
 * says.  The failures are the same.
 */
slu_status slu_mend_open(const slu_sealed_source *source, slu_identities *ids,
    const slu_unseal_options *options, unsigned char key[SLU_KEY_SIZE],
    uint64_t *begin, bool *damaged) SLU_CHECKED;

#endif
