/* SPDX-License-Identifier: ISC */
/* sluice unseal [FILE.age...]: FILE.age to FILE. */
#include <string.h>

#include "command.h"
#include "files.h"
#include "number.h"
#include "passphrase.h"
#include "say.h"
#include "unlock.h"
#include "sluice/copy.h"
#include "sluice/count.h"
#include "sluice/null.h"
#include "sluice/unseal.h"

enum { TEST = 1, MAX_WORK_FACTOR };

struct settings {
	files_options files;
	passphrase_source passphrase;
	keys_options keys;
	unsigned max_work_factor; /* 0: the library's */
	bool test;
};

static const args_option options[] = {
	FILES_OPTIONS,
	KEYS_IDENTITY_OPTION,
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
	if (id >= KEYS_RECIPIENT)
		return keys_set(&s->keys, id, value);
	if (id >= FILES_OUTPUT)
		return files_set(&s->files, id, value);
	return passphrase_set(&s->passphrase, id, value);
}

/* An input on its way out. */
struct flow {
	const files_job *job;
	input in;
	output out;
	uint64_t n;          /* bytes that came out */
	unsigned over_limit; /* a work factor that was too much, or 0 */
};

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
failed(
    const files_jobs *j, const struct flow *f, const unlock *u, slu_status st)
{
	const char *name = f->in.name;
	exit_code code;

	if (st == SLU_OK || st == SLU_ERR_IO)
		return output_failed(&f->out, st, name);
	code = say_fail(say_code(st), "%s: %s%s", name, say_cause(st),
	    fate(j->kind, &f->out, st, f->n));
	passphrase_hint(f->over_limit);
	/* No passphrase was of use, and no key was given. */
	if (st == SLU_ERR_NO_MATCH && !u->asked && j->keys->n == 0)
		say_hint("-i FILE opens it with the secret key in FILE");
	return code;
}

static exit_code
open_target(const files_jobs *j, struct flow *f)
{
	exit_code code = EXIT_DONE;
	slu_status st = SLU_OK;

	if (j->kind == FILES_TEST)
		st = slu_null_open(&f->out.bio);
	else
		code = files_open_output(j, f->job, &f->in, &f->out);
	if (code == EXIT_DONE && st == SLU_OK)
		st = slu_count(&f->out.bio, &f->n);
	return st ? say_status(st, f->in.name) : code;
}

static exit_code
unseal_one(const files_jobs *j, const files_job *job, void *arg)
{
	unlock *u = arg;
	struct flow f = { .job = job };
	const slu_unseal_options told = { .over_limit = &f.over_limit };
	exit_code code;
	slu_status st;

	if (u->code != EXIT_DONE)
		return u->code;
	code = input_open(&f.in, job->name);
	if (code == EXIT_DONE)
		code = input_tell(&f.in);
	if (code == EXIT_DONE)
		code = open_target(j, &f);
	if (code != EXIT_DONE)
		goto out;
	st = slu_unseal(&f.in.bio, u->ids, &told);
	if (st == SLU_OK)
		st = slu_bio_copy(f.out.bio, f.in.bio);
	code = u->code != EXIT_DONE ? u->code : failed(j, &f, u, st);
	if (code == EXIT_DONE && j->kind == FILES_TEST)
		say_detail("%s: is intact", f.in.name);
	else if (code == EXIT_DONE)
		code = files_finish(j, job, &f.in, &f.out);
out:
	output_free(&f.out);
	input_free(&f.in);
	return code;
}

static exit_code
unseal_all(const struct settings *s, files_jobs *jobs)
{
	char about[40];
	exit_code code;
	unlock u = { 0 };

	code = unlock_begin(&u, &s->passphrase,
	    files_about(jobs, about, sizeof(about)), &s->keys,
	    s->max_work_factor);
	if (code == EXIT_DONE)
		code = files_run(jobs, unseal_one, &u);
	unlock_free(&u);
	return code;
}

static exit_code
run(void *settings, int n, char **operands)
{
	const struct settings *s = settings;
	files_jobs jobs = { 0 };
	exit_code code;

	code = files_plan(&jobs, s->test ? FILES_TEST : FILES_UNSEAL, &s->files,
	    &s->passphrase, &s->keys, n, operands);
	if (code == EXIT_DONE)
		code = unseal_all(s, &jobs);
	files_free(&jobs);
	return code;
}

const command command_unseal = {
	.name = "unseal",
	.alias = "decrypt",
	.summary = "open what was sealed",
	.usage = "[-i FILE]... [-o FILE | -O DIR | -c | -t] [-f] "
		 "[FILE.age...]",
	.about =
	    "Decrypts each FILE.age to FILE.  Without FILE.age, or where it\n"
	    "is -, it reads standard input and writes standard output.  It\n"
	    "opens what any program for the age format sealed with a\n"
	    "passphrase or for a key.\n"
	    "\n"
	    "FILE appears once all of FILE.age was found to be intact.\n"
	    "Standard output gets what is intact at once; if damage is\n"
	    "found later, the exit code tells.",
	.options = options,
	.examples =
	    "# notes.txt, with the passphrase asked for\n"
	    "sluice unseal notes.txt.age\n"
	    "# a folder\n"
	    "sluice unseal -c photos.tar.age | tar x\n"
	    "# is it whole, and is this the passphrase?\n"
	    "sluice unseal -t --passphrase-file pass.txt notes.txt.age\n"
	    "# with a key\n"
	    "sluice unseal -i key.txt -c key-notes.age",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
