/* SPDX-License-Identifier: ISC */
/*
 * kit.h: the age test kit (C2SP/CCTV), one file of it at a time.
 *
 * A vector is a few lines of `key: value`, an empty line, and a sealed file,
 * which may be deflated.
 */
#ifndef SLUICE_TESTS_KIT_H
#define SLUICE_TESTS_KIT_H

#include <stdbool.h>
#include <stddef.h>

#define KIT_VECTORS 143 /* in the kit we know; there may be more */

typedef enum kit_expect {
	KIT_SUCCESS,
	KIT_NO_MATCH,
	KIT_HMAC_FAILURE,
	KIT_HEADER_FAILURE,
	KIT_ARMOR_FAILURE,
	KIT_PAYLOAD_FAILURE,
} kit_expect;

typedef struct kit_vector {
	const char *name;
	kit_expect expect;
	bool has_payload;          /* something may be released: its digest */
	unsigned char payload[32]; /* SHA-256 of all that is to be released */
	unsigned char file_key[16];
	char passphrase[2][32];
	size_t npassphrases;
	char identity[2][80]; /* AGE-SECRET-KEY-1..., or -PQ-1... */
	size_t nidentities;
	bool hybrid; /* it has an identity of the kind that we do not have */
	bool armored;
	unsigned char *file; /* the sealed file */
	size_t len;
} kit_vector;

/*
 * Call `each` with every vector of the kit, sorted by name; returns how many
 * there are.  Where the kit is absent, the running test is skipped.
 */
size_t kit_each(void (*each)(const kit_vector *v, void *arg), void *arg);

#endif
