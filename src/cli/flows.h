/* SPDX-License-Identifier: ISC */
/*
 * flows.h: all files of a run, each sealed or opened.
 *
 * A small file takes little work and long waits, since it is there for good
 * only once it and its name are on the disk.  So several of them are under way
 * at a time, on threads that begin one as others wait; each is synced, named
 * and told of as if it were alone.  Files are opened, and told of, in order
 * and by the program's first thread, which is where signals come to: once one
 * came, no temporary file can come into being that it did not find.
 */
#ifndef SLUICE_CLI_FLOWS_H
#define SLUICE_CLI_FLOWS_H

#include "flow.h"

/* How a file is done; `arg` is lent to both. */
typedef struct flows_work {
	/* Open the output, for what the input is. */
	exit_code (*open)(flow *f, void *arg);
	/* Do the rest: on any thread, of what is apart. */
	exit_code (*go)(flow *f, void *arg);
	void *arg;
	bool several; /* small ones may be under way at a time */
} flows_work;

/* Do each job that is left, say what goes wrong; returns one code for all. */
exit_code flows_run(files_jobs *j, const flows_work *work);

#endif
