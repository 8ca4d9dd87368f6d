/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "openssl_error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evperr.h>
#include <openssl/proverr.h>
#include <openssl/sslerr.h>

/* From here on, a reason of libssl is an alert of the peer's. */
#define SSL_ALERTS 1000

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static int library; /* our number among OpenSSL's libraries */

/* OpenSSL keeps this table, and writes our number into each entry. */
static ERR_STRING_DATA strings[] = {
	{ 0, "sluice" },
	{ SLU_ERR_USAGE, "misuse" },
	{ SLU_ERR_MEMORY, "out of memory" },
	{ SLU_ERR_IO, "input/output failed" },
	{ SLU_ERR_TRUNCATED, "truncated" },
	{ SLU_ERR_FORMAT, "malformed" },
	{ SLU_ERR_LIMIT, "limit exceeded" },
	{ SLU_ERR_NO_MATCH, "no match" },
	{ SLU_ERR_AUTH, "authentication failed" },
	{ SLU_ERR_PEER, "refused by peer" },
	{ SLU_ERR_CRYPTO, "cryptography failed" },
	{ 0, NULL },
};

static void
become_a_library(void)
{
	library = ERR_get_next_error_library();
	strings[0].error = ERR_PACK((unsigned long)library, 0, 0);
	(void)ERR_load_strings(library, strings);
}

void
slu_openssl_raise(slu_status st)
{
	if (CRYPTO_THREAD_run_once(&once, become_a_library))
		ERR_raise_data(library, (int)st, "%s", slu_error());
}

static bool
is_ours(unsigned long e)
{
	return CRYPTO_THREAD_run_once(&once, become_a_library) &&
	       ERR_GET_LIB(e) == library;
}

static slu_status
status_of_tls(int reason)
{
	if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
		return SLU_ERR_TRUNCATED;
	if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
		return SLU_ERR_AUTH;
	return reason >= SSL_ALERTS ? SLU_ERR_PEER : SLU_ERR_FORMAT;
}

static slu_status
status_of_bio(int reason)
{
	if (reason == BIO_R_UNSUPPORTED_METHOD ||
	    reason == BIO_R_UNINITIALIZED ||
	    reason == BIO_R_WRITE_TO_READ_ONLY_BIO)
		return SLU_ERR_USAGE;
	return SLU_ERR_IO;
}

/* Two libraries speak of ciphers, and number their reasons differently. */
static slu_status
status_of_cipher(int reason, int damaged, int cut)
{
	if (reason == damaged)
		return SLU_ERR_AUTH;
	return reason == cut ? SLU_ERR_TRUNCATED : SLU_ERR_CRYPTO;
}

static slu_status
status_of(unsigned long e)
{
	int reason = ERR_GET_REASON(e);

	if (ERR_SYSTEM_ERROR(e))
		return SLU_ERR_IO;
	if (reason == ERR_R_MALLOC_FAILURE)
		return SLU_ERR_MEMORY;
	switch (ERR_GET_LIB(e)) {
	case ERR_LIB_SSL: return status_of_tls(reason);
	case ERR_LIB_BIO: return status_of_bio(reason);
	case ERR_LIB_EVP:
		return status_of_cipher(
		    reason, EVP_R_BAD_DECRYPT, EVP_R_WRONG_FINAL_BLOCK_LENGTH);
	case ERR_LIB_PROV:
		return status_of_cipher(reason, PROV_R_BAD_DECRYPT,
		    PROV_R_WRONG_FINAL_BLOCK_LENGTH);
	default: return SLU_ERR_IO;
	}
}

/* What one of OpenSSL's errors says, without its data. */
static void
describe(unsigned long e, char *text, size_t size)
{
	const char *reason = ERR_reason_error_string(e);

	if (ERR_SYSTEM_ERROR(e) &&
	    strerror_r(ERR_GET_REASON(e), text, size) == 0)
		return;
	if (reason != NULL)
		snprintf(text, size, "%s", reason);
	else
		ERR_error_string_n(e, text, size);
}

/* Fail with words that may have come from anywhere, in one line. */
static slu_status
fail_in_a_line(
    slu_status st, const char *name, const char *text, const char *detail)
{
	char words[SLU_ERROR_MAX];

	snprintf(words, sizeof(words), "openssl: %s: %s%s%s", name, text,
	    *detail == '\0' ? "" : ": ", detail);
	for (char *p = words; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	return slu_fail(st, "%s", words);
}

/* An error without words in the queue: the system's, or one that is silent. */
static slu_status
failed_silently(const char *name, const char *what)
{
	char text[256];

	if (errno != 0 && strerror_r(errno, text, sizeof(text)) == 0)
		return fail_in_a_line(SLU_ERR_IO, name, text, "");
	snprintf(text, sizeof(text), "%s failed and does not say why", what);
	return fail_in_a_line(SLU_ERR_IO, name, text, "");
}

slu_status
slu_openssl_failed(const char *name, const char *what)
{
	const char *data = "";
	char text[256];
	unsigned long e;
	slu_status st;
	int flags = 0;

	/* The oldest error is the cause; those after it say who passed by. */
	e = ERR_get_error_all(NULL, NULL, NULL, &data, &flags);
	if ((flags & ERR_TXT_STRING) == 0)
		data = "";
	if (e == 0)
		return failed_silently(name, what);
	if (is_ours(e)) {
		st = slu_fail((slu_status)ERR_GET_REASON(e), "%s", data);
	} else {
		describe(e, text, sizeof(text));
		st = fail_in_a_line(status_of(e), name, text, data);
	}
	ERR_clear_error();
	return st;
}
