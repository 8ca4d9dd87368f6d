/* SPDX-License-Identifier: ISC */
/*
 * base64_run.h: text under way to the bytes that it stands for.
 *
 * Every decoding loop moves the same two fronts on: that of the text and
 * that of the bytes.  One that takes vectors guesses that a line is as long
 * as the one before, so that it need not wait to learn where the next vector
 * begins; what it makes of a wrong guess is right all the same.
 */
#ifndef SLUICE_BIO_BASE64_RUN_H
#define SLUICE_BIO_BASE64_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLU_BASE64_GROUP 3 /* bytes that make four characters */
#define SLU_BASE64_TEXT 4

/* Characters to decode, at the most, before asking whether all were good. */
#define SLU_BASE64_TRY 256

typedef struct slu_base64_run {
	const unsigned char *in; /* lent: text that is not decoded yet */
	size_t in_len;
	unsigned char *out; /* lent: room for the bytes */
	size_t out_cap;
} slu_base64_run;

/* Where in a line a run is, in characters. */
typedef struct slu_base64_line {
	size_t done; /* since the latest line break */
	size_t left; /* to the next one, by guess; SIZE_MAX: no guess */
} slu_base64_line;

/* Count `groups` groups as decoded. */
static inline void
slu_base64_run_on(slu_base64_run *r, size_t groups)
{
	r->in += groups * SLU_BASE64_TEXT;
	r->in_len -= groups * SLU_BASE64_TEXT;
	r->out += groups * SLU_BASE64_GROUP;
	r->out_cap -= groups * SLU_BASE64_GROUP;
}

/* Step over a line break, LF or CRLF; false where there is none. */
static inline bool
slu_base64_run_break(slu_base64_run *r)
{
	size_t n;

	if (r->in_len >= 1 && r->in[0] == '\n')
		n = 1;
	else if (r->in_len >= 2 && r->in[0] == '\r' && r->in[1] == '\n')
		n = 2;
	else
		return false;
	r->in += n;
	r->in_len -= n;
	return true;
}

/*
 * How many characters from here on are worth decoding at one go: what is
 * left of the line, by guess.  0 where that, to the end of its last vector
 * of `width`, is more than there is text or room.
 */
static inline size_t
slu_base64_line_try(
    const slu_base64_line *l, const slu_base64_run *r, size_t width)
{
	size_t n = l->left < SLU_BASE64_TRY ? l->left : SLU_BASE64_TRY;

	return r->in_len >= n + width && r->out_cap >= n + width ? n : 0;
}

/* All of them were good: step over them, and the break due after them. */
static inline void
slu_base64_line_on(slu_base64_line *l, slu_base64_run *r, size_t n)
{
	slu_base64_run_on(r, n / SLU_BASE64_TEXT);
	l->done += n;
	l->left -= n;
	if (l->left > 0)
		return;
	l->left = SIZE_MAX;
	if (slu_base64_run_break(r)) {
		l->left = l->done;
		l->done = 0;
	}
}

/*
 * The guess was wrong: of one vector of `width`, `n` characters are good.
 * Step over the groups among them and the break that ends them, if so; false
 * where there is none, and decoding has to stop.
 */
static inline bool
slu_base64_line_step(
    slu_base64_line *l, slu_base64_run *r, size_t n, size_t width)
{
	size_t groups = n / SLU_BASE64_TEXT;

	slu_base64_run_on(r, groups);
	l->done += groups * SLU_BASE64_TEXT;
	l->left = SIZE_MAX;
	if (n == width)
		return true;
	if (!slu_base64_run_break(r))
		return false;
	if (l->done > 0)
		l->left = l->done;
	l->done = 0;
	return true;
}

#endif
