/* SPDX-License-Identifier: ISC */
#include "unlock.h"

#include <stdio.h>

#include "input.h"
#include "say.h"

#define ABOUT_INSIDE_MAX 1100 /* bytes; a prompt shows fewer of them */

static bool
may_ask(const unlock *u)
{
	return pthread_equal(u->asker, pthread_self()) != 0;
}

static slu_status
not_here(void)
{
	return slu_fail(
	    SLU_ERR_USAGE, "unseal: nobody is asked on this thread");
}

/* The passphrase for what is to be opened, from the first that needs it on. */
static slu_status
give(slu_buf *out, void *arg)
{
	unlock *u = arg;

	if (!may_ask(u))
		return not_here();
	if (!u->asked)
		u->code = passphrase_get(
		    u->source, PASSPHRASE_KNOWN, u->about, &u->passphrase);
	u->asked = true;
	if (u->code != EXIT_DONE)
		return slu_fail(SLU_ERR_NO_MATCH, "unseal: no passphrase");
	return slu_buf_add(
	    out, slu_buf_front(&u->passphrase), u->passphrase.len);
}

/* That of a file of keys is another one, as far as only people know them. */
static slu_status
give_for(struct unlock_file *f, const char *about, slu_buf *out)
{
	slu_buf typed = PASSPHRASE_BUF;
	slu_status st;

	if (!may_ask(f->of))
		return not_here();
	if (f->of->source->option != 0)
		return give(out, f->of);
	f->of->code =
	    passphrase_get(f->of->source, PASSPHRASE_KNOWN, about, &typed);
	st = f->of->code != EXIT_DONE
		 ? slu_fail(SLU_ERR_NO_MATCH, "unseal: no passphrase")
		 : slu_buf_add(out, slu_buf_front(&typed), typed.len);
	slu_buf_free(&typed);
	return st;
}

static slu_status
give_for_keys(slu_buf *out, void *arg)
{
	struct unlock_file *f = arg;

	return give_for(f, input_name(f->name), out);
}

static slu_status
give_for_key_inside(slu_buf *out, void *arg)
{
	struct unlock_file *f = arg;
	char about[ABOUT_INSIDE_MAX];

	snprintf(
	    about, sizeof(about), "the ssh key in %s", input_name(f->name));
	return give_for(f, about, out);
}

/* A key that is to be named is not one to pass over. */
static slu_status
pass_over(size_t line, const char *why, void *arg)
{
	struct unlock_file *f = arg;

	if (f->of->names_keys)
		return slu_fail(SLU_ERR_FORMAT, "keys: %s", why);
	keys_pass_over(input_name(f->name), line, why);
	return SLU_OK;
}

exit_code
unlock_add(unlock *u, const char *name, unsigned max_work_factor)
{
	struct unlock_file *f = &u->files[u->n];
	const slu_identity_file_options options = { .ask = give_for_keys,
		.ask_inside = give_for_key_inside,
		.passed_over = pass_over,
		.arg = f,
		.max_work_factor = max_work_factor,
		.name = input_name(name) };

	if (u->n == KEYS_MAX)
		return say_fail(
		    EXIT_MISUSED, "more than %d files of keys", KEYS_MAX);
	u->n++;
	*f = (struct unlock_file){ u, name };
	return keys_read(name, u->ids, &options);
}

exit_code
unlock_begin(unlock *u, const passphrase_source *source, const char *about,
    const keys_options *k, unsigned max_work_factor)
{
	exit_code code;
	slu_status st;

	u->asker = pthread_self();
	u->source = source;
	u->about = about;
	u->passphrase = PASSPHRASE_BUF;
	st = slu_identities_new(&u->ids);
	if (st == SLU_OK)
		st = slu_identities_ask(u->ids, give, u, max_work_factor);
	code = say_status(st, "unseal");
	for (size_t i = 0; i < k->n && code == EXIT_DONE; i++)
		code = unlock_add(u, k->each[i].value, max_work_factor);
	return code;
}

exit_code
unlock_know(unlock *u, const slu_buf *passphrase)
{
	u->asked = true;
	return say_status(slu_buf_add(&u->passphrase, slu_buf_front(passphrase),
			      passphrase->len),
	    "passphrase");
}

void
unlock_hint(const unlock *u, slu_status st, const unlock_told *told)
{
	if (told->over_limit > 0 && told->over_limit <= SLU_WORK_FACTOR_CEILING)
		say_hint(
		    "allow it with --max-work-factor %u", told->over_limit);
	if (st != SLU_ERR_NO_MATCH)
		return;
	if (told->foreign)
		say_hint("it takes another program: sluice opens scrypt, "
			 "X25519, ssh-ed25519 and ssh-rsa");
	/* No passphrase was of use. */
	else if (u->n == 0 && !u->asked)
		say_hint("-i FILE opens it with the secret key in FILE");
}

void
unlock_free(unlock *u)
{
	slu_buf_free(&u->passphrase);
	slu_identities_free(u->ids);
	u->ids = NULL;
}
