/* SPDX-License-Identifier: ISC */
/*
 * How fast a file is digested, on one thread.
 *
 *     hash_bench [FILE [ROUNDS [DIGEST]]]
 *
 * Without FILE, 1 GiB of random bytes is made for it; DIGEST is one of a
 * fixed size.  Each round gives a line "NAME BYTES SECONDS" for each of
 *
 *     chain   a file, a tap and a copy to nowhere: what a user of Sluice has
 *     evp     read(2) and EVP_DigestUpdate in blocks of 64 KiB: what a user
 *             of OpenSSL has
 *     memory  EVP_DigestUpdate over one block of 64 KiB in the cache: what
 *             the processor can do
 *
 * one after the other, so that what else the machine does meets them alike.
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
use_chain(struct job *j, unsigned char *digest)
{
	slu_bio *in = NULL, *out = NULL;
	slu_hash *h = NULL;
	size_t len;

	must(slu_hash_new(&h, j->digest) == SLU_OK, j->digest);
	must(slu_file_open(&in, j->path) == SLU_OK, j->path);
	must(slu_hash_tap(&in, h) == SLU_OK, j->digest);
	must(slu_null_open(&out) == SLU_OK, "null");
	must(slu_bio_copy(out, in) == SLU_OK, j->path);
	must(
	    slu_hash_final(h, digest, SLU_HASH_MAX, &len) == SLU_OK, j->digest);
	slu_bio_free(in);
	slu_bio_free(out);
	slu_hash_free(h);
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

static void
run(struct job *j, int rounds)
{
	static const struct {
		const char *name;
		void (*use)(struct job *j, unsigned char *digest);
	} ways[] = {
		{ "chain", use_chain },
		{ "evp", use_read },
		{ "memory", use_memory },
	};
	unsigned char digests[3][SLU_HASH_MAX] = { { 0 } };
	double began;

	for (int round = 0; round < rounds; round++) {
		for (size_t i = 0; i < 3; i++) {
			began = now();
			ways[i].use(j, digests[i]);
			printf("%s %zu %.6f\n", ways[i].name, j->bytes,
			    now() - began);
			fflush(stdout);
		}
		must(slu_equal(digests[0], digests[1], SLU_HASH_MAX),
		    "the chain's digest is not OpenSSL's");
	}
}

/* A file of unpredictable bytes that has no name: nothing is left behind. */
static void
make(struct job *j, char path[32])
{
	char name[] = "/tmp/hash_bench.XXXXXX";
	int fd = mkstemp(name);

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
		rounds = atoi(argv[2]);
	if (argc > 3)
		j.digest = argv[3];
	must(stat(j.path, &about) == 0 && about.st_size > 0, j.path);
	j.bytes = (size_t)about.st_size;
	run(&j, rounds);
	return 0;
}
