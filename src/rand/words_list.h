/* SPDX-License-Identifier: ISC */
/*
 * words_list.h: the word list as a table, which the build makes from
 * eff_large_wordlist.txt.  Rows of one width need no pointers, so nothing
 * is relocated when the library is loaded.
 */
#ifndef SLUICE_RAND_WORDS_LIST_H
#define SLUICE_RAND_WORDS_LIST_H

#include "sluice/words.h"

#define SLU_WORDS_WIDTH 10 /* bytes of the longest word and its NUL */

/* Sorted, each word followed by NULs. */
extern const char slu_words_list[SLU_WORDS_LIST][SLU_WORDS_WIDTH];

#endif
