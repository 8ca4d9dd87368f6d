/* SPDX-License-Identifier: ISC */
/*
 * through: standard input to a host, and what comes back, through as many
 * proxies as are named:
 *
 *     printf 'GET / HTTP/1.0\r\n\r\n' | through 127.0.0.1 9050 \
 *         socks5 example.net 8080 http example.org 80
 *
 * connects to 127.0.0.1, has that connect to example.net as a SOCKS5 proxy,
 * and that one to example.org as an HTTP proxy.  PROXY_USER and
 * PROXY_PASSWORD in the environment are for whichever proxy asks.
 */
#include <sluice.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Have the far end of the chain connect further, as `kind` of a proxy. */
static slu_status
go_on(slu_bio **c, const char *kind, const char *host, uint16_t port)
{
	const char *user = getenv("PROXY_USER");
	const char *password = getenv("PROXY_PASSWORD");

	if (strcmp(kind, "socks5") == 0)
		return slu_socks_connect(c, host, port,
		    &(slu_socks_options){ .user = user, .password = password });
	if (strcmp(kind, "socks4a") == 0)
		return slu_socks_connect(c, host, port,
		    &(slu_socks_options){
			.version = SLU_SOCKS4A, .user = user });
	if (strcmp(kind, "http") == 0)
		return slu_http_connect(c, host, port,
		    &(slu_http_proxy_options){
			.user = user, .password = password });
	return slu_fail(SLU_ERR_USAGE, "no such kind of proxy: %s", kind);
}

int
main(int argc, char **argv)
{
	slu_bio *c = NULL, *in = NULL, *out = NULL;
	slu_status st;

	if (argc < 3 || argc % 3 != 0) {
		fprintf(
		    stderr, "usage: through HOST PORT [KIND HOST PORT]...\n");
		return 2;
	}
	st = slu_tcp_connect(&c, argv[1], (uint16_t)atoi(argv[2]), NULL);
	for (int i = 3; st == SLU_OK && i < argc; i += 3)
		st = go_on(
		    &c, argv[i], argv[i + 1], (uint16_t)atoi(argv[i + 2]));
	if (st == SLU_OK)
		st = slu_fd_open(&in, STDIN_FILENO);
	if (st == SLU_OK)
		st = slu_fd_open(&out, STDOUT_FILENO);
	if (st == SLU_OK)
		st = slu_bio_copy(c, in);
	if (st == SLU_OK)
		st = slu_bio_flush(c);
	/* Many a proxy takes the end of one direction for that of both. */
	if (st == SLU_OK)
		st = slu_bio_copy(out, c);
	if (st)
		fprintf(stderr, "through: %s\n", slu_error());
	slu_bio_free(c);
	slu_bio_free(in);
	slu_bio_free(out);
	return st != SLU_OK;
}
