/* SPDX-License-Identifier: ISC */
/* net_fault.h: what went wrong on the way to somebody, in words. */
#ifndef SLUICE_CLI_NET_FAULT_H
#define SLUICE_CLI_NET_FAULT_H

#include "exit.h"
#include "sluice/status.h"

/*
 * The exit code that stands for the library's latest failure `st`, of a chain
 * that leads to somebody: EXIT_TLS where TLS found it, else EXIT_NETWORK,
 * unless what failed has nothing to do with the other side.
 */
exit_code net_code(slu_status st);

/*
 * From now on it is clients that are checked, and --client-ca is what there is
 * to be said for one that is not trusted.
 */
void net_fault_clients(void);

/* Why it failed, in words that follow `name`. */
const char *net_cause(const char *name);

/* Say it all, and return the exit code.  SLU_OK is EXIT_DONE, in silence. */
exit_code net_failed(slu_status st, const char *name);

#endif
