/* SPDX-License-Identifier: ISC */
/*
 * names.h: what we call the digests that libcrypto provides.
 *
 * libcrypto knows each digest by several names, none of them the one that
 * people write: SHA2-256, SHA-256, SHA256, 2.16.840.1.101.3.4.2.1.  Ours is
 * the shortest of them, in lower case, that tells as much as the first one.
 */
#ifndef SLUICE_HASH_NAMES_H
#define SLUICE_HASH_NAMES_H

#include <openssl/evp.h>
#include <stdbool.h>

#include "sluice/status.h"

#define SLU_NAMES_MAX 64 /* bytes of the longest name, its NUL included */

/* Whether `md` is a digest that can stand alone. */
bool slu_names_offers(const EVP_MD *md);

/* Write the name under which `md` is listed.  SLU_ERR_MEMORY. */
slu_status slu_names_of(const EVP_MD *md, char name[SLU_NAMES_MAX]) SLU_CHECKED;

/*
 * Leave out what people leave out of a name: capitals, dashes, underscores
 * and slashes.  One that is too long becomes "", which no digest has.
 */
void slu_names_fold(char out[SLU_NAMES_MAX], const char *name);

/* Call `each` with every name, sorted, each once.  SLU_ERR_MEMORY. */
slu_status slu_names_each(
    void (*each)(const char *name, void *arg), void *arg) SLU_CHECKED;

/* `c` in lower case, whatever the locale. */
static inline char
slu_names_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

#endif
