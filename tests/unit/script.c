/* SPDX-License-Identifier: ISC */
#include "script.h"

#include <string.h>

struct script {
	script_line lines[SCRIPT_LINES];
	script_fault fault;
	size_t line; /* whose turn it is */
	size_t at;   /* bytes of it that passed */
	size_t said; /* bytes of all answers that passed */
	bool flushed;
};

static script_line *
turn(struct script *s)
{
	static script_line end;

	return s->line < SCRIPT_LINES ? &s->lines[s->line] : &end;
}

/* `n` bytes of the line passed. */
static void
passed(struct script *s, size_t n)
{
	s->at += n;
	if (s->at < turn(s)->len)
		return;
	s->line++;
	s->at = 0;
}

static slu_status
script_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct script *s = self;
	const script_line *l = turn(s);

	if (l->kind == SCRIPT_END)
		return slu_bio_write(next, data, len, put);
	if (l->kind != SCRIPT_HEARS)
		return slu_fail(SLU_ERR_USAGE, "script: said out of turn");
	if (len > l->len - s->at || memcmp(data, l->bytes + s->at, len) != 0)
		return slu_fail(SLU_ERR_USAGE,
		    "script: line %zu is said otherwise", s->line);
	*put = len;
	s->flushed = false;
	passed(s, len);
	return SLU_OK;
}

/* How many bytes may be said at once; 0: the fault has its effect now. */
static size_t
up_to_fault(const struct script *s, size_t n)
{
	const script_fault *f = &s->fault;

	if (f->kind == FAULT_NONE || f->at < s->said)
		return n;
	if (f->kind == FAULT_LATE && *f->go)
		return n;
	return f->at - s->said < n ? f->at - s->said : n;
}

static slu_status
say_wrong(struct script *s, unsigned char *out, size_t *got)
{
	*out = s->fault.byte;
	*got = 1;
	s->said++;
	passed(s, 1);
	return SLU_OK;
}

static slu_status
say(struct script *s, const script_line *l, unsigned char *out, size_t cap,
    size_t *got)
{
	size_t left = l->len - s->at;

	if (cap > left && s->fault.kind != FAULT_WRONG)
		return slu_fail(SLU_ERR_USAGE,
		    "script: %zu bytes asked for, and %zu are left", cap, left);
	*got = up_to_fault(s, cap < left ? cap : left);
	if (*got == 0 && s->fault.kind == FAULT_CUT)
		return SLU_EOF;
	if (*got == 0 && s->fault.kind == FAULT_LATE)
		return SLU_WANT_READ;
	if (*got == 0)
		return say_wrong(s, out, got);
	memcpy(out, l->bytes + s->at, *got);
	s->said += *got;
	passed(s, *got);
	return SLU_OK;
}

static slu_status
script_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct script *s = self;
	const script_line *l = turn(s);

	if (l->kind == SCRIPT_END)
		return slu_bio_read(next, buf, cap, got);
	if (l->kind == SCRIPT_HEARS && s->fault.kind == FAULT_WRONG)
		return SLU_EOF; /* led astray, it was to hear no more */
	if (l->kind == SCRIPT_HEARS)
		return slu_fail(SLU_ERR_USAGE, "script: asked out of turn");
	if (!s->flushed)
		return slu_fail(SLU_ERR_USAGE, "script: never flushed");
	return say(s, l, buf, cap, got);
}

static slu_status
script_flush(void *self, slu_bio *next)
{
	struct script *s = self;

	(void)next;
	s->flushed = true;
	return SLU_OK;
}

static slu_status
script_finish(void *self, slu_bio *next)
{
	struct script *s = self;

	(void)next;
	if (turn(s)->kind != SCRIPT_END)
		return slu_fail(SLU_ERR_USAGE, "script: finished within it");
	return SLU_OK;
}

static const slu_bio_ops script_ops = {
	.name = "script",
	.size = sizeof(struct script),
	.read = script_read,
	.write = script_write,
	.flush = script_flush,
	.finish = script_finish,
};

slu_status
script_push(slu_bio **top, const script_line *lines, const script_fault *fault)
{
	struct script *s;

	s = slu_bio_push(top, &script_ops);
	if (s == NULL)
		return SLU_ERR_MEMORY;
	for (size_t i = 0; i < SCRIPT_LINES && lines[i].kind; i++)
		s->lines[i] = lines[i];
	if (fault != NULL)
		s->fault = *fault;
	return SLU_OK;
}

size_t
script_said(const script_line *lines)
{
	size_t n = 0;

	for (size_t i = 0; i < SCRIPT_LINES && lines[i].kind; i++)
		if (lines[i].kind == SCRIPT_SAYS)
			n += lines[i].len;
	return n;
}
