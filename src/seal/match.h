/* SPDX-License-Identifier: ISC */
/* match.h: which of our identities opens a header. */
#ifndef SLUICE_SEAL_MATCH_H
#define SLUICE_SEAL_MATCH_H

#include "identity_internal.h"
#include "parse.h"

/* What is told of a header beside how opening it ends. */
typedef struct slu_match_told {
	unsigned over_limit; /* its work factor, if an identity allows less */
	bool foreign;        /* all its stanzas are of types we don't know */
} slu_match_told;

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
 */
slu_status slu_match(const slu_identities *ids, const slu_parser *p,
    unsigned char file_key[SLU_FILE_KEY], slu_match_told *told) SLU_CHECKED;

/* Whether each stanza of a type that we know has its form: SLU_ERR_FORMAT. */
slu_status slu_match_check(const slu_header *h) SLU_CHECKED;

/*
 * Like slu_match, for a header whose stanzas have their form, and whose MAC
 * may be of another one: `*fits` says whether it fits.  If not, the file key
 * is one that somebody wrapped for us, and only a chunk that opens can tell
 * that it is this file's.
 */
slu_status slu_match_damaged(const slu_identities *ids, const slu_parser *p,
    unsigned char file_key[SLU_FILE_KEY], slu_match_told *told,
    bool *fits) SLU_CHECKED;

#endif
