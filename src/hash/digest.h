/* SPDX-License-Identifier: ISC */
/* digest.h: the kind of slu_hash that needs no key. */
#ifndef SLUICE_HASH_DIGEST_H
#define SLUICE_HASH_DIGEST_H

#include "hash_internal.h"

/* Fill in `h` with the digest `name`, started; as slu_hash_new fails. */
slu_status slu_digest_make(slu_hash *h, const char *name) SLU_CHECKED;

#endif
