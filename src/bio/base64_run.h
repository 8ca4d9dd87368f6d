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

/* Where in a line a run is, and what the line before was like. */
typedef struct slu_base64_line {
	size_t done;   /* characters since the latest line break */
	size_t chars;  /* of the line that it ended; 0: there was none */
	size_t ending; /* bytes of that break: LF or CRLF */
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

/* How many bytes the line break has that stands here, or 0. */
static inline size_t
slu_base64_run_break(const slu_base64_run *r)
{
	if (r->in_len >= 1 && r->in[0] == '\n')
		return 1;
	return r->in_len >= 2 && r->in[0] == '\r' && r->in[1] == '\n' ? 2 : 0;
}

/* Step over `n` bytes that are no characters. */
static inline void
slu_base64_run_skip(slu_base64_run *r, size_t n)
{
	r->in += n;
	r->in_len -= n;
}

/*
 * What to expect from here on: lines like the one before, or, where they are
 * long or there was none, characters without an end.
 */
static inline slu_base64_line
slu_base64_line_next(const slu_base64_line *l)
{
	if (l->chars == 0 || l->chars > SLU_BASE64_TRY)
		return (slu_base64_line){ .chars = SLU_BASE64_TRY };
	return *l;
}

/*
 * How many such lines there are text and room for, and a vector of `width`
 * behind each; none in the middle of one.
 */
static inline size_t
slu_base64_line_fit(
    const slu_base64_line *l, const slu_base64_run *r, size_t width)
{
	size_t bytes = l->chars / SLU_BASE64_TEXT * SLU_BASE64_GROUP;
	size_t in, out;

	if (l->done > 0 || r->in_len < width || r->out_cap < width)
		return 0;
	in = (r->in_len - width) / (l->chars + l->ending);
	out = (r->out_cap - width) / bytes;
	return in < out ? in : out;
}

/* Whether the line break is there that is due after such a line at `in`. */
static inline bool
slu_base64_line_ends(const slu_base64_line *l, const unsigned char *in)
{
	in += l->chars;
	return l->ending == 0 ||
	       (in[l->ending - 1] == '\n' && (l->ending == 1 || *in == '\r'));
}

/* Count `n` lines like `next` as decoded. */
static inline void
slu_base64_line_on(slu_base64_line *l, const slu_base64_line *next,
    slu_base64_run *r, size_t n)
{
	slu_base64_run_on(r, n * (next->chars / SLU_BASE64_TEXT));
	slu_base64_run_skip(r, n * next->ending);
	if (next->ending == 0)
		l->done += n * next->chars;
}

/*
 * Of one vector of `width`, `n` characters are good: step over the groups
 * among them, and the break that ends them, if so; false where there is
 * none, and decoding has to stop.
 */
static inline bool
slu_base64_line_step(
    slu_base64_line *l, slu_base64_run *r, size_t n, size_t width)
{
	size_t groups = n / SLU_BASE64_TEXT, ending;

	slu_base64_run_on(r, groups);
	l->done += groups * SLU_BASE64_TEXT;
	if (n == width)
		return true;
	ending = slu_base64_run_break(r);
	slu_base64_run_skip(r, ending);
	*l = (slu_base64_line){ 0, l->done, ending };
	return ending > 0;
}

#endif
