/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "hash_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input.h"
#include "say.h"
#include "sluice/ahead.h"
#include "sluice/copy.h"
#include "sluice/count.h"
#include "sluice/many.h"
#include "sluice/null.h"
#include "sluice/tap.h"

/* What one digest after the other takes in while it is in a core's cache. */
#define PIECE (64 * 1024)

static const char changed[] = "changed while it was read";

static void
fail(hash_file *f, const char *why)
{
	f->code = EXIT_IO;
	f->why = strdup(why);
}

static void
fail_status(hash_file *f, slu_status st)
{
	f->code = say_code(st);
	f->why = strdup(say_cause(st));
}

/* The digest that a file names; it was likely the last one's too. */
static slu_status
have_own(hash_hand *hand, const hash_file *f, const slu_buf *key)
{
	slu_status st;

	if (hand->algorithm == NULL ||
	    strcmp(hand->algorithm, f->algorithm) != 0) {
		digests_free(&hand->digests);
		free(hand->algorithm);
		hand->algorithm = strdup(f->algorithm);
	}
	if (hand->algorithm == NULL)
		return slu_fail(SLU_ERR_MEMORY, "hash: out of memory");
	if (hand->digests.n == 0) {
		st = digests_new(&hand->digests.each[0].h, f->algorithm, key);
		if (st)
			return st;
		hand->digests.n = 1;
	}
	hand->digests.each[0].size = f->len;
	return SLU_OK;
}

/* Have fresh digests, a buffer, and room for the output. */
static slu_status
get_ready(hash_hand *hand, hash_file *f, const digests *all)
{
	slu_status st = SLU_OK;

	if (f->algorithm != NULL)
		st = have_own(hand, f, all->key);
	else if (hand->digests.n == 0)
		st = digests_copy(&hand->digests, all);
	if (st)
		return st;
	if (hand->buf == NULL)
		hand->buf = malloc(PIECE);
	f->len = digests_size(&hand->digests);
	f->out = malloc(f->len + 1);
	if (hand->buf == NULL || f->out == NULL)
		return slu_fail(SLU_ERR_MEMORY, "hash: out of memory");
	return SLU_OK;
}

static slu_status
put_output(hash_file *f, const hash_hand *hand)
{
	const digests *d = &hand->digests;
	unsigned char *to = f->out;
	slu_status st = SLU_OK;

	for (size_t i = 0; i < d->n && st == SLU_OK; i++) {
		st = digests_final(&d->each[i], to);
		to += d->each[i].size;
	}
	return st;
}

static ssize_t
read_piece(int fd, void *buf)
{
	ssize_t n;

	do {
		n = read(fd, buf, PIECE);
	} while (n < 0 && errno == EINTR);
	return n;
}

static void
read_open(hash_file *f, hash_hand *hand, int fd, atomic_uint_least64_t *moved)
{
	slu_status st = SLU_OK;
	struct stat before;
	ssize_t n;

	if (fstat(fd, &before) != 0) {
		fail(f, strerror(errno));
		return;
	}
	while ((n = read_piece(fd, hand->buf)) > 0 && st == SLU_OK) {
		for (size_t i = 0; i < hand->digests.n && st == SLU_OK; i++)
			st = slu_hash_update(
			    hand->digests.each[i].h, hand->buf, (size_t)n);
		f->size += (uint64_t)n;
		atomic_fetch_add_explicit(
		    moved, (uint64_t)n, memory_order_relaxed);
	}
	if (n < 0)
		fail(f, strerror(errno));
	else if (!S_ISREG(before.st_mode) || !input_is_unchanged(fd, &before))
		fail(f, changed);
	else if (st == SLU_OK)
		st = put_output(f, hand);
	if (st)
		fail_status(f, st);
}

void
hash_file_read(hash_file *f, hash_hand *hand, const digests *all,
    atomic_uint_least64_t *moved)
{
	int flags = O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK, fd;
	slu_status st;

	st = get_ready(hand, f, all);
	if (st) {
		fail_status(f, st);
		return;
	}
	fd = open(f->name, f->found ? flags | O_NOFOLLOW : flags);
	if (fd < 0) {
		fail(f, strerror(errno));
		return;
	}
	read_open(f, hand, fd, moved);
	close(fd);
	/* What took in half a file is of no use for the next one. */
	if (f->code != EXIT_DONE)
		digests_free(&hand->digests);
}

static slu_status
push_taps(slu_bio **to, const digests *d)
{
	slu_status st = SLU_OK;

	for (size_t i = 0; i < d->n && st == SLU_OK; i++)
		st = slu_hash_tap(to, d->each[i].h);
	return st;
}

/* Read `in` into one digest, or into several on this thread. */
static slu_status
pour_plainly(
    hash_file *f, hash_hand *hand, input *in, slu_bio *to, unsigned threads)
{
	slu_status st;

	st = threads > 1 ? slu_bio_copy_ahead(to, in->bio)
			 : slu_bio_copy(to, in->bio);
	return st ? st : put_output(f, hand);
}

/* Read `in` into several digests, by several threads. */
static slu_status
pour_into_many(
    hash_file *f, hash_hand *hand, input *in, slu_bio *to, slu_many *m)
{
	struct digest one = { 0 };
	unsigned char *out = f->out;
	slu_status st = SLU_OK;

	for (size_t i = 0; i < hand->digests.n && st == SLU_OK; i++)
		st = slu_many_add_copy(m, hand->digests.each[i].h);
	if (st == SLU_OK)
		st = slu_many_tap(&in->bio, m);
	if (st == SLU_OK)
		st = slu_bio_copy(to, in->bio);
	for (size_t i = 0; i < hand->digests.n && st == SLU_OK; i++) {
		st = slu_many_hash(m, i, &one.h);
		one.size = hand->digests.each[i].size;
		if (st == SLU_OK)
			st = digests_final(&one, out);
		out += one.size;
	}
	return st;
}

/* Read what is open, and show it to `tee` where there is one. */
static slu_status
pour(hash_file *f, hash_hand *hand, input *in, unsigned threads, output *tee)
{
	slu_bio *nowhere = NULL, *to;
	slu_many *m = NULL;
	slu_status st;

	st = slu_count(&in->bio, &f->size);
	if (st == SLU_OK)
		st = slu_null_open(&nowhere);
	if (st)
		goto out;
	/* Where two threads copy, each has one of what there is to do. */
	to = tee != NULL ? tee->bio : nowhere;
	if (hand->digests.n > 1 && threads > 1) {
		st = slu_many_new(&m, threads);
		if (st == SLU_OK)
			st = pour_into_many(f, hand, in, to, m);
		goto out;
	}
	st = push_taps(tee != NULL ? &in->bio : &nowhere, &hand->digests);
	if (st == SLU_OK)
		st = pour_plainly(f, hand, in, tee ? to : nowhere, threads);
out:
	slu_bio_free(nowhere);
	slu_bio_free(in->bio);
	in->bio = NULL;
	slu_many_free(m);
	return st;
}

static exit_code
tell_end(slu_status st, const input *in, const output *tee)
{
	if (st != SLU_OK && tee != NULL && tee->refused)
		return output_refuse_binary("write it to a file or a pipe");
	return tee != NULL ? output_failed(tee, st, in->name)
			   : say_status(st, in->name);
}

void
hash_file_read_alone(hash_file *f, hash_hand *hand, const digests *all,
    unsigned threads, output *tee)
{
	input in = { .no_link = f->found };
	slu_status st;

	f->code = input_open(&in, f->name);
	if (f->code == EXIT_DONE)
		f->code = input_tell(&in);
	if (f->code != EXIT_DONE)
		goto out;
	st = get_ready(hand, f, all);
	if (st == SLU_OK)
		st = pour(f, hand, &in, threads, tee);
	f->code = tell_end(st, &in, tee);
	if (f->code == EXIT_DONE && !input_is_unchanged(in.fd, &in.st))
		f->code = say_fail(EXIT_IO, "%s: %s", in.name, changed);
out:
	if (f->code != EXIT_DONE)
		digests_free(&hand->digests);
	input_free(&in);
}

void
hash_file_say(const hash_file *f)
{
	if (f->code != EXIT_DONE)
		(void)say_fail(f->code, "%s: %s", say_name(f->name),
		    f->why != NULL ? f->why : "out of memory");
}

void
hash_file_free(hash_file *f)
{
	free(f->name);
	free(f->algorithm);
	free(f->note);
	free(f->why);
	free(f->out);
	*f = (hash_file){ 0 };
}

void
hash_hand_free(hash_hand *hand)
{
	digests_free(&hand->digests);
	free(hand->algorithm);
	free(hand->buf);
	*hand = (hash_hand){ 0 };
}
