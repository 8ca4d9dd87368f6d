/* SPDX-License-Identifier: ISC */
/*
 * tls_bench: TLS beside libssl by itself, with memory BIOs.
 *
 *     tls_bench [--size MIB] [--rounds N] [--handshakes N] [--idle N] [--json]
 *
 * Both ends are on one core, and whoever is measured takes its turn beside
 * the others:
 *
 *     engine   what one drains, the other is fed
 *     stream   the same over the two ends of a pair
 *     libssl   two SSL that share their memory BIOs: what one writes there,
 *              the other reads, and no transport stands between them
 *     carried  two SSL with a memory BIO for each direction of each, as on a
 *              transport: what one has is read from it, and written to the
 *              other's
 *     released the same as libssl, with SSL_MODE_RELEASE_BUFFERS
 *
 * `size` bytes are written in pieces of 16 KiB and of 1 KiB, 32 KiB before they
 * are read, and of 1 KiB that are read one by one; handshakes are full and
 * resumed, of TLS 1.3, with P-256.  What each end of so many idle connections
 * takes of the heap is told as well, once both have said a word, beside libssl
 * with SSL_MODE_RELEASE_BUFFERS: with two memory BIOs, and with a socket's,
 * which is the least it can have.
 */
#define _POSIX_C_SOURCE 200809L
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "measure.h"
#include "sluice.h"

#define NAME "sluice.test"
#define TURN (32 * 1024) /* bytes that are written before they are read */
#define LARGE (16 * 1024)
#define SMALL 1024

enum { CLIENT, SERVER };

static struct bench {
	measure_settings settings;
	unsigned long handshakes, idle;
	slu_tls_config *config[2];
	slu_tls *tls[2];
	slu_bio *chain[2];
	SSL_CTX *ctx[2];
	SSL *ssl[2], *apart[2];
	unsigned char session_der[LARGE];
	int session_len;
	slu_buf kept; /* the engines' session */
	unsigned char block[LARGE], out[LARGE], wire[2 * TURN];
} b = {
	.settings = { .size = 256 * MEASURE_MIB, .rounds = 7 },
	.handshakes = 300,
	.idle = 10000,
	.kept = { .limit = 64 * 1024 },
};

/* ---- certificates */

static void
extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	measure_must(ext != NULL && X509_add_ext(cert, ext, -1), "extension");
	X509_EXTENSION_free(ext);
}

/* A certificate for `key`, of `issuer`, or of itself. */
static X509 *
make_certificate(EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	const char *cn = issuer == NULL ? "root" : "leaf";

	measure_must(
	    X509_set_version(cert, X509_VERSION_3) &&
		ASN1_INTEGER_set(
		    X509_get_serialNumber(cert), issuer == NULL ? 1 : 2) &&
		X509_gmtime_adj(X509_getm_notBefore(cert), -60) != NULL &&
		X509_gmtime_adj(X509_getm_notAfter(cert), 86400) != NULL &&
		X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		    (const unsigned char *)cn, -1, -1, 0) &&
		X509_set_issuer_name(cert,
		    issuer == NULL ? name : X509_get_subject_name(issuer)) &&
		X509_set_pubkey(cert, key),
	    "certificate");
	extend(cert, cert, NID_subject_key_identifier, "hash");
	if (issuer == NULL) {
		extend(cert, cert, NID_basic_constraints, "critical,CA:TRUE");
		extend(cert, cert, NID_key_usage, "critical,keyCertSign");
	} else {
		extend(cert, issuer, NID_authority_key_identifier, "keyid");
		extend(cert, issuer, NID_subject_alt_name, "DNS:" NAME);
	}
	measure_must(X509_sign(cert, issuer_key, EVP_sha256()) > 0, "sign");
	return cert;
}

static void
make_configs(X509 *root, X509 *leaf, EVP_PKEY *key)
{
	BIO *pem[3];
	char *text[3];
	size_t len[3];
	slu_tls_identity *id = NULL;

	for (int i = 0; i < 3; i++)
		pem[i] = BIO_new(BIO_s_mem());
	measure_must(PEM_write_bio_X509(pem[0], root) &&
			 PEM_write_bio_X509(pem[1], leaf) &&
			 PEM_write_bio_PrivateKey(
			     pem[2], key, NULL, NULL, 0, NULL, NULL),
	    "PEM");
	for (int i = 0; i < 3; i++)
		len[i] = (size_t)BIO_get_mem_data(pem[i], &text[i]);
	for (int i = 0; i < 2; i++)
		measure_must(
		    slu_tls_config_new(&b.config[i]) == SLU_OK, "config");
	measure_must(slu_tls_config_trust_memory(
			 b.config[CLIENT], text[0], len[0]) == SLU_OK,
	    "trust");
	measure_must(
	    slu_tls_identity_memory(
		&id, text[1], len[1], text[2], len[2], NULL) == SLU_OK &&
		slu_tls_config_identity(b.config[SERVER], id) == SLU_OK,
	    "identity");
	slu_tls_identity_free(id);
	for (int i = 0; i < 3; i++)
		BIO_free(pem[i]);
}

static int
keep_session(SSL *ssl, SSL_SESSION *session)
{
	unsigned char *der = b.session_der;

	(void)ssl;
	measure_must(
	    i2d_SSL_SESSION(session, NULL) <= (int)sizeof(b.session_der),
	    "session");
	b.session_len = i2d_SSL_SESSION(session, &der);
	return 0;
}

/* libssl, asked for the same as our engines ask it for. */
static void
make_contexts(X509 *root, X509 *leaf, EVP_PKEY *key)
{
	SSL_CTX *client = SSL_CTX_new(TLS_client_method());
	SSL_CTX *server = SSL_CTX_new(TLS_server_method());

	measure_must(
	    client != NULL && server != NULL &&
		X509_STORE_add_cert(SSL_CTX_get_cert_store(client), root) &&
		SSL_CTX_use_certificate(server, leaf) == 1 &&
		SSL_CTX_use_PrivateKey(server, key) == 1,
	    "SSL_CTX");
	SSL_CTX_set_verify(client, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_session_cache_mode(
	    client, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(client, keep_session);
	b.ctx[CLIENT] = client;
	b.ctx[SERVER] = server;
}

static void
make_keys(void)
{
	EVP_PKEY *root_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256");
	X509 *root, *leaf;

	measure_must(root_key != NULL && key != NULL, "key");
	root = make_certificate(root_key, NULL, root_key);
	leaf = make_certificate(key, root, root_key);
	make_configs(root, leaf, key);
	make_contexts(root, leaf, key);
	X509_free(root);
	X509_free(leaf);
	EVP_PKEY_free(root_key);
	EVP_PKEY_free(key);
}

/* ---- two of a kind, shaking hands */

static void
open_engines(slu_tls *tls[2])
{
	measure_must(
	    slu_tls_client(&tls[CLIENT], b.config[CLIENT], NAME) == SLU_OK &&
		slu_tls_server(&tls[SERVER], b.config[SERVER]) == SLU_OK,
	    "engines");
}

/* What one has for the other, until there is nothing more. */
static void
carry(slu_tls *from, slu_tls *to)
{
	const void *wire;
	size_t len, used;

	while (slu_tls_drain_view(from, &wire, &len) == SLU_OK) {
		measure_must(
		    slu_tls_feed(to, wire, len, &used) == SLU_OK, "feed");
		slu_tls_drained(from, used);
	}
}

static void
shake_engines(slu_tls *tls[2])
{
	slu_status st[2];

	do {
		for (int i = 0; i < 2; i++) {
			st[i] = slu_tls_handshake(tls[i]);
			carry(tls[i], tls[1 - i]);
		}
		measure_must(!slu_failed(st[0]) && !slu_failed(st[1]), "shake");
	} while (st[0] || st[1]);
	carry(tls[SERVER], tls[CLIENT]);
}

static void
open_libssl(SSL *ssl[2])
{
	BIO *there = BIO_new(BIO_s_mem()), *back = BIO_new(BIO_s_mem());

	for (int i = 0; i < 2; i++)
		ssl[i] = SSL_new(b.ctx[i]);
	measure_must(ssl[0] != NULL && ssl[1] != NULL && there != NULL &&
			 back != NULL && SSL_set1_host(ssl[CLIENT], NAME) &&
			 SSL_set_tlsext_host_name(ssl[CLIENT], NAME) &&
			 BIO_up_ref(there) && BIO_up_ref(back),
	    "SSL");
	BIO_set_mem_eof_return(there, -1);
	BIO_set_mem_eof_return(back, -1);
	SSL_set_bio(ssl[CLIENT], back, there);
	SSL_set_bio(ssl[SERVER], there, back);
	SSL_set_connect_state(ssl[CLIENT]);
	SSL_set_accept_state(ssl[SERVER]);
}

static void
shake_libssl(SSL *ssl[2])
{
	int rc[2];
	char byte;

	do {
		for (int i = 0; i < 2; i++) {
			rc[i] = SSL_do_handshake(ssl[i]);
			if (rc[i] <= 0)
				measure_must(SSL_get_error(ssl[i], rc[i]) ==
						 SSL_ERROR_WANT_READ,
				    "handshake");
		}
	} while (rc[0] <= 0 || rc[1] <= 0);
	/* The tickets. */
	measure_must(SSL_read(ssl[CLIENT], &byte, 1) <= 0, "tickets");
}

/* ---- bulk */

static void
bulk_engine(size_t piece, size_t turn)
{
	size_t n, view_len, used, got = 0;
	const void *wire;
	slu_status st;

	for (size_t done = 0; done < b.settings.size; done += turn) {
		for (size_t i = 0; i < turn; i += piece)
			measure_must(slu_tls_write(b.tls[CLIENT], b.block,
					 piece, &n) == SLU_OK &&
					 n == piece,
			    "write");
		got = 0;
		while (slu_tls_drain_view(b.tls[CLIENT], &wire, &view_len) ==
		       SLU_OK) {
			st = slu_tls_read_from(b.tls[SERVER], wire, view_len,
			    &used, b.out, LARGE, &n);
			slu_tls_drained(b.tls[CLIENT], used);
			measure_must(st == SLU_OK, "read");
			got += n;
		}
		measure_must(got == turn, "bytes");
	}
}

static void
bulk_stream(size_t piece, size_t turn)
{
	size_t n, got;

	for (size_t done = 0; done < b.settings.size; done += turn) {
		for (size_t i = 0; i < turn; i += piece)
			measure_must(slu_bio_write(b.chain[CLIENT], b.block,
					 piece, &n) == SLU_OK &&
					 n == piece,
			    "write");
		measure_must(slu_bio_flush(b.chain[CLIENT]) == SLU_OK, "flush");
		for (got = 0; got < turn; got += n)
			measure_must(slu_bio_read(b.chain[SERVER], b.out, LARGE,
					 &n) == SLU_OK,
			    "read");
	}
}

static void
bulk_libssl(size_t piece, size_t turn)
{
	size_t n, got;

	for (size_t done = 0; done < b.settings.size; done += turn) {
		for (size_t i = 0; i < turn; i += piece)
			measure_must(SSL_write_ex(b.ssl[CLIENT], b.block, piece,
					 &n) == 1 &&
					 n == piece,
			    "SSL_write");
		for (got = 0; got < turn; got += n)
			measure_must(
			    SSL_read_ex(b.ssl[SERVER], b.out, LARGE, &n) == 1,
			    "SSL_read");
	}
}

/* As an engine does: no room is kept between records. */
static void
bulk_released(size_t piece, size_t turn)
{
	for (int i = 0; i < 2; i++)
		SSL_set_mode(b.ssl[i], SSL_MODE_RELEASE_BUFFERS);
	bulk_libssl(piece, turn);
	for (int i = 0; i < 2; i++)
		SSL_clear_mode(b.ssl[i], SSL_MODE_RELEASE_BUFFERS);
}

/* What one has written goes where the other reads. */
static void
carry_apart(SSL *from, SSL *to)
{
	int n;

	while ((n = BIO_read(SSL_get_wbio(from), b.wire, sizeof(b.wire))) > 0)
		measure_must(
		    BIO_write(SSL_get_rbio(to), b.wire, n) == n, "BIO_write");
}

static void
bulk_carried(size_t piece, size_t turn)
{
	size_t n, got;

	for (size_t done = 0; done < b.settings.size; done += turn) {
		for (size_t i = 0; i < turn; i += piece)
			measure_must(SSL_write_ex(b.apart[CLIENT], b.block,
					 piece, &n) == 1 &&
					 n == piece,
			    "SSL_write");
		carry_apart(b.apart[CLIENT], b.apart[SERVER]);
		for (got = 0; got < turn; got += n)
			measure_must(
			    SSL_read_ex(b.apart[SERVER], b.out, LARGE, &n) == 1,
			    "SSL_read");
	}
}

/* `turn` bytes are written in pieces before they are read. */
struct bulk {
	int kind;
	size_t piece, turn;
};

static void
job_bulk(void *arg)
{
	static void (*const kinds[])(size_t, size_t) = {
		bulk_engine,
		bulk_stream,
		bulk_libssl,
		bulk_carried,
		bulk_released,
	};
	const struct bulk *job = arg;

	kinds[job->kind](job->piece, job->turn);
}

#define BULK(piece, turn) \
	{ 0, piece, turn }, { 1, piece, turn }, { 2, piece, turn }, \
	{ \
		3, piece, turn \
	}

static struct bulk bulks[] = { BULK(LARGE, TURN), BULK(SMALL, TURN),
	BULK(SMALL, SMALL), { 4, SMALL, SMALL } };

/* ---- handshakes */

static int full = 0, resumed = 1;

static void
job_shake_engines(void *arg)
{
	const int *resume = arg;

	for (unsigned long i = 0; i < b.handshakes; i++) {
		slu_tls *tls[2] = { NULL, NULL };

		open_engines(tls);
		if (*resume)
			measure_must(
			    slu_tls_session_set(tls[CLIENT],
				slu_buf_front(&b.kept), b.kept.len) == SLU_OK,
			    "session");
		shake_engines(tls);
		measure_must(
		    slu_tls_peer_resumed(tls[CLIENT]) == (*resume == 1),
		    "a session is resumed when it is to be");
		slu_tls_free(tls[0]);
		slu_tls_free(tls[1]);
	}
}

/* From bytes, as an engine takes it. */
static void
offer_session(SSL *ssl)
{
	const unsigned char *der = b.session_der;
	SSL_SESSION *session = d2i_SSL_SESSION(NULL, &der, b.session_len);

	measure_must(
	    session != NULL && SSL_set_session(ssl, session) == 1, "session");
	SSL_SESSION_free(session);
}

static void
job_shake_libssl(void *arg)
{
	const int *resume = arg;
	SSL *ssl[2];

	for (unsigned long i = 0; i < b.handshakes; i++) {
		open_libssl(ssl);
		if (*resume)
			offer_session(ssl[CLIENT]);
		shake_libssl(ssl);
		measure_must(SSL_session_reused(ssl[CLIENT]) == *resume,
		    "a session is resumed when it is to be");
		SSL_shutdown(ssl[CLIENT]);
		SSL_shutdown(ssl[SERVER]);
		SSL_free(ssl[0]);
		SSL_free(ssl[1]);
	}
}

/* ---- idle connections */

static size_t
in_use(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

/* What one connection takes less once this was done to all its ends. */
static double
weigh_end(void *all, size_t size, void (*lose)(void *pair, int end), int end)
{
	size_t before = in_use();

	for (unsigned long i = 0; i < b.idle; i++)
		lose((char *)all + i * size, end);
	return ((double)before - (double)in_use()) / (double)b.idle;
}

static void
free_engine(void *pair, int end)
{
	slu_tls **tls = pair;

	slu_tls_free(tls[end]);
}

static void
weigh_engines(double bytes[2])
{
	slu_tls *(*all)[2] = calloc(b.idle, sizeof(*all));
	char word[5];
	size_t n;

	measure_must(all != NULL, "memory");
	for (unsigned long i = 0; i < b.idle; i++) {
		open_engines(all[i]);
		shake_engines(all[i]);
		for (int from = 0; from < 2; from++) {
			measure_must(slu_tls_write(all[i][from], "hello", 5,
					 &n) == SLU_OK,
			    "write");
			carry(all[i][from], all[i][1 - from]);
			measure_must(slu_tls_read(all[i][1 - from], word, 5,
					 &n) == SLU_OK &&
					 slu_tls_read(all[i][1 - from], word, 1,
					     &n) == SLU_WANT_READ,
			    "read");
		}
	}
	for (int end = 0; end < 2; end++)
		bytes[end] = weigh_end(all, sizeof(*all), free_engine, end);
	free(all);
}

static void
free_ssl(void *pair, int end)
{
	SSL **ssl = pair;

	SSL_free(ssl[end]);
}

/* Each end has memory BIOs of its own, as on a transport, and empty ones. */
static void
part(SSL *ssl[2])
{
	for (int i = 0; i < 2; i++) {
		SSL_set0_rbio(ssl[i], BIO_new(BIO_s_mem()));
		SSL_set0_wbio(ssl[i], BIO_new(BIO_s_mem()));
	}
}

/* The least that libssl can have: a socket's BIO, which holds nothing. */
static void
to_socket(void *pair, int end)
{
	SSL **ssl = pair;
	BIO *bio = BIO_new(BIO_s_socket());

	measure_must(bio != NULL, "BIO");
	SSL_set_bio(ssl[end], bio, bio);
}

static void
weigh_libssl(double memory[2], double sockets[2])
{
	SSL *(*all)[2] = calloc(b.idle, sizeof(*all));
	char word[5];
	size_t n;

	measure_must(all != NULL, "memory");
	for (unsigned long i = 0; i < b.idle; i++) {
		open_libssl(all[i]);
		for (int at = 0; at < 2; at++)
			SSL_set_mode(all[i][at], SSL_MODE_RELEASE_BUFFERS);
		shake_libssl(all[i]);
		for (int from = 0; from < 2; from++)
			measure_must(
			    SSL_write_ex(all[i][from], "hello", 5, &n) == 1 &&
				SSL_read_ex(all[i][1 - from], word, 5, &n) ==
				    1 &&
				SSL_read_ex(all[i][1 - from], word, 1, &n) != 1,
			    "a word");
		part(all[i]);
	}
	for (int end = 0; end < 2; end++) {
		memory[end] = weigh_end(all, sizeof(*all), to_socket, end);
		sockets[end] = weigh_end(all, sizeof(*all), free_ssl, end);
		memory[end] += sockets[end];
	}
	free(all);
}

static void
weigh(void)
{
	static const char *const ends[] = { "client", "server" };
	double ours[2], memory[2], sockets[2];

	weigh_engines(ours);
	weigh_libssl(memory, sockets);
	for (int i = 0; i < 2 && !b.settings.json; i++)
		printf("an idle %s, one of %lu: %.0f bytes; libssl with "
		       "memory BIOs %.0f: %.3f, with a socket %.0f: %.3f\n",
		    ends[i], b.idle, ours[i], memory[i], ours[i] / memory[i],
		    sockets[i], ours[i] / sockets[i]);
}

static const measure_job jobs[] = {
	{ "16 KiB, engine", job_bulk, &bulks[0], { "16 KiB, libssl" }, false },
	{ "16 KiB, stream", job_bulk, &bulks[1], { "16 KiB, carried" }, false },
	{ "16 KiB, libssl", job_bulk, &bulks[2], { NULL }, false },
	{ "16 KiB, carried", job_bulk, &bulks[3], { NULL }, false },
	{ "1 KiB, engine", job_bulk, &bulks[4], { "1 KiB, libssl" }, false },
	{ "1 KiB, stream", job_bulk, &bulks[5], { "1 KiB, carried" }, false },
	{ "1 KiB, libssl", job_bulk, &bulks[6], { NULL }, false },
	{ "1 KiB, carried", job_bulk, &bulks[7], { NULL }, false },
	{ "1 KiB alone, engine", job_bulk, &bulks[8], { "1 KiB alone, libssl" },
	    false },
	{ "1 KiB alone, stream", job_bulk, &bulks[9],
	    { "1 KiB alone, carried" }, false },
	{ "1 KiB alone, libssl", job_bulk, &bulks[10], { NULL }, false },
	{ "1 KiB alone, carried", job_bulk, &bulks[11], { NULL }, false },
	{ "1 KiB alone, released", job_bulk, &bulks[12],
	    { "1 KiB alone, libssl" }, false },
	{ "full handshakes, engine", job_shake_engines, &full,
	    { "full handshakes, libssl" }, true },
	{ "full handshakes, libssl", job_shake_libssl, &full, { NULL }, true },
	{ "resumed handshakes, engine", job_shake_engines, &resumed,
	    { "resumed handshakes, libssl" }, true },
	{ "resumed handshakes, libssl", job_shake_libssl, &resumed, { NULL },
	    true },
};

/* libssl speaks as the engines do. */
static void
agree(void)
{
	const char *suite = slu_tls_peer_cipher(b.tls[CLIENT]);
	const char *group = slu_tls_peer_group(b.tls[CLIENT]);

	for (int i = 0; i < 2; i++)
		measure_must(
		    suite != NULL && group != NULL &&
			SSL_CTX_set_ciphersuites(b.ctx[i], suite) == 1 &&
			SSL_CTX_set1_groups_list(b.ctx[i], group) == 1,
		    "the same cipher and group");
}

static void
begin(void)
{
	slu_tls *streams[2];

	make_keys();
	open_engines(b.tls);
	shake_engines(b.tls);
	measure_must(
	    slu_tls_session_get(b.tls[CLIENT], &b.kept) == SLU_OK, "session");
	agree();
	open_libssl(b.ssl);
	shake_libssl(b.ssl);
	open_libssl(b.apart);
	shake_libssl(b.apart);
	part(b.apart);
	measure_must(
	    slu_pair_open(&b.chain[0], &b.chain[1], (size_t)4 * TURN) == SLU_OK,
	    "pair");
	open_engines(streams);
	for (int i = 0; i < 2; i++)
		measure_must(
		    slu_tls_push(&b.chain[i], streams[i]) == SLU_OK, "push");
	for (int i = 0; i < 6; i++)
		measure_must(
		    !slu_failed(slu_bio_flush(b.chain[i % 2])), "flush");
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (measure_option(&b.settings, argc, argv, &i))
			continue;
		if (strcmp(argv[i], "--handshakes") == 0)
			b.handshakes =
			    measure_number(argc, argv, &i, 1, 1000000);
		else if (strcmp(argv[i], "--idle") == 0)
			b.idle = measure_number(argc, argv, &i, 0, 1000000);
		else
			measure_must(false, "usage: see the source");
	}
	memset(b.block, 'x', sizeof(b.block));
	begin();
	measure(&b.settings, jobs, sizeof(jobs) / sizeof(jobs[0]));
	if (b.idle > 0)
		weigh();
	return 0;
}
