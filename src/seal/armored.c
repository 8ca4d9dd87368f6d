/* SPDX-License-Identifier: ISC */
#include "armored.h"

#include <stdlib.h>
#include <string.h>

#include "armor_map.h"
#include "armor_scan.h"
#include "source.h"

#define COLUMNS SLU_ARMOR_COLUMNS
#define BLANKS SLU_ARMOR_BLANKS_MAX
#define BEGIN_LEN (sizeof(SLU_ARMOR_BEGIN) - 1)
#define END_LEN (sizeof(SLU_ARMOR_END) - 1)

/* Bytes that hold all up to the first line's end, or from the last one on. */
#define LEAD_MOST (BLANKS + BEGIN_LEN + 2 + SLU_ARMOR_LINE_MOST)
#define TAIL_MOST (1 + SLU_ARMOR_LINE_MOST + END_LEN + 2 + BLANKS)

struct slu_armored {
	slu_sealed_source text; /* its `arg` lent by the caller */
	slu_armor_map map;
	bool damaged; /* who reads it in order would refuse it */
};

_Static_assert(TAIL_MOST <= LEAD_MOST, "a part has room for either end");

/* A part of the text. */
struct part {
	unsigned char text[LEAD_MOST];
	uint64_t at;
	size_t len;
};

static slu_status
read_part(
    struct part *p, const slu_sealed_source *text, uint64_t at, size_t most)
{
	p->at = at;
	p->len = text->size - at < most ? (size_t)(text->size - at) : most;
	return p->len == 0 ? SLU_OK
			   : slu_source_read(text, at, p->text, p->len);
}

/* Find the line behind the one that begins the armor. */
static bool
find_body(const struct part *p, size_t *body)
{
	size_t n = 0, end;

	while (n < p->len && slu_armor_is_blank(p->text[n]))
		n++;
	if (n > BLANKS || (n > 0 && p->text[n - 1] != '\n') ||
	    p->len - n < BEGIN_LEN ||
	    memcmp(p->text + n, SLU_ARMOR_BEGIN, BEGIN_LEN) != 0)
		return false;
	n += BEGIN_LEN;
	end = slu_armor_line_end(p->text + n, p->len - n);
	*body = n + end;
	return end > 0;
}

/* What is read in order, to hear whether that is refused, and why. */
struct reader {
	const slu_sealed_source *text; /* lent */
	uint64_t at;
};

static slu_status
reader_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct reader *r = self;
	uint64_t left = r->text->size - r->at;
	slu_status st;

	(void)next;
	if (cap > left)
		cap = (size_t)left;
	if (cap == 0)
		return SLU_EOF;
	st = slu_source_read(r->text, r->at, buf, cap);
	*got = st ? 0 : cap;
	r->at += *got;
	return st;
}

static const slu_bio_ops reader_ops = {
	.name = "reader",
	.size = sizeof(struct reader),
	.read = reader_read,
};

/* End as `push` does, above what is read: SLU_EOF if nothing is wrong. */
static slu_status
read_in_order(const slu_sealed_source *text, slu_status (*push)(slu_bio **top))
{
	unsigned char bytes[16 * 1024];
	struct reader *r;
	slu_bio *c = NULL;
	slu_status st;
	size_t got;

	r = slu_bio_push(&c, &reader_ops);
	if (r == NULL)
		return SLU_ERR_MEMORY;
	r->text = text;
	st = push(&c);
	while (st == SLU_OK)
		st = slu_bio_read(c, bytes, sizeof(bytes), &got);
	slu_bio_free(c);
	return st;
}

static slu_status
push_if(slu_bio **top)
{
	return slu_dearmor_if(top, NULL);
}

/* Fail as slu_unseal does. */
static slu_status
refuse_begin(const slu_sealed_source *text)
{
	slu_status st = read_in_order(text, push_if);

	if (slu_failed(st))
		return st;
	return slu_fail(
	    SLU_ERR_FORMAT, "armor: it became another file meanwhile");
}

static bool
is_end_line(const struct part *p, size_t at)
{
	return p->len - at >= END_LEN && at > 0 && p->text[at - 1] == '\n' &&
	       memcmp(p->text + at, SLU_ARMOR_END, END_LEN) == 0;
}

/* Hold what is behind the line that ends the armor to what may be there. */
static slu_status
check_behind(const struct part *p, size_t at)
{
	size_t left = p->len - at, end;

	if (left == 0)
		return SLU_OK;
	end = slu_armor_line_end(p->text + at, left);
	if (end == 0 && left == 1 && p->text[at] == '\r')
		return slu_armor_cut(p->at + p->len);
	if (end == 0)
		return slu_armor_fault(
		    p->at + at - END_LEN, "not a base64 character");
	for (size_t i = end; i < left; i++) {
		if (!slu_armor_is_blank(p->text[at + i]))
			return slu_armor_fault(
			    p->at + at + i, "data after its end");
		if (i - end == BLANKS)
			return slu_armor_too_blank();
	}
	return SLU_OK;
}

/* Find the line that ends the armor, in the last part of the text. */
static slu_status
find_end(const struct part *p, size_t *end)
{
	size_t at = p->len;

	while (at > 0 && !is_end_line(p, at - 1))
		at--;
	if (at > 0) {
		*end = at - 1;
		return check_behind(p, at - 1 + END_LEN);
	}
	for (at = p->len; at > 0 && slu_armor_is_blank(p->text[at - 1]);)
		at--;
	if (p->len - at > BLANKS)
		return slu_armor_too_blank();
	return slu_armor_cut(p->at + p->len);
}

/* Take the last line, which ends at `end`, and say where it begins. */
static slu_status
take_last(slu_armor_map *m, const struct part *p, size_t end, size_t *begin)
{
	size_t at = end - 1, len = 0;

	while (at > 0 && p->text[at - 1] != '\n') {
		at--;
		len++;
	}
	if (at == 0)
		return slu_armor_uneven();
	if (len > 0 && p->text[end - 2] == '\r')
		len--;
	if (len > COLUMNS)
		return slu_armor_fault(
		    p->at + at + COLUMNS, "a line of over 64 characters");
	*begin = at;
	return slu_armor_line(
	    m->last, p->text + at, len, p->at + at, &m->nlast);
}

/* All lines before the last one are as the first, if their sum says so. */
static slu_status
take_full(slu_armor_map *m, const struct part *lead, size_t body, uint64_t len)
{
	size_t at = body + COLUMNS, end = 0;

	if (len == 0)
		return SLU_OK;
	if (lead->len > at)
		end = slu_armor_line_end(lead->text + at, lead->len - at);
	if (end == 0 || len % (COLUMNS + end) != 0)
		return slu_armor_uneven();
	return slu_armor_map_add(m, body, len / (COLUMNS + end), COLUMNS + end);
}

/* Find out where the lines of armor are, whose first one is at `body`. */
static slu_status
find_lines(slu_armored *a, const struct part *lead, size_t body)
{
	uint64_t size = a->text.size, from = body - 1;
	size_t end = 0, last = 0;
	struct part tail;
	slu_status st;

	if (size - from > TAIL_MOST)
		from = size - TAIL_MOST;
	st = read_part(&tail, &a->text, from, TAIL_MOST);
	if (st == SLU_OK)
		st = find_end(&tail, &end);
	if (st || from + end == body)
		return st;
	st = take_last(&a->map, &tail, end, &last);
	return st ? st : take_full(&a->map, lead, body, from + last - body);
}

static slu_status
read_armored(void *arg, uint64_t offset, void *buf, size_t len)
{
	slu_armored *a = arg;

	return slu_armor_map_read(&a->map, &a->text, offset, buf, len);
}

static slu_status
new_armored(
    slu_armored **out, const slu_sealed_source *text, slu_armor_faults faults)
{
	slu_armored *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return slu_fail(SLU_ERR_MEMORY, "armor: out of memory");
	a->text = *text;
	a->map.faults = faults;
	*out = a;
	return SLU_OK;
}

/* Hand it over if all went well. */
static slu_status
hand_over(
    slu_armored *a, slu_status st, slu_armored **out, slu_sealed_source *bare)
{
	if (st) {
		slu_armored_free(a);
		return st;
	}
	*bare = (slu_sealed_source){ .read_at = read_armored,
		.arg = a,
		.size = slu_armor_map_size(&a->map) };
	*out = a;
	return SLU_OK;
}

slu_status
slu_armored_open(
    slu_armored **out, const slu_sealed_source *text, slu_sealed_source *bare)
{
	slu_armored *a = NULL;
	struct part lead;
	slu_status st;
	size_t body;

	*bare = *text;
	st = read_part(&lead, text, 0, LEAD_MOST);
	if (st || lead.len == 0 ||
	    (lead.text[0] != '-' && !slu_armor_is_blank(lead.text[0])))
		return st;
	if (!find_body(&lead, &body))
		return refuse_begin(text);
	st = new_armored(&a, text, SLU_ARMOR_STRICT);
	if (st == SLU_OK)
		st = find_lines(a, &lead, body);
	return hand_over(a, st, out, bare);
}

/* See whether there is damage at all. */
static slu_status
judge(slu_armored *a)
{
	slu_status st = read_in_order(&a->text, slu_dearmor);

	a->damaged = st != SLU_EOF;
	return st == SLU_ERR_MEMORY ? st : SLU_OK;
}

slu_status
slu_armored_rescue(
    slu_armored **out, const slu_sealed_source *text, slu_sealed_source *bare)
{
	slu_armored *a = NULL;
	slu_status st;
	uint64_t body;

	if (!slu_armor_scan_begin(text, &body))
		return slu_armored_open(out, text, bare);
	st = new_armored(&a, text, SLU_ARMOR_LENIENT);
	if (st == SLU_OK)
		st = slu_armor_scan(&a->map, text, body);
	if (st == SLU_OK)
		st = judge(a);
	return hand_over(a, st, out, bare);
}

bool
slu_armored_is_damaged(const slu_armored *a)
{
	return a != NULL && a->damaged;
}

void
slu_armored_free(slu_armored *a)
{
	if (a == NULL)
		return;
	slu_armor_map_free(&a->map);
	free(a);
}
