/* SPDX-License-Identifier: ISC */
/*
 * tls_identity.h: who we are, to a TLS peer: a certificate, the chain that
 * leads from it towards a root, and its private key.
 *
 * An identity is read once, and nothing is looked up again afterwards: the
 * files may go.  It is read-only, but for what is stapled to it, and may be
 * shared by configs and threads.
 *
 * Reading is strict, so that a mistake is told when a program starts, and not
 * to its peers.  A chain is one leaf, which is the certificate that is no
 * authority's (or the only one there is), and those that issued it, one after
 * the other; their order does not matter.  Each of these is SLU_ERR_FORMAT,
 * with words of its own, which name the file: no leaf; more than one; a
 * certificate that is not of the leaf's chain; no private key; more than one;
 * another's private key; a block that cannot be decoded.  Who may read the
 * file of a key is not looked at.
 */
#ifndef SLUICE_TLS_IDENTITY_H
#define SLUICE_TLS_IDENTITY_H

#include <stddef.h>

#include "sluice/buf.h"
#include "sluice/certificate.h"
#include "sluice/status.h"

SLU_BEGIN_DECLS

typedef struct slu_tls_identity slu_tls_identity;

/* What passes them is SLU_ERR_LIMIT. */
#define SLU_TLS_IDENTITY_FILE_MAX ((size_t)256 * 1024) /* bytes */
#define SLU_TLS_IDENTITY_CHAIN_MAX 16                  /* certificates */

#define SLU_TLS_PASSPHRASE_MAX 1024 /* bytes */

typedef struct slu_tls_identity_options {
	/*
	 * Asked once, and only if the private key is encrypted, after the
	 * certificates were found to be right: appends the passphrase to
	 * `passphrase`, an empty queue that takes SLU_TLS_PASSPHRASE_MAX bytes
	 * and is wiped after use, or fails, and its failure is that of the
	 * call.  An empty one is SLU_ERR_USAGE, a wrong one SLU_ERR_NO_MATCH.
	 * NULL: an encrypted key is SLU_ERR_NO_MATCH at once.
	 */
	slu_status (*ask)(slu_buf *passphrase, void *arg);
	void *arg; /* lent for the call */
} slu_tls_identity_options;

/*
 * Read the certificates in `chain_file`, and the private key in `key_file`
 * (NULL, or the same file by any name: it is in `chain_file` too), all in PEM
 * (RFC 7468).  The key is RSA, RSA-PSS, EC on P-256, P-384 or P-521, Ed25519 or
 * Ed448; as PKCS #8, or in RSA's and EC's own forms; encrypted or not.  What
 * else a file holds, parameters say, is passed over.  `options` may be NULL.
 * `*out` is the caller's, to be freed.
 */
slu_status slu_tls_identity_file(slu_tls_identity **out, const char *chain_file,
    const char *key_file, const slu_tls_identity_options *options) SLU_CHECKED;

/* The same from memory, which is the caller's to wipe; `key` may be NULL. */
slu_status slu_tls_identity_memory(slu_tls_identity **out, const void *chain,
    size_t chain_len, const void *key, size_t key_len,
    const slu_tls_identity_options *options) SLU_CHECKED;

/*
 * Make an identity that exists in memory only: a new key on P-256, and a
 * certificate that it has signed itself, names nobody and does not end.  Only
 * who knows its pin has a reason to trust it.
 */
slu_status slu_tls_identity_ephemeral(slu_tls_identity **out) SLU_CHECKED;

/* The pin of the leaf's public key, for peers that are to trust it alone. */
void slu_tls_identity_pin(
    const slu_tls_identity *id, unsigned char pin[SLU_TLS_PIN]);

/*
 * Bring along, as a server, what the leaf's authority has said of its
 * revocation: an OCSP response in DER (RFC 6960), which is copied, in the place
 * of one before; `len` 0: none.  This may be called at any time and in any
 * thread, since responses grow old within days: handshakes that begin later
 * have the new one.  SLU_ERR_FORMAT where it is none that says anything,
 * SLU_ERR_NO_MATCH where it is about another certificate, as far as the chain
 * has the leaf's issuer to tell by.  Its signature and dates are the peers' to
 * check.
 */
#define SLU_TLS_OCSP_MAX 65536 /* bytes; more is SLU_ERR_LIMIT */
slu_status slu_tls_identity_ocsp(
    slu_tls_identity *id, const void *der, size_t len) SLU_CHECKED;

/*
 * Wipe and free, once the last config and engine that share it are gone too.
 * NULL is fine.
 */
void slu_tls_identity_free(slu_tls_identity *id);

SLU_END_DECLS

#endif
