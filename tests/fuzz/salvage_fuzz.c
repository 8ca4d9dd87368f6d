/* SPDX-License-Identifier: ISC */
/*
 * What is fed says how to spoil a sealed file.
 *
 * What is salvaged of it is, at each place, what was sealed there or a hole
 * that is told of; and each chunk that is still at its place, in a file whose
 * front is whole, comes back, and so do those that were moved once.
 */
#include "spoilt.h"

#include "sluice/mem.h"
#include "sluice/salvage.h"

#define TRIES 5000   /* for the likely places: an input takes milliseconds */
#define BEHIND 20000 /* bytes behind the end that are searched then */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was told of the holes. */
struct holes {
	bool in_one[PLAIN + ROOM]; /* whether that byte is */
	uint64_t n, bytes, end;    /* of the latest one */
};

static void
note(void *arg, uint64_t offset, uint64_t len)
{
	struct holes *h = arg;

	/* In order, and never two where one would do. */
	must(len > 0 && len <= sizeof(h->in_one) &&
	     offset <= sizeof(h->in_one) - len);
	must(h->n == 0 || offset > h->end);
	memset(h->in_one + offset, true, (size_t)len);
	h->n++;
	h->bytes += len;
	h->end = offset + len;
}

static void
must_be_plain_or_zero(
    const slu_buf *out, const struct holes *h, const slu_salvaged *found)
{
	const unsigned char *bytes = slu_buf_front(out);
	uint64_t intact = 0;

	must(out->len == found->size && h->n == found->holes);
	must(out->len <= PLAIN);
	for (size_t i = 0; i < out->len; i++) {
		must(bytes[i] == (h->in_one[i] ? 0 : plain[i]));
		intact += !h->in_one[i];
	}
	must(intact == found->intact && found->front % SLU_CHUNK == 0);
	/* What is told of the end may be behind what is written. */
	must(
	    found->end == SLU_SALVAGE_LOST || intact + h->bytes == found->size);
}

/* To find the last one takes longer, the more there is behind it. */
static bool
is_dear(size_t i, size_t at)
{
	return (i + 1) * SLU_CHUNK >= PLAIN && file_len > at + BEHIND;
}

/* Chunks that are as they were, where they were. */
static void
must_be_there(const slu_buf *out, const struct holes *h)
{
	size_t len, at;

	for (size_t i = 0; i * SLU_CHUNK < PLAIN; i++) {
		at = payload_at + i * SLU_CHUNK_SEALED;
		len = PLAIN - i * SLU_CHUNK;
		len = len < SLU_CHUNK ? len : SLU_CHUNK;
		if (is_dear(i, at) || at + len + SLU_TAG_SIZE > file_len ||
		    memcmp(file + at, original + at, len + SLU_TAG_SIZE) != 0)
			continue;
		must(i * SLU_CHUNK + len <= out->len);
		must(!h->in_one[i * SLU_CHUNK]);
	}
}

/* Where a chunk is now, if the only thing that was done is this; 0: nowhere. */
static size_t
place_now(const uint8_t op[OP], size_t at, size_t len)
{
	size_t there[] = { at, 0, 0 };
	size_t n =
	    op[0] % 8 >= 6 ? SLU_CHUNK_SEALED : (size_t)(op[4] << 8 | op[5]);

	there[1] = at > n ? at - n : 0;
	there[2] = at + n;
	for (size_t i = 0; i < 3; i++)
		if (there[i] >= payload_at && there[i] + len <= file_len &&
		    memcmp(file + there[i], original + at, len) == 0)
			return there[i];
	return 0;
}

/*
 * After one thing that is likely, all chunks come back that are somewhere: some
 * bytes dropped or put in, or a whole chunk.
 */
static void
must_be_found(const uint8_t op[OP], const slu_buf *out, const struct holes *h)
{
	bool likely = op[0] % 8 >= 6 || (op[4] == 0 && op[5] <= 64);
	size_t len, at, now;

	for (size_t i = 0; i * SLU_CHUNK < PLAIN && likely; i++) {
		at = payload_at + i * SLU_CHUNK_SEALED;
		len = PLAIN - i * SLU_CHUNK;
		len = len < SLU_CHUNK ? len : SLU_CHUNK;
		now = place_now(op, at, len + SLU_TAG_SIZE);
		if (now == 0 || is_dear(i, now))
			continue;
		must(i * SLU_CHUNK + len <= out->len);
		must(!h->in_one[i * SLU_CHUNK]);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct holes h;
	const slu_salvage_options told = {
		.hole = note, .arg = &h, .tries = TRIES
	};
	slu_sealed_source source = { .read_at = read_spoilt };
	slu_buf out = { .limit = ROOM };
	slu_identities *ids;
	slu_salvaged found;
	slu_bio *c = NULL;
	bool front;
	slu_status st;

	make_original();
	if (size > 20 * OP)
		return 0;
	spoil_all(data, size);
	source.size = file_len;
	front =
	    file_len >= payload_at && memcmp(file, original, payload_at) == 0;
	memset(&h, 0, sizeof(h));
	ids = holder();
	must(slu_mem_open(&c, &out) == SLU_OK);
	st = slu_salvage(c, &source, ids, &told, &found);
	must(st == SLU_OK || slu_failed(st));
	/* A header that is damaged is told of. */
	must(front || st != SLU_OK || found.header_damaged);
	must_be_plain_or_zero(&out, &h, &found);
	if (front && found.front == 0 && found.added == 0)
		must_be_there(&out, &h);
	if (front && size == OP)
		must_be_found(data, &out, &h);
	if (file_len == original_len && memcmp(file, original, file_len) == 0)
		must(st == SLU_OK && found.holes == 0 && out.len == PLAIN &&
		     found.end == SLU_SALVAGE_WHOLE && found.extra == 0);
	slu_bio_free(c);
	slu_buf_free(&out);
	slu_identities_free(ids);
	return 0;
}
