/* SPDX-License-Identifier: ISC */
#include "sluice/inspect.h"

#include <string.h>

#include "../bio/copy_internal.h"
#include "armor_internal.h"
#include "extent.h"
#include "kdf.h"
#include "parse.h"
#include "scrypt.h"
#include "sluice/count.h"

#define PIECE (16 * 1024)

/* A sealed file that is looked into. */
struct look {
	slu_bio *src; /* owned: the caller's, out of its armor */
	slu_parser parser;
	uint64_t in_armor; /* bytes of the caller's that were read */
	bool armored;
	uint64_t file;   /* bytes of the file that were read */
	uint64_t header; /* of which so many are the header */
};

/* What stands between us and the caller's chain, which is not ours to free. */
struct lent {
	slu_bio *src;
};

static slu_status
lent_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	const struct lent *l = self;

	(void)next;
	return slu_copy_read(l->src, buf, cap, got);
}

static const slu_bio_ops lent_ops = {
	.name = "lent",
	.size = sizeof(struct lent),
	.read = lent_read,
};

static slu_status
begin(struct look *k, slu_bio *src)
{
	struct lent *l = slu_bio_push(&k->src, &lent_ops);
	slu_status st;

	if (l == NULL)
		return SLU_ERR_MEMORY;
	l->src = src;
	st = slu_count(&k->src, &k->in_armor);
	return st ? st : slu_dearmor_if(&k->src, &k->armored);
}

static slu_status
read_header(struct look *k)
{
	unsigned char piece[PIECE];
	slu_status st = SLU_WANT_READ;
	size_t got, used;

	while (st == SLU_WANT_READ) {
		st = slu_bio_read(k->src, piece, sizeof(piece), &got);
		if (st == SLU_EOF)
			return slu_parser_cut(&k->parser);
		if (st)
			return st;
		st = slu_parser_feed(&k->parser, piece, got, &used);
		k->file += got;
		k->header += used;
	}
	return st;
}

static slu_status
read_rest(struct look *k)
{
	unsigned char piece[PIECE];
	slu_status st;
	size_t got;

	do {
		st = slu_bio_read(k->src, piece, sizeof(piece), &got);
		k->file += got;
	} while (st == SLU_OK);
	return slu_copy_ended(st);
}

/* Types that others have said of what they resist. */
static slu_postquantum
postquantum_of(const char *type)
{
	static const char *const weak[] = { "X25519", "ssh-rsa", "ssh-ed25519",
		"piv-p256", "p256tag" };
	static const char *const strong[] = { SLU_SCRYPT_TYPE, "mlkem768x25519",
		"mlkem768p256tag" };

	for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++)
		if (strcmp(type, weak[i]) == 0)
			return SLU_POSTQUANTUM_NO;
	for (size_t i = 0; i < sizeof(strong) / sizeof(strong[0]); i++)
		if (strcmp(type, strong[i]) == 0)
			return SLU_POSTQUANTUM_YES;
	return SLU_POSTQUANTUM_UNKNOWN;
}

static slu_status
tell_stanzas(const slu_header *h, slu_inspection *out)
{
	slu_status st = SLU_OK;
	slu_postquantum resists;
	slu_scrypt_stanza scrypt;
	const char *type;
	bool found;

	out->types.limit = SLU_HEADER_MAX;
	out->stanzas = h->nstanzas;
	for (size_t i = 0; i < h->nstanzas && st == SLU_OK; i++) {
		type = slu_stanza_arg(&h->stanzas[i], 0);
		st = slu_buf_add(&out->types, type, strlen(type) + 1);
		resists = postquantum_of(type);
		/* The weakest way in counts. */
		if (resists != SLU_POSTQUANTUM_UNKNOWN &&
		    out->postquantum != SLU_POSTQUANTUM_NO)
			out->postquantum = resists;
	}
	if (st == SLU_OK)
		st = slu_scrypt_find(h, &scrypt, &found);
	if (st == SLU_OK && found)
		out->work_factor = scrypt.work_factor;
	return st;
}

static slu_status
tell_sizes(const struct look *k, uint64_t size, slu_inspection *out)
{
	uint64_t rest = size - k->header;
	slu_extent e;
	slu_status st;

	if (rest < SLU_PAYLOAD_NONCE)
		return slu_fail(
		    SLU_ERR_TRUNCATED, "unseal: truncated within the header");
	st = slu_extent_find(&e, rest - SLU_PAYLOAD_NONCE);
	out->header = k->header;
	out->payload = e.plain;
	out->overhead = rest - e.plain;
	if (k->armored)
		out->armor = k->in_armor - size;
	return st;
}

slu_status
slu_seal_inspect(slu_bio *src, uint64_t size, slu_inspection *out)
{
	struct look k = { 0 };
	slu_status st;

	*out = (slu_inspection){ 0 };
	st = begin(&k, src);
	if (st == SLU_OK)
		st = read_header(&k);
	if (st == SLU_OK)
		st = tell_stanzas(&k.parser.header, out);
	if (st == SLU_OK && (k.armored || size < k.file)) {
		st = read_rest(&k);
		size = k.file;
	}
	if (st == SLU_OK)
		st = tell_sizes(&k, size, out);
	if (st)
		slu_inspection_free(out);
	slu_parser_free(&k.parser);
	slu_bio_free(k.src);
	return st;
}

const char *
slu_inspection_type(const slu_inspection *in, size_t i)
{
	const char *types = (const char *)slu_buf_front(&in->types);

	if (i >= in->stanzas)
		return NULL;
	while (i-- > 0)
		types += strlen(types) + 1;
	return types;
}

void
slu_inspection_free(slu_inspection *in)
{
	slu_buf_free(&in->types);
	*in = (slu_inspection){ 0 };
}
