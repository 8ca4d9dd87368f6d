/* SPDX-License-Identifier: ISC */
#include "zstream.h"

#include <stdint.h>
#include <stdlib.h>

#include "sluice/secret.h"

#define PIECE ((size_t)1 << 30)

/* zlib does not say how large a block is that it frees. */
struct block {
	size_t size;
	max_align_t mem[];
};

static voidpf
take_block(voidpf opaque, uInt items, uInt size)
{
	struct block *b;
	size_t len;

	(void)opaque;
	if (size > 0 && items > (SIZE_MAX - sizeof(*b)) / size)
		return NULL;
	len = (size_t)items * size;
	/* Zeroed, since deflate compares bytes of its window not set yet. */
	b = calloc(1, sizeof(*b) + len);
	if (b == NULL)
		return NULL;
	b->size = len;
	return b->mem;
}

static void
free_block(voidpf opaque, voidpf mem)
{
	struct block *b =
	    (struct block *)(void *)((char *)mem - offsetof(struct block, mem));

	(void)opaque;
	slu_wipe(b->mem, b->size);
	free(b);
}

void
slu_zstream_memory(z_stream *z)
{
	z->zalloc = take_block;
	z->zfree = free_block;
}

uInt
slu_zstream_piece(size_t len)
{
	return (uInt)(len < PIECE ? len : PIECE);
}

slu_status
slu_zstream_fail(const char *room, int rc)
{
	if (rc == Z_MEM_ERROR)
		return slu_fail(SLU_ERR_MEMORY, "%s: out of memory", room);
	return slu_fail(
	    SLU_ERR_IO, "%s: zlib %s failed with %d", room, zlibVersion(), rc);
}
