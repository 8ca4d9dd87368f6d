/* SPDX-License-Identifier: ISC */
/*
 * seal_bench: how near sealing and opening come to what the machine can do.
 *
 *     seal_bench [--size MIB] [--rounds N] [--work-factor N] [--json]
 *
 * Every round runs each job once, so that what else the machine does meets
 * them all alike; the medians are told.  The limits are OpenSSL's AEAD alone,
 * on chunks that stay in the cache, and read(2) alone, of a file in the page
 * cache; a job's share of them is how near it comes.  The file lies in
 * TMPDIR, unlinked.  A passphrase's key is made by a job of its own; in the
 * others it has the smallest work factor.
 */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sluice.h"

#include "seal/chunk.h"
#include "seal/kdf.h"

#define MIB ((size_t)1024 * 1024)
#define ROUNDS_MAX 1000
#define READ (256 * 1024) /* bytes, as slu_bio_copy reads */
#define PASSPHRASE "bench"

struct bench {
	size_t size; /* bytes of plaintext */
	unsigned work_factor;
	slu_aead *aead;
	slu_recipients *r;
	slu_identities *ids;
	unsigned char *chunks; /* four, and what they become */
	unsigned char *plain;
	slu_buf sealed;
	int plain_file, sealed_file, null;
};

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "seal_bench: %s: %s\n", what, slu_error());
	exit(1);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void
job_encrypt(struct bench *b)
{
	unsigned char *out = b->chunks + 4 * SLU_CHUNK;

	for (size_t i = 0; i < b->size / SLU_CHUNK; i++)
		must(slu_chunk_seal(b->aead, i, SLU_CHUNK_INNER,
			 b->chunks + i % 4 * SLU_CHUNK, SLU_CHUNK,
			 out + i % 4 * SLU_CHUNK_SEALED) == SLU_OK,
		    "encrypt");
}

/* The four chunks have been sealed last by job_encrypt. */
static void
job_decrypt(struct bench *b)
{
	unsigned char *in = b->chunks + 4 * SLU_CHUNK;
	size_t n = b->size / SLU_CHUNK, first = n - 4;

	for (size_t i = 0; i < n; i++)
		must(slu_chunk_open(b->aead, first + i % 4, SLU_CHUNK_INNER,
			 in + (first + i % 4) % 4 * SLU_CHUNK_SEALED,
			 SLU_CHUNK_SEALED,
			 b->chunks + i % 4 * SLU_CHUNK) == SLU_OK,
		    "decrypt");
}

static void
job_read(struct bench *b)
{
	ssize_t n;

	must(lseek(b->plain_file, 0, SEEK_SET) == 0, "seek");
	while ((n = read(b->plain_file, b->chunks, READ)) > 0)
		continue;
	must(n == 0, "read");
}

static void
job_kdf(struct bench *b)
{
	unsigned char key[SLU_KEY_SIZE];

	must(slu_kdf_scrypt(key, PASSPHRASE, strlen(PASSPHRASE), "salt", 4,
		 b->work_factor) == SLU_OK,
	    "scrypt");
}

static void
pour(slu_bio *out, slu_bio *in)
{
	must(slu_bio_copy(out, in) == SLU_OK, "copy");
	must(slu_bio_finish(out) == SLU_OK, "finish");
	slu_bio_free(in);
	slu_bio_free(out);
}

static void
job_seal_memory(struct bench *b)
{
	slu_bio *in = NULL, *out = NULL;

	must(slu_view_open(&in, b->plain, b->size) == SLU_OK &&
		 slu_null_open(&out) == SLU_OK &&
		 slu_seal(&out, b->r, NULL) == SLU_OK,
	    "seal");
	pour(out, in);
}

static void
job_unseal_memory(struct bench *b)
{
	slu_bio *in = NULL, *out = NULL;

	must(slu_view_open(&in, slu_buf_front(&b->sealed), b->sealed.len) ==
		     SLU_OK &&
		 slu_unseal(&in, b->ids, NULL) == SLU_OK &&
		 slu_null_open(&out) == SLU_OK,
	    "unseal");
	pour(out, in);
}

static void
job_seal_file(struct bench *b)
{
	slu_bio *in = NULL, *out = NULL;

	must(lseek(b->plain_file, 0, SEEK_SET) == 0, "seek");
	must(slu_fd_open(&in, b->plain_file) == SLU_OK &&
		 slu_fd_open(&out, b->null) == SLU_OK &&
		 slu_seal(&out, b->r, NULL) == SLU_OK,
	    "seal");
	pour(out, in);
}

static void
job_unseal_file(struct bench *b)
{
	slu_bio *in = NULL, *out = NULL;

	must(lseek(b->sealed_file, 0, SEEK_SET) == 0, "seek");
	must(slu_fd_open(&in, b->sealed_file) == SLU_OK &&
		 slu_unseal(&in, b->ids, NULL) == SLU_OK &&
		 slu_fd_open(&out, b->null) == SLU_OK,
	    "unseal");
	pour(out, in);
}

static struct job {
	const char *name;
	void (*run)(struct bench *b);
	const char *limits[2]; /* jobs that are a part of it, or NULL */
	double seconds[ROUNDS_MAX];
} jobs[] = {
	{ "encrypt", job_encrypt, { NULL }, { 0 } },
	{ "decrypt", job_decrypt, { NULL }, { 0 } },
	{ "read", job_read, { NULL }, { 0 } },
	{ "seal, memory", job_seal_memory, { "encrypt" }, { 0 } },
	{ "unseal, memory", job_unseal_memory, { "decrypt" }, { 0 } },
	{ "seal, file", job_seal_file, { "encrypt", "read" }, { 0 } },
	{ "unseal, file", job_unseal_file, { "decrypt", "read" }, { 0 } },
	{ "scrypt", job_kdf, { NULL }, { 0 } },
};

#define JOBS (sizeof(jobs) / sizeof(jobs[0]))

static int
open_scratch(const void *data, size_t len)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/seal_bench.XXXXXX",
	    dir != NULL ? dir : "/tmp");
	fd = mkstemp(path);
	must(fd >= 0, path);
	unlink(path);
	for (size_t at = 0; at < len;) {
		ssize_t n = write(fd, (const char *)data + at, len - at);

		must(n > 0, path);
		at += (size_t)n;
	}
	return fd;
}

static void
set_up(struct bench *b)
{
	slu_bio *in = NULL, *out = NULL;
	unsigned char key[SLU_KEY_SIZE];

	b->chunks = calloc(8, SLU_CHUNK_SEALED);
	b->plain = malloc(b->size);
	must(b->chunks != NULL && b->plain != NULL, "memory");
	slu_rand_bytes(b->plain, b->size);
	slu_rand_key(key, sizeof(key));
	must(slu_aead_new(&b->aead, key) == SLU_OK, "aead");
	must(slu_recipients_new(&b->r) == SLU_OK &&
		 slu_recipients_passphrase(b->r, PASSPHRASE, strlen(PASSPHRASE),
		     SLU_WORK_FACTOR_MIN) == SLU_OK,
	    "recipients");
	must(slu_identities_new(&b->ids) == SLU_OK &&
		 slu_identities_passphrase(
		     b->ids, PASSPHRASE, strlen(PASSPHRASE), 0) == SLU_OK,
	    "identities");
	b->sealed.limit = SIZE_MAX;
	must(slu_view_open(&in, b->plain, b->size) == SLU_OK &&
		 slu_mem_open(&out, &b->sealed) == SLU_OK &&
		 slu_seal(&out, b->r, NULL) == SLU_OK,
	    "seal");
	pour(out, in);
	b->plain_file = open_scratch(b->plain, b->size);
	b->sealed_file = open_scratch(slu_buf_front(&b->sealed), b->sealed.len);
	b->null = open("/dev/null", O_WRONLY);
	must(b->null >= 0, "/dev/null");
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

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median_of(const char *name, unsigned rounds)
{
	for (size_t i = 0; i < JOBS; i++) {
		if (strcmp(jobs[i].name, name) != 0)
			continue;
		qsort(jobs[i].seconds, rounds, sizeof(double), by_size);
		return jobs[i].seconds[rounds / 2];
	}
	return 0;
}

/* How much of a job's time its limits take, in percent; 0 without any. */
static double
share_of_limits(const struct job *job, double seconds, unsigned rounds)
{
	double sum = 0;

	for (size_t i = 0; i < 2 && job->limits[i] != NULL; i++)
		sum += median_of(job->limits[i], rounds);
	return sum / seconds * 100;
}

static void
tell(const struct bench *b, unsigned rounds, bool json)
{
	for (size_t i = 0; i < JOBS; i++) {
		double s = median_of(jobs[i].name, rounds);
		double gb = (double)b->size / s / 1e9;
		double share = share_of_limits(&jobs[i], s, rounds);

		printf(json ? "%s{\"job\": \"%s\", \"seconds\": %.6f"
			    : "%s%-16s %9.4f s",
		    !json    ? ""
		    : i == 0 ? "["
			     : ",\n ",
		    jobs[i].name, s);
		if (jobs[i].run != job_kdf)
			printf(
			    json ? ", \"gb_per_second\": %.3f" : " %7.2f GB/s",
			    gb);
		if (share > 0)
			printf(json ? ", \"percent_of_limit\": %.1f"
				    : "  %5.1f %% of the limit",
			    share);
		fputs(json ? "}" : "\n", stdout);
	}
	if (json)
		puts("]");
}

static unsigned long
number(const char *text, unsigned long least, unsigned long most)
{
	char *end = NULL;
	unsigned long n = text == NULL ? 0 : strtoul(text, &end, 10);

	if (text == NULL || *text == '\0' || *end != '\0' || n < least ||
	    n > most) {
		fprintf(stderr, "seal_bench: a number from %lu to %lu\n", least,
		    most);
		exit(2);
	}
	return n;
}

int
main(int argc, char **argv)
{
	struct bench b = { .size = 256 * MIB, .work_factor = 10 };
	unsigned rounds = 7;
	bool json = false;

	for (int i = 1; i < argc; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;

		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else if (strcmp(argv[i], "--size") == 0)
			b.size = number(next, 1, 65536) * MIB, i++;
		else if (strcmp(argv[i], "--rounds") == 0)
			rounds = (unsigned)number(next, 1, ROUNDS_MAX), i++;
		else if (strcmp(argv[i], "--work-factor") == 0)
			b.work_factor = (unsigned)number(next, 1, 22), i++;
		else {
			fprintf(stderr,
			    "usage: seal_bench [--size MIB] "
			    "[--rounds N] [--work-factor N] [--json]\n");
			return 2;
		}
	}
	set_up(&b);
	for (unsigned k = 0; k < rounds; k++) {
		for (size_t i = 0; i < JOBS; i++) {
			double began = now();

			jobs[i].run(&b);
			jobs[i].seconds[k] = now() - began;
		}
	}
	tell(&b, rounds, json);
	tear_down(&b);
	return 0;
}
