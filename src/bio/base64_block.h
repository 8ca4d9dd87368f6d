/* SPDX-License-Identifier: ISC */
/*
 * base64_block.h: the path in plain C, which every machine can take, and
 * which ends what is too short for a vector on the others.
 */
#ifndef SLUICE_BIO_BASE64_BLOCK_H
#define SLUICE_BIO_BASE64_BLOCK_H

#include "base64_path.h"

extern const slu_base64_path slu_base64_block;

/* As base64_path.h has them. */
void slu_base64_block_encode(unsigned char *out, const unsigned char *in,
    size_t groups, slu_base64_alphabet alphabet);
void slu_base64_block_decode(slu_base64_run *r, slu_base64_alphabet alphabet);

/* The value of one character, or -1 if the alphabet has no such. */
int slu_base64_value(unsigned char c, slu_base64_alphabet alphabet);

#endif
