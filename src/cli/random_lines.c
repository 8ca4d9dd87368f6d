/* SPDX-License-Identifier: ISC */
#include "random_lines.h"

#include <stdlib.h>
#include <string.h>

#include "../base/memory.h"
#include "sluice/buf.h"
#include "sluice/choice.h"
#include "sluice/copy.h"
#include "sluice/lines.h"
#include "sluice/mem.h"
#include "sluice/rand.h"
#include "sluice/secret.h"

#define UNKNOWN_ROOM ((uint64_t)1 << 32) /* where the system tells nothing */
#define AHEAD 16                         /* lines */
#define LINE_COSTS 64 /* bytes, beside its own, to hold a line by itself */

/* Bytes that lines may take. */
static size_t
room(void)
{
	uint64_t left = slu_memory_available();

	left = left == SLU_MEMORY_UNKNOWN ? UNKNOWN_ROOM : left;
	return left / 4 < SIZE_MAX / 4 ? (size_t)(left / 4) : SIZE_MAX / 4;
}

static slu_status
too_much(size_t limit)
{
	return slu_fail(SLU_ERR_LIMIT,
	    "random: lines of more than the %zu bytes that memory has room for",
	    limit);
}

static slu_status
out_of_memory(void)
{
	return slu_fail(SLU_ERR_MEMORY, "random: out of memory");
}

static slu_status
put(slu_bio *out, const void *data, size_t len)
{
	size_t n;

	return slu_bio_write_all(out, data, len, &n);
}

/* Read all of `in`, and end its last line. */
static slu_status
read_all(slu_buf *text, slu_bio *in)
{
	slu_bio *c = NULL;
	slu_status st;

	st = slu_mem_open(&c, text);
	if (st == SLU_OK)
		st = slu_bio_copy(c, in);
	slu_bio_free(c);
	if (st == SLU_OK && text->len > 0 &&
	    slu_buf_front(text)[text->len - 1] != '\n')
		st = slu_buf_add(text, "\n", 1);
	return st == SLU_ERR_LIMIT ? too_much(text->limit) : st;
}

static const unsigned char *
end_of_line(const unsigned char *line, const unsigned char *end)
{
	const unsigned char *p = memchr(line, '\n', (size_t)(end - line));

	return p + 1;
}

/* Lines lie far from each other now: some are on their way from memory. */
static slu_status
put_lines(slu_bio *out, const unsigned char **each, size_t n,
    const unsigned char *end)
{
	slu_status st = SLU_OK;

	for (size_t i = 0; i < n && st == SLU_OK; i++) {
		if (i + AHEAD < n)
			__builtin_prefetch(each[i + AHEAD]);
		st = put(out, each[i],
		    (size_t)(end_of_line(each[i], end) - each[i]));
	}
	return st;
}

slu_status
random_lines_shuffle(slu_bio *out, slu_bio *in, uint64_t *lines)
{
	slu_buf text = { .limit = room() };
	const unsigned char *p, *end, **each = NULL;
	size_t n = 0, i = 0;
	slu_status st;

	st = read_all(&text, in);
	if (st != SLU_OK || text.len == 0)
		goto out;
	end = slu_buf_front(&text) + text.len;
	for (p = slu_buf_front(&text); p < end; p = end_of_line(p, end))
		n++;
	if (n > room() / sizeof(*each) * 2)
		st = too_much(text.limit);
	else if ((each = malloc(n * sizeof(*each))) == NULL)
		st = out_of_memory();
	if (st)
		goto out;
	for (p = slu_buf_front(&text); p < end; p = end_of_line(p, end))
		each[i++] = p;
	slu_choice_shuffle(NULL, each, n, sizeof(*each));
	st = put_lines(out, each, n, end);
	slu_wipe(each, n * sizeof(*each));
out:
	*lines = n;
	free(each);
	slu_buf_free(&text);
	return st;
}

struct line {
	unsigned char *text; /* owned */
	size_t len;
};

/* Lines that are held; the first `n` of `each`. */
struct reservoir {
	struct line *each; /* owned */
	size_t n, cap, most;
	size_t bytes, limit;
};

static void
let_go(struct reservoir *r, struct line *l)
{
	if (l->text != NULL)
		slu_wipe(l->text, l->len);
	free(l->text);
	r->bytes -= l->len > 0 ? l->len + LINE_COSTS : 0;
	*l = (struct line){ 0 };
}

static void
reservoir_free(struct reservoir *r)
{
	for (size_t i = 0; i < r->n; i++)
		let_go(r, &r->each[i]);
	free(r->each);
}

static slu_status
add_slot(struct reservoir *r)
{
	size_t cap = r->cap == 0 ? 64 : r->cap * 2;
	struct line *each;

	if (r->n == r->cap) {
		cap = cap < r->most ? cap : r->most;
		each = realloc(r->each, cap * sizeof(*each));
		if (each == NULL)
			return out_of_memory();
		r->each = each;
		r->cap = cap;
	}
	r->each[r->n++] = (struct line){ 0 };
	return SLU_OK;
}

/* Hold a line in the place of another, or in one that is new. */
static slu_status
hold(struct reservoir *r, size_t i, const char *text, size_t len)
{
	slu_status st = SLU_OK;
	struct line *l;

	if (i == r->n)
		st = add_slot(r);
	if (st)
		return st;
	l = &r->each[i];
	let_go(r, l);
	if (len + 1 + LINE_COSTS > r->limit - r->bytes)
		return too_much(r->limit);
	l->text = malloc(len + 1);
	if (l->text == NULL)
		return out_of_memory();
	memcpy(l->text, text, len);
	l->text[len] = '\n';
	l->len = len + 1;
	r->bytes += l->len + LINE_COSTS;
	return SLU_OK;
}

/*
 * Whatever number of lines was read, each of them is held with the same
 * probability: Vitter's algorithm R (1985), after Waterman.
 */
slu_status
random_lines_sample(slu_bio *out, slu_bio *in, size_t count, uint64_t *lines)
{
	struct reservoir r = { .most = count, .limit = room() };
	slu_lines *reader = NULL;
	const char *text;
	uint64_t i, n = 0;
	slu_status st;
	size_t len;

	st = slu_lines_new(&reader, in, r.limit);
	while (st == SLU_OK &&
	       (st = slu_lines_next(reader, &text, &len)) == SLU_OK) {
		i = n < count ? n : slu_rand_below(n + 1);
		n++;
		if (i < count)
			st = hold(&r, (size_t)i, text, len);
	}
	if (st == SLU_EOF)
		st = SLU_OK;
	if (st == SLU_ERR_LIMIT)
		st = too_much(r.limit);
	slu_choice_shuffle(NULL, r.each, r.n, sizeof(*r.each));
	for (size_t k = 0; k < r.n && st == SLU_OK; k++)
		st = put(out, r.each[k].text, r.each[k].len);
	*lines = n;
	slu_lines_free(reader);
	reservoir_free(&r);
	return st;
}
