/* SPDX-License-Identifier: ISC */
/* rename.h: a name given to a file only if nothing has it. */
#ifndef SLUICE_BIO_RENAME_H
#define SLUICE_BIO_RENAME_H

#include <stdbool.h>

/*
 * Rename `from` to `to`, both in the folder that is open at `folder`.  False
 * with EEXIST where `to` is taken, be it only since a moment ago, or with
 * what else `errno` says; both names are then as they were.
 */
bool slu_rename_to_free(int folder, const char *from, const char *to);

#endif
