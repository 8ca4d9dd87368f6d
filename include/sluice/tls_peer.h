/* SPDX-License-Identifier: ISC */
/*
 * tls_peer.h: what is known of the peer, and of what was agreed with it.
 *
 * Nothing here moves the engine.  Before the handshake is done, what is not
 * known yet is answered as if there were none.  What is returned lives with
 * the engine, and is text that anybody may have chosen only where it says so.
 */
#ifndef SLUICE_TLS_PEER_H
#define SLUICE_TLS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sluice/certificate.h"
#include "sluice/tls.h"

SLU_BEGIN_DECLS

/* The version, as it is numbered on the wire: 0x0303 is TLS 1.2, 0x0304 1.3. */
int slu_tls_peer_version(const slu_tls *tls);
/* The same as text, "TLS 1.3"; NULL: none yet. */
const char *slu_tls_peer_version_name(const slu_tls *tls);

/* The cipher suite by IANA's name, "TLS_AES_128_GCM_SHA256"; NULL: none. */
const char *slu_tls_peer_cipher(const slu_tls *tls);

/* The group of the key exchange, "x25519"; NULL: none, or none is told. */
const char *slu_tls_peer_group(slu_tls *tls);

/*
 * The protocol that was agreed on by ALPN (RFC 7301), one of our own config's,
 * and its length in bytes; NULL: none.
 */
const void *slu_tls_peer_alpn(const slu_tls *tls, size_t *len);

/*
 * Of a client: whom it asks for, as slu_tls_client took it.  Of a server: the
 * name that the client asked for (SNI, RFC 6066, section 3), NULL where it
 * named none, or anything but letters, digits, dots, dashes and underscores.
 */
const char *slu_tls_peer_name(const slu_tls *tls);

/* Where it is, as slu_tls_set_address was told (tls_hooks.h); NULL: was not. */
const char *slu_tls_peer_address(const slu_tls *tls);

/*
 * Whether the peer is who it should be: SLU_OK once the handshake is done and
 * all that the config asks for was checked and found right.  Else why not, in
 * the reason: SLU_ERR_AUTH where the peer showed neither a certificate nor to
 * have a shared key, or where its certificate was let pass
 * (slu_tls_config_insecure_skip_verification) but not found right;
 * SLU_ERR_USAGE before the handshake is done; the engine's failure after it
 * failed.
 */
slu_status slu_tls_peer_verified(const slu_tls *tls) SLU_CHECKED;

/*
 * The name of the shared key that the peer has shown to have
 * (slu_tls_config_psk), and its length in bytes; NULL: none.
 */
const void *slu_tls_peer_psk(const slu_tls *tls, size_t *len);

/* Whether the handshake took up an earlier session. */
bool slu_tls_peer_resumed(const slu_tls *tls);

/*
 * The number of the alert by which the peer ended it all (RFC 8446, section
 * 6), after SLU_ERR_PEER; -1: none.  Its name is in the failure's words.
 */
int slu_tls_peer_alert(const slu_tls *tls);

/*
 * How many certificates lead from the peer's own to the root that we trust,
 * both included; 0: it has shown none.  Where nothing was checked, they are
 * what the peer sent.  In a session that was resumed there is the peer's own,
 * and more only where the config has a hook on_peer (tls_hooks.h).
 */
size_t slu_tls_peer_chain(slu_tls *tls);

/*
 * The certificate at `i`, the peer's own at 0.  It lives with the engine.
 * SLU_ERR_USAGE past the last; else the failures of slu_certificate_der.
 */
slu_status slu_tls_peer_certificate(
    slu_tls *tls, size_t i, const slu_certificate **out) SLU_CHECKED;

/* How many bytes of TLS were taken from the peer, and made for it. */
uint64_t slu_tls_peer_received(const slu_tls *tls);
uint64_t slu_tls_peer_sent(const slu_tls *tls);

/* The most bytes of key that are exported at once. */
#define SLU_TLS_EXPORT_MAX 4096

/*
 * Derive `len` bytes of key for another protocol out of this connection's
 * (RFC 5705; RFC 8446, section 7.5); the peer derives the same.  `label` says
 * what for, "EXPORTER-..."; the context may be NULL for none, which in TLS 1.2
 * differs from an empty one.  In TLS 1.2 only where both know the extended
 * master secret (RFC 7627), since others could know the key too: SLU_ERR_PEER.
 * SLU_ERR_USAGE before the handshake is done, after a failure, or for what
 * does not fit: no label or one of over 200 bytes, a context of over 65,535.
 */
slu_status slu_tls_export(slu_tls *tls, const char *label, const void *context,
    size_t context_len, void *out, size_t len) SLU_CHECKED;

/*
 * What an authentication inside of this connection binds itself to, so that
 * it is worth nothing in any other: the channel binding "tls-exporter" (RFC
 * 9266).  The failures are those of slu_tls_export.
 */
#define SLU_TLS_BINDING_SIZE 32
slu_status slu_tls_binding(
    slu_tls *tls, unsigned char out[SLU_TLS_BINDING_SIZE]) SLU_CHECKED;

SLU_END_DECLS

#endif
