/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "way.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/clock.h"
#include "../bio/resolve.h"
#include "net_fault.h"
#include "say.h"
#include "sluice/http_proxy.h"
#include "sluice/socks.h"
#include "sluice/tcp.h"
#include "sluice/unix.h"

struct way {
	way_plan plan;
	slu_bio *bio;       /* owned: as far as it leads */
	size_t stage;       /* the proxies that are passed, or being asked */
	slu_resolve *names; /* owned: of the host that is next; may be NULL */
	int64_t end;
};

static size_t
proxies_of(const way *w)
{
	return w->plan.through != NULL ? w->plan.through->n : 0;
}

/* Who is next: a proxy, or the host. */
static const site *
next_site(const way *w)
{
	return w->stage < proxies_of(w) ? &w->plan.through->each[w->stage].at
					: w->plan.to;
}

static slu_status
dial(way *w)
{
	const slu_tcp_options tcp = {
		.limit_ms = w->plan.limit_ms,
		.version = w->plan.version,
		.nonblocking = true,
	};
	const slu_unix_options local = {
		.limit_ms = w->plan.limit_ms,
		.nonblocking = true,
	};
	const site *to = next_site(w);

	if (to->path != NULL)
		return slu_unix_connect(&w->bio, to->path, &local);
	return slu_tcp_connect(&w->bio, to->host, to->port, &tcp);
}

/* Have a proxy connect to `host`, which is a name or an address. */
static slu_status
ask(way *w, const proxy *p, const char *host, uint16_t port)
{
	const char *user = (const char *)slu_buf_front(&p->user);
	const char *password = (const char *)slu_buf_front(&p->password);
	slu_socks_options socks = { .user = user, .password = password };
	const slu_http_proxy_options http = { user, password };

	if (p->kind == PROXY_HTTP)
		return slu_http_connect(&w->bio, host, port, &http);
	if (p->kind == PROXY_SOCKS4A) {
		socks.version = SLU_SOCKS4A;
		socks.password = NULL;
	}
	return slu_socks_connect(&w->bio, host, port, &socks);
}

/* Have a proxy connect to an address that is looked up here. */
static slu_status
ask_by_address(way *w, const proxy *p, const site *to)
{
	static const int families[] = { [4] = AF_INET, [6] = AF_INET6 };
	const slu_resolve_question q = {
		.room = "tcp",
		.name = to->text,
		.host = to->host,
		.port = to->port,
		.type = SOCK_STREAM,
		.family = w->plan.version != 0 ? families[w->plan.version] : 0,
	};
	char host[SLU_ADDRESS_NAME];
	slu_addresses found;
	slu_status st = SLU_OK;

	if (w->names == NULL)
		st = slu_resolve_start(&w->names, &q);
	if (st == SLU_OK)
		st = slu_resolve_step(w->names, &found);
	if (st)
		return st;
	slu_resolve_free(w->names);
	w->names = NULL;
	slu_address_tell(&found.at[0], host, sizeof(host));
	return ask(w, p, host, to->port);
}

/* Begin the next stretch. */
static slu_status
go_on(way *w)
{
	const proxy *p = &w->plan.through->each[w->stage - 1];
	const site *to = next_site(w);

	if (to->path != NULL)
		return slu_fail(SLU_ERR_USAGE,
		    "way: a proxy cannot be asked for '%s'", to->text);
	if (p->kind == PROXY_SOCKS5)
		return ask_by_address(w, p, to);
	return ask(w, p, to->host, to->port);
}

slu_status
way_new(way **out, const way_plan *plan)
{
	way *w = calloc(1, sizeof(*w));
	slu_status st;

	if (w == NULL)
		return slu_fail(SLU_ERR_MEMORY, "way: out of memory");
	w->plan = *plan;
	w->end = slu_clock_ms() + plan->limit_ms;
	st = dial(w);
	if (st) {
		way_free(w);
		return st;
	}
	*out = w;
	return SLU_OK;
}

slu_status
way_step(way *w)
{
	slu_status st = SLU_OK;

	do {
		if (w->names == NULL)
			st = slu_bio_flush(w->bio);
		if (st == SLU_OK && w->names == NULL) {
			if (w->stage == proxies_of(w))
				return SLU_OK;
			w->stage++;
		}
		if (st == SLU_OK)
			st = go_on(w);
	} while (st == SLU_OK);
	if (!slu_failed(st) && slu_clock_until(w->end) == 0)
		st = slu_fail(SLU_ERR_PEER, "way: no answer within %d s",
		    w->plan.limit_ms / 1000);
	return st;
}

slu_status
way_waits(way *w, slu_status want, slu_waits *waits)
{
	slu_waits_within(waits, slu_clock_until(w->end));
	if (w->names != NULL)
		return slu_resolve_wait(w->names, waits);
	return slu_waits_add_chain(waits, w->bio, want);
}

slu_status
way_run(way *w)
{
	slu_status st = way_step(w);

	while (st == SLU_WANT_READ || st == SLU_WANT_WRITE) {
		slu_waits waits = { .ms = -1 };

		st = way_waits(w, st, &waits);
		if (st)
			break;
		(void)poll(waits.fds, (nfds_t)waits.count, waits.ms);
		st = way_step(w);
	}
	return st;
}

exit_code
way_failed(const way *w, slu_status st)
{
	size_t at = w->stage > 0 ? w->stage - 1 : 0;
	char name[PROXY_URL_MAX + 10];
	exit_code code;

	if (proxies_of(w) == 0)
		return net_failed(st, w->plan.to->text);
	snprintf(
	    name, sizeof(name), "proxy %s", w->plan.through->each[at].at.text);
	code = net_failed(st, name);
	if (strstr(slu_error(), ": asks for a user and a password") != NULL)
		say_hint("--proxy-auth-file takes them from a file");
	return code;
}

slu_bio *
way_take(way *w)
{
	slu_bio *bio = w->bio;

	w->bio = NULL;
	return bio;
}

void
way_free(way *w)
{
	if (w == NULL)
		return;
	slu_resolve_free(w->names);
	slu_bio_free(w->bio);
	free(w);
}
