/* SPDX-License-Identifier: ISC */
/*
 * tls_hooks.h: questions that a TLS engine asks in the middle of a handshake.
 *
 *     static slu_status
 *     choose(slu_tls *tls, const slu_tls_hello *hello, void *arg)
 *     {
 *             slu_tls_identity *id = look_up(arg, slu_tls_hello_name(hello));
 *
 *             return id != NULL ? slu_tls_present(tls, id) : SLU_WANT_CERT;
 *     }
 *
 * A hook answers at once, or later, or refuses:
 *
 *     SLU_OK         go on
 *     SLU_WANT_CERT  the answer comes later, by slu_tls_present or
 *                    slu_tls_judge.  Until then the engine, and a chain with
 *                    it, answers SLU_WANT_CERT from every door that cannot go
 *                    on without it; after that, call the door again
 *     a failure      refuse: `return slu_tls_refuse(...)` where an alert is to
 *                    be named, or what slu_fail returns
 *
 * and anything else is taken for a refusal.  No hook can approve of what the
 * engine's own checks refused: they come first, and a hook is not even asked
 * once one of them failed.
 *
 * A hook is called from within a door of its engine, in that thread.  It may
 * ask about the peer (tls_peer.h) and answer (slu_tls_present,
 * slu_tls_refuse); the doors answer SLU_ERR_USAGE there, and the engine must
 * not be freed.  A config's hooks are called for each of its engines, in
 * several threads if these are.  `arg` is lent, for as long as there are
 * engines.
 */
#ifndef SLUICE_TLS_HOOKS_H
#define SLUICE_TLS_HOOKS_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/tls.h"

SLU_BEGIN_DECLS

/* What a client said first.  It lives until the handshake is done. */
typedef struct slu_tls_hello slu_tls_hello;

/*
 * The name that it asks for (SNI, RFC 6066, section 3), in small letters and
 * of nothing but letters, digits, dots, dashes and underscores; no dot comes
 * first, or after another.  NULL: none.
 */
const char *slu_tls_hello_name(const slu_tls_hello *hello);

/*
 * The protocol at `i`, counted from 0, of those that it offers by ALPN (RFC
 * 7301), and its length in bytes, which may be any; NULL past the last.
 */
const void *slu_tls_hello_alpn(
    const slu_tls_hello *hello, size_t i, size_t *len);

/* Longer lists of protocols, in bytes, are no client's that means well. */
#define SLU_TLS_HELLO_ALPN_MAX 2048

/*
 * Ask of a server who it is to be for a client: once in a connection, before
 * anything was agreed on, and also where a session is then resumed.  The answer
 * is slu_tls_present; SLU_OK without it leaves the choice to the config, whose
 * own identities a server with this hook may do without.  A refusal's alert is
 * unrecognized_name unless another is named.
 *
 * The engine refuses hellos by itself whose names or protocols are malformed
 * or too long, and those with a name that could be none.
 */
typedef slu_status slu_tls_on_name(
    slu_tls *tls, const slu_tls_hello *hello, void *arg);
slu_status slu_tls_config_on_name(
    slu_tls_config *cfg, slu_tls_on_name *hook, void *arg) SLU_CHECKED;

/* What a server asked for.  It lives until the handshake is done. */
typedef struct slu_tls_request slu_tls_request;

/*
 * The name at `i` of the authorities whose certificates the server takes, as
 * text like slu_certificate_subject; NULL past the last.  None at all means
 * that it does not say.
 */
const char *slu_tls_request_authority(const slu_tls_request *request, size_t i);

/*
 * Whether one of them has signed `id`, or a certificate of its chain; true
 * where the server does not say.
 */
bool slu_tls_request_takes(
    const slu_tls_request *request, const slu_tls_identity *id);

/*
 * Ask of a client who it is to be for a server that asked for a certificate.
 * The answer is slu_tls_present; SLU_OK without it leaves the choice to the
 * config.  A refusal ends the connection with internal_error, since libssl
 * knows no other alert here; to show no certificate is none.
 */
typedef slu_status slu_tls_on_request(
    slu_tls *tls, const slu_tls_request *request, void *arg);
slu_status slu_tls_config_on_request(
    slu_tls_config *cfg, slu_tls_on_request *hook, void *arg) SLU_CHECKED;

/*
 * Answer on_name or on_request: be `id`, which is shared, not copied, and may
 * be freed.  It may be called in the hook itself, or later if that answered
 * SLU_WANT_CERT.  NULL: be nobody; a server then refuses the client, with the
 * alert unrecognized_name, and a client shows no certificate, which the server
 * may well refuse.  SLU_ERR_USAGE where nothing was asked, or was answered
 * already.
 */
slu_status slu_tls_present(slu_tls *tls, slu_tls_identity *id) SLU_CHECKED;

/*
 * Ask whether to talk to this peer: once in a connection, at both ends, be it
 * with certificates, without, or in a session that is resumed.  Whatever else
 * the config asks for was checked before and found right; tls_peer.h tells
 * what there is: the address that slu_tls_set_address was told, the name, the
 * chain with its root at the end, the pin of the key at its beginning.  That
 * the peer has the key to its certificate it proves only afterwards: who has
 * been asked about has not got in yet.
 *
 * An answer that comes later is slu_tls_judge's.
 *
 * The alert of a refusal is certificate_unknown unless another of those about
 * certificates is named.  Where the handshake is over by then, as in resumed
 * sessions, without certificates, and for a server's answer that comes later,
 * it is close_notify: libssl has no other.  Before that, a server's late answer
 * has none.  A client of TLS 1.2 that wants an OCSP response is asked when that
 * is there: the alert is internal_error, and a late answer has none.  Nothing
 * is ever delivered before the answer, and a client that waits for it has not
 * shown who it is.
 */
typedef slu_status slu_tls_on_peer(slu_tls *tls, void *arg);
slu_status slu_tls_config_on_peer(
    slu_tls_config *cfg, slu_tls_on_peer *hook, void *arg) SLU_CHECKED;

/*
 * Answer on_peer after it answered SLU_WANT_CERT: SLU_OK, or a failure whose
 * reason was just recorded (slu_fail), which is the engine's from then on.
 * SLU_ERR_USAGE where nothing was asked, or was answered already, and for
 * any other status.
 */
slu_status slu_tls_judge(slu_tls *tls, slu_status st) SLU_CHECKED;

/* Alerts (RFC 8446, section 6.2) that a refusal may name. */
typedef enum slu_tls_alert {
	SLU_TLS_ALERT_NONE = 0, /* none: the one that fits where it is said */
	SLU_TLS_ALERT_HANDSHAKE_FAILURE = 40,
	SLU_TLS_ALERT_BAD_CERTIFICATE = 42,
	SLU_TLS_ALERT_UNSUPPORTED_CERTIFICATE = 43,
	SLU_TLS_ALERT_CERTIFICATE_REVOKED = 44,
	SLU_TLS_ALERT_CERTIFICATE_EXPIRED = 45,
	SLU_TLS_ALERT_CERTIFICATE_UNKNOWN = 46,
	SLU_TLS_ALERT_UNKNOWN_CA = 48,
	SLU_TLS_ALERT_ACCESS_DENIED = 49, /* on_name only */
	SLU_TLS_ALERT_INTERNAL_ERROR = 80,
	SLU_TLS_ALERT_UNRECOGNIZED_NAME = 112, /* on_name only */
} slu_tls_alert;

/*
 * Refuse this connection, for good: in a hook, while its answer is due, or at
 * any other time, and then the alert is close_notify, behind all that was
 * written before; or none, in the middle of a handshake, and where there is no
 * memory to send what was written.  Nothing more is delivered.  `why` is for
 * people, and goes into the reason.  Returns SLU_ERR_AUTH, which is what the
 * engine answers from now on, or the failure that it had already.
 */
slu_status slu_tls_refuse(slu_tls *tls, slu_tls_alert alert, const char *why);

/*
 * Tell the engine where its peer is, for on_peer to ask: any text of at most
 * SLU_TLS_ADDRESS_MAX bytes, "192.0.2.1".  It is copied.
 */
#define SLU_TLS_ADDRESS_MAX 255
slu_status slu_tls_set_address(slu_tls *tls, const char *address) SLU_CHECKED;

SLU_END_DECLS

#endif
