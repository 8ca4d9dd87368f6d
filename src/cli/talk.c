/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "talk.h"

#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "../base/clock.h"
#include "crlf.h"
#include "net_fault.h"
#include "progress.h"
#include "pump.h"
#include "say.h"
#include "standard.h"
#include "sluice/secret.h"

#define TELL_MS 1000 /* between two words about progress */

/*
 * Many a server takes the end of what is sent for the end of it all, and goes
 * in the middle of its answer: the end is said once it is silent for so long.
 */
#define SILENCE_MS 250

enum { HEAR = 0, SPEAK }; /* the ways of the pump */

struct talk {
	const talk_terms *terms;
	slu_bio *peer;   /* lent */
	slu_tls *tls;    /* lent: at work on it */
	slu_bio *in;     /* owned: standard input */
	slu_bio *out;    /* owned: standard output */
	pump_room *room; /* owned */
	pump pump;
	progress_line line;
	int64_t idle_since;
	uint64_t heard;       /* bytes, when that was looked at last */
	int64_t silent_since; /* or since there is nothing more to send */
};

static exit_code
begin(struct talk *t)
{
	slu_status st;

	t->room = malloc(sizeof(*t->room));
	if (t->room == NULL)
		return say_fail(EXIT_IO, "out of memory");
	st = standard_open_polled(&t->in, STDIN_FILENO);
	if (st == SLU_OK && t->terms->crlf)
		st = crlf_push(&t->in);
	if (st)
		return say_status(st, "standard input");
	st = standard_open_polled(&t->out, STDOUT_FILENO);
	if (st)
		return say_status(st, "standard output");
	pump_add(&t->pump, t->peer, t->out, NULL);
	pump_add(&t->pump, t->in, t->peer, t->tls);
	t->line.name = t->terms->name;
	if (isatty(STDIN_FILENO) || isatty(STDOUT_FILENO))
		progress_off_screen();
	return EXIT_DONE;
}

static exit_code
failed(const struct talk *t, slu_status st)
{
	if (t->pump.failed == t->in)
		return say_status(st, "standard input");
	if (t->pump.failed == t->out)
		return say_status(st, "standard output");
	return net_failed(st, t->terms->name);
}

/* Whether there is nothing left that anybody waits for. */
static bool
is_over(const struct talk *t)
{
	if (t->terms->no_wait && t->pump.ways[SPEAK].phase == PUMP_ENDED)
		return true;
	return t->pump.ways[HEAR].phase == PUMP_ENDED && isatty(STDIN_FILENO);
}

/* Say the end of what is sent, once it is time. */
static void
say_end(struct talk *t)
{
	pump_way *speak = &t->pump.ways[SPEAK];

	if (speak->phase == PUMP_MOVING ||
	    t->heard != t->pump.ways[HEAR].moved) {
		t->heard = t->pump.ways[HEAR].moved;
		t->silent_since = slu_clock_ms();
	}
	if (slu_clock_until(t->silent_since + SILENCE_MS) == 0 ||
	    t->pump.ways[HEAR].phase != PUMP_MOVING)
		speak->kept_open = false;
}

/* Wait for what the ways wait for; false: it took too long. */
static bool
wait_more(struct talk *t)
{
	int64_t late = t->idle_since + (int64_t)t->terms->idle_s * 1000;
	slu_waits w = { .ms = -1 };

	if (t->terms->idle_s > 0 && slu_clock_until(late) == 0)
		return false;
	if (t->terms->idle_s > 0)
		slu_waits_within(&w, slu_clock_until(late));
	if (t->pump.ways[SPEAK].phase == PUMP_ENDING &&
	    t->pump.ways[SPEAK].kept_open)
		slu_waits_within(
		    &w, slu_clock_until(t->silent_since + SILENCE_MS));
	if (progress_shown())
		slu_waits_within(&w, TELL_MS);
	/* What cannot be waited for is asked again soon. */
	if (pump_waits(&t->pump, &w))
		slu_waits_within(&w, 0);
	(void)poll(w.fds, (nfds_t)w.count, w.ms);
	return true;
}

static exit_code
carry(struct talk *t)
{
	slu_status st = SLU_OK;
	uint64_t before;

	t->idle_since = slu_clock_ms();
	t->pump.ways[SPEAK].kept_open = !t->terms->no_wait;
	while (st != SLU_EOF && !is_over(t)) {
		say_end(t);
		before = pump_moved(&t->pump);
		st = pump_step(&t->pump, t->room);
		if (slu_failed(st))
			return failed(t, st);
		progress_at(&t->line, pump_moved(&t->pump));
		if (pump_moved(&t->pump) != before)
			t->idle_since = slu_clock_ms();
		if (st == SLU_WANT_READ && !is_over(t) && !wait_more(t))
			return say_fail(EXIT_NETWORK,
			    "%s: nothing moved for %u s", t->terms->name,
			    t->terms->idle_s);
	}
	progress_end(&t->line);
	return EXIT_DONE;
}

exit_code
talk(slu_bio *peer, slu_tls *tls, const talk_terms *terms)
{
	struct talk t = { .terms = terms, .peer = peer, .tls = tls };
	exit_code code;

	code = begin(&t);
	if (code == EXIT_DONE)
		code = carry(&t);
	/* Who stops before the end says good-bye, if that can be said now. */
	if (code == EXIT_DONE && slu_bio_finish(peer))
		say_detail("%s: left before the end", terms->name);
	pump_free(&t.pump);
	slu_bio_free(t.in);
	slu_bio_free(t.out);
	if (t.room != NULL)
		slu_wipe(t.room, sizeof(*t.room));
	free(t.room);
	return code;
}
