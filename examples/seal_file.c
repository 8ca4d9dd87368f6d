/* SPDX-License-Identifier: ISC */
#include <sluice.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main(int argc, char **argv)
{
	const char *pw = argc == 3 ? getenv("PASSPHRASE") : NULL;
	slu_recipients *who = NULL;
	slu_bio *in = NULL, *out = NULL;
	int bad = pw == NULL || slu_file_create(&out, argv[2], NULL) ||
		  slu_recipients_new(&who) || slu_file_open(&in, argv[1]) ||
		  slu_recipients_passphrase(who, pw, strlen(pw), 0) ||
		  slu_seal(&out, who, NULL) || slu_bio_copy(out, in) ||
		  slu_bio_finish(out);

	if (bad)
		fprintf(stderr, "seal_file: %s\n",
		    pw ? slu_error() : "usage: PASSPHRASE=X seal_file IN OUT");
	slu_bio_free(out); /* unfinished, it leaves no file behind */
	slu_bio_free(in);
	slu_recipients_free(who);
	return bad;
}
