/* SPDX-License-Identifier: ISC */
#include "drip.h"

#include <string.h>

struct drip {
	const unsigned char *data; /* lent by the caller */
	size_t len, cut, off;
	const int *go; /* lent by the caller */
};

static slu_status
drip_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct drip *d = self;
	size_t n = *d->go ? d->len - d->off : d->cut - d->off;

	(void)next;
	if (d->off == d->len)
		return SLU_EOF;
	if (n == 0)
		return SLU_WANT_READ;
	*got = n < cap ? n : cap;
	memcpy(buf, d->data + d->off, *got);
	d->off += *got;
	return SLU_OK;
}

static const slu_bio_ops drip_ops = {
	.name = "drip",
	.size = sizeof(struct drip),
	.read = drip_read,
};

slu_status
drip_open(
    slu_bio **top, const void *data, size_t len, size_t cut, const int *go)
{
	struct drip *d;

	d = slu_bio_push(top, &drip_ops);
	if (d == NULL)
		return SLU_ERR_MEMORY;
	*d = (struct drip){ .data = data, .len = len, .cut = cut, .go = go };
	return SLU_OK;
}
