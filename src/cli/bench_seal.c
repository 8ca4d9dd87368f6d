/* SPDX-License-Identifier: ISC */
/* Sealed files beside what the processors can do at the most. */
#include "bench_group.h"

#include <stdlib.h>

#include <openssl/evp.h>

#include "cores.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/rand.h"
#include "sluice/seal.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define SIZE (64 * BENCH_MIB)
#define SEALED_MOST (SIZE + SIZE / 1024)
#define CHUNK (64 * 1024)
#define PASSPHRASE "bench"
#define LEN (sizeof(PASSPHRASE) - 1)

struct sealing {
	unsigned threads;
	slu_recipients *recipients;
	slu_identities *identities;
	unsigned char *plain;
	slu_buf sealed;
	unsigned char chunk[CHUNK], out[CHUNK];
	EVP_CIPHER_CTX *ctx;
};

/* Seal all that is plain into `out`, or to nowhere. */
static slu_status
seal(struct sealing *s, slu_buf *out)
{
	slu_bio *to = NULL;
	slu_status st;
	size_t put;

	st = out != NULL ? slu_mem_open(&to, out) : slu_null_open(&to);
	if (st == SLU_OK)
		st = slu_seal(&to, s->recipients,
		    &(slu_seal_options){ .threads = s->threads });
	if (st == SLU_OK)
		st = slu_bio_write_all(to, s->plain, SIZE, &put);
	if (st == SLU_OK)
		st = slu_bio_finish(to);
	slu_bio_free(to);
	return st;
}

/* So that the key of a passphrase does not count but in its own job. */
static slu_status
make_keys(struct sealing *s)
{
	slu_status st;

	st = slu_recipients_new(&s->recipients);
	if (st == SLU_OK)
		st = slu_recipients_passphrase(
		    s->recipients, PASSPHRASE, LEN, SLU_WORK_FACTOR_MIN);
	if (st == SLU_OK)
		st = slu_identities_new(&s->identities);
	if (st == SLU_OK)
		st = slu_identities_passphrase(
		    s->identities, PASSPHRASE, LEN, 0);
	return st;
}

static slu_status
begin(void *state)
{
	struct sealing *s = state;
	slu_status st;

	s->threads = cores_count();
	if (s->threads > SLU_SEAL_THREADS_MAX)
		s->threads = SLU_SEAL_THREADS_MAX;
	s->sealed.limit = SEALED_MOST;
	s->plain = malloc(SIZE);
	s->ctx = EVP_CIPHER_CTX_new();
	if (s->plain == NULL || s->ctx == NULL)
		return slu_fail(SLU_ERR_MEMORY, "bench: out of memory");
	slu_rand_bytes(s->plain, SIZE);
	slu_rand_bytes(s->chunk, CHUNK);
	st = make_keys(s);
	return st == SLU_OK ? seal(s, &s->sealed) : st;
}

static void
end(void *state)
{
	struct sealing *s = state;

	slu_recipients_free(s->recipients);
	slu_identities_free(s->identities);
	EVP_CIPHER_CTX_free(s->ctx);
	free(s->plain);
	slu_buf_free(&s->sealed);
}

static slu_status
run_passphrase(void *state)
{
	slu_recipients *r = NULL;
	slu_bio *to = NULL;
	slu_status st;

	(void)state;
	st = slu_recipients_new(&r);
	if (st == SLU_OK)
		st = slu_recipients_passphrase(
		    r, PASSPHRASE, LEN, SLU_WORK_FACTOR_DEFAULT);
	if (st == SLU_OK)
		st = slu_null_open(&to);
	if (st == SLU_OK)
		st = slu_seal(&to, r, NULL);
	slu_bio_free(to);
	slu_recipients_free(r);
	return st;
}

static slu_status
run_seal(void *state)
{
	return seal(state, NULL);
}

static slu_status
run_unseal(void *state)
{
	struct sealing *s = state;
	slu_bio *in = NULL;
	slu_status st;
	size_t got;

	st = slu_view_open(&in, slu_buf_front(&s->sealed), s->sealed.len);
	if (st == SLU_OK)
		st = slu_unseal(&in, s->identities,
		    &(slu_unseal_options){ .threads = s->threads });
	while (st == SLU_OK)
		st = slu_bio_read(in, s->out, CHUNK, &got);
	slu_bio_free(in);
	return st == SLU_EOF ? SLU_OK : st;
}

/*
 * The least time in which all processors could encrypt as much: what one of
 * them takes for its share, in chunks that stay in its cache.
 */
static slu_status
run_limit(void *state)
{
	static const unsigned char key[32], nonce[12];
	struct sealing *s = state;
	int n, ok = 1;

	for (size_t done = 0; done < SIZE / s->threads && ok; done += CHUNK) {
		ok = EVP_EncryptInit_ex2(
		    s->ctx, EVP_chacha20_poly1305(), key, nonce, NULL);
		if (ok)
			ok = EVP_EncryptUpdate(
			    s->ctx, s->out, &n, s->chunk, CHUNK);
		if (ok)
			ok = EVP_EncryptFinal_ex(s->ctx, s->out, &n);
	}
	return ok ? SLU_OK : slu_fail(SLU_ERR_CRYPTO, "bench: EVP_Encrypt");
}

static const bench_job jobs[] = {
	{ "key of a passphrase", run_passphrase, 0, 0, NULL, NULL },
	{ "seal, all processors", run_seal, SIZE, 0, "EVP on all, at best",
	    run_limit },
	{ "unseal, all processors", run_unseal, SIZE, 0, "EVP on all, at best",
	    run_limit },
};

const bench_group bench_seal = {
	.name = "seal",
	.jobs = jobs,
	.n = sizeof(jobs) / sizeof(jobs[0]),
	.size = sizeof(struct sealing),
	.begin = begin,
	.end = end,
};
