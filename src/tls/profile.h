/* SPDX-License-Identifier: ISC */
/*
 * profile.h: what browsers want of a chain, and libcrypto does not look at.
 */
#ifndef SLUICE_TLS_PROFILE_H
#define SLUICE_TLS_PROFILE_H

#include <openssl/x509.h>

/*
 * Look at a chain that libcrypto found to be right, leaf first, root last.
 * NULL where nothing is wrong with it; or else the fault, in words that go on
 * after "certificate", and `*depth` is where.
 */
const char *slu_profile_fault(const STACK_OF(X509) * chain, int *depth);

#endif
