/* SPDX-License-Identifier: ISC */
/* Sealed files beside what the processors can do at the most. */
#include "bench_group.h"

#include <stdbool.h>
#include <stdlib.h>

#include <openssl/evp.h>
#include <pthread.h>

#include "cores.h"
#include "sluice/key.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/rand.h"
#include "sluice/seal_copy.h"
#include "sluice/unseal_copy.h"
#include "sluice/view.h"

#define SIZE (64 * BENCH_MIB)
#define TIMES 4
#define SEALED_MOST (SIZE + SIZE / 1024)
#define CHUNK (64 * 1024)
#define PASSPHRASE "bench"
#define LEN (sizeof(PASSPHRASE) - 1)
#define KEY_MOST 100 /* characters */

struct sealing {
	unsigned threads;
	slu_recipients *recipients;
	slu_identities *identities;
	unsigned char *plain;
	slu_buf sealed;
};

/* Seal all that is plain into `out`, or to nowhere. */
static slu_status
seal(struct sealing *s, slu_buf *out)
{
	const slu_seal_options how = { .threads = s->threads };
	slu_bio *from = NULL, *to = NULL;
	slu_status st;

	st = slu_view_open(&from, s->plain, SIZE);
	if (st == SLU_OK)
		st = out != NULL ? slu_mem_open(&to, out) : slu_null_open(&to);
	if (st == SLU_OK)
		st = slu_seal_copy(to, from, s->recipients, &how, NULL);
	slu_bio_free(from);
	slu_bio_free(to);
	return st;
}

/* Have a key for it: that of a passphrase counts in its own job only. */
static slu_status
make_keys(struct sealing *s)
{
	slu_buf secret = { .limit = KEY_MOST }, public = { .limit = KEY_MOST };
	slu_status st;

	st = slu_recipients_new(&s->recipients);
	if (st == SLU_OK)
		st = slu_identities_new(&s->identities);
	if (st == SLU_OK)
		st = slu_key_new(&secret);
	if (st == SLU_OK)
		st = slu_identities_key(s->identities,
		    (const char *)slu_buf_front(&secret), secret.len);
	if (st == SLU_OK)
		st = slu_identities_recipients(s->identities, &public);
	/* Without the end of its line. */
	if (st == SLU_OK)
		st = slu_recipients_key(s->recipients,
		    (const char *)slu_buf_front(&public), public.len - 1);
	slu_buf_free(&secret);
	slu_buf_free(&public);
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
	if (s->plain == NULL)
		return slu_fail(SLU_ERR_MEMORY, "bench: out of memory");
	slu_rand_bytes(s->plain, SIZE);
	st = make_keys(s);
	return st == SLU_OK ? seal(s, &s->sealed) : st;
}

static void
end(void *state)
{
	struct sealing *s = state;

	slu_recipients_free(s->recipients);
	slu_identities_free(s->identities);
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

/* A job that is too short to be timed is done several times. */
static slu_status
repeat(struct sealing *s, slu_status (*job)(struct sealing *s))
{
	slu_status st = SLU_OK;

	for (int i = 0; i < TIMES && st == SLU_OK; i++)
		st = job(s);
	return st;
}

static slu_status
seal_to_nowhere(struct sealing *s)
{
	return seal(s, NULL);
}

static slu_status
run_seal(void *state)
{
	return repeat(state, seal_to_nowhere);
}

static slu_status
unseal(struct sealing *s)
{
	const slu_unseal_options how = { .threads = s->threads };
	slu_bio *from = NULL, *to = NULL;
	slu_status st;

	st = slu_view_open(&from, slu_buf_front(&s->sealed), s->sealed.len);
	if (st == SLU_OK)
		st = slu_null_open(&to);
	if (st == SLU_OK)
		st = slu_unseal_copy(to, from, s->identities, &how, NULL);
	slu_bio_free(from);
	slu_bio_free(to);
	return st;
}

static slu_status
run_unseal(void *state)
{
	return repeat(state, unseal);
}

/* What one processor does of the limit. */
struct share {
	pthread_t thread;
	const unsigned char *plain; /* lent */
	size_t len;                 /* bytes, in whole chunks */
	bool started, ok;
};

static bool
encrypt(EVP_CIPHER_CTX *ctx, const unsigned char *chunk, unsigned char *out)
{
	static const unsigned char key[32], nonce[12];
	unsigned char tag[16];
	int n;

	return EVP_EncryptInit_ex2(
		   ctx, EVP_chacha20_poly1305(), key, nonce, NULL) == 1 &&
	       EVP_EncryptUpdate(ctx, out, &n, chunk, CHUNK) == 1 &&
	       EVP_EncryptFinal_ex(ctx, out, &n) == 1 &&
	       EVP_CIPHER_CTX_ctrl(
		   ctx, EVP_CTRL_AEAD_GET_TAG, sizeof(tag), tag) == 1;
}

static void *
do_share(void *arg)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char *out = malloc(CHUNK);
	struct share *s = arg;

	s->ok = ctx != NULL && out != NULL;
	for (size_t done = 0; done < s->len && s->ok; done += CHUNK)
		s->ok = encrypt(ctx, s->plain + done, out);
	free(out);
	EVP_CIPHER_CTX_free(ctx);
	return NULL;
}

/*
 * The least time in which all processors encrypt the same bytes, at the same
 * time: chunk by chunk, each into one that stays in its cache, and no more.
 */
static slu_status
encrypt_by_all(struct sealing *s)
{
	struct share all[SLU_SEAL_THREADS_MAX] = { 0 };
	size_t chunks = SIZE / CHUNK, at = 0, next;
	bool ok = true;

	for (unsigned i = 0; i < s->threads; i++) {
		next = chunks * (i + 1) / s->threads;
		all[i].plain = s->plain + at * CHUNK;
		all[i].len = (next - at) * CHUNK;
		all[i].started = pthread_create(&all[i].thread, NULL, do_share,
				     &all[i]) == 0;
		at = next;
	}
	for (unsigned i = 0; i < s->threads; i++)
		ok = all[i].started && pthread_join(all[i].thread, NULL) == 0 &&
		     all[i].ok && ok;
	return ok ? SLU_OK : slu_fail(SLU_ERR_CRYPTO, "bench: EVP_Encrypt");
}

static slu_status
run_limit(void *state)
{
	return repeat(state, encrypt_by_all);
}

static const bench_job jobs[] = {
	{ "key of a passphrase", run_passphrase, 0, 0, NULL, NULL },
	{ "seal, all processors", run_seal, TIMES *SIZE, 0,
	    "EVP on all of them", run_limit },
	{ "unseal, all processors", run_unseal, TIMES *SIZE, 0,
	    "EVP on all of them", run_limit },
};

const bench_group bench_seal = {
	.name = "seal",
	.jobs = jobs,
	.n = sizeof(jobs) / sizeof(jobs[0]),
	.size = sizeof(struct sealing),
	.begin = begin,
	.end = end,
};
