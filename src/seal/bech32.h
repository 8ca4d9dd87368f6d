/* SPDX-License-Identifier: ISC */
/*
 * bech32.h: keys as text: a name for what they are, "1", the bytes five bits
 * a character, and a checksum (BIP 173; C2SP age, "The X25519 recipient
 * type").
 *
 * A name is in lower or in upper case, and the text behind it is too: bytes
 * have one spelling.  How long a call takes does not depend on them.
 */
#ifndef SLUICE_SEAL_BECH32_H
#define SLUICE_SEAL_BECH32_H

#include <stddef.h>

#include "sluice/status.h"

/* The characters of `len` bytes under a name of `name_len` characters. */
#define SLU_BECH32_CHARS(name_len, len) ((name_len) + 1 + ((len)*8 + 4) / 5 + 6)

/* Encode `len` bytes into SLU_BECH32_CHARS characters and a NUL. */
void slu_bech32_encode(
    char *out, const char *name, const unsigned char *data, size_t len);

/*
 * Decode a text of `len` characters that is to hold `out_len` bytes.  NULL,
 * or else what is wrong with it, in words that go behind a colon; then `out`
 * is all zeros.
 */
const char *slu_bech32_decode(unsigned char *out, size_t out_len,
    const char *name, const char *text, size_t len);

#endif
