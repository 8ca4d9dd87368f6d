/* SPDX-License-Identifier: ISC */
/* match.h: which of our identities opens a header. */
#ifndef SLUICE_SEAL_MATCH_H
#define SLUICE_SEAL_MATCH_H

#include "identity_internal.h"
#include "parse.h"

/*
 * Find the file key of a header that was parsed to its end, with one
 * identity after the other, and hold the header to its MAC.
 *
 *     SLU_ERR_FORMAT     a stanza of a type that we know is malformed,
 *                        whatever the identities are
 *     SLU_ERR_AUTH       one opened it, but it is not what was sealed
 *     SLU_ERR_LIMIT      one might open it, at a higher cost than allowed
 *     SLU_ERR_NO_MATCH   none opens it
 *
 * Where identities differ in their answers, the first in this list counts.
 * `*over_limit` is the header's work factor where that is more than one of
 * them allows, or else 0.
 */
slu_status slu_match(const slu_identities *ids, const slu_parser *p,
    unsigned char file_key[SLU_FILE_KEY], unsigned *over_limit) SLU_CHECKED;

/* Whether each stanza of a type that we know has its form: SLU_ERR_FORMAT. */
slu_status slu_match_check(const slu_header *h) SLU_CHECKED;

/*
 * Like slu_match, for a header whose stanzas have their form, and whose MAC
 * may be of another one: `*fits` says whether it fits.  If not, the file key
 * is one that somebody wrapped for us, and only a chunk that opens can tell
 * that it is this file's.
 */
slu_status slu_match_damaged(const slu_identities *ids, const slu_parser *p,
    unsigned char file_key[SLU_FILE_KEY], unsigned *over_limit,
    bool *fits) SLU_CHECKED;

#endif
