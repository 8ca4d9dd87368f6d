/* SPDX-License-Identifier: ISC */
#include "sluice/view.h"

#include <string.h>

#include "bio_internal.h"
#include "sink.h"
#include "view_internal.h"

struct view {
	const unsigned char *data; /* lent by the caller */
	size_t left;
};

static slu_status
view_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct view *v = self;
	size_t n = cap < v->left ? cap : v->left;

	(void)next;
	if (n == 0)
		return SLU_EOF;
	memcpy(buf, v->data, n);
	v->data += n;
	v->left -= n;
	*got = n;
	return SLU_OK;
}

static const slu_bio_ops view_ops = {
	.name = "view",
	.size = sizeof(struct view),
	.read = view_read,
};

slu_status
slu_view_open(slu_bio **top, const void *data, size_t len)
{
	struct view *v;
	void *state;
	slu_status st;

	st = slu_sink_push(top, &view_ops, &state);
	if (st)
		return st;
	v = state;
	v->data = data;
	v->left = len;
	return SLU_OK;
}

const unsigned char *
slu_view_ahead(slu_bio *bio, size_t *len)
{
	const struct view *v = slu_bio_alone(bio, &view_ops);

	if (v == NULL || v->left == 0)
		return NULL;
	*len = v->left;
	return v->data;
}

void
slu_view_skip(slu_bio *bio, size_t len)
{
	struct view *v = slu_bio_alone(bio, &view_ops);

	if (v == NULL)
		return;
	v->data += len;
	v->left -= len;
}
