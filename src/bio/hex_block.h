/* SPDX-License-Identifier: ISC */
/*
 * hex_block.h: the inner loops of hex.
 *
 * What is encoded is often a key, so neither loop looks anything up by it,
 * nor branches on it: a clean text takes the same time whatever it says.
 */
#ifndef SLUICE_BIO_HEX_BLOCK_H
#define SLUICE_BIO_HEX_BLOCK_H

#include <stddef.h>

/*
 * Encode `len` bytes at `in` as two digits each; `ten` is the digit for 10,
 * 'a' or 'A'.
 */
void slu_hex_block_encode(
    unsigned char *out, const unsigned char *in, size_t len, unsigned char ten);

/*
 * Decode at most `pairs` pairs of digits at `in`, four at a time, and return
 * how many: up to the first four that hold anything but digits.  Of `out`,
 * only the bytes of those are used.
 */
size_t slu_hex_block_decode(
    unsigned char *out, const unsigned char *in, size_t pairs);

#endif
