/* SPDX-License-Identifier: ISC */
#include "window.h"

#include <stdbool.h>
#include <string.h>

#define SECTOR 4096 /* bytes; what a disk cannot read is no less */

static bool
read_at(const slu_window *w, uint64_t at, unsigned char *out, size_t len)
{
	return w->source->read_at(w->source->arg, at, out, len) == SLU_OK;
}

/* A bad sector must not hide what is beside it. */
static void
read_by_sectors(slu_window *w)
{
	size_t n;

	for (size_t i = 0; i < w->len; i += n) {
		n = SECTOR - (size_t)((w->at + i) % SECTOR);
		n = w->len - i < n ? w->len - i : n;
		if (!read_at(w, w->at + i, w->bytes + i, n))
			memset(w->bytes + i, 0, n);
	}
}

const unsigned char *
slu_window_have(
    slu_window *w, uint64_t at, size_t len, uint64_t from, size_t ahead)
{
	uint64_t left = w->source->size - from;

	if (at < w->at || at - w->at > w->len || len > w->len - (at - w->at)) {
		w->at = from;
		w->len = left < ahead ? (size_t)left : ahead;
		if (!read_at(w, w->at, w->bytes, w->len))
			read_by_sectors(w);
	}
	return w->bytes + (at - w->at);
}
