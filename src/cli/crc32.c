/* SPDX-License-Identifier: ISC */
#include "crc32.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "../hash/hash_internal.h"

#define SIZE 4 /* bytes */

static void *
crc_copy(const void *ctx)
{
	uLong *copy = malloc(sizeof(*copy));

	if (copy != NULL)
		*copy = *(const uLong *)ctx;
	return copy;
}

static bool
crc_start(void *ctx)
{
	*(uLong *)ctx = crc32_z(0, NULL, 0);
	return true;
}

static bool
crc_update(void *ctx, const void *data, size_t len)
{
	uLong *crc = ctx;

	*crc = crc32_z(*crc, data, len);
	return true;
}

static bool
crc_finish(void *ctx, void *out, size_t len)
{
	uLong crc = *(uLong *)ctx;
	unsigned char *to = out;

	for (size_t i = 0; i < len; i++)
		to[i] = (unsigned char)(crc >> (SIZE - 1 - i) * 8);
	return true;
}

static const slu_hash_kind kind = {
	.copy = crc_copy,
	.free = free,
	.start = crc_start,
	.update = crc_update,
	.finish = crc_finish,
};

slu_status
crc32_new(slu_hash **out)
{
	slu_hash made = {
		.kind = &kind,
		.ctx = malloc(sizeof(uLong)),
		.size = SIZE,
		.block = 1,
		.name = "crc32",
	};

	if (made.ctx == NULL)
		return slu_fail(SLU_ERR_MEMORY, "hash: out of memory");
	(void)crc_start(made.ctx);
	return slu_hash_make(out, &made);
}
