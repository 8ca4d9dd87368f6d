/* SPDX-License-Identifier: ISC */
/*
 * How fast a file is digested.
 *
 *     hash_bench [FILE [ROUNDS [DIGEST]]]
 *
 * Without FILE, 1 GiB of random bytes is made for it, in TMPDIR and without
 * a name; DIGEST is one of a fixed size.  Every round runs each of
 *
 *     chain   a file, a tap and a copy to nowhere: what a user of Sluice has
 *     ahead   the same with a copy that reads ahead, on two threads
 *     evp     read(2) and EVP_DigestUpdate in blocks of 64 KiB: what a user
 *             of OpenSSL has
 *     memory  EVP_DigestUpdate over one block of 64 KiB in the cache: what
 *             the processor can do
 *
 * one after the other, so that what else the machine does meets them alike;
 * the medians are told, and what share of the chain's time the others take.
 */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "sluice.h"

#define BLOCK (64 * 1024)
#define MADE_SIZE (1 << 30)
#define ROUNDS_MAX 1000
#define WAYS 4

struct job {
	const char *path, *digest;
	size_t bytes; /* of the file */
	unsigned char block[BLOCK];
};

static void
must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "hash_bench: %s: %s\n", what, slu_error());
	exit(1);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
use_copy(struct job *j, unsigned char *digest,
    slu_status (*copy)(slu_bio *dst, slu_bio *src))
{
	slu_bio *in = NULL, *out = NULL;
	slu_hash *h = NULL;
	size_t len;

	must(slu_hash_new(&h, j->digest) == SLU_OK, j->digest);
	must(slu_file_open(&in, j->path) == SLU_OK, j->path);
	must(slu_null_open(&out) == SLU_OK, "null");
	must(slu_hash_tap(&out, h) == SLU_OK, j->digest);
	must(copy(out, in) == SLU_OK, j->path);
	must(
	    slu_hash_final(h, digest, SLU_HASH_MAX, &len) == SLU_OK, j->digest);
	slu_bio_free(in);
	slu_bio_free(out);
	slu_hash_free(h);
}

static void
use_chain(struct job *j, unsigned char *digest)
{
	use_copy(j, digest, slu_bio_copy);
}

static void
use_ahead(struct job *j, unsigned char *digest)
{
	use_copy(j, digest, slu_bio_copy_ahead);
}

/* Digest by OpenSSL alone what is read, or the same block anew each time. */
static void
use_evp(struct job *j, int fd, unsigned char *digest)
{
	EVP_MD *md = EVP_MD_fetch(NULL, j->digest, NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t done = 0;
	ssize_t n = BLOCK;

	must(md != NULL && ctx != NULL, j->digest);
	must(EVP_DigestInit_ex2(ctx, md, NULL) == 1, j->digest);
	for (; done < j->bytes; done += (size_t)n) {
		if (fd >= 0)
			n = read(fd, j->block, BLOCK);
		else if (j->bytes - done < BLOCK)
			n = (ssize_t)(j->bytes - done);
		must(n > 0, j->path);
		must(EVP_DigestUpdate(ctx, j->block, (size_t)n) == 1, "evp");
	}
	must(EVP_DigestFinal_ex(ctx, digest, NULL) == 1, "evp");
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
}

static void
use_read(struct job *j, unsigned char *digest)
{
	int fd = open(j->path, O_RDONLY);

	must(fd >= 0, j->path);
	use_evp(j, fd, digest);
	close(fd);
}

static void
use_memory(struct job *j, unsigned char *digest)
{
	use_evp(j, -1, digest);
}

static struct way {
	const char *name;
	void (*use)(struct job *j, unsigned char *digest);
	double seconds[ROUNDS_MAX];
} ways[WAYS] = {
	{ "chain", use_chain, { 0 } },
	{ "ahead", use_ahead, { 0 } },
	{ "evp", use_read, { 0 } },
	{ "memory", use_memory, { 0 } },
};

static void
run(struct job *j, int rounds)
{
	unsigned char digests[WAYS][SLU_HASH_MAX] = { { 0 } };
	double began;

	for (int round = 0; round < rounds; round++) {
		for (size_t i = 0; i < WAYS; i++) {
			began = now();
			ways[i].use(j, digests[i]);
			ways[i].seconds[round] = now() - began;
		}
		for (size_t i = 0; i < 2; i++)
			must(slu_equal(digests[i], digests[2], SLU_HASH_MAX),
			    "the chain's digest is not OpenSSL's");
	}
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
tell(const struct job *j, int rounds)
{
	double ours = 0, s;

	for (size_t i = 0; i < WAYS; i++) {
		qsort(ways[i].seconds, (size_t)rounds, sizeof(double), by_size);
		s = ways[i].seconds[rounds / 2];
		ours = i == 0 ? s : ours;
		printf("%-16s %9.4f s %7.2f GB/s  %5.1f %% of the chain\n",
		    ways[i].name, s, (double)j->bytes / s / 1e9,
		    s / ours * 100);
	}
}

/* A file of unpredictable bytes that has no name: nothing is left behind. */
static void
make(struct job *j, char path[32])
{
	const char *dir = getenv("TMPDIR");
	char name[4096];
	int fd;

	snprintf(name, sizeof(name), "%s/hash_bench.XXXXXX",
	    dir != NULL ? dir : "/tmp");
	fd = mkstemp(name);
	must(fd >= 0 && unlink(name) == 0, name);
	for (size_t done = 0; done < MADE_SIZE; done += BLOCK) {
		slu_rand_bytes(j->block, BLOCK);
		must(write(fd, j->block, BLOCK) == BLOCK, name);
	}
	snprintf(path, 32, "/dev/fd/%d", fd);
	j->path = path;
}

int
main(int argc, char **argv)
{
	static struct job j = { .digest = "sha256" };
	struct stat about;
	char path[32];
	int rounds = 5;

	if (argc > 1)
		j.path = argv[1];
	else
		make(&j, path);
	if (argc > 2)
		rounds = (int)strtol(argv[2], NULL, 10);
	if (argc > 3)
		j.digest = argv[3];
	if (rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "hash_bench: 1 to %d rounds\n", ROUNDS_MAX);
		return 2;
	}
	must(stat(j.path, &about) == 0 && about.st_size > 0, j.path);
	j.bytes = (size_t)about.st_size;
	run(&j, rounds);
	tell(&j, rounds);
	return 0;
}
