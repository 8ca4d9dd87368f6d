/* SPDX-License-Identifier: ISC */
/* sluice rekey FILE.age...: other recipients, around the same payload. */
#include <stdbool.h>
#include <sys/stat.h>

#include "command.h"
#include "input.h"
#include "keys.h"
#include "ledger.h"
#include "number.h"
#include "passphrase.h"
#include "say.h"
#include "signals.h"
#include "tally.h"
#include "unlock.h"
#include "sluice/rekey.h"

enum { NEW_FILE = 1, NEW_FD, NEW_ENV, WORK_FACTOR, MAX_WORK_FACTOR, DROP };

struct settings {
	passphrase_source was, fresh;
	keys_options opens, seals;
	unsigned work_factor;     /* 0: the library's */
	unsigned max_work_factor; /* 0: the library's */
	bool drop;
};

static const args_option options[] = {
	KEYS_RECIPIENT_OPTIONS,
	{ NEW_FILE, 0, "new-passphrase-file", "FILE", 0,
	    "take the first line of FILE as the new passphrase" },
	{ NEW_FD, 0, "new-passphrase-fd", "N", 0,
	    "take a line from file descriptor N as it" },
	{ NEW_ENV, 0, "new-passphrase-env", "NAME", 0,
	    "take the environment variable NAME as it" },
	PASSPHRASE_GENERATE_OPTION,
	{ WORK_FACTOR, 0, "work-factor", "N", 0, "as sluice seal has it" },
	KEYS_IDENTITY_OPTION,
	PASSPHRASE_OPTIONS,
	{ MAX_WORK_FACTOR, 0, "max-work-factor", "N", 0,
	    "as sluice unseal has it" },
	{ DROP, 0, "drop-unknown", NULL, 0,
	    "leave out stanzas of unknown types, and do not\n"
	    "carry them over" },
	{ 0 },
};

static exit_code
set(void *settings, int id, const char *value)
{
	struct settings *s = settings;

	switch (id) {
	case NEW_FILE: return passphrase_set(&s->fresh, PASSPHRASE_FILE, value);
	case NEW_FD:
		s->fresh.fd_option = "--new-passphrase-fd";
		return passphrase_set(&s->fresh, PASSPHRASE_FD, value);
	case NEW_ENV: return passphrase_set(&s->fresh, PASSPHRASE_ENV, value);
	case PASSPHRASE_GENERATE: return passphrase_set(&s->fresh, id, value);
	case WORK_FACTOR:
		return number_value("--work-factor", value, SLU_WORK_FACTOR_MIN,
		    SLU_WORK_FACTOR_MAX, &s->work_factor);
	case MAX_WORK_FACTOR:
		return number_value("--max-work-factor", value, 1,
		    SLU_WORK_FACTOR_CEILING, &s->max_work_factor);
	case DROP: s->drop = true; return EXIT_DONE;
	case KEYS_IDENTITY: return keys_set(&s->opens, id, value);
	case KEYS_RECIPIENT:
	case KEYS_RECIPIENTS_FILE: return keys_set(&s->seals, id, value);
	default: return passphrase_set(&s->was, id, value);
	}
}

/* What all files are opened with and sealed for. */
struct change {
	const struct settings *settings;
	const char *about; /* lent: what the terminal is told; may be NULL */
	unlock lock;
	slu_recipients *recipients; /* owned */
	slu_buf passphrase;         /* owned: the new one */
	bool asked;                 /* for that */
	exit_code code;             /* of it; it has been said */
	bool done;                  /* for one file at least */
};

/*
 * The new passphrase, once a file has opened: nobody is to note words, or to
 * think of some, that nothing is sealed with.
 */
static slu_status
give_new(slu_buf *out, void *arg)
{
	struct change *c = arg;

	if (!c->asked)
		c->code = passphrase_get(&c->settings->fresh,
		    PASSPHRASE_CHANGED, c->about, &c->passphrase);
	c->asked = true;
	if (c->code != EXIT_DONE)
		return slu_fail(SLU_ERR_USAGE, "rekey: no passphrase");
	return slu_buf_add(
	    out, slu_buf_front(&c->passphrase), c->passphrase.len);
}

static exit_code
begin(struct change *c)
{
	const struct settings *s = c->settings;
	exit_code code;
	slu_status st;

	code = unlock_begin(
	    &c->lock, &s->was, c->about, &s->opens, s->max_work_factor);
	if (code == EXIT_DONE)
		code = say_status(slu_recipients_new(&c->recipients), "rekey");
	if (code == EXIT_DONE && s->seals.n > 0)
		return keys_recipients(&s->seals, c->recipients);
	if (code != EXIT_DONE)
		return code;
	st = slu_recipients_ask(c->recipients, give_new, c, s->work_factor);
	return say_status(st, "rekey");
}

static exit_code
failed(const struct change *c, const char *name, slu_status st,
    const unlock_told *told)
{
	if (c->lock.code != EXIT_DONE)
		return c->lock.code;
	if (c->code != EXIT_DONE)
		return c->code;
	if (st == SLU_ERR_USAGE) {
		(void)say_fail(EXIT_REFUSED, "%s: %s", name, say_cause(st));
		say_hint("--drop-unknown leaves it out");
		return EXIT_REFUSED;
	}
	(void)say_status(st, name);
	unlock_hint(&c->lock, st, told);
	return say_code(st);
}

static exit_code
rekey_one(struct change *c, const char *name)
{
	slu_file_pending *pending = signals_file();
	unlock_told told = { 0 };
	size_t carried = 0;
	const slu_rekey_options how = {
		.unknown = c->settings->drop ? SLU_REKEY_DROP : SLU_REKEY_CARRY,
		.carried = &carried,
		.over_limit = &told.over_limit,
		.foreign = &told.foreign,
		.pending = pending,
	};
	slu_status st;

	st = slu_rekey_file(name, c->lock.ids, c->recipients, &how);
	signals_file_done(pending);
	if (st)
		return failed(c, say_name(name), st, &told);
	if (carried > 0)
		say_note("%s: is still sealed for %zu of unknown types", name,
		    carried);
	say_detail("%s: rekeyed", name);
	c->done = true;
	return EXIT_DONE;
}

/*
 * Two passphrases may be lines of standard input; keys are all that is in it.
 */
static exit_code
check_input(const struct settings *s)
{
	size_t keys = keys_on_input(&s->opens) + keys_on_input(&s->seals);
	exit_code code;

	if (keys == 0)
		return EXIT_DONE;
	if (keys > 1)
		return say_fail(
		    EXIT_MISUSED, "standard input can be read only once");
	code = passphrase_without_input(&s->was, "keys");
	return code ? code : passphrase_without_input(&s->fresh, "keys");
}

/* Whatever is replaced must not be read as something else, or come twice. */
static exit_code
check_replaced(const struct settings *s, int n, char **operands)
{
	ledger l = { 0 };
	exit_code code;
	struct stat st;

	code = passphrase_note(&s->was, &l);
	if (code == EXIT_DONE)
		code = passphrase_note(&s->fresh, &l);
	if (code == EXIT_DONE)
		code = keys_note(&s->opens, &l);
	if (code == EXIT_DONE)
		code = keys_note(&s->seals, &l);
	for (int i = 0; i < n && code == EXIT_DONE; i++)
		if (stat(operands[i], &st) == 0)
			code = ledger_writes(&l, operands[i], &st, (size_t)i);
	ledger_free(&l);
	return code;
}

/* What can be found wrong before anybody is asked for a passphrase. */
static exit_code
check(const struct settings *s, int n, char **operands)
{
	exit_code code;
	struct stat st;

	if (n == 0)
		return say_fail(EXIT_MISUSED, "no file is given");
	if (s->seals.n > 0 && (s->fresh.option != 0 || s->work_factor != 0))
		return say_fail(EXIT_MISUSED,
		    "a file is sealed for keys or with a passphrase, not both");
	for (int i = 0; i < n; i++) {
		if (input_is_standard(operands[i]))
			return say_fail(EXIT_MISUSED,
			    "standard input is no file that can be replaced");
		if (stat(operands[i], &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			return say_fail(
			    EXIT_REFUSED, "%s: is a directory", operands[i]);
		if (!S_ISREG(st.st_mode))
			return say_fail(EXIT_MISUSED,
			    "%s: is not a regular file, which can be replaced",
			    operands[i]);
	}
	code = check_input(s);
	return code ? code : check_replaced(s, n, operands);
}

static exit_code
rekey_all(struct change *c, int n, char **operands)
{
	tally all = { 0 };

	for (int i = 0;
	     i < n && c->lock.code == EXIT_DONE && c->code == EXIT_DONE; i++)
		tally_add(&all, rekey_one(c, operands[i]));
	if (c->done)
		say_note("who has a copy of what was there before, and could "
			 "open it, still can");
	return all.code;
}

static exit_code
run(void *settings, int n, char **operands)
{
	struct settings *s = settings;
	struct change c = { .settings = s,
		.about = n == 1 ? operands[0] : NULL,
		.passphrase = PASSPHRASE_BUF };
	exit_code code;

	s->fresh.instead = "--new-passphrase-file, --new-passphrase-fd, "
			   "--new-passphrase-env or -g";
	code = check(s, n, operands);
	if (code != EXIT_DONE)
		return code;
	code = begin(&c);
	if (code == EXIT_DONE)
		code = rekey_all(&c, n, operands);
	slu_recipients_free(c.recipients);
	slu_buf_free(&c.passphrase);
	unlock_free(&c.lock);
	return code;
}

const command command_rekey = {
	.name = "rekey",
	.summary = "change who can open a sealed file",
	.usage = "[-i FILE]... [-r KEY | -R FILE]... [-g] FILE.age...",
	.about =
	    "Gives each FILE.age another passphrase, or other keys, without\n"
	    "sealing what is in it again.  The file is replaced in one step.\n"
	    "\n"
	    "It takes nothing back: who has a copy of the file as it was,\n"
	    "and could open that, still can, and with it has the key of what\n"
	    "is in both.  If that matters, seal the content again.",
	.options = options,
	.examples =
	    "# another passphrase, both asked for\n"
	    "sluice rekey notes.txt.age\n"
	    "# from a passphrase to a new one of 10 words, in a script\n"
	    "sluice rekey --passphrase-file pass.txt -g10 notes.txt.age",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
