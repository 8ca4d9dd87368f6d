/* SPDX-License-Identifier: ISC */
/*
 * What is fed are damages to a sealed file, and reads of it at any places, some
 * of which the source cannot serve.
 *
 * Whatever was read before, a read gives what was sealed there, up to the first
 * chunk that is damaged or cannot be read, and all of it where there is none;
 * and it asks the source for no more than the chunks that it is about.
 */
#include "spoilt.h"

#include "sluice/sealed.h"

#define CHUNKS (PLAIN / SLU_CHUNK + 1)
#define READ 7 /* bytes of the input that make a read */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool damaged[CHUNKS];
static bool failing;         /* the source, for the second chunk */
static uint64_t first, last; /* the bytes that were asked for */

static slu_status
read_at(void *arg, uint64_t offset, void *buf, size_t len)
{
	const uint64_t bad = payload_at + SLU_CHUNK_SEALED;

	if (offset < first)
		first = offset;
	if (offset + len > last)
		last = offset + len;
	if (failing && offset < bad + SLU_CHUNK_SEALED && offset + len > bad)
		return slu_fail(SLU_ERR_IO, "fuzz: a bad sector");
	return read_spoilt(arg, offset, buf, len);
}

/* The chunk in which a read has to stop; CHUNKS where in none. */
static size_t
stops_in(uint64_t offset, uint64_t len)
{
	size_t i = (size_t)(offset / SLU_CHUNK);

	for (; i < CHUNKS && i * SLU_CHUNK < offset + len; i++)
		if (damaged[i] || (failing && i == 1))
			return i;
	return CHUNKS;
}

static uint64_t
place_of(uint64_t chunk)
{
	uint64_t at = payload_at + chunk * SLU_CHUNK_SEALED;

	return at < file_len ? at : file_len;
}

static void
must_ask_for_its_chunks(uint64_t offset, uint64_t len)
{
	if (first > last)
		return; /* nothing was */
	must(first >= place_of(offset / SLU_CHUNK));
	must(last <= place_of((offset + len - 1) / SLU_CHUNK + 1));
}

static void
read_once(slu_sealed *s, uint64_t offset, size_t len)
{
	static unsigned char out[PLAIN + 10];
	size_t got, want = 0, stop;
	slu_status st;

	first = UINT64_MAX;
	last = 0;
	st = slu_sealed_read_at(s, offset, out, len, &got);
	if (len == 0) {
		must(got == 0 && (st == SLU_OK || st == SLU_EOF));
		return;
	}
	if (offset >= PLAIN) {
		must(st == SLU_EOF && got == 0 && first > last);
		return;
	}
	must_ask_for_its_chunks(offset, len);
	want = PLAIN - offset < len ? (size_t)(PLAIN - offset) : len;
	stop = stops_in(offset, want);
	must(got <= want && memcmp(out, plain + offset, got) == 0);
	if (stop == CHUNKS)
		must(st == SLU_OK && got == want);
	else if (got > 0 && offset + got > stop * SLU_CHUNK)
		/* The chunk that was read last is kept, and needs no source. */
		must(st == SLU_OK && !damaged[stop]);
	else if (stop * SLU_CHUNK > offset)
		must(st == SLU_OK && got == stop * SLU_CHUNK - offset);
	else
		must(got == 0 && st == (damaged[stop] && !(failing && stop == 1)
					       ? SLU_ERR_AUTH
					       : SLU_ERR_IO));
}

/* Change bytes of chunks, but for the last one, which tells the size. */
static void
damage(uint8_t which)
{
	memcpy(file, original, original_len);
	file_len = original_len;
	for (size_t i = 0; i < CHUNKS; i++) {
		damaged[i] = i + 1 < CHUNKS && (which >> i) % 2 == 1;
		if (damaged[i])
			file[place_of(i) + which * 200] ^= 1;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slu_sealed_source source = { .read_at = read_at };
	slu_identities *ids;
	slu_sealed *s = NULL;
	uint64_t offset;

	make_original();
	if (size < 1 || size > 100 * READ)
		return 0;
	damage(data[0]);
	failing = false;
	source.size = file_len;
	ids = holder();
	must(slu_sealed_open(&s, &source, ids, NULL) == SLU_OK);
	slu_identities_free(ids);
	must(slu_sealed_size(s) == PLAIN);
	for (size_t at = 1; at + READ <= size; at += READ) {
		const uint8_t *d = data + at;

		failing = d[0] % 8 == 0;
		offset = (uint64_t)d[1] << 16 | (uint64_t)d[2] << 8 | d[3];
		if (d[0] % 8 == 1)
			offset = UINT64_MAX - offset;
		read_once(s, offset,
		    ((size_t)d[4] << 16 | (size_t)d[5] << 8 | d[6]) %
			(PLAIN + 10));
	}
	slu_sealed_free(s);
	return 0;
}
