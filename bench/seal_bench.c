/* SPDX-License-Identifier: ISC */
/*
 * seal_bench: how near sealing and opening come to what the machine can do.
 *
 *     seal_bench [--size MIB] [--rounds N] [--work-factor N] [--json]
 *
 * What they stand beside are OpenSSL's AEAD alone, on chunks that stay in
 * the cache, and read(2) alone, of a file in the page cache: at 1.00 times
 * these, nothing else would take time.  What is done by all processors stands
 * beside the same on all of them at once: this is the share of the limit that
 * is reached.  A passphrase's key is made by a job of its own; in the others
 * it has the smallest work factor.
 */
#define _GNU_SOURCE /* sched_getaffinity */

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
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
#define CORES_MOST SLU_SEAL_THREADS_MAX

static struct bench {
	measure_settings settings;
	unsigned work_factor;
	unsigned cores;
	slu_aead *aead;
	unsigned char key[SLU_KEY_SIZE];
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

/* One of the threads of a job that all processors do. */
struct part {
	struct bench *b;
	unsigned number; /* of `b->cores` */
	slu_aead *aead;
	unsigned char *chunks; /* four, and what they become */
	void (*work)(struct part *p, size_t from, size_t to);
};

static void
part_encrypt(struct part *p, size_t from, size_t to)
{
	unsigned char *out = p->chunks + 4 * SLU_CHUNK;

	for (size_t i = from; i < to; i++)
		measure_must(slu_chunk_seal(p->aead, i, SLU_CHUNK_INNER,
				 p->chunks + i % 4 * SLU_CHUNK, SLU_CHUNK,
				 out + i % 4 * SLU_CHUNK_SEALED) == SLU_OK,
		    "encrypt");
}

/* The same four, again and again. */
static void
part_decrypt(struct part *p, size_t from, size_t to)
{
	unsigned char *sealed = p->chunks + 4 * SLU_CHUNK;

	part_encrypt(p, 0, 4);
	for (size_t i = from; i < to; i++)
		measure_must(
		    slu_chunk_open(p->aead, i % 4, SLU_CHUNK_INNER,
			sealed + i % 4 * SLU_CHUNK_SEALED, SLU_CHUNK_SEALED,
			p->chunks + i % 4 * SLU_CHUNK) == SLU_OK,
		    "decrypt");
}

static void
part_read(struct part *p, size_t from, size_t to)
{
	for (size_t i = from; i < to; i += 4)
		measure_must(pread(p->b->plain_file, p->chunks, READ,
				 (off_t)(i * SLU_CHUNK)) > 0,
		    "read");
}

static void *
do_part(void *arg)
{
	struct part *p = arg;
	size_t n = p->b->settings.size / SLU_CHUNK;

	p->work(
	    p, n * p->number / p->b->cores, n * (p->number + 1) / p->b->cores);
	return NULL;
}

/* Have each processor do its part. */
static void
do_on_all(struct bench *b, void (*work)(struct part *, size_t, size_t))
{
	struct part parts[CORES_MOST];
	pthread_t threads[CORES_MOST];

	for (unsigned i = 0; i < b->cores; i++) {
		parts[i] = (struct part){ .b = b, .number = i, .work = work };
		parts[i].chunks = calloc(8, SLU_CHUNK_SEALED);
		measure_must(parts[i].chunks != NULL &&
				 slu_aead_new(&parts[i].aead, b->key) == SLU_OK,
		    "memory");
		measure_must(
		    pthread_create(&threads[i], NULL, do_part, &parts[i]) == 0,
		    "thread");
	}
	for (unsigned i = 0; i < b->cores; i++) {
		measure_must(pthread_join(threads[i], NULL) == 0, "thread");
		slu_aead_free(parts[i].aead);
		free(parts[i].chunks);
	}
}

static void
job_encrypt_all(void *arg)
{
	do_on_all(arg, part_encrypt);
}

static void
job_decrypt_all(void *arg)
{
	do_on_all(arg, part_decrypt);
}

static void
job_read_all(void *arg)
{
	do_on_all(arg, part_read);
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

static void
job_seal_memory_all(void *arg)
{
	struct bench *b = arg;
	const slu_seal_options options = { .threads = b->cores };
	slu_bio *in = NULL, *out = NULL;

	measure_must(slu_view_open(&in, b->plain, b->settings.size) == SLU_OK &&
			 slu_null_open(&out) == SLU_OK &&
			 slu_seal_copy(out, in, b->r, &options, NULL) == SLU_OK,
	    "seal");
	slu_bio_free(in);
	slu_bio_free(out);
}

static void
job_unseal_memory_all(void *arg)
{
	struct bench *b = arg;
	const slu_unseal_options options = { .threads = b->cores };
	slu_bio *in = NULL, *out = NULL;

	measure_must(
	    slu_view_open(&in, slu_buf_front(&b->sealed), b->sealed.len) ==
		    SLU_OK &&
		slu_null_open(&out) == SLU_OK &&
		slu_unseal_copy(out, in, b->ids, &options, NULL) == SLU_OK,
	    "unseal");
	slu_bio_free(in);
	slu_bio_free(out);
}

static void
job_seal_file_all(void *arg)
{
	struct bench *b = arg;
	const slu_seal_options options = { .threads = b->cores };
	slu_bio *in = NULL, *out = NULL;

	measure_must(lseek(b->plain_file, 0, SEEK_SET) == 0, "seek");
	measure_must(slu_fd_open(&in, b->plain_file) == SLU_OK &&
			 slu_fd_open(&out, b->null) == SLU_OK &&
			 slu_seal_copy(out, in, b->r, &options, NULL) == SLU_OK,
	    "seal");
	slu_bio_free(in);
	slu_bio_free(out);
}

static void
job_unseal_file_all(void *arg)
{
	struct bench *b = arg;
	const slu_unseal_options options = { .threads = b->cores };
	slu_bio *in = NULL, *out = NULL;

	measure_must(lseek(b->sealed_file, 0, SEEK_SET) == 0, "seek");
	measure_must(
	    slu_fd_open(&in, b->sealed_file) == SLU_OK &&
		slu_fd_open(&out, b->null) == SLU_OK &&
		slu_unseal_copy(out, in, b->ids, &options, NULL) == SLU_OK,
	    "unseal");
	slu_bio_free(in);
	slu_bio_free(out);
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
	{ "encrypt, all", job_encrypt_all, &bench, { NULL }, false },
	{ "decrypt, all", job_decrypt_all, &bench, { NULL }, false },
	{ "read, all", job_read_all, &bench, { NULL }, false },
	{ "seal, memory, all", job_seal_memory_all, &bench, { "encrypt, all" },
	    false },
	{ "unseal, memory, all", job_unseal_memory_all, &bench,
	    { "decrypt, all" }, false },
	{ "seal, file, all", job_seal_file_all, &bench,
	    { "encrypt, all", "read, all" }, false },
	{ "unseal, file, all", job_unseal_file_all, &bench,
	    { "decrypt, all", "read, all" }, false },
	{ "scrypt", job_kdf, &bench, { NULL }, true },
};

static void
set_up(struct bench *b)
{
	slu_bio *in = NULL, *out = NULL;
	cpu_set_t set;

	b->cores = sched_getaffinity(0, sizeof(set), &set) == 0
		       ? (unsigned)CPU_COUNT(&set)
		       : 2;
	if (b->cores > CORES_MOST)
		b->cores = CORES_MOST;
	b->chunks = calloc(8, SLU_CHUNK_SEALED);
	b->plain = malloc(b->settings.size);
	measure_must(b->chunks != NULL && b->plain != NULL, "memory");
	slu_rand_bytes(b->plain, b->settings.size);
	slu_rand_key(b->key, sizeof(b->key));
	measure_must(slu_aead_new(&b->aead, b->key) == SLU_OK, "aead");
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
