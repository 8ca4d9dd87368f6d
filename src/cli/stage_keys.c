/* SPDX-License-Identifier: ISC */
#include "stage_keys.h"

#include "say.h"

/* Whether a passphrase is what stages seal with. */
static bool
seals_with_passphrase(const stage_keys_options *o, const stages *all)
{
	return stages_have(all, "seal") && o->seals.n == 0;
}

/* Options for a stage that is not there. */
static exit_code
check_stages(const stage_keys_options *o, const stages *all)
{
	bool unseals = stages_have(all, "unseal");
	bool seals = stages_have(all, "seal");

	if (o->work_factor != 0 && !seals)
		return say_fail(
		    EXIT_MISUSED, "--work-factor is for stage seal");
	if (o->max_work_factor != 0 && !unseals)
		return say_fail(
		    EXIT_MISUSED, "--max-work-factor is for stage unseal");
	if (o->seals.n > 0 && !seals)
		return say_fail(EXIT_MISUSED, "-r and -R are for stage seal");
	if (o->opens.n > 0 && !unseals)
		return say_fail(EXIT_MISUSED, "-i is for stage unseal");
	if (o->passphrase.option != 0 && !unseals && !seals)
		return say_fail(
		    EXIT_MISUSED, "none of the stages takes a passphrase");
	return EXIT_DONE;
}

static exit_code
check_passphrase(const stage_keys_options *o, const stages *all)
{
	const passphrase_source *p = &o->passphrase;
	bool unseals = stages_have(all, "unseal");

	if (o->seals.n > 0 && o->work_factor != 0)
		return say_fail(
		    EXIT_MISUSED, "--work-factor is for a passphrase");
	if (o->seals.n > 0 && !unseals && (p->option != 0 || p->habit))
		return say_fail(EXIT_MISUSED,
		    "a file is sealed for keys or with a passphrase, not both");
	/* Unless a key opens what the new passphrase is to seal. */
	if (p->option == PASSPHRASE_GENERATE && unseals &&
	    (o->opens.n == 0 || o->seals.n > 0))
		return say_fail(EXIT_MISUSED,
		    "stage unseal needs the passphrase that there is");
	return passphrase_without_input(p, "data");
}

exit_code
stage_keys_check(const stage_keys_options *o, const stages *all)
{
	exit_code code;

	code = check_stages(o, all);
	if (code == EXIT_DONE)
		code = check_passphrase(o, all);
	if (code == EXIT_DONE &&
	    keys_on_input(&o->seals) + keys_on_input(&o->opens) > 0)
		code = say_fail(EXIT_MISUSED,
		    "standard input cannot be both the data and the keys");
	return code;
}

exit_code
stage_keys_note(const stage_keys_options *o, ledger *l)
{
	exit_code code;

	code = passphrase_note(&o->passphrase, l);
	if (code == EXIT_DONE)
		code = keys_note(&o->seals, l);
	return code ? code : keys_note(&o->opens, l);
}

/* The one that seals is asked for now, and opens too. */
static exit_code
take_passphrase(stage_keys *k, const stage_keys_options *o, bool is_known)
{
	slu_buf passphrase = PASSPHRASE_BUF;
	exit_code code;

	code = passphrase_get(&o->passphrase,
	    is_known ? PASSPHRASE_KNOWN : PASSPHRASE_NEW, NULL, &passphrase);
	if (code == EXIT_DONE)
		code = say_status(slu_recipients_passphrase(k->recipients,
				      slu_buf_front(&passphrase),
				      passphrase.len, o->work_factor),
		    "passphrase");
	if (code == EXIT_DONE)
		code = unlock_know(&k->lock, &passphrase);
	slu_buf_free(&passphrase);
	return code;
}

exit_code
stage_keys_give(stage_keys *k, const stage_keys_options *o, stages *all)
{
	/* What a key opens says nothing of a passphrase. */
	bool is_known = stages_have(all, "unseal") && o->opens.n == 0;
	exit_code code;

	code = unlock_begin(
	    &k->lock, &o->passphrase, NULL, &o->opens, o->max_work_factor);
	if (code == EXIT_DONE)
		code = say_status(slu_recipients_new(&k->recipients), "seal");
	if (code == EXIT_DONE)
		code = keys_recipients(&o->seals, k->recipients);
	if (code == EXIT_DONE && seals_with_passphrase(o, all))
		code = take_passphrase(k, o, is_known);
	for (size_t i = 0; i < all->n; i++) {
		all->each[i].recipients = k->recipients;
		all->each[i].identities = k->lock.ids;
	}
	return code;
}

exit_code
stage_keys_failed(const stage_keys *k)
{
	return k->lock.code;
}

void
stage_keys_hint(const stage_keys *k, slu_status st, const stages *all)
{
	if (all->failed != NULL)
		unlock_hint(&k->lock, st, &all->failed->told);
}

void
stage_keys_free(stage_keys *k)
{
	slu_recipients_free(k->recipients);
	k->recipients = NULL;
	unlock_free(&k->lock);
}
