/* SPDX-License-Identifier: ISC */
/*
 * What is fed is a file of secret keys, which may be sealed or an ssh key.
 * Nobody knows its passphrase.  The public halves of what is taken are taken
 * as a file of recipients, and so is what is fed, or refused.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "sluice/identity_file.h"
#include "sluice/recipient_file.h"
#include "sluice/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static slu_status
ask(slu_buf *passphrase, void *arg)
{
	(void)passphrase;
	(void)arg;
	return slu_fail(SLU_ERR_NO_MATCH, "fuzz: nobody knows");
}

static bool
is_refused(slu_status st)
{
	return st == SLU_ERR_FORMAT || st == SLU_ERR_LIMIT ||
	       st == SLU_ERR_NO_MATCH || st == SLU_ERR_TRUNCATED;
}

/* What is passed over is told in words that can be printed. */
static slu_status
tell(size_t line, const char *why, void *arg)
{
	(void)arg;
	must(line > 0 && *why != '\0');
	for (; *why != '\0'; why++)
		must(*why >= ' ' && *why <= '~');
	return SLU_OK;
}

static slu_status
read_public(const void *text, size_t len)
{
	const slu_recipient_file_options options = { .passed_over = tell };
	slu_recipients *r = NULL;
	slu_bio *in = NULL;
	slu_status st;

	must(slu_recipients_new(&r) == SLU_OK);
	must(slu_view_open(&in, text, len) == SLU_OK);
	st = slu_recipients_read(r, in, &options);
	must(st == SLU_OK || is_refused(st));
	slu_bio_free(in);
	slu_recipients_free(r);
	return st;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const slu_identity_file_options options = {
		.ask = ask, .passed_over = tell, .max_work_factor = 10
	};
	slu_buf names = { .limit = (size_t)16 * 1024 * 1024 };
	slu_identities *ids = NULL;
	slu_bio *in = NULL;
	slu_status st;

	must(slu_identities_new(&ids) == SLU_OK);
	must(slu_view_open(&in, data, size) == SLU_OK);
	st = slu_identities_read(ids, in, &options);
	slu_bio_free(in);
	must(st == SLU_OK || is_refused(st));
	if (st == SLU_OK) {
		st = slu_identities_recipients(ids, &names);
		must(is_refused(st) || (st == SLU_OK && names.len > 0));
	}
	if (st == SLU_OK)
		must(read_public(slu_buf_front(&names), names.len) == SLU_OK);
	(void)read_public(data, size);
	slu_buf_free(&names);
	slu_identities_free(ids);
	return 0;
}
