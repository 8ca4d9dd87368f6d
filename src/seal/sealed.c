/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/sealed.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "armored.h"
#include "chunk.h"
#include "extent.h"
#include "payload.h"
#include "sluice/secret.h"
#include "source.h"

struct slu_sealed {
	slu_sealed_source text;   /* in armor or not */
	slu_sealed_source source; /* out of it */
	int fd;                   /* owned; -1 where `text` is the caller's */
	slu_armored *armored;     /* owned; NULL: it is in none */
	slu_aead *aead;           /* owned */
	uint64_t begin;           /* where in the file the first chunk is */
	slu_extent size;
	uint64_t kept; /* the chunk in `plain`; UINT64_MAX: none */
	unsigned char plain[SLU_CHUNK];
	unsigned char sealed[SLU_CHUNK_SEALED];
};

/* Bytes of a chunk, its tag included. */
static size_t
sealed_len(const slu_sealed *s, uint64_t index)
{
	return index + 1 == s->size.chunks ? (size_t)s->size.last
					   : SLU_CHUNK_SEALED;
}

static slu_status
read_chunk(slu_sealed *s, uint64_t index)
{
	return slu_source_read(&s->source, s->begin + index * SLU_CHUNK_SEALED,
	    s->sealed, sealed_len(s, index));
}

/* Open a chunk into `out`, which has room for it. */
static slu_status
load(slu_sealed *s, uint64_t index, unsigned char *out)
{
	slu_chunk_place place =
	    index + 1 == s->size.chunks ? SLU_CHUNK_LAST : SLU_CHUNK_INNER;
	slu_status st;

	st = read_chunk(s, index);
	if (st == SLU_OK)
		st = slu_chunk_open(s->aead, index, place, s->sealed,
		    sealed_len(s, index), out);
	if (st == SLU_ERR_AUTH)
		return slu_fail(st, "unseal: damaged at byte %llu",
		    (unsigned long long)(index * SLU_CHUNK));
	return st;
}

/* Have a chunk in `plain`. */
static slu_status
keep(slu_sealed *s, uint64_t index)
{
	slu_status st;

	if (s->kept == index)
		return SLU_OK;
	s->kept = UINT64_MAX;
	st = load(s, index, s->plain);
	if (st == SLU_OK)
		s->kept = index;
	return st;
}

/*
 * Open the last chunk.  One that is full may turn out to be an inner one:
 * then the file was cut behind it.
 */
static slu_status
open_end(slu_sealed *s)
{
	uint64_t last = s->size.chunks - 1;
	slu_chunk_place place;
	slu_status st;

	st = read_chunk(s, last);
	if (st == SLU_OK)
		st = slu_payload_open(s->aead, last,
		    s->begin + last * SLU_CHUNK_SEALED, s->sealed,
		    sealed_len(s, last), s->plain, &place);
	if (st)
		return st;
	if (place != SLU_CHUNK_LAST)
		return slu_fail(SLU_ERR_TRUNCATED,
		    "unseal: truncated after %llu bytes",
		    (unsigned long long)s->size.plain);
	s->kept = last;
	return SLU_OK;
}

static slu_status
open_payload(
    slu_sealed *s, slu_identities *ids, const slu_unseal_options *options)
{
	unsigned char key[SLU_KEY_SIZE];
	slu_status st;

	st = slu_armored_open(&s->armored, &s->text, &s->source);
	if (options != NULL && options->armored != NULL)
		*options->armored = s->armored != NULL;
	if (st == SLU_OK)
		st = slu_source_open(&s->source, ids, options, key, &s->begin);
	if (st == SLU_OK)
		st = slu_extent_find(&s->size, s->source.size - s->begin);
	if (st == SLU_OK)
		st = slu_aead_new(&s->aead, key);
	if (st == SLU_OK)
		st = open_end(s);
	slu_wipe(key, sizeof(key));
	return st;
}

static slu_status
new_sealed(slu_sealed **out)
{
	slu_sealed *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return slu_fail(SLU_ERR_MEMORY, "sealed: out of memory");
	s->fd = -1;
	s->kept = UINT64_MAX;
	*out = s;
	return SLU_OK;
}

slu_status
slu_sealed_open(slu_sealed **out, const slu_sealed_source *source,
    slu_identities *ids, const slu_unseal_options *options)
{
	slu_sealed *s = NULL;
	slu_status st;

	st = new_sealed(&s);
	if (st)
		return st;
	s->text = *source;
	st = open_payload(s, ids, options);
	if (st == SLU_OK) {
		*out = s;
		s = NULL;
	}
	slu_sealed_free(s);
	return st;
}

slu_status
slu_sealed_open_file(slu_sealed **out, const char *path, slu_identities *ids,
    const slu_unseal_options *options)
{
	slu_sealed *s = NULL;
	slu_status st;

	st = new_sealed(&s);
	if (st)
		return st;
	st = slu_source_file(&s->text, path, &s->fd);
	if (st == SLU_OK)
		st = open_payload(s, ids, options);
	if (st == SLU_OK) {
		*out = s;
		s = NULL;
	}
	slu_sealed_free(s);
	return st;
}

uint64_t
slu_sealed_size(const slu_sealed *s)
{
	return s->size.plain;
}

/*
 * Read from one chunk, as far as it goes.  What is wanted whole is opened
 * where it is wanted.
 */
static slu_status
read_from(
    slu_sealed *s, uint64_t offset, unsigned char *out, size_t cap, size_t *got)
{
	uint64_t index = offset / SLU_CHUNK;
	size_t in = (size_t)(offset % SLU_CHUNK);
	size_t len = sealed_len(s, index) - SLU_TAG_SIZE;
	slu_status st;

	if (in == 0 && cap >= len && s->kept != index) {
		st = load(s, index, out);
		*got = st ? 0 : len;
		return st;
	}
	st = keep(s, index);
	if (st)
		return st;
	*got = len - in < cap ? len - in : cap;
	memcpy(out, s->plain + in, *got);
	return SLU_OK;
}

slu_status
slu_sealed_read_at(
    slu_sealed *s, uint64_t offset, void *buf, size_t cap, size_t *got)
{
	slu_status st = SLU_OK;
	unsigned char *out = buf;
	size_t n;

	*got = 0;
	if (cap > 0 && offset >= s->size.plain)
		return SLU_EOF;
	if (cap > s->size.plain - offset)
		cap = (size_t)(s->size.plain - offset);
	while (*got < cap) {
		n = 0;
		st = read_from(s, offset + *got, out + *got, cap - *got, &n);
		if (st)
			break;
		*got += n;
	}
	return *got > 0 ? SLU_OK : st;
}

void
slu_sealed_free(slu_sealed *s)
{
	if (s == NULL)
		return;
	slu_aead_free(s->aead);
	slu_armored_free(s->armored);
	if (s->fd >= 0)
		close(s->fd);
	slu_wipe(s, sizeof(*s));
	free(s);
}
