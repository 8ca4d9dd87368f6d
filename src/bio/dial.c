/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "dial.h"

#include <stdlib.h>
#include <string.h>

#include "../base/clock.h"
#include "race.h"
#include "resolve.h"

struct slu_dial {
	slu_race_rules rules;
	slu_resolve *names; /* owned; NULL once there are addresses */
	slu_race race;
	char name[SLU_ADDRESS_NAME];
};

static slu_status
begin(slu_dial **out, const slu_dial_terms *t)
{
	slu_dial *d;

	if (t->limit_ms < 0)
		return slu_fail(SLU_ERR_USAGE,
		    "%s: a time limit of %d milliseconds", t->room,
		    t->limit_ms);
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return slu_fail(SLU_ERR_MEMORY, "%s: out of memory", t->room);
	d->rules = (slu_race_rules){
		.room = t->room,
		.name = d->name,
		.type = t->type,
		.local_port = t->local_port,
		.stagger_ms = SLU_RACE_STAGGER,
		.limit_ms = t->limit_ms > 0 ? t->limit_ms : SLU_DIAL_LIMIT_MS,
	};
	d->rules.end = slu_clock_ms() + d->rules.limit_ms;
	*out = d;
	return SLU_OK;
}

static slu_status
check_host(const slu_dial_terms *t, const char *host, uint16_t port)
{
	size_t len = host != NULL ? strlen(host) : 0;

	if (len == 0)
		return slu_fail(SLU_ERR_USAGE, "%s: no host", t->room);
	if (len > SLU_HOST_BYTES)
		return slu_fail(SLU_ERR_USAGE,
		    "%s: a host name of %zu bytes, and the most is %d", t->room,
		    len, SLU_HOST_BYTES);
	if (port == 0)
		return slu_fail(SLU_ERR_USAGE, "%s: no port", t->room);
	if (t->version != 0 && t->version != 4 && t->version != 6)
		return slu_fail(SLU_ERR_USAGE, "%s: no version %d of IP",
		    t->room, t->version);
	return SLU_OK;
}

slu_status
slu_dial_host(slu_dial **out, const slu_dial_terms *terms, const char *host,
    uint16_t port)
{
	slu_resolve_question q = {
		.room = terms->room,
		.host = host,
		.port = port,
		.type = terms->type,
	};
	slu_dial *d = NULL;
	slu_status st;

	st = check_host(terms, host, port);
	if (st == SLU_OK)
		st = begin(&d, terms);
	if (st)
		return st;
	slu_address_label(d->name, host, port);
	q.name = d->name;
	if (terms->version != 0)
		q.family = terms->version == 4 ? AF_INET : AF_INET6;
	st = slu_resolve_start(&d->names, &q);
	if (st) {
		slu_dial_free(d);
		return st;
	}
	*out = d;
	return SLU_OK;
}

slu_status
slu_dial_path(slu_dial **out, const slu_dial_terms *terms, const char *path)
{
	slu_addresses list = { .count = 1 };
	slu_dial *d = NULL;
	slu_status st;

	st = slu_address_of_path(&list.at[0], path);
	if (st == SLU_OK)
		st = begin(&d, terms);
	if (st)
		return st;
	slu_address_name(&list.at[0], d->name);
	slu_race_start(&d->race, &d->rules, &list);
	*out = d;
	return SLU_OK;
}

static slu_status
resolve(slu_dial *d)
{
	slu_addresses list;
	slu_status st;

	st = slu_resolve_step(d->names, &list);
	if (st == SLU_WANT_READ && slu_clock_until(d->rules.end) == 0)
		st = slu_fail(SLU_ERR_PEER,
		    "%s: %s: the name was not resolved within %d ms",
		    d->rules.room, d->name, d->rules.limit_ms);
	if (st)
		return st;
	slu_resolve_free(d->names);
	d->names = NULL;
	slu_race_start(&d->race, &d->rules, &list);
	return SLU_OK;
}

slu_status
slu_dial_step(slu_dial *d, int *fd)
{
	slu_status st = SLU_OK;

	if (d->names != NULL)
		st = resolve(d);
	return st ? st : slu_race_step(&d->race, fd);
}

slu_status
slu_dial_wait(const slu_dial *d, slu_waits *w)
{
	if (d->names == NULL)
		return slu_race_wait(&d->race, w);
	slu_waits_within(w, slu_clock_until(d->rules.end));
	return slu_resolve_wait(d->names, w);
}

const char *
slu_dial_name(const slu_dial *d)
{
	return d->name;
}

void
slu_dial_free(slu_dial *d)
{
	if (d == NULL)
		return;
	slu_resolve_free(d->names);
	slu_race_stop(&d->race);
	free(d);
}
