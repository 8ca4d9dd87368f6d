/* SPDX-License-Identifier: ISC */
/* hash_print.h: what is told of files that were digested. */
#ifndef SLUICE_CLI_HASH_PRINT_H
#define SLUICE_CLI_HASH_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "digests.h"
#include "hash_file.h"
#include "hash_line.h"

typedef struct hash_printer {
	enum {
		HASH_LINES = 0, /* a line for each digest, in `style` */
		HASH_RAW,       /* the bytes of a digest */
		HASH_JSON,      /* an array, with an object for each file */
	} as;
	hash_style style;
	const digests *all; /* lent: those that each file has */
	bool to_stderr;     /* standard output is for the data */
	bool begun;         /* something was printed */
} hash_printer;

/* Print what there is to tell of a file that was read. */
exit_code hash_print(hash_printer *p, const hash_file *f);

/* Print what belongs behind the last file. */
exit_code hash_print_end(hash_printer *p);

#endif
