/* SPDX-License-Identifier: ISC */
#include "armor_line.h"

#include <inttypes.h>

#include "../bio/base64_block.h"

#define COLUMNS SLU_ARMOR_COLUMNS

bool
slu_armor_is_blank(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

size_t
slu_armor_line_end(const unsigned char *text, size_t len)
{
	if (len > 0 && text[0] == '\n')
		return 1;
	return len > 1 && text[0] == '\r' && text[1] == '\n' ? 2 : 0;
}

slu_status
slu_armor_fault(uint64_t at, const char *what)
{
	return slu_fail(SLU_ERR_FORMAT,
	    "armor: damaged armor at byte %" PRIu64 ": %s", at, what);
}

slu_status
slu_armor_cut(uint64_t len)
{
	return slu_fail(SLU_ERR_TRUNCATED,
	    "armor: truncated within the armor, after %" PRIu64 " bytes", len);
}

slu_status
slu_armor_too_blank(void)
{
	return slu_fail(SLU_ERR_LIMIT,
	    "armor: more than %d bytes of white space", SLU_ARMOR_BLANKS_MAX);
}

/* Say what is wrong with a line of which so many are not padding. */
static slu_status
bad_line(const unsigned char *text, size_t len, size_t chars, uint64_t at)
{
	for (size_t i = 0; i < chars; i++)
		if (!slu_raw64_is(text[i]))
			return slu_armor_fault(
			    at + i, "not a base64 character");
	if (len % 4 != 0)
		return slu_armor_fault(
		    at + len, "a line that ends within a group");
	return slu_armor_fault(
	    at + chars - 1, "nonzero bits after the last byte");
}

slu_status
slu_armor_line(unsigned char *out, const unsigned char *text, size_t len,
    uint64_t at, size_t *got)
{
	size_t chars = len;

	if (len == 0)
		return slu_armor_fault(at, "an empty line");
	while (chars > 0 && len - chars < 2 && text[chars - 1] == '=')
		chars--;
	if (len % 4 != 0 || chars == 0 ||
	    !slu_raw64_decode(out, (const char *)text, chars))
		return bad_line(text, len, chars, at);
	*got = SLU_RAW64_BYTES(chars);
	return SLU_OK;
}

size_t
slu_armor_group(unsigned char out[SLU_ARMOR_GROUP], const unsigned char text[4])
{
	size_t pad = text[3] != '=' ? 0 : text[2] != '=' ? 1 : 2;
	uint32_t bits = 0;
	int v;

	for (size_t i = 0; i < 4 - pad; i++) {
		v = slu_base64_value(text[i], SLU_BASE64_STANDARD);
		if (v < 0)
			return 0;
		bits |= (uint32_t)v << (18 - 6 * i);
	}
	for (size_t i = 0; i < SLU_ARMOR_GROUP - pad; i++)
		out[i] = (unsigned char)(bits >> (16 - 8 * i));
	return SLU_ARMOR_GROUP - pad;
}

/* How many of the lines are as long as `width`, as far as their ends tell. */
static size_t
count_lines(const unsigned char *text, size_t n, size_t width)
{
	size_t i = 0;

	for (; i < n && text[width - 1] == '\n' &&
	       (width == COLUMNS + 1 || text[COLUMNS] == '\r');
	     i++)
		text += width;
	return i;
}

/*
 * The decoder steps over line ends wherever they are: only if it met no more of
 * them than there are behind its lines were all others characters.
 */
size_t
slu_armor_lines(
    unsigned char *out, const unsigned char *text, size_t n, size_t width)
{
	size_t lines = count_lines(text, n, width), used, chars, ends;
	slu_base64_run r = { text, lines * width, out,
		lines * SLU_ARMOR_LINE_BYTES };

	slu_base64_path_at(0)->decode(&r, SLU_BASE64_STANDARD);
	used = lines * width - r.in_len;
	chars = (lines * SLU_ARMOR_LINE_BYTES - r.out_cap) / 3 * 4;
	ends = used / width * (width - COLUMNS);
	if (used % width > COLUMNS)
		ends += used % width - COLUMNS;
	return used - chars == ends ? chars / COLUMNS : 0;
}
