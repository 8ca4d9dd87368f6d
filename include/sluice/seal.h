/* SPDX-License-Identifier: ISC */
/*
 * seal.h: the filter that seals what is written.
 *
 * Sealed files have the age v1 format (age-encryption.org/v1, C2SP): a text
 * header that wraps a random file key for each recipient, then the payload
 * in chunks of 64 KiB, each encrypted and authenticated on its own by
 * ChaCha20-Poly1305, their order and their end included.  Sealing hides
 * what is in a file, not how long it is: the sealed one is longer by the
 * header, 16 bytes, and 16 bytes for each chunk.
 */
#ifndef SLUICE_SEAL_H
#define SLUICE_SEAL_H

#include "sluice/bio.h"
#include "sluice/recipient.h"

SLU_BEGIN_DECLS

typedef struct slu_seal_options {
	/*
	 * Seal by so many threads beside the caller's; 0 and 1 mean: by the
	 * caller's alone.
	 */
	unsigned threads;
} slu_seal_options;

#define SLU_SEAL_THREADS_MAX 64

/*
 * Seal what is written above, for the recipients in `r`, which may be freed
 * as soon as this returns.  The file key is drawn and wrapped here, so a
 * passphrase takes its time and memory now: SLU_ERR_LIMIT where the machine
 * has not that much memory to give, and where very many keys of RSA take a
 * header of more than 1 MiB, which is the longest that is read.  An empty
 * list, and more threads than there may be, are SLU_ERR_USAGE.  `options` may
 * be NULL.
 *
 * A source of plain bytes becomes one of sealed bytes by slu_pull (pull.h),
 * with this in it:
 *
 *     static slu_status
 *     seal_for(slu_bio **writer, void *recipients)
 *     {
 *             return slu_seal(writer, recipients, NULL);
 *     }
 *
 *     slu_file_open(&c, "notes.txt");
 *     slu_pull(&c, seal_for, recipients);
 *     ... slu_bio_read(c, ...) ...        what notes.txt.age would hold
 *
 * Up to 64 KiB wait for their chunk to fill.  A flush sends the header and
 * the full chunks; only the finish seals the last one, which tells a reader
 * that the file is whole.
 *
 * From 2 threads on, what comes out is the same, but up to 512 KiB wait, and
 * as much again twice for each thread may be under way: 1 MiB of memory each,
 * taken as it comes.  Threads are started once more than 512 KiB were
 * written, with all signals blocked but those of a fault, and end in the free,
 * after what they are at.  Where none can be had, there are fewer, or the
 * caller's does it all.  In a child of fork the threads are missing: there, a
 * chain that has started them can be freed, and whatever else needs them is
 * SLU_ERR_USAGE.
 *
 * After a fork, only one of the two processes may go on with a chain.  Both
 * would seal under the same nonces, and what they sealed, put side by side,
 * would give away what is in it.
 */
slu_status slu_seal(slu_bio **top, const slu_recipients *r,
    const slu_seal_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
