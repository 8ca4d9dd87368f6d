/* SPDX-License-Identifier: ISC */
/*
 * tls_keys: a peer that is known by a shared key, or by TLSA records.
 *
 *     tls_keys connect PORT HOST [psk NAME HEX] [tlsa U S M HEX]...
 *     tls_keys listen PORT [psk NAME HEX]...
 *
 * It connects, says a line and writes the one that is answered; or listens,
 * and writes which key a client has and what it says, client after client.
 */
#include <sluice.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One letter after the other; a digit that is none counts as 0. */
static size_t
unhex(unsigned char *out, const char *hex)
{
	static const char digits[] = "0123456789abcdef";
	size_t len = strlen(hex) / 2;
	const char *high, *low;

	for (size_t i = 0; i < len; i++) {
		high = strchr(digits, hex[2 * i] | 32);
		low = strchr(digits, hex[2 * i + 1] | 32);
		out[i] = (unsigned char)((high ? (high - digits) << 4 : 0) |
					 (low ? low - digits : 0));
	}
	return len;
}

/* The arguments from `argv` on, as far as they are a config's. */
static slu_status
share_keys(slu_tls_config *cfg, char **argv)
{
	unsigned char key[4096];
	slu_status st = SLU_OK;

	for (; *argv != NULL && st == SLU_OK; argv++)
		if (strcmp(*argv, "psk") == 0)
			st = slu_tls_config_psk(cfg, argv[1], strlen(argv[1]),
			    key, unhex(key, argv[2]));
	return st;
}

static slu_status
hold_to_records(slu_tls *tls, char **argv)
{
	static unsigned char data[16384];
	slu_status st = SLU_OK;

	for (; *argv != NULL && st == SLU_OK; argv++)
		if (strcmp(*argv, "tlsa") == 0)
			st =
			    slu_tls_dane(tls, (slu_tls_dane_usage)atoi(argv[1]),
				(slu_tls_dane_selector)atoi(argv[2]),
				(slu_tls_dane_matching)atoi(argv[3]), data,
				unhex(data, argv[4]));
	return st;
}

static slu_status
connect_to(slu_tls_config *cfg, const char *port, char **argv)
{
	char heard[256];
	slu_bio *c = NULL;
	slu_tls *tls = NULL;
	slu_status st;
	size_t n = 0;

	st = slu_tcp_connect(&c, "127.0.0.1", (uint16_t)atoi(port), NULL);
	if (st == SLU_OK)
		st = slu_tls_client(&tls, cfg, argv[0]);
	if (st == SLU_OK)
		st = hold_to_records(tls, argv + 1);
	if (st == SLU_OK)
		st = slu_tls_push(&c, tls);
	if (st == SLU_OK)
		st = slu_bio_write_all(c, "how do you do\n", 14, &n);
	if (st == SLU_OK)
		st = slu_bio_flush(c);
	if (st == SLU_OK)
		st = slu_bio_read(c, heard, sizeof(heard), &n);
	if (st == SLU_OK)
		fwrite(heard, 1, n, stdout);
	slu_bio_free(c);
	slu_tls_free(tls);
	return st;
}

static slu_status
serve_one(slu_tls_config *cfg, slu_bio **c)
{
	slu_tls *tls = NULL;
	const void *name;
	char heard[256];
	slu_status st;
	size_t n;

	st = slu_tls_server(&tls, cfg);
	if (st == SLU_OK)
		st = slu_tls_push(c, tls);
	if (st == SLU_OK)
		st = slu_bio_read(*c, heard, sizeof(heard), &n);
	if (st == SLU_OK) {
		printf("heard %.*s", (int)n, heard);
		name = slu_tls_peer_psk(tls, &n);
		printf("from %.*s\n", (int)n, (const char *)name);
		st = slu_bio_write_all(*c, "thank you\n", 10, &n);
	}
	if (st == SLU_OK)
		st = slu_bio_finish(*c);
	if (slu_failed(st))
		printf("refused %s\n", slu_error());
	fflush(stdout);
	slu_bio_free(*c);
	*c = NULL;
	slu_tls_free(tls);
	return st;
}

static slu_status
listen_at(slu_tls_config *cfg, const char *port)
{
	slu_listener *l = NULL;
	slu_bio *c = NULL;
	slu_status st;

	st = slu_tcp_listen(&l, "127.0.0.1", (uint16_t)atoi(port), NULL);
	while (st == SLU_OK) {
		st = slu_listener_accept(l, &c);
		if (st == SLU_OK)
			(void)!serve_one(cfg, &c);
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
	slu_status st;

	if (argc < 3)
		return 2;
	st = slu_tls_config_new(&cfg);
	if (st == SLU_OK)
		st = share_keys(cfg, argv + 3);
	if (st == SLU_OK)
		st = strcmp(argv[1], "connect") == 0
			 ? connect_to(cfg, argv[2], argv + 3)
			 : listen_at(cfg, argv[2]);
	if (st)
		fprintf(stderr, "tls_keys: %s\n", slu_error());
	slu_tls_config_free(cfg);
	return st != SLU_OK;
}
