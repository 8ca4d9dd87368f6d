/* SPDX-License-Identifier: ISC */
/*
 * The reading side of armor.h.  Full lines are decoded in one go, as many as
 * the batch holds; one that is not full, or holds a fault, is taken by itself.
 */
#include "armor_line.h"

#include <string.h>

#include "../bio/batch.h"

#define COLUMNS SLU_ARMOR_COLUMNS
#define LINE_BYTES SLU_ARMOR_LINE_BYTES
#define LINE_MOST SLU_ARMOR_LINE_MOST

struct dearmor {
	enum { FIRST, PLAIN, LEAD, BODY, TAIL, ENDED } phase;
	bool *armored;  /* lent, and told; may be NULL */
	bool detecting; /* it might be no armor, and that is fine */
	slu_batch in;   /* text that is not decoded yet */
	bool eof;       /* there is no more text */
	uint64_t at;    /* where in the text the batch begins */
	size_t blanks;  /* white space on this side of the armor */
	bool mid_line;  /* some of it stands on the line we are in */
	bool last;      /* the line that can only be the last one is taken */
	unsigned char held[LINE_BYTES]; /* bytes there was no room for */
	size_t held_at, nheld;
};

/* A line of the text, which lies in the batch. */
struct line {
	const unsigned char *text;
	size_t len;  /* characters, without the line end */
	size_t used; /* bytes with it; as many where there is none */
};

static const unsigned char *
front(const struct dearmor *d)
{
	return d->in.mem + d->in.off;
}

static void
take(struct dearmor *d, size_t len)
{
	d->in.off += len;
	d->at += len;
}

static slu_status
fault(const struct dearmor *d, size_t in_line, const char *what)
{
	return slu_armor_fault(d->at + in_line, what);
}

static slu_status
cut(const struct dearmor *d)
{
	return slu_armor_cut(d->at + slu_batch_left(&d->in));
}

static slu_status
not_armor(const struct dearmor *d)
{
	if (d->detecting)
		return slu_fail(SLU_ERR_FORMAT, "unseal: not an age file");
	return slu_fail(SLU_ERR_FORMAT, "armor: not an age file in armor");
}

static slu_status
fill(struct dearmor *d, slu_bio *next)
{
	slu_status st;

	st = slu_batch_make(&d->in, SLU_BATCH);
	if (st == SLU_OK)
		st = slu_batch_fill(&d->in, next);
	if (st != SLU_EOF)
		return st;
	d->eof = true;
	return SLU_OK;
}

/*
 * Have the line that begins here.  One that has no end within LINE_MOST bytes
 * is given as so many: it is longer than any that may be.
 */
static slu_status
get_line(struct dearmor *d, slu_bio *next, struct line *l)
{
	const unsigned char *end = NULL;
	slu_status st = SLU_OK;
	size_t n;

	while (st == SLU_OK) {
		n = slu_batch_left(&d->in);
		if (n > LINE_MOST)
			n = LINE_MOST;
		l->text = d->in.mem == NULL ? NULL : front(d);
		end = n == 0 ? NULL : memchr(l->text, '\n', n);
		if (end != NULL || n == LINE_MOST || d->eof)
			break;
		st = fill(d, next);
	}
	if (st)
		return st;
	l->used = end == NULL ? n : (size_t)(end - l->text) + 1;
	l->len = end == NULL ? n : l->used - 1;
	if (end != NULL && l->len > 0 && l->text[l->len - 1] == '\r')
		l->len--;
	return SLU_OK;
}

static bool
has_end(const struct line *l)
{
	return l->len < l->used;
}

static bool
is(const struct line *l, const char *text)
{
	return l->len == strlen(text) && memcmp(l->text, text, l->len) == 0;
}

/* Take white space from the batch; the limit holds at each byte of it. */
static slu_status
skip_blanks(struct dearmor *d)
{
	while (slu_batch_left(&d->in) > 0 && slu_armor_is_blank(*front(d))) {
		if (d->blanks++ == SLU_ARMOR_BLANKS_MAX)
			return slu_armor_too_blank();
		d->mid_line = *front(d) != '\n';
		take(d, 1);
	}
	return SLU_OK;
}

static slu_status
read_lead(struct dearmor *d, slu_bio *next)
{
	static const char begin[] = SLU_ARMOR_BEGIN "\r";
	struct line l;
	slu_status st;

	st = skip_blanks(d);
	if (st)
		return st;
	if (slu_batch_left(&d->in) == 0)
		return d->eof ? not_armor(d) : fill(d, next);
	st = get_line(d, next, &l);
	if (st)
		return st;
	if (d->eof && !has_end(&l) && l.len < sizeof(begin) &&
	    memcmp(l.text, begin, l.len) == 0)
		return cut(d);
	if (!is(&l, SLU_ARMOR_BEGIN) || !has_end(&l) || d->mid_line)
		return not_armor(d);
	take(d, l.used);
	if (d->armored != NULL)
		*d->armored = true;
	d->phase = BODY;
	return SLU_OK;
}

/* Decode full lines like this one, and say how many bytes they gave. */
static size_t
take_lines(
    struct dearmor *d, const struct line *l, unsigned char *out, size_t cap)
{
	size_t lines = slu_batch_left(&d->in) / l->used;

	if (lines > cap / LINE_BYTES)
		lines = cap / LINE_BYTES;
	lines = slu_armor_lines(out, l->text, lines, l->used);
	take(d, lines * l->used);
	return lines * LINE_BYTES;
}

/* Decode a line by itself, the last one perhaps. */
static slu_status
take_line(struct dearmor *d, const struct line *l)
{
	slu_status st;

	if (l->len > 0 && d->last)
		return fault(d, 0, "a line behind the last one");
	st = slu_armor_line(d->held, l->text, l->len, d->at, &d->nheld);
	if (st)
		return st;
	d->last = d->nheld < LINE_BYTES;
	d->held_at = 0;
	take(d, l->used);
	return SLU_OK;
}

static slu_status
read_body(struct dearmor *d, slu_bio *next, unsigned char *buf, size_t cap,
    size_t *got)
{
	struct line l;
	slu_status st;

	st = get_line(d, next, &l);
	if (st)
		return st;
	if (is(&l, SLU_ARMOR_END) && (d->eof || has_end(&l))) {
		take(d, l.used);
		d->blanks = 0;
		d->phase = TAIL;
		return SLU_OK;
	}
	if (l.len > COLUMNS)
		return fault(d, COLUMNS, "a line of over 64 characters");
	if (!has_end(&l))
		return cut(d);
	if (l.len == COLUMNS && !d->last)
		*got = take_lines(d, &l, buf, cap);
	return *got > 0 ? SLU_OK : take_line(d, &l);
}

static slu_status
read_tail(struct dearmor *d, slu_bio *next)
{
	slu_status st;

	st = skip_blanks(d);
	if (st)
		return st;
	if (slu_batch_left(&d->in) > 0)
		return fault(d, 0, "data after its end");
	if (!d->eof)
		return fill(d, next);
	d->phase = ENDED;
	return SLU_EOF;
}

/* The first byte tells whether it may be armor. */
static slu_status
read_first(struct dearmor *d, slu_bio *next)
{
	unsigned char c;
	slu_status st;
	size_t n;

	st = slu_bio_read(next, &c, 1, &n);
	if (st == SLU_OK)
		st = slu_bio_unread(next, &c, 1);
	if (st == SLU_OK)
		d->phase = c == '-' || slu_armor_is_blank(c) ? LEAD : PLAIN;
	return st;
}

static size_t
give(struct dearmor *d, unsigned char *buf, size_t cap)
{
	size_t n = d->nheld < cap ? d->nheld : cap;

	memcpy(buf, d->held + d->held_at, n);
	d->held_at += n;
	d->nheld -= n;
	return n;
}

static slu_status
step(struct dearmor *d, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	switch (d->phase) {
	case FIRST: return read_first(d, next);
	case PLAIN: return slu_bio_read(next, buf, cap, got);
	case LEAD: return read_lead(d, next);
	case BODY: return read_body(d, next, buf, cap, got);
	case TAIL: return read_tail(d, next);
	case ENDED: break;
	}
	return SLU_EOF;
}

static slu_status
dearmor_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct dearmor *d = self;
	slu_status st = SLU_OK;

	while (st == SLU_OK && *got == 0) {
		if (d->nheld > 0)
			*got = give(d, buf, cap);
		else
			st = step(d, next, buf, cap, got);
	}
	return st;
}

static void
dearmor_free(void *self)
{
	struct dearmor *d = self;

	slu_batch_free(&d->in);
}

static const slu_bio_ops dearmor_ops = {
	.name = "dearmor",
	.size = sizeof(struct dearmor),
	.read = dearmor_read,
	.free = dearmor_free,
};

slu_status
slu_dearmor(slu_bio **top)
{
	struct dearmor *d;

	d = slu_bio_push(top, &dearmor_ops);
	if (d == NULL)
		return SLU_ERR_MEMORY;
	d->phase = LEAD;
	return SLU_OK;
}

slu_status
slu_dearmor_if(slu_bio **top, bool *armored)
{
	struct dearmor *d;

	d = slu_bio_push(top, &dearmor_ops);
	if (d == NULL)
		return SLU_ERR_MEMORY;
	d->detecting = true;
	d->armored = armored;
	if (armored != NULL)
		*armored = false;
	return SLU_OK;
}
