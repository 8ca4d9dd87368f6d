/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "hmac_key.h"

#include "core.h"
#include "input.h"
#include "readable.h"
#include "say.h"
#include "sluice/mac.h"
#include "sluice/secret.h"

static slu_status
read_all(slu_buf *key, slu_bio *in)
{
	unsigned char some[4096];
	slu_status st;
	size_t n;

	do {
		st = slu_bio_read(in, some, sizeof(some), &n);
		if (st == SLU_OK)
			st = slu_buf_add(key, some, n);
	} while (st == SLU_OK);
	slu_wipe(some, sizeof(some));
	return st;
}

exit_code
hmac_key_read(slu_buf *key, const char *name)
{
	input in = { 0 };
	exit_code code;
	slu_status st;

	/* From here on memory holds what no core file should. */
	core_forbid();
	key->limit = SLU_MAC_KEY_MAX;
	code = input_open(&in, name);
	if (code != EXIT_DONE)
		goto out;
	readable_check_fd(in.fd, in.name);
	st = read_all(key, in.bio);
	if (st == SLU_ERR_LIMIT)
		code = say_fail(EXIT_MISUSED, "%s: a key of more than %d bytes",
		    in.name, SLU_MAC_KEY_MAX);
	else if (st != SLU_EOF)
		code = say_status(st, in.name);
	else if (key->len == 0)
		code = say_fail(EXIT_MISUSED, "%s: the key is empty", in.name);
out:
	input_free(&in);
	return code;
}
