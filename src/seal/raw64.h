/* SPDX-License-Identifier: ISC */
/*
 * raw64.h: base64 as it stands in the header of a sealed file: without
 * padding, and canonical, so that no two texts mean the same bytes (C2SP
 * age, "Conventions used in this document"; RFC 4648 sections 3.2, 3.5, 4).
 */
#ifndef SLUICE_SEAL_RAW64_H
#define SLUICE_SEAL_RAW64_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/status.h"

/* The characters that `len` bytes take, and the bytes in `len` characters. */
#define SLU_RAW64_CHARS(len) (((len)*4 + 2) / 3)
#define SLU_RAW64_BYTES(len) ((len) / 4 * 3 + (len) % 4 * 3 / 4)

/* Whether `c` is one of the 64 characters. */
bool slu_raw64_is(unsigned char c);

/* Encode into SLU_RAW64_CHARS(len) characters, and no NUL. */
void slu_raw64_encode(char *out, const void *data, size_t len);

/*
 * Decode into SLU_RAW64_BYTES(len) bytes.  False where the text is not what
 * slu_raw64_encode would make of them.
 */
bool slu_raw64_decode(void *out, const char *text, size_t len) SLU_CHECKED;

/* The same for a text that ends in NUL and has to hold `len` bytes. */
bool slu_raw64_decode_all(void *out, size_t len, const char *text) SLU_CHECKED;

#endif
