/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "range.h"

#include <errno.h>
#include <string.h>

#include "../bio/raw.h"
#include "number.h"
#include "say.h"

#define DIGITS_MAX 40

/* Read a size of `len` characters. */
static bool
read_size(const char *text, size_t len, uint64_t *out)
{
	char copy[DIGITS_MAX];

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return number_size(copy, out);
}

exit_code
range_set(range *r, const char *value)
{
	const char *colon = strchr(value, ':');

	r->given = true;
	r->len = UINT64_MAX;
	if (colon != NULL &&
	    read_size(value, (size_t)(colon - value), &r->offset) &&
	    (colon[1] == '\0' ||
		read_size(colon + 1, strlen(colon + 1), &r->len)))
		return EXIT_DONE;
	(void)say_fail(
	    EXIT_MISUSED, "--range: '%s' is not OFFSET:LENGTH", value);
	say_hint("0:4K is the first 4096 bytes, 1M: all behind the first MiB");
	return EXIT_MISUSED;
}

static slu_status
read_input(void *arg, uint64_t offset, void *buf, size_t len)
{
	const input *in = arg;
	size_t got;

	if (!slu_raw_read_at(
		in->fd, (off_t)(in->start + offset), buf, len, &got))
		return slu_fail(SLU_ERR_IO, "input: %s", strerror(errno));
	if (got < len)
		return slu_fail(SLU_ERR_TRUNCATED,
		    "input: the file became shorter meanwhile");
	return SLU_OK;
}

exit_code
range_source(const input *in, slu_sealed_source *out)
{
	if (!S_ISREG(in->st.st_mode))
		return say_fail(EXIT_MISUSED,
		    "%s: is not a regular file, which is read out of order",
		    in->name);
	*out = (slu_sealed_source){ .read_at = read_input,
		.arg = (void *)in,
		.size = input_ahead(in) };
	return EXIT_DONE;
}

/* What reads the range. */
struct reader {
	slu_sealed *sealed; /* owned */
	uint64_t at, left;
};

static slu_status
reader_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct reader *r = self;
	slu_status st;

	(void)next;
	if (cap > r->left)
		cap = (size_t)r->left;
	if (cap == 0)
		return SLU_EOF;
	st = slu_sealed_read_at(r->sealed, r->at, buf, cap, got);
	r->at += *got;
	r->left -= *got;
	return st;
}

static void
reader_free(void *self)
{
	struct reader *r = self;

	slu_sealed_free(r->sealed);
}

static const slu_bio_ops reader_ops = {
	.name = "range",
	.size = sizeof(struct reader),
	.read = reader_read,
	.free = reader_free,
};

slu_status
range_open(slu_bio **chain, const range *r, const slu_sealed_source *source,
    slu_identities *ids, const slu_unseal_options *told, uint64_t *size)
{
	struct reader *reader;
	slu_status st;

	reader = slu_bio_push(chain, &reader_ops);
	if (reader == NULL)
		return SLU_ERR_MEMORY;
	reader->at = r->offset;
	reader->left = r->len;
	st = slu_sealed_open(&reader->sealed, source, ids, told);
	if (st)
		slu_bio_drop(chain);
	else
		*size = slu_sealed_size(reader->sealed);
	return st;
}
