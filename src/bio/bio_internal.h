/* SPDX-License-Identifier: ISC */
/* bio_internal.h: what the rooms beside it know of a chain. */
#ifndef SLUICE_BIO_BIO_INTERNAL_H
#define SLUICE_BIO_BIO_INTERNAL_H

#include <stdbool.h>

#include "sluice/bio.h"

/* Whether what moves in a chain is datagrams; no chain moves none. */
bool slu_bio_is_datagram(const slu_bio *bio);

/*
 * The state of a chain that is a BIO of the kind `ops` and nothing else, and
 * can be gone on with: nothing failed, was finished, or was given back to be
 * read again.  NULL where it is not.
 */
void *slu_bio_alone(slu_bio *bio, const slu_bio_ops *ops);

/* Have the chain fail with `st`, whose words were just said, for good. */
slu_status slu_bio_break(slu_bio *bio, slu_status st);

/*
 * Read on of a chain that failed when it was written: what the peer had sent
 * before may still be there.  The chain stays as it is.
 */
slu_status slu_bio_read_still(
    slu_bio *bio, void *buf, size_t cap, size_t *got) SLU_CHECKED;

/* Whether a read of a chain, failed or not, would find something at once. */
bool slu_bio_is_readable(slu_bio *bio);

#endif
