/* SPDX-License-Identifier: ISC */
/* zstream.h: what deflate.c and inflate.c ask of zlib alike. */
#ifndef SLUICE_BIO_ZSTREAM_H
#define SLUICE_BIO_ZSTREAM_H

#include <stddef.h>

#define ZLIB_CONST
#include <zlib.h>

#include "sluice/status.h"

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
