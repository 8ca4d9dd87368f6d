/* SPDX-License-Identifier: ISC */
/* credential.h: what a user's name and a password may be made of. */
#ifndef SLUICE_BIO_CREDENTIAL_H
#define SLUICE_BIO_CREDENTIAL_H

#include <stddef.h>

#include "sluice/status.h"

#define SLU_CREDENTIAL_MAX 255 /* bytes */

/*
 * Check that `text`, which is a user or a password as `what` says, has
 * `least` to SLU_CREDENTIAL_MAX bytes: SLU_ERR_USAGE in the words of `room`.
 */
slu_status slu_credential_length(const char *room, const char *what,
    const char *text, size_t least) SLU_CHECKED;

/* Check that it has no control characters, which could end a line. */
slu_status slu_credential_line(
    const char *room, const char *what, const char *text) SLU_CHECKED;

#endif
