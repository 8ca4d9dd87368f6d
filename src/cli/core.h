/* SPDX-License-Identifier: ISC */
/* core.h: no core file of what memory holds. */
#ifndef SLUICE_CLI_CORE_H
#define SLUICE_CLI_CORE_H

/*
 * Have no core file from here on, whatever ends the program.  On Linux none
 * is handed to a program that collects them either, and no process of the
 * same user, unless it is privileged, can look into the memory.
 */
void core_forbid(void);

#endif
