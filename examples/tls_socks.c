/* SPDX-License-Identifier: ISC */
/*
 * tls_socks: a verified TLS connection through a SOCKS5 proxy.
 *
 *     printf 'GET / HTTP/1.0\r\n\r\n' |
 *         tls_socks 127.0.0.1 9050 example.org 443 [ROOTS.pem]
 */
#include <sluice.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	slu_bio *c = NULL, *in = NULL, *out = NULL;
	slu_tls_config *cfg = NULL;
	slu_tls *tls = NULL;
	int usage = argc < 5 || argc > 6;
	int bad =
	    usage || slu_tls_config_new(&cfg) ||
	    (argc == 6 && slu_tls_config_trust_file(cfg, argv[5])) ||
	    slu_tcp_connect(&c, argv[1], (uint16_t)atoi(argv[2]), NULL) ||
	    slu_socks_connect(&c, argv[3], (uint16_t)atoi(argv[4]), NULL) ||
	    slu_tls_client(&tls, cfg, argv[3]) || slu_tls_push(&c, tls) ||
	    slu_fd_open(&in, STDIN_FILENO) ||
	    slu_fd_open(&out, STDOUT_FILENO) || slu_bio_copy(c, in) ||
	    slu_bio_flush(c) || slu_bio_copy(out, c);

	if (bad)
		fprintf(stderr, "tls_socks: %s\n",
		    usage ? "PROXY PORT HOST PORT [ROOTS]" : slu_error());
	slu_bio_free(c);
	slu_bio_free(in);
	slu_bio_free(out);
	slu_tls_free(tls);
	slu_tls_config_free(cfg);
	return bad;
}
