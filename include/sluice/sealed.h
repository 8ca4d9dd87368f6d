/* SPDX-License-Identifier: ISC */
/*
 * sealed.h: any part of a sealed file, without what is before it.
 *
 * Each 64 KiB of a sealed file are encrypted and authenticated on their own,
 * so a part takes no more than the header, the chunks that it lies in, and
 * the last chunk, which tells how long the file really is.  In armor these are
 * the lines that hold them, since all lines but the last are of one length.
 */
#ifndef SLUICE_SEALED_H
#define SLUICE_SEALED_H

#include <stddef.h>
#include <stdint.h>

#include "sluice/identity.h"
#include "sluice/unseal.h"

SLU_BEGIN_DECLS

/* Where sealed bytes are read from, out of order. */
typedef struct slu_sealed_source {
	/*
	 * Fill `buf` with the `len` bytes from `offset` on, all of which are
	 * below `size`, or fail and say why (slu_fail).  Whatever else it
	 * answers, SLU_EOF too, is SLU_ERR_USAGE.
	 */
	slu_status (*read_at)(
	    void *arg, uint64_t offset, void *buf, size_t len);
	void *arg;     /* lent to each call */
	uint64_t size; /* bytes of the sealed file */
} slu_sealed_source;

typedef struct slu_sealed slu_sealed;

/*
 * Open the sealed file that `source` reads, with the identities in `ids`;
 * both are copied or used before this returns, but for the source's `arg`,
 * which is lent for as long as `*out` lives.  The header and the last chunk
 * are read, opened and authenticated now: the size is then as it was sealed.
 * The failures are those of slu_unseal.
 *
 * Armor (armor.h) comes off as it is read, both its ends now, and its faults
 * are those of slu_dearmor; bytes of the file are then those without it.  Its
 * lines have to end alike, all with LF or all with CRLF, but for the first and
 * the last two; where they do not, which slu_dearmor takes, or are not of one
 * length, it is SLU_ERR_FORMAT.
 *
 * `options` may be NULL; of them all but `threads` are of use, and they are
 * told before this returns.
 */
slu_status slu_sealed_open(slu_sealed **out, const slu_sealed_source *source,
    slu_identities *ids, const slu_unseal_options *options) SLU_CHECKED;

/* The same for the file at `path`, which has to be a regular one. */
slu_status slu_sealed_open_file(slu_sealed **out, const char *path,
    slu_identities *ids, const slu_unseal_options *options) SLU_CHECKED;

/* How many bytes were sealed. */
uint64_t slu_sealed_size(const slu_sealed *s);

/*
 * Read `cap` bytes from `offset` on, or as many as there are: `*got` says how
 * many.  SLU_EOF at the end and behind it.  Where a chunk is not what was
 * sealed, this gives the bytes before it; if there are none, it is
 * SLU_ERR_AUTH, and says at which byte, or SLU_ERR_FORMAT, where its armor is
 * damaged, and says at which of the text.  A failure concerns the chunk that
 * was read: other ranges can be read all the same.  The chunk that was read
 * last is kept, so that small reads in it cost no more than a copy.
 */
slu_status slu_sealed_read_at(slu_sealed *s, uint64_t offset, void *buf,
    size_t cap, size_t *got) SLU_CHECKED;

/* Wipe and free; NULL is fine. */
void slu_sealed_free(slu_sealed *s);

SLU_END_DECLS

#endif
