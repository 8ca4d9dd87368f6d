/* SPDX-License-Identifier: ISC */
#include "sluice/trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LABEL_MAX 64 /* its NUL included */
#define ROW 16       /* bytes of payload a line */

struct trace {
	char label[LABEL_MAX];
	void (*line)(const char *line, void *arg);
	void *arg; /* lent by the caller */
	size_t payload;
	uint64_t nread, nwritten;
};

static void
line_to_stderr(const char *line, void *arg)
{
	(void)arg;
	fprintf(stderr, "%s\n", line);
}

static void SLU_PRINTF(2, 3) tell(const struct trace *t, const char *fmt, ...)
{
	char line[SLU_TRACE_LINE_MAX];
	size_t off;
	va_list ap;

	snprintf(line, sizeof(line), "%s: ", t->label);
	off = strlen(line);
	va_start(ap, fmt);
	if (vsnprintf(line + off, sizeof(line) - off, fmt, ap) < 0)
		line[off] = '\0';
	va_end(ap);
	for (char *p = line; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	t->line(line, t->arg);
}

/* One row of a dump: "00000010  48 45 4c 4c 4f       |HELLO|". */
static void
tell_row(const struct trace *t, uint64_t at, const unsigned char *p, size_t n)
{
	char hex[3 * ROW + 1] = "", text[ROW + 1] = "";

	for (size_t i = 0; i < n; i++) {
		snprintf(hex + 3 * i, 4, "%02x ", p[i]);
		text[i] = (char)(p[i] >= ' ' && p[i] < 0x7f ? p[i] : '.');
	}
	tell(t, "%08" PRIx64 "  %-*s |%s|", at, 3 * ROW, hex, text);
}

static void
tell_payload(
    const struct trace *t, uint64_t at, const unsigned char *data, size_t len)
{
	size_t most = len < t->payload ? len : t->payload;

	for (size_t off = 0; off < most; off += ROW)
		tell_row(t, at + off, data + off,
		    most - off < ROW ? most - off : ROW);
}

/*
 * Tell why something did not go on.  A failure's words are put back, since
 * whoever is told may have failed meanwhile, at something else.
 */
static slu_status
tell_stop(const struct trace *t, const char *what, slu_status st)
{
	char words[SLU_ERROR_MAX];

	if (!slu_failed(st)) {
		tell(t, "%s: %s", what, slu_status_name(st));
		return st;
	}
	snprintf(words, sizeof(words), "%s", slu_error());
	tell(t, "%s: %s: %s", what, slu_status_name(st), words);
	return slu_fail(st, "%s", words);
}

/* Tell what a read or a write did with the `moved` of `len` bytes at `data`. */
static slu_status
tell_moved(const struct trace *t, const char *what, slu_status st,
    uint64_t *total, const void *data, size_t len, size_t moved)
{
	char asked[64];

	if (st) {
		snprintf(asked, sizeof(asked), "%s of %zu", what, len);
		return tell_stop(t, asked, st);
	}
	tell(t, "%s %zu of %zu", what, moved, len);
	tell_payload(t, *total, data, moved);
	*total += moved;
	return st;
}

static slu_status
trace_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct trace *t = self;
	slu_status st;

	st = slu_bio_read(next, buf, cap, got);
	return tell_moved(t, "read", st, &t->nread, buf, cap, *got);
}

static slu_status
trace_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct trace *t = self;
	slu_status st;

	st = slu_bio_write(next, data, len, put);
	return tell_moved(t, "write", st, &t->nwritten, data, len, *put);
}

static slu_status
trace_flush(void *self, slu_bio *next)
{
	(void)next;
	tell(self, "flush");
	return SLU_OK;
}

/* To finish what lies below from here, too, shows how that ends. */
static slu_status
trace_finish(void *self, slu_bio *next)
{
	return tell_stop(self, "finish", slu_bio_finish(next));
}

static void
trace_free(void *self)
{
	const struct trace *t = self;

	tell(t, "free after %" PRIu64 " read, %" PRIu64 " written", t->nread,
	    t->nwritten);
}

static const slu_bio_ops trace_ops = {
	.name = "trace",
	.size = sizeof(struct trace),
	.read = trace_read,
	.write = trace_write,
	.flush = trace_flush,
	.finish = trace_finish,
	.free = trace_free,
	.datagram = true,
};

slu_status
slu_trace(slu_bio **top, const slu_trace_options *options)
{
	static const slu_trace_options defaults = { 0 };
	struct trace *t;

	t = slu_bio_push(top, &trace_ops);
	if (t == NULL)
		return SLU_ERR_MEMORY;
	if (options == NULL)
		options = &defaults;
	snprintf(t->label, sizeof(t->label), "%s",
	    options->label != NULL ? options->label : "trace");
	t->line = options->line != NULL ? options->line : line_to_stderr;
	t->arg = options->arg;
	t->payload = options->payload;
	return SLU_OK;
}
