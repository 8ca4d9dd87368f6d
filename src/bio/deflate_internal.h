/* SPDX-License-Identifier: ISC */
/* deflate_internal.h: what the reading side needs to know of the formats. */
#ifndef SLUICE_BIO_DEFLATE_INTERNAL_H
#define SLUICE_BIO_DEFLATE_INTERNAL_H

#include "sluice/deflate.h"

/* The number by which zlib is told the format; 0 if it is none of ours. */
int slu_deflate_bits(slu_deflate_format format);

#endif
