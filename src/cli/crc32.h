/* SPDX-License-Identifier: ISC */
/*
 * crc32.h: CRC-32, as zip, gzip and SFV lists have it (ISO 3309).
 *
 * It finds accidents, and no forgery: who changes a file can have any CRC-32
 * come out.  So the library does not call it a digest, and only lists that
 * others have written make the program know it.
 */
#ifndef SLUICE_CLI_CRC32_H
#define SLUICE_CLI_CRC32_H

#include "sluice/hash.h"

/* Start one, of 4 bytes; `*out` is the caller's, to be freed. */
slu_status crc32_new(slu_hash **out) SLU_CHECKED;

#endif
