/* SPDX-License-Identifier: ISC */
/* deflate.h: compressed streams (RFC 1950, 1951, 1952), by zlib. */
#ifndef SLUICE_DEFLATE_H
#define SLUICE_DEFLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

typedef enum slu_deflate_format {
	SLU_ZLIB = 0, /* RFC 1950, Adler-32 at the end */
	SLU_GZIP,     /* RFC 1952, CRC-32 at the end */
	SLU_RAW,      /* RFC 1951, no check at the end */
} slu_deflate_format;

#define SLU_DEFLATE_STORE (-1) /* the level that does not compress */

typedef struct slu_deflate_options {
	slu_deflate_format format;
	/* 1 (fast) to 9 (small), or SLU_DEFLATE_STORE; 0 means 6. */
	int level;
	/*
	 * Compress in blocks of SLU_DEFLATE_BLOCK bytes, by so many threads
	 * beside the caller's; 0 and 1 mean: by the caller's, in one piece.
	 */
	unsigned threads;
} slu_deflate_options;

#define SLU_DEFLATE_BLOCK (256 * 1024) /* bytes */
#define SLU_DEFLATE_THREADS_MAX 64

typedef struct slu_inflate_options {
	slu_deflate_format format;
	/* Give out at most this many bytes; 0 means as many as come. */
	uint64_t max_size;
	/*
	 * Give out at most this many bytes for each byte read, once over
	 * 1 MiB came out; 0 means SLU_INFLATE_RATIO.  Deflate cannot pass
	 * SLU_INFLATE_RATIO_MAX, so that value and more mean: no limit.
	 */
	unsigned max_ratio;
	/*
	 * Stop at the end of the first stream, or gzip member.  What follows
	 * it is left to be read from below, once SLU_EOF was said.
	 */
	bool first_only;
} slu_inflate_options;

#define SLU_INFLATE_RATIO 250
#define SLU_INFLATE_RATIO_MAX 1032

/*
 * Compress what is written above.  A flush makes all that was written
 * readable at the other end, at a cost of some bytes, and writes nothing
 * where nothing new was written; a finish ends the stream with its check.
 * A gzip header says nothing of time, name or system, so that the same
 * bytes give the same stream on every machine with the same zlib, in
 * whatever pieces they are written (but for SLU_DEFLATE_STORE in one piece,
 * whose blocks follow the pieces).  `options` may be NULL; a level or a
 * number of threads out of range is SLU_ERR_USAGE.
 *
 * From 2 threads on, the stream is the same for any number of them: still
 * one stream, or one gzip member, larger than in one piece by some bytes for
 * each block, mostly less than 1 %.  Threads are started once there are full
 * blocks, with all signals blocked but those of a fault, and end in the free,
 * after the block they are at.  Where none can be had, there are fewer, or the
 * caller's does it all.  Up to two blocks for each thread may be under way,
 * for which memory is taken as they come, 850 KiB each.  In a child of fork
 * the threads are missing: there, a chain that has started them can be freed,
 * and whatever else needs them is SLU_ERR_USAGE.
 */
slu_status slu_deflate(
    slu_bio **top, const slu_deflate_options *options) SLU_CHECKED;

/*
 * Decompress what is read from below, to its end, giving out all that can
 * be known of what has arrived.  Several gzip members one after the other
 * are one stream, as gzip(1) has it.  A stream that stops early, within any
 * member or before the first byte, is SLU_ERR_TRUNCATED.  One that is
 * malformed, fails its check, needs a preset dictionary, or is followed by
 * anything else, padding with zeros included, is SLU_ERR_FORMAT.  One that
 * passes a limit is SLU_ERR_LIMIT.  Each says which.  Bytes from before the
 * fault may have been given out already.  `options` may be NULL.
 *
 * To go on behind a stream that was read with `first_only`, take this filter
 * off again (slu_bio_drop) and read what is below.  Whether another member
 * follows, a byte read there tells, which slu_bio_unread gives back: over
 * nothing at all, a new filter would be SLU_ERR_TRUNCATED.
 */
slu_status slu_inflate(
    slu_bio **top, const slu_inflate_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
