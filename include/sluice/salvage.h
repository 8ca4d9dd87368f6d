/* SPDX-License-Identifier: ISC */
/*
 * salvage.h: what is left of a sealed file that was damaged.
 *
 * Each chunk of 64 KiB is authenticated on its own and says where it belongs,
 * so damage to one spoils no other.  What gives the key is needed whole: the
 * file's first line, a stanza that is for us, and the nonce behind the header.
 *
 * Of a file in armor no more is needed than the lines that these are in, and
 * damage to another line spoils the chunks that this one is of.  The lines
 * that begin and end the armor may be damaged or gone, lines may have become
 * longer or shorter, and there may be text behind it all, and up to 32 KiB
 * before.  SLU_ERR_LIMIT where lines differ in more than 262,144 places.
 */
#ifndef SLUICE_SALVAGE_H
#define SLUICE_SALVAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "sluice/bio.h"
#include "sluice/sealed.h"

SLU_BEGIN_DECLS

/* How a damaged file ends. */
typedef enum slu_salvage_end {
	SLU_SALVAGE_WHOLE = 0, /* its last chunk is there */
	SLU_SALVAGE_MISSING,   /* cut off behind an intact chunk */
	SLU_SALVAGE_LOST,      /* damaged, or cut off within a chunk */
} slu_salvage_end;

typedef struct slu_salvaged {
	uint64_t size;   /* bytes that were written, holes included */
	uint64_t intact; /* bytes of them that are what was sealed */
	uint64_t holes;
	/*
	 * Bytes in front of the others that are lost, where the file has fewer
	 * bytes there than were sealed: its front was cut off.
	 */
	uint64_t front;
	uint64_t extra; /* bytes of the file behind its end, or of no use */
	/* Bytes of the file that stand between its chunks, and are of none. */
	uint64_t added;
	slu_salvage_end end;
	bool armor_damaged; /* slu_unseal would refuse it, whatever was lost */
	/*
	 * The header was damaged or forged, but for a stanza that is ours: who
	 * else can open the file, as it says, is not to be believed.
	 */
	bool header_damaged;
} slu_salvaged;

/*
 * Places at which chunks that moved are looked for, in all.  Each takes some
 * 5 to 10 us, so that a file which has none left is given up after some 10
 * seconds.
 */
#define SLU_SALVAGE_TRIES 1500000

typedef struct slu_salvage_options {
	/*
	 * Told each hole, `len` bytes of plaintext from `offset` on, in order.
	 * That at a lost end is as long as what is left there may have been.
	 * May be NULL.
	 */
	void (*hole)(void *arg, uint64_t offset, uint64_t len);
	void *arg; /* lent */
	/*
	 * Places at the most at which chunks that moved are looked for, in all;
	 * 0 means SLU_SALVAGE_TRIES.
	 */
	uint64_t tries;
	/* Lent: told as slu_unseal_options has them.  May be NULL. */
	unsigned *over_limit;
	bool *foreign;
} slu_salvage_options;

/*
 * Write to `dst` each intact chunk of the sealed file that `source` reads, at
 * its place: a hole before it is filled with zeros.  What cannot be read is
 * lost like what is damaged.  Nothing that is not authentic is written.
 * `dst` is not finished; where it answers a WANT, this waits.
 *
 * Behind damage, chunks are looked for where they should be, and where they are
 * not there, at other places: any within a chunk of that, so that up to 64 KiB
 * may be missing, or too many, from time to time; and further away, up to 8 MiB
 * in multiples of 512 bytes, and up to 64 MiB of whole chunks that are missing,
 * in front too.  One that stands behind a later one is lost: what is written
 * is written in order.
 *
 * A header whose MAC does not fit, or some of whose stanzas are malformed, is
 * no obstacle here as long as one of them gives the file key; all other
 * functions refuse it.
 *
 * SLU_OK where anything is intact, be it all or not: `*out` tells.
 * SLU_ERR_AUTH where nothing is: then it is damaged all over, or the front of
 * its payload was damaged or cut off.  The other failures are those of
 * slu_sealed_open.  `options` may be NULL.
 */
slu_status slu_salvage(slu_bio *dst, const slu_sealed_source *source,
    slu_identities *ids, const slu_salvage_options *options,
    slu_salvaged *out) SLU_CHECKED;

SLU_END_DECLS

#endif
