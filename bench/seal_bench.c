/* SPDX-License-Identifier: ISC */
/*
 * seal_bench: how near sealing and opening come to what the machine can do.
 *
 *     seal_bench [--size MIB] [--rounds N] [--work-factor N] [--json]
 *
 * What they stand beside are OpenSSL's AEAD alone, on chunks that stay in
 * the cache, and read(2) alone, of a file in the page cache: at 1.00 times
 * these, nothing else would take time.  A passphrase's key is made by a job
 * of its own; in the others it has the smallest work factor.
 */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "measure.h"
#include "sluice.h"

#include "seal/chunk.h"
#include "seal/kdf.h"

#define READ (256 * 1024) /* bytes, as slu_bio_copy reads */
#define PASSPHRASE "bench"

static struct bench {
	measure_settings settings;
	unsigned work_factor;
	slu_aead *aead;
	slu_recipients *r;
	slu_identities *ids;
	unsigned char *chunks; /* four, and what they become */
	unsigned char *plain;
	slu_buf sealed;
	int plain_file, sealed_file, null;
} bench = {
	.settings = { .size = 256 * MEASURE_MIB, .rounds = 7 },
	.work_factor = 10,
};

static void
job_encrypt(void *arg)
{
	struct bench *b = arg;
	unsigned char *out = b->chunks + 4 * SLU_CHUNK;

	for (size_t i = 0; i < b->settings.size / SLU_CHUNK; i++)
		measure_must(slu_chunk_seal(b->aead, i, SLU_CHUNK_INNER,
				 b->chunks + i % 4 * SLU_CHUNK, SLU_CHUNK,
				 out + i % 4 * SLU_CHUNK_SEALED) == SLU_OK,
		    "encrypt");
}

/* The four chunks have been sealed last by job_encrypt. */
static void
job_decrypt(void *arg)
{
	struct bench *b = arg;
	unsigned char *in = b->chunks + 4 * SLU_CHUNK;
	size_t n = b->settings.size / SLU_CHUNK, first = n - 4;

	for (size_t i = 0; i < n; i++)
		measure_must(
		    slu_chunk_open(b->aead, first + i % 4, SLU_CHUNK_INNER,
			in + (first + i % 4) % 4 * SLU_CHUNK_SEALED,
			SLU_CHUNK_SEALED,
			b->chunks + i % 4 * SLU_CHUNK) == SLU_OK,
		    "decrypt");
}

static void
job_read(void *arg)
{
	struct bench *b = arg;
	ssize_t n;

	measure_must(lseek(b->plain_file, 0, SEEK_SET) == 0, "seek");
	while ((n = read(b->plain_file, b->chunks, READ)) > 0)
		continue;
	measure_must(n == 0, "read");
}

static void
job_kdf(void *arg)
{
	struct bench *b = arg;
	unsigned char key[SLU_KEY_SIZE];

	measure_must(slu_kdf_scrypt(key, PASSPHRASE, strlen(PASSPHRASE), "salt",
			 4, b->work_factor) == SLU_OK,
	    "scrypt");
}

static void
pour(slu_bio *out, slu_bio *in)
{
	measure_must(slu_bio_copy(out, in) == SLU_OK, "copy");
	measure_must(slu_bio_finish(out) == SLU_OK, "finish");
	slu_bio_free(in);
	slu_bio_free(out);
}

static void
job_seal_memory(void *arg)
{
	struct bench *b = arg;
	slu_bio *in = NULL, *out = NULL;

	measure_must(slu_view_open(&in, b->plain, b->settings.size) == SLU_OK &&
			 slu_null_open(&out) == SLU_OK &&
			 slu_seal(&out, b->r, NULL) == SLU_OK,
	    "seal");
	pour(out, in);
}

static void
job_unseal_memory(void *arg)
{
	struct bench *b = arg;
	slu_bio *in = NULL, *out = NULL;

	measure_must(slu_view_open(&in, slu_buf_front(&b->sealed),
			 b->sealed.len) == SLU_OK &&
			 slu_unseal(&in, b->ids, NULL) == SLU_OK &&
			 slu_null_open(&out) == SLU_OK,
	    "unseal");
	pour(out, in);
}

static void
job_seal_file(void *arg)
{
	struct bench *b = arg;
	slu_bio *in = NULL, *out = NULL;

	measure_must(lseek(b->plain_file, 0, SEEK_SET) == 0, "seek");
	measure_must(slu_fd_open(&in, b->plain_file) == SLU_OK &&
			 slu_fd_open(&out, b->null) == SLU_OK &&
			 slu_seal(&out, b->r, NULL) == SLU_OK,
	    "seal");
	pour(out, in);
}

static void
job_unseal_file(void *arg)
{
	struct bench *b = arg;
	slu_bio *in = NULL, *out = NULL;

	measure_must(lseek(b->sealed_file, 0, SEEK_SET) == 0, "seek");
	measure_must(slu_fd_open(&in, b->sealed_file) == SLU_OK &&
			 slu_unseal(&in, b->ids, NULL) == SLU_OK &&
			 slu_fd_open(&out, b->null) == SLU_OK,
	    "unseal");
	pour(out, in);
}

static const measure_job jobs[] = {
	{ "encrypt", job_encrypt, &bench, { NULL }, false },
	{ "decrypt", job_decrypt, &bench, { NULL }, false },
	{ "read", job_read, &bench, { NULL }, false },
	{ "seal, memory", job_seal_memory, &bench, { "encrypt" }, false },
	{ "unseal, memory", job_unseal_memory, &bench, { "decrypt" }, false },
	{ "seal, file", job_seal_file, &bench, { "encrypt", "read" }, false },
	{ "unseal, file", job_unseal_file, &bench, { "decrypt", "read" },
	    false },
	{ "scrypt", job_kdf, &bench, { NULL }, true },
};

static void
set_up(struct bench *b)
{
	slu_bio *in = NULL, *out = NULL;
	unsigned char key[SLU_KEY_SIZE];

	b->chunks = calloc(8, SLU_CHUNK_SEALED);
	b->plain = malloc(b->settings.size);
	measure_must(b->chunks != NULL && b->plain != NULL, "memory");
	slu_rand_bytes(b->plain, b->settings.size);
	slu_rand_key(key, sizeof(key));
	measure_must(slu_aead_new(&b->aead, key) == SLU_OK, "aead");
	measure_must(slu_recipients_new(&b->r) == SLU_OK &&
			 slu_recipients_passphrase(b->r, PASSPHRASE,
			     strlen(PASSPHRASE), SLU_WORK_FACTOR_MIN) == SLU_OK,
	    "recipients");
	measure_must(slu_identities_new(&b->ids) == SLU_OK &&
			 slu_identities_passphrase(b->ids, PASSPHRASE,
			     strlen(PASSPHRASE), 0) == SLU_OK,
	    "identities");
	b->sealed.limit = SIZE_MAX;
	measure_must(slu_view_open(&in, b->plain, b->settings.size) == SLU_OK &&
			 slu_mem_open(&out, &b->sealed) == SLU_OK &&
			 slu_seal(&out, b->r, NULL) == SLU_OK,
	    "seal");
	pour(out, in);
	b->plain_file = measure_scratch(b->plain, b->settings.size);
	b->sealed_file =
	    measure_scratch(slu_buf_front(&b->sealed), b->sealed.len);
	b->null = open("/dev/null", O_WRONLY);
	measure_must(b->null >= 0, "/dev/null");
}

static void
tear_down(struct bench *b)
{
	close(b->plain_file);
	close(b->sealed_file);
	close(b->null);
	slu_buf_free(&b->sealed);
	slu_identities_free(b->ids);
	slu_recipients_free(b->r);
	slu_aead_free(b->aead);
	free(b->plain);
	free(b->chunks);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--work-factor") == 0)
			bench.work_factor =
			    (unsigned)measure_number(argc, argv, &i, 1, 22);
		else if (!measure_option(&bench.settings, argc, argv, &i)) {
			fprintf(stderr,
			    "usage: seal_bench [--size MIB] "
			    "[--rounds N] [--work-factor N] [--json]\n");
			return 2;
		}
	}
	set_up(&bench);
	measure(&bench.settings, jobs, sizeof(jobs) / sizeof(jobs[0]));
	tear_down(&bench);
	return 0;
}
