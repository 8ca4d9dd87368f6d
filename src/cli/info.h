/* SPDX-License-Identifier: ISC */
/* info.h: what was agreed on with a peer, and who it is, for people. */
#ifndef SLUICE_CLI_INFO_H
#define SLUICE_CLI_INFO_H

#include "exit.h"
#include "sluice/tls.h"

typedef enum info_form {
	INFO_NONE = 0,
	INFO_TEXT,
	INFO_JSON, /* one object, in one line */
} info_form;

/* Print it on standard output, after the handshake with `name`. */
exit_code info_print(slu_tls *tls, const char *name, info_form form);

#endif
