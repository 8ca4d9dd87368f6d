/* SPDX-License-Identifier: ISC */
/*
 * asking.h: a config's hooks, as libssl's callbacks and the engine ask them.
 *
 * Each question is asked once in a connection.  While its answer is due, the
 * callback that asks it stops libssl where that can be stopped, and libssl
 * calls it again later.  A refusal is the engine's failure from the moment it
 * is said; the callback only passes it on, with its alert.
 */
#ifndef SLUICE_TLS_ASKING_H
#define SLUICE_TLS_ASKING_H

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "hello.h"
#include "sluice/tls_hooks.h"

typedef enum slu_question {
	SLU_UNASKED = 0,
	SLU_ASKING,   /* the hook is running */
	SLU_DUE,      /* it answers later */
	SLU_ANSWERED, /* once and for all */
} slu_question;

struct slu_tls_request {
	const STACK_OF(X509_NAME) * authorities; /* lent by libssl */
	char **texts;                            /* owned */
	size_t count;                            /* of texts */
};

/* What is asked in one handshake; it goes when that is done. */
typedef struct slu_asked {
	slu_question name, request, peer;
	slu_tls_alert alert;        /* of a refusal */
	bool nobody;                /* the answer was to show no certificate */
	slu_tls_identity *id;       /* owned: the answer, until libssl has it */
	slu_tls_hello *hello;       /* owned */
	slu_tls_request request_of; /* what the server asked for */
} slu_asked;

/* Have room for the answers, where `tls` has any hook at all. */
slu_status slu_asking_begin(slu_tls *tls) SLU_CHECKED;
void slu_asking_end(slu_tls *tls);

/* For SSL_CTX_set_client_hello_cb and SSL_CTX_set_cert_cb. */
int slu_asking_name(SSL *ssl, int *alert, void *unused);
int slu_asking_request(SSL *ssl, void *unused);

/*
 * The end of a verification that went well, as SSL_CTX_set_cert_verify_
 * callback has it: 1 to go on, 0 to refuse.
 */
int slu_asking_peer(X509_STORE_CTX *ctx);

/* The whole verification: verify.h's, and then the above. */
int slu_asking_verify(X509_STORE_CTX *ctx, void *unused);

/*
 * For SSL_CTX_set_tlsext_status_cb: ocsp.h's, and then on_peer, where that had
 * to wait for it.
 */
int slu_asking_status(SSL *ssl, void *unused);

/*
 * What comes between a completed handshake and the first byte: SLU_WANT_CERT
 * while an answer is due, the failure after a refusal.
 */
slu_status slu_asking_admit(slu_tls *tls) SLU_CHECKED;

/* Whether libssl has stopped in a callback; and whether it can go on. */
bool slu_asking_stopped(const slu_tls *tls);
bool slu_asking_goes_on(const slu_tls *tls);

/* Whether a hook is running, or its answer is due. */
bool slu_asking_inside(const slu_tls *tls);
bool slu_asking_waits(const slu_tls *tls);

/* Whether `st` is a failure, of those that there are: an answer of a hook's. */
bool slu_asking_is_refusal(slu_status st);

/*
 * End it all for `st`, which was just recorded, with what was written before,
 * and close_notify.
 */
void slu_asking_leave(slu_tls *tls, slu_status st);

#endif
