/* SPDX-License-Identifier: ISC */
/*
 * tls_config.h: whom a TLS engine trusts, who it is, and what it speaks.
 *
 *     slu_tls_config *cfg = NULL;
 *     slu_tls_config_new(&cfg);
 *     slu_tls_config_trust_file(cfg, "our-root.pem");
 *     ... slu_tls_client(&tls, cfg, "example.org") ...
 *     slu_tls_config_free(cfg);
 *
 * A config is set up by one thread.  From the first engine that is made of it,
 * it is read-only: what changes it answers SLU_ERR_USAGE.  Any number of
 * engines, in any threads, can be made from one, and it may be freed before
 * they are.
 *
 * Every call that fails leaves the config as it was.
 */
#ifndef SLUICE_TLS_CONFIG_H
#define SLUICE_TLS_CONFIG_H

#include <stddef.h>

#include "sluice/status.h"
#include "sluice/tls_identity.h"

SLU_BEGIN_DECLS

typedef struct slu_tls_config slu_tls_config;

/*
 * Start from the defaults: the profile SLU_TLS_DEFAULT, the system's trusted
 * roots, no identity.  `*out` is the caller's, to be freed.
 */
slu_status slu_tls_config_new(slu_tls_config **out) SLU_CHECKED;
void slu_tls_config_free(slu_tls_config *cfg);

/*
 * Whom to trust.  Without any of these calls, the roots of the system are
 * trusted: the first of them takes these out, and each adds to those before.
 * A certificate of an authority that is no root is one all the same, once it
 * is trusted here.
 *
 * Reading is strict, so that what is wrong is told when a program starts.
 * SLU_ERR_FORMAT, and the words name the file: no certificate; one that cannot
 * be decoded; a private key; anything else in PEM.  SLU_ERR_LIMIT past these.
 */
#define SLU_TLS_TRUST_FILE_MAX ((size_t)8 * 1024 * 1024) /* bytes */
#define SLU_TLS_ROOTS_MAX 10000                          /* certificates */

/*
 * The system's roots, where OpenSSL has them: the file that the environment
 * names in SSL_CERT_FILE, and the folder in SSL_CERT_DIR, or else those that
 * it was built with.
 */
slu_status slu_tls_config_trust_system(slu_tls_config *cfg) SLU_CHECKED;

/* The certificates in a file in PEM. */
slu_status slu_tls_config_trust_file(
    slu_tls_config *cfg, const char *path) SLU_CHECKED;

/*
 * Those in the files of a folder whose names end in .pem, .crt or .cer; all of
 * them are read at once, and none is left out because it is broken.
 */
slu_status slu_tls_config_trust_dir(
    slu_tls_config *cfg, const char *path) SLU_CHECKED;

/* Those in a text in PEM, as a file would hold it. */
slu_status slu_tls_config_trust_memory(
    slu_tls_config *cfg, const void *text, size_t len) SLU_CHECKED;

/*
 * Trust nobody who has no pinned key besides: some certificate of the chain
 * that was found to be right, from the leaf to the root, must have a public
 * key of which `pin` is the SHA-256 (slu_certificate_pin).  Each further call
 * adds one that will do; SLU_ERR_LIMIT past SLU_TLS_PINS_MAX.
 */
#define SLU_TLS_PINS_MAX 1000
slu_status slu_tls_config_trust_pin(
    slu_tls_config *cfg, const unsigned char pin[SLU_TLS_PIN]) SLU_CHECKED;

/*
 * Trust pinned keys and no authority: the leaf's own key must be pinned, and
 * that is all.  Its names and dates are not looked at (as RFC 7671, section
 * 5.1, has it for the same case), since whoever has the key is who was meant.
 */
slu_status slu_tls_config_only_pins(slu_tls_config *cfg) SLU_CHECKED;

/*
 * What is held against a peer's certificate, always: dates; signatures; names,
 * which stand in the subjectAltName, and nowhere else; its purpose; the rules
 * of RFC 5280 (X509_V_FLAG_X509_STRICT of OpenSSL), and some that browsers
 * have besides; keys and digests of less than 112 bits of security; a chain
 * that is longer than slu_tls_config_limits has it.  The failure is
 * SLU_ERR_AUTH, and its words say which it was.
 */

/*
 * Be `id`, too.  It is shared, not copied: the caller may free it afterwards.
 * SLU_ERR_CRYPTO where libssl does not take it, say for a key that is too
 * weak.
 *
 * A server needs one.  Of several it is the first that has the name which the
 * client asks for (RFC 9525, section 6.3: "*.example.org" is www.example.org,
 * and neither example.org nor a.www.example.org), and whose signatures the
 * client takes.  A client that asks for another name, or for none, gets the
 * first whose signatures it takes.
 *
 * A client shows one if it is asked to: of several, the first whose signatures
 * the server takes, and which one of the authorities that the server names
 * has issued; or else the first whose signatures it takes; or else none.
 */
#define SLU_TLS_IDENTITIES_MAX 10000

slu_status slu_tls_config_identity(
    slu_tls_config *cfg, slu_tls_identity *id) SLU_CHECKED;

/*
 * Be one that is made for this config, in memory only
 * (slu_tls_identity_ephemeral); `pin` is what to tell the peers, by some way
 * that nobody can tamper with.  With slu_tls_config_only_pins and the pins of
 * the peers, this is a channel without authorities; a server has to ask for
 * the certificates of its clients, too.
 */
slu_status slu_tls_config_identity_ephemeral(
    slu_tls_config *cfg, unsigned char pin[SLU_TLS_PIN]) SLU_CHECKED;

/*
 * Share a key with the peers, which have got it before by some other way (an
 * external PSK of RFC 8446, section 2.2, with SHA-256), and its name, which
 * anybody can see on the wire.  Both are copied; the key is wiped with the
 * config.  TLS 1.3 only, with those suites that go with SHA-256, and always
 * with (EC)DHE, so that who learns the key later reads nothing of before.
 *
 * A client has one, and then talks to nobody who does not have it: no
 * certificate will do instead.  A server may have several, and needs no
 * identity with them; if it has one, clients that offer no key that it knows
 * are met with that.  Which key it was, slu_tls_peer_psk tells.
 *
 * A key is random and not a passphrase, which could be guessed by who
 * watches (RFC 9257, section 4): shorter ones are SLU_ERR_USAGE, and so is a
 * name that is there already.
 */
#define SLU_TLS_PSK_IDENTITY_MAX 255 /* bytes */
#define SLU_TLS_PSK_KEY_MIN 16
#define SLU_TLS_PSK_KEY_MAX 64
#define SLU_TLS_PSKS_MAX 10000
slu_status slu_tls_config_psk(slu_tls_config *cfg, const void *identity,
    size_t identity_len, const void *key, size_t key_len) SLU_CHECKED;

/*
 * What is spoken.  SLU_TLS_DEFAULT: TLS 1.3, and TLS 1.2 with ECDHE and AEADs;
 * SLU_TLS_MODERN: TLS 1.3 alone.  There is nothing older or weaker, and no
 * call that allows it.  A profile sets versions, suites and groups anew.
 */
typedef enum slu_tls_profile {
	SLU_TLS_DEFAULT = 0,
	SLU_TLS_MODERN = 1
} slu_tls_profile;
slu_status slu_tls_config_profile(
    slu_tls_config *cfg, slu_tls_profile profile) SLU_CHECKED;

/* Speak the versions from `min` to `max`, as they are numbered on the wire. */
typedef enum slu_tls_version {
	SLU_TLS_1_2 = 0x0303,
	SLU_TLS_1_3 = 0x0304
} slu_tls_version;
slu_status slu_tls_config_versions(
    slu_tls_config *cfg, slu_tls_version min, slu_tls_version max) SLU_CHECKED;

/*
 * Speak the cipher suites in `list`, best first, with colons between, by their
 * IANA names or OpenSSL's, in any case of letters: of
 *
 *     TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384,
 *     TLS_CHACHA20_POLY1305_SHA256,
 *     ECDHE-ECDSA-AES128-GCM-SHA256, ECDHE-RSA-AES128-GCM-SHA256,
 *     ECDHE-ECDSA-AES256-GCM-SHA384, ECDHE-RSA-AES256-GCM-SHA384,
 *     ECDHE-ECDSA-CHACHA20-POLY1305, ECDHE-RSA-CHACHA20-POLY1305
 *
 * which is also what is spoken by default, in this order.  A version without a
 * suite in the list is not spoken.  SLU_ERR_USAGE for any other name; its words
 * tell one that is near.
 */
slu_status slu_tls_config_ciphers(
    slu_tls_config *cfg, const char *list) SLU_CHECKED;

/*
 * The same for groups: X25519, P-256 (secp256r1), P-384 (secp384r1), P-521
 * (secp521r1), which are those of either profile, in this order, and X448.  A
 * client guesses that the first is the server's too; a wrong guess costs a
 * round trip.
 */
slu_status slu_tls_config_groups(
    slu_tls_config *cfg, const char *list) SLU_CHECKED;

/*
 * Speak the application protocols `names`, best first ("h2", "http/1.1"; RFC
 * 7301).  A server chooses by its own order, and refuses a client that offers
 * others only; whether any was agreed on, slu_tls_peer_alpn tells.  No names:
 * ALPN is not spoken.  SLU_ERR_USAGE for a name that is empty or longer than
 * 255 bytes, SLU_ERR_LIMIT where they take more than SLU_TLS_ALPN_MAX with a
 * byte each.
 */
#define SLU_TLS_ALPN_MAX 512
slu_status slu_tls_config_alpn(
    slu_tls_config *cfg, const char *const *names, size_t count) SLU_CHECKED;

/* A client that does not tell the network whom it asks for (no SNI). */
slu_status slu_tls_config_no_sni(slu_tls_config *cfg) SLU_CHECKED;

/*
 * Write at most so many bytes of plaintext into a record, from
 * SLU_TLS_RECORD_MIN to SLU_TLS_RECORD_MAX, which is the default; smaller ones
 * come through sooner.  A client that says 512, 1024, 2048 or 4096 also asks
 * the server to do so (max_fragment_length, RFC 6066, section 4).
 */
#define SLU_TLS_RECORD_MIN 512
#define SLU_TLS_RECORD_MAX 16384
slu_status slu_tls_config_record_max(
    slu_tls_config *cfg, size_t bytes) SLU_CHECKED;

/*
 * Whether a server asks its clients for a certificate.  One that is shown is
 * held to all that is said above, and to be for clients; with SLU_TLS_REQUIRE
 * a client without one is refused.  Whom to trust must be said: by default
 * nobody is, and an engine is then SLU_ERR_USAGE.  A client that has shown a
 * shared key (slu_tls_config_psk) is asked for no certificate besides.
 *
 * SLU_TLS_NONE is the default, but has to be said where authorities are
 * trusted, since who says that of a server mostly means clients; a server with
 * pins cannot have it.  Otherwise slu_tls_server is SLU_ERR_USAGE.
 */
typedef enum slu_tls_client_auth {
	SLU_TLS_NONE = 0,
	SLU_TLS_REQUEST = 1,
	SLU_TLS_REQUIRE = 2
} slu_tls_client_auth;
slu_status slu_tls_config_client_auth(
    slu_tls_config *cfg, slu_tls_client_auth auth) SLU_CHECKED;

/*
 * Whether a client wants to know that the server's certificate was not
 * revoked, by a response that its authority has signed and the server brings
 * along (OCSP stapling: RFC 6960; RFC 6066, section 8).  One that comes is
 * verified, and anything in it but "good" is SLU_ERR_AUTH.  With
 * SLU_TLS_OCSP_ASK none need come, unless the certificate says that one will
 * (RFC 7633); with SLU_TLS_OCSP_REQUIRE it is SLU_ERR_AUTH if none does.  A
 * session that is resumed is not asked about again.  What a server has to
 * bring along, slu_tls_identity_ocsp tells it.
 *
 * A response is by who issued the leaf.  Where the leaf itself is what is
 * trusted, by its pin alone, by a TLSA record (usage 3), or as a root of which
 * no issuer is shown, nobody's counts: none is looked at, and a required one
 * is SLU_ERR_AUTH; with slu_tls_config_only_pins, SLU_ERR_USAGE at the first
 * engine.
 */
typedef enum slu_tls_ocsp {
	SLU_TLS_OCSP_NONE = 0,
	SLU_TLS_OCSP_ASK = 1,
	SLU_TLS_OCSP_REQUIRE = 2
} slu_tls_ocsp;
slu_status slu_tls_config_ocsp(
    slu_tls_config *cfg, slu_tls_ocsp ocsp) SLU_CHECKED;

/* What a peer may cost; 0 is the default. */
typedef struct slu_tls_limits {
	/*
	 * Bytes that a handshake may take from the peer, all in all; more is
	 * SLU_ERR_LIMIT.
	 */
	size_t handshake;
	/*
	 * Certificates that it may show, and that a chain may have, leaf and
	 * root included; more is SLU_ERR_AUTH.
	 */
	size_t chain;
} slu_tls_limits;
#define SLU_TLS_HANDSHAKE_DEFAULT (128 * 1024)
#define SLU_TLS_HANDSHAKE_MIN 2048
#define SLU_TLS_HANDSHAKE_MAX (16 * 1024 * 1024)
#define SLU_TLS_CHAIN_DEFAULT 10
#define SLU_TLS_CHAIN_MAX 255
slu_status slu_tls_config_limits(
    slu_tls_config *cfg, const slu_tls_limits *limits) SLU_CHECKED;

/*
 * How long a session can be resumed, in seconds, at either end, whoever made
 * it; 0: never, and none is kept.
 */
#define SLU_TLS_SESSION_SECONDS 7200
#define SLU_TLS_SESSION_SECONDS_MAX (7 * 86400) /* RFC 8446, section 4.6.1 */
slu_status slu_tls_config_sessions(
    slu_tls_config *cfg, unsigned seconds) SLU_CHECKED;

/*
 * How many tickets a server sends after a handshake of TLS 1.3, each for one
 * session to resume; 0: none, in no version.
 */
#define SLU_TLS_TICKETS_DEFAULT 2
#define SLU_TLS_TICKETS_MAX 16
slu_status slu_tls_config_tickets(
    slu_tls_config *cfg, unsigned count) SLU_CHECKED;

/*
 * Hand each secret of each connection to `log`, as a line without its end, in
 * the format of the file that SSLKEYLOGFILE names in browsers, so that
 * Wireshark can read what is recorded: for finding faults, and for nobody
 * else's eyes.  It is called while an engine works, in that engine's thread.
 * `arg` is lent, for as long as engines live.  NULL: no longer.
 */
slu_status slu_tls_config_key_log(slu_tls_config *cfg,
    void (*log)(const char *line, void *arg), void *arg) SLU_CHECKED;

/*
 * Talk to whoever is there: the peer's certificate is looked at in vain, and
 * anybody on the way can read and change everything.  slu_tls_peer_verified
 * still tells what was wrong.
 */
slu_status slu_tls_config_insecure_skip_verification(
    slu_tls_config *cfg) SLU_CHECKED;

SLU_END_DECLS

#endif
