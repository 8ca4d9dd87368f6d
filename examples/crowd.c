/* SPDX-License-Identifier: ISC */
/*
 * crowd: a thousand TLS connections in one thread, by poll(2).
 *
 *     crowd listen PORT CHAIN.pem KEY.pem       says again what it is told
 *     crowd connect HOST PORT ROOTS.pem COUNT   as many clients at once
 *
 * A chain that cannot move says what it waits for (slu_bio_waits), and the
 * loop calls it again when that is there.  All else here is what either side
 * has to say.  The server ends with SIGTERM or SIGINT.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sluice.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CROWD_MAX 5000 /* connections at a time */
#define STEPS 16       /* of one connection, before the others have theirs */
#define PATIENCE 30000 /* milliseconds without a step until we hang up */

struct talk {
	slu_bio *c;   /* owned */
	slu_tls *tls; /* owned */
	slu_status (*step)(struct talk *t);
	enum { SAY, PUSH, HEAR, PART, LEAVE } phase;
	char line[1024];
	size_t off, len; /* of the line, done and in all */
	slu_waits w;     /* since its last step */
	long long due;   /* when to go on in any case, in milliseconds */
};

struct loop {
	slu_listener *door;  /* owned; NULL: nobody is let in */
	slu_tls_config *cfg; /* owned */
	struct talk **talks; /* owned: room for CROWD_MAX */
	struct pollfd *fds;  /* owned: room for what they all wait for */
	size_t count, done, failed;
	int full; /* wait until somebody leaves */
};

static volatile sig_atomic_t stopped;

static void
stop(int sig)
{
	(void)sig;
	stopped = 1;
}

/* Say what is left of the line. */
static slu_status
say(struct talk *t)
{
	size_t n;
	slu_status st =
	    slu_bio_write(t->c, t->line + t->off, t->len - t->off, &n);

	t->off += n;
	if (st == SLU_OK && t->off == t->len)
		t->phase = PUSH;
	return st;
}

/* A step of the server's: SLU_EOF says that it was the last. */
static slu_status
answer(struct talk *t)
{
	slu_status st;

	switch (t->phase) {
	case HEAR:
		t->off = 0;
		st = slu_bio_read(t->c, t->line, sizeof(t->line), &t->len);
		if (st == SLU_OK)
			t->phase = SAY;
		if (st != SLU_EOF)
			return st;
		t->phase = PART;
		return SLU_OK;
	case SAY: return say(t);
	case PUSH:
		st = slu_bio_flush(t->c);
		if (st == SLU_OK)
			t->phase = HEAR;
		return st;
	default: st = slu_bio_finish(t->c); return st == SLU_OK ? SLU_EOF : st;
	}
}

/* A step of a client's: a line, its echo, our end, the server's end. */
static slu_status
ask(struct talk *t)
{
	char echo[sizeof(t->line)];
	slu_status st;
	size_t n;

	switch (t->phase) {
	case SAY: return say(t);
	case PUSH:
		st = slu_bio_flush(t->c);
		t->off = 0;
		if (st == SLU_OK)
			t->phase = HEAR;
		return st;
	case HEAR:
		st = slu_bio_read(t->c, echo, t->len - t->off, &n);
		if (memcmp(t->line + t->off, echo, n) != 0)
			return slu_fail(SLU_ERR_FORMAT, "another echo");
		t->off += n;
		if (t->off == t->len)
			t->phase = PART;
		return st;
	case PART:
		st = slu_bio_finish(t->c);
		if (st == SLU_OK)
			t->phase = LEAVE;
		return st;
	default: return slu_bio_read(t->c, echo, sizeof(echo), &n);
	}
}

static void
hang_up(struct talk *t)
{
	slu_bio_free(t->c); /* first: the engine is lent to it */
	slu_tls_free(t->tls);
	free(t);
}

/* Talk over `c`, which is ours from now on. */
static slu_status
begin(struct loop *l, slu_bio *c, const char *host)
{
	struct talk *t = calloc(1, sizeof(*t));
	slu_status st;

	if (t == NULL) {
		slu_bio_free(c);
		return slu_fail(SLU_ERR_MEMORY, "no memory");
	}
	t->c = c;
	t->step = host == NULL ? answer : ask;
	t->phase = host == NULL ? HEAR : SAY;
	t->len = (size_t)snprintf(
	    t->line, sizeof(t->line), "number %zu\n", l->count);
	st = host == NULL ? slu_tls_server(&t->tls, l->cfg)
			  : slu_tls_client(&t->tls, l->cfg, host);
	if (st == SLU_OK)
		st = slu_tls_push(&t->c, t->tls);
	if (st)
		hang_up(t);
	else
		l->talks[l->count++] = t;
	return st;
}

static long long
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Have `t` go on as far as it can; whether there will be more of it. */
static int
go_on(struct loop *l, struct talk *t)
{
	slu_status st = SLU_OK;

	if (t->w.ms < 0 && t->due <= now())
		st = slu_fail(SLU_ERR_PEER, "silent for too long");
	t->w = (slu_waits){ .ms = 0 }; /* after so many steps, at once */
	for (int i = 0; i < STEPS && st == SLU_OK; i++)
		st = t->step(t);
	if (st == SLU_WANT_READ || st == SLU_WANT_WRITE)
		st = slu_bio_waits(t->c, st, &t->w);
	t->due = now() + (t->w.ms < 0 ? PATIENCE : t->w.ms);
	if (slu_failed(st))
		fprintf(stderr, "crowd: %s\n", slu_error());
	l->done += st == SLU_EOF;
	l->failed += slu_failed(st);
	return st == SLU_OK;
}

/* Let in who is at the door, as long as there is room. */
static slu_status
let_in(struct loop *l)
{
	slu_status st = SLU_OK;
	slu_bio *c;

	while (st == SLU_OK && l->count < CROWD_MAX) {
		c = NULL;
		st = slu_listener_accept(l->door, &c);
		if (st == SLU_OK)
			st = begin(l, c, NULL);
	}
	l->full = st != SLU_WANT_READ; /* until somebody leaves */
	return l->full && l->count == 0 ? st : SLU_OK;
}

/* Wait for whatever the talks wait for, and have those go on. */
static slu_status
turn(struct loop *l, const sigset_t *mask)
{
	struct pollfd *p = l->fds;
	long long ms, due = now() + PATIENCE;
	size_t kept = 0;

	*p++ = (struct pollfd){ .fd = -1, .events = POLLIN };
	if (l->door != NULL && !l->full)
		l->fds->fd = slu_listener_fd(l->door);
	for (size_t i = 0; i < l->count; i++) {
		struct talk *t = l->talks[i];

		memcpy(p, t->w.fds, t->w.count * sizeof(*p));
		p += t->w.count;
		due = t->due < due ? t->due : due;
	}
	ms = due > now() ? due - now() : 0;
	if (ppoll(l->fds, (nfds_t)(p - l->fds),
		&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, mask) < 0)
		return errno == EINTR ? SLU_OK : slu_fail(SLU_ERR_IO, "poll");
	p = l->fds + 1;
	for (size_t i = 0; i < l->count; i++) {
		struct talk *t = l->talks[i];
		int ready = t->due <= now();

		for (size_t n = t->w.count; n > 0; n--)
			ready |= p++->revents;
		if (!ready || go_on(l, t))
			l->talks[kept++] = t;
		else
			hang_up(t);
	}
	l->full = l->full && kept == l->count;
	l->count = kept;
	return l->fds->revents != 0 ? let_in(l) : SLU_OK;
}

static slu_status
listen_at(struct loop *l, char **argv)
{
	slu_listen_options options = { .nonblocking = true };
	slu_tls_identity *id = NULL;
	slu_status st = slu_tls_identity_file(&id, argv[1], argv[2], NULL);

	if (st == SLU_OK)
		st = slu_tls_config_identity(l->cfg, id);
	slu_tls_identity_free(id); /* the config has a share of it */
	if (st == SLU_OK)
		st = slu_tcp_listen(
		    &l->door, NULL, (uint16_t)atoi(argv[0]), &options);
	return st;
}

static slu_status
connect_to(struct loop *l, char **argv)
{
	slu_tcp_options options = { .nonblocking = true };
	long count = atol(argv[3]);
	slu_status st = slu_tls_config_trust_file(l->cfg, argv[2]);
	slu_bio *c;

	for (long i = 0; st == SLU_OK && i < count && i < CROWD_MAX; i++) {
		c = NULL;
		st = slu_tcp_connect(
		    &c, argv[0], (uint16_t)atoi(argv[1]), &options);
		if (st == SLU_OK)
			st = begin(l, c, argv[0]);
	}
	return st;
}

static slu_status
run(struct loop *l)
{
	struct sigaction act = { .sa_handler = stop };
	slu_status st = SLU_OK;
	sigset_t mask, old;

	/* The signals come within ppoll, and nowhere else. */
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGINT);
	sigprocmask(SIG_BLOCK, &mask, &old);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	while (st == SLU_OK && !stopped && (l->door != NULL || l->count > 0))
		st = turn(l, &old);
	printf("%zu done, %zu failed\n", l->done, l->failed);
	return st;
}

int
main(int argc, char **argv)
{
	struct loop l = { .talks = calloc(CROWD_MAX, sizeof(*l.talks)),
		.fds = calloc(CROWD_MAX * SLU_WAITS_MAX + 1, sizeof(*l.fds)) };
	slu_status st = slu_tls_config_new(&l.cfg);

	if (l.talks == NULL || l.fds == NULL)
		st = slu_fail(SLU_ERR_MEMORY, "no memory");
	else if (st == SLU_OK && argc == 5 && strcmp(argv[1], "listen") == 0)
		st = listen_at(&l, argv + 2);
	else if (st == SLU_OK && argc == 6 && strcmp(argv[1], "connect") == 0)
		st = connect_to(&l, argv + 2);
	else if (st == SLU_OK)
		st = slu_fail(SLU_ERR_USAGE,
		    "usage: crowd "
		    "listen PORT CHAIN KEY | connect HOST PORT ROOTS COUNT");
	if (st == SLU_OK)
		st = run(&l);
	if (st)
		fprintf(stderr, "crowd: %s\n", slu_error());
	while (l.count > 0)
		hang_up(l.talks[--l.count]);
	slu_listener_free(l.door);
	slu_tls_config_free(l.cfg);
	free(l.talks);
	free(l.fds);
	return st != SLU_OK || l.failed > 0;
}
