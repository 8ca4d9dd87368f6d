/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cores.h"
#include "hint.h"
#include "input.h"
#include "number.h"
#include "say.h"
#include "sealed_name.h"
#include "sluice/seal.h"

exit_code
files_set(files_options *o, int id, const char *value)
{
	switch (id) {
	case FILES_OUTPUT: o->output = value; break;
	case FILES_FOLDER: o->folder = value; break;
	case FILES_STDOUT: o->to_stdout = true; break;
	case FILES_FORCE: o->existing = OUTPUT_REPLACE; break;
	case FILES_THREADS:
		return number_value(
		    "--threads", value, 1, SLU_SEAL_THREADS_MAX, &o->threads);
	default: o->preserve = true; break;
	}
	return EXIT_DONE;
}

bool
files_forced(const files_options *o)
{
	return o->output != NULL && strcmp(o->output, "-") == 0;
}

/* What the options say that makes no sense, whatever the files are. */
static exit_code
check_options(const files_jobs *j)
{
	const files_options *o = j->options;
	struct stat st;

	if (j->kind == FILES_TEST &&
	    (o->output != NULL || o->folder != NULL || o->to_stdout))
		return say_fail(
		    EXIT_MISUSED, "-t writes nothing: leave out -o, -O and -c");
	if ((o->output != NULL) + (o->folder != NULL) + o->to_stdout > 1)
		return say_fail(
		    EXIT_MISUSED, "only one of -o, -O and -c can be given");
	if (j->n > 1 && o->output != NULL) {
		(void)say_fail(
		    EXIT_MISUSED, "-o %s takes one file only", o->output);
		say_hint("-O DIR takes several");
		return EXIT_MISUSED;
	}
	if (j->n > 1 && o->to_stdout && j->kind == FILES_SEAL)
		return say_fail(EXIT_MISUSED,
		    "several sealed files cannot share one output");
	if (o->folder != NULL && stat(o->folder, &st) != 0)
		return say_fail(
		    EXIT_IO, "%s: %s", say_name(o->folder), strerror(errno));
	if (o->folder != NULL && !S_ISDIR(st.st_mode))
		return say_fail(
		    EXIT_IO, "%s: %s", o->folder, strerror(ENOTDIR));
	return EXIT_DONE;
}

/*
 * Whether a name says what is in the file.  That of a device or a FIFO does
 * not, nor one that stands for an open descriptor.
 */
static bool
tells_content(const char *name, const struct stat *st)
{
	bool device = strncmp(name, "/dev/", 5) == 0 &&
		      strncmp(name, "/dev/shm/", 9) != 0;

	return S_ISREG(st->st_mode) && !device &&
	       strncmp(name, "/proc/", 6) != 0;
}

static exit_code
name_target(const files_jobs *j, files_job *job, const struct stat *st)
{
	const char *folder = j->options->folder;

	if (folder == NULL && !tells_content(job->name, st)) {
		(void)say_fail(EXIT_MISUSED,
		    "%s: is not a regular file that could name its result",
		    job->name);
		say_hint("use -o FILE");
		return EXIT_MISUSED;
	}
	return j->kind == FILES_SEAL
		   ? sealed_name(&job->target, job->name, folder)
		   : unsealed_name(&job->target, job->name, folder);
}

static exit_code
choose_target(const files_jobs *j, files_job *job, const struct stat *st)
{
	const files_options *o = j->options;

	if (j->kind == FILES_TEST || o->to_stdout || files_forced(o))
		return EXIT_DONE;
	if (o->output != NULL) {
		job->target = strdup(o->output);
		if (job->target == NULL)
			return say_fail(EXIT_IO, "out of memory");
		return EXIT_DONE;
	}
	if (!input_is_standard(job->name))
		return name_target(j, job, st);
	if (o->folder != NULL)
		return say_fail(EXIT_MISUSED,
		    "standard input has no name for a file in %s", o->folder);
	return EXIT_DONE;
}

/* Look at an input without opening it: to open a FIFO is to wait. */
static exit_code
check_input(const files_jobs *j, const files_job *job, struct stat *st)
{
	const char *name = job->name;

	if (input_stat(name, st) != 0) {
		(void)say_fail(
		    EXIT_IO, "%s: %s", input_name(name), strerror(errno));
		passphrase_hint_words(j->source, name);
		return EXIT_IO;
	}
	if (S_ISDIR(st->st_mode)) {
		(void)say_fail(
		    EXIT_REFUSED, "%s: is a directory", input_name(name));
		if (j->kind == FILES_SEAL)
			hint_tar(name);
		return EXIT_REFUSED;
	}
	if (!input_is_standard(name) &&
	    faccessat(AT_FDCWD, name, R_OK, AT_EACCESS) != 0)
		return say_fail(EXIT_IO, "%s: %s", name, strerror(errno));
	return EXIT_DONE;
}

static exit_code
check_job(files_jobs *j, files_job *job)
{
	struct stat st = { 0 };
	exit_code code;

	code = check_input(j, job, &st);
	if (code == EXIT_DONE)
		code = choose_target(j, job, &st);
	if (code != EXIT_DONE || j->kind == FILES_TEST)
		return code;
	if (job->target == NULL && j->kind == FILES_SEAL && !j->options->text &&
	    isatty(STDOUT_FILENO) && !files_forced(j->options))
		return output_refuse_binary(NULL);
	code = output_check(&j->ledger, job->target, j->options->existing,
	    (size_t)(job - j->jobs));
	if (code != EXIT_DONE && j->options->output != NULL &&
	    job->target != NULL && stat(job->target, &st) == 0 &&
	    S_ISDIR(st.st_mode))
		hint_folder(job->target);
	return code;
}

/* What is read must be known before anything that is written. */
static exit_code
note_inputs(files_jobs *j)
{
	exit_code code = passphrase_note(j->source, &j->ledger);
	struct stat st;

	if (code == EXIT_DONE)
		code = keys_note(j->keys, &j->ledger);
	for (size_t i = 0; i < j->n && code == EXIT_DONE; i++)
		if (input_stat(j->jobs[i].name, &st) == 0)
			code = ledger_reads(&j->ledger, &st, LEDGER_INPUT, i);
	return code;
}

exit_code
files_plan(files_jobs *j, files_kind kind, const files_options *options,
    const passphrase_source *source, const keys_options *keys, int n,
    char **operands)
{
	size_t inputs = 0;
	exit_code code;

	j->kind = kind;
	j->options = options;
	j->source = source;
	j->keys = keys;
	j->n = n > 0 ? (size_t)n : 1;
	code = check_options(j);
	if (code != EXIT_DONE)
		return code;
	j->jobs = calloc(j->n, sizeof(*j->jobs));
	if (j->jobs == NULL)
		return say_fail(EXIT_IO, "out of memory");
	for (size_t i = 0; i < j->n; i++) {
		j->jobs[i].name = n > 0 ? operands[i] : "-";
		inputs += input_is_standard(j->jobs[i].name);
	}
	if (inputs > 1 || keys_on_input(keys) > 1)
		return say_fail(
		    EXIT_MISUSED, "standard input can be read only once");
	if (inputs > 0 && keys_on_input(keys) > 0)
		return say_fail(EXIT_MISUSED,
		    "standard input cannot be both the data and the keys");
	if (inputs + keys_on_input(keys) > 0)
		code = passphrase_without_input(
		    source, inputs > 0 ? "data" : "keys");
	if (code == EXIT_DONE)
		code = note_inputs(j);
	for (size_t i = 0; i < j->n && code == EXIT_DONE; i++)
		j->jobs[i].code = check_job(j, &j->jobs[i]);
	return code;
}

size_t
files_left(const files_jobs *j)
{
	size_t left = 0;

	for (size_t i = 0; i < j->n; i++)
		left += j->jobs[i].code == EXIT_DONE;
	return left;
}

const char *
files_about(const files_jobs *j, char *room, size_t cap)
{
	const files_job *only = NULL;

	for (size_t i = 0; i < j->n; i++)
		if (j->jobs[i].code == EXIT_DONE)
			only = &j->jobs[i];
	if (files_left(j) > 1)
		snprintf(room, cap, "%zu files", files_left(j));
	else if (only != NULL && !input_is_standard(only->name))
		return only->name;
	else
		return NULL;
	return room;
}

unsigned
files_threads(const files_jobs *j)
{
	unsigned threads = j->options->threads;

	if (threads == 0)
		threads = cores_count();
	return threads < SLU_SEAL_THREADS_MAX ? threads : SLU_SEAL_THREADS_MAX;
}

void
files_free(files_jobs *j)
{
	for (size_t i = 0; j->jobs != NULL && i < j->n; i++)
		free(j->jobs[i].target);
	free(j->jobs);
	ledger_free(&j->ledger);
	*j = (files_jobs){ 0 };
}
