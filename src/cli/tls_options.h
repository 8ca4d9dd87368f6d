/* SPDX-License-Identifier: ISC */
/* tls_options.h: whom to trust and who to be, as options say it. */
#ifndef SLUICE_CLI_TLS_OPTIONS_H
#define SLUICE_CLI_TLS_OPTIONS_H

#include "args.h"
#include "exit.h"
#include "passphrase.h"
#include "sluice/tls_config.h"

enum {
	TLS_CERT = 900,
	TLS_KEY,
	TLS_KEY_PASSPHRASE,
	TLS_TRUST,
};

/* Their rows in the tables of options. */
/* clang-format off */
#define TLS_TRUST_OPTION \
	{ TLS_TRUST, 0, "ca", "FILE", 0, \
	    "trust the certificates in FILE, in PEM, instead of\n" \
	    "the system's" }

#define TLS_IDENTITY_OPTIONS \
	{ TLS_CERT, 0, "cert", "FILE", 0, \
	    "be who the certificate in FILE says, in PEM, and the\n" \
	    "chain behind it" }, \
	{ TLS_KEY, 0, "key", "FILE", 0, \
	    "its private key, where it is not in the same FILE" }, \
	{ TLS_KEY_PASSPHRASE, 0, "key-passphrase-file", "FILE", 0, \
	    "the first line of FILE opens the key; else it is\n" \
	    "asked for, if it is needed" }
/* clang-format on */

/* What these options said; zero at first. */
typedef struct tls_options {
	const char *trust;
	const char *cert;
	const char *key;
	passphrase_source passphrase;
} tls_options;

/* Take in one of the options above. */
exit_code tls_options_set(tls_options *o, int id, const char *value);

/* Make a config of them, the caller's, or say what is wrong. */
exit_code tls_options_config(const tls_options *o, slu_tls_config **out);

#endif
