/* SPDX-License-Identifier: ISC */
#include "extent.h"

#include "chunk.h"

slu_status
slu_extent_find(slu_extent *e, uint64_t len)
{
	uint64_t before;

	e->chunks = len == 0 ? 1 : (len - 1) / SLU_CHUNK_SEALED + 1;
	before = (e->chunks - 1) * SLU_CHUNK;
	e->last = len - (e->chunks - 1) * SLU_CHUNK_SEALED;
	e->plain = before;
	if (e->last < SLU_TAG_SIZE)
		return slu_fail(SLU_ERR_TRUNCATED,
		    "unseal: truncated after %llu bytes",
		    (unsigned long long)before);
	e->plain += e->last - SLU_TAG_SIZE;
	if (e->last == SLU_TAG_SIZE && e->chunks > 1)
		return slu_fail(SLU_ERR_FORMAT,
		    "unseal: an empty chunk behind %llu bytes",
		    (unsigned long long)before);
	return SLU_OK;
}
