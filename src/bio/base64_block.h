/* SPDX-License-Identifier: ISC */
/*
 * base64_block.h: the inner loops of base64, whole groups at a time.
 *
 * Only these two loops need to be fast.  What they know of the format is
 * the alphabet; line breaks, padding and the end are base64.c's.
 */
#ifndef SLUICE_BIO_BASE64_BLOCK_H
#define SLUICE_BIO_BASE64_BLOCK_H

#include <stddef.h>

/* Encode `groups` groups of 3 bytes at `in` as 4 characters each. */
void slu_base64_block_encode(
    unsigned char *out, const unsigned char *in, size_t groups);

/*
 * Decode at most `groups` groups of 4 characters at `in` to 3 bytes each,
 * and return how many: all up to the first that holds anything but the 64
 * characters of the alphabet.  Of `out`, only the bytes of those are used.
 */
size_t slu_base64_block_decode(
    unsigned char *out, const unsigned char *in, size_t groups);

/* The value of one character, or -1 if the alphabet has no such. */
int slu_base64_value(unsigned char c);

#endif
