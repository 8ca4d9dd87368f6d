/* SPDX-License-Identifier: ISC */
#include "net_fault.h"

#include <stdbool.h>
#include <string.h>

#include "say.h"

/* What the program has its own words for, to servers and to clients. */
static const struct {
	const char *reason, *server, *client;
} ours[] = {
	{ "tls: the peer left without a close_notify",
	    "closed without close_notify", "closed without close_notify" },
	{ "tls: self-signed certificate",
	    "self-signed certificate (use --ca FILE to trust it)",
	    "self-signed certificate (use --client-ca FILE to trust it)" },
};

static bool clients; /* are those who are checked */

void
net_fault_clients(void)
{
	clients = true;
}

/* The reason begins with the room that found it. */
static bool
is_tls(void)
{
	return strncmp(slu_error(), "tls: ", 5) == 0;
}

exit_code
net_code(slu_status st)
{
	switch (st) {
	case SLU_OK: return EXIT_DONE;
	case SLU_ERR_MEMORY: return EXIT_IO;
	case SLU_ERR_USAGE: return EXIT_MISUSED;
	default: return is_tls() ? EXIT_TLS : EXIT_NETWORK;
	}
}

const char *
net_cause(const char *name)
{
	const char *cause = strstr(slu_error(), ": ");
	const char *label = strrchr(name, ' ');
	size_t len;

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(slu_error(), ours[i].reason) == 0)
			return clients ? ours[i].client : ours[i].server;
	if (cause == NULL)
		return slu_error();
	/* Sinks go on with where they lead to, as `name` does. */
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
	if (st == SLU_OK)
		return EXIT_DONE;
	return say_fail(net_code(st), "%s: %s", name, net_cause(name));
}
