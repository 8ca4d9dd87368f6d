/* SPDX-License-Identifier: ISC */
/* TLS over every chain, blocking and not. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "choke.h"
#include "far.h"
#include "script.h"
#include "sluice/base64.h"
#include "sluice/deflate.h"
#include "sluice/fd.h"
#include "sluice/hex.h"
#include "sluice/http_proxy.h"
#include "sluice/pair.h"
#include "sluice/socks.h"
#include "sluice/tcp.h"
#include "sluice/tls_stream.h"
#include "sluice/unix.h"
#include "tls_talk.h"

#define LEN 50000

/* Talk over two chains that are ready for it, and free them. */
static void
talk_over(tls_pair *p, slu_bio *client, slu_bio *server, size_t len)
{
	tls_talk_push(p, &client, &server);
	tls_talk(client, server, len);
	slu_bio_free(client);
	slu_bio_free(server);
}

static void
a_pair_of_any_size_carries_it(void **state)
{
	static const size_t caps[] = { 1, 100, 4000, 100000 };

	for (size_t i = 0; i < sizeof(caps) / sizeof(*caps); i++) {
		slu_bio *c = NULL, *s = NULL;

		CHECK_OK(slu_pair_open(&c, &s, caps[i]));
		talk_over(*state, c, s, caps[i] < 100 ? 3000 : LEN);
	}
}

static void
a_choke_carries_it(void **state)
{
	static const size_t steps[] = { 1, 777 };

	for (size_t i = 0; i < 2; i++) {
		slu_bio *c = NULL, *s = NULL;

		CHECK_OK(slu_pair_open(&c, &s, LEN));
		CHECK_OK(choke_push(&c, steps[i]));
		CHECK_OK(choke_push(&s, steps[i]));
		talk_over(*state, c, s, steps[i] == 1 ? 3000 : LEN);
	}
}

static void
base64_carries_it(void **state)
{
	static const slu_base64_options often = { .columns = 64,
		.padding = SLU_BASE64_FLUSHED };
	slu_bio *ends[2] = { NULL, NULL };

	CHECK_OK(slu_pair_open(&ends[0], &ends[1], 5000));
	for (int i = 0; i < 2; i++) {
		CHECK_OK(slu_base64_encode(&ends[i], &often));
		CHECK_OK(slu_base64_decode(&ends[i], &often));
	}
	talk_over(*state, ends[0], ends[1], LEN);
}

static void
filters_that_hold_bytes_back_carry_it(void **state)
{
	slu_bio *ends[2] = { NULL, NULL };

	CHECK_OK(slu_pair_open(&ends[0], &ends[1], 5000));
	for (int i = 0; i < 2; i++) {
		CHECK_OK(slu_hex_encode(&ends[i], NULL));
		CHECK_OK(slu_hex_decode(&ends[i], NULL));
		CHECK_OK(slu_deflate(&ends[i], NULL));
		CHECK_OK(slu_inflate(&ends[i], NULL));
	}
	talk_over(*state, ends[0], ends[1], LEN);
}

static void
socks5_carries_it(void **state)
{
	static const script_line lines[SCRIPT_LINES] = { HEARS("\5\1\0"),
		SAYS("\5\0"), HEARS("\5\1\0\3\13example.org\1\273"),
		SAYS("\5\0\0\1\177\0\0\1\4\322") };
	slu_bio *c = NULL, *s = NULL;

	CHECK_OK(slu_pair_open(&c, &s, 5000));
	CHECK_OK(script_push(&c, lines, NULL));
	CHECK_OK(slu_socks_connect(&c, "example.org", 443, NULL));
	talk_over(*state, c, s, LEN);
}

static void
http_connect_carries_it(void **state)
{
	static const script_line lines[SCRIPT_LINES] = {
		HEARS("CONNECT example.org:443 HTTP/1.1\r\n"
		      "Host: example.org:443\r\n\r\n"),
		SAYS("HTTP/1.1 200 OK\r\n\r\n")
	};
	slu_bio *c = NULL, *s = NULL;

	CHECK_OK(slu_pair_open(&c, &s, 5000));
	CHECK_OK(script_push(&c, lines, NULL));
	CHECK_OK(slu_http_connect(&c, "example.org", 443, NULL));
	talk_over(*state, c, s, LEN);
}

static void
tls_carries_it(void **state)
{
	tls_pair *p = *state;
	slu_tls *outer_client = NULL, *outer_server = NULL;
	slu_bio *c = NULL, *s = NULL;

	CHECK_OK(slu_pair_open(&c, &s, 5000));
	CHECK_OK(
	    slu_tls_client(&outer_client, p->client_config, CERTIFICATE_NAME));
	CHECK_OK(slu_tls_server(&outer_server, p->server_config));
	CHECK_OK(slu_tls_push(&c, outer_client));
	CHECK_OK(slu_tls_push(&s, outer_server));
	talk_over(p, c, s, LEN);
	slu_tls_free(outer_client);
	slu_tls_free(outer_server);
}

static void
set_nonblocking(int fd)
{
	CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
}

static void
sockets_in_the_file_system_carry_it(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "tls" };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), fd;
	slu_bio *c = NULL, *s = NULL;

	CHECK(listener >= 0);
	CHECK(bind(listener, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	      listen(listener, 1) == 0);
	CHECK_OK(slu_unix_connect(
	    &c, "tls", &(slu_unix_options){ .nonblocking = true }));
	CHECK(!slu_failed(slu_bio_flush(c)));
	fd = far_accept(listener);
	set_nonblocking(fd);
	CHECK_OK(slu_fd_open(&s, fd));
	talk_over(*state, c, s, 10 * LEN);
	close(fd);
	close(listener);
}

static void
tcp_carries_it(void **state)
{
	slu_bio *c = NULL, *s = NULL;
	uint16_t port;
	int listener = far_listen("127.0.0.1", &port), fd;

	CHECK_OK(slu_tcp_connect(
	    &c, "127.0.0.1", port, &(slu_tcp_options){ .nonblocking = true }));
	CHECK(!slu_failed(slu_bio_flush(c)));
	fd = far_accept(listener);
	set_nonblocking(fd);
	CHECK_OK(slu_fd_open(&s, fd));
	talk_over(*state, c, s, 10 * LEN);
	close(fd);
	close(listener);
}

struct blocking {
	slu_bio *chain;
	slu_status said;
};

static void *
talk_in_a_thread(void *arg)
{
	struct blocking *b = arg;

	b->said = tls_talk_alone(b->chain, LEN);
	return NULL;
}

static void
transports_that_block_carry_it(void **state)
{
	struct blocking b = { 0 };
	slu_bio *mine = NULL;
	pthread_t thread;
	int fds[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	CHECK_OK(slu_fd_open(&mine, fds[0]));
	CHECK_OK(slu_fd_open(&b.chain, fds[1]));
	tls_talk_push(*state, &mine, &b.chain);
	CHECK(pthread_create(&thread, NULL, talk_in_a_thread, &b) == 0);
	CHECK_OK(tls_talk_alone(mine, LEN));
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK_OK(b.said);
	slu_bio_free(mine);
	slu_bio_free(b.chain);
	close(fds[0]);
	close(fds[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR(a_pair_of_any_size_carries_it),
		WITH_PAIR(a_choke_carries_it),
		WITH_PAIR(base64_carries_it),
		WITH_PAIR(filters_that_hold_bytes_back_carry_it),
		WITH_PAIR(socks5_carries_it),
		WITH_PAIR(http_connect_carries_it),
		WITH_PAIR(tls_carries_it),
		WITH_PAIR(sockets_in_the_file_system_carry_it),
		WITH_PAIR(tcp_carries_it),
		WITH_PAIR(transports_that_block_carry_it),
	};

	return cmocka_run_group_tests_name("tls_chain", tests, NULL, NULL);
}
