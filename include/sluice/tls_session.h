/* SPDX-License-Identifier: ISC */
/*
 * tls_session.h: sessions that a client keeps, to resume them later.
 *
 *     slu_buf kept = { .limit = SLU_TLS_SESSION_MAX };
 *     slu_tls_session_get(tls, &kept);          before the engine is freed
 *     ...
 *     slu_tls_client(&tls, cfg, "example.org");
 *     slu_tls_session_set(tls, slu_buf_front(&kept), kept.len);
 *
 * A resumed handshake spares both ends the certificates and their
 * signatures.  It is no less checked: the session holds what was found when
 * it began, and is taken only where the same host is asked for by a config
 * that trusts and shows the same, and asks for the same size of records
 * (slu_tls_config_record_max).  The config's hooks on_name and on_peer are
 * asked again; on_request is not, since nobody shows a certificate.  on_peer
 * sees the same chain as at first: where the session was made without that
 * hook, or the chain has more than SLU_TLS_SESSION_CHAIN_MAX bytes besides the
 * leaf, hands are shaken in full.
 *
 * The bytes of a session are a secret like a private key: who has them can
 * pass for the server, and who can change them can make the client trust
 * anybody.  Where they are kept, none but their owner may read or write.
 *
 * A server keeps nothing: what it needs it hands to the client, encrypted
 * with keys that live and die with its config (RFC 5077; RFC 8446, section
 * 4.6.1).  It takes that back from who asks for the same name as at first (RFC
 * 6066, section 3), and until the client's certificate has ended; others shake
 * hands in full.
 */
#ifndef SLUICE_TLS_SESSION_H
#define SLUICE_TLS_SESSION_H

#include <stddef.h>

#include "sluice/buf.h"
#include "sluice/tls.h"

SLU_BEGIN_DECLS

/* The longest session that is given or taken, in bytes. */
#define SLU_TLS_SESSION_MAX (128 * 1024)

/* The longest chain that it takes along for on_peer, the leaf apart. */
#define SLU_TLS_SESSION_CHAIN_MAX 16384 /* bytes in DER */

/*
 * Append to `out`, or nothing, the latest session that a client can resume.
 * SLU_WANT_READ: the server has offered none yet, which in TLS 1.3 comes along
 * with data that is read; or the config keeps none (slu_tls_config_sessions).
 * A session is best resumed once (RFC 8446, section C.4), so ask again in each
 * connection.  SLU_ERR_USAGE of a server, before the handshake is done, and
 * after a failure.
 */
slu_status slu_tls_session_get(slu_tls *tls, slu_buf *out) SLU_CHECKED;

/*
 * Offer a session to the server, before a client's first byte was made.  All
 * failures but a lack of memory leave the engine to shake hands in full:
 * SLU_ERR_NO_MATCH where the session is another host's or another config's,
 * lacks the chain, is of a cipher suite that the config does not speak any
 * more, or is over, as it is with the peer's certificate; SLU_ERR_FORMAT, or
 * SLU_ERR_LIMIT, where it is none; SLU_ERR_USAGE of a server, or too late.
 * Whether the server has taken it up, slu_tls_peer_resumed tells.
 */
slu_status slu_tls_session_set(
    slu_tls *tls, const void *session, size_t len) SLU_CHECKED;

SLU_END_DECLS

#endif
