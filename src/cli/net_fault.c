/* SPDX-License-Identifier: ISC */
#include "net_fault.h"

#include <stdbool.h>
#include <string.h>

#include "say.h"

/* The reason begins with the room that found it, and its sinks with a name. */
static const char *
cause_beside(const char *name)
{
	const char *cause = strstr(slu_error(), ": ");
	const char *label = strrchr(name, ' ');
	size_t len;

	if (cause == NULL)
		return slu_error();
	cause += 2;
	label = label != NULL ? label + 1 : name;
	len = strlen(label);
	if (strncmp(cause, label, len) == 0 &&
	    strncmp(cause + len, ": ", 2) == 0)
		cause += len + 2;
	return cause;
}

exit_code
net_failed(slu_status st, const char *name)
{
	bool tls;
	exit_code code;

	if (st == SLU_OK)
		return EXIT_DONE;
	tls = strncmp(slu_error(), "tls: ", 5) == 0;
	code = tls ? EXIT_TLS : EXIT_NETWORK;
	if (st == SLU_ERR_MEMORY)
		code = EXIT_IO;
	else if (st == SLU_ERR_USAGE)
		code = EXIT_MISUSED;
	return say_fail(code, "%s: %s", name,
	    tls && st == SLU_ERR_TRUNCATED ? "closed without close_notify"
					   : cause_beside(name));
}
