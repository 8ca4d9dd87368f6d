/* SPDX-License-Identifier: ISC */
/*
 * stages.h: the stages of a pipe together, and what they make.
 *
 * What a stage makes beside the stream, a copy or a digest, appears when all
 * of the pipe is finished, and only if all of it went well.
 */
#ifndef SLUICE_CLI_STAGES_H
#define SLUICE_CLI_STAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "stage.h"

#define STAGES_MAX 32

/* Zero at first. */
typedef struct stages {
	stage each[STAGES_MAX];
	size_t n;
	output_existing existing; /* of all files that are made */
	const char *path;         /* lent: of what comes out; NULL: stdout */
	const stage *failed;      /* in `each`: the first that failed, if any */
} stages;

/* Take in the words that stand for stages. */
exit_code stages_parse(stages *all, int n, char **words);

/* Whether there is a stage of that name. */
bool stages_have(const stages *all, const char *name);

/*
 * Whether what leaves the stage at `i` is its owner's alone: it came out of
 * a seal, or is to go into one.
 */
bool stages_secret(const stages *all, size_t i);

/*
 * See whether all that is written can be; what is read is in the ledger.
 * Says what stands against it.
 */
exit_code stages_check(const stages *all, ledger *l);

/* Open the files that stages write, and push all stages onto what is read. */
exit_code stages_push(stages *all, slu_bio **chain);

/*
 * Say of the failure of the chain whose it is: a stage's, a copy's, or else
 * that of what `out` or `in` name.
 */
exit_code stages_failed(
    const stages *all, slu_status st, const output *out, const char *in);

/*
 * Finish what stages write, and tell what they found, now that all has been
 * read.  `out` is where it went, and is finished last.
 */
exit_code stages_finish(stages *all, output *out);

void stages_free(stages *all);

#endif
