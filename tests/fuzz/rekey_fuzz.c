/* SPDX-License-Identifier: ISC */
/*
 * What is fed says which stanzas a sealed file has, what becomes of them, and
 * how to spoil the file.
 *
 * Where it can be rekeyed, its header was as it was made; the new one has what
 * was to be carried over, as it was, and behind it are the same bytes, which
 * the new key opens to what the old one did.  Where it cannot, nothing was
 * written.
 */
#include "spoilt.h"

#include "seal/parse.h"
#include "sluice/mem.h"
#include "sluice/rekey.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define SECRET \
	"AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40" \
	"Q2P2LM0"
#define PUBLIC "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef"
#define STANZAS 4 /* at most */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const types[] = { "fuzz", "x-grease", "piv-p256",
	"mlkem768x25519" };

static void
add_stanza(slu_header *h, uint8_t how)
{
	unsigned char body[256] = { how };
	slu_stanza *s;

	must(slu_header_add(h, &s) == SLU_OK);
	must(slu_stanza_add_arg(s, types[how % 4]) == SLU_OK);
	if (how % 3 == 0)
		must(slu_stanza_add_arg(s, "more") == SLU_OK);
	must(slu_buf_add(&s->body, body, how) == SLU_OK);
}

/* A sealed file with as many stanzas as the input has bytes. */
static void
make_file(const uint8_t *how, size_t n)
{
	slu_buf text = { .limit = SLU_HEADER_MAX };
	slu_header h = { 0 };

	original_len = 0;
	for (size_t i = 0; i < n; i++)
		add_stanza(&h, how[i]);
	must(slu_header_encode(&h, &text) == SLU_OK);
	must(slu_kdf_mac(h.mac, file_key, slu_buf_front(&text), text.len) ==
	     SLU_OK);
	must(slu_header_encode_mac(&h, &text) == SLU_OK);
	append(slu_buf_front(&text), text.len);
	append_payload();
	slu_buf_free(&text);
	slu_header_free(&h);
}

/* Stanzas of the new header: one for the key, then those carried over. */
static void
must_have(const slu_header *h, const uint8_t *how, size_t n, bool dropped)
{
	size_t at = 0;

	must(h->nstanzas > 0 &&
	     strcmp(slu_stanza_arg(&h->stanzas[at++], 0), "X25519") == 0);
	for (size_t i = 0; i < n && !dropped; i++) {
		const slu_stanza *s = &h->stanzas[at];
		const char *type = types[how[i] % 4];

		must(at++ < h->nstanzas);
		must(strcmp(slu_stanza_arg(s, 0), type) == 0);
		must((slu_stanza_arg(s, 1) != NULL) == (how[i] % 3 == 0));
		must(s->body.len == how[i]);
		must(how[i] == 0 || slu_buf_front(&s->body)[0] == how[i]);
	}
	must(at == h->nstanzas);
}

/* What comes out, and how it ends. */
static slu_status
open_it(slu_buf *out, const void *bytes, size_t len, slu_identities *ids)
{
	unsigned char piece[4096];
	slu_bio *c = NULL;
	slu_status st;
	size_t got;

	must(slu_view_open(&c, bytes, len) == SLU_OK);
	must(slu_unseal(&c, ids, NULL) == SLU_OK);
	slu_identities_free(ids);
	while ((st = slu_bio_read(c, piece, sizeof(piece), &got)) == SLU_OK)
		must(slu_buf_add(out, piece, got) == SLU_OK);
	slu_bio_free(c);
	return st;
}

static slu_identities *
new_holder(void)
{
	slu_identities *ids = NULL;

	must(slu_identities_new(&ids) == SLU_OK);
	must(slu_identities_key(ids, SECRET, strlen(SECRET)) == SLU_OK);
	return ids;
}

static void
must_open_to_the_same(const slu_buf *rekeyed)
{
	slu_buf was = { .limit = ROOM }, is = { .limit = ROOM };
	slu_status st;

	st = open_it(&was, file, file_len, holder());
	must(open_it(&is, slu_buf_front(rekeyed), rekeyed->len, new_holder()) ==
	     st);
	must(was.len == is.len &&
	     (was.len == 0 || memcmp(slu_buf_front(&was), slu_buf_front(&is),
				  was.len) == 0));
	slu_buf_free(&was);
	slu_buf_free(&is);
}

static void
must_be_rekeyed(const slu_buf *out, const uint8_t *how, size_t n, bool dropped)
{
	size_t used, header = payload_at - SLU_PAYLOAD_NONCE;
	slu_parser p = { 0 };

	must(file_len >= header && memcmp(file, original, header) == 0);
	must(
	    slu_parser_feed(&p, slu_buf_front(out), out->len, &used) == SLU_OK);
	must_have(&p.header, how, n, dropped);
	slu_parser_free(&p);
	must(out->len - used == file_len - header &&
	     memcmp(slu_buf_front(out) + used, file + header,
		 file_len - header) == 0);
	must_open_to_the_same(out);
}

static slu_status
rekey(slu_buf *out, bool drop, size_t *carried)
{
	const slu_rekey_options options = { .unknown = drop ? SLU_REKEY_DROP
							    : SLU_REKEY_CARRY,
		.carried = carried };
	slu_recipients *r = NULL;
	slu_identities *ids = holder();
	slu_bio *src = NULL, *dst = NULL;
	slu_status st;

	must(slu_recipients_new(&r) == SLU_OK);
	must(slu_recipients_key(r, PUBLIC, strlen(PUBLIC)) == SLU_OK);
	must(slu_view_open(&src, file, file_len) == SLU_OK);
	must(slu_mem_open(&dst, out) == SLU_OK);
	st = slu_rekey(dst, src, ids, r, &options);
	slu_bio_free(src);
	slu_bio_free(dst);
	slu_identities_free(ids);
	slu_recipients_free(r);
	return st;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slu_buf out = { .limit = ROOM + 4096 };
	size_t n, carried = 0;
	slu_status st;
	bool drop;

	if (size < 1)
		return 0;
	n = 1 + data[0] / 2 % STANZAS;
	drop = data[0] % 2 == 1;
	if (size < 1 + n || size > 1 + n + 20 * OP)
		return 0;
	make_file(data + 1, n);
	spoil_all(data + 1 + n, size - 1 - n);
	st = rekey(&out, drop, &carried);
	must(st == SLU_OK || slu_failed(st));
	if (st == SLU_OK)
		must_be_rekeyed(&out, data + 1, n, drop);
	else
		must(out.len == 0);
	must(st != SLU_OK || carried == (drop ? 0 : n));
	slu_buf_free(&out);
	return 0;
}
