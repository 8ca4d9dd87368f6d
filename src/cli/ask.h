/* SPDX-License-Identifier: ISC */
/* ask.h: questions on the terminal, whatever the standard streams are. */
#ifndef SLUICE_CLI_ASK_H
#define SLUICE_CLI_ASK_H

#include "exit.h"
#include "sluice/buf.h"
#include "sluice/status.h"

/*
 * Print `prompt` and append the line that is typed unseen to `out`, without
 * its end.  Echo is off meanwhile and comes back on every
 * way out, a signal included.  Says what went wrong: no terminal, and then the
 * options `instead` of the question, nothing typed but the end of input, a
 * line that is too long.
 */
exit_code ask_secret(const char *prompt, const char *instead, slu_buf *out);

/*
 * Show `len` bytes at `text` on the terminal; where there is
 * none, on standard error, unless that is a device like /dev/null, which is
 * EXIT_MISUSED.
 */
exit_code ask_show(const void *text, size_t len);

#endif
