/* SPDX-License-Identifier: ISC */
/* TLS beside libssl with memory BIOs, both ends in this program. */
#include "bench_group.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "sluice/rand.h"
#include "sluice/tls.h"
#include "sluice/tls_config.h"
#include "sluice/tls_peer.h"

#define SIZE (32 * BENCH_MIB)
#define PIECE (16 * 1024)
#define HANDSHAKES 50
#define NAME "bench.invalid"

enum { CLIENT, SERVER };

struct talk {
	slu_tls_config *config[2];
	slu_tls *tls[2];
	SSL_CTX *ctx[2];
	SSL *ssl[2];
	unsigned char plain[PIECE], out[PIECE];
};

static slu_status
libssl_failed(void)
{
	ERR_clear_error();
	return slu_fail(SLU_ERR_CRYPTO, "bench: libssl");
}

/* ---- engines */

static slu_status
open_engines(struct talk *t, slu_tls *tls[2])
{
	slu_status st = slu_tls_client(&tls[CLIENT], t->config[CLIENT], NAME);

	return st ? st : slu_tls_server(&tls[SERVER], t->config[SERVER]);
}

static void
close_engines(slu_tls *tls[2])
{
	for (int i = 0; i < 2; i++) {
		slu_tls_free(tls[i]);
		tls[i] = NULL;
	}
}

static slu_status
carry(slu_tls *from, slu_tls *to)
{
	const void *wire;
	size_t len, used;
	slu_status st;

	while ((st = slu_tls_drain_view(from, &wire, &len)) == SLU_OK) {
		st = slu_tls_feed(to, wire, len, &used);
		if (st)
			return st;
		slu_tls_drained(from, used);
	}
	return slu_failed(st) ? st : SLU_OK;
}

static slu_status
shake_engines(slu_tls *tls[2])
{
	slu_status said[2] = { SLU_WANT_READ, SLU_WANT_READ }, st = SLU_OK;

	while (st == SLU_OK && (said[CLIENT] || said[SERVER]))
		for (int i = 0; i < 2 && st == SLU_OK; i++) {
			said[i] = slu_tls_handshake(tls[i]);
			st = slu_failed(said[i]) ? said[i]
						 : carry(tls[i], tls[1 - i]);
		}
	return st == SLU_OK ? carry(tls[SERVER], tls[CLIENT]) : st;
}

static slu_status
run_bulk(void *state)
{
	struct talk *t = state;
	slu_status st = SLU_OK;
	const void *wire;
	size_t n, len;

	for (size_t done = 0; done < SIZE && st == SLU_OK; done += PIECE) {
		st = slu_tls_write(t->tls[CLIENT], t->plain, PIECE, &n);
		if (st == SLU_OK)
			st = slu_tls_drain_view(t->tls[CLIENT], &wire, &len);
		if (st == SLU_OK)
			st = slu_tls_read_from(
			    t->tls[SERVER], wire, len, &len, t->out, PIECE, &n);
		slu_tls_drained(t->tls[CLIENT], len);
	}
	return st;
}

static slu_status
run_handshakes(void *state)
{
	slu_tls *tls[2] = { NULL, NULL };
	slu_status st = SLU_OK;

	for (int i = 0; i < HANDSHAKES && st == SLU_OK; i++) {
		st = open_engines(state, tls);
		if (st == SLU_OK)
			st = shake_engines(tls);
		close_engines(tls);
	}
	return st;
}

/* ---- libssl */

static bool
open_libssl(struct talk *t, SSL *ssl[2])
{
	BIO *bio[2] = { BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()) };

	for (int i = 0; i < 2; i++)
		ssl[i] = SSL_new(t->ctx[i]);
	if (ssl[0] == NULL || ssl[1] == NULL || bio[0] == NULL ||
	    bio[1] == NULL || !BIO_up_ref(bio[0]) || !BIO_up_ref(bio[1])) {
		BIO_free(bio[0]);
		BIO_free(bio[1]);
		return false;
	}
	for (int i = 0; i < 2; i++) {
		BIO_set_mem_eof_return(bio[i], -1);
		SSL_set_bio(ssl[i], bio[i], bio[1 - i]);
	}
	SSL_set_connect_state(ssl[CLIENT]);
	SSL_set_accept_state(ssl[SERVER]);
	return SSL_set_tlsext_host_name(ssl[CLIENT], NAME) == 1;
}

static void
close_libssl(SSL *ssl[2])
{
	for (int i = 0; i < 2; i++) {
		SSL_free(ssl[i]);
		ssl[i] = NULL;
	}
}

static bool
shake_libssl(SSL *ssl[2])
{
	int rc[2] = { 0, 0 };
	char byte;

	while (rc[CLIENT] <= 0 || rc[SERVER] <= 0)
		for (int i = 0; i < 2; i++) {
			rc[i] = SSL_do_handshake(ssl[i]);
			if (rc[i] <= 0 &&
			    SSL_get_error(ssl[i], rc[i]) != SSL_ERROR_WANT_READ)
				return false;
		}
	/* The server's tickets are what there is to read. */
	return SSL_read(ssl[CLIENT], &byte, 1) <= 0;
}

static slu_status
run_bulk_libssl(void *state)
{
	struct talk *t = state;
	size_t n, m;

	for (size_t done = 0; done < SIZE; done += PIECE)
		if (SSL_write_ex(t->ssl[CLIENT], t->plain, PIECE, &n) != 1 ||
		    SSL_read_ex(t->ssl[SERVER], t->out, PIECE, &m) != 1 ||
		    n != m)
			return libssl_failed();
	return SLU_OK;
}

static slu_status
run_handshakes_libssl(void *state)
{
	SSL *ssl[2] = { NULL, NULL };
	bool ok = true;

	for (int i = 0; i < HANDSHAKES && ok; i++) {
		ok = open_libssl(state, ssl) && shake_libssl(ssl);
		close_libssl(ssl);
	}
	return ok ? SLU_OK : libssl_failed();
}

/* ---- keys of the program's own */

static slu_status
make_configs(struct talk *t)
{
	unsigned char pin[32];
	slu_status st = SLU_OK;

	for (int i = 0; i < 2 && st == SLU_OK; i++)
		st = slu_tls_config_new(&t->config[i]);
	if (st == SLU_OK)
		st = slu_tls_config_identity_ephemeral(t->config[SERVER], pin);
	if (st == SLU_OK)
		st = slu_tls_config_trust_pin(t->config[CLIENT], pin);
	return st ? st : slu_tls_config_only_pins(t->config[CLIENT]);
}

static X509 *
make_certificate(EVP_PKEY *key)
{
	X509 *cert = X509_new();

	if (cert == NULL)
		return NULL;
	if (X509_set_version(cert, X509_VERSION_3) &&
	    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1) &&
	    X509_gmtime_adj(X509_getm_notBefore(cert), 0) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(cert), 86400) != NULL &&
	    X509_set_pubkey(cert, key) &&
	    X509_sign(cert, key, EVP_sha256()) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}

/*
 * The same cipher as the engines agreed on.  Who looks at no certificate is
 * quicker than who looks at a pin.
 */
static slu_status
make_contexts(struct talk *t)
{
	const char *suite = slu_tls_peer_cipher(t->tls[CLIENT]);
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = key == NULL ? NULL : make_certificate(key);
	bool ok = cert != NULL;

	for (int i = 0; i < 2; i++) {
		t->ctx[i] = SSL_CTX_new(TLS_method());
		ok = ok && t->ctx[i] != NULL && suite != NULL &&
		     SSL_CTX_set_ciphersuites(t->ctx[i], suite) == 1;
	}
	ok = ok && SSL_CTX_use_certificate(t->ctx[SERVER], cert) == 1 &&
	     SSL_CTX_use_PrivateKey(t->ctx[SERVER], key) == 1 &&
	     open_libssl(t, t->ssl) && shake_libssl(t->ssl);
	X509_free(cert);
	EVP_PKEY_free(key);
	return ok ? SLU_OK : libssl_failed();
}

static slu_status
begin(void *state)
{
	struct talk *t = state;
	slu_status st;

	slu_rand_bytes(t->plain, PIECE);
	st = make_configs(t);
	if (st == SLU_OK)
		st = open_engines(t, t->tls);
	if (st == SLU_OK)
		st = shake_engines(t->tls);
	return st == SLU_OK ? make_contexts(t) : st;
}

static void
end(void *state)
{
	struct talk *t = state;

	close_engines(t->tls);
	close_libssl(t->ssl);
	for (int i = 0; i < 2; i++) {
		slu_tls_config_free(t->config[i]);
		SSL_CTX_free(t->ctx[i]);
	}
}

static const bench_job jobs[] = {
	{ "both ends, 16 KiB records", run_bulk, SIZE, 0, "libssl, memory BIOs",
	    run_bulk_libssl },
	{ "full handshakes, both ends", run_handshakes, 0, HANDSHAKES,
	    "libssl, memory BIOs", run_handshakes_libssl },
};

const bench_group bench_tls = {
	.name = "tls",
	.jobs = jobs,
	.n = sizeof(jobs) / sizeof(jobs[0]),
	.size = sizeof(struct talk),
	.begin = begin,
	.end = end,
};
