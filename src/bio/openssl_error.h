/* SPDX-License-Identifier: ISC */
/*
 * openssl_error.h: failures told in OpenSSL's way, and OpenSSL's in ours.
 *
 * A failure that goes through both, up a chain of ours under a BIO of
 * OpenSSL's under a chain of ours, arrives as it left.
 */
#ifndef SLUICE_BIO_OPENSSL_ERROR_H
#define SLUICE_BIO_OPENSSL_ERROR_H

#include "sluice/status.h"

/* Put the failure `st`, with its words, on OpenSSL's error queue. */
void slu_openssl_raise(slu_status st);

/*
 * Fail as OpenSSL's error queue says, and empty it: of what is called `name`,
 * `what` failed.  Where the queue is empty, `errno` may say more, if not 0.
 */
slu_status slu_openssl_failed(const char *name, const char *what);

#endif
