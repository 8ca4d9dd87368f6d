/* SPDX-License-Identifier: ISC */
/* view_internal.h: the bytes behind view.h. */
#ifndef SLUICE_BIO_VIEW_INTERNAL_H
#define SLUICE_BIO_VIEW_INTERNAL_H

#include "sluice/bio.h"

/*
 * The `*len` bytes that a chain that is a view alone has still to give, where
 * they lie; NULL where it is something else, or there are none.
 */
const unsigned char *slu_view_ahead(slu_bio *bio, size_t *len);

/* Have such a chain go on behind `len` of them. */
void slu_view_skip(slu_bio *bio, size_t len);

#endif
