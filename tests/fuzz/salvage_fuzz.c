/* SPDX-License-Identifier: ISC */
/*
 * What is fed says how to spoil a sealed file.
 *
 * What is salvaged of it is, at each place, what was sealed there or a hole
 * that is told of; and each chunk that is still at its place, in a file whose
 * front is whole, comes back.
 */
#include "spoilt.h"

#include "sluice/mem.h"
#include "sluice/salvage.h"

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

/* Chunks that are as they were, where they were. */
static void
must_be_there(const slu_buf *out, const struct holes *h)
{
	size_t len, at;

	for (size_t i = 0; i * SLU_CHUNK < PLAIN; i++) {
		at = payload_at + i * SLU_CHUNK_SEALED;
		len = PLAIN - i * SLU_CHUNK;
		len = len < SLU_CHUNK ? len : SLU_CHUNK;
		if (at + len + SLU_TAG_SIZE > file_len ||
		    memcmp(file + at, original + at, len + SLU_TAG_SIZE) != 0)
			continue;
		must(i * SLU_CHUNK + len <= out->len);
		must(!h->in_one[i * SLU_CHUNK]);
	}
}

/*
 * Whether a full chunk may be behind all that are at their places: then it
 * takes seconds to see that no part of it is a last one, as a test of units
 * does.
 */
static bool
takes_long(void)
{
	size_t intact = 0;

	for (size_t i = 0; i * SLU_CHUNK < PLAIN; i++) {
		size_t at = payload_at + i * SLU_CHUNK_SEALED;
		size_t end = at + SLU_CHUNK_SEALED;

		end = end < original_len ? end : original_len;
		if (end <= file_len &&
		    memcmp(file + at, original + at, end - at) == 0)
			intact = end;
	}
	if (intact == original_len)
		return false;
	return file_len > payload_at + 20000 && intact + 20000 < file_len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct holes h;
	const slu_salvage_options told = { .hole = note, .arg = &h };
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
	if (takes_long())
		return 0;
	source.size = file_len;
	front =
	    file_len >= payload_at && memcmp(file, original, payload_at) == 0;
	memset(&h, 0, sizeof(h));
	ids = holder();
	must(slu_mem_open(&c, &out) == SLU_OK);
	st = slu_salvage(c, &source, ids, &told, &found);
	must(st == SLU_OK || slu_failed(st));
	/* With another nonce nothing opens; without it nothing begins. */
	must(front || st != SLU_OK);
	must_be_plain_or_zero(&out, &h, &found);
	if (front && found.front == 0)
		must_be_there(&out, &h);
	if (file_len == original_len && memcmp(file, original, file_len) == 0)
		must(st == SLU_OK && found.holes == 0 && out.len == PLAIN &&
		     found.end == SLU_SALVAGE_WHOLE && found.extra == 0);
	slu_bio_free(c);
	slu_buf_free(&out);
	slu_identities_free(ids);
	return 0;
}
