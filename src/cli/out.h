/* SPDX-License-Identifier: ISC */
/* out.h: text on standard output, where a failed write is not lost. */
#ifndef SLUICE_CLI_OUT_H
#define SLUICE_CLI_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "exit.h"
#include "sluice/status.h"

/* Print; a failure is kept for out_close. */
void out(const char *fmt, ...) SLU_PRINTF(1, 2);
void out_bytes(const void *data, size_t len);

/* Whether a write failed already, so that going on makes no sense. */
bool out_failed(void);

/*
 * Make `name` fit for where standard output goes: visible where that is a
 * terminal, else as it is.  The caller frees it; NULL without memory, which
 * is kept as a failure.
 */
char *out_name(const char *name);

/*
 * Hand over what waits and close standard output, whoever wrote to it: some
 * file systems tell only now that the disk is full.  Says what failed.
 */
exit_code out_close(void);

#endif
