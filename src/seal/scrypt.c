/* SPDX-License-Identifier: ISC */
#include "scrypt.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "../base/memory.h"
#include "raw64.h"
#include "sluice/rand.h"
#include "sluice/secret.h"

#define LABEL "age-encryption.org/v1/scrypt"
#define LABEL_LEN (sizeof(LABEL) - 1)
#define SALT_CHARS SLU_RAW64_CHARS(SLU_SCRYPT_SALT)

/* Each wrap key is made for one message, so its nonce needs no number. */
static const unsigned char zero_nonce[SLU_NONCE_SIZE];

/* Say "256 MiB": the memory is always a power of two, 1 KiB and up. */
static void
memory_words(char out[16], unsigned work_factor)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB",
		"EiB" };

	snprintf(out, 16, "%u %s", 1u << work_factor % 10,
	    units[work_factor / 10 % 6]);
}

/* What can be had at all: no more than a size_t can count. */
static uint64_t
available(void)
{
	uint64_t left = slu_memory_available();

	return left < SIZE_MAX ? left : SIZE_MAX;
}

static slu_status
check_memory(const char *room, unsigned work_factor)
{
	uint64_t need = slu_kdf_scrypt_memory(work_factor);
	uint64_t left = available();
	char words[16];

	if (need <= left)
		return SLU_OK;
	memory_words(words, work_factor);
	return slu_fail(SLU_ERR_LIMIT,
	    "%s: work factor %u needs %s of memory; %llu MiB are available",
	    room, work_factor, words, (unsigned long long)(left >> 20));
}

/* A factor whose memory has no name is over any limit. */
slu_status
slu_scrypt_check(const slu_scrypt_stanza *s, unsigned max_work_factor)
{
	char words[16];

	if (s->work_factor <= max_work_factor)
		return check_memory("unseal", s->work_factor);
	if (s->work_factor >= 60)
		return slu_fail(SLU_ERR_LIMIT,
		    "unseal: work factor of 60 or more; limit is %u",
		    max_work_factor);
	memory_words(words, s->work_factor);
	return slu_fail(SLU_ERR_LIMIT,
	    "unseal: work factor %u needs %s of memory; limit is %u",
	    s->work_factor, words, max_work_factor);
}

static slu_status
make_wrapper(slu_aead **out, const void *passphrase, size_t len,
    const unsigned char salt[SLU_SCRYPT_SALT], unsigned work_factor)
{
	unsigned char labelled[LABEL_LEN + SLU_SCRYPT_SALT];
	unsigned char key[SLU_KEY_SIZE];
	slu_status st;

	memcpy(labelled, LABEL, LABEL_LEN);
	memcpy(labelled + LABEL_LEN, salt, SLU_SCRYPT_SALT);
	st = slu_kdf_scrypt(
	    key, passphrase, len, labelled, sizeof(labelled), work_factor);
	if (st == SLU_OK)
		st = slu_aead_new(out, key);
	slu_wipe(key, sizeof(key));
	return st;
}

static slu_status
put_stanza(slu_header *h, const slu_scrypt_stanza *s)
{
	char salt[SALT_CHARS + 1], factor[12];
	slu_stanza *stanza;
	slu_status st;

	slu_raw64_encode(salt, s->salt, sizeof(s->salt));
	salt[SALT_CHARS] = '\0';
	snprintf(factor, sizeof(factor), "%u", s->work_factor);
	st = slu_header_add(h, &stanza);
	if (st == SLU_OK)
		st = slu_stanza_add_arg(stanza, SLU_SCRYPT_TYPE);
	if (st == SLU_OK)
		st = slu_stanza_add_arg(stanza, salt);
	if (st == SLU_OK)
		st = slu_stanza_add_arg(stanza, factor);
	if (st == SLU_OK)
		st = slu_buf_add(&stanza->body, s->body, sizeof(s->body));
	return st;
}

slu_status
slu_scrypt_wrap(slu_header *h, const void *passphrase, size_t len,
    unsigned work_factor, const unsigned char file_key[SLU_FILE_KEY])
{
	slu_scrypt_stanza s = { .work_factor = work_factor };
	slu_aead *wrapper = NULL;
	slu_status st;

	st = check_memory("seal", work_factor);
	if (st)
		return st;
	slu_rand_bytes(s.salt, sizeof(s.salt));
	st = make_wrapper(&wrapper, passphrase, len, s.salt, work_factor);
	if (st == SLU_OK)
		st = slu_aead_seal(
		    wrapper, zero_nonce, file_key, SLU_FILE_KEY, s.body);
	if (st == SLU_OK)
		st = put_stanza(h, &s);
	slu_aead_free(wrapper);
	return st;
}

/* A decimal number without a sign and without leading zeros, from 1. */
static bool
read_work_factor(const char *text, unsigned *out)
{
	unsigned n = 0;

	if (text[0] < '1' || text[0] > '9')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		n = n > UINT_MAX / 10 - 1 ? UINT_MAX
					  : n * 10 + (unsigned)(*text - '0');
	}
	*out = n;
	return true;
}

static slu_status
read_stanza(const slu_stanza *s, slu_scrypt_stanza *out)
{
	const char *salt = slu_stanza_arg(s, 1), *factor;

	factor = salt == NULL ? NULL : slu_stanza_arg(s, 2);
	if (factor == NULL)
		return slu_header_fault(s->at, "scrypt lacks an argument");
	if (slu_stanza_arg(s, 3) != NULL)
		return slu_header_fault(
		    slu_stanza_place(s, 3), "scrypt has an argument too many");
	if (!slu_raw64_decode_all(out->salt, sizeof(out->salt), salt))
		return slu_header_fault(slu_stanza_place(s, 1),
		    "the salt is not 16 bytes of canonical base64");
	if (!read_work_factor(factor, &out->work_factor))
		return slu_header_fault(
		    slu_stanza_place(s, 2), "the work factor is not a number");
	/* A longer body could be made to open with several passphrases. */
	if (s->body.len != sizeof(out->body))
		return slu_header_fault(
		    slu_stanza_place(s, 3), "scrypt's body is not 32 bytes");
	memcpy(out->body, slu_buf_front(&s->body), sizeof(out->body));
	return SLU_OK;
}

slu_status
slu_scrypt_find(const slu_header *h, slu_scrypt_stanza *out, bool *found)
{
	const slu_stanza *s;
	slu_status st;

	*found = false;
	for (size_t i = 0; i < h->nstanzas; i++) {
		s = &h->stanzas[i];
		if (strcmp(slu_stanza_arg(s, 0), SLU_SCRYPT_TYPE) != 0)
			continue;
		st = read_stanza(s, out);
		if (st)
			return st;
		/* Else who knows another key could pass for who knows it. */
		if (h->nstanzas > 1)
			return slu_header_fault(
			    s->at, "scrypt is not the only stanza");
		*found = true;
	}
	return SLU_OK;
}

slu_status
slu_scrypt_unwrap(const slu_scrypt_stanza *s, const void *passphrase,
    size_t len, unsigned max_work_factor, unsigned char file_key[SLU_FILE_KEY])
{
	slu_aead *wrapper = NULL;
	slu_status st;

	st = slu_scrypt_check(s, max_work_factor);
	if (st)
		return st;
	st = make_wrapper(&wrapper, passphrase, len, s->salt, s->work_factor);
	if (st == SLU_OK)
		st = slu_aead_open(
		    wrapper, zero_nonce, s->body, sizeof(s->body), file_key);
	slu_aead_free(wrapper);
	if (st == SLU_ERR_AUTH)
		return slu_fail(SLU_ERR_NO_MATCH, "unseal: wrong passphrase");
	return st;
}
