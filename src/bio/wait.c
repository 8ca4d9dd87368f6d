/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/wait.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "../base/clock.h"
#include "bio_internal.h"
#include "raw.h"

slu_status
slu_waits_add(slu_waits *w, int fd, short events)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->fds[i].fd == fd) {
			w->fds[i].events = (short)(w->fds[i].events | events);
			return SLU_OK;
		}
	if (w->count == SLU_WAITS_MAX)
		return slu_fail(SLU_ERR_LIMIT, "wait: more than %d descriptors",
		    SLU_WAITS_MAX);
	w->fds[w->count++] = (struct pollfd){ .fd = fd, .events = events };
	return SLU_OK;
}

void
slu_waits_within(slu_waits *w, int ms)
{
	if (ms < 0)
		ms = 0;
	if (w->ms < 0 || ms < w->ms)
		w->ms = ms;
}

/* poll(2) until `end`, however often signals interrupt; -1 says `errno`. */
static int
poll_until(slu_waits *w, int ms)
{
	int64_t end = slu_clock_ms() + ms;
	int n;

	do {
		n = poll(w->fds, (nfds_t)w->count, ms);
		if (ms >= 0)
			ms = slu_clock_until(end);
	} while (n < 0 && errno == EINTR);
	return n;
}

slu_status
slu_bio_wait(slu_bio *bio, slu_status want, int ms)
{
	bool sooner;
	slu_status st;
	slu_waits w;
	int n;

	st = slu_bio_waits(bio, want, &w);
	if (st)
		return st;
	sooner = w.ms >= 0 && (ms < 0 || w.ms <= ms);
	n = poll_until(&w, sooner ? w.ms : ms);
	if (n < 0)
		return slu_raw_failed("wait", "poll");
	return n > 0 || sooner ? SLU_OK : want;
}

bool
slu_bio_is_readable(slu_bio *bio)
{
	slu_waits w = { .ms = -1 };

	return slu_waits_add_chain(&w, bio, SLU_WANT_READ) == SLU_OK &&
	       poll_until(&w, 0) > 0;
}
