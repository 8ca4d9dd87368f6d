/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "info.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "net_fault.h"
#include "out.h"
#include "say.h"
#include "text.h"
#include "sluice/tls_peer.h"

#define DIGEST_MAX 32 /* bytes of SHA-256 */
#define DAY_MAX 40    /* characters of a date */

/* What is said of a certificate beside what it says itself. */
struct leaf {
	const slu_certificate *cert;
	char from[DAY_MAX], to[DAY_MAX];
	slu_buf fingerprint; /* hexadecimal */
	slu_buf pin;         /* base64 */
};

static void
show_time(int64_t when, char out[DAY_MAX])
{
	time_t t = (time_t)when;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, DAY_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(out, DAY_MAX, "%" PRId64, when);
}

static slu_status
look_at(struct leaf *l, slu_tls *tls, size_t i)
{
	unsigned char digest[DIGEST_MAX], pin[SLU_TLS_PIN];
	slu_status st;
	size_t len;

	*l = (struct leaf){ .fingerprint.limit = 3 * DIGEST_MAX,
		.pin.limit = 3 * SLU_TLS_PIN };
	st = slu_tls_peer_certificate(tls, i, &l->cert);
	if (st)
		return st;
	show_time(slu_certificate_not_before(l->cert), l->from);
	show_time(slu_certificate_not_after(l->cert), l->to);
	st = slu_certificate_fingerprint(
	    l->cert, "sha256", digest, sizeof(digest), &len);
	if (st == SLU_OK)
		st = text_hex(&l->fingerprint, digest, len);
	if (st == SLU_OK)
		st = slu_certificate_pin(l->cert, pin);
	if (st == SLU_OK)
		st = text_base64(&l->pin, pin, sizeof(pin));
	return st;
}

static void
leaf_free(struct leaf *l)
{
	slu_buf_free(&l->fingerprint);
	slu_buf_free(&l->pin);
}

static void
out_buf(const char *before, const slu_buf *b, const char *behind)
{
	out("%s", before);
	out_bytes(slu_buf_front(b), b->len);
	out("%s", behind);
}

static slu_status
out_string(const char *before, const char *text)
{
	slu_buf string = { .limit = SIZE_MAX };
	slu_status st;

	out("%s", before);
	if (text == NULL) {
		out("null");
		return SLU_OK;
	}
	st = text_json(&string, text);
	if (st == SLU_OK)
		out_bytes(slu_buf_front(&string), string.len);
	slu_buf_free(&string);
	return st;
}

/* A name of a protocol is bytes that we have offered; NULL: none. */
static const char *
protocol(const slu_tls *tls, char room[256])
{
	size_t len = 0;
	const void *name = slu_tls_peer_alpn(tls, &len);

	if (name == NULL || len > 255)
		return NULL;
	memcpy(room, name, len);
	room[len] = '\0';
	return room;
}

static void
print_names(const slu_certificate *c)
{
	slu_certificate_kind kind;
	const char *name;

	for (size_t i = 0; (name = slu_certificate_name(c, i, &kind)); i++)
		out("  %-12s %s\n", i == 0 ? "names" : "", name);
}

static void
print_leaf(const struct leaf *l, size_t i)
{
	const char *subject = slu_certificate_subject(l->cert);

	out("certificate %zu\n", i);
	if (subject[0] != '\0')
		out("  %-12s %s\n", "subject", subject);
	print_names(l->cert);
	out("  %-12s %s\n", "issuer", slu_certificate_issuer(l->cert));
	out("  %-12s %s\n  %-12s %s\n", "from", l->from, "to", l->to);
	out_buf("  sha256       ", &l->fingerprint, "\n");
	out_buf("  pin          sha256//", &l->pin, "\n");
}

static slu_status
print_leaf_json(const struct leaf *l, size_t i)
{
	slu_certificate_kind kind;
	const char *name;
	slu_status st;

	st = out_string(i > 0 ? ",{\"subject\":" : "{\"subject\":",
	    slu_certificate_subject(l->cert));
	out(",\"names\":[");
	for (size_t n = 0;
	     st == SLU_OK && (name = slu_certificate_name(l->cert, n, &kind));
	     n++)
		st = out_string(n > 0 ? "," : "", name);
	if (st == SLU_OK)
		st = out_string(
		    "],\"issuer\":", slu_certificate_issuer(l->cert));
	out(",\"not_before\":\"%s\",\"not_after\":\"%s\"", l->from, l->to);
	out_buf(",\"sha256\":\"", &l->fingerprint, "\"");
	out_buf(",\"pin\":\"sha256//", &l->pin, "\"}");
	return st;
}

static slu_status
print_chain(slu_tls *tls, info_form form)
{
	size_t n = slu_tls_peer_chain(tls);
	slu_status st = SLU_OK;

	for (size_t i = 0; i < n && st == SLU_OK; i++) {
		struct leaf l;

		st = look_at(&l, tls, i);
		if (st == SLU_OK && form == INFO_JSON)
			st = print_leaf_json(&l, i);
		else if (st == SLU_OK)
			print_leaf(&l, i);
		leaf_free(&l);
	}
	return st;
}

/* Why the peer is not known to be who it should be; NULL: it is known to be. */
static const char *
doubt(const slu_tls *tls)
{
	return slu_tls_peer_verified(tls) == SLU_OK ? NULL : net_cause("");
}

static slu_status
print_text(slu_tls *tls)
{
	const char *group = slu_tls_peer_group(tls), *alpn, *why;
	char room[256];

	out("version        %s\n", slu_tls_peer_version_name(tls));
	out("cipher         %s\n", slu_tls_peer_cipher(tls));
	if (group != NULL)
		out("group          %s\n", group);
	alpn = protocol(tls, room);
	if (alpn != NULL)
		out("alpn           %s\n", alpn);
	out("resumed        %s\n", slu_tls_peer_resumed(tls) ? "yes" : "no");
	why = doubt(tls);
	if (why == NULL)
		out("verified       yes\n");
	else
		out("verified       no: %s\n", why);
	return print_chain(tls, INFO_TEXT);
}

static slu_status
print_json(slu_tls *tls, const char *name)
{
	const char *why;
	char room[256];
	slu_status st;

	st = out_string("{\"peer\":", name);
	if (st == SLU_OK)
		st = out_string(",\"name\":", slu_tls_peer_name(tls));
	if (st == SLU_OK)
		st =
		    out_string(",\"version\":", slu_tls_peer_version_name(tls));
	if (st == SLU_OK)
		st = out_string(",\"cipher\":", slu_tls_peer_cipher(tls));
	if (st == SLU_OK)
		st = out_string(",\"group\":", slu_tls_peer_group(tls));
	if (st == SLU_OK)
		st = out_string(",\"alpn\":", protocol(tls, room));
	why = doubt(tls);
	out(",\"resumed\":%s,\"verified\":%s",
	    slu_tls_peer_resumed(tls) ? "true" : "false",
	    why == NULL ? "true" : "false");
	if (st == SLU_OK)
		st = out_string(",\"doubt\":", why);
	out(",\"chain\":[");
	if (st == SLU_OK)
		st = print_chain(tls, INFO_JSON);
	out("]}\n");
	return st;
}

exit_code
info_print(slu_tls *tls, const char *name, info_form form)
{
	return say_status(
	    form == INFO_JSON ? print_json(tls, name) : print_text(tls), name);
}
