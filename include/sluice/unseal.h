/* SPDX-License-Identifier: ISC */
/* unseal.h: the filter that opens what seal.h sealed. */
#ifndef SLUICE_UNSEAL_H
#define SLUICE_UNSEAL_H

#include <stdbool.h>

#include "sluice/bio.h"
#include "sluice/identity.h"

SLU_BEGIN_DECLS

/*
 * How to open, and what opening says beside its words.  What is lent is lent
 * for as long as the chain lives; it is set to zero by slu_unseal.
 */
typedef struct slu_unseal_options {
	/*
	 * Open by so many threads beside the caller's; 0 and 1 mean: by the
	 * caller's alone.
	 */
	unsigned threads;
	/*
	 * Lent: told the file's work factor where it is over the
	 * `max_work_factor` of an identity, which is SLU_ERR_LIMIT unless
	 * another one opens the file.  May be NULL.
	 */
	unsigned *over_limit;
	/*
	 * Lent: told whether the file is sealed only for types that we don't
	 * know, so that it takes another program: that is SLU_ERR_NO_MATCH.
	 * May be NULL.
	 */
	bool *foreign;
	/* Lent: told whether the file came in armor.  May be NULL. */
	bool *armored;
} slu_unseal_options;

#define SLU_UNSEAL_THREADS_MAX 64

/*
 * Open what is read from below with the identities in `ids`, which may be
 * freed as soon as this returns.  Only authenticated bytes are given out,
 * and SLU_EOF only after the end was authenticated too: until then a file
 * may still turn out to be cut short.  The buffer that a read is given may
 * be used as scratch space; what lies there beyond `*got` means nothing.
 *
 * Armor (armor.h) comes off by itself, and its faults are those of
 * slu_dearmor; bytes of the file are then those without it.
 *
 *     SLU_ERR_FORMAT     not a sealed file, malformed, or longer than its
 *                        end; says at which byte of the file
 *     SLU_ERR_NO_MATCH   no identity opens it: a wrong passphrase, or a
 *                        file for other kinds of recipients, which it names
 *     SLU_ERR_LIMIT      its work factor or its header is over our limit,
 *                        or over the machine's memory
 *     SLU_ERR_AUTH       forged or damaged; says at which byte of the
 *                        plaintext, all before it being intact
 *     SLU_ERR_TRUNCATED  cut short; says after how many bytes of plaintext
 *
 * Where a file was cut in the middle of a chunk, nothing tells that from
 * damage to the chunk: it is SLU_ERR_AUTH, whose words name both.
 *
 * From 2 threads on, the same bytes come out, in the same order and with the
 * same failures behind them, but `next` is read further ahead, as long as it
 * gives without waiting (slu_bio_wait tells): up to 512 KiB twice for each
 * thread, which takes 1 MiB of memory each.  The threads are as those of seal.h
 * are.
 *
 * `options` may be NULL; more threads than there may be are SLU_ERR_USAGE.
 */
slu_status slu_unseal(slu_bio **top, slu_identities *ids,
    const slu_unseal_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
