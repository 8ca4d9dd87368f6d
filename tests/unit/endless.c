/* SPDX-License-Identifier: ISC */
#include "endless.h"

#include <string.h>

struct endless {
	const char *first;
	const char *again;
	size_t len;
	size_t at; /* bytes of `again` given in this round */
	size_t *given;
};

static slu_status
endless_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct endless *e = self;
	unsigned char *out = buf;

	(void)next;
	while (*got < cap) {
		if (*e->first != '\0')
			out[(*got)++] = (unsigned char)*e->first++;
		else
			out[(*got)++] = (unsigned char)e->again[e->at++];
		if (e->at == e->len)
			e->at = 0;
	}
	*e->given += *got;
	return SLU_OK;
}

static slu_status
endless_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	(void)self, (void)next, (void)data;
	*put = len;
	return SLU_OK;
}

static const slu_bio_ops endless_ops = {
	.name = "endless",
	.size = sizeof(struct endless),
	.read = endless_read,
	.write = endless_write,
};

slu_status
endless_open(slu_bio **top, const char *first, const char *again, size_t len,
    size_t *given)
{
	struct endless *e;

	e = slu_bio_push(top, &endless_ops);
	if (e == NULL)
		return SLU_ERR_MEMORY;
	*e = (struct endless){
		.first = first, .again = again, .len = len, .given = given
	};
	*given = 0;
	return SLU_OK;
}
