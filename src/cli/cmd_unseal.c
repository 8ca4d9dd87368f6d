/* SPDX-License-Identifier: ISC */
/* sluice unseal [FILE.age...]: FILE.age to FILE. */
#include <inttypes.h>
#include <string.h>

#include "command.h"
#include "flows.h"
#include "hint.h"
#include "number.h"
#include "passphrase.h"
#include "range.h"
#include "rescue.h"
#include "say.h"
#include "unlock.h"
#include "sluice/copy.h"
#include "sluice/count.h"
#include "sluice/null.h"
#include "sluice/unseal_copy.h"

enum { TEST = 1, RANGE, SALVAGE, JSON, MAX_WORK_FACTOR };

struct settings {
	files_options files;
	passphrase_source passphrase;
	keys_options keys;
	unsigned max_work_factor; /* 0: the library's */
	bool test;
	range range;
	bool salvage;
	bool json; /* the report on what was salvaged */
};

static const args_option options[] = {
	FILES_OPTIONS,
	KEYS_IDENTITY_OPTION,
	{ TEST, 't', "test", NULL, 0, "see whether it opens; write nothing" },
	{ RANGE, 0, "range", "OFFSET:LEN", 0,
	    "write LEN bytes from OFFSET on, or all behind it\n"
	    "without LEN, to standard output unless told" },
	{ SALVAGE, 0, "salvage", NULL, 0,
	    "write what is intact of a damaged file, zeros for\n"
	    "the rest, and say what that is" },
	{ JSON, 0, "json", NULL, 0,
	    "with --salvage, report as JSON on standard output too" },
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
	if (id == SALVAGE || id == JSON) {
		*(id == SALVAGE ? &s->salvage : &s->json) = true;
		return EXIT_DONE;
	}
	if (id == RANGE)
		return range_set(&s->range, value);
	if (id == MAX_WORK_FACTOR)
		return number_value("--max-work-factor", value, 1,
		    SLU_WORK_FACTOR_CEILING, &s->max_work_factor);
	if (id >= KEYS_RECIPIENT)
		return keys_set(&s->keys, id, value);
	if (id >= FILES_OUTPUT)
		return files_set(&s->files, id, value);
	return passphrase_set(&s->passphrase, id, value);
}

/* What all files are opened with, and how. */
struct work {
	unlock lock;
	const struct settings *settings;
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

/*
 * Whether it is for want of a passphrase that nobody could be asked for, which
 * was said of the first file that takes one.
 */
static bool
is_said(const flow *f, const unlock *u, slu_status st)
{
	return !f->apart && u->code != EXIT_DONE && st == SLU_ERR_NO_MATCH;
}

/* Whether it is for armor that can only be read in order. */
static bool
is_uneven(slu_status st)
{
	return st == SLU_ERR_FORMAT &&
	       strstr(slu_error(), "has to come off to be read") != NULL;
}

static exit_code
failed(flow *f, const struct work *w, slu_status st)
{
	const unlock *u = &w->lock;
	const char *name = f->in.name;
	bool uneven = is_uneven(st);
	exit_code code;

	if (st == SLU_OK || st == SLU_ERR_IO)
		return output_failed(&f->out, st, name);
	if (is_said(f, u, st))
		return u->code;
	/* Somebody is to be asked, by the first thread. */
	f->again = f->apart && st == SLU_ERR_USAGE;
	if (f->again)
		return EXIT_NO_MATCH;
	code = say_fail(say_code(st), "%s: %s%s", name, say_cause(st),
	    fate(f->jobs->kind, &f->out, st, f->watch.plain));
	unlock_hint(u, st, &f->told);
	if (uneven)
		hint_dearmor(f->job->name);
	return code;
}

static exit_code
open_target(flow *f, void *arg)
{
	const struct work *w = arg;

	/* Without keys, each file takes the passphrase. */
	if (w->lock.code != EXIT_DONE && f->jobs->keys->n == 0)
		return w->lock.code;
	if (f->jobs->kind == FILES_TEST)
		return say_status(slu_null_open(&f->out.bio), f->in.name);
	return flow_open_output(f);
}

/* Write the range that is wanted, and no more of the file than it takes. */
static exit_code
unseal_range(flow *f, const struct work *w, const slu_unseal_options *told)
{
	slu_bio *part = NULL;
	slu_sealed_source source;
	uint64_t size = 0;
	exit_code code;
	slu_status st;

	code = range_source(&f->in, &source);
	if (code != EXIT_DONE)
		return code;
	st = range_open(
	    &part, &w->settings->range, &source, w->lock.ids, told, &size);
	if (st == SLU_OK)
		st = slu_count(&f->out.bio, &f->watch.plain);
	if (st == SLU_OK)
		st = slu_bio_copy(f->out.bio, part);
	slu_bio_free(part);
	code = failed(f, w, st);
	if (code == EXIT_DONE && w->settings->range.offset > size)
		return say_fail(EXIT_MISUSED,
		    "%s: has %" PRIu64 " bytes, and none from %" PRIu64 " on",
		    f->in.name, size, w->settings->range.offset);
	return code;
}

/* Write what is intact. */
static exit_code
unseal_damaged(flow *f, const struct work *w)
{
	rescue r = { .name = f->job->name,
		.told = f->in.name,
		.json = w->settings->json };
	slu_sealed_source source;
	exit_code code, found;
	slu_status st;

	code = range_source(&f->in, &source);
	if (code != EXIT_DONE)
		return code;
	st = rescue_write(&r, f->out.bio, &source, w->lock.ids, &f->told);
	code = failed(f, w, st);
	if (code == EXIT_DONE && f->jobs->kind != FILES_TEST)
		code = flow_finish(f);
	found = code == EXIT_DONE ? rescue_report(&r) : code;
	rescue_free(&r);
	return found;
}

/* Write all of it. */
static exit_code
unseal_whole(flow *f, const struct work *w, const slu_unseal_options *told)
{
	exit_code code;
	slu_status st;

	if (f->jobs->kind != FILES_TEST)
		output_alone(&f->out);
	st = slu_unseal_copy(
	    f->out.bio, f->in.bio, w->lock.ids, told, &f->watch);
	code = failed(f, w, st);
	if (code == EXIT_DONE)
		flow_watch_end(f);
	return code;
}

static exit_code
unseal_one(flow *f, void *arg)
{
	const struct work *w = arg;
	const slu_unseal_options told = { .threads = f->threads,
		.over_limit = &f->told.over_limit,
		.foreign = &f->told.foreign };
	exit_code code;

	if (w->settings->salvage)
		return unseal_damaged(f, w);
	code = w->settings->range.given ? unseal_range(f, w, &told)
					: unseal_whole(f, w, &told);
	if (code != EXIT_DONE)
		return code;
	if (f->jobs->kind != FILES_TEST)
		return flow_finish(f);
	say_detail("%s: is intact", f->in.name);
	return EXIT_DONE;
}

static exit_code
unseal_all(const struct settings *s, files_jobs *jobs)
{
	char about[40];
	exit_code code;
	struct work w = { .settings = s };

	code = unlock_begin(&w.lock, &s->passphrase,
	    files_about(jobs, about, sizeof(about)), &s->keys,
	    s->max_work_factor);
	/* Each passphrase that is tried takes time, and memory of its own. */
	if (code == EXIT_DONE)
		code = flows_run(jobs,
		    &(flows_work){
			.open = open_target,
			.go = unseal_one,
			.arg = &w,
			.several =
			    s->keys.n > 0 && !s->salvage && !s->range.given,
		    });
	unlock_free(&w.lock);
	return code;
}

/* A report and the data cannot share one stream. */
static exit_code
check_report(const files_jobs *jobs)
{
	for (size_t i = 0; i < jobs->n && jobs->kind != FILES_TEST; i++)
		if (jobs->jobs[i].code == EXIT_DONE &&
		    jobs->jobs[i].target == NULL)
			return say_fail(EXIT_MISUSED,
			    "--json and the data cannot share standard output");
	return EXIT_DONE;
}

static exit_code
run(void *settings, int n, char **operands)
{
	struct settings *s = settings;
	files_jobs jobs = { 0 };
	exit_code code;

	if (s->salvage && s->range.given)
		return say_fail(
		    EXIT_MISUSED, "--salvage and --range: not both");
	if (s->json && !s->salvage)
		return say_fail(EXIT_MISUSED, "--json is for --salvage");
	if (s->test && s->range.given)
		return say_fail(EXIT_MISUSED,
		    "-t sees to all of a file, --range to a part: not both");
	/* FILE is the name of a whole. */
	if (s->range.given && s->files.output == NULL &&
	    s->files.folder == NULL)
		s->files.to_stdout = true;
	code = files_plan(&jobs, s->test ? FILES_TEST : FILES_UNSEAL, &s->files,
	    &s->passphrase, &s->keys, n, operands);
	if (code == EXIT_DONE && s->json)
		code = check_report(&jobs);
	if (code == EXIT_DONE)
		code = unseal_all(s, &jobs);
	files_free(&jobs);
	return code;
}

const command command_unseal = {
	.name = "unseal",
	.alias = "decrypt",
	.summary = "open what was sealed",
	.usage = "[-i FILE]... [-o FILE | -O DIR | -c | -t] [-f]\n"
		 "[--range OFFSET:LEN | --salvage [--json]] [FILE.age...]",
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
	    "# its last bytes, without what is before them\n"
	    "sluice unseal --range 5:1K notes.txt.age\n"
	    "# is it whole, and is this the passphrase?\n"
	    "sluice unseal -t --passphrase-file pass.txt notes.txt.age\n"
	    "# with a key\n"
	    "sluice unseal -i key.txt -c key-notes.age",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
