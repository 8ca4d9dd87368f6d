/* SPDX-License-Identifier: ISC */
#include "watch.h"

struct watch {
	slu_seal_watch *of; /* lent by the caller; may be NULL */
};

static slu_status
watch_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct watch *w = self;
	slu_status st;

	st = slu_bio_read(next, buf, cap, got);
	if (st || w->of == NULL)
		return st;
	w->of->done += *got;
	if (w->of->tell != NULL)
		w->of->tell(w->of->arg);
	return SLU_OK;
}

static const slu_bio_ops watch_ops = {
	.name = "watch",
	.size = sizeof(struct watch),
	.read = watch_read,
};

slu_status
slu_watch(slu_bio **top, slu_seal_watch *watch)
{
	struct watch *w;

	w = slu_bio_push(top, &watch_ops);
	if (w == NULL)
		return SLU_ERR_MEMORY;
	w->of = watch;
	return SLU_OK;
}
