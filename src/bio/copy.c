/* SPDX-License-Identifier: ISC */
#include "sluice/copy.h"

#include <stdlib.h>

#include "copy_internal.h"
#include "sluice/secret.h"

/*
 * Four chunks of a sealed file: what a filter hands on untouched is then
 * most of what passes, and the rest still fits a core's cache.
 */
#define BATCH (256 * 1024)

slu_status
slu_copy_some(slu_bio *dst, slu_bio *src, uint64_t most)
{
	slu_status st = SLU_OK;
	unsigned char *buf;
	uint64_t done = 0;
	size_t got, put;

	if (dst == src)
		return slu_fail(
		    SLU_ERR_USAGE, "copy: a chain copied to itself");
	buf = malloc(BATCH);
	if (buf == NULL)
		return slu_fail(SLU_ERR_MEMORY, "copy: out of memory");
	while (st == SLU_OK && done <= most) {
		st = slu_bio_read(src, buf, BATCH, &got);
		if (st == SLU_OK)
			st = slu_bio_write_all(dst, buf, got, &put);
		done += got;
	}
	slu_wipe(buf, BATCH);
	free(buf);
	return st;
}

slu_status
slu_copy_ended(slu_status st)
{
	if (st == SLU_EOF)
		return SLU_OK;
	if (st == SLU_OK || slu_failed(st))
		return st;
	return slu_fail(SLU_ERR_USAGE, "copy: a chain that does not block");
}

slu_status
slu_bio_copy(slu_bio *dst, slu_bio *src)
{
	return slu_copy_ended(slu_copy_some(dst, src, UINT64_MAX));
}
