/* SPDX-License-Identifier: ISC */
/* cores.h: how many threads are worth while. */
#ifndef SLUICE_CLI_CORES_H
#define SLUICE_CLI_CORES_H

/* The processors that this process may run on, 1 at least. */
unsigned cores_count(void);

#endif
