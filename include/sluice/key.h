/* SPDX-License-Identifier: ISC */
/* key.h: keys to seal files for. */
#ifndef SLUICE_KEY_H
#define SLUICE_KEY_H

#include "sluice/buf.h"

SLU_BEGIN_DECLS

/*
 * Make a secret key, and append it to `out` as slu_identities_key takes it,
 * 74 characters.  slu_identities_recipients tells its public half.  Every
 * failure leaves `out` as it was.
 */
slu_status slu_key_new(slu_buf *out) SLU_CHECKED;

SLU_END_DECLS

#endif
