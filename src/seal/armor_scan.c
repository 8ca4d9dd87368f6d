/* SPDX-License-Identifier: ISC */
/*
 * Damage to a text leaves most of its lines as long as they were, and then all
 * are where they would be.  Where some became longer or shorter, the next line
 * that is as it should be is looked for, and how many are lost before it is
 * how many would fit there.  A wrong guess gives bytes that are not authentic.
 */
#include "armor_scan.h"

#include <string.h>

#include "source.h"

#define COLUMNS SLU_ARMOR_COLUMNS
#define FRONT_MOST ((size_t)32 * 1024) /* bytes that may be before it */
#define AHEAD 200  /* bytes of the text that are looked at; over two lines */
#define BLOCK 4096 /* bytes that are unreadable together */

/* "age-encryption.org/v1" */
static const char first[] = "YWdlLWVuY3J5cHRpb24ub3JnL3Yx";

#define FIRST_LEN (sizeof(first) - 1)

struct scan {
	const slu_sealed_source *text; /* lent */
	slu_armor_map *map;            /* lent; its text is our window */
	uint64_t at;                   /* where that begins */
	size_t len;
	size_t width; /* of the line before */
};

/* What begins at a place. */
enum kind {
	BROKEN,  /* nothing that is as it should be */
	DAMAGED, /* a line with its end where it should be */
	FULL,    /* one that is sound, too */
	LAST,    /* a sound line that may be the last one, and is */
	ENDED,   /* nothing, or the line that ends the armor */
};

/* Read what can be read, zeros for the rest. */
static void
read_window(struct scan *s)
{
	unsigned char *to = s->map->text;
	size_t n;

	if (slu_source_read(s->text, s->at, to, s->len) == SLU_OK)
		return;
	for (size_t i = 0; i < s->len; i += n) {
		n = s->len - i < BLOCK ? s->len - i : BLOCK;
		if (slu_source_read(s->text, s->at + i, to + i, n) != SLU_OK)
			memset(to + i, 0, n);
	}
}

/* The text at `at`: AHEAD bytes of it at least, or all that there are. */
static const unsigned char *
look(struct scan *s, uint64_t at, size_t *len)
{
	uint64_t size = s->text->size;

	*len = 0;
	if (at >= size)
		return s->map->text;
	if (at < s->at || at - s->at > s->len ||
	    (s->len - (at - s->at) < AHEAD && s->at + s->len < size)) {
		s->at = at;
		s->len = sizeof(s->map->text);
		if (s->len > size - at)
			s->len = (size_t)(size - at);
		read_window(s);
	}
	*len = s->len - (size_t)(at - s->at);
	return s->map->text + (at - s->at);
}

/* The bytes of a line end, blanks before it included; 0: it is none. */
static size_t
end_of(const unsigned char *text, size_t len)
{
	const size_t most = SLU_ARMOR_WIDTH_MOST - COLUMNS;

	for (size_t i = 0; i < len && i < most; i++) {
		if (text[i] == '\n')
			return i + 1;
		if (!slu_armor_is_blank(text[i]))
			return 0;
	}
	return 0;
}

/* How many characters a line has, padding included, if these are sound. */
static size_t
count(const unsigned char *text, size_t len)
{
	size_t n = 0, pad = 0;

	while (n < len && n <= COLUMNS && slu_raw64_is(text[n]))
		n++;
	while (pad < 2 && n + pad < len && text[n + pad] == '=')
		pad++;
	return n > 0 && n + pad <= COLUMNS && (n + pad) % 4 == 0 ? n + pad : 0;
}

/* Whether nothing is at `at`, or the line that ends the armor, or blanks. */
static bool
has_ended(struct scan *s, uint64_t at)
{
	static const char end[] = "-----END";
	size_t len;
	const unsigned char *text = look(s, at, &len);

	for (at += len; len > 0 && slu_armor_is_blank(*text); len--)
		text++;
	if (len == 0)
		return at >= s->text->size;
	return len >= sizeof(end) - 1 &&
	       memcmp(text, end, sizeof(end) - 1) == 0;
}

/* See what begins at `at`, and how long it is if that can be told. */
static enum kind
kind_of(struct scan *s, uint64_t at, size_t *width)
{
	size_t len, chars, end = 0;
	const unsigned char *text = look(s, at, &len);

	if (has_ended(s, at))
		return ENDED;
	chars = count(text, len);
	if (chars < len)
		end = end_of(text + chars, len - chars);
	*width = chars + end;
	if (chars == COLUMNS && end > 0 && text[COLUMNS - 1] != '=')
		return FULL;
	if (chars > 0 && (end > 0 || chars == len) && has_ended(s, at + *width))
		return LAST;
	text = look(s, at, &len);
	end = len > COLUMNS ? end_of(text + COLUMNS, len - COLUMNS) : 0;
	*width = COLUMNS + end;
	return end > 0 ? DAMAGED : BROKEN;
}

static bool
is_sound(struct scan *s, uint64_t at)
{
	size_t width;
	enum kind kind = kind_of(s, at, &width);

	return kind == FULL || kind == LAST;
}

static bool
is_damaged(struct scan *s, uint64_t at)
{
	size_t width;

	return kind_of(s, at, &width) == DAMAGED;
}

/* How many lines like this one can be told at once. */
static size_t
count_full(struct scan *s, uint64_t at)
{
	size_t len, n;
	const unsigned char *text = look(s, at, &len);

	n = len / s->width;
	if (n > SLU_ARMOR_AT_ONCE)
		n = SLU_ARMOR_AT_ONCE;
	n = slu_armor_lines(s->map->bytes, text, n, s->width);
	return n > 0 ? n : 1;
}

/*
 * Find the next line that is sound.  False where the armor ends before, at
 * `*at`.
 */
static bool
find_sound(struct scan *s, uint64_t *at)
{
	const unsigned char *text, *end;
	size_t len;

	for (;;) {
		text = look(s, *at, &len);
		end = len == 0 ? NULL : memchr(text, '\n', len);
		*at += end == NULL ? len : (size_t)(end - text) + 1;
		if (len == 0 || (end != NULL && has_ended(s, *at)))
			return false;
		if (end != NULL && is_sound(s, *at))
			return true;
	}
}

/* Come from a line that may be broken to the next one. */
static slu_status
pass(struct scan *s, uint64_t from, uint64_t to)
{
	uint64_t lines = (to - from + s->width / 2) / s->width;
	slu_status st = SLU_OK;

	/* All of them are where they were, whatever is in them. */
	if ((to - from) % s->width == 0)
		return slu_armor_map_add(s->map, from, lines, s->width);
	/* Of the first, so is what is before the damage. */
	if (lines > 0 && s->width <= s->text->size - from) {
		st = slu_armor_map_add(s->map, from, 1, s->width);
		lines--;
	}
	slu_armor_map_lose(s->map, lines);
	return st;
}

/* Take the line at `at`, if it is one, behind which is none. */
static void
take_last(struct scan *s, uint64_t at)
{
	slu_armor_map *m = s->map;
	size_t len, n = 0, good = 0, got = SLU_ARMOR_GROUP;
	const unsigned char *text = look(s, at, &len);
	unsigned char group[SLU_ARMOR_GROUP];

	while (n < len && n < COLUMNS && text[n] != '\n')
		n++;
	while (n > 0 && slu_armor_is_blank(text[n - 1]))
		n--;
	for (size_t i = 0; i + 4 <= n; i += 4)
		good += slu_armor_group(group, text + i) > 0;
	for (size_t i = 0; i + 4 <= n && got == SLU_ARMOR_GROUP; i += 4) {
		got = slu_armor_group(m->last + m->nlast, text + i);
		/* One that is damaged is no end, if most are not. */
		if (i + 4 < n && good > n / 8 && n % 4 == 0)
			got = SLU_ARMOR_GROUP;
		m->nlast += got;
	}
}

/* No line from `at` to `end` is sound: take the last ones. */
static slu_status
take_rest(struct scan *s, uint64_t at, uint64_t end)
{
	size_t len, chars;
	const unsigned char *text = look(s, at, &len);
	uint64_t lines = (end - at - 1) / s->width;
	slu_status st = SLU_OK;

	chars = count(text, len);
	/* It may be the last one, with damage behind it. */
	if (chars > 0 && end_of(text + chars, len - chars) > 0)
		lines = 0;
	if (lines > 0)
		st = slu_armor_map_add(s->map, at, lines, s->width);
	if (st == SLU_OK)
		take_last(s, at + lines * s->width);
	return st;
}

/* Whether the line at `at` is where it was, and those behind it too. */
static bool
is_in_place(struct scan *s, uint64_t at, enum kind kind, size_t width)
{
	if (kind == DAMAGED)
		return is_sound(s, at + width) || is_damaged(s, at + width);
	return is_sound(s, at + s->width);
}

/* Take what is at `*at`; false where that was the last, or there is none. */
static bool
take_some(struct scan *s, uint64_t *at, slu_status *st)
{
	uint64_t next = *at;
	size_t width = 0;
	enum kind kind = kind_of(s, *at, &width);

	if (kind == LAST)
		take_last(s, *at);
	if (kind == LAST || kind == ENDED)
		return false;
	if (kind == FULL || is_in_place(s, *at, kind, width)) {
		if (kind != BROKEN)
			s->width = width;
		next += s->width * (kind == FULL ? count_full(s, *at) : 1);
	} else if (!find_sound(s, &next)) {
		*st = take_rest(s, *at, next);
		return false;
	}
	*st = pass(s, *at, next);
	*at = next;
	return *st == SLU_OK;
}

/* Whether there it is; `*at` is where in the `len` bytes. */
static bool
find_first(const unsigned char *text, size_t len, size_t *at)
{
	for (*at = 0; *at + FIRST_LEN <= len; ++*at)
		if (memcmp(text + *at, first, FIRST_LEN) == 0)
			return true;
	return false;
}

bool
slu_armor_scan_begin(const slu_sealed_source *text, uint64_t *body)
{
	static const char plain[] = "age-encryption.org/";
	unsigned char piece[BLOCK + FIRST_LEN];
	size_t n, in;

	for (uint64_t at = 0; at < FRONT_MOST && at < text->size; at += BLOCK) {
		n = sizeof(piece);
		if (n > text->size - at)
			n = (size_t)(text->size - at);
		if (slu_source_read(text, at, piece, n) != SLU_OK)
			continue;
		if (at == 0 && n >= sizeof(plain) - 1 &&
		    memcmp(piece, plain, sizeof(plain) - 1) == 0)
			return false;
		if (find_first(piece, n, &in)) {
			*body = at + in;
			return true;
		}
	}
	return false;
}

slu_status
slu_armor_scan(slu_armor_map *m, const slu_sealed_source *text, uint64_t body)
{
	struct scan s = { .text = text, .map = m, .width = COLUMNS + 1 };
	slu_status st = SLU_OK;

	while (take_some(&s, &body, &st))
		continue;
	return st;
}
