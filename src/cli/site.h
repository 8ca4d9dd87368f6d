/* SPDX-License-Identifier: ISC */
/* site.h: where somebody listens, as it is typed. */
#ifndef SLUICE_CLI_SITE_H
#define SLUICE_CLI_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "exit.h"

#define SITE_HOST_MAX 255 /* bytes of a name, the most that the DNS has */

/* HOST:PORT, where HOST may be an address of IPv6 in brackets; unix:PATH. */
typedef struct site {
	const char *text;             /* lent: for messages */
	const char *path;             /* lent; NULL: host and port it is */
	char host[SITE_HOST_MAX + 1]; /* without brackets; "" for none */
	uint16_t port;
} site;

/* Read where to connect to, or say what is wrong with it. */
exit_code site_read(site *s, const char *text);

/* The same for where to listen: a port may stand alone, and may be 0. */
exit_code site_read_here(site *s, const char *text);

#endif
