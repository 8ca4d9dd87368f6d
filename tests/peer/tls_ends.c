/* SPDX-License-Identifier: ISC */
/*
 * tls_ends: a peer that tells what both ends have to see alike.
 *
 *     tls_ends connect PORT VERSION ROOT [require]
 *     tls_ends listen PORT VERSION CHAIN KEY [RESPONSE]
 *
 * It writes a key that is exported without a context, one with the context
 * "sluice", and the channel binding.  As a client it says a line behind that,
 * and may require a response of OCSP; as a server it serves one client after
 * another, up to each one's end, and may bring a RESPONSE along.
 */
#include <sluice.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL "EXPORTER-sluice"
#define CONTEXT "sluice"
#define KEY_SIZE 32

static void
print(const char *name, const unsigned char key[KEY_SIZE])
{
	printf("%s ", name);
	for (size_t i = 0; i < KEY_SIZE; i++)
		printf("%02x", key[i]);
	putchar('\n');
}

static slu_status
tell(slu_tls *tls)
{
	unsigned char key[KEY_SIZE], with[KEY_SIZE];
	unsigned char binding[SLU_TLS_BINDING_SIZE];
	slu_status st;

	st = slu_tls_export(tls, LABEL, NULL, 0, key, KEY_SIZE);
	if (st == SLU_OK)
		st = slu_tls_export(
		    tls, LABEL, CONTEXT, strlen(CONTEXT), with, KEY_SIZE);
	if (st == SLU_OK)
		st = slu_tls_binding(tls, binding);
	if (st)
		return st;
	print("key", key);
	print("context", with);
	print("binding", binding);
	fflush(stdout);
	return SLU_OK;
}

/* The engine on the chain, the handshake done, and what there is to tell. */
static slu_status
begin(slu_bio **c, slu_tls *tls)
{
	slu_status st = slu_tls_push(c, tls);

	if (st == SLU_OK)
		st = slu_bio_flush(*c);
	return st ? st : tell(tls);
}

/* Read until the peer has ended. */
static slu_status
hear_out(slu_bio *c)
{
	char heard[256];
	slu_status st;
	size_t n;

	do {
		st = slu_bio_read(c, heard, sizeof(heard), &n);
	} while (st == SLU_OK);
	return st == SLU_EOF ? SLU_OK : st;
}

static slu_status
connect_to(slu_tls_config *cfg, char **argv)
{
	slu_bio *c = NULL;
	slu_tls *tls = NULL;
	slu_status st;
	size_t n = 0;

	st = slu_tls_config_trust_file(cfg, argv[3]);
	if (st == SLU_OK && argv[4] != NULL)
		st = slu_tls_config_ocsp(cfg, SLU_TLS_OCSP_REQUIRE);
	if (st == SLU_OK)
		st = slu_tcp_connect(
		    &c, "127.0.0.1", (uint16_t)atoi(argv[1]), NULL);
	if (st == SLU_OK)
		st = slu_tls_client(&tls, cfg, "localhost");
	if (st == SLU_OK)
		st = begin(&c, tls);
	if (st == SLU_OK)
		st = slu_bio_write_all(c, "how do you do\n", 14, &n);
	if (st == SLU_OK)
		st = slu_bio_finish(c);
	slu_bio_free(c);
	slu_tls_free(tls);
	return st;
}

static slu_status
staple(slu_tls_identity *id, const char *file)
{
	slu_buf response = { .limit = SLU_TLS_OCSP_MAX };
	slu_bio *from = NULL, *to = NULL;
	slu_status st;

	st = slu_file_open(&from, file);
	if (st == SLU_OK)
		st = slu_mem_open(&to, &response);
	if (st == SLU_OK)
		st = slu_bio_copy(to, from);
	if (st == SLU_OK)
		st = slu_tls_identity_ocsp(
		    id, slu_buf_front(&response), response.len);
	slu_bio_free(from);
	slu_bio_free(to);
	slu_buf_free(&response);
	return st;
}

static slu_status
be(slu_tls_config *cfg, char **argv)
{
	slu_tls_identity *id = NULL;
	slu_status st;

	st = slu_tls_identity_file(&id, argv[3], argv[4], NULL);
	if (st == SLU_OK && argv[5] != NULL)
		st = staple(id, argv[5]);
	if (st == SLU_OK)
		st = slu_tls_config_identity(cfg, id);
	slu_tls_identity_free(id);
	return st;
}

static void
serve_one(slu_tls_config *cfg, slu_bio **c)
{
	slu_tls *tls = NULL;
	slu_status st;

	st = slu_tls_server(&tls, cfg);
	if (st == SLU_OK)
		st = begin(c, tls);
	if (st == SLU_OK)
		st = hear_out(*c);
	if (st)
		printf("refused %s\n", slu_error());
	fflush(stdout);
	slu_bio_free(*c);
	*c = NULL;
	slu_tls_free(tls);
}

static slu_status
listen_at(slu_tls_config *cfg, char **argv)
{
	slu_listener *l = NULL;
	slu_bio *c = NULL;
	slu_status st = be(cfg, argv);

	if (st == SLU_OK)
		st = slu_tcp_listen(
		    &l, "127.0.0.1", (uint16_t)atoi(argv[1]), NULL);
	while (st == SLU_OK) {
		st = slu_listener_accept(l, &c);
		if (st == SLU_OK)
			serve_one(cfg, &c);
		if (st == SLU_WANT_READ)
			st = slu_listener_wait(l, -1);
	}
	slu_listener_free(l);
	return st;
}

int
main(int argc, char **argv)
{
	slu_tls_config *cfg = NULL;
	slu_tls_version version;
	slu_status st;

	if (argc < 5)
		return 2;
	version = strcmp(argv[3], "1.2") == 0 ? SLU_TLS_1_2 : SLU_TLS_1_3;
	st = slu_tls_config_new(&cfg);
	if (st == SLU_OK)
		st = slu_tls_config_versions(cfg, version, version);
	if (st == SLU_OK)
		st = strcmp(argv[1], "connect") == 0 ? connect_to(cfg, argv + 1)
						     : listen_at(cfg, argv + 1);
	if (st)
		fprintf(stderr, "tls_ends: %s\n", slu_error());
	slu_tls_config_free(cfg);
	return st != SLU_OK;
}
