/* SPDX-License-Identifier: ISC */
/*
 * words.h: passphrases of words drawn at random.
 *
 * The words are those of the EFF's large list, 6^5 = 7776 of them, so that
 * each word adds 12.92 bits of entropy: eight words make 103 bits.
 */
#ifndef SLUICE_WORDS_H
#define SLUICE_WORDS_H

#include <stddef.h>

#include "sluice/buf.h"

SLU_BEGIN_DECLS

#define SLU_WORDS_LIST 7776 /* words in the list */
#define SLU_WORDS_MAX 1024  /* words in a passphrase */

/* The word at `i` of the list, which is sorted; NULL past its end. */
const char *slu_words_at(size_t i);

/*
 * Append `count` words, drawn independently of each other, to `out`, with
 * `separator` between them and no NUL at the end.  A `count` of 0 or over
 * SLU_WORDS_MAX is SLU_ERR_USAGE; words that do not fit are SLU_ERR_LIMIT.
 * Every failure leaves `out` as it was.
 */
slu_status slu_words_append(
    slu_buf *out, size_t count, const char *separator) SLU_CHECKED;

SLU_END_DECLS

#endif
