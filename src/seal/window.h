/* SPDX-License-Identifier: ISC */
/* window.h: a stretch of a source, held while places in it are tried. */
#ifndef SLUICE_SEAL_WINDOW_H
#define SLUICE_SEAL_WINDOW_H

#include "chunk.h"
#include "sluice/sealed.h"

#define SLU_WINDOW (4 * SLU_CHUNK_SEALED) /* bytes at the most */

typedef struct slu_window {
	const slu_sealed_source *source; /* lent */
	uint64_t at;                     /* the first byte that is held */
	size_t len;                      /* and how many are; 0: none */
	unsigned char bytes[SLU_WINDOW];
} slu_window;

/*
 * The `len` bytes at `at`, all of which are in the file.  Where they are not
 * held yet, up to `ahead` bytes from `from` on are read, and held from now on,
 * `from` being at most `at`, and `ahead` at most SLU_WINDOW.  What cannot be
 * read is zeros: as good as damaged.
 */
const unsigned char *slu_window_have(
    slu_window *w, uint64_t at, size_t len, uint64_t from, size_t ahead);

#endif
