/* SPDX-License-Identifier: ISC */
/*
 * hash_bench: how fast a file is digested.
 *
 *     hash_bench [--size MIB] [--rounds N] [--file FILE] [--digest NAME]
 *                [--json]
 *
 * Without a file, random bytes are made for it; the digest is one of a fixed
 * size.  The jobs are
 *
 *     chain   a file, a tap and a copy to nowhere: what a user of Sluice has
 *     ahead   the same with a copy that reads ahead, on two threads
 *     evp     read(2) and EVP_DigestUpdate in blocks of 64 KiB: what a user
 *             of OpenSSL has
 *     memory  EVP_DigestUpdate over one block of 16 KiB in the cache, as
 *             `openssl speed -bytes 16384` has it: what the processor can do
 */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "measure.h"
#include "sluice.h"

#define BLOCK (64 * 1024)
#define SPEED_BLOCK (16 * 1024)

static struct bench {
	measure_settings settings;
	const char *path, *digest;
	unsigned char block[BLOCK];
	unsigned char first[SLU_HASH_MAX]; /* digest of the file */
	bool has_first;
} bench = {
	.settings = { .size = 1024 * MEASURE_MIB, .rounds = 5 },
	.digest = "sha256",
};

/* Who reads the file must come to one digest. */
static void
check(struct bench *b, const unsigned char *digest)
{
	if (!b->has_first)
		memcpy(b->first, digest, SLU_HASH_MAX);
	b->has_first = true;
	measure_must(slu_equal(b->first, digest, SLU_HASH_MAX),
	    "two digests of one file");
}

static void
use_copy(struct bench *b, slu_status (*copy)(slu_bio *dst, slu_bio *src))
{
	unsigned char digest[SLU_HASH_MAX] = { 0 };
	slu_bio *in = NULL, *out = NULL;
	slu_hash *h = NULL;
	size_t len;

	measure_must(slu_hash_new(&h, b->digest) == SLU_OK, b->digest);
	measure_must(slu_file_open(&in, b->path) == SLU_OK, b->path);
	measure_must(slu_null_open(&out) == SLU_OK, "null");
	measure_must(slu_hash_tap(&out, h) == SLU_OK, b->digest);
	measure_must(copy(out, in) == SLU_OK, b->path);
	measure_must(slu_hash_final(h, digest, sizeof(digest), &len) == SLU_OK,
	    b->digest);
	check(b, digest);
	slu_bio_free(in);
	slu_bio_free(out);
	slu_hash_free(h);
}

static void
job_chain(void *arg)
{
	use_copy(arg, slu_bio_copy);
}

static void
job_ahead(void *arg)
{
	use_copy(arg, slu_bio_copy_ahead);
}

/* Digest by OpenSSL alone what is read, or the same block anew each time. */
static void
use_evp(struct bench *b, int fd, unsigned char *digest)
{
	EVP_MD *md = EVP_MD_fetch(NULL, b->digest, NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t size = b->settings.size, done = 0;
	ssize_t n = SPEED_BLOCK;

	measure_must(md != NULL && ctx != NULL, b->digest);
	measure_must(EVP_DigestInit_ex2(ctx, md, NULL) == 1, b->digest);
	for (; done < size; done += (size_t)n) {
		if (fd >= 0)
			n = read(fd, b->block, BLOCK);
		else if (size - done < SPEED_BLOCK)
			n = (ssize_t)(size - done);
		measure_must(n > 0, b->path);
		measure_must(
		    EVP_DigestUpdate(ctx, b->block, (size_t)n) == 1, "evp");
	}
	measure_must(EVP_DigestFinal_ex(ctx, digest, NULL) == 1, "evp");
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
}

static void
job_evp(void *arg)
{
	unsigned char digest[SLU_HASH_MAX] = { 0 };
	struct bench *b = arg;
	int fd = open(b->path, O_RDONLY);

	measure_must(fd >= 0, b->path);
	use_evp(b, fd, digest);
	check(b, digest);
	close(fd);
}

static void
job_memory(void *arg)
{
	unsigned char digest[SLU_HASH_MAX];

	use_evp(arg, -1, digest);
}

static const measure_job jobs[] = {
	{ "chain", job_chain, &bench, { "evp" }, false },
	{ "ahead", job_ahead, &bench, { "memory" }, false },
	{ "evp", job_evp, &bench, { "memory" }, false },
	{ "memory", job_memory, &bench, { NULL }, false },
};

/* Random bytes for a file, which has no name but that of its descriptor. */
static void
make(struct bench *b, char path[32])
{
	unsigned char *data = malloc(b->settings.size);

	measure_must(data != NULL, "memory");
	slu_rand_bytes(data, b->settings.size);
	snprintf(
	    path, 32, "/dev/fd/%d", measure_scratch(data, b->settings.size));
	free(data);
	b->path = path;
}

static const char *
value(int argc, char **argv, int *i)
{
	measure_must(*i + 1 < argc, "a value is missing");
	return argv[++*i];
}

int
main(int argc, char **argv)
{
	struct stat about;
	char path[32];

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--file") == 0)
			bench.path = value(argc, argv, &i);
		else if (strcmp(argv[i], "--digest") == 0)
			bench.digest = value(argc, argv, &i);
		else if (!measure_option(&bench.settings, argc, argv, &i)) {
			fprintf(stderr,
			    "usage: hash_bench [--size MIB] [--rounds N] "
			    "[--file FILE] [--digest NAME] [--json]\n");
			return 2;
		}
	}
	if (bench.path == NULL)
		make(&bench, path);
	measure_must(
	    stat(bench.path, &about) == 0 && about.st_size > 0, bench.path);
	bench.settings.size = (size_t)about.st_size;
	measure(&bench.settings, jobs, sizeof(jobs) / sizeof(jobs[0]));
	return 0;
}
