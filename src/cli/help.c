/* SPDX-License-Identifier: ISC */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "out.h"

#define COLUMN 28 /* where the explanations begin */

/* Print `text`, each of its lines after `indent` spaces. */
static void
print_lines(int indent, const char *text)
{
	const char *end;

	for (; *text != '\0'; text = *end == '\n' ? end + 1 : end) {
		end = text + strcspn(text, "\n");
		if (end > text)
			out("%*s", indent, "");
		out("%.*s\n", (int)(end - text), text);
	}
}

static void
print_option(const args_option *o)
{
	const char *more = o->help + strcspn(o->help, "\n");
	const char *before = "", *after = "";
	char names[80];

	if (o->value != NULL) {
		before = o->kind == ARGS_MAY ? "[=" : " ";
		after = o->kind == ARGS_MAY ? "]" : "";
	}
	snprintf(names, sizeof(names), "  %c%c%s%s%s%s%s",
	    o->letter != 0 ? '-' : ' ', o->letter != 0 ? o->letter : ' ',
	    o->name == NULL  ? ""
	    : o->letter != 0 ? ", --"
			     : "  --",
	    o->name != NULL ? o->name : "", before,
	    o->value != NULL ? o->value : "", after);
	if (strlen(names) > COLUMN - 2)
		out("%s\n%*s", names, COLUMN, "");
	else
		out("%-*s", COLUMN, names);
	out("%.*s\n", (int)(more - o->help), o->help);
	if (*more == '\n')
		print_lines(COLUMN, more + 1);
}

static void
print_options(const char *title, const args_option *o)
{
	out("\n%s:\n", title);
	for (; o->id != 0; o++)
		print_option(o);
}

void
help_command(const command *c, const args_option *general)
{
	const char *line, *end;

	for (line = c->usage; *line != '\0'; line = end + (*end == '\n')) {
		end = line + strcspn(line, "\n");
		out("%s sluice %s%s%.*s\n",
		    line == c->usage ? "usage:" : "      ", c->name,
		    end > line ? " " : "", (int)(end - line), line);
	}
	if (c->alias != NULL)
		out("       (sluice %s is the same)\n", c->alias);
	out("\n");
	print_lines(0, c->about);
	if (c->options->id != 0)
		print_options("options", c->options);
	print_options("options of every command", general);
	out("\nexamples:\n");
	print_lines(2, c->examples);
}

static void
print_commands(FILE *to, const command *const *commands)
{
	for (; *commands != NULL; commands++)
		fprintf(
		    to, "  %-10s%s\n", (*commands)->name, (*commands)->summary);
}

void
help_program(const command *const *commands, const args_option *general)
{
	out("usage: sluice COMMAND [OPTION...] [ARGUMENT...]\n\n"
	    "Seals files with a passphrase or for keys, digests, makes random "
	    "data, talks\n"
	    "TLS, and strings such steps together.\n\ncommands:\n");
	print_commands(stdout, commands);
	print_options("options of every command", general);
	out("\n'sluice help COMMAND' explains a command.\n"
	    "Exit codes and all else: sluice(1).\n");
}

void
help_short(const command *const *commands)
{
	fputs("usage: sluice COMMAND [OPTION...] [ARGUMENT...]\n\n"
	      "commands:\n",
	    stderr);
	print_commands(stderr, commands);
	fputs("\n'sluice help' says more\n", stderr);
}
