/* SPDX-License-Identifier: ISC */
/* zstream.h: what the rooms that compress ask of zlib alike. */
#ifndef SLUICE_BIO_ZSTREAM_H
#define SLUICE_BIO_ZSTREAM_H

#include <stddef.h>

#define ZLIB_CONST
#include <zlib.h>

#include "sluice/status.h"

#define SLU_ZSTREAM_MEMORY 8 /* zlib's own default: 256 KiB in all */
#define SLU_ZSTREAM_OS 255   /* unknown: RFC 1952, section 2.3.1 */

/*
 * Let zlib take its memory from here: what it frees is wiped first, since
 * its window holds the plain bytes of the stream.
 */
void slu_zstream_memory(z_stream *z);

/* zlib counts in 32 bits: the bytes to offer it of `len` at a time. */
uInt slu_zstream_piece(size_t len);

/* Record that zlib answered `rc` where the stream cannot be to blame. */
slu_status slu_zstream_fail(const char *room, int rc);

#endif
