/* SPDX-License-Identifier: ISC */
#include "sluice/recipient_file.h"

#include "key_file.h"

slu_status
slu_recipients_read(slu_recipients *r, slu_bio *src)
{
	slu_buf text = SLU_KEY_FILE;
	slu_key_line line = { 0 };
	slu_status st;
	size_t n = 0;

	st = slu_key_file_read(&text, src);
	for (; st == SLU_OK && slu_key_file_next(&text, &line); n++) {
		st = slu_key_file_check(&line);
		if (st == SLU_OK)
			st = slu_recipients_key(r, line.text, line.len);
		if (st)
			st = slu_key_file_blame(&line, st);
	}
	slu_buf_free(&text);
	if (st == SLU_OK && n == 0)
		return slu_fail(SLU_ERR_FORMAT, "keys: no key is in it");
	return st;
}
