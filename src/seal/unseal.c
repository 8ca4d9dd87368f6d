/* SPDX-License-Identifier: ISC */
#include "sluice/unseal.h"

#include <stdbool.h>
#include <string.h>

#include "../bio/batch.h"
#include "chunk.h"
#include "identity_internal.h"
#include "match.h"
#include "parse.h"
#include "sluice/secret.h"

/* Sealed chunks in a batch: large reads that still fit a core's cache. */
#define BATCH_CHUNKS 4

struct unseal {
	enum { HEADER, NONCE, CHUNKS, TAIL, ENDED } phase;
	slu_identities *ids; /* held until the file key is known */
	slu_parser parser;   /* owned */
	slu_unseal_options told;
	unsigned char file_key[SLU_FILE_KEY]; /* until the nonce is there */
	slu_aead *aead;                       /* owned; from then on */
	slu_batch in;                         /* sealed, and not opened yet */
	slu_batch plain; /* a chunk that the reader had not the room for */
	bool eof;        /* `next` has ended, and is not asked again */
	uint64_t taken;  /* bytes of the file before those in `in` */
	uint64_t index;  /* of the chunk to be opened next */
};

static const unsigned char *
front(const struct unseal *u)
{
	return u->in.mem + u->in.off;
}

static void
take(struct unseal *u, size_t len)
{
	u->in.off += len;
	u->taken += len;
}

/* Intact bytes of plaintext so far. */
static unsigned long long
intact(const struct unseal *u)
{
	return (unsigned long long)u->index * SLU_CHUNK;
}

/* Have `want` bytes of the file in the batch, or all there are to its end. */
static slu_status
need(struct unseal *u, slu_bio *next, size_t want)
{
	slu_status st;

	while (slu_batch_left(&u->in) < want && !u->eof) {
		st = slu_batch_fill(&u->in, next);
		if (st == SLU_EOF)
			u->eof = true;
		else if (st)
			return st;
	}
	return SLU_OK;
}

static void
tell(const struct unseal *u, bool armored, unsigned over_limit)
{
	if (u->told.armored != NULL)
		*u->told.armored = armored;
	if (u->told.over_limit != NULL)
		*u->told.over_limit = over_limit;
}

static slu_status
read_header(struct unseal *u, slu_bio *next)
{
	unsigned over_limit = 0;
	slu_status st;
	size_t used;

	st = slu_batch_make(&u->in, BATCH_CHUNKS * SLU_CHUNK_SEALED);
	if (st == SLU_OK)
		st = need(u, next, 1);
	if (st)
		return st;
	if (u->eof)
		return slu_parser_cut(&u->parser);
	st = slu_parser_feed(
	    &u->parser, front(u), slu_batch_left(&u->in), &used);
	take(u, used);
	if (st == SLU_WANT_READ)
		return SLU_OK;
	if (st == SLU_OK)
		st = slu_match(u->ids, &u->parser, u->file_key, &over_limit);
	tell(u, u->parser.armored, over_limit);
	/* Opened or not, neither is of any use from here on. */
	slu_identities_free(u->ids);
	u->ids = NULL;
	slu_parser_free(&u->parser);
	u->phase = NONCE;
	return st;
}

static slu_status
read_nonce(struct unseal *u, slu_bio *next)
{
	unsigned char key[SLU_KEY_SIZE];
	slu_status st;

	st = need(u, next, SLU_PAYLOAD_NONCE);
	if (st)
		return st;
	if (slu_batch_left(&u->in) < SLU_PAYLOAD_NONCE)
		return slu_fail(
		    SLU_ERR_TRUNCATED, "unseal: truncated within the header");
	st = slu_kdf_payload(key, u->file_key, front(u));
	if (st == SLU_OK)
		st = slu_aead_new(&u->aead, key);
	slu_wipe(key, sizeof(key));
	slu_wipe(u->file_key, sizeof(u->file_key));
	take(u, SLU_PAYLOAD_NONCE);
	u->phase = CHUNKS;
	return st;
}

/*
 * Open a chunk that is as long as all but the last are.  Only its nonce says
 * whether it is the last, and to try is quicker than to wait for what might
 * follow.
 */
static slu_status
open_full(struct unseal *u, unsigned char *out)
{
	slu_status st;

	st = slu_chunk_open(u->aead, u->index, SLU_CHUNK_INNER, front(u),
	    SLU_CHUNK_SEALED, out);
	if (st == SLU_ERR_AUTH) {
		st = slu_chunk_open(u->aead, u->index, SLU_CHUNK_LAST, front(u),
		    SLU_CHUNK_SEALED, out);
		if (st == SLU_OK)
			u->phase = TAIL;
	}
	if (st == SLU_ERR_AUTH)
		return slu_fail(st, "unseal: damaged at byte %llu", intact(u));
	return st;
}

/*
 * Open what is left where the file has ended: a last chunk, or what a cut
 * has left of any.  Nothing tells damage, a cut and what was added to it from
 * each other, unless it is too short for a chunk.
 */
static slu_status
open_short(struct unseal *u, size_t len, unsigned char *out)
{
	slu_status st;

	if (len < SLU_TAG_SIZE)
		return slu_fail(SLU_ERR_TRUNCATED,
		    "unseal: truncated after %llu bytes", intact(u));
	st = slu_chunk_open(
	    u->aead, u->index, SLU_CHUNK_LAST, front(u), len, out);
	if (st == SLU_ERR_AUTH)
		return slu_fail(st,
		    "unseal: damaged, cut short or added to at byte %llu",
		    intact(u));
	if (st)
		return st;
	if (len == SLU_TAG_SIZE && u->index > 0)
		return slu_fail(SLU_ERR_FORMAT,
		    "unseal: an empty chunk at byte %llu",
		    (unsigned long long)u->taken);
	u->phase = TAIL;
	return SLU_OK;
}

/* Open the next chunk into `out`, which has room for it. */
static slu_status
open_next(struct unseal *u, unsigned char *out, size_t *got)
{
	size_t len = slu_batch_left(&u->in);
	slu_status st;

	if (len >= SLU_CHUNK_SEALED) {
		len = SLU_CHUNK_SEALED;
		st = open_full(u, out);
	} else {
		st = open_short(u, len, out);
	}
	if (st)
		return st;
	take(u, len);
	u->index++;
	*got += len - SLU_TAG_SIZE;
	return SLU_OK;
}

static slu_status
read_chunks(struct unseal *u, slu_bio *next, unsigned char *buf, size_t cap,
    size_t *got)
{
	slu_status st;

	st = need(u, next, SLU_CHUNK_SEALED);
	if (st)
		return st;
	if (cap < SLU_CHUNK) {
		st = slu_batch_make(&u->plain, SLU_CHUNK);
		return st ? st : open_next(u, u->plain.mem, &u->plain.len);
	}
	st = open_next(u, buf, got);
	/* What is there needs no second call; its faults do. */
	while (st == SLU_OK && u->phase == CHUNKS && cap - *got >= SLU_CHUNK &&
	       slu_batch_left(&u->in) >= SLU_CHUNK_SEALED)
		st = open_next(u, buf + *got, got);
	return *got > 0 ? SLU_OK : st;
}

static slu_status
check_end(struct unseal *u, slu_bio *next)
{
	slu_status st;

	st = need(u, next, 1);
	if (st)
		return st;
	if (slu_batch_left(&u->in) > 0)
		return slu_fail(SLU_ERR_FORMAT,
		    "unseal: data after the end, at byte %llu",
		    (unsigned long long)u->taken);
	u->phase = ENDED;
	return SLU_EOF;
}

static slu_status
step(struct unseal *u, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	switch (u->phase) {
	case HEADER: return read_header(u, next);
	case NONCE: return read_nonce(u, next);
	case CHUNKS: return read_chunks(u, next, buf, cap, got);
	case TAIL: return check_end(u, next);
	case ENDED: break;
	}
	return SLU_EOF;
}

static size_t
give(slu_batch *plain, void *buf, size_t cap)
{
	size_t n = slu_batch_left(plain);

	if (n > cap)
		n = cap;
	memcpy(buf, plain->mem + plain->off, n);
	plain->off += n;
	if (plain->off == plain->len)
		plain->off = plain->len = 0;
	return n;
}

static slu_status
unseal_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct unseal *u = self;
	slu_status st = SLU_OK;

	while (st == SLU_OK && *got == 0) {
		if (slu_batch_left(&u->plain) > 0)
			*got = give(&u->plain, buf, cap);
		else
			st = step(u, next, buf, cap, got);
	}
	return st;
}

static void
unseal_free(void *self)
{
	struct unseal *u = self;

	slu_identities_free(u->ids);
	slu_parser_free(&u->parser);
	slu_aead_free(u->aead);
	slu_batch_free(&u->in);
	slu_batch_free(&u->plain);
}

static const slu_bio_ops unseal_ops = {
	.name = "unseal",
	.size = sizeof(struct unseal),
	.read = unseal_read,
	.free = unseal_free,
};

slu_status
slu_unseal(
    slu_bio **top, slu_identities *ids, const slu_unseal_options *options)
{
	struct unseal *u;

	u = slu_bio_push(top, &unseal_ops);
	if (u == NULL)
		return SLU_ERR_MEMORY;
	u->ids = slu_identities_hold(ids);
	if (options != NULL)
		u->told = *options;
	tell(u, false, 0);
	return SLU_OK;
}
