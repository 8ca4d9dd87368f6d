/* SPDX-License-Identifier: ISC */
/* sluice listen [ADDRESS:]PORT: a TLS server for what is at hand. */
#define _POSIX_C_SOURCE 200809L
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "../base/clock.h"
#include "command.h"
#include "guests.h"
#include "net_fault.h"
#include "number.h"
#include "say.h"
#include "shake.h"
#include "signals.h"
#include "talk.h"
#include "tls_options.h"

#define MAX_GUESTS 1000   /* at a time, unless told */
#define SECONDS_MAX 86400 /* of a limit: a day */
#define FDS_BESIDE 32     /* descriptors that no guest needs */

enum { MANY = 1, ECHO_BACK, FORWARD, MAX, IDLE_LIMIT };

struct settings {
	tls_options tls;
	site forward;
	bool forwards;
	bool echoes;
	bool many;
	unsigned max; /* 0: MAX_GUESTS */
	unsigned idle_s;
};

static const args_option options[] = {
	TLS_IDENTITY_OPTIONS,
	TLS_SERVER_OPTIONS,
	TLS_SPEECH_OPTIONS,
	{ MANY, 'k', "keep-open", NULL, 0,
	    "serve all who connect, many at a time, and not only\n"
	    "the first one" },
	{ ECHO_BACK, 0, "echo", NULL, 0, "send back what comes" },
	{ FORWARD, 0, "forward", "HOST:PORT", 0,
	    "connect there, without TLS, for each who connects,\n"
	    "and carry bytes both ways; or unix:PATH" },
	{ MAX, 0, "max", "N", 0,
	    "serve so many at a time, while others wait; 1000\n"
	    "unless told" },
	{ IDLE_LIMIT, 0, "timeout", "SECONDS", 0,
	    "let go who has moved nothing for so long" },
	{ 0 },
};

static exit_code
set(void *settings, int id, const char *value)
{
	struct settings *s = settings;

	switch (id) {
	case MANY: s->many = true; return EXIT_DONE;
	case ECHO_BACK: s->echoes = true; return EXIT_DONE;
	case FORWARD: s->forwards = true; return site_read(&s->forward, value);
	case MAX: return number_value("--max", value, 1, 65535, &s->max);
	case IDLE_LIMIT:
		return number_value(
		    "--timeout", value, 1, SECONDS_MAX, &s->idle_s);
	default: return tls_options_set(&s->tls, id, value);
	}
}

/* A place to listen at; zero at first. */
struct door {
	site at;
	slu_listener *listener; /* owned */
	slu_tls_config *cfg;    /* owned */
	slu_file_pending *path; /* what a signal takes away; may be NULL */
};

/* What can be found wrong before anybody is let in. */
static exit_code
prepare(struct door *d, struct settings *s, int n, char **operands)
{
	exit_code code;

	if (n != 1)
		return say_fail(
		    EXIT_MISUSED, n == 0 ? "no port to listen at is given"
					 : "more than one port to listen at");
	if (s->tls.cert == NULL)
		return say_fail(
		    EXIT_MISUSED, "--cert has to say who the server is");
	if (s->echoes && s->forwards)
		return say_fail(
		    EXIT_MISUSED, "--echo and --forward exclude each other");
	if ((s->many || s->max > 0) && !s->echoes && !s->forwards)
		return say_fail(EXIT_MISUSED,
		    "standard input and output are for one who connects: "
		    "-k and --max need --echo or --forward");
	code = site_read_here(&d->at, operands[0]);
	return code == EXIT_DONE ? tls_options_config(&s->tls, &d->cfg) : code;
}

/* A path is taken away by the listener, unless a signal is faster. */
static void
leave_no_path(struct door *d)
{
	d->path = signals_file();
	if (d->path == NULL)
		return;
	snprintf(d->path->path, sizeof(d->path->path), "%s", d->at.path);
	d->path->live = 1;
}

/* -q hides where it is, but no port that only the system knows. */
static void
tell_where(const struct door *d)
{
	const char *host = d->at.host[0] != '\0' ? d->at.host : "127.0.0.1";
	bool six = strchr(host, ':') != NULL;
	char where[SITE_HOST_MAX + 10];

	snprintf(where, sizeof(where), "%s%s%s:%u", six ? "[" : "", host,
	    six ? "]" : "", slu_listener_port(d->listener));
	if (d->at.path != NULL)
		say_note("listening at %s", d->at.text);
	else if (d->at.port != 0)
		say_note("listening at %s", where);
	else
		say("listening at %s", where);
}

static exit_code
open_door(struct door *d)
{
	const slu_listen_options how = { .nonblocking = true };
	const char *host = d->at.host[0] != '\0' ? d->at.host : NULL;
	slu_status st;

	if (d->at.path != NULL)
		st = slu_unix_listen(&d->listener, d->at.path, &how);
	else
		st = slu_tcp_listen(&d->listener, host, d->at.port, &how);
	if (st)
		return net_failed(st, d->at.text);
	if (d->at.path != NULL)
		leave_no_path(d);
	tell_where(d);
	return EXIT_DONE;
}

static void
close_door(struct door *d)
{
	if (d->path != NULL) {
		d->path->live = 0;
		signals_file_done(d->path);
	}
	slu_listener_free(d->listener);
	slu_tls_config_free(d->cfg);
}

/* Each guest takes up to two descriptors, as far as there may be so many. */
static void
raise_limit(unsigned max)
{
	const rlim_t want = 2 * (rlim_t)max + FDS_BESIDE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= want)
		return;
	limit.rlim_cur = want < limit.rlim_max ? want : limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static exit_code
serve_guests(struct door *d, const struct settings *s)
{
	guests_terms terms = {
		.cfg = d->cfg,
		.forward = s->forwards ? &s->forward : NULL,
		.max = s->max > 0 ? s->max : MAX_GUESTS,
		.idle_s = s->idle_s,
		.how_many = s->many ? GUESTS_MANY : GUESTS_ONE,
	};

	raise_limit(terms.max);
	return guests_serve(&d->listener, &terms);
}

/* Standard input and output for the first who connects. */
static exit_code
serve_one(struct door *d, const struct settings *s)
{
	talk_terms terms = { .idle_s = s->idle_s };
	slu_tls *tls = NULL;
	slu_bio *bio = NULL;
	exit_code code;
	char name[300];
	slu_status st;

	do {
		st = slu_listener_wait(d->listener, -1);
		if (st == SLU_OK)
			st = slu_listener_accept(d->listener, &bio);
	} while (st == SLU_WANT_READ);
	if (st)
		return net_failed(st, d->at.text);
	snprintf(name, sizeof(name), "%s", slu_listener_peer(d->listener));
	slu_listener_free(d->listener);
	d->listener = NULL;
	terms.name = name;
	code = net_failed(slu_tls_server(&tls, d->cfg), name);
	if (code == EXIT_DONE)
		code = shake_hands(&bio, tls, name,
		    slu_clock_ms() + GUESTS_SHAKE_S * 1000, GUESTS_SHAKE_S);
	if (code == EXIT_DONE)
		code = talk(bio, tls, &terms);
	slu_bio_free(bio);
	slu_tls_free(tls);
	return code;
}

static exit_code
run(void *settings, int n, char **operands)
{
	struct settings *s = settings;
	struct door d = { 0 };
	exit_code code;

	code = prepare(&d, s, n, operands);
	if (code == EXIT_DONE)
		code = open_door(&d);
	if (code == EXIT_DONE)
		code = s->echoes || s->forwards ? serve_guests(&d, s)
						: serve_one(&d, s);
	close_door(&d);
	tls_options_free(&s->tls);
	return code;
}

const command command_listen = {
	.name = "listen",
	.summary = "be a server over TLS: for a pipe, an echo, a port",
	.usage = "--cert FILE [--key FILE] [ADDRESS:]PORT\n"
		 "--cert FILE [--key FILE] -k --echo [ADDRESS:]PORT\n"
		 "--cert FILE [--key FILE] -k --forward HOST:PORT "
		 "[ADDRESS:]PORT",
	.about =
	    "Listens at PORT of 127.0.0.1, or of another ADDRESS of this\n"
	    "machine, or at the socket unix:PATH, and speaks TLS with who\n"
	    "connects: standard input is sent, and what comes is written to\n"
	    "standard output; or what comes is sent back, or carried on to\n"
	    "another server.  Port 0 is any that is free.\n"
	    "\n"
	    "Nobody outside this machine gets in unless ADDRESS says so:\n"
	    "0.0.0.0 is all of IPv4, [::] all there is.",
	.options = options,
	.examples = "# one file from somebody, to somebody\n"
		    "sluice listen --cert server.pem 4711 </dev/null >got.bin\n"
		    "# TLS for a server that has none, for all who come\n"
		    "sluice listen --cert server.pem -k "
		    "--forward 127.0.0.1:8080 0.0.0.0:8443\n"
		    "sluice listen --cert server.pem -k --echo 4712",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
