/* SPDX-License-Identifier: ISC */
/* sluice unseal [FILE.age...]: FILE.age to FILE. */
#include <string.h>

#include "command.h"
#include "files.h"
#include "hint.h"
#include "number.h"
#include "passphrase.h"
#include "say.h"
#include "sluice/copy.h"
#include "sluice/count.h"
#include "sluice/null.h"
#include "sluice/unseal.h"

enum { TEST = 1, MAX_WORK_FACTOR };

struct settings {
	files_options files;
	passphrase_source passphrase;
	unsigned max_work_factor; /* 0: the library's */
	bool test;
};

static const args_option options[] = {
	FILES_OPTIONS,
	{ TEST, 't', "test", NULL, 0, "see whether it opens; write nothing" },
	PASSPHRASE_OPTIONS,
	{ MAX_WORK_FACTOR, 0, "max-work-factor", "N", 0,
	    "refuse files that would take more memory than\n"
	    "2^(N+10) bytes, and the time; 22 unless said" },
	{ 0 },
};

static exit_code
set(void *settings, int id, const char *value)
{
	struct settings *s = settings;

	if (id == TEST) {
		s->test = true;
		return EXIT_DONE;
	}
	if (id == MAX_WORK_FACTOR)
		return number_value("--max-work-factor", value, 1,
		    SLU_WORK_FACTOR_CEILING, &s->max_work_factor);
	if (id >= FILES_OUTPUT)
		return files_set(&s->files, id, value);
	return passphrase_set(&s->passphrase, id, value);
}

/* The passphrase, from the first file on that needs one. */
struct opener {
	const passphrase_source *source;
	const char *about;
	slu_identities *ids; /* owned */
	slu_buf passphrase;
	bool asked;
	exit_code code; /* of the asking */
};

static slu_status
give_passphrase(slu_buf *out, void *arg)
{
	struct opener *o = arg;

	if (!o->asked)
		o->code = passphrase_get(
		    o->source, PASSPHRASE_KNOWN, o->about, &o->passphrase);
	o->asked = true;
	if (o->code != EXIT_DONE)
		return slu_fail(SLU_ERR_NO_MATCH, "unseal: no passphrase");
	return slu_buf_add(
	    out, slu_buf_front(&o->passphrase), o->passphrase.len);
}

/* What became of the bytes before the fault, of which there are `n`. */
static const char *
fate(files_kind kind, const output *out, slu_status st, uint64_t n)
{
	bool in_payload = st == SLU_ERR_AUTH || st == SLU_ERR_TRUNCATED ||
			  (st == SLU_ERR_FORMAT && n > 0);

	if (kind == FILES_TEST || !in_payload)
		return "";
	if (!out->direct || n == 0)
		return ": nothing was written";
	return st == SLU_ERR_TRUNCATED ? ": these were written"
				       : ": the bytes before it were written";
}

static exit_code
failed(const files_jobs *j, const files_job *job, const output *out,
    slu_status st, uint64_t n)
{
	const char *name = input_name(job->name), *cause;
	exit_code code;

	if (st == SLU_OK || st == SLU_ERR_IO)
		return output_failed(out, st, name);
	cause = say_cause(st);
	code = say_fail(
	    say_code(st), "%s: %s%s", name, cause, fate(j->kind, out, st, n));
	if (st == SLU_ERR_LIMIT)
		passphrase_hint();
	else if (st == SLU_ERR_FORMAT && strstr(cause, "in armor") != NULL)
		hint_armor(job->name);
	return code;
}

static exit_code
open_target(const files_jobs *j, const files_job *job, const input *in,
    output *out, uint64_t *n)
{
	exit_code code = EXIT_DONE;
	slu_status st = SLU_OK;

	if (j->kind == FILES_TEST)
		st = slu_null_open(&out->bio);
	else
		code = files_open_output(j, job, in, out);
	if (code == EXIT_DONE && st == SLU_OK)
		st = slu_count(&out->bio, n);
	return st ? say_status(st, in->name) : code;
}

static exit_code
unseal_one(const files_jobs *j, const files_job *job, void *arg)
{
	struct opener *o = arg;
	output out = { 0 };
	input in = { 0 };
	uint64_t n = 0;
	exit_code code;
	slu_status st;

	if (o->code != EXIT_DONE)
		return o->code;
	code = input_open(&in, job->name);
	if (code == EXIT_DONE)
		code = input_tell(&in);
	if (code == EXIT_DONE)
		code = open_target(j, job, &in, &out, &n);
	if (code != EXIT_DONE)
		goto out;
	st = slu_unseal(&in.bio, o->ids, NULL);
	if (st == SLU_OK)
		st = slu_bio_copy(out.bio, in.bio);
	if (o->code != EXIT_DONE)
		code = o->code;
	else
		code = failed(j, job, &out, st, n);
	if (code == EXIT_DONE && j->kind == FILES_TEST)
		say_detail("%s: is intact", in.name);
	else if (code == EXIT_DONE)
		code = files_finish(j, job, &in, &out);
out:
	output_free(&out);
	input_free(&in);
	return code;
}

static exit_code
unseal_all(const struct settings *s, files_jobs *jobs)
{
	struct opener o = { .source = &s->passphrase,
		.passphrase = PASSPHRASE_BUF };
	char about[40];
	exit_code code;
	slu_status st;

	o.about = files_about(jobs, about, sizeof(about));
	st = slu_identities_new(&o.ids);
	if (st == SLU_OK)
		st = slu_identities_ask(
		    o.ids, give_passphrase, &o, s->max_work_factor);
	code = st ? say_status(st, "unseal") : files_run(jobs, unseal_one, &o);
	slu_buf_free(&o.passphrase);
	slu_identities_free(o.ids);
	return code;
}

static exit_code
run(void *settings, int n, char **operands)
{
	const struct settings *s = settings;
	files_jobs jobs = { 0 };
	exit_code code;

	code = files_plan(&jobs, s->test ? FILES_TEST : FILES_UNSEAL, &s->files,
	    &s->passphrase, n, operands);
	if (code == EXIT_DONE)
		code = unseal_all(s, &jobs);
	files_free(&jobs);
	return code;
}

const command command_unseal = {
	.name = "unseal",
	.alias = "decrypt",
	.summary = "open what was sealed with a passphrase",
	.usage = "[-o FILE | -O DIR | -c | -t] [-f] [FILE.age...]",
	.about =
	    "Decrypts each FILE.age to FILE.  Without FILE.age, or where it\n"
	    "is -, it reads standard input and writes standard output.  It\n"
	    "opens what any program for the age format sealed with a\n"
	    "passphrase.\n"
	    "\n"
	    "FILE appears once all of FILE.age was found to be intact.\n"
	    "Standard output gets what is intact at once; if damage is\n"
	    "found later, the exit code tells.",
	.options = options,
	.examples = "# notes.txt, with the passphrase asked for\n"
		    "sluice unseal notes.txt.age\n"
		    "# a folder\n"
		    "sluice unseal -c photos.tar.age | tar x\n"
		    "# is it whole, and is this the passphrase?\n"
		    "sluice unseal -t --passphrase-file pass.txt notes.txt.age",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
