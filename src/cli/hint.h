/* SPDX-License-Identifier: ISC */
/*
 * hint.h: hints that name a file, as commands that can be pasted.
 *
 * Where a name cannot be had in a command that does what it says, there is
 * no hint.
 */
#ifndef SLUICE_CLI_HINT_H
#define SLUICE_CLI_HINT_H

/* A directory cannot be sealed: say how a folder can. */
void hint_tar(const char *folder);

/* A directory is no output: say how files get into it. */
void hint_folder(const char *folder);

/* How armor comes off the file `name`, or off standard input. */
void hint_dearmor(const char *name);

#endif
