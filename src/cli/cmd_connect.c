/* SPDX-License-Identifier: ISC */
/* sluice connect HOST:PORT: standard input and output, over TLS. */
#include <stdbool.h>

#include "../base/clock.h"
#include "command.h"
#include "info.h"
#include "net_fault.h"
#include "number.h"
#include "say.h"
#include "session_file.h"
#include "shake.h"
#include "talk.h"
#include "tls_options.h"
#include "way.h"
#include "sluice/tls_hooks.h"
#include "sluice/tls_peer.h"

#define CONNECT_S 10      /* unless told */
#define SECONDS_MAX 86400 /* of a limit: a day */

enum {
	NAME = 1,
	V4,
	V6,
	CONNECT_LIMIT,
	IDLE_LIMIT,
	CRLF,
	NO_WAIT,
	SESSION,
	INFO,
	JSON,
};

struct settings {
	tls_options tls;
	proxies proxies;
	const char *name; /* whose certificate is asked for */
	int version;      /* of IP; 0: both */
	unsigned connect_s;
	unsigned idle_s;
	const char *session; /* a file; may be NULL */
	info_form info;
	bool json;
	bool crlf;
	bool no_wait;
};

static const args_option options[] = {
	PROXY_OPTIONS,
	TLS_CLIENT_OPTIONS,
	{ NAME, 0, "name", "NAME", 0,
	    "the name or address that the certificate has to be\n"
	    "for, where it is not HOST" },
	TLS_IDENTITY_OPTIONS,
	TLS_SPEECH_OPTIONS,
	{ SESSION, 0, "session", "FILE", 0,
	    "resume the session in FILE, if it can be, and keep\n"
	    "the new one there" },
	{ INFO, 0, "info", NULL, 0,
	    "tell what was agreed on and who the server is, and\n"
	    "carry nothing" },
	{ JSON, 0, "json", NULL, 0, "the same as JSON" },
	{ V4, '4', "ipv4", NULL, 0, "connect by IPv4 alone" },
	{ V6, '6', "ipv6", NULL, 0, "connect by IPv6 alone" },
	{ CONNECT_LIMIT, 0, "connect-timeout", "SECONDS", 0,
	    "for all of it, up to the handshake's end; 10 unless\n"
	    "told" },
	{ IDLE_LIMIT, 0, "idle-timeout", "SECONDS", 0,
	    "give up when nothing has moved for so long" },
	{ CRLF, 0, "crlf", NULL, 0, "end lines that are sent with CR LF" },
	{ NO_WAIT, 0, "no-wait", NULL, 0,
	    "quit once all of the input was sent" },
	{ 0 },
};

static exit_code
set_version(struct settings *s, int version)
{
	if (s->version != 0 && s->version != version)
		return say_fail(EXIT_MISUSED, "-4 and -6 exclude each other");
	s->version = version;
	return EXIT_DONE;
}

static exit_code
set(void *settings, int id, const char *value)
{
	struct settings *s = settings;

	switch (id) {
	case PROXY_URL:
	case PROXY_AUTH:
	case PROXY_NONE: return proxies_set(&s->proxies, id, value);
	case NAME: s->name = value; return EXIT_DONE;
	case V4: return set_version(s, 4);
	case V6: return set_version(s, 6);
	case CONNECT_LIMIT:
		return number_value(
		    "--connect-timeout", value, 1, SECONDS_MAX, &s->connect_s);
	case IDLE_LIMIT:
		return number_value(
		    "--idle-timeout", value, 1, SECONDS_MAX, &s->idle_s);
	case SESSION: s->session = value; return EXIT_DONE;
	case INFO: s->info = INFO_TEXT; return EXIT_DONE;
	case JSON: s->json = true; return EXIT_DONE;
	case CRLF: s->crlf = true; return EXIT_DONE;
	case NO_WAIT: s->no_wait = true; return EXIT_DONE;
	default: return tls_options_set(&s->tls, id, value);
	}
}

/* Somebody to connect to, and what it takes; zero at first. */
struct call {
	const struct settings *settings;
	site to;
	const char *name;    /* lent: whose certificate is asked for */
	slu_tls_config *cfg; /* owned */
	slu_tls *tls;        /* owned */
	slu_bio *bio;        /* owned */
	int64_t end;         /* of all patience */
	bool asked;          /* for a certificate of ours */
};

static bool
is_ascii(const char *text)
{
	while (*text != '\0')
		if ((unsigned char)*text++ >= 0x80)
			return false;
	return true;
}

/* The engine for who is asked for, or what is wrong with the name. */
static exit_code
make_engine(struct call *c)
{
	bool other = c->settings->name != NULL;
	exit_code code;

	code = net_failed(slu_tls_client(&c->tls, c->cfg, c->name),
	    other ? c->name : c->to.text);
	if (code == EXIT_MISUSED && !is_ascii(c->name))
		say_hint("names are in ASCII here, as the DNS has them: "
			 "xn--...");
	return code;
}

/* The server asks; the config answers. */
static slu_status
note_request(slu_tls *tls, const slu_tls_request *request, void *arg)
{
	struct call *c = arg;

	(void)tls;
	(void)request;
	c->asked = true;
	return SLU_OK;
}

/* What can be found wrong before anybody is connected to. */
static exit_code
prepare(struct call *c, struct settings *s, int n, char **operands)
{
	exit_code code;

	if (n != 1)
		return say_fail(
		    EXIT_MISUSED, n == 0 ? "nobody to connect to is given"
					 : "more than one to connect to");
	if (s->json && s->info == INFO_NONE)
		return say_fail(EXIT_MISUSED, "--json needs --info");
	if (s->json)
		s->info = INFO_JSON;
	if (s->connect_s == 0)
		s->connect_s = CONNECT_S;
	c->settings = s;
	code = site_read(&c->to, operands[0]);
	if (code == EXIT_DONE)
		code = proxies_settle(&s->proxies);
	if (code != EXIT_DONE)
		return code;
	c->name = s->name != NULL ? s->name : c->to.host;
	if (c->name[0] == '\0')
		return say_fail(EXIT_MISUSED,
		    "%s: --name has to say whose certificate it shows",
		    c->to.text);
	if (c->to.path != NULL && s->proxies.n > 0)
		return say_fail(
		    EXIT_MISUSED, "%s: no proxy leads there", c->to.text);
	code = tls_options_config(&s->tls, &c->cfg);
	if (code == EXIT_DONE)
		code = net_failed(
		    slu_tls_config_on_request(c->cfg, note_request, c),
		    c->to.text);
	if (code == EXIT_DONE)
		code = make_engine(c);
	if (code == EXIT_DONE && s->session != NULL)
		code = session_file_offer(s->session, c->tls);
	return code;
}

static exit_code
reach(struct call *c)
{
	const struct settings *s = c->settings;
	const way_plan plan = {
		.to = &c->to,
		.through = &s->proxies,
		.version = s->version,
		.limit_ms = (int)s->connect_s * 1000,
	};
	exit_code code;
	way *w = NULL;
	slu_status st;

	c->end = slu_clock_ms() + plan.limit_ms;
	st = way_new(&w, &plan);
	if (st)
		return net_failed(st, c->to.text);
	st = way_run(w);
	code = st ? way_failed(w, st) : EXIT_DONE;
	if (code == EXIT_DONE)
		c->bio = way_take(w);
	way_free(w);
	return code;
}

/*
 * Shake hands.  Who is to leave without an answer, and may be refused only
 * now, hears that first.
 */
static exit_code
meet(struct call *c)
{
	const struct settings *s = c->settings;
	int64_t began = slu_clock_ms();
	exit_code code;

	code = shake_hands(&c->bio, c->tls, c->to.text, c->end, s->connect_s);
	if (code == EXIT_DONE && c->asked &&
	    (s->info != INFO_NONE || s->no_wait) &&
	    slu_tls_peer_version(c->tls) >= SLU_TLS_1_3)
		code = hear_verdict(
		    c->bio, c->tls, c->to.text, slu_clock_ms() - began);
	return code;
}

/*
 * Tell about the server, and leave.  Sessions of TLS 1.3 come behind the
 * handshake: who is to keep one hears the server out, which answers the end.
 */
static exit_code
tell(struct call *c)
{
	exit_code code = info_print(c->tls, c->to.text, c->settings->info);
	slu_status st = slu_tls_close(c->tls);
	unsigned char said[4096];
	size_t n;

	if (st == SLU_OK)
		st = slu_bio_flush(c->bio);
	while (c->settings->session != NULL && !slu_failed(st) &&
	       st != SLU_EOF && slu_clock_until(c->end) > 0) {
		st = slu_bio_read(c->bio, said, sizeof(said), &n);
		if (st == SLU_WANT_READ || st == SLU_WANT_WRITE)
			st = slu_bio_wait(c->bio, st, slu_clock_until(c->end));
	}
	return code;
}

/* What it is all for. */
static exit_code
use(struct call *c)
{
	const struct settings *s = c->settings;
	const talk_terms terms = {
		.name = c->to.text,
		.idle_s = s->idle_s,
		.crlf = s->crlf,
		.no_wait = s->no_wait,
	};
	exit_code code, kept = EXIT_DONE;

	if (s->info == INFO_NONE)
		code = talk(c->bio, c->tls, &terms);
	else
		code = tell(c);
	if (s->session != NULL)
		kept = session_file_keep(s->session, c->tls);
	return code == EXIT_DONE ? kept : code;
}

static exit_code
run(void *settings, int n, char **operands)
{
	struct settings *s = settings;
	struct call c = { 0 };
	exit_code code;

	code = prepare(&c, s, n, operands);
	if (code == EXIT_DONE)
		code = reach(&c);
	if (code == EXIT_DONE)
		code = meet(&c);
	if (code == EXIT_DONE)
		code = use(&c);
	slu_bio_free(c.bio);
	slu_tls_free(c.tls);
	slu_tls_config_free(c.cfg);
	tls_options_free(&s->tls);
	proxies_free(&s->proxies);
	return code;
}

const command command_connect = {
	.name = "connect",
	.summary = "talk to a server over TLS, through proxies or not",
	.usage = "[--proxy URL]... [--ca FILE] HOST:PORT\n"
		 "--info [--json] HOST:PORT",
	.about =
	    "Connects to PORT of HOST, or to the socket unix:PATH, and speaks\n"
	    "TLS there: standard input is sent, and what comes back is\n"
	    "written to standard output.  The server has to show a\n"
	    "certificate for HOST by somebody who is trusted.\n"
	    "\n"
	    "The end of the input ends only what is sent: what comes is\n"
	    "still written, until the server closes.  An end that is not\n"
	    "announced, as TLS has it, is an error.\n"
	    "\n"
	    "A server of TLS 1.3 that asks for a certificate says only behind\n"
	    "the handshake whether it takes what it was shown: --info and\n"
	    "--no-wait hear it first, for a moment.  What it refuses later,\n"
	    "they do not hear.\n"
	    "\n"
	    "ALL_PROXY in the environment names a proxy unless --proxy does.",
	.options = options,
	.examples =
	    "# through a SOCKS5 proxy that resolves the name, as Tor does\n"
	    "sluice connect --proxy 127.0.0.1:9050 --ca root.pem "
	    "example.org:443\n"
	    "# who is there, and until when\n"
	    "sluice connect --info --ca root.pem example.org:443",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
