/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "hash_want.h"

#include <string.h>
#include <strings.h>

#include "sluice/base64.h"
#include "sluice/view.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Whether `text` is hex digits, two for each of *len bytes of `out`. */
static bool
decode_hex(const char *text, unsigned char *out, size_t *len)
{
	size_t n = strlen(text);

	if (n % 2 != 0 || n / 2 > HASH_WANT_MAX)
		return false;
	for (size_t i = 0; i < n; i += 2) {
		if (hex_digit(text[i]) < 0 || hex_digit(text[i + 1]) < 0)
			return false;
		out[i / 2] = (unsigned char)(hex_digit(text[i]) * 16 +
					     hex_digit(text[i + 1]));
	}
	*len = n / 2;
	return true;
}

static bool
decode_base64(const char *text, unsigned char *out, size_t *len)
{
	slu_bio *in = NULL;
	slu_status st;
	size_t n;

	*len = 0;
	st = slu_view_open(&in, text, strlen(text));
	if (st == SLU_OK)
		st = slu_base64_decode(&in, NULL);
	while (st == SLU_OK && *len < HASH_WANT_MAX) {
		st = slu_bio_read(in, out + *len, HASH_WANT_MAX - *len, &n);
		*len += n;
	}
	slu_bio_free(in);
	return st == SLU_EOF;
}

/* Which digest has so many bytes, of those that lists leave unnamed. */
static const char *
by_size(size_t len)
{
	switch (len) {
	case 16: return "md5";
	case 20: return "sha1";
	case 28: return "sha224";
	case 32: return "sha256";
	case 48: return "sha384";
	case 64: return "sha512";
	default: return NULL;
	}
}

/* By what name the library knows what a list's tag names. */
static const char *
by_tag(const char *tag)
{
	static const struct {
		const char *tag, *name;
	} others[] = {
		{ "BLAKE2b", "blake2b512" }, { "BLAKE2s", "blake2s256" },
		{ "RMD160", "ripemd160" },      /* BSD, RHash */
		{ "SHA512t256", "sha512-256" }, /* FreeBSD */
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcasecmp(tag, others[i].tag) == 0)
			return others[i].name;
	return tag;
}

/* The same of an HMAC's tag; "", which names no digest, of any other. */
static const char *
by_mac_tag(const char *tag)
{
	static const char hmac[] = "HMAC-";

	if (strncasecmp(tag, hmac, sizeof(hmac) - 1) != 0)
		return "";
	return by_tag(tag + sizeof(hmac) - 1);
}

/* Have the digest of that name ready; it was likely the last line's too. */
static bool
have_digest(hash_want *w, const char *name)
{
	struct digest *d = &w->digest.each[0];

	if (w->digest.n > 0 && strcmp(name, w->algorithm) == 0)
		return true;
	digests_free(&w->digest);
	if (strlen(name) >= sizeof(w->algorithm) ||
	    digests_new(&d->h, name, w->key))
		return false;
	w->digest.n = 1;
	strcpy(w->algorithm, name);
	return true;
}

/* Whether the digest can have as many bytes as were decoded. */
static bool
fits(const hash_want *w)
{
	const slu_hash *h = w->digest.each[0].h;

	return slu_hash_is_xof(h) ? w->len > 0 : w->len == slu_hash_size(h);
}

/* Decode hex, which is what all programs write, or else base64. */
static bool
decode(hash_want *w, const char *text, const char *name)
{
	static bool (*const decoders[])(
	    const char *, unsigned char *, size_t *) = {
		decode_hex,
		decode_base64,
	};
	size_t n = 2;

	/* A slip of the pen does not make base64 of hex. */
	if (name == NULL && by_size(strlen(text) / 2) != NULL)
		n = 1;
	for (size_t i = 0; i < n; i++) {
		if (!decoders[i](text, w->bytes, &w->len))
			continue;
		if (name != NULL && fits(w))
			return true;
		if (name == NULL && by_size(w->len) != NULL)
			return have_digest(w, by_size(w->len));
	}
	return false;
}

bool
hash_want_take(hash_want *w, const hash_entry *e, const char *algorithm)
{
	const char *name = algorithm;

	if (e->tag != NULL)
		name = w->key != NULL ? by_mac_tag(e->tag) : by_tag(e->tag);
	w->judged = name == NULL;
	w->unknown = NULL;
	if (name != NULL && !have_digest(w, name)) {
		w->unknown = e->tag;
		return false;
	}
	if (!decode(w, e->digest, name))
		return false;
	w->digest.each[0].size = w->len;
	return true;
}

void
hash_want_free(hash_want *w)
{
	digests_free(&w->digest);
	*w = (hash_want){ 0 };
}
