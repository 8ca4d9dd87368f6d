/* SPDX-License-Identifier: ISC */
#include "mend.h"

#include <stdlib.h>
#include <string.h>

#include "../base/failure.h"
#include "kdf.h"
#include "match.h"
#include "sluice/secret.h"
#include "source.h"

#define LINE_MOST 1024
#define PIECE 4096 /* bytes of the front at a time; more than most have */

static const char version[] = "age-encryption.org/v1\n";
static const char begin_stanza[] = "-> ";
static const char begin_mac[] = "--- ";
static const char any_mac[] =
    "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";

#define VERSION (sizeof(version) - 1) /* bytes, as are all of these */
#define BEGIN_STANZA (sizeof(begin_stanza) - 1)
#define BEGIN_MAC (sizeof(begin_mac) - 1)
#define MAC_LINE (sizeof(any_mac) - 1)

/*
 * Bytes of the first line there, its end included; 0: it has none.  Lines of
 * stanzas are shorter than that, and each may be looked at over and over.
 */
static size_t
line_of(const char *text, size_t len)
{
	const char *end;

	end = memchr(text, '\n', len < LINE_MOST ? len : LINE_MOST);
	return end == NULL ? 0 : (size_t)(end - text) + 1;
}

/*
 * Whether the last line begins there.  One of the characters that it begins
 * with may be damaged, or else the end of the line before it: neither base64
 * nor what a stanza begins with looks like it.
 */
static bool
begins_mac(const char *text, size_t len, size_t at)
{
	size_t same = 0;

	if (len - at < MAC_LINE)
		return false;
	for (size_t i = 0; i < BEGIN_MAC; i++)
		same += text[at + i] == begin_mac[i];
	return same == BEGIN_MAC ||
	       (same == BEGIN_MAC - 1 && text[at - 1] == '\n');
}

/* Bytes of the stanza there, as far as its lines tell; 0: there is none. */
static size_t
stanza_of(const char *text, size_t len)
{
	size_t at, n;

	if (len < BEGIN_STANZA || memcmp(text, begin_stanza, BEGIN_STANZA) != 0)
		return 0;
	at = n = line_of(text, len);
	while (n > 0) {
		n = line_of(text + at, len - at);
		at += n;
		if (n != SLU_HEADER_COLUMNS + 1)
			break;
	}
	return n == 0 ? 0 : at;
}

/* Whether the strict parser takes it for the only stanza of a header. */
static slu_status
parse_alone(slu_parser *p, const char *text, size_t len)
{
	slu_status st;
	size_t used;

	st = slu_parser_feed(p, version, VERSION, &used);
	if (st == SLU_WANT_READ)
		st = slu_parser_feed(p, text, len, &used);
	if (st == SLU_WANT_READ)
		st = slu_parser_feed(p, any_mac, MAC_LINE, &used);
	if (st == SLU_OK)
		st = slu_match_check(&p->header);
	return st == SLU_WANT_READ ? slu_parser_cut(p) : st;
}

/* Add the stanza, if it has its form. */
static slu_status
take_stanza(slu_header *h, const char *text, size_t len, size_t at, bool *taken)
{
	slu_parser p = { 0 };
	slu_stanza *s;
	slu_status st;

	st = parse_alone(&p, text, len);
	*taken = st == SLU_OK && p.header.nstanzas == 1;
	if (*taken) {
		st = slu_header_add(h, &s);
		if (st == SLU_OK) {
			*s = p.header.stanzas[0];
			s->at = at;
			p.header.stanzas[0] = (slu_stanza){ 0 };
		}
	}
	slu_parser_free(&p);
	return st == SLU_ERR_FORMAT || st == SLU_ERR_TRUNCATED ? SLU_OK : st;
}

slu_status
slu_mend(slu_parser *out, const void *text, size_t len, size_t *used)
{
	const char *in = text;
	slu_status st = SLU_OK;
	size_t at = VERSION, n;
	bool taken;

	*used = 0;
	if (len < VERSION || memcmp(in, version, VERSION) != 0)
		return SLU_OK;
	while (at < len && !begins_mac(in, len, at)) {
		n = stanza_of(in + at, len - at);
		taken = false;
		if (n > 0)
			st = take_stanza(&out->header, in + at, n, at, &taken);
		if (st)
			return st;
		at += taken ? n : 1;
	}
	*used = at < len ? at + MAC_LINE : 0;
	return SLU_OK;
}

/* The front of a file, parsed strictly, or else as far as can be. */
struct front {
	slu_parser parser; /* owned */
	slu_buf text;      /* owned: all that was read */
	size_t header;     /* bytes of it */
	bool damaged;
};

static slu_status
read_more(struct front *f, const slu_sealed_source *source)
{
	uint64_t left = source->size - f->text.len;
	size_t n = left < PIECE ? (size_t)left : PIECE;
	unsigned char piece[PIECE];
	slu_status st = SLU_OK;

	f->text.limit = SLU_HEADER_MAX + PIECE;
	if (n > 0)
		st = slu_source_read(source, f->text.len, piece, n);
	return st ? st : slu_buf_add(&f->text, piece, n);
}

static slu_status
parse(struct front *f, const slu_sealed_source *source)
{
	slu_status st = SLU_WANT_READ;
	size_t before, used;

	while (st == SLU_WANT_READ) {
		before = f->text.len;
		st = read_more(f, source);
		if (st)
			return st;
		if (f->text.len == before)
			return slu_parser_cut(&f->parser);
		st = slu_parser_feed(&f->parser,
		    (const char *)slu_buf_front(&f->text) + before,
		    f->text.len - before, &used);
		f->header = before + used;
	}
	return st ? st : slu_match_check(&f->parser.header);
}

/* What was read strictly is of no use; `why` says so where nothing is. */
static slu_status
mend(struct front *f, const slu_sealed_source *source, const slu_failure *why)
{
	slu_status st = SLU_OK;

	f->damaged = true;
	slu_parser_free(&f->parser);
	while (st == SLU_OK && f->text.len < SLU_HEADER_MAX &&
	       f->text.len < source->size)
		st = read_more(f, source);
	if (st == SLU_OK)
		st = slu_mend(&f->parser, slu_buf_front(&f->text), f->text.len,
		    &f->header);
	if (st)
		return st;
	if (f->header == 0 || f->parser.header.nstanzas == 0)
		return slu_failure_again(why);
	return SLU_OK;
}

static slu_status
read_front(struct front *f, const slu_sealed_source *source)
{
	slu_failure why = { 0 };

	if (slu_failure_keep(&why, parse(f, source)) != SLU_ERR_FORMAT)
		return slu_failure_again(&why);
	return mend(f, source, &why);
}

static slu_status
open_front(const struct front *f, const slu_sealed_source *source,
    unsigned char file_key[SLU_FILE_KEY], unsigned char key[SLU_KEY_SIZE])
{
	unsigned char nonce[SLU_PAYLOAD_NONCE];
	slu_status st;

	if (f->header > source->size ||
	    source->size - f->header < SLU_PAYLOAD_NONCE)
		return slu_fail(
		    SLU_ERR_TRUNCATED, "unseal: truncated within the header");
	st = slu_source_read(source, f->header, nonce, sizeof(nonce));
	return st ? st : slu_kdf_payload(key, file_key, nonce);
}

slu_status
slu_mend_open(const slu_sealed_source *source, slu_identities *ids,
    const slu_unseal_options *options, unsigned char key[SLU_KEY_SIZE],
    uint64_t *begin, bool *damaged)
{
	unsigned char file_key[SLU_FILE_KEY];
	slu_match_told found = { 0 };
	struct front f = { 0 };
	slu_status st;
	bool fits;

	*damaged = false;
	st = read_front(&f, source);
	if (st == SLU_OK)
		st = slu_match_damaged(ids, &f.parser, file_key, &found, &fits);
	if (options->over_limit != NULL)
		*options->over_limit = found.over_limit;
	if (options->foreign != NULL)
		*options->foreign = found.foreign;
	if (st == SLU_OK) {
		st = open_front(&f, source, file_key, key);
		*begin = f.header + SLU_PAYLOAD_NONCE;
		*damaged = f.damaged || !fits;
	}
	slu_wipe(file_key, sizeof(file_key));
	slu_parser_free(&f.parser);
	slu_buf_free(&f.text);
	return st;
}
