/* SPDX-License-Identifier: ISC */
/*
 * Only the status line is understood (RFC 9112, section 4): what a proxy
 * says in the fields of a 2xx does not concern a tunnel, and of a refusal
 * there is no more to tell.  Whatever was not fed yet, an answer still has
 * to end its line, and then to have an empty one.
 */
#include "http_answer.h"

#include <string.h>

#include "sluice/http_proxy.h"

#define TO_END 1  /* bytes to come at the beginning of a line, at least */
#define IN_LINE 2 /* and within a line */

static slu_status
malformed(const slu_http *h, const char *what)
{
	return slu_fail(
	    SLU_ERR_FORMAT, "%s: answered with %s", h->tunnel.room, what);
}

/* "HTTP/1.1 200", of which the digits may differ. */
static slu_status
feed_status(slu_http *h, unsigned char byte)
{
	static const char form[] = "HTTP/1.v ccc";
	bool good;

	switch (form[h->at]) {
	case 'v': good = byte == '0' || byte == '1'; break;
	case 'c':
		good = byte >= '0' && byte <= '9';
		h->code = h->code * 10 + (byte - '0');
		break;
	default: good = byte == (unsigned char)form[h->at];
	}
	if (!good && h->at == 0)
		return slu_tunnel_other(&h->tunnel, byte, "HTTP");
	if (!good)
		return malformed(h, "a malformed status line");
	h->at++;
	if (h->at == sizeof(form) - 1) {
		h->at = 0;
		h->part = SLU_HTTP_REASON;
	}
	return SLU_OK;
}

static slu_status
refused(const slu_http *h)
{
	const slu_tunnel *t = &h->tunnel;

	/* Some say 401 of a password that is wrong (tinyproxy). */
	if (h->login && (h->code == 407 || h->code == 401))
		return slu_fail(SLU_ERR_PEER,
		    "%s: refused the user and the password", t->room);
	if (h->code == 407)
		return slu_fail(SLU_ERR_PEER,
		    "%s: asks for a user and a password", t->room);
	/* The reason has a blank before it, and may be nothing else. */
	return slu_fail(SLU_ERR_PEER, "%s: answered %03u%s for %s", t->room,
	    h->code, strcmp(h->reason, " ") == 0 ? "" : h->reason, t->target);
}

/* An interim answer is followed by another one. */
static bool
is_interim(const slu_http *h)
{
	return h->code / 100 == 1 && h->code != 101;
}

static slu_status
end_of_answer(slu_http *h)
{
	slu_tunnel *t = &h->tunnel;

	if (!is_interim(h)) {
		slu_tunnel_stands(t);
		return SLU_OK;
	}
	h->part = SLU_HTTP_STATUS;
	h->code = 0;
	memset(h->reason, 0, sizeof(h->reason));
	t->to_come = SLU_HTTP_LEAST;
	return SLU_OK;
}

static slu_status
end_of_line(slu_http *h)
{
	bool empty = h->at == 0;

	h->at = 0;
	h->cr = false;
	h->tunnel.to_come = TO_END;
	if (h->part == SLU_HTTP_FIELDS)
		return empty ? end_of_answer(h) : SLU_OK;
	h->part = SLU_HTTP_FIELDS;
	return h->code / 100 == 2 || is_interim(h) ? SLU_OK : refused(h);
}

/* Note a character of the reason, fit to be told in a message. */
static void
note_reason(slu_http *h, unsigned char byte)
{
	if (h->part != SLU_HTTP_REASON || h->at >= SLU_HTTP_REASON_MAX)
		return;
	if (byte == '\t')
		byte = ' ';
	h->reason[h->at] = byte >= ' ' && byte <= '~' ? (char)byte : '?';
}

static slu_status
feed_line(slu_http *h, unsigned char byte)
{
	bool blank = byte == ' ' || byte == '\t';

	if (byte == '\n')
		return end_of_line(h);
	if (h->cr || (byte < ' ' && !blank && byte != '\r') || byte == 0x7f)
		return malformed(h, "a control character in its header");
	h->cr = byte == '\r';
	if (!h->cr) {
		if (h->part == SLU_HTTP_REASON && h->at == 0 && !blank)
			return malformed(h, "a malformed status line");
		note_reason(h, byte);
		h->at++;
	}
	h->tunnel.to_come =
	    h->part == SLU_HTTP_FIELDS && h->at == 0 ? TO_END : IN_LINE;
	return SLU_OK;
}

slu_status
slu_http_feed(slu_tunnel *t, unsigned char byte)
{
	slu_http *h = (slu_http *)t;

	if (h->len++ == SLU_HTTP_HEADER_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "%s: answered with a header of more than %d bytes", t->room,
		    SLU_HTTP_HEADER_MAX);
	return h->part == SLU_HTTP_STATUS ? feed_status(h, byte)
					  : feed_line(h, byte);
}
