/* SPDX-License-Identifier: ISC */
/*
 * zblocks.h: one compressed stream, made block by block by several threads.
 *
 * The stream is cut into blocks of a fixed size.  Each is compressed by
 * itself, primed with the 32 KiB before it, and ends at a byte, so that one
 * can be put behind the other.  Where the borders are follows from the bytes
 * written and from the flushes, and from nothing else; so does the stream.
 */
#ifndef SLUICE_BIO_ZBLOCKS_H
#define SLUICE_BIO_ZBLOCKS_H

#include "sluice/deflate.h"

/*
 * Push the filter.  `options` are known to be good, with threads from 2 on;
 * `level` is zlib's.
 */
slu_status slu_zblocks(
    slu_bio **top, const slu_deflate_options *options, int level) SLU_CHECKED;

#endif
