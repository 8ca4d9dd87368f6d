/* SPDX-License-Identifier: ISC */
/* text.h: what holds for every filter that decodes a text with line breaks. */
#ifndef SLUICE_TESTS_TEXT_H
#define SLUICE_TESTS_TEXT_H

#include "trial.h"

/* Decode all of a text into `out`: SLU_EOF, or the fault. */
typedef slu_status text_decode(
    const void *text, size_t len, const trial_pace *pace, slu_buf *out);

typedef struct text_fault {
	const char *text, *plain, *words; /* `plain` comes before the fault */
	slu_status st;                    /* SLU_OK: SLU_ERR_FORMAT */
} text_fault;

/* Hold it to each of these, whole, byte by byte and choked. */
void text_faults_are_told(
    text_decode *decode, const text_fault *faults, size_t count);

/* `good` is "HELLO WORLD!!", wherever its lines are broken. */
void text_breaks_anywhere(text_decode *decode, const char *good);

/* Of line breaks alone, or of nothing, no bytes come. */
void text_may_be_empty(text_decode *decode);

/*
 * Of `text`, a decoder that `push` puts above it gives "ABC" once `enough`
 * bytes have come, and "DEF" after the rest.
 */
void text_is_not_held_back(
    slu_status (*push)(slu_bio **top), const char *text, size_t enough);

#endif
