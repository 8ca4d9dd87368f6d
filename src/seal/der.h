/* SPDX-License-Identifier: ISC */
/*
 * der.h: what stands one after the other in DER (X.690), as far as the files
 * of private keys have it.  A length has one spelling, of up to two bytes.
 */
#ifndef SLUICE_SEAL_DER_H
#define SLUICE_SEAL_DER_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/status.h"

enum {
	SLU_DER_INTEGER = 0x02,
	SLU_DER_OCTETS = 0x04,
	SLU_DER_OID = 0x06,
	SLU_DER_SEQUENCE = 0x30,
};

typedef struct slu_der {
	const unsigned char *at; /* lent */
	size_t left;
} slu_der;

/* Take what has this tag off the front; false where it is not there. */
bool slu_der_take(slu_der *from, unsigned char tag, slu_der *out) SLU_CHECKED;

/* The same for a number of up to four bytes, none of them a sign. */
bool slu_der_take_u32(slu_der *from, unsigned long *out) SLU_CHECKED;

/* Whether its bytes are those. */
bool slu_der_is(const slu_der *d, const void *bytes, size_t len);

#endif
