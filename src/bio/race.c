/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "race.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "../base/clock.h"
#include "raw.h"
#include "socket.h"

/* A backlog that is full tells nobody when there is room again. */
#define REPEAT_MS 10

void
slu_race_start(
    slu_race *r, const slu_race_rules *rules, const slu_addresses *list)
{
	*r = (slu_race){ .rules = *rules, .list = *list };
	for (size_t i = 0; i < list->count; i++)
		r->at[i].fd = -1;
}

static void
lose(slu_race_attempt *a, slu_race_stage stage, int error)
{
	if (a->fd >= 0)
		(void)slu_raw_close(&a->fd);
	a->stage = stage;
	a->error = error;
}

static bool
bind_port(int fd, sa_family_t family, uint16_t port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(port) };

	if (family == AF_INET6)
		return bind(fd, (void *)&in6, sizeof(in6)) == 0;
	return bind(fd, (void *)&in, sizeof(in)) == 0;
}

/*
 * A port of ours that nobody listens at can come to be connected to itself
 * (RFC 9293, section 3.5, simultaneous open).
 */
static bool
met_itself(int fd)
{
	slu_address here = { .len = sizeof(here.to) };
	slu_address there = { .len = sizeof(there.to) };

	return getsockname(fd, (void *)&here.to, &here.len) == 0 &&
	       getpeername(fd, (void *)&there.to, &there.len) == 0 &&
	       slu_address_is_same(&here, &there);
}

/* Whether the attempt has won; `error` is how its connecting ended, if so. */
static bool
has_won(slu_race_attempt *a, int error)
{
	if (error == 0 && met_itself(a->fd))
		error = ECONNREFUSED;
	if (error != 0)
		lose(a, SLU_RACE_NOT_CONNECTED, error);
	return error == 0;
}

static bool
connect_now(slu_race *r, size_t i)
{
	const slu_address *to = &r->list.at[i];
	slu_race_attempt *a = &r->at[i];

	if (connect(a->fd, (const void *)&to->to, to->len) == 0)
		return has_won(a, 0);
	/* What was interrupted goes on by itself. */
	if (errno == EINPROGRESS || errno == EINTR) {
		a->stage = SLU_RACE_UNDER_WAY;
		return false;
	}
	if (errno == EAGAIN && to->to.ss_family == AF_UNIX) {
		a->stage = SLU_RACE_TO_REPEAT;
		return false;
	}
	return has_won(a, errno);
}

static bool
begin(slu_race *r, size_t i)
{
	sa_family_t family = r->list.at[i].to.ss_family;
	slu_race_attempt *a = &r->at[i];

	a->fd = slu_socket_new(family, r->rules.type);
	if (a->fd < 0) {
		lose(a, SLU_RACE_NO_SOCKET, errno);
		return false;
	}
	if (r->rules.local_port != 0 &&
	    !bind_port(a->fd, family, r->rules.local_port)) {
		lose(a, SLU_RACE_NOT_BOUND, errno);
		return false;
	}
	return connect_now(r, i);
}

/* Look after what was begun; the winner's number, or how many there are. */
static size_t
look(slu_race *r)
{
	size_t i;

	for (i = 0; i < r->begun; i++) {
		slu_race_attempt *a = &r->at[i];
		struct pollfd ready = { .fd = a->fd, .events = POLLOUT };
		socklen_t len = sizeof(int);
		int error = 0;

		if (a->stage == SLU_RACE_TO_REPEAT && connect_now(r, i))
			return i;
		if (a->stage != SLU_RACE_UNDER_WAY || poll(&ready, 1, 0) <= 0)
			continue;
		if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
			error = errno;
		if (has_won(a, error))
			return i;
		r->begin_at = 0;
	}
	return r->list.count;
}

static bool
is_open(const slu_race *r)
{
	for (size_t i = 0; i < r->begun; i++)
		if (r->at[i].fd >= 0)
			return true;
	return false;
}

/* Begin what is due; the winner's number, or how many there are. */
static size_t
begin_due(slu_race *r)
{
	int64_t now = slu_clock_ms();

	while (r->begun < r->list.count && now >= r->begin_at) {
		size_t i = r->begun++;

		r->begin_at = now + r->rules.stagger_ms;
		if (begin(r, i))
			return i;
		if (r->at[i].fd < 0)
			r->begin_at = 0;
	}
	return r->list.count;
}

#define TOLD (SLU_RAW_WHY + 32)

/* How it went with one address. */
static void
tell_attempt(const slu_race *r, size_t i, char out[TOLD])
{
	const slu_race_attempt *at = &r->at[i];
	int limit = r->rules.limit_ms;
	char why[SLU_RAW_WHY];

	slu_raw_why(at->error, why);
	if (at->stage == SLU_RACE_NOT_BEGUN)
		snprintf(out, TOLD, "not tried");
	else if (at->stage == SLU_RACE_NOT_BOUND)
		snprintf(
		    out, TOLD, "local port %u: %s", r->rules.local_port, why);
	else if (at->stage >= SLU_RACE_NO_SOCKET)
		snprintf(out, TOLD, "%s", why);
	else if (limit % 1000 == 0)
		snprintf(out, TOLD, "no answer within %d s", limit / 1000);
	else
		snprintf(out, TOLD, "no answer within %d ms", limit);
}

static bool
all_alike(const slu_race *r)
{
	char first[TOLD], other[TOLD];

	tell_attempt(r, 0, first);
	for (size_t i = 1; i < r->list.count; i++) {
		tell_attempt(r, i, other);
		if (strcmp(first, other) != 0)
			return false;
	}
	return true;
}

/* Nobody was reached who could refuse us: that is not the peer's doing. */
static slu_status
whose_fault(const slu_race *r)
{
	for (size_t i = 0; i < r->list.count; i++)
		if (r->at[i].stage != SLU_RACE_NO_SOCKET &&
		    r->at[i].stage != SLU_RACE_NOT_BOUND)
			return SLU_ERR_PEER;
	return SLU_ERR_IO;
}

static slu_status
nobody_won(const slu_race *r)
{
	char said[SLU_ERROR_MAX] = "", one[SLU_ADDRESS_NAME];
	char why[TOLD];
	size_t len = 0;

	tell_attempt(r, 0, why);
	if (r->list.count == 1)
		return slu_fail(whose_fault(r), "%s: %s: %s", r->rules.room,
		    r->rules.name, why);
	if (all_alike(r))
		return slu_fail(whose_fault(r), "%s: %s: %s (%zu addresses)",
		    r->rules.room, r->rules.name, why, r->list.count);
	for (size_t i = 0; i < r->list.count && len < sizeof(said); i++) {
		slu_address_tell(&r->list.at[i], one, sizeof(one));
		tell_attempt(r, i, why);
		len += (size_t)snprintf(said + len, sizeof(said) - len,
		    "%s%s: %s", i > 0 ? "; " : "", one, why);
	}
	return slu_fail(
	    whose_fault(r), "%s: %s: %s", r->rules.room, r->rules.name, said);
}

slu_status
slu_race_step(slu_race *r, int *fd)
{
	size_t winner;

	winner = look(r);
	if (winner == r->list.count && slu_clock_until(r->rules.end) > 0)
		winner = begin_due(r);
	if (winner < r->list.count) {
		*fd = r->at[winner].fd;
		r->at[winner].fd = -1;
		slu_race_stop(r);
		return SLU_OK;
	}
	if (slu_clock_until(r->rules.end) > 0 && is_open(r))
		return SLU_WANT_WRITE;
	slu_race_stop(r);
	return nobody_won(r);
}

slu_status
slu_race_wait(const slu_race *r, slu_waits *w)
{
	slu_status st = SLU_OK;

	slu_waits_within(w, slu_clock_until(r->rules.end));
	if (r->begun < r->list.count)
		slu_waits_within(w, slu_clock_until(r->begin_at));
	for (size_t i = 0; i < r->begun && st == SLU_OK; i++) {
		if (r->at[i].stage == SLU_RACE_TO_REPEAT)
			slu_waits_within(w, REPEAT_MS);
		else if (r->at[i].fd >= 0)
			st = slu_waits_add(w, r->at[i].fd, POLLOUT);
	}
	return st;
}

void
slu_race_stop(slu_race *r)
{
	for (size_t i = 0; i < r->list.count; i++)
		if (r->at[i].fd >= 0)
			(void)slu_raw_close(&r->at[i].fd);
}
