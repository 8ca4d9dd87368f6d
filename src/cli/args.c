/* SPDX-License-Identifier: ISC */
#include "args.h"

#include <stddef.h>
#include <string.h>

#include "say.h"
#include "suggest.h"

static const args_option *
find_letter(const args_option *table, int letter)
{
	for (; table != NULL && table->id != 0; table++)
		if (table->letter == letter)
			return table;
	return NULL;
}

static const args_option *
find_name(const args_option *table, const char *name, size_t len)
{
	for (; table != NULL && table->id != 0; table++)
		if (table->name != NULL &&
		    strncmp(table->name, name, len) == 0 &&
		    table->name[len] == '\0')
			return table;
	return NULL;
}

static void
try_names(suggestion *best, const char *name, const args_option *table)
{
	for (; table != NULL && table->id != 0; table++)
		if (table->name != NULL)
			suggest(best, name, table->name);
}

static int
unknown_name(const args *a, const char *name, size_t len)
{
	suggestion best = { 0 };
	char typed[64];

	if (len < sizeof(typed)) {
		memcpy(typed, name, len);
		typed[len] = '\0';
		try_names(&best, typed, a->special);
		try_names(&best, typed, a->general);
	}
	if (best.word == NULL)
		(void)say_fail(
		    EXIT_MISUSED, "unknown option '--%.*s'", (int)len, name);
	else
		(void)say_fail(EXIT_MISUSED,
		    "unknown option '--%.*s'; did you mean '--%s'?", (int)len,
		    name, best.word);
	return ARGS_BAD;
}

static int
take_name(args *a, const char *word)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	const args_option *o;

	o = find_name(a->special, word, len);
	if (o == NULL)
		o = find_name(a->general, word, len);
	if (o == NULL)
		return unknown_name(a, word, len);
	a->value = equals ? equals + 1 : NULL;
	if (o->value == NULL && equals) {
		(void)say_fail(
		    EXIT_MISUSED, "option --%s takes no value", o->name);
		return ARGS_BAD;
	}
	if (o->value == NULL || equals || o->kind == ARGS_MAY)
		return o->id;
	if (a->at >= a->argc) {
		(void)say_fail(
		    EXIT_MISUSED, "option --%s needs a value", o->name);
		return ARGS_BAD;
	}
	a->value = a->argv[a->at++];
	return o->id;
}

static int
take_letter(args *a)
{
	int letter = (unsigned char)*a->letters++;
	const char *rest = *a->letters != '\0' ? a->letters : NULL;
	const args_option *o;

	a->letters = rest;
	o = find_letter(a->special, letter);
	if (o == NULL)
		o = find_letter(a->general, letter);
	if (o == NULL) {
		(void)say_fail(EXIT_MISUSED, "unknown option '-%c'", letter);
		return ARGS_BAD;
	}
	a->value = NULL;
	if (o->value == NULL)
		return o->id;
	a->letters = NULL;
	if (o->kind == ARGS_MAY && rest != NULL && *rest == '=')
		rest++;
	a->value = rest;
	if (rest != NULL || o->kind == ARGS_MAY)
		return o->id;
	if (a->at >= a->argc) {
		(void)say_fail(
		    EXIT_MISUSED, "option -%c needs a value", letter);
		return ARGS_BAD;
	}
	a->value = a->argv[a->at++];
	return o->id;
}

int
args_next(args *a)
{
	const char *word;

	if (a->letters != NULL)
		return take_letter(a);
	if (a->at >= a->argc)
		return ARGS_END;
	word = a->argv[a->at++];
	if (a->all_operands || word[0] != '-' || word[1] == '\0') {
		a->value = word;
		return ARGS_OPERAND;
	}
	if (word[1] != '-') {
		a->letters = word + 1;
		return take_letter(a);
	}
	if (word[2] != '\0')
		return take_name(a, word + 2);
	a->all_operands = true;
	return args_next(a);
}
