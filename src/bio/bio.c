/* SPDX-License-Identifier: ISC */
/*
 * The chain itself: who owns what, which calls walk down, and the promises
 * of bio.h.  Nothing here knows what any BIO does.
 */
#include "sluice/bio.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "../base/failure.h"
#include "bare.h"
#include "bio_internal.h"
#include "sluice/buf.h"
#include "sluice/secret.h"
#include "sluice/wait.h"

struct slu_bio {
	const slu_bio_ops *ops;
	slu_bio *next; /* owned */
	enum { OPEN, FINISHING, FINISHED } phase;
	bool datagram; /* what moves here is datagrams */
	slu_failure failure;
	slu_buf unread;      /* given back, to be read again */
	max_align_t state[]; /* ops->size bytes */
};

static slu_status
no_chain(void)
{
	return slu_fail(SLU_ERR_USAGE, "bio: no sink below");
}

static slu_status
no_direction(const slu_bio *bio, const char *what)
{
	return slu_fail(SLU_ERR_USAGE, "%s: cannot %s", bio->ops->name, what);
}

static slu_status
broke_promise(const slu_bio *bio)
{
	return slu_fail(
	    SLU_ERR_USAGE, "%s: broke the promise of progress", bio->ops->name);
}

/* Whether this is an answer at all: a user's operation may give others. */
static bool
is_known(slu_status st)
{
	return st <= SLU_WANT_CERT ||
	       (st >= SLU_ERR_USAGE && st <= SLU_ERR_CRYPTO);
}

/*
 * Hold an operation to the promise of progress before its caller relies on
 * it.  Operations can be a user's, so this is checked in every build.
 */
static slu_status
check_moved(const slu_bio *bio, slu_status st, size_t *moved, size_t asked)
{
	if (*moved <= asked && (st == SLU_OK) == (*moved > 0) && is_known(st))
		return st;
	*moved = 0;
	return slu_failed(st) && is_known(st) ? st : broke_promise(bio);
}

/* The same for a write, which never meets an end, nor cuts a datagram. */
static slu_status
check_written(const slu_bio *bio, slu_status st, size_t *put, size_t len)
{
	st = check_moved(bio, st, put, len);
	if (st != SLU_EOF && (*put == len || *put == 0 || !bio->datagram))
		return st;
	*put = 0;
	return broke_promise(bio);
}

/* A filter of streams that is put over datagrams fails from the start. */
static void
check_datagrams(slu_bio *bio)
{
	if (bio->next == NULL) {
		bio->datagram = bio->ops->datagram;
		return;
	}
	bio->datagram = bio->next->datagram;
	if (bio->datagram && !bio->ops->datagram)
		(void)slu_failure_keep(&bio->failure,
		    slu_fail(SLU_ERR_USAGE,
			"%s: what moves below are datagrams, not a stream",
			bio->ops->name));
}

static void
free_one(slu_bio *bio)
{
	if (bio->ops->free != NULL)
		bio->ops->free(bio->state);
	slu_wipe(bio->state, bio->ops->size);
	slu_buf_free(&bio->unread);
	free(bio);
}

void *
slu_bio_push(slu_bio **top, const slu_bio_ops *ops)
{
	slu_bio *bio;

	bio = calloc(1, sizeof(*bio) + ops->size);
	if (bio == NULL) {
		(void)slu_fail(SLU_ERR_MEMORY, "%s: out of memory", ops->name);
		return NULL;
	}
	bio->ops = ops;
	bio->next = *top;
	*top = bio;
	check_datagrams(bio);
	return bio->state;
}

void
slu_bio_drop(slu_bio **top)
{
	slu_bio *bio = *top;

	if (bio == NULL)
		return;
	*top = bio->next;
	free_one(bio);
}

void
slu_bio_free(slu_bio *bio)
{
	while (bio != NULL)
		slu_bio_drop(&bio);
}

void *
slu_bio_alone(slu_bio *bio, const slu_bio_ops *ops)
{
	if (bio == NULL || bio->ops != ops || bio->next != NULL ||
	    bio->phase != OPEN || bio->failure.st || bio->unread.len > 0)
		return NULL;
	return bio->state;
}

slu_status
slu_bio_break(slu_bio *bio, slu_status st)
{
	return slu_failure_keep(&bio->failure, st);
}

slu_status
slu_bio_read(slu_bio *bio, void *buf, size_t cap, size_t *got)
{
	slu_bio *at = bio;
	slu_status st;

	*got = 0;
	if (bio == NULL)
		return no_chain();
	/* Who has no part in reading is stepped over, unless it failed. */
	while (at->failure.st == SLU_OK && at->ops->read == NULL &&
	       at->unread.len == 0) {
		if (at->next == NULL)
			return no_direction(at, "be read");
		at = at->next;
	}
	st = slu_failure_again(&at->failure);
	if (st == SLU_OK && at->unread.len > 0) {
		*got = slu_buf_take(&at->unread, buf, cap);
	} else if (st == SLU_OK && cap > 0) {
		st = at->ops->read(at->state, at->next, buf, cap, got);
		st = check_moved(at, st, got, cap);
		(void)slu_failure_keep(&at->failure, st);
	}
	return slu_failure_keep(&bio->failure, st);
}

/* Read from `top` with the failures from `at` on put aside. */
static slu_status
read_past_failures(
    slu_bio *at, slu_bio *top, void *buf, size_t cap, size_t *got)
{
	slu_failure kept;
	slu_status st;

	if (at == NULL)
		return slu_bio_read(top, buf, cap, got);
	kept = at->failure;
	at->failure.st = SLU_OK;
	st = read_past_failures(at->next, top, buf, cap, got);
	at->failure = kept;
	return st;
}

slu_status
slu_bio_read_still(slu_bio *bio, void *buf, size_t cap, size_t *got)
{
	*got = 0;
	return read_past_failures(bio, bio, buf, cap, got);
}

slu_status
slu_bio_write(slu_bio *bio, const void *data, size_t len, size_t *put)
{
	slu_bio *at = bio;
	slu_status st;

	*put = 0;
	if (bio == NULL)
		return no_chain();
	while (at->failure.st == SLU_OK) {
		if (at->phase != OPEN)
			return slu_fail(SLU_ERR_USAGE,
			    "%s: written after its finish", at->ops->name);
		if (at->ops->write != NULL)
			break;
		if (at->next == NULL)
			return no_direction(at, "be written");
		at = at->next;
	}
	st = slu_failure_again(&at->failure);
	if (st == SLU_OK && len > 0) {
		st = at->ops->write(at->state, at->next, data, len, put);
		st = check_written(at, st, put, len);
		(void)slu_failure_keep(&at->failure, st);
	}
	return slu_failure_keep(&bio->failure, st);
}

slu_status
slu_bio_write_all(slu_bio *bio, const void *data, size_t len, size_t *put)
{
	const unsigned char *p = data;
	slu_status st;
	size_t n;

	st = slu_bio_write(bio, data, len, put);
	while (st == SLU_OK && *put < len) {
		st = slu_bio_write(bio, p + *put, len - *put, &n);
		*put += n;
	}
	return st;
}

static int
descriptor(const slu_bio *sink)
{
	if (sink == NULL || sink->ops->fd == NULL)
		return -1;
	return sink->ops->fd((void *)sink->state);
}

int
slu_bare_source(const slu_bio *bio)
{
	for (; bio != NULL; bio = bio->next) {
		if (bio->failure.st || bio->unread.len > 0)
			return -1;
		if (bio->ops->read != NULL)
			break;
	}
	return descriptor(bio);
}

int
slu_bare_target(const slu_bio *bio)
{
	for (; bio != NULL; bio = bio->next) {
		if (bio->failure.st || bio->phase != OPEN)
			return -1;
		if (bio->ops->write != NULL)
			break;
	}
	return descriptor(bio);
}

/* Let one BIO do its own part of a flush or a finish. */
static slu_status
do_part(slu_bio *bio, slu_status (*part)(void *self, slu_bio *next))
{
	slu_status st;

	st = slu_failure_again(&bio->failure);
	if (st || part == NULL)
		return st;
	st = part(bio->state, bio->next);
	if (st == SLU_EOF || !is_known(st))
		st = broke_promise(bio);
	return slu_failure_keep(&bio->failure, st);
}

bool
slu_bio_is_datagram(const slu_bio *bio)
{
	return bio != NULL && bio->datagram;
}

slu_status
slu_bio_flush(slu_bio *bio)
{
	slu_status st = SLU_OK;
	slu_bio *at;

	if (bio == NULL)
		return no_chain();
	for (at = bio; at != NULL && st == SLU_OK; at = at->next)
		st = do_part(at, at->ops->flush);
	return slu_failure_keep(&bio->failure, st);
}

slu_status
slu_bio_finish(slu_bio *bio)
{
	slu_status st = SLU_OK;
	slu_bio *at;

	if (bio == NULL)
		return no_chain();
	for (at = bio; at != NULL && st == SLU_OK; at = at->next) {
		if (at->phase == FINISHED)
			continue;
		at->phase = FINISHING;
		st = do_part(at, at->ops->finish);
		if (st == SLU_OK)
			at->phase = FINISHED;
	}
	return slu_failure_keep(&bio->failure, st);
}

slu_status
slu_bio_unread(slu_bio *bio, const void *data, size_t len)
{
	slu_buf both = { .limit = SLU_UNREAD_MAX };
	slu_status st;

	if (bio == NULL)
		return no_chain();
	if (bio->datagram)
		return slu_fail(SLU_ERR_USAGE,
		    "%s: a datagram cannot be given back", bio->ops->name);
	st = slu_buf_add(&both, data, len);
	if (st == SLU_OK)
		st = slu_buf_add(
		    &both, slu_buf_front(&bio->unread), bio->unread.len);
	if (st) {
		slu_buf_free(&both);
		return st;
	}
	slu_buf_free(&bio->unread);
	bio->unread = both;
	return SLU_OK;
}

slu_status
slu_waits_add_chain(slu_waits *w, slu_bio *bio, slu_status want)
{
	slu_bio *at = bio;
	slu_status st;

	while (at != NULL && at->ops->wait == NULL)
		at = at->next;
	if (at == NULL)
		return SLU_OK;
	st = at->ops->wait(at->state, at->next, want, w);
	if (st != SLU_OK && (!slu_failed(st) || !is_known(st)))
		st = broke_promise(at);
	return st;
}

slu_status
slu_bio_waits(slu_bio *bio, slu_status want, slu_waits *w)
{
	slu_status st;

	*w = (slu_waits){ .ms = -1 };
	if (bio == NULL)
		return no_chain();
	st = slu_failure_again(&bio->failure);
	if (st == SLU_OK && want != SLU_WANT_READ && want != SLU_WANT_WRITE)
		st = slu_fail(SLU_ERR_USAGE, "%s: to wait after '%s'",
		    bio->ops->name, slu_status_name(want));
	if (st == SLU_OK)
		st = slu_waits_add_chain(w, bio, want);
	if (st == SLU_OK && w->count == 0 && w->ms < 0)
		st = slu_fail(
		    SLU_ERR_USAGE, "%s: nothing to wait for", bio->ops->name);
	return st;
}
