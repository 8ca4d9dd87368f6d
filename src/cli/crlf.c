/* SPDX-License-Identifier: ISC */
#include "crlf.h"

#include <stdbool.h>

struct crlf {
	bool after_cr; /* the last byte that was read below */
	bool owes_lf;  /* its CR is given out already */
};

/*
 * Each byte may become two: at most half the room is read into, its upper
 * half, and what is given out grows towards that and never past it.
 */
static slu_status
crlf_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct crlf *c = self;
	unsigned char one, *out = buf, *in = out + cap - cap / 2;
	size_t len;
	slu_status st;

	if (c->owes_lf) {
		c->owes_lf = false;
		out[0] = '\n';
		*got = 1;
		return SLU_OK;
	}
	if (cap == 1)
		in = &one;
	st = slu_bio_read(next, in, cap > 1 ? cap / 2 : 1, &len);
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = in[i];

		if (byte == '\n' && !c->after_cr)
			out[(*got)++] = '\r';
		c->after_cr = byte == '\r';
		if (*got < cap)
			out[(*got)++] = byte;
		else
			c->owes_lf = true;
	}
	return st;
}

static const slu_bio_ops crlf_ops = {
	.name = "crlf",
	.size = sizeof(struct crlf),
	.read = crlf_read,
};

slu_status
crlf_push(slu_bio **top)
{
	return slu_bio_push(top, &crlf_ops) != NULL ? SLU_OK : SLU_ERR_MEMORY;
}
