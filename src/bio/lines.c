/* SPDX-License-Identifier: ISC */
#include "sluice/lines.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/failure.h"
#include "batch.h"
#include "bio_internal.h"
#include "sluice/buf.h"
#include "sluice/secret.h"

struct slu_lines {
	slu_bio *src; /* lent by the caller */
	size_t limit;
	char end; /* a newline, or what else lines end in */
	slu_batch in;
	size_t seen;   /* bytes of `in` known to hold no end */
	slu_buf spill; /* a line's beginning, once `in` cannot hold it */
	size_t stale;  /* bytes of `spill` that are of a line given out */
	uint64_t given;
	bool overlong; /* the line that `failure` is about */
	slu_failure failure;
};

slu_status
slu_lines_new(slu_lines **out, slu_bio *src, size_t limit)
{
	slu_lines *l;

	if (slu_bio_is_datagram(src))
		return slu_fail(SLU_ERR_USAGE,
		    "lines: what moves below are datagrams, not a stream");
	l = calloc(1, sizeof(*l));
	if (l == NULL)
		return slu_fail(SLU_ERR_MEMORY, "lines: out of memory");
	l->src = src;
	l->limit = limit;
	l->end = '\n';
	l->spill.limit = limit < SIZE_MAX ? limit + 1 : limit; /* and a NUL */
	*out = l;
	return SLU_OK;
}

void
slu_lines_end_with(slu_lines *l, char end)
{
	l->end = end;
	l->seen = 0;
}

/* Hold a line that is `len` bytes longer than what spilled to the limit. */
static slu_status
check_limit(slu_lines *l, size_t len)
{
	l->overlong = len > l->limit - l->spill.len;
	if (!l->overlong)
		return SLU_OK;
	return slu_fail(SLU_ERR_LIMIT,
	    "lines: line %" PRIu64 " is longer than %zu bytes", l->given + 1,
	    l->limit);
}

static slu_status
spill(slu_lines *l, size_t len)
{
	slu_status st;

	st = slu_buf_add(&l->spill, l->in.mem + l->in.off, len);
	if (st == SLU_OK) {
		l->in.off += len;
		l->seen = 0;
	}
	return st;
}

/*
 * Give the line that ends `len` bytes into the batch.  Its NUL takes the
 * end's place, or lies where a batch that is not full has room.
 */
static slu_status
give(slu_lines *l, size_t len, size_t end, const char **line, size_t *n)
{
	slu_status st;

	st = check_limit(l, len);
	if (st)
		return st;
	if (l->spill.len == 0) {
		*line = (const char *)l->in.mem + l->in.off;
		*n = len;
		l->in.mem[l->in.off + len] = '\0';
		l->in.off += len;
	} else {
		st = spill(l, len);
		if (st == SLU_OK)
			st = slu_buf_add(&l->spill, "", 1);
		if (st)
			return st;
		*line = (const char *)slu_buf_front(&l->spill);
		*n = l->spill.len - 1;
		l->stale = l->spill.len;
	}
	l->in.off += end;
	l->seen = 0;
	l->given++;
	return SLU_OK;
}

static slu_status
next_line(slu_lines *l, const char **line, size_t *len)
{
	const unsigned char *from, *end;
	slu_status st;
	size_t left;

	st = slu_batch_make(&l->in, SLU_BATCH);
	while (st == SLU_OK) {
		left = slu_batch_left(&l->in);
		from = l->in.mem + l->in.off;
		end = memchr(from + l->seen, l->end, left - l->seen);
		if (end != NULL)
			return give(l, (size_t)(end - from), 1, line, len);
		st = check_limit(l, left);
		if (st)
			return st;
		l->seen = left;
		if (left == l->in.cap)
			st = spill(l, left);
		if (st == SLU_OK)
			st = slu_batch_fill(&l->in, l->src);
	}
	left = slu_batch_left(&l->in);
	if (st == SLU_EOF && (left > 0 || l->spill.len > 0))
		return give(l, left, 0, line, len);
	return st;
}

slu_status
slu_lines_next(slu_lines *l, const char **line, size_t *len)
{
	slu_status st;

	*line = NULL;
	*len = 0;
	st = slu_failure_again(&l->failure);
	if (st)
		return st;
	slu_buf_skip(&l->spill, l->stale);
	l->stale = 0;
	return slu_failure_keep(&l->failure, next_line(l, line, len));
}

/* The end of the stream is the end of its last line too. */
static slu_status
skip_line(slu_lines *l)
{
	const unsigned char *from, *end = NULL;
	slu_status st = SLU_OK;
	size_t left;

	while (st == SLU_OK) {
		left = slu_batch_left(&l->in);
		from = l->in.mem + l->in.off;
		end = memchr(from, l->end, left);
		if (end != NULL) {
			l->in.off += (size_t)(end - from) + 1;
			return SLU_OK;
		}
		l->in.off += left;
		st = slu_batch_fill(&l->in, l->src);
	}
	return st == SLU_EOF ? SLU_OK : st;
}

slu_status
slu_lines_skip(slu_lines *l)
{
	slu_status st;

	if (!l->overlong)
		return slu_fail(SLU_ERR_USAGE, "lines: no line was too long");
	slu_buf_skip(&l->spill, l->spill.len);
	l->seen = 0;
	st = skip_line(l);
	if (st != SLU_OK && !slu_failed(st))
		return st;
	l->overlong = false;
	l->failure.st = SLU_OK;
	l->given++;
	return slu_failure_keep(&l->failure, st);
}

void
slu_lines_free(slu_lines *l)
{
	if (l == NULL)
		return;
	slu_batch_free(&l->in);
	slu_buf_free(&l->spill);
	slu_wipe(l, sizeof(*l));
	free(l);
}
