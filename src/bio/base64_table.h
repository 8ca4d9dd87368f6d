/* SPDX-License-Identifier: ISC */
/* base64_table.h: each alphabet in full, for what looks up a vector of it. */
#ifndef SLUICE_BIO_BASE64_TABLE_H
#define SLUICE_BIO_BASE64_TABLE_H

#include "sluice/base64.h"

#define SLU_BASE64_CHARACTERS 64
#define SLU_BASE64_VALUES 128 /* of ASCII; other bytes have no value */
#define SLU_BASE64_NONE 0x80  /* no value: like such a byte, by its top bit */

/* The character of each value, by alphabet. */
extern const char slu_base64_characters[][SLU_BASE64_CHARACTERS + 1];

/* The value of each ASCII character, or SLU_BASE64_NONE, by alphabet. */
extern const unsigned char slu_base64_values[][SLU_BASE64_VALUES];

#endif
