/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say.h"
#include "visible.h"

static int failure; /* the errno of the first write that failed, or 0 */

static void
keep(bool failed)
{
	if (failed && failure == 0)
		failure = errno != 0 ? errno : EIO;
}

void
out(const char *fmt, ...)
{
	va_list ap;

	errno = 0;
	va_start(ap, fmt);
	keep(vprintf(fmt, ap) < 0);
	va_end(ap);
}

void
out_bytes(const void *data, size_t len)
{
	errno = 0;
	keep(fwrite(data, 1, len, stdout) != len);
}

bool
out_failed(void)
{
	return failure != 0;
}

char *
out_name(const char *name)
{
	char *shown = malloc(VISIBLE_MAX(strlen(name)));

	keep(shown == NULL);
	if (shown == NULL)
		return NULL;
	return isatty(STDOUT_FILENO) ? visible(shown, name)
				     : strcpy(shown, name);
}

exit_code
out_close(void)
{
	errno = 0;
	keep(ferror(stdout) != 0);
	keep(fclose(stdout) != 0);
	if (failure == 0)
		return EXIT_DONE;
	return say_fail(EXIT_IO, "standard output: %s", strerror(failure));
}
