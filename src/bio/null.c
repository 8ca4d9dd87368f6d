/* SPDX-License-Identifier: ISC */
#include "sluice/null.h"

#include "sink.h"

static slu_status
null_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	(void)self, (void)next, (void)buf, (void)cap, (void)got;
	return SLU_EOF;
}

static slu_status
null_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	(void)self, (void)next, (void)data;
	*put = len;
	return SLU_OK;
}

static const slu_bio_ops null_ops = {
	.name = "null",
	.read = null_read,
	.write = null_write,
};

slu_status
slu_null_open(slu_bio **top)
{
	void *state;

	return slu_sink_push(top, &null_ops, &state);
}
