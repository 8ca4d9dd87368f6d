/* SPDX-License-Identifier: ISC */
#include "sluice/copy.h"

#include <stdlib.h>

#include "sluice/secret.h"

/*
 * Four chunks of a sealed file: what a filter hands on untouched is then
 * most of what passes, and the rest still fits a core's cache.
 */
#define BATCH (256 * 1024)

slu_status
slu_bio_copy(slu_bio *dst, slu_bio *src)
{
	unsigned char *buf;
	slu_status st;
	size_t got, put;

	if (dst == src)
		return slu_fail(
		    SLU_ERR_USAGE, "copy: a chain copied to itself");
	buf = malloc(BATCH);
	if (buf == NULL)
		return slu_fail(SLU_ERR_MEMORY, "copy: out of memory");
	for (;;) {
		st = slu_bio_read(src, buf, BATCH, &got);
		if (st == SLU_EOF) {
			st = SLU_OK;
			break;
		}
		if (st == SLU_OK)
			st = slu_bio_write_all(dst, buf, got, &put);
		if (st)
			break;
	}
	slu_wipe(buf, BATCH);
	free(buf);
	if (st == SLU_OK || slu_failed(st))
		return st;
	return slu_fail(SLU_ERR_USAGE, "copy: a chain that does not block");
}
