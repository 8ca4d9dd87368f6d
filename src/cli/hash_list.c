/* SPDX-License-Identifier: ISC */
#include "hash_list.h"

#include <string.h>

#define PLAIN_HEX 32 /* digits that no name of a digest has */
#define CRC_HEX 8    /* those of a CRC-32 */

static const char base64_chars[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ+/=";
static const char tag_chars[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ-_/";

/* A piece of a line. */
struct piece {
	const char *at;
	size_t len;
};

bool
hash_list_skips(const char *line, size_t len)
{
	if (len > 0 && line[len - 1] == '\r')
		len--;
	while (len > 0 && (line[0] == ' ' || line[0] == '\t')) {
		line++;
		len--;
	}
	return len == 0 || line[0] == '#' || line[0] == ';';
}

/* The characters of `set` that `p` begins with. */
static size_t
span(struct piece p, const char *set)
{
	size_t n = 0;

	while (n < p.len && p.at[n] != '\0' && strchr(set, p.at[n]) != NULL)
		n++;
	return n;
}

static struct piece
after(struct piece p, size_t n)
{
	return (struct piece){ p.at + n, p.len - n };
}

static bool
begins(struct piece p, char c)
{
	return p.len > 0 && p.at[0] == c;
}

/* Take `c` off the end, if it is there. */
static bool
strip(struct piece *p, char c)
{
	if (p->len == 0 || p->at[p->len - 1] != c)
		return false;
	p->len--;
	return true;
}

/* DIGEST, a blank, perhaps a mark of the mode, NAME. */
static bool
parse_plain(struct piece line, struct piece *digest, struct piece *name)
{
	size_t n = span(line, base64_chars);

	*digest = (struct piece){ line.at, n };
	*name = after(line, n);
	if (n == 0 || (!begins(*name, ' ') && !begins(*name, '\t')))
		return false;
	*name = after(*name, 1);
	if (begins(*name, ' ') || begins(*name, '*'))
		*name = after(*name, 1);
	return name->len > 0;
}

/* TAG, perhaps blanks, (NAME), perhaps a blank, "= ", DIGEST. */
static bool
parse_tagged(struct piece line, struct piece *tag, struct piece *digest,
    struct piece *name)
{
	struct piece rest;
	size_t n = 0;

	*tag = (struct piece){ line.at, span(line, tag_chars) };
	rest = after(line, tag->len);
	rest = after(rest, span(rest, " "));
	if (tag->len == 0 || !begins(rest, '('))
		return false;
	rest = after(rest, 1);
	while (n < rest.len &&
	       strchr(base64_chars, rest.at[rest.len - n - 1]) != NULL &&
	       rest.at[rest.len - n - 1] != '\0')
		n++;
	*digest = (struct piece){ rest.at + rest.len - n, n };
	rest.len -= n;
	if (n == 0 || !strip(&rest, ' ') || !strip(&rest, '='))
		return false;
	(void)strip(&rest, ' ');
	if (!strip(&rest, ')'))
		return false;
	*name = rest;
	return rest.len > 0;
}

/* SHA-2, a dash, then as a plain line. */
static bool
parse_integrity(struct piece line, struct piece *tag, struct piece *digest,
    struct piece *name)
{
	static const char *const tags[] = { "sha256", "sha384", "sha512" };
	size_t len = strlen(tags[0]);

	for (size_t i = 0; i < 3; i++)
		if (line.len > len && memcmp(line.at, tags[i], len) == 0 &&
		    line.at[len] == '-') {
			*tag = (struct piece){ line.at, len };
			return parse_plain(after(line, len + 1), digest, name);
		}
	return false;
}

/* Copy a piece behind `*out`, which moves on. */
static const char *
keep(char **out, struct piece p)
{
	char *at = *out;

	memcpy(at, p.at, p.len);
	at[p.len] = '\0';
	*out += p.len + 1;
	return at;
}

/* Take the escapes out of a name, in its place. */
static bool
unescape(char *name)
{
	char *to = name;

	for (; *name != '\0'; name++) {
		if (*name != '\\') {
			*to++ = *name;
			continue;
		}
		switch (*++name) {
		case 'n': *to++ = '\n'; break;
		case 'r': *to++ = '\r'; break;
		case '\\': *to++ = '\\'; break;
		default: return false;
		}
	}
	*to = '\0';
	return true;
}

bool
hash_list_parse(hash_entry *e, const char *line, size_t len, hash_end end)
{
	struct piece all = { line, len }, tag, digest, name;
	char *out = e->text, *kept;
	bool escaped = false;

	if (len > HASH_LIST_LINE || memchr(line, '\0', len) != NULL)
		return false;
	if (end == HASH_NEWLINE)
		(void)strip(&all, '\r');
	all = after(all, span(all, " \t"));
	if (end == HASH_NEWLINE && begins(all, '\\')) {
		escaped = true;
		all = after(all, 1);
	}
	e->tag = NULL;
	/* A plain line may have the name of a tagged one's likes. */
	if (span(all, "0123456789abcdefABCDEF") < PLAIN_HEX &&
	    (parse_tagged(all, &tag, &digest, &name) ||
		parse_integrity(all, &tag, &digest, &name)))
		e->tag = keep(&out, tag);
	else if (!parse_plain(all, &digest, &name))
		return false;
	e->digest = keep(&out, digest);
	kept = out;
	e->name = keep(&out, name);
	return !escaped || unescape(kept);
}

bool
hash_list_parse_sfv(hash_entry *e, const char *line, size_t len)
{
	struct piece name = { line, len }, crc;
	char *out = e->text;

	if (len > HASH_LIST_LINE || memchr(line, '\0', len) != NULL)
		return false;
	(void)strip(&name, '\r');
	if (name.len < CRC_HEX)
		return false;
	crc = after(name, name.len - CRC_HEX);
	name.len -= CRC_HEX;
	if (span(crc, "0123456789abcdefABCDEF") < CRC_HEX)
		return false;
	if (!strip(&name, ' ') && !strip(&name, '\t'))
		return false;
	/* Some writers line them up. */
	while (strip(&name, ' ') || strip(&name, '\t'))
		;
	if (name.len == 0)
		return false;
	e->tag = keep(&out, (struct piece){ "CRC32", 5 });
	e->digest = keep(&out, crc);
	e->name = keep(&out, name);
	return true;
}
