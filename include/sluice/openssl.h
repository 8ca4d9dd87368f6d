/* SPDX-License-Identifier: ISC */
/*
 * openssl.h: a BIO of OpenSSL's under a chain, and a chain under OpenSSL.
 *
 * OpenSSL's type BIO is `struct bio_st`, and is called so here, so that this
 * header does not need OpenSSL's.
 */
#ifndef SLUICE_OPENSSL_H
#define SLUICE_OPENSSL_H

#include "sluice/bio.h"

SLU_BEGIN_DECLS

struct bio_st;

/*
 * Read from and write to `bio`, which is lent: it must outlive the chain,
 * which never frees it.  It may be a whole chain of OpenSSL's, and must carry
 * a stream: a datagram BIO is SLU_ERR_USAGE.
 *
 * A retry is SLU_WANT_READ or SLU_WANT_WRITE, whichever it asks for.  What is
 * neither progress nor a retry is the end where `bio` says 0 and leaves no
 * error behind; all else is a failure, in the words of OpenSSL's error queue,
 * which is emptied.  So an empty BIO_s_mem() is a WANT, unless it was told
 * otherwise (BIO_set_mem_eof_return), and a TLS stream without its
 * close_notify is SLU_ERR_TRUNCATED.  What OpenSSL's filters keep to
 * themselves cannot be told here: its base64 filter takes malformed input for
 * the end.
 *
 * Up to 64 KiB that `bio` did not take at once wait here.  A flush and a
 * finish hand them over, and flush `bio`.
 */
slu_status slu_openssl_open(slu_bio **top, struct bio_st *bio) SLU_CHECKED;

/*
 * Make a BIO for OpenSSL, for PEM, CMS or libssl, that reads from and writes
 * to `chain`, which is lent: it must outlive the BIO, and is finished and
 * freed by the caller, after BIO_free().  NULL without memory.
 *
 * A WANT is a retry, in the direction that the chain waits for; the end is 0,
 * with BIO_eof(); a failure is an error of the library "sluice", whose reason
 * is the status and whose data are the words of the chain.  BIO_gets() takes
 * no more than its line, and BIO_flush() flushes the chain.  The BIO cannot be
 * sought in nor duplicated.  `sluice` must not be unloaded (dlclose) once
 * this was called.
 */
struct bio_st *slu_openssl_bio(slu_bio *chain) SLU_CHECKED;

SLU_END_DECLS

#endif
