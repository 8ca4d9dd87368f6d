/* SPDX-License-Identifier: ISC */
/* session_file.h: a TLS session in a file, from one run to the next. */
#ifndef SLUICE_CLI_SESSION_FILE_H
#define SLUICE_CLI_SESSION_FILE_H

#include "exit.h"
#include "sluice/tls.h"

/*
 * Offer the server the session in the file, if there is one that fits.  What
 * fails is a file that cannot be read, or that holds something else: it would
 * be replaced by the new session.
 */
exit_code session_file_offer(const char *name, slu_tls *tls);

/* Keep the latest session there, in one step and for the owner alone. */
exit_code session_file_keep(const char *name, slu_tls *tls);

#endif
