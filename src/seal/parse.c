/* SPDX-License-Identifier: ISC */
/*
 * One step for each place in the grammar of C2SP age, "ABNF definition of
 * file header"; a step takes one byte and says by p->state who takes the
 * next.  p->at is the byte's offset, and where a fault is reported.
 */
#include "parse.h"

#include <string.h>

#include "raw64.h"

enum { VERSION, ARMOR, MARK, ARGS, BODY, MAC_SPACE, MAC, DONE };

static const char version[] = "age-encryption.org/v1\n";
static const char armor[] = "-----BEGIN AGE ENCRYPTED FILE-----";

#define VERSION_AT 19 /* where "v1" begins */

static slu_status
fault(const slu_parser *p, const char *what)
{
	return slu_header_fault(p->at, what);
}

/* A byte that may not stand here: files changed as text deserve a hint. */
static slu_status
bad_byte(const slu_parser *p, unsigned char c, const char *what)
{
	return fault(
	    p, c == '\r' ? "a carriage return, as if converted as text" : what);
}

static void
go_to(slu_parser *p, int state)
{
	p->state = state;
	p->column = 0;
}

static slu_stanza *
current(const slu_parser *p)
{
	return &p->header.stanzas[p->header.nstanzas - 1];
}

static slu_status
not_ours(void)
{
	return slu_fail(SLU_ERR_FORMAT, "unseal: not an age file");
}

static slu_status
take_version(slu_parser *p, unsigned char c)
{
	if (c == (unsigned char)version[p->column]) {
		if (version[++p->column] == '\0')
			go_to(p, MARK);
		return SLU_OK;
	}
	if (p->column == 0 && c == (unsigned char)armor[0]) {
		p->state = ARMOR;
		p->column = 1;
		return SLU_OK;
	}
	if (p->column < VERSION_AT)
		return not_ours();
	if (c == '\r')
		return bad_byte(p, c, NULL);
	return slu_fail(
	    SLU_ERR_FORMAT, "unseal: an age file of another version than v1");
}

static slu_status
take_armor(slu_parser *p, unsigned char c)
{
	if (c != (unsigned char)armor[p->column])
		return not_ours();
	if (armor[++p->column] != '\0')
		return SLU_OK;
	p->armored = true;
	return slu_fail(SLU_ERR_FORMAT,
	    "unseal: an age file in armor, which has to come off first");
}

static slu_status
begin_stanza(slu_parser *p)
{
	slu_stanza *s;
	slu_status st;

	st = slu_header_add(&p->header, &s);
	if (st)
		return st;
	s->at = p->at - 2;
	go_to(p, ARGS);
	return SLU_OK;
}

/* "-> " begins a stanza, "---" the MAC. */
static slu_status
take_mark(slu_parser *p, unsigned char c)
{
	p->line[p->column++] = (char)c;
	if (p->column == 1 && c == '-')
		return SLU_OK;
	if (p->column == 2 && (c == '>' || c == '-'))
		return SLU_OK;
	if (p->column == 3 && c == ' ' && p->line[1] == '>')
		return begin_stanza(p);
	if (p->column == 3 && c == '-' && p->line[1] == '-') {
		if (p->header.nstanzas == 0)
			return fault(p, "no stanza before the MAC");
		p->covered = p->at + 1;
		go_to(p, MAC_SPACE);
		return SLU_OK;
	}
	return bad_byte(p, c, "neither a stanza nor the MAC");
}

/* The column counts the characters of the current argument. */
static slu_status
take_args(slu_parser *p, unsigned char c)
{
	if (c == ' ' || c == '\n') {
		if (p->column == 0)
			return fault(p, "an empty argument");
		go_to(p, c == ' ' ? ARGS : BODY);
		return slu_buf_add(&current(p)->args, "", 1);
	}
	if (c < 0x21 || c > 0x7e)
		return bad_byte(p, c, "a byte that no argument may hold");
	p->column++;
	return slu_buf_add(&current(p)->args, &c, 1);
}

static slu_status
end_body_line(slu_parser *p)
{
	unsigned char bytes[SLU_RAW64_BYTES(SLU_HEADER_COLUMNS)];
	size_t len = p->column;

	if (!slu_raw64_decode(bytes, p->line, len))
		return fault(p, "a stanza's body is not canonical base64");
	go_to(p, len == SLU_HEADER_COLUMNS ? BODY : MARK);
	return slu_buf_add(&current(p)->body, bytes, SLU_RAW64_BYTES(len));
}

static slu_status
take_body(slu_parser *p, unsigned char c)
{
	if (c == '\n')
		return end_body_line(p);
	if (!slu_raw64_is(c))
		return bad_byte(p, c, "a stanza's body is not base64");
	if (p->column == SLU_HEADER_COLUMNS)
		return fault(p, "a stanza's line of over 64 characters");
	p->line[p->column++] = (char)c;
	return SLU_OK;
}

static slu_status
take_mac_space(slu_parser *p, unsigned char c)
{
	if (c != ' ')
		return bad_byte(p, c, "no space before the MAC");
	go_to(p, MAC);
	return SLU_OK;
}

static slu_status
take_mac(slu_parser *p, unsigned char c)
{
	if (p->column < SLU_MAC_CHARS) {
		if (!slu_raw64_is(c))
			return bad_byte(
			    p, c, "the MAC is not 43 characters of base64");
		p->line[p->column++] = (char)c;
		return SLU_OK;
	}
	if (c != '\n')
		return bad_byte(p, c, "data behind the MAC");
	if (!slu_raw64_decode(p->header.mac, p->line, SLU_MAC_CHARS))
		return fault(p, "the MAC is not canonical base64");
	go_to(p, DONE);
	return SLU_OK;
}

slu_status
slu_parser_feed(slu_parser *p, const void *data, size_t len, size_t *used)
{
	static slu_status (*const step[])(slu_parser *, unsigned char) = {
		[VERSION] = take_version,
		[ARMOR] = take_armor,
		[MARK] = take_mark,
		[ARGS] = take_args,
		[BODY] = take_body,
		[MAC_SPACE] = take_mac_space,
		[MAC] = take_mac,
	};
	const unsigned char *in = data;
	slu_status st = SLU_OK;
	size_t i;

	for (i = 0; i < len && p->state != DONE && st == SLU_OK; i++) {
		if (p->at == SLU_HEADER_MAX)
			st = slu_fail(SLU_ERR_LIMIT,
			    "unseal: header of more than %zu bytes",
			    SLU_HEADER_MAX);
		else
			st = step[p->state](p, in[i]);
		p->at++;
	}
	*used = i;
	if (st)
		return st;
	p->text.limit = SLU_HEADER_MAX;
	st = slu_buf_add(&p->text, data, i);
	if (st)
		return st;
	return p->state == DONE ? SLU_OK : SLU_WANT_READ;
}

slu_status
slu_parser_cut(const slu_parser *p)
{
	if (p->at == 0)
		return slu_fail(
		    SLU_ERR_FORMAT, "unseal: not an age file: it is empty");
	return slu_fail(
	    SLU_ERR_TRUNCATED, "unseal: truncated within the header");
}

void
slu_parser_free(slu_parser *p)
{
	slu_header_free(&p->header);
	slu_buf_free(&p->text);
	*p = (slu_parser){ 0 };
}
