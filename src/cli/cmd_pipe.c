/* SPDX-License-Identifier: ISC */
/* sluice pipe STAGE...: standard input through one stage after the other. */
#define _POSIX_C_SOURCE 200809L
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "input.h"
#include "number.h"
#include "passphrase.h"
#include "say.h"
#include "stages.h"
#include "sluice/copy.h"

enum { OUTPUT = 1, FORCE, WORK_FACTOR, MAX_WORK_FACTOR };

struct settings {
	const char *output;
	output_existing existing;
	passphrase_source passphrase;
	unsigned work_factor;     /* 0: the library's */
	unsigned max_work_factor; /* 0: the library's */
};

static const args_option options[] = {
	{ OUTPUT, 'o', "output", "FILE", 0,
	    "write to FILE; - is standard output, even if that\n"
	    "is a terminal" },
	{ FORCE, 'f', "force", NULL, 0, "overwrite files that exist" },
	PASSPHRASE_OPTIONS,
	PASSPHRASE_GENERATE_OPTION,
	{ WORK_FACTOR, 0, "work-factor", "N", 0, "as sluice seal has it" },
	{ MAX_WORK_FACTOR, 0, "max-work-factor", "N", 0,
	    "as sluice unseal has it" },
	{ 0 },
};

static exit_code
set(void *settings, int id, const char *value)
{
	struct settings *s = settings;

	switch (id) {
	case OUTPUT: s->output = value; return EXIT_DONE;
	case FORCE: s->existing = OUTPUT_REPLACE; return EXIT_DONE;
	case WORK_FACTOR:
		return number_value("--work-factor", value, SLU_WORK_FACTOR_MIN,
		    SLU_WORK_FACTOR_MAX, &s->work_factor);
	case MAX_WORK_FACTOR:
		return number_value("--max-work-factor", value, 1,
		    SLU_WORK_FACTOR_CEILING, &s->max_work_factor);
	default: return passphrase_set(&s->passphrase, id, value);
	}
}

/* What the stages that need a passphrase work with. */
struct keys {
	slu_recipients *recipients; /* owned */
	slu_identities *identities; /* owned */
};

static exit_code
make_keys(const struct settings *s, stages *all, struct keys *k)
{
	bool unseals = stages_have(all, "unseal");
	slu_buf passphrase = PASSPHRASE_BUF;
	const void *words;
	exit_code code;
	slu_status st;

	code = passphrase_get(&s->passphrase,
	    unseals ? PASSPHRASE_KNOWN : PASSPHRASE_NEW, NULL, &passphrase);
	if (code != EXIT_DONE)
		goto out;
	words = slu_buf_front(&passphrase);
	st = slu_recipients_new(&k->recipients);
	if (st == SLU_OK)
		st = slu_recipients_passphrase(
		    k->recipients, words, passphrase.len, s->work_factor);
	if (st == SLU_OK)
		st = slu_identities_new(&k->identities);
	if (st == SLU_OK)
		st = slu_identities_passphrase(
		    k->identities, words, passphrase.len, s->max_work_factor);
	for (size_t i = 0; i < all->n; i++) {
		all->each[i].recipients = k->recipients;
		all->each[i].identities = k->identities;
	}
	code = say_status(st, "passphrase");
out:
	slu_buf_free(&passphrase);
	return code;
}

static exit_code
check_passphrase(const struct settings *s, const stages *all)
{
	const passphrase_source *source = &s->passphrase;
	bool unseals = stages_have(all, "unseal");
	bool seals = stages_have(all, "seal");

	if (s->work_factor != 0 && !seals)
		return say_fail(
		    EXIT_MISUSED, "--work-factor is for stage seal");
	if (s->max_work_factor != 0 && !unseals)
		return say_fail(
		    EXIT_MISUSED, "--max-work-factor is for stage unseal");
	if (source->option != 0 && !unseals && !seals)
		return say_fail(
		    EXIT_MISUSED, "none of the stages takes a passphrase");
	if (source->option == PASSPHRASE_GENERATE && unseals)
		return say_fail(EXIT_MISUSED,
		    "stage unseal needs the passphrase that there is");
	return passphrase_without_input(source);
}

/* A terminal is shown text, and what has turned out to be text. */
static exit_code
check_terminal(const struct settings *s, const stages *all)
{
	const stage *last = NULL;

	if (s->output != NULL || !isatty(STDOUT_FILENO))
		return EXIT_DONE;
	for (size_t i = 0; i < all->n; i++)
		if (all->each[i].kind->makes != STAGE_SAME)
			last = &all->each[i];
	return last != NULL && last->kind->makes == STAGE_BINARY
		   ? output_refuse_binary(NULL)
		   : EXIT_DONE;
}

static exit_code
open_output(const struct settings *s, const stages *all, output *out)
{
	bool secret = stages_secret(all, all->n - 1);
	exit_code code;

	code = output_open(
	    out, all->path, secret ? 0600 : output_mode(), s->existing);
	if (code == EXIT_DONE && s->output == NULL && isatty(STDOUT_FILENO))
		code = output_text_only(out);
	return code;
}

static exit_code
flow(const struct settings *s, stages *all, input *in)
{
	output out = { 0 };
	exit_code code;
	slu_status st;

	code = input_tell(in);
	if (code == EXIT_DONE)
		code = stages_push(all, &in->bio);
	if (code == EXIT_DONE)
		code = open_output(s, all, &out);
	if (code != EXIT_DONE)
		goto out;
	st = slu_bio_copy(out.bio, in->bio);
	code = stages_failed(all, st, &out, in->name);
	if (code == EXIT_DONE)
		code = stages_finish(all, &out);
out:
	output_free(&out);
	return code;
}

/* Nothing that is written may destroy anything else of this run. */
static exit_code
check_files(const struct settings *s, const stages *all, const input *in)
{
	ledger l = { 0 };
	exit_code code;

	code = passphrase_note(&s->passphrase, &l);
	if (code == EXIT_DONE)
		code = ledger_reads(&l, &in->st, LEDGER_INPUT, 0);
	if (code == EXIT_DONE)
		code = stages_check(all, &l);
	ledger_free(&l);
	return code;
}

static exit_code
run(void *settings, int n, char **operands)
{
	const struct settings *s = settings;
	struct keys keys = { 0 };
	stages all = { .existing = s->existing };
	input in = { 0 };
	exit_code code;

	if (n == 0)
		return say_fail(EXIT_MISUSED, "no stage is given");
	if (s->output != NULL && strcmp(s->output, "-") != 0)
		all.path = s->output;
	code = stages_parse(&all, n, operands);
	if (code == EXIT_DONE)
		code = check_passphrase(s, &all);
	if (code == EXIT_DONE)
		code = check_terminal(s, &all);
	if (code == EXIT_DONE)
		code = input_open(&in, "-");
	if (code == EXIT_DONE)
		code = check_files(s, &all, &in);
	if (code == EXIT_DONE &&
	    (stages_have(&all, "seal") || stages_have(&all, "unseal")))
		code = make_keys(s, &all, &keys);
	if (code == EXIT_DONE)
		code = flow(s, &all, &in);
	input_free(&in);
	stages_free(&all);
	slu_recipients_free(keys.recipients);
	slu_identities_free(keys.identities);
	return code;
}

const command command_pipe = {
	.name = "pipe",
	.summary = "compress, encode, seal, digest a stream in one go",
	.usage = "[-o FILE] [-f] STAGE...",
	.about =
	    "Reads standard input through each STAGE in turn, from left to\n"
	    "right, and writes what comes out:\n"
	    "\n"
	    "  gzip[=1..9] zlib[=1..9]   compress; 6 unless told\n"
	    "  gunzip[=RATIO]            decompress; give up on what grows "
	    "more\n"
	    "  unzlib[=RATIO]            than 250-fold, or RATIO, up to 1032\n"
	    "  base64[=COLUMNS]          encode; lines of 76, 0 is a single "
	    "one\n"
	    "  unbase64                  decode\n"
	    "  seal unseal               as sluice seal and unseal do\n"
	    "  armor dearmor             put what is sealed into text, and "
	    "back\n"
	    "  hash=DIGEST[:FILE]        print the digest of what passes, or\n"
	    "                            write it to FILE as sha256sum would\n"
	    "  count                     print the number of bytes that pass\n"
	    "  tee=FILE                  write what passes to FILE too\n"
	    "\n"
	    "No FILE appears unless all stages succeed.  Stages that need a\n"
	    "passphrase share one.",
	.options = options,
	.examples = "# compressed, sealed, and the digest of what was sealed\n"
		    "tar c photos | sluice pipe gzip seal "
		    "hash=sha256:photos.sum -o photos.tgz.age\n"
		    "# the way back\n"
		    "sluice pipe unseal gunzip <photos.tgz.age | tar x\n"
		    "sluice pipe gzip base64 <notes.txt >notes.gz.b64\n"
		    "sluice pipe unbase64 count gunzip count <notes.gz.b64",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
