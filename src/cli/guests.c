/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "guests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "../base/clock.h"
#include "net_fault.h"
#include "pump.h"
#include "say.h"
#include "signals.h"
#include "way.h"
#include "sluice/secret.h"
#include "sluice/tls_stream.h"

#define NAME_MAX_KEPT 300 /* bytes of a guest's address, or of a path */
#define DEAF_MS 200       /* for how long nobody is let in without room */
#define THERE 0           /* the way of a pump that leads beyond */

struct guest {
	char name[NAME_MAX_KEPT];
	slu_tls *tls;    /* owned */
	slu_bio *bio;    /* owned: where `tls` is at work */
	way *way;        /* owned: to where bytes go, while it is begun */
	slu_bio *beyond; /* owned: that place; NULL: there is none */
	pump pump;
	enum { SHAKING = 0, REACHING, PUMPING } stage;
	slu_waits waits;
	int64_t due;   /* to be looked at then, whatever was waited for */
	int64_t since; /* the last time that anything moved */
};

struct house {
	const guests_terms *terms;
	slu_listener **listener; /* lent */
	struct guest **guests;   /* owned: terms->max of them at most */
	size_t n;
	pump_room *room;      /* owned */
	struct pollfd *polls; /* owned */
	size_t polls_cap;
	int64_t deaf_until;
	exit_code code; /* of the latest who left */
};

static void
guest_free(struct guest *g)
{
	pump_free(&g->pump);
	way_free(g->way);
	slu_bio_free(g->beyond);
	slu_bio_free(g->bio);
	slu_tls_free(g->tls);
	free(g);
}

/* Let the next one in. */
static slu_status
admit(struct house *h)
{
	struct guest *g = calloc(1, sizeof(*g));
	slu_status st;

	if (g == NULL)
		return slu_fail(SLU_ERR_MEMORY, "listen: out of memory");
	st = slu_listener_accept(*h->listener, &g->bio);
	if (st)
		goto out;
	snprintf(
	    g->name, sizeof(g->name), "%s", slu_listener_peer(*h->listener));
	st = slu_tls_server(&g->tls, h->terms->cfg);
	if (st == SLU_OK)
		st = slu_tls_push(&g->bio, g->tls);
	if (st)
		goto out;
	g->since = slu_clock_ms();
	h->guests[h->n++] = g;
	g = NULL;
out:
	if (g != NULL)
		guest_free(g);
	return st;
}

/* Let in who waits.  Without room for another, those inside go first. */
static void
admit_all(struct house *h)
{
	slu_status st = SLU_OK;

	while (*h->listener != NULL && st == SLU_OK && h->n < h->terms->max) {
		st = admit(h);
		if (st == SLU_OK && h->terms->how_many == GUESTS_ONE) {
			slu_listener_free(*h->listener);
			*h->listener = NULL;
		}
	}
	if (slu_failed(st)) {
		h->deaf_until = slu_clock_ms() + DEAF_MS;
		say_detail("%s", slu_error());
	}
}

/* The handshake is done: begin with what it is for. */
static slu_status
welcome(struct house *h, struct guest *g)
{
	const way_plan plan = {
		.to = h->terms->forward,
		.limit_ms = GUESTS_SHAKE_S * 1000,
	};

	g->since = slu_clock_ms();
	if (h->terms->forward != NULL) {
		g->stage = REACHING;
		return way_new(&g->way, &plan);
	}
	pump_add(&g->pump, g->bio, g->bio, g->tls);
	g->stage = PUMPING;
	return SLU_OK;
}

static slu_status
arrive(struct guest *g)
{
	slu_status st = way_step(g->way);

	if (st)
		return st;
	g->beyond = way_take(g->way);
	g->since = slu_clock_ms();
	pump_add(&g->pump, g->bio, g->beyond, NULL);
	pump_add(&g->pump, g->beyond, g->bio, g->tls);
	g->stage = PUMPING;
	return SLU_OK;
}

/*
 * What was cut short must not look like a proper end to whoever is beyond: a
 * reset does not (sockets in the file system know none).
 */
static void
cut_off(const struct guest *g)
{
	const struct linger at_once = { .l_onoff = 1 };
	slu_waits w = { .ms = -1 };

	if (g->beyond != NULL && g->pump.ways[THERE].phase != PUMP_ENDED &&
	    slu_waits_add_chain(&w, g->beyond, SLU_WANT_READ) == SLU_OK &&
	    w.count == 1)
		(void)setsockopt(w.fds[0].fd, SOL_SOCKET, SO_LINGER, &at_once,
		    sizeof(at_once));
}

/* SLU_OK: there is more to do at once. */
static slu_status
step(struct house *h, struct guest *g)
{
	uint64_t before = pump_moved(&g->pump);
	slu_status st;

	if (g->stage == SHAKING) {
		st = slu_bio_flush(g->bio);
		return st ? st : welcome(h, g);
	}
	if (g->stage == REACHING)
		return arrive(g);
	st = pump_step(&g->pump, h->room);
	if (pump_moved(&g->pump) != before)
		g->since = slu_clock_ms();
	return st;
}

/* Note what it takes for the guest's next step to go further. */
static slu_status
note_waits(struct house *h, struct guest *g, slu_status want)
{
	int64_t now = slu_clock_ms();
	slu_status st = SLU_OK;

	g->waits = (slu_waits){ .ms = -1 };
	if (want == SLU_OK)
		slu_waits_within(&g->waits, 0);
	else if (g->stage == SHAKING)
		st = slu_waits_add_chain(&g->waits, g->bio, want);
	else if (g->stage == REACHING)
		st = way_waits(g->way, want, &g->waits);
	else
		st = pump_waits(&g->pump, &g->waits);
	if (g->stage == SHAKING)
		slu_waits_within(&g->waits,
		    slu_clock_until(g->since + GUESTS_SHAKE_S * 1000));
	else if (g->stage == PUMPING && h->terms->idle_s > 0)
		slu_waits_within(&g->waits,
		    slu_clock_until(
			g->since + (int64_t)h->terms->idle_s * 1000));
	g->due = g->waits.ms < 0 ? INT64_MAX : now + g->waits.ms;
	return st;
}

/* Whether the guest has had its time. */
static bool
is_late(const struct house *h, const struct guest *g)
{
	int64_t limit = GUESTS_SHAKE_S;

	if (g->stage == REACHING)
		return false;
	if (g->stage == PUMPING)
		limit = h->terms->idle_s;
	return limit > 0 && slu_clock_until(g->since + limit * 1000) == 0;
}

/* Say what befell a guest: a note where others go on. */
static exit_code
tell(const struct house *h, exit_code code, const char *name, const char *why)
{
	if (h->terms->how_many == GUESTS_ONE)
		return say_fail(code, "%s: %s", name, why);
	say_note("%s: %s", name, why);
	return code;
}

static exit_code
tell_late(const struct house *h, const struct guest *g)
{
	char why[80];

	if (g->stage == SHAKING)
		snprintf(why, sizeof(why), "no handshake within %d s",
		    GUESTS_SHAKE_S);
	else
		snprintf(why, sizeof(why), "nothing moved for %u s",
		    h->terms->idle_s);
	return tell(h, EXIT_NETWORK, g->name, why);
}

static exit_code
tell_failure(const struct house *h, const struct guest *g, slu_status st)
{
	const char *name = g->name;

	if (g->stage == REACHING ||
	    (g->beyond != NULL && g->pump.failed == g->beyond))
		name = h->terms->forward->text;
	return tell(h, net_code(st), name, net_cause(name));
}

/* Do what can be done for a guest; false: it has left. */
static bool
attend(struct house *h, struct guest *g)
{
	slu_status st = step(h, g);

	if (!slu_failed(st) && st != SLU_EOF) {
		slu_status noted = note_waits(h, g, st);

		st = noted ? noted : st;
	}
	if (st == SLU_EOF)
		h->code = EXIT_DONE;
	else if (slu_failed(st))
		h->code = tell_failure(h, g, st);
	else if (st != SLU_OK && is_late(h, g))
		h->code = tell_late(h, g);
	else
		return true;
	if (st != SLU_EOF)
		cut_off(g);
	return false;
}

/* Attend to those who are due, or whose polls are ready. */
static void
attend_all(struct house *h)
{
	const struct pollfd *p = h->polls + 1;
	int64_t now = slu_clock_ms();
	size_t kept = 0, n = h->n;

	for (size_t i = 0; i < n; i++) {
		struct guest *g = h->guests[i];
		bool due = now >= g->due;

		for (size_t k = 0; k < g->waits.count; k++)
			due = due || p[k].revents != 0;
		p += g->waits.count;
		if (due && !attend(h, g))
			guest_free(g);
		else
			h->guests[kept++] = g;
	}
	h->n = kept;
}

static bool
have_polls(struct house *h, size_t need)
{
	size_t cap = h->polls_cap > 0 ? h->polls_cap : 64;
	struct pollfd *more;

	if (need <= h->polls_cap)
		return true;
	while (cap < need)
		cap *= 2;
	more = realloc(h->polls, cap * sizeof(*more));
	if (more == NULL)
		return false;
	h->polls = more;
	h->polls_cap = cap;
	return true;
}

/* Gather what all wait for; how many polls that is, 0 without memory. */
static size_t
gather(struct house *h, int *ms)
{
	int64_t due = INT64_MAX;
	size_t n = 1;

	for (size_t i = 0; i < h->n; i++)
		n += h->guests[i]->waits.count;
	if (!have_polls(h, n))
		return 0;
	h->polls[0] = (struct pollfd){ .fd = -1, .events = POLLIN };
	if (*h->listener != NULL && h->n < h->terms->max) {
		if (slu_clock_until(h->deaf_until) == 0)
			h->polls[0].fd = slu_listener_fd(*h->listener);
		else
			due = h->deaf_until;
	}
	n = 1;
	for (size_t i = 0; i < h->n; i++) {
		const struct guest *g = h->guests[i];

		memcpy(&h->polls[n], g->waits.fds,
		    g->waits.count * sizeof(h->polls[0]));
		n += g->waits.count;
		due = g->due < due ? g->due : due;
	}
	*ms = due == INT64_MAX ? -1 : slu_clock_until(due);
	return n;
}

/* Whether somebody is here, or may still come. */
static bool
is_open(const struct house *h)
{
	return *h->listener != NULL || h->n > 0;
}

static exit_code
serve(struct house *h)
{
	size_t n;
	int ms;

	while (is_open(h)) {
		n = gather(h, &ms);
		if (n == 0)
			return say_fail(EXIT_IO, "out of memory");
		if (poll(h->polls, (nfds_t)n, ms) <= 0)
			for (size_t i = 0; i < n; i++)
				h->polls[i].revents = 0;
		attend_all(h);
		if (h->polls[0].revents != 0)
			admit_all(h);
		if (signals_asked())
			say("%zu connected", h->n);
	}
	return h->code;
}

exit_code
guests_serve(slu_listener **l, const guests_terms *terms)
{
	struct house h = { .terms = terms, .listener = l };
	exit_code code;

	h.guests = calloc(terms->max, sizeof(*h.guests));
	h.room = malloc(sizeof(*h.room));
	if (h.guests != NULL && h.room != NULL)
		code = serve(&h);
	else
		code = say_fail(EXIT_IO, "out of memory");
	while (h.n > 0)
		guest_free(h.guests[--h.n]);
	if (h.room != NULL)
		slu_wipe(h.room, sizeof(*h.room));
	free(h.room);
	free(h.guests);
	free(h.polls);
	return code;
}
