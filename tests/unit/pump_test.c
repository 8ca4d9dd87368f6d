/* SPDX-License-Identifier: ISC */
/* The program is not linked to the tests: what is tested is included. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/pump.c"

#include "sluice/fd.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/tls_stream.h"
#include "sluice/view.h"
#include "tls_pair.h"
#include "tls/tls_internal.h"
#include "tls_talk.h"

/* A peer that has said all, and is gone when it is asked for more than this. */
enum most { TAKES_NOTHING = 0, TAKES_BYTES, TAKES_FLUSHES };

struct leaver {
	enum most until;
};

static slu_status
gone(void)
{
	return slu_fail(SLU_ERR_IO, "leaver: gone");
}

static slu_status
leaver_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	(void)self, (void)next, (void)buf, (void)cap, (void)got;
	return SLU_EOF;
}

static slu_status
leaver_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct leaver *l = self;

	(void)next, (void)data;
	if (l->until < TAKES_BYTES)
		return gone();
	*put = len;
	return SLU_OK;
}

static slu_status
leaver_flush(void *self, slu_bio *next)
{
	struct leaver *l = self;

	(void)next;
	return l->until < TAKES_FLUSHES ? gone() : SLU_OK;
}

static slu_status
leaver_finish(void *self, slu_bio *next)
{
	(void)self, (void)next;
	return gone();
}

static const slu_bio_ops leaver_ops = {
	.name = "leaver",
	.size = sizeof(struct leaver),
	.read = leaver_read,
	.write = leaver_write,
	.flush = leaver_flush,
	.finish = leaver_finish,
};

/* Pump a few bytes to a leaver, and nothing back. */
static slu_status
pump_to(enum most until)
{
	slu_bio *in = NULL, *out = NULL, *peer = NULL;
	pump_room *room = malloc(sizeof(*room));
	struct leaver *l = slu_bio_push(&peer, &leaver_ops);
	pump p = { 0 };
	slu_status st;

	CHECK(room != NULL && l != NULL);
	l->until = until;
	CHECK_OK(slu_view_open(&in, "hello", 5));
	CHECK_OK(slu_null_open(&out));
	pump_add(&p, in, peer, NULL);
	pump_add(&p, peer, out, NULL);
	do
		st = pump_step(&p, room);
	while (st == SLU_OK);
	CHECK(!slu_failed(st) || p.failed == peer);
	pump_free(&p);
	slu_bio_free(in);
	slu_bio_free(out);
	slu_bio_free(peer);
	free(room);
	return st;
}

static void
a_good_bye_that_is_not_heard_is_no_loss_and_bytes_are(void **state)
{
	(void)state;
	CHECK_IS(SLU_EOF, pump_to(TAKES_FLUSHES));
	CHECK_IS(SLU_ERR_IO, pump_to(TAKES_BYTES));
	CHECK_IS(SLU_ERR_IO, pump_to(TAKES_NOTHING));
}

/*
 * The peer reads no more, and perhaps wants to be read first; and there is
 * nothing left to send but what waits in the stream.
 */
static void
what_waits_to_be_sent_keeps_nobody_from_reading(void **state)
{
	static const char line[1000];
	pump_room *room = malloc(sizeof(*room));
	slu_bio *ends[2], *in = NULL, *out = NULL;
	slu_waits w = { .ms = -1 };
	tls_pair *t = *state;
	int fds[2], said[2];
	pump p = { 0 };

	CHECK(room != NULL && pipe(said) == 0);
	CHECK(fcntl(said[0], F_SETFL, O_NONBLOCK) == 0);
	tls_talk_by_sockets(t, ends, fds);
	CHECK_OK(slu_fd_open(&in, said[0]));
	CHECK_OK(slu_null_open(&out));
	pump_add(&p, ends[0], out, NULL);
	pump_add(&p, in, ends[0], t->client);
	do {
		CHECK(write(said[1], line, sizeof(line)) == sizeof(line));
		CHECK_IS(SLU_WANT_READ, pump_step(&p, room));
	} while (t->client->wire.out_len == 0);
	CHECK(p.ways[1].held.len == 0);
	CHECK_OK(pump_waits(&p, &w));
	CHECK(w.count == 1 && w.fds[0].fd == fds[0]);
	CHECK(w.fds[0].events == (POLLIN | POLLOUT));
	pump_free(&p);
	slu_bio_free(in);
	slu_bio_free(out);
	tls_talk_hang_up(ends, fds);
	CHECK(close(said[0]) == 0 && close(said[1]) == 0);
	free(room);
}

/* A server may answer before it has heard all, and go: then we are reset. */
static void
an_answer_is_carried_though_nothing_more_can_be_sent(void **state)
{
	char answer[100] = "";
	pump_room *room = malloc(sizeof(*room));
	slu_bio *ends[2], *in = NULL, *out = NULL;
	slu_buf heard = { .limit = sizeof(answer) };
	tls_pair *t = *state;
	slu_status st;
	pump p = { 0 };
	int fds[2];
	size_t n;

	CHECK(room != NULL);
	tls_talk_by_sockets(t, ends, fds);
	CHECK_OK(slu_bio_write(ends[1], "too large", 9, &n));
	CHECK_OK(slu_bio_flush(ends[1]));
	CHECK(close(fds[1]) == 0);
	CHECK_OK(slu_view_open(&in, answer, sizeof(answer)));
	CHECK_OK(slu_mem_open(&out, &heard));
	pump_add(&p, in, ends[0], t->client);
	pump_add(&p, ends[0], out, NULL);
	do
		st = pump_step(&p, room);
	while (st == SLU_OK);
	CHECK_IS(SLU_ERR_IO, st);
	CHECK_WORDS("Broken pipe");
	CHECK(p.failed == ends[0]);
	CHECK_BYTES("too large", 9, slu_buf_front(&heard), heard.len);
	pump_free(&p);
	slu_buf_free(&heard);
	slu_bio_free(in);
	slu_bio_free(out);
	slu_bio_free(ends[0]);
	slu_bio_free(ends[1]);
	CHECK(close(fds[0]) == 0);
	free(room);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_good_bye_that_is_not_heard_is_no_loss_and_bytes_are),
		WITH_PAIR(what_waits_to_be_sent_keeps_nobody_from_reading),
		WITH_PAIR(an_answer_is_carried_though_nothing_more_can_be_sent),
	};

	return cmocka_run_group_tests_name("pump", tests, NULL, NULL);
}
