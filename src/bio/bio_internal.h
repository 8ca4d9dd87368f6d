/* SPDX-License-Identifier: ISC */
/* bio_internal.h: what the rooms beside it know of a chain. */
#ifndef SLUICE_BIO_BIO_INTERNAL_H
#define SLUICE_BIO_BIO_INTERNAL_H

#include <stdbool.h>

#include "sluice/bio.h"

/* Whether what moves in a chain is datagrams; no chain moves none. */
bool slu_bio_is_datagram(const slu_bio *bio);

#endif
