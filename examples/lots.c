/* SPDX-License-Identifier: ISC */
/*
 * lots: some of those who are named, drawn by lot, each as likely as the
 * others, and a passphrase for each:
 *
 *     lots 2 anna bea carl dora
 */
#include <sluice.h>
#include <stdio.h>
#include <stdlib.h>

static slu_status
give_passphrase(const char *name)
{
	slu_buf words = { .limit = 200 };
	slu_status st = slu_words_append(&words, 6, "-");

	if (st == SLU_OK)
		printf("%s %.*s\n", name, (int)words.len,
		    (const char *)slu_buf_front(&words));
	slu_buf_free(&words); /* which wipes it */
	return st;
}

int
main(int argc, char **argv)
{
	size_t drawn = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
	uint64_t *who = calloc(drawn + 1, sizeof(*who));
	slu_status st = SLU_OK;

	if (who == NULL)
		st = slu_fail(SLU_ERR_MEMORY, "no memory");
	else if (drawn == 0)
		st = slu_fail(SLU_ERR_USAGE, "usage: lots COUNT NAME...");
	else /* NULL: by the secure generator, and not one that repeats */
		st = slu_choice_sample(NULL, (uint64_t)argc - 2, who, drawn);
	for (size_t i = 0; st == SLU_OK && i < drawn; i++)
		st = give_passphrase(argv[2 + who[i]]);
	if (st)
		fprintf(stderr, "lots: %s\n", slu_error());
	free(who);
	return st != SLU_OK;
}
