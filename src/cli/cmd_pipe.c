/* SPDX-License-Identifier: ISC */
/* sluice pipe STAGE...: standard input through one stage after the other. */
#define _POSIX_C_SOURCE 200809L
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "input.h"
#include "number.h"
#include "say.h"
#include "stage_keys.h"
#include "sluice/copy.h"

enum { OUTPUT = 1, FORCE, WORK_FACTOR, MAX_WORK_FACTOR };

struct settings {
	const char *output;
	output_existing existing;
	stage_keys_options keys;
};

static const args_option options[] = {
	{ OUTPUT, 'o', "output", "FILE", 0,
	    "write to FILE; - is standard output, even if that\n"
	    "is a terminal" },
	{ FORCE, 'f', "force", NULL, 0, "overwrite files that exist" },
	KEYS_RECIPIENT_OPTIONS,
	KEYS_IDENTITY_OPTION,
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
	stage_keys_options *k = &s->keys;

	switch (id) {
	case OUTPUT: s->output = value; return EXIT_DONE;
	case FORCE: s->existing = OUTPUT_REPLACE; return EXIT_DONE;
	case WORK_FACTOR:
		return number_value("--work-factor", value, SLU_WORK_FACTOR_MIN,
		    SLU_WORK_FACTOR_MAX, &k->work_factor);
	case MAX_WORK_FACTOR:
		return number_value("--max-work-factor", value, 1,
		    SLU_WORK_FACTOR_CEILING, &k->max_work_factor);
	case KEYS_RECIPIENT:
	case KEYS_RECIPIENTS_FILE: return keys_set(&k->seals, id, value);
	case KEYS_IDENTITY: return keys_set(&k->opens, id, value);
	default: return passphrase_set(&k->passphrase, id, value);
	}
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
failed(const stages *all, const stage_keys *keys, slu_status st,
    const output *out, const char *in)
{
	exit_code code = stage_keys_failed(keys);

	if (code == EXIT_DONE)
		code = stages_failed(all, st, out, in);
	stage_keys_hint(keys, st, all);
	return code;
}

static exit_code
flow(const struct settings *s, stages *all, const stage_keys *keys, input *in)
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
	code = failed(all, keys, st, &out, in->name);
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

	code = stage_keys_note(&s->keys, &l);
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
	stage_keys keys = { 0 };
	stages all = { .existing = s->existing };
	input in = { 0 };
	exit_code code;

	if (n == 0)
		return say_fail(EXIT_MISUSED, "no stage is given");
	if (s->output != NULL && strcmp(s->output, "-") != 0)
		all.path = s->output;
	code = stages_parse(&all, n, operands);
	if (code == EXIT_DONE)
		code = stage_keys_check(&s->keys, &all);
	if (code == EXIT_DONE)
		code = check_terminal(s, &all);
	if (code == EXIT_DONE)
		code = input_open(&in, "-");
	if (code == EXIT_DONE)
		code = check_files(s, &all, &in);
	if (code == EXIT_DONE &&
	    (stages_have(&all, "seal") || stages_have(&all, "unseal")))
		code = stage_keys_give(&keys, &s->keys, &all);
	if (code == EXIT_DONE)
		code = flow(s, &all, &keys, &in);
	input_free(&in);
	stages_free(&all);
	stage_keys_free(&keys);
	return code;
}

const command command_pipe = {
	.name = "pipe",
	.summary = "compress, encode, seal, digest a stream in one go",
	.usage = "[-r KEY | -R FILE]... [-i FILE]... [-o FILE] [-f] STAGE...",
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
	    "No FILE appears unless all stages succeed.  Stage seal is for a\n"
	    "passphrase unless -r or -R names keys.  Stages that need a\n"
	    "passphrase share one.",
	.options = options,
	.examples = "# compressed, sealed, and the digest of what was sealed\n"
		    "tar c photos | sluice pipe gzip seal "
		    "hash=sha256:photos.sum -o photos.tgz.age\n"
		    "# the way back\n"
		    "sluice pipe unseal gunzip <photos.tgz.age | tar x\n"
		    "# for the holder of a key, as text\n"
		    "sluice pipe gzip seal armor -R key.pub <notes.txt "
		    ">notes.asc\n"
		    "sluice pipe unseal gunzip -i key.txt <notes.asc\n"
		    "sluice pipe gzip base64 <notes.txt >notes.gz.b64\n"
		    "sluice pipe unbase64 count gunzip count <notes.gz.b64",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
