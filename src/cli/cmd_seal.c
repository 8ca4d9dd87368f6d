/* SPDX-License-Identifier: ISC */
/* sluice seal [FILE...]: FILE to FILE.age, for a passphrase or for keys. */
#include <stdbool.h>

#include "command.h"
#include "flows.h"
#include "keys.h"
#include "number.h"
#include "passphrase.h"
#include "say.h"
#include "sluice/armor.h"
#include "sluice/seal_copy.h"

enum { WORK_FACTOR = 1, ARMOR };

struct settings {
	files_options files;
	passphrase_source passphrase;
	keys_options keys;
	unsigned work_factor; /* 0: the library's */
};

static const args_option options[] = {
	FILES_OPTIONS,
	KEYS_RECIPIENT_OPTIONS,
	{ ARMOR, 'a', "armor", NULL, 0,
	    "write text: for mail, forms and the like" },
	PASSPHRASE_OPTIONS,
	PASSPHRASE_GENERATE_OPTION,
	{ WORK_FACTOR, 0, "work-factor", "N", 0,
	    "10 to 22, or else 18: one more doubles the time\n"
	    "and the memory that a guess takes" },
	{ 0 },
};

static exit_code
set(void *settings, int id, const char *value)
{
	struct settings *s = settings;

	if (id == WORK_FACTOR)
		return number_value("--work-factor", value, SLU_WORK_FACTOR_MIN,
		    SLU_WORK_FACTOR_MAX, &s->work_factor);
	if (id == ARMOR) {
		s->files.text = true;
		return EXIT_DONE;
	}
	if (id >= KEYS_RECIPIENT)
		return keys_set(&s->keys, id, value);
	if (id >= FILES_OUTPUT)
		return files_set(&s->files, id, value);
	return passphrase_set(&s->passphrase, id, value);
}

/* Who seals a sealed file will need both passphrases to read it again. */
static void
warn_if_sealed(const char *name)
{
	if (input_is_sealed(name))
		say_warning("%s: is sealed already", input_name(name));
}

static exit_code
open_target(flow *f, void *recipients)
{
	exit_code code = flow_open_output(f);

	(void)recipients;
	if (code != EXIT_DONE)
		return code;
	if (f->jobs->options->text)
		return output_failed(
		    &f->out, slu_armor(&f->out.bio), f->in.name);
	output_alone(&f->out);
	return EXIT_DONE;
}

static exit_code
seal_one(flow *f, void *recipients)
{
	const slu_seal_options how = { .threads = f->threads };
	exit_code code;
	slu_status st;

	st = slu_seal_copy(f->out.bio, f->in.bio, recipients, &how, &f->watch);
	if (st == SLU_ERR_LIMIT && f->jobs->keys->n == 0)
		return passphrase_too_dear(f->in.name);
	code = output_failed(&f->out, st, f->in.name);
	if (code != EXIT_DONE)
		return code;
	flow_watch_end(f);
	return flow_finish(f);
}

static exit_code
take_passphrase(
    const struct settings *s, const files_jobs *jobs, slu_recipients *r)
{
	slu_buf passphrase = PASSPHRASE_BUF;
	char about[40];
	exit_code code;

	code = passphrase_get(&s->passphrase, PASSPHRASE_NEW,
	    files_about(jobs, about, sizeof(about)), &passphrase);
	if (code == EXIT_DONE)
		code = say_status(
		    slu_recipients_passphrase(r, slu_buf_front(&passphrase),
			passphrase.len, s->work_factor),
		    "seal");
	slu_buf_free(&passphrase);
	return code;
}

static exit_code
seal_all(const struct settings *s, files_jobs *jobs)
{
	slu_recipients *recipients = NULL;
	exit_code code;

	for (size_t i = 0; i < jobs->n; i++)
		if (jobs->jobs[i].code == EXIT_DONE)
			warn_if_sealed(jobs->jobs[i].name);
	code = say_status(slu_recipients_new(&recipients), "seal");
	if (code == EXIT_DONE)
		code = s->keys.n > 0 ? keys_recipients(&s->keys, recipients)
				     : take_passphrase(s, jobs, recipients);
	/* Each file for a passphrase takes time and memory of its own. */
	if (code == EXIT_DONE)
		code = flows_run(jobs, &(flows_work){
					   .open = open_target,
					   .go = seal_one,
					   .arg = recipients,
					   .several = s->keys.n > 0,
				       });
	slu_recipients_free(recipients);
	return code;
}

/* The format has a passphrase stand alone. */
static exit_code
check_keys(const struct settings *s)
{
	if (s->keys.n == 0)
		return EXIT_DONE;
	if (s->passphrase.option != 0 || s->passphrase.habit)
		return say_fail(EXIT_MISUSED,
		    "a file is sealed for keys or with a passphrase, not both");
	if (s->work_factor != 0)
		return say_fail(
		    EXIT_MISUSED, "--work-factor is for a passphrase");
	return EXIT_DONE;
}

static exit_code
run(void *settings, int n, char **operands)
{
	const struct settings *s = settings;
	files_jobs jobs = { 0 };
	exit_code code;

	code = check_keys(s);
	if (code == EXIT_DONE)
		code = files_plan(&jobs, FILES_SEAL, &s->files, &s->passphrase,
		    &s->keys, n, operands);
	if (code == EXIT_DONE && files_left(&jobs) == 0)
		code = flows_run(&jobs, &(flows_work){ 0 });
	else if (code == EXIT_DONE)
		code = seal_all(s, &jobs);
	files_free(&jobs);
	return code;
}

const command command_seal = {
	.name = "seal",
	.alias = "encrypt",
	.summary = "encrypt files with a passphrase, or for keys",
	.usage = "[-r KEY | -R FILE]... [-a] [-o FILE | -O DIR | -c] [-f]\n"
		 "[FILE...]",
	.about =
	    "Encrypts each FILE to FILE.age, for who knows the passphrase, or\n"
	    "for the holders of the keys that -r and -R name.\n"
	    "Without FILE, or where it is -, it reads standard input and\n"
	    "writes standard output.  Any program for the age format opens\n"
	    "the result.  The input is left as it is.\n"
	    "\n"
	    "The passphrase is asked for twice on the terminal, once for\n"
	    "all files; leave it empty, and 8 words are made and shown.",
	.options = options,
	.examples = "# notes.txt.age, with a passphrase that is asked for\n"
		    "sluice seal notes.txt\n"
		    "# a folder\n"
		    "tar c photos | sluice seal -o photos.tar.age\n"
		    "# in a script\n"
		    "sluice seal --passphrase-file pass.txt -O sealed "
		    "notes.txt todo.txt\n"
		    "# text, on the terminal\n"
		    "sluice seal -a -c notes.txt\n"
		    "# with a new passphrase of 10 words\n"
		    "sluice seal -g10 -o again.age notes.txt\n"
		    "# for the holder of the secret key, and no passphrase\n"
		    "sluice seal -R key.pub -o key-notes.age notes.txt",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
