/* SPDX-License-Identifier: ISC */
/*
 * foreign.h: secret keys of kinds that we do not have: hybrid ones, that a
 * quantum computer would not help with (C2SP age, mlkem768x25519), and those
 * of plugins (C2SP age-plugin).  We know their form, and no more.
 */
#ifndef SLUICE_SEAL_FOREIGN_H
#define SLUICE_SEAL_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/buf.h"

#define SLU_FOREIGN_NAME_MAX 64    /* characters of a plugin's name */
#define SLU_FOREIGN_CHARS_MAX 8192 /* of a key */

/* Whether a text begins as the keys of one of these kinds do. */
bool slu_foreign_begins(const char *text, size_t len);

/*
 * Hold one to its form, and append to `what` which kind it is of, in words.
 * Nothing of the secret is kept.  Why it fails is said without the text.
 */
slu_status slu_foreign_read_secret(
    slu_buf *what, const char *text, size_t len) SLU_CHECKED;

#endif
