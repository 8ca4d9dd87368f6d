/* SPDX-License-Identifier: ISC */
/* tls_options.h: whom to trust, who to be and what to speak, as options say. */
#ifndef SLUICE_CLI_TLS_OPTIONS_H
#define SLUICE_CLI_TLS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "args.h"
#include "exit.h"
#include "passphrase.h"
#include "sluice/tls_config.h"

#define TLS_TRUST_MAX 16 /* files */
#define TLS_PINS_MAX 16
#define TLS_PROTOCOLS_MAX 16
#define TLS_PROTOCOL_MAX 255 /* bytes of a name: RFC 7301, section 3.1 */

enum {
	TLS_CERT = 900,
	TLS_KEY,
	TLS_KEY_PASSPHRASE,
	TLS_TRUST,
	TLS_PIN,
	TLS_INSECURE,
	TLS_KEY_LOG,
	TLS_CLIENT_TRUST,
	TLS_SESSIONS,
	TLS_ALPN,
	TLS_MIN_VERSION,
};

/* Their rows in the tables of options: a client's, a server's, both's. */
/* clang-format off */
#define TLS_CLIENT_OPTIONS \
	{ TLS_TRUST, 0, "ca", "FILE", 0, \
	    "trust the certificates in FILE, in PEM, instead of\n" \
	    "the system's; several times: those in any of these" }, \
	{ TLS_PIN, 0, "pin", "sha256//B64", 0, \
	    "see besides that a public key of the chain has this\n" \
	    "digest; several times: one of these" }, \
	{ TLS_INSECURE, 0, "insecure", NULL, 0, \
	    "check no certificate, or with --pin nothing but that\n" \
	    "the server's own key is pinned" }, \
	{ TLS_KEY_LOG, 0, "keylog", "FILE", 0, \
	    "append the keys to FILE, for Wireshark to read what\n" \
	    "was recorded" }

#define TLS_SERVER_OPTIONS \
	{ TLS_CLIENT_TRUST, 0, "client-ca", "FILE", 0, \
	    "let in who shows a certificate by one in FILE, and\n" \
	    "nobody else; several times: by one in any of these" }, \
	{ TLS_SESSIONS, 0, "sessions", "WHERE", 0, \
	    "resume sessions from memory, as is done unless told,\n" \
	    "or none" }

#define TLS_IDENTITY_OPTIONS \
	{ TLS_CERT, 0, "cert", "FILE", 0, \
	    "be who the certificate in FILE says, in PEM, and the\n" \
	    "chain behind it" }, \
	{ TLS_KEY, 0, "key", "FILE", 0, \
	    "its private key, where it is not in the same FILE" }, \
	{ TLS_KEY_PASSPHRASE, 0, "key-passphrase-file", "FILE", 0, \
	    "the first line of FILE opens the key; else it is\n" \
	    "asked for, if it is needed" }

#define TLS_SPEECH_OPTIONS \
	{ TLS_ALPN, 0, "alpn", "LIST", 0, \
	    "speak one of these protocols, best first: h2,http/1.1" }, \
	{ TLS_MIN_VERSION, 0, "min-version", "VERSION", 0, \
	    "1.2, as it is unless told, or 1.3" }
/* clang-format on */

/* What these options said; zero at first. */
typedef struct tls_options {
	const char *trust[TLS_TRUST_MAX];
	size_t trust_n;
	const char *cert;
	const char *key;
	const char *key_log;
	int key_log_fd;   /* owned; 0: none is open */
	bool key_log_cut; /* it was said, and nothing more goes there */
	passphrase_source passphrase;
	unsigned char pins[TLS_PINS_MAX][SLU_TLS_PIN];
	size_t pins_n;
	char alpn[SLU_TLS_ALPN_MAX + 1]; /* what the names point into */
	const char *protocols[TLS_PROTOCOLS_MAX];
	size_t protocols_n;
	slu_tls_version min_version; /* 0: the library's */
	bool insecure;
	bool asks_clients; /* `trust` is for clients, who have to show one */
	bool no_sessions;
} tls_options;

/* Take in one of the options above. */
exit_code tls_options_set(tls_options *o, int id, const char *value);

/*
 * Make a config of them, the caller's, or say what is wrong.  The options
 * have to live for as long as its engines.
 */
exit_code tls_options_config(tls_options *o, slu_tls_config **out);

/* Close what is open. */
void tls_options_free(tls_options *o);

#endif
