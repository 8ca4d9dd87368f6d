/* SPDX-License-Identifier: ISC */
#include "armor_map.h"

#include <stdlib.h>
#include <string.h>

#include "source.h"

#define COLUMNS SLU_ARMOR_COLUMNS
#define LINE_BYTES SLU_ARMOR_LINE_BYTES

slu_status
slu_armor_uneven(void)
{
	return slu_fail(SLU_ERR_FORMAT,
	    "armor: the lines of its armor differ in length or in how they "
	    "end; it has to come off to be read out of order");
}

static slu_status
make_room(slu_armor_map *m)
{
	size_t room = m->room == 0 ? 1 : 2 * m->room;
	slu_armor_stretch *more;

	if (m->n < m->room)
		return SLU_OK;
	if (room > SLU_ARMOR_STRETCHES_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "armor: its lines differ in more than %zu places; blanks "
		    "and empty lines have to come out first",
		    SLU_ARMOR_STRETCHES_MAX);
	more = realloc(m->stretches, room * sizeof(*more));
	if (more == NULL)
		return slu_fail(SLU_ERR_MEMORY, "armor: out of memory");
	m->stretches = more;
	m->room = room;
	return SLU_OK;
}

slu_status
slu_armor_map_add(slu_armor_map *m, uint64_t at, uint64_t lines, size_t width)
{
	slu_armor_stretch *s = m->n == 0 ? NULL : &m->stretches[m->n - 1];
	slu_status st;

	if (s == NULL || s->width != width || at != s->at + s->lines * width ||
	    m->full != s->from + s->lines * LINE_BYTES) {
		st = make_room(m);
		if (st)
			return st;
		s = &m->stretches[m->n++];
		*s = (slu_armor_stretch){
			.from = m->full, .at = at, .width = width
		};
	}
	s->lines += lines;
	m->full += lines * LINE_BYTES;
	return SLU_OK;
}

void
slu_armor_map_lose(slu_armor_map *m, uint64_t lines)
{
	m->full += lines * LINE_BYTES;
}

uint64_t
slu_armor_map_size(const slu_armor_map *m)
{
	return m->full + m->nlast;
}

/* The last stretch that does not begin behind `offset`, or NULL. */
static const slu_armor_stretch *
find(const slu_armor_map *m, uint64_t offset)
{
	size_t low = 0, high = m->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (m->stretches[middle].from <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : &m->stretches[low - 1];
}

/* Say why a line is none of its stretch, or decode it after all. */
static slu_status
read_line(
    unsigned char *out, const unsigned char *text, size_t width, uint64_t at)
{
	const unsigned char *end = memchr(text, '\n', width);
	size_t used = end == NULL ? width : (size_t)(end - text) + 1;
	size_t len = end == NULL ? width : used - 1, got = 0;
	slu_status st;

	if (len > 0 && text[len - 1] == '\r')
		len--;
	if (len > COLUMNS)
		return slu_armor_fault(
		    at + COLUMNS, "a line of over 64 characters");
	st = slu_armor_line(out, text, len, at, &got);
	if (st)
		return st;
	if (got < LINE_BYTES)
		return slu_armor_fault(at + used, "a line behind the last one");
	return end != NULL && used == width ? SLU_OK : slu_armor_uneven();
}

/* Decode what can be decoded of a line. */
static void
save_line(unsigned char *out, const unsigned char *text)
{
	memset(out, 0, LINE_BYTES);
	for (size_t i = 0; i < COLUMNS / 4; i++)
		(void)slu_armor_group(out + i * SLU_ARMOR_GROUP, text + 4 * i);
}

/* Decode lines that are in `m->text`, and at `at`, into `m->bytes`. */
static slu_status
decode(slu_armor_map *m, size_t lines, size_t width, uint64_t at)
{
	slu_status st = SLU_OK;

	for (size_t i = 0; i < lines && st == SLU_OK;) {
		const unsigned char *text = m->text + i * width;
		unsigned char *out = m->bytes + i * LINE_BYTES;
		size_t n = slu_armor_lines(out, text, lines - i, width);

		i += n;
		if (n > 0)
			continue;
		if (m->faults == SLU_ARMOR_LENIENT)
			save_line(out, text);
		else
			st = read_line(out, text, width, at + i * width);
		i++;
	}
	return st;
}

/* Read from the lines of a stretch, `offset` being in one of them. */
static slu_status
read_stretch(slu_armor_map *m, const slu_sealed_source *text,
    const slu_armor_stretch *s, uint64_t offset, unsigned char *out,
    size_t *len)
{
	uint64_t line = (offset - s->from) / LINE_BYTES;
	uint64_t at = s->at + line * s->width, left = s->lines - line;
	size_t in = (size_t)((offset - s->from) % LINE_BYTES);
	size_t lines = (in + *len + LINE_BYTES - 1) / LINE_BYTES;
	slu_status st;

	if (lines > left)
		lines = (size_t)left;
	if (lines > SLU_ARMOR_AT_ONCE)
		lines = SLU_ARMOR_AT_ONCE;
	st = slu_source_read(text, at, m->text, lines * s->width);
	if (st == SLU_OK)
		st = decode(m, lines, s->width, at);
	if (st)
		return st;
	if (*len > lines * LINE_BYTES - in)
		*len = lines * LINE_BYTES - in;
	memcpy(out, m->bytes + in, *len);
	return SLU_OK;
}

/* Where what is lost from `offset` on ends. */
static uint64_t
end_of_loss(const slu_armor_map *m, const slu_armor_stretch *s)
{
	const slu_armor_stretch *next = s == NULL ? m->stretches : s + 1;

	return next == m->stretches + m->n ? m->full : next->from;
}

/* Read as many of the `*len` bytes as are in one place. */
static slu_status
read_some(slu_armor_map *m, const slu_sealed_source *text, uint64_t offset,
    unsigned char *out, size_t *len)
{
	const slu_armor_stretch *s = find(m, offset);
	uint64_t end;

	if (offset >= m->full) {
		memcpy(out, m->last + (offset - m->full), *len);
		return SLU_OK;
	}
	if (s != NULL && (offset - s->from) / LINE_BYTES < s->lines)
		return read_stretch(m, text, s, offset, out, len);
	end = end_of_loss(m, s);
	if (*len > end - offset)
		*len = (size_t)(end - offset);
	memset(out, 0, *len);
	return SLU_OK;
}

slu_status
slu_armor_map_read(slu_armor_map *m, const slu_sealed_source *text,
    uint64_t offset, void *buf, size_t len)
{
	unsigned char *out = buf;
	slu_status st = SLU_OK;
	size_t n;

	for (; len > 0 && st == SLU_OK; len -= n) {
		n = len;
		st = read_some(m, text, offset, out, &n);
		offset += n;
		out += n;
	}
	return st;
}

void
slu_armor_map_free(slu_armor_map *m)
{
	free(m->stretches);
	m->stretches = NULL;
	m->n = m->room = 0;
}
