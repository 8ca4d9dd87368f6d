/* SPDX-License-Identifier: ISC */
/*
 * text64.h: base64 by the rooms under test, and by models of them that are
 * too plain to be wrong.
 *
 * The rooms work by every path that this processor can take, and all of
 * them must answer alike, word for word: so every table of results is one
 * for all paths.  Options may be NULL everywhere.
 */
#ifndef SLUICE_TESTS_TEXT64_H
#define SLUICE_TESTS_TEXT64_H

#include "sluice/base64.h"
#include "trial.h"

/* Every alphabet with every padding: options to go through. */
#define TEXT64_KINDS 6
extern const slu_base64_options text64_kinds[TEXT64_KINDS];

/* Encode with the room under test, and add the text to `out`. */
void text64_encode(const void *plain, size_t len,
    const slu_base64_options *options, slu_buf *out);

/* Decode with the room under test: SLU_EOF, or the fault. */
slu_status text64_decode(const void *text, size_t len,
    const slu_base64_options *options, const trial_pace *pace, slu_buf *out);

/* Encode with the plainest encoder there can be. */
void text64_model(const unsigned char *plain, size_t len,
    const slu_base64_options *options, slu_buf *out);

/*
 * What strictness means: a text is right if and only if, line breaks aside,
 * it is what encoding its bytes gives.  `plain` is what a lax decoder makes
 * of it.
 */
bool text64_is_canonical(const char *text, size_t len,
    const slu_base64_options *options, const unsigned char *plain,
    size_t plain_len);

/* The room under test must judge a text by that rule, and decode it. */
void text64_check(const char *text, size_t len,
    const slu_base64_options *options, const trial_pace *pace);

#endif
