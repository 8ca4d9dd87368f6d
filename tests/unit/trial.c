/* SPDX-License-Identifier: ISC */
#include "trial.h"

#include <openssl/err.h>

#include "check.h"
#include "oom.h"

#define PATIENCE 1000000 /* waits in a row */
#define ODD_MOST 20011   /* the largest odd piece */
#define SLOW_MOST 5000   /* bytes of plaintext where all takes long */
#define READ_WHOLE (256 * 1024)

/* Memory must not go on failing in the tests that come after. */
static void
give_up(void)
{
	(void)oom_disarm();
	fail();
}

void
trial_must(const trial *t, bool ok, const char *promise)
{
	if (ok)
		return;
	print_error("%s, %zu bytes, %s: not so: %s\n(the latest reason: %s)\n",
	    t->room, t->len, t->pace, promise, slu_error());
	give_up();
}

void
trial_must_be(
    const trial *t, slu_status want, slu_status st, const char *promise)
{
	if (st == want)
		return;
	print_error("%s, %zu bytes, %s: %s: got \"%s\", not \"%s\": %s\n",
	    t->room, t->len, t->pace, promise, slu_status_name(st),
	    slu_status_name(want), slu_error());
	give_up();
}

void
trial_must_equal(const trial *t, const void *want, size_t want_len,
    const slu_buf *got, const char *promise)
{
	const unsigned char *w = want, *g = slu_buf_front(got);
	size_t i = 0;

	if (want_len == got->len &&
	    (want_len == 0 || memcmp(w, g, want_len) == 0))
		return;
	while (i < want_len && i < got->len && w[i] == g[i])
		i++;
	print_error("%s, %zu bytes, %s: %s: %zu bytes, not %zu; "
		    "they differ at %zu\n",
	    t->room, t->len, t->pace, promise, got->len, want_len, i);
	give_up();
}

size_t
trial_most(size_t most)
{
	size_t limit = check_slow("plaintexts of up to 5000 bytes")
			   ? SLOW_MOST
			   : TRIAL_MOST;

	return most > 0 && most < limit ? most : limit;
}

void
trial_plain(unsigned char *out, size_t len)
{
	static const unsigned char text[8] = "sluice\n";
	uint32_t x = 2463534242;

	for (size_t i = 0; i < len; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		/* Text-like for 1 KiB, then noise for 1 KiB. */
		if ((i >> 10) % 2 == 0)
			out[i] = text[x % sizeof(text)];
		else
			out[i] = (unsigned char)(x >> 24);
	}
}

static size_t
piece_size(size_t piece, size_t left, unsigned round)
{
	static const size_t odd[] = { 1, 3, 57, 2, 4095, 13, 4097, ODD_MOST };

	if (piece == PACE_ODD)
		piece = odd[round % (sizeof(odd) / sizeof(odd[0]))];
	return piece == PACE_WHOLE || piece > left ? left : piece;
}

/* Whether to call again; `*waits` counts the waits in a row. */
static bool
again(const trial *t, slu_status *st, size_t *waits)
{
	if (*st != SLU_WANT_READ && *st != SLU_WANT_WRITE)
		return false;
	if (++*waits > PATIENCE) {
		*st = slu_fail(SLU_ERR_USAGE, "suite: waits for ever");
		return false;
	}
	if (t->pump != NULL)
		t->pump(t->arg);
	return true;
}

static slu_status
write_piece(const trial *t, slu_bio *bio, const unsigned char *data, size_t len)
{
	size_t done = 0, put, waits = 0;
	slu_status st;

	do {
		st = slu_bio_write(bio, data + done, len - done, &put);
		trial_must(t, st == SLU_OK || put == 0,
		    "bytes move only where the answer is OK");
		if (put > 0)
			waits = 0;
		done += put;
	} while ((st == SLU_OK && done < len) || again(t, &st, &waits));
	return st;
}

/*
 * Write a piece from two addresses in turn, and spoil each after the call,
 * so that a filter that kept a pointer is found out.
 */
static slu_status
write_moving(
    const trial *t, slu_bio *bio, const unsigned char *data, size_t len)
{
	/* Never freed: who reads there later is the suite's to find out. */
	static unsigned char at[2][ODD_MOST];
	size_t done = 0, put, waits = 0;
	unsigned turn = 0;
	slu_status st;

	do {
		unsigned char *p = at[turn++ % 2];

		memcpy(p, data + done, len - done);
		st = slu_bio_write(bio, p, len - done, &put);
		memset(p, 0xdd, len - done);
		if (put > 0)
			waits = 0;
		done += put;
	} while ((st == SLU_OK && done < len) || again(t, &st, &waits));
	return st;
}

slu_status
trial_write(const trial *t, slu_bio *bio, const unsigned char *data, size_t len,
    const trial_pace *pace)
{
	slu_status st = SLU_OK;
	unsigned round = 0;

	for (size_t done = 0; st == SLU_OK && done < len;) {
		size_t n = piece_size(pace->piece, len - done, round++);

		if (pace->piece == PACE_ODD)
			st = write_moving(t, bio, data + done, n);
		else
			st = write_piece(t, bio, data + done, n);
		if (st == SLU_OK && pace->flush)
			st = trial_flush(t, bio);
		done += n;
	}
	return st;
}

slu_status
trial_flush(const trial *t, slu_bio *bio)
{
	size_t waits = 0;
	slu_status st;

	do {
		st = slu_bio_flush(bio);
	} while (again(t, &st, &waits));
	return st;
}

slu_status
trial_finish(const trial *t, slu_bio *bio)
{
	size_t waits = 0;
	slu_status st;

	do {
		st = slu_bio_finish(bio);
	} while (again(t, &st, &waits));
	return st;
}

slu_status
trial_read(const trial *t, slu_bio *bio, slu_buf *out, const trial_pace *pace)
{
	unsigned char buf[READ_WHOLE];
	size_t got, waits = 0;
	unsigned round = 0;
	slu_status st;

	do {
		size_t n = piece_size(pace->piece, READ_WHOLE, round++);

		/* At the end of the array, so that sanitizers see past it. */
		st = slu_bio_read(bio, buf + READ_WHOLE - n, n, &got);
		trial_must(t, got <= n && (st == SLU_OK) == (got > 0),
		    "bytes move if and only if the answer is OK");
		if (got > 0) {
			oom_hold();
			CHECK_OK(slu_buf_add(out, buf + READ_WHOLE - n, got));
			oom_release();
			waits = 0;
		}
	} while (st == SLU_OK || again(t, &st, &waits));
	return st;
}

static void
must_repeat(const trial *t, slu_status first, const char *words, slu_status st)
{
	trial_must_be(t, first, st, "a failure is for good");
	trial_must(
	    t, strcmp(slu_error(), words) == 0, "a failure repeats its words");
	/* Words that are merely left over must not pass for repeated ones. */
	(void)slu_fail(SLU_ERR_USAGE, "suite: something else");
}

void
trial_must_stay_failed(const trial *t, slu_bio *bio, slu_status st)
{
	char words[SLU_ERROR_MAX];
	unsigned char byte = 'x';
	size_t n;

	trial_must(t, slu_failed(st), "this is a failure");
	snprintf(words, sizeof(words), "%s", slu_error());
	trial_must(t, words[0] != '\0', "a failure has words");
	trial_must(t, ERR_peek_error() == 0, "OpenSSL's errors stay below");
	(void)slu_fail(SLU_ERR_USAGE, "suite: something else");
	for (int round = 0; round < 2; round++) {
		must_repeat(t, st, words, slu_bio_write(bio, &byte, 1, &n));
		trial_must(t, n == 0, "a chain that failed takes nothing");
		must_repeat(t, st, words, slu_bio_finish(bio));
		must_repeat(t, st, words, slu_bio_flush(bio));
		must_repeat(t, st, words, slu_bio_read(bio, &byte, 1, &n));
		trial_must(t, n == 0, "a chain that failed gives nothing");
		must_repeat(t, st, words, slu_bio_write(bio, &byte, 0, &n));
	}
}
