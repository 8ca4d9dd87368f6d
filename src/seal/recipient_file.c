/* SPDX-License-Identifier: ISC */
#include "sluice/recipient_file.h"

#include "key_file.h"
#include "recipient_internal.h"

/* A file is not sealed for fewer than it names unless somebody hears of it. */
static slu_status
pass_over(const slu_key *key, const slu_key_line *line,
    const slu_recipient_file_options *options)
{
	if (options == NULL || options->passed_over == NULL)
		return slu_key_fail(key);
	return slu_key_file_pass(line, key, options->passed_over, options->arg);
}

static slu_status
read_line(slu_recipients *r, const slu_key_line *line,
    const slu_recipient_file_options *options, size_t *added)
{
	slu_key key = SLU_KEY_NONE;
	slu_status st;

	st = slu_key_file_check(line);
	if (st == SLU_OK)
		st = slu_key_read_public(&key, line->text, line->len);
	if (st == SLU_OK && key.kind == NULL) {
		st = pass_over(&key, line, options);
	} else if (st == SLU_OK) {
		st = slu_recipients_add(r, &key);
		*added += 1;
	}
	slu_buf_free(&key.bytes);
	return st;
}

slu_status
slu_recipients_read(
    slu_recipients *r, slu_bio *src, const slu_recipient_file_options *options)
{
	slu_buf text = SLU_KEY_FILE;
	slu_key_line line = { 0 };
	size_t n = 0, added = 0;
	slu_status st;

	st = slu_key_file_read(&text, src);
	for (; st == SLU_OK && slu_key_file_next(&text, &line); n++) {
		st = read_line(r, &line, options, &added);
		if (st)
			st = slu_key_file_blame(&line, st);
	}
	slu_buf_free(&text);
	if (st == SLU_OK && added == 0)
		return slu_fail(SLU_ERR_FORMAT,
		    n == 0 ? "keys: no key is in it"
			   : "keys: no key in it is one to seal for");
	return st;
}
