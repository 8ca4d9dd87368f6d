/* SPDX-License-Identifier: ISC */
/*
 * deflate_bench: compressing beside zlib and pigz, and inflating beside zlib.
 *
 *     deflate_bench [--level N] [--size MIB] [--rounds N] [--json] [FILE]
 *
 * What is compressed, from a file to /dev/null, is FILE, or else words of
 * which some are frequent and most are rare.  Where pigz(1) is there, our
 * gzip member of two threads must not be more than 1 % larger than its own.
 * What is inflated is in memory, 64 KiB at a time, and was made by zlib.
 */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ZLIB_CONST
#include <zlib.h>

#include "measure.h"
#include "sluice.h"

#define BLOCK ((size_t)64 * 1024)
#define JOBS 6

extern char **environ;

static struct bench {
	measure_settings settings;
	int level;
	int plain, nowhere;    /* descriptors */
	unsigned char *packed; /* by zlib, as gzip */
	size_t packed_len;
	unsigned char in[BLOCK], out[BLOCK];
} b = { .settings = { .size = 64 * MEASURE_MIB, .rounds = 5 }, .level = 6 };

static void
rewind_plain(void)
{
	measure_must(lseek(b.plain, 0, SEEK_SET) == 0, "lseek");
}

/* Compress with zlib alone; `to` is a descriptor. */
static size_t
zlib_deflate(int to)
{
	z_stream z = { 0 };
	size_t made = 0, n;
	ssize_t got;
	int rc;

	rewind_plain();
	measure_must(deflateInit2(&z, b.level, Z_DEFLATED, MAX_WBITS + 16, 8,
			 Z_DEFAULT_STRATEGY) == Z_OK,
	    "deflateInit2");
	do {
		got = read(b.plain, b.in, BLOCK);
		measure_must(got >= 0, "read");
		z.next_in = b.in;
		z.avail_in = (uInt)got;
		do {
			z.next_out = b.out;
			z.avail_out = (uInt)BLOCK;
			rc = deflate(&z, got == 0 ? Z_FINISH : Z_NO_FLUSH);
			n = BLOCK - z.avail_out;
			measure_must(write(to, b.out, n) == (ssize_t)n, "zlib");
			made += n;
		} while (z.avail_out == 0);
	} while (rc != Z_STREAM_END);
	deflateEnd(&z);
	return made;
}

static void
job_zlib(void *arg)
{
	(void)arg;
	(void)zlib_deflate(b.nowhere);
}

static size_t
filter_deflate(unsigned threads)
{
	const slu_deflate_options options = {
		.format = SLU_GZIP, .level = b.level, .threads = threads
	};
	slu_bio *in = NULL, *out = NULL;
	uint64_t made = 0;

	rewind_plain();
	measure_must(slu_fd_open(&in, b.plain) == SLU_OK, "in");
	measure_must(slu_fd_open(&out, b.nowhere) == SLU_OK &&
			 slu_count(&out, &made) == SLU_OK &&
			 slu_deflate(&out, &options) == SLU_OK,
	    "out");
	measure_must(
	    slu_bio_copy(out, in) == SLU_OK && slu_bio_finish(out) == SLU_OK,
	    "copy");
	slu_bio_free(in);
	slu_bio_free(out);
	return (size_t)made;
}

static void
job_filter(void *arg)
{
	(void)filter_deflate(*(unsigned *)arg);
}

/* Run pigz with two threads; whether it is there. */
static bool
pigz(int to)
{
	char level[] = { '-', (char)('0' + b.level), '\0' };
	char *argv[] = { "pigz", "-n", "-p", "2", level, NULL };
	posix_spawn_file_actions_t files;
	int status = -1, error;
	pid_t child;

	rewind_plain();
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, b.plain, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, to, STDOUT_FILENO);
	error = posix_spawnp(&child, "pigz", &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	if (error != 0)
		return false;
	measure_must(
	    waitpid(child, &status, 0) == child && status == 0, "pigz");
	return true;
}

static void
job_pigz(void *arg)
{
	(void)arg;
	measure_must(pigz(b.nowhere), "pigz");
}

static void
job_zlib_inflate(void *arg)
{
	z_stream z = { .next_in = b.packed, .avail_in = (uInt)b.packed_len };
	int rc = Z_OK;

	(void)arg;
	measure_must(inflateInit2(&z, MAX_WBITS + 16) == Z_OK, "inflateInit2");
	while (rc == Z_OK) {
		z.next_out = b.out;
		z.avail_out = (uInt)BLOCK;
		rc = inflate(&z, Z_NO_FLUSH);
	}
	measure_must(rc == Z_STREAM_END, "inflate");
	inflateEnd(&z);
}

static void
job_filter_inflate(void *arg)
{
	const slu_inflate_options options = { .format = SLU_GZIP };
	slu_status st = SLU_OK;
	slu_bio *c = NULL;
	size_t got;

	(void)arg;
	measure_must(slu_view_open(&c, b.packed, b.packed_len) == SLU_OK &&
			 slu_inflate(&c, &options) == SLU_OK,
	    "inflate");
	while (st == SLU_OK)
		st = slu_bio_read(c, b.out, BLOCK, &got);
	measure_must(st == SLU_EOF, "inflate");
	slu_bio_free(c);
}

/* Words and ends of lines; the smaller of three numbers makes some frequent. */
static int
make_plain(size_t len)
{
	char *text = malloc(len + 32);
	uint64_t x = 88172645463325252, n, least;
	size_t at = 0;
	int fd;

	measure_must(text != NULL, "memory");
	while (at < len) {
		least = SLU_WORDS_LIST;
		for (int i = 0; i < 3; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			n = x % SLU_WORDS_LIST;
			least = n < least ? n : least;
		}
		at += (size_t)snprintf(text + at, 32, "%s%s",
		    slu_words_at((size_t)least), x % 13 == 0 ? "\n" : " ");
	}
	fd = measure_scratch(text, len);
	free(text);
	return fd;
}

static size_t
size_of(int fd)
{
	struct stat about;

	measure_must(fstat(fd, &about) == 0, "fstat");
	return (size_t)about.st_size;
}

/* What zlib makes, for the jobs that inflate. */
static size_t
pack(void)
{
	int fd = measure_scratch(NULL, 0);
	size_t len = zlib_deflate(fd);

	b.packed = malloc(len);
	b.packed_len = len;
	measure_must(
	    b.packed != NULL && pread(fd, b.packed, len, 0) == (ssize_t)len,
	    "pread");
	close(fd);
	return len;
}

/* Tell how large the results are; whether pigz is one of those who made one. */
static bool
compare_sizes(void)
{
	int fd = measure_scratch(NULL, 0);
	size_t by_zlib = pack(), ours = filter_deflate(2), theirs;
	bool there = pigz(fd);

	theirs = size_of(fd);
	close(fd);
	if (!b.settings.json) {
		printf("%zu bytes at level %d: zlib %zu, 2 threads %zu",
		    b.settings.size, b.level, by_zlib, ours);
		if (there)
			printf(", pigz %zu", theirs);
		puts(there ? "" : "; pigz is not there");
	}
	measure_must(
	    !there || ours <= theirs + theirs / 100, "more than 1 % larger");
	return there;
}

static int
usage(void)
{
	fprintf(stderr, "usage: deflate_bench [--level N] [--size MIB] "
			"[--rounds N] [--json] [FILE]\n");
	return 2;
}

int
main(int argc, char **argv)
{
	unsigned one = 1, two = 2;
	measure_job jobs[JOBS] = {
		{ .name = "zlib", .run = job_zlib },
		{ .name = "filter",
		    .run = job_filter,
		    .arg = &one,
		    .beside = { "zlib" } },
		{ .name = "filter, 2 threads",
		    .run = job_filter,
		    .arg = &two,
		    .beside = { "pigz -p 2" } },
		{ .name = "zlib, inflate", .run = job_zlib_inflate },
		{ .name = "filter, inflate",
		    .run = job_filter_inflate,
		    .beside = { "zlib, inflate" } },
		{ .name = "pigz -p 2", .run = job_pigz },
	};
	const char *path = NULL;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--level") == 0)
			b.level = (int)measure_number(argc, argv, &i, 1, 9);
		else if (argv[i][0] != '-' && path == NULL)
			path = argv[i];
		else if (!measure_option(&b.settings, argc, argv, &i))
			return usage();
	}
	b.nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	b.plain = path == NULL ? make_plain(b.settings.size)
			       : open(path, O_RDONLY | O_CLOEXEC);
	measure_must(b.nowhere >= 0 && b.plain >= 0, "open");
	b.settings.size = size_of(b.plain);
	measure(&b.settings, jobs, compare_sizes() ? JOBS : JOBS - 1);
	free(b.packed);
	return 0;
}
