/* SPDX-License-Identifier: ISC */
#include "sluice/copy.h"

#include <stdbool.h>
#include <stdlib.h>

#include "bare.h"
#include "copy_internal.h"
#include "kernel_copy.h"
#include "sluice/secret.h"
#include "sluice/wait.h"

/*
 * Four chunks of a sealed file: what a filter hands on untouched is then
 * most of what passes, and the rest still fits a core's cache.
 */
#define BATCH (256 * 1024)

/*
 * What the first read is offered; each next one, twice as much.  What is
 * never touched costs nothing, and most files are short.
 */
#define FIRST (16 * 1024)

static bool
is_wait(slu_status st)
{
	return st == SLU_WANT_READ || st == SLU_WANT_WRITE ||
	       st == SLU_WANT_CERT;
}

slu_status
slu_copy_read(slu_bio *src, void *buf, size_t cap, size_t *got)
{
	slu_status st;

	do {
		st = slu_bio_read(src, buf, cap, got);
		if (!is_wait(st))
			return st;
		st = slu_bio_wait(src, st, -1);
	} while (st == SLU_OK);
	return st;
}

slu_status
slu_copy_write(slu_bio *dst, const void *data, size_t len)
{
	const unsigned char *p = data;
	slu_status st;
	size_t put;

	do {
		st = slu_bio_write_all(dst, p, len, &put);
		if (!is_wait(st))
			return st;
		p += put;
		len -= put;
		st = slu_bio_wait(dst, st, -1);
	} while (st == SLU_OK);
	return st;
}

slu_status
slu_copy_finish(slu_bio *dst)
{
	slu_status st;

	do {
		st = slu_bio_finish(dst);
		if (!is_wait(st))
			return st;
		st = slu_bio_wait(dst, st, -1);
	} while (st == SLU_OK);
	return st;
}

static void
let_kernel_copy(slu_bio *dst, slu_bio *src)
{
	slu_place target;
	bool synced = slu_place_target(&target, dst);

	slu_kernel_copy(slu_bare_target(dst), slu_bare_source(src),
	    synced ? &target : NULL);
}

slu_status
slu_copy_some(slu_bio *dst, slu_bio *src, uint64_t most)
{
	slu_status st = SLU_OK;
	unsigned char *buf;
	uint64_t done = 0;
	size_t cap = 0, got;

	if (dst == src)
		return slu_fail(
		    SLU_ERR_USAGE, "copy: a chain copied to itself");
	buf = malloc(BATCH);
	if (buf == NULL)
		return slu_fail(SLU_ERR_MEMORY, "copy: out of memory");
	let_kernel_copy(dst, src);
	while (st == SLU_OK && done <= most) {
		if (cap < BATCH)
			cap = cap == 0 ? FIRST : 2 * cap;
		st = slu_copy_read(src, buf, cap, &got);
		if (st == SLU_OK)
			st = slu_copy_write(dst, buf, got);
		done += got;
	}
	slu_wipe(buf, cap);
	free(buf);
	return st;
}

slu_status
slu_copy_ended(slu_status st)
{
	return st == SLU_EOF ? SLU_OK : st;
}

slu_status
slu_bio_copy(slu_bio *dst, slu_bio *src)
{
	return slu_copy_ended(slu_copy_some(dst, src, UINT64_MAX));
}
