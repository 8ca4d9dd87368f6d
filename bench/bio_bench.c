/* SPDX-License-Identifier: ISC */
/*
 * bio_bench: what the chain itself costs, beside OpenSSL's BIOs and cat(1).
 *
 *     bio_bench [--size MIB] [--rounds N] [--json]
 *
 * A million calls go through eight filters that only hand on, to and from a
 * sink that copies nothing, with 64 bytes and with 64 KiB each:
 *
 *     pass   filters of a user's, whose operations call the next one's
 *     count  ours, that count what passes
 *     null   BIO_f_null, of which OpenSSL's chain is made
 *
 * And `size` bytes are copied from one file to another, by a chain and by
 * cat.  What a chain of eight filters takes as long as nothing passes is
 * told too; 64 KiB are the most it may be.
 */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <malloc.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/bio.h>

#include "measure.h"
#include "sluice.h"

#define FILTERS 8
#define CALLS 1000000
#define SMALL 64
#define LARGE (64 * 1024)
#define IDLE_MOST (64 * 1024)
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

extern char **environ;

static struct bench {
	measure_settings settings;
	slu_bio *pass, *count;
	uint64_t counts[FILTERS];
	BIO_METHOD *method;
	BIO *null;
	unsigned char block[LARGE];
	int from, to; /* files */
} b = { .settings = { .size = 1024 * MEASURE_MIB, .rounds = 5 } };

/* ---- sinks that take and give anything, and touch nothing of it */

static slu_status
any_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	(void)self;
	(void)next;
	(void)buf;
	*got = cap;
	return SLU_OK;
}

static slu_status
any_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	(void)self;
	(void)next;
	(void)data;
	*put = len;
	return SLU_OK;
}

static const slu_bio_ops any_ops = {
	.name = "any",
	.read = any_read,
	.write = any_write,
};

static int
bio_any_read(BIO *bio, char *buf, int cap)
{
	(void)bio;
	(void)buf;
	return cap;
}

static int
bio_any_write(BIO *bio, const char *data, int len)
{
	(void)bio;
	(void)data;
	return len;
}

/* ---- filters that hand on */

static slu_status
pass_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	(void)self;
	return slu_bio_read(next, buf, cap, got);
}

static slu_status
pass_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	(void)self;
	return slu_bio_write(next, data, len, put);
}

static const slu_bio_ops pass_ops = {
	.name = "pass",
	.read = pass_read,
	.write = pass_write,
};

static BIO *
make_null(void)
{
	BIO *chain, *filter;

	b.method =
	    BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "any");
	measure_must(b.method != NULL &&
			 BIO_meth_set_read(b.method, bio_any_read) &&
			 BIO_meth_set_write(b.method, bio_any_write),
	    "BIO_meth_new");
	chain = BIO_new(b.method);
	measure_must(chain != NULL, "BIO_new");
	BIO_set_init(chain, 1);
	for (int i = 0; i < FILTERS; i++) {
		filter = BIO_new(BIO_f_null());
		measure_must(filter != NULL, "BIO_new");
		chain = BIO_push(filter, chain);
	}
	return chain;
}

static void
make_chains(void)
{
	measure_must(slu_bio_push(&b.pass, &any_ops) != NULL, "any");
	measure_must(slu_bio_push(&b.count, &any_ops) != NULL, "any");
	for (int i = 0; i < FILTERS; i++) {
		measure_must(slu_bio_push(&b.pass, &pass_ops) != NULL, "pass");
		measure_must(
		    slu_count(&b.count, &b.counts[i]) == SLU_OK, "count");
	}
	b.null = make_null();
}

/* ---- a million calls */

/* Of which chain, which way, and how many bytes each. */
struct calls {
	slu_bio **ours; /* NULL: OpenSSL's */
	bool write;
	size_t len;
};

static void
call_ours(const struct calls *c)
{
	slu_status st = SLU_OK;
	size_t n;

	for (long i = 0; i < CALLS && st == SLU_OK; i++)
		st = c->write ? slu_bio_write(*c->ours, b.block, c->len, &n)
			      : slu_bio_read(*c->ours, b.block, c->len, &n);
	measure_must(st == SLU_OK, "calls");
}

static void
call_openssl(const struct calls *c)
{
	int n = (int)c->len;

	for (long i = 0; i < CALLS && n > 0; i++)
		n = c->write ? BIO_write(b.null, b.block, (int)c->len)
			     : BIO_read(b.null, b.block, (int)c->len);
	measure_must(n == (int)c->len, "BIO");
}

static void
job_calls(void *arg)
{
	const struct calls *c = arg;

	if (c->ours != NULL)
		call_ours(c);
	else
		call_openssl(c);
}

static struct calls calls[] = {
	{ &b.pass, true, SMALL },
	{ &b.count, true, SMALL },
	{ NULL, true, SMALL },
	{ &b.pass, true, LARGE },
	{ &b.count, true, LARGE },
	{ NULL, true, LARGE },
	{ &b.pass, false, SMALL },
	{ &b.count, false, SMALL },
	{ NULL, false, SMALL },
	{ &b.pass, false, LARGE },
	{ &b.count, false, LARGE },
	{ NULL, false, LARGE },
};

/* ---- from file to file */

static void
rewind_both(void)
{
	measure_must(lseek(b.from, 0, SEEK_SET) == 0 &&
			 lseek(b.to, 0, SEEK_SET) == 0 &&
			 ftruncate(b.to, 0) == 0,
	    "lseek");
}

static void
job_copy(void *arg)
{
	slu_bio *in = NULL, *out = NULL;

	(void)arg;
	rewind_both();
	measure_must(slu_fd_open(&in, b.from) == SLU_OK, "in");
	measure_must(slu_fd_open(&out, b.to) == SLU_OK, "out");
	measure_must(
	    slu_bio_copy(out, in) == SLU_OK && slu_bio_finish(out) == SLU_OK,
	    "copy");
	slu_bio_free(in);
	slu_bio_free(out);
}

static void
job_cat(void *arg)
{
	char *argv[] = { "cat", NULL };
	posix_spawn_file_actions_t files;
	int status = -1, error;
	pid_t child;

	(void)arg;
	rewind_both();
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, b.from, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, b.to, STDOUT_FILENO);
	error = posix_spawnp(&child, "cat", &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	measure_must(
	    error == 0 && waitpid(child, &status, 0) == child && status == 0,
	    "cat");
}

static void
make_files(void)
{
	unsigned char *data = malloc(b.settings.size);

	measure_must(data != NULL, "memory");
	memset(data, 'x', b.settings.size);
	b.from = measure_scratch(data, b.settings.size);
	b.to = measure_scratch(NULL, 0);
	free(data);
}

/* ---- a chain that nothing passes */

static size_t
in_use(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

static void
weigh_idle(void)
{
	size_t before = in_use(), bytes;
	slu_bio *c = NULL;
	uint64_t n = 0;

	measure_must(slu_null_open(&c) == SLU_OK &&
			 slu_base64_encode(&c, NULL) == SLU_OK &&
			 slu_deflate(&c, NULL) == SLU_OK &&
			 slu_count(&c, &n) == SLU_OK &&
			 slu_hex_encode(&c, NULL) == SLU_OK &&
			 slu_base64_decode(&c, NULL) == SLU_OK &&
			 slu_inflate(&c, NULL) == SLU_OK &&
			 slu_limit(&c, UINT64_MAX) == SLU_OK &&
			 slu_hex_decode(&c, NULL) == SLU_OK,
	    "idle chain");
	bytes = in_use() - before;
	if (!b.settings.json)
		printf("an idle chain of 8 filters: %zu bytes\n", bytes);
	measure_must(bytes <= IDLE_MOST, "an idle chain takes over 64 KiB");
	slu_bio_free(c);
}

static const measure_job jobs[] = {
	{ "pass, write 64 B", job_calls, &calls[0], { "null, write 64 B" },
	    true },
	{ "count, write 64 B", job_calls, &calls[1], { "null, write 64 B" },
	    true },
	{ "null, write 64 B", job_calls, &calls[2], { NULL }, true },
	{ "pass, write 64 KiB", job_calls, &calls[3], { "null, write 64 KiB" },
	    true },
	{ "count, write 64 KiB", job_calls, &calls[4], { "null, write 64 KiB" },
	    true },
	{ "null, write 64 KiB", job_calls, &calls[5], { NULL }, true },
	{ "pass, read 64 B", job_calls, &calls[6], { "null, read 64 B" },
	    true },
	{ "count, read 64 B", job_calls, &calls[7], { "null, read 64 B" },
	    true },
	{ "null, read 64 B", job_calls, &calls[8], { NULL }, true },
	{ "pass, read 64 KiB", job_calls, &calls[9], { "null, read 64 KiB" },
	    true },
	{ "count, read 64 KiB", job_calls, &calls[10], { "null, read 64 KiB" },
	    true },
	{ "null, read 64 KiB", job_calls, &calls[11], { NULL }, true },
	{ "copy, file to file", job_copy, NULL, { "cat" }, false },
	{ "cat", job_cat, NULL, { NULL }, false },
};

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!measure_option(&b.settings, argc, argv, &i)) {
			fprintf(stderr, "usage: bio_bench [--size MIB] "
					"[--rounds N] [--json]\n");
			return 2;
		}
	}
	weigh_idle();
	make_chains();
	make_files();
	measure(&b.settings, jobs, COUNT(jobs));
	slu_bio_free(b.pass);
	slu_bio_free(b.count);
	BIO_free_all(b.null);
	BIO_meth_free(b.method);
	return 0;
}
