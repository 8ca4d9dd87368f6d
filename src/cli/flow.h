/* SPDX-License-Identifier: ISC */
/* flow.h: a file on its way: what is sealed or opened, and what comes of it. */
#ifndef SLUICE_CLI_FLOW_H
#define SLUICE_CLI_FLOW_H

#include <stdbool.h>

#include "files.h"
#include "input.h"
#include "output.h"
#include "progress.h"
#include "unlock.h"
#include "sluice/seal_copy.h"

/* Zero at first, then as flow_begin has it; it stays where it is. */
typedef struct flow {
	const files_jobs *jobs; /* lent */
	const files_job *job;   /* lent */
	input in;
	output out;
	slu_seal_watch watch; /* how far it is */
	progress_line progress;
	unsigned threads; /* that are to work on it */
	unlock_told told; /* where it is opened */
	bool apart;       /* on another thread than the program's first */
	bool again;       /* set there: only the first thread can do it */
} flow;

/* Open the input of a job. */
exit_code flow_begin(flow *f, const files_jobs *j, const files_job *job);

/* Open its output, for what the input is. */
exit_code flow_open_output(flow *f);

/*
 * Tell how far it is, from now on, and in the end: unless it is apart, which
 * leaves that to the first thread.
 */
void flow_watch(flow *f);
void flow_watch_end(flow *f);

/* Finish it, with the permissions and the time that it is to have. */
exit_code flow_finish(flow *f);

/* Let go; what is not finished is taken back. */
void flow_end(flow *f);

#endif
