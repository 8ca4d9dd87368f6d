/* SPDX-License-Identifier: ISC */
/*
 * x25519.h: the keys that were made for sealed files (C2SP age, "The X25519
 * recipient type").
 */
#ifndef SLUICE_SEAL_X25519_H
#define SLUICE_SEAL_X25519_H

#include "agree.h"
#include "bech32.h"
#include "key_kind.h"

#define SLU_X25519_PUBLIC_NAME "age"
#define SLU_X25519_SECRET_NAME "AGE-SECRET-KEY-"
#define SLU_X25519_PUBLIC_CHARS SLU_BECH32_CHARS(3, SLU_POINT)
#define SLU_X25519_SECRET_CHARS SLU_BECH32_CHARS(15, SLU_POINT)

/* Its bytes are the public key, and the secret one in front of that. */
extern const slu_key_kind slu_x25519;

/* Append what a text spells.  Why it fails is said without the text. */
slu_status slu_x25519_read_public(
    slu_buf *key, const char *text, size_t len) SLU_CHECKED;
slu_status slu_x25519_read_secret(
    slu_buf *key, const char *text, size_t len) SLU_CHECKED;

#endif
