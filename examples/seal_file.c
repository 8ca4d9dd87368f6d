/* SPDX-License-Identifier: ISC */
#include <sluice.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main(int argc, char **argv) /* PASSPHRASE=... seal_file IN OUT */
{
	const char *words = getenv("PASSPHRASE");
	slu_recipients *who = NULL;
	slu_bio *in = NULL, *out = NULL;
	int failed = argc != 3 || words == NULL || slu_recipients_new(&who) ||
		     slu_recipients_passphrase(who, words, strlen(words), 0) ||
		     slu_file_open(&in, argv[1]) ||
		     slu_file_create(&out, argv[2], NULL) ||
		     slu_seal(&out, who, NULL) || slu_bio_copy(out, in) ||
		     slu_bio_finish(out);

	if (failed)
		fprintf(stderr, "seal_file: %s\n", slu_error());
	slu_bio_free(out); /* unfinished, it leaves no file behind */
	slu_bio_free(in);
	slu_recipients_free(who);
	return failed;
}
