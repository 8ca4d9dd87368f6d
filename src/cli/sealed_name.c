/* SPDX-License-Identifier: ISC */
#include "sealed_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

static const char suffix[] = ".age";

#define SUFFIX_LEN (sizeof(suffix) - 1)

/* Join the first `len` bytes of `name`, moved to `folder`, and `end`. */
static exit_code
join(char **out, const char *folder, const char *name, size_t len,
    const char *end)
{
	const char *slash = strrchr(name, '/'), *between = "";
	size_t size;

	if (folder != NULL && slash != NULL) {
		len -= (size_t)(slash + 1 - name);
		name = slash + 1;
	}
	if (folder == NULL)
		folder = "";
	else if (folder[0] != '\0' && folder[strlen(folder) - 1] != '/')
		between = "/";
	size = strlen(folder) + 1 + len + strlen(end) + 1;
	*out = malloc(size);
	if (*out == NULL)
		return say_fail(EXIT_IO, "%s: out of memory", name);
	snprintf(
	    *out, size, "%s%s%.*s%s", folder, between, (int)len, name, end);
	return EXIT_DONE;
}

exit_code
sealed_name(char **out, const char *name, const char *folder)
{
	return join(out, folder, name, strlen(name), suffix);
}

exit_code
unsealed_name(char **out, const char *name, const char *folder)
{
	size_t len = strlen(name);

	if (len > SUFFIX_LEN && strcmp(name + len - SUFFIX_LEN, suffix) == 0 &&
	    name[len - SUFFIX_LEN - 1] != '/')
		return join(out, folder, name, len - SUFFIX_LEN, "");
	/* The name says what a file is: do not guess. */
	if (len >= SUFFIX_LEN && strcmp(name + len - SUFFIX_LEN, suffix) == 0)
		(void)say_fail(EXIT_MISUSED,
		    "%s: there is no name in front of %s", name, suffix);
	else
		(void)say_fail(EXIT_MISUSED, "%s: unknown suffix, not %s",
		    say_name(name), suffix);
	say_hint("use -o FILE");
	return EXIT_MISUSED;
}
