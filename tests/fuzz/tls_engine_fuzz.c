/* SPDX-License-Identifier: ISC */
/*
 * Two kinds of bytes for an engine of either role: any at all, and those of
 * its peer's, spoiled on their way.
 *
 * A failure is for good, what waits is bounded, and what is read is what the
 * peer wrote.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "sluice/tls.h"
#include "tls/tls_internal.h"

#define MOST 4096
static const char words_said[] = "what one says to the other";
#define SAID_LEN (sizeof(words_said) - 1)

static slu_tls_config *configs[2];

enum { CLIENT, SERVER };

static void
must(int ok)
{
	if (!ok)
		abort();
}

static void
make_configs(void)
{
	unsigned char pin[32];

	for (int i = 0; i < 2; i++)
		must(slu_tls_config_new(&configs[i]) == SLU_OK);
	must(slu_tls_config_identity_ephemeral(configs[SERVER], pin) == SLU_OK);
	must(slu_tls_config_trust_pin(configs[CLIENT], pin) == SLU_OK);
	must(slu_tls_config_only_pins(configs[CLIENT]) == SLU_OK);
}

static slu_tls *
make_engine(int role)
{
	slu_tls *tls = NULL;

	must(
	    (role == CLIENT ? slu_tls_client(&tls, configs[CLIENT], "a.test")
			    : slu_tls_server(&tls, configs[SERVER])) == SLU_OK);
	return tls;
}

/* What went wrong goes wrong again, and nothing waits for OpenSSL. */
static void
must_stay(slu_tls *tls, slu_status st)
{
	char words[SLU_ERROR_MAX], byte;
	size_t n;

	must(tls->wire.out_len < SLU_WIRE_OUT_MAX + 20 * 1024);
	if (!slu_failed(st))
		return;
	strcpy(words, slu_error());
	must(ERR_peek_error() == 0 && words[0] != '\0');
	(void)slu_fail(SLU_ERR_USAGE, "fuzz: something else");
	must(slu_tls_read(tls, &byte, 1, &n) == st && n == 0);
	must(strcmp(words, slu_error()) == 0);
	must(slu_tls_feed(tls, "x", 1, &n) == st && n == 0);
	must(slu_tls_handshake(tls) == st);
	must(slu_tls_write(tls, "x", 1, &n) == st && n == 0);
	must(slu_tls_close(tls) == st);
}

/* Read all there is; it is the beginning of what was said. */
static void
hear(slu_tls *tls, size_t *heard)
{
	char bytes[SAID_LEN + 1];
	slu_status st;
	size_t n;

	while ((st = slu_tls_read(tls, bytes, sizeof(bytes), &n)) == SLU_OK) {
		must(n <= SAID_LEN - *heard);
		must(memcmp(bytes, &words_said[*heard], n) == 0);
		*heard += n;
	}
	must_stay(tls, st);
}

/* An engine and bytes of anybody's. */
static void
meet_anybody(int role, const uint8_t *data, size_t size, size_t piece)
{
	slu_tls *tls = make_engine(role);
	unsigned char out[1000];
	slu_status st = SLU_OK;
	size_t n, heard = 0;

	while (size > 0 && !slu_failed(st)) {
		st = slu_tls_feed(tls, data, piece < size ? piece : size, &n);
		must((st == SLU_OK) == (n > 0) && n <= size);
		data += n;
		size -= n;
		must_stay(tls, st);
		if (slu_tls_drain(tls, out, sizeof(out), &n) == SLU_OK)
			must(n > 0 && n <= sizeof(out));
		hear(tls, &heard);
		must(heard == 0);
		if (st == SLU_EOF)
			break;
	}
	slu_tls_feed_end(tls);
	must_stay(tls, slu_tls_handshake(tls));
	slu_tls_free(tls);
}

/* Bytes of a real peer's, some of which are changed: three bytes a change. */
struct way {
	const uint8_t *changes;
	size_t n;  /* of them */
	size_t at; /* bytes that have passed */
	size_t piece;
};

static void
pass(struct way *w, slu_tls *from, slu_tls *to)
{
	unsigned char bytes[2000];
	slu_status st = SLU_OK;
	size_t len, used, off;

	while (st == SLU_OK &&
	       slu_tls_drain(from, bytes, sizeof(bytes), &len) == SLU_OK) {
		for (size_t i = 0; i < w->n; i++) {
			const uint8_t *c = w->changes + 3 * i;
			size_t where = (size_t)c[0] << 8 | c[1];

			if (where >= w->at && where < w->at + len)
				bytes[where - w->at] ^= c[2];
		}
		w->at += len;
		for (off = 0; off < len && st == SLU_OK; off += used)
			st = slu_tls_feed(to, bytes + off,
			    w->piece < len - off ? w->piece : len - off, &used);
	}
}

static void
meet_spoiled(const uint8_t *data, size_t size, size_t piece)
{
	slu_tls *ends[2] = { make_engine(CLIENT), make_engine(SERVER) };
	struct way ways[2] = { { data, size / 6, 0, piece },
		{ data + size / 6 * 3, size / 6, 0, piece } };
	size_t heard[2] = { 0, 0 }, said[2] = { 0, 0 }, n;

	for (int round = 0; round < 12; round++) {
		for (int i = 0; i < 2; i++) {
			slu_status st = slu_tls_write(ends[i],
			    &words_said[said[i]], SAID_LEN - said[i], &n);

			said[i] += n;
			if (st == SLU_OK && said[i] == SAID_LEN)
				st = slu_tls_close(ends[i]);
			must_stay(ends[i], st);
			pass(&ways[i], ends[i], ends[1 - i]);
			hear(ends[1 - i], &heard[1 - i]);
		}
	}
	for (int i = 0; i < 2; i++) {
		/* Unchanged, all arrives. */
		must(size >= 6 || heard[i] == SAID_LEN);
		slu_tls_free(ends[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the kind, the role, and the size of pieces. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t piece;

	if (size == 0 || size > MOST)
		return 0;
	if (configs[0] == NULL)
		make_configs();
	piece = data[0] & 4 ? 7 : MOST;
	if (data[0] & 1)
		meet_spoiled(data + 1, size - 1, piece);
	else
		meet_anybody(data[0] >> 1 & 1, data + 1, size - 1, piece);
	ERR_clear_error();
	return 0;
}
