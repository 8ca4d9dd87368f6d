/* SPDX-License-Identifier: ISC */
/* bare.h: chains whose bytes nobody needs to see. */
#ifndef SLUICE_BIO_BARE_H
#define SLUICE_BIO_BARE_H

#include "sluice/bio.h"

/*
 * The descriptor that reads of `bio` move bytes from, or writes to, where no
 * BIO above the sink has a part in them and the chain would let them through;
 * else -1.
 */
int slu_bare_source(const slu_bio *bio);
int slu_bare_target(const slu_bio *bio);

#endif
