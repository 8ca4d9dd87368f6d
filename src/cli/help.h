/* SPDX-License-Identifier: ISC */
/* help.h: the help, made of the tables that the parser uses. */
#ifndef SLUICE_CLI_HELP_H
#define SLUICE_CLI_HELP_H

#include "command.h"

/* Print how to use the whole program; `commands` ends with NULL. */
void help_program(const command *const *commands, const args_option *general);

/* Print how to use one command. */
void help_command(const command *c, const args_option *general);

/* The few lines for who typed nothing, on standard error. */
void help_short(const command *const *commands);

#endif
