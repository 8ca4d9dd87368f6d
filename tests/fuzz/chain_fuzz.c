/* SPDX-License-Identifier: ISC */
/*
 * What goes down a chain of any filters comes up it again, whatever the
 * paces above and below; and a chain whose sink fails somewhere on the way
 * fails for good, with the words of the sink.
 *
 * The first bytes choose the sink's pace, when it fails and the filters, one
 * byte each; those after them choose what is written, in which pieces, and
 * where it is flushed.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sluice/base64.h"
#include "sluice/buf.h"
#include "sluice/count.h"
#include "sluice/deflate.h"
#include "sluice/hex.h"
#include "sluice/limit.h"
#include "sluice/null.h"
#include "sluice/tee.h"
#include "sluice/trace.h"

#define MOST (80 * 1024) /* bytes that are written: over any batch */
#define LAYERS 5
#define ROOM ((size_t)64 << 20)

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* A queue that moves a few bytes at a time, waits, and may fail. */
struct mouth {
	slu_buf queue;
	size_t step;
	unsigned calls, fails_at; /* 0: never */
};

static slu_status
move(struct mouth *m, slu_status want, size_t *len)
{
	if (++m->calls == m->fails_at)
		return slu_fail(SLU_ERR_IO, "mouth: it fails");
	if (m->step < 64 && m->calls % 3 == 0)
		return want;
	if (*len > m->step)
		*len = m->step;
	return SLU_OK;
}

static slu_status
mouth_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct mouth *m = *(struct mouth **)self;
	slu_status st = move(m, SLU_WANT_READ, &cap);

	(void)next;
	if (st)
		return st;
	*got = slu_buf_take(&m->queue, buf, cap);
	return *got > 0 ? SLU_OK : SLU_EOF;
}

static slu_status
mouth_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct mouth *m = *(struct mouth **)self;
	slu_status st = move(m, SLU_WANT_WRITE, &len);

	(void)next;
	if (st)
		return st;
	*put = len;
	return slu_buf_add(&m->queue, data, len);
}

static slu_status
mouth_end(void *self, slu_bio *next)
{
	size_t none = 0;

	(void)next;
	return move(*(struct mouth **)self, SLU_WANT_WRITE, &none);
}

static const slu_bio_ops mouth_ops = {
	.name = "mouth",
	.size = sizeof(struct mouth *),
	.read = mouth_read,
	.write = mouth_write,
	.flush = mouth_end,
	.finish = mouth_end,
};

static void
no_line(const char *line, void *arg)
{
	(void)line, (void)arg;
}

static slu_status
push_deflate(slu_bio **c, unsigned how)
{
	slu_deflate_format format = (slu_deflate_format)(how % 3);
	slu_status st;

	st = slu_deflate(c, &(slu_deflate_options){ .format = format,
				.level = 1 + (int)how % 9,
				.threads = how % 8 == 0 ? 2 : 0 });
	if (st)
		return st;
	return slu_inflate(c, &(slu_inflate_options){ .format = format,
				  .max_ratio = SLU_INFLATE_RATIO_MAX,
				  .first_only = how % 2 == 0 });
}

static slu_status
push_text(slu_bio **c, unsigned how, bool hex)
{
	const slu_base64_options base64 = { .columns = how % 7 * 3,
		.alphabet = (slu_base64_alphabet)(how % 2),
		.padding = (slu_base64_padding)(how % 3) };
	slu_status st;

	st = hex ? slu_hex_encode(
		       c, &(slu_hex_options){ .columns = how % 7 * 3 })
		 : slu_base64_encode(c, &base64);
	if (st)
		return st;
	return hex ? slu_hex_decode(c, NULL) : slu_base64_decode(c, &base64);
}

/* Push one filter, or two that undo each other. */
static slu_status
push(slu_bio **c, uint8_t choice, uint64_t *count, slu_bio *other)
{
	switch (choice & 7) {
	case 0: return slu_count(c, count);
	case 1: return slu_tee(c, other);
	case 2: return slu_trace(c, &(slu_trace_options){ .line = no_line });
	case 3: return slu_limit(c, ROOM);
	case 4: return push_text(c, choice >> 3, true);
	case 5: return push_text(c, choice >> 3, false);
	default: return push_deflate(c, choice >> 3);
	}
}

static bool
is_wait(slu_status st)
{
	return st == SLU_WANT_READ || st == SLU_WANT_WRITE;
}

/* A chain that failed repeats itself, whatever is asked of it. */
static slu_status
over(slu_bio *c, slu_status st, bool finished)
{
	char byte;
	size_t n;

	if (!slu_failed(st))
		return st;
	must(st == SLU_ERR_IO);
	must(strcmp(slu_error(), "mouth: it fails") == 0);
	must(slu_bio_read(c, &byte, 1, &n) == st && n == 0);
	must(slu_bio_write(c, "x", 1, &n) == st && n == 0);
	must(slu_bio_flush(c) == st);
	/* What went well once goes on doing so. */
	must(slu_bio_finish(c) == (finished ? SLU_OK : st));
	must(strcmp(slu_error(), "mouth: it fails") == 0);
	return st;
}

static slu_status
write_out(slu_bio *c, const uint8_t *plain, size_t len)
{
	slu_status st = SLU_OK;
	size_t put;

	while (len > 0 && (st == SLU_OK || is_wait(st))) {
		st = slu_bio_write(c, plain, len, &put);
		must(put <= len && (st == SLU_OK) == (put > 0));
		plain += put;
		len -= put;
	}
	return over(c, st, false);
}

static slu_status
settle(slu_bio *c, slu_status (*end)(slu_bio *))
{
	slu_status st;

	do {
		st = end(c);
	} while (is_wait(st));
	must(st == SLU_OK || slu_failed(st));
	return over(c, st, false);
}

/* Read what was written, and its end, now and then twice. */
static slu_status
read_back(slu_bio *c, const uint8_t *plain, size_t len, size_t piece)
{
	uint8_t *buf = malloc(piece);
	size_t at = 0, got;
	slu_status st;

	must(buf != NULL);
	do {
		st = slu_bio_read(c, buf, piece, &got);
		must(got <= piece && (st == SLU_OK) == (got > 0));
		must(got <= len - at && memcmp(buf, plain + at, got) == 0);
		at += got;
		if (got > 2 && at % 5 == 0) {
			must(slu_bio_unread(c, buf + got - 2, 2) == SLU_OK);
			at -= 2;
		}
	} while (st == SLU_OK || is_wait(st));
	free(buf);
	must(st != SLU_EOF || at == len);
	return over(c, st, true);
}

/* Write as the bytes of `how` say; how many were written, and how it went. */
static slu_status
act(slu_bio *c, const uint8_t *how, size_t size, const uint8_t *plain,
    size_t *len)
{
	slu_status st = SLU_OK;

	for (size_t i = 0; i < size && st == SLU_OK; i++) {
		size_t n = ((size_t)1 << (how[i] & 15)) + (how[i] >> 5);

		if (n > MOST - *len)
			n = MOST - *len;
		st = write_out(c, plain + *len, n);
		*len += n;
		if (st == SLU_OK && how[i] & 16)
			st = settle(c, slu_bio_flush);
	}
	return st == SLU_OK ? settle(c, slu_bio_finish) : st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t plain[MOST];
	struct mouth m = { .queue = { .limit = ROOM } }, **state;
	slu_bio *c = NULL, *other = NULL;
	uint64_t count = 0;
	size_t len = 0;
	slu_status st;

	if (size < 3 + LAYERS)
		return 0;
	for (size_t i = 0; i < MOST; i++)
		plain[i] = (uint8_t)(i * data[2] + i / 300);
	m.step = data[0] < 128 ? (size_t)data[0] + 1 : (size_t)data[0] * 256;
	m.fails_at = data[1] < 128 ? 0 : data[1] - 127u;
	must(slu_null_open(&other) == SLU_OK);
	state = slu_bio_push(&c, &mouth_ops);
	must(state != NULL);
	*state = &m;
	for (size_t i = 0; i < LAYERS; i++)
		must(push(&c, data[3 + i], &count, other) == SLU_OK);
	st = act(c, data + 3 + LAYERS, size - 3 - LAYERS, plain, &len);
	if (st == SLU_OK)
		st = read_back(c, plain, len, 1 + data[2] * 40u);
	must(st == SLU_EOF || m.fails_at > 0);
	slu_bio_free(c);
	slu_bio_free(other);
	slu_buf_free(&m.queue);
	return 0;
}
