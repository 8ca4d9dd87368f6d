/* SPDX-License-Identifier: ISC */
#include "hint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "input.h"
#include "say.h"
#include "visible.h"

#define NAME_MAX_SHOWN 1000

/* Characters that no shell cares about, wherever in a word they are. */
static const char plain[] = "0123456789abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_./-+,:@%";

/* A name and something behind it, as a word of a command. */
struct word {
	char text[4 * NAME_MAX_SHOWN + 20];
};

/*
 * Quote the first `len` bytes of `name`, and `end`.  False where the word
 * would not be shown as it is.
 */
static bool
quote(struct word *w, const char *name, size_t len, const char *end)
{
	char raw[NAME_MAX_SHOWN + 10], shown[VISIBLE_MAX(sizeof(raw))];
	char *to = w->text;

	if (len == 0 || len > NAME_MAX_SHOWN)
		return false;
	snprintf(raw, sizeof(raw), "%s%.*s%s", name[0] == '-' ? "./" : "",
	    (int)len, name, end);
	if (strcmp(visible(shown, raw), raw) != 0)
		return false;
	if (strspn(raw, plain) == strlen(raw)) {
		strcpy(w->text, raw);
		return true;
	}
	*to++ = '\'';
	for (const char *p = raw; *p != '\0'; p++) {
		if (*p == '\'') {
			memcpy(to, "'\\'", 3);
			to += 3;
		}
		*to++ = *p;
	}
	strcpy(to, "'");
	return true;
}

/* Whether the path ends in a name, and not in "..", "." or "/". */
static bool
has_name(const char *path, size_t len)
{
	size_t n = 0;

	while (n < len && path[len - n - 1] != '/')
		n++;
	path += len - n;
	return n > 0 && !(n == 1 && path[0] == '.') &&
	       !(n == 2 && path[0] == '.' && path[1] == '.');
}

void
hint_tar(const char *folder)
{
	size_t len = strlen(folder);
	struct word from, to;

	while (len > 1 && folder[len - 1] == '/')
		len--;
	if (!input_is_standard(folder) && has_name(folder, len) &&
	    quote(&from, folder, len, "") &&
	    quote(&to, folder, len, ".tar.age"))
		say_hint("tar c %s | sluice seal -o %s", from.text, to.text);
}

void
hint_folder(const char *folder)
{
	struct word w;

	if (quote(&w, folder, strlen(folder), ""))
		say_hint("-O %s puts files into it", w.text);
}

void
hint_dearmor(const char *name)
{
	struct word w;

	if (input_is_standard(name))
		say_hint("sluice pipe dearmor takes it off");
	else if (quote(&w, name, strlen(name), ""))
		say_hint("sluice pipe dearmor <%s takes it off", w.text);
}
