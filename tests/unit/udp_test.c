/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/udp.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "far.h"
#include "names.h"
#include "oom.h"
#include "sysfault.h"
#include "trial.h"

#include "sluice/hex.h"
#include "sluice/wait.h"

static const slu_udp_options nonblocking = { .nonblocking = true };

/* A socket at `port` of `host`, or at any if that is 0. */
static int
far_datagrams_at(const char *host, uint16_t *port)
{
	struct sockaddr_storage at;
	socklen_t len = far_address(&at, host, *port);
	int fd = socket(at.ss_family, SOCK_DGRAM, 0), yes = 1;

	CHECK(fd >= 0);
	CHECK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0);
	CHECK(bind(fd, (void *)&at, len) == 0);
	CHECK(getsockname(fd, (void *)&at, &len) == 0);
	/* It stands at the same place in an address of either version. */
	*port = ntohs(((struct sockaddr_in *)(void *)&at)->sin_port);
	return fd;
}

static int
far_datagrams(uint16_t *port)
{
	return far_datagrams_at("127.0.0.1", port);
}

/* A chain and its far end, which knows where to answer. */
struct line {
	slu_bio *c;
	int far;
	uint16_t port;
};

/* One datagram there, of which the far end learns who sends. */
static void
greet(struct line *l)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char buf[16];
	size_t n;

	CHECK_OK(slu_bio_write(l->c, "hello", 5, &n));
	far_wait(l->far, POLLIN);
	CHECK(recvfrom(l->far, buf, sizeof(buf), 0, (void *)&from, &len) == 5);
	CHECK(connect(l->far, (void *)&from, len) == 0);
}

static void
connect_line_at(
    struct line *l, const char *host, const slu_udp_options *options)
{
	l->c = NULL;
	l->port = 0;
	l->far = far_datagrams_at(host, &l->port);
	CHECK_OK(slu_udp_connect(&l->c, host, l->port, options));
	greet(l);
}

static void
connect_line(struct line *l, const slu_udp_options *options)
{
	connect_line_at(l, "127.0.0.1", options);
}

static void
hang_up(struct line *l)
{
	slu_bio_free(l->c);
	close(l->far);
}

static void
answer(const struct line *l, const void *data, size_t len)
{
	/* Not send, of which sysfault.h lets nothing empty through. */
	CHECK(sendto(l->far, data, len, 0, NULL, 0) == (ssize_t)len);
}

static void
await(slu_bio *c)
{
	CHECK_OK(slu_bio_wait(c, SLU_WANT_READ, 10000));
}

static void
a_read_gives_one_datagram_and_a_write_sends_one(void **state)
{
	struct line l;
	char buf[64];
	size_t n;

	(void)state;
	connect_line(&l, NULL);
	CHECK_OK(slu_bio_write(l.c, "one", 3, &n));
	CHECK_OK(slu_bio_write(l.c, "second", 6, &n));
	CHECK(n == 6);
	far_wait(l.far, POLLIN);
	CHECK(recv(l.far, buf, sizeof(buf), 0) == 3);
	far_wait(l.far, POLLIN);
	CHECK(recv(l.far, buf, sizeof(buf), 0) == 6);
	answer(&l, "back", 4);
	answer(&l, "again", 5);
	await(l.c);
	CHECK_OK(slu_bio_read(l.c, buf, sizeof(buf), &n));
	CHECK_BYTES("back", 4, buf, n);
	await(l.c);
	CHECK_OK(slu_bio_read(l.c, buf, sizeof(buf), &n));
	CHECK_BYTES("again", 5, buf, n);
	hang_up(&l);
}

/* Send `len` bytes to the far end, and have them sent back. */
static void
there_and_back(const struct line *l, const unsigned char *data, size_t len)
{
	static unsigned char back[SLU_UDP_MAX];
	size_t n;

	CHECK_OK(slu_bio_write(l->c, data, len, &n));
	CHECK(n == len);
	far_wait(l->far, POLLIN);
	CHECK(recv(l->far, back, sizeof(back), 0) == (ssize_t)len);
	answer(l, back, len);
	await(l->c);
	memset(back, 0, sizeof(back));
	CHECK_OK(slu_bio_read(l->c, back, sizeof(back), &n));
	CHECK_BYTES(data, len, back, n);
}

static void
the_largest_datagram_passes_and_a_larger_one_is_refused(void **state)
{
	static const struct {
		const char *host, *words;
		size_t most;
	} versions[] = {
		{ "127.0.0.1", "of 65508 bytes, which the way cannot take",
		    65507 },
		{ "::1", "of 65528 bytes, and the most is 65527", SLU_UDP_MAX },
	};
	static unsigned char data[SLU_UDP_MAX + 1];
	struct line l;
	size_t n;

	(void)state;
	trial_plain(data, sizeof(data));
	for (size_t i = 0; i < 2 && far_has(versions[i].host); i++) {
		connect_line_at(&l, versions[i].host, NULL);
		there_and_back(&l, data, versions[i].most);
		CHECK_IS(SLU_ERR_LIMIT,
		    slu_bio_write(l.c, data, versions[i].most + 1, &n));
		CHECK_WORDS(versions[i].words);
		hang_up(&l);
	}
}

static void
a_datagram_that_the_way_cannot_take_is_beyond_the_limit(void **state)
{
	struct line l;
	size_t n;

	(void)state;
	connect_line(&l, NULL);
	sysfault_arm("send", 0, EMSGSIZE);
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_write(l.c, "x", 1, &n));
	CHECK(sysfault_disarm() == 1);
	CHECK_WORDS("a datagram of 1 bytes, which the way cannot take");
	hang_up(&l);
}

static void
a_datagram_that_is_cut_is_not_passed_off_as_whole(void **state)
{
	struct line l;
	char buf[8];
	size_t n;

	(void)state;
	connect_line(&l, NULL);
	answer(&l, "12345678", 8);
	await(l.c);
	CHECK_OK(slu_bio_read(l.c, buf, 8, &n));
	CHECK(n == 8);
	answer(&l, "123456789", 9);
	await(l.c);
	CHECK_IS(SLU_ERR_LIMIT, slu_bio_read(l.c, buf, 8, &n));
	CHECK_WORDS("a datagram of more than 8 bytes");
	hang_up(&l);
}

static void
empty_datagrams_are_skipped(void **state)
{
	struct line l;
	char buf[8];
	size_t n;

	(void)state;
	connect_line(&l, &nonblocking);
	answer(&l, "", 0);
	await(l.c);
	CHECK_IS(SLU_WANT_READ, slu_bio_read(l.c, buf, 8, &n));
	answer(&l, "", 0);
	answer(&l, "x", 1);
	await(l.c);
	CHECK_OK(slu_bio_read(l.c, buf, 8, &n));
	CHECK_BYTES("x", 1, buf, n);
	hang_up(&l);
}

static void
strangers_are_not_heard(void **state)
{
	struct sockaddr_storage to;
	socklen_t len = sizeof(to);
	uint16_t port = 0;
	struct line l;
	char buf[8];
	int stranger;
	size_t n;

	(void)state;
	connect_line(&l, &nonblocking);
	CHECK(getpeername(l.far, (void *)&to, &len) == 0);
	stranger = far_datagrams(&port);
	CHECK(sendto(stranger, "psst", 4, 0, (void *)&to, len) == 4);
	answer(&l, "x", 1);
	await(l.c);
	CHECK_OK(slu_bio_read(l.c, buf, 8, &n));
	CHECK_BYTES("x", 1, buf, n);
	CHECK_IS(SLU_WANT_READ, slu_bio_read(l.c, buf, 8, &n));
	close(stranger);
	hang_up(&l);
}

/* A stranger who is faster than we are, and sends what is too long, too. */
struct rush {
	int stranger;
	uint16_t to;
};

static void
send_first(void *arg)
{
	const struct rush *r = arg;
	struct sockaddr_storage to;
	socklen_t len = far_address(&to, "127.0.0.1", r->to);

	CHECK(sendto(r->stranger, "psst", 4, 0, (void *)&to, len) == 4);
	CHECK(sendto(r->stranger, "a long one", 10, 0, (void *)&to, len) == 10);
}

static void
strangers_are_not_heard_who_were_there_before_the_peer(void **state)
{
	slu_udp_options how = { .local_port = 0 };
	uint16_t port = 0, own = 0;
	struct rush r = { .stranger = far_datagrams(&own) };
	struct line l = { .far = far_datagrams(&port), .port = port };
	slu_status st = SLU_ERR_IO;
	char buf[8];
	size_t n;

	(void)state;
	/* Somebody else may come to have the port in between. */
	for (int i = 0; i < 10 && st == SLU_ERR_IO; i++) {
		own = 0;
		close(far_datagrams(&own));
		how.local_port = r.to = own;
		sysfault_before_connect(send_first, &r);
		st = slu_udp_connect(&l.c, "127.0.0.1", port, &how);
	}
	CHECK_OK(st);
	greet(&l);
	answer(&l, "x", 1);
	CHECK_OK(slu_bio_read(l.c, buf, 8, &n));
	CHECK_BYTES("x", 1, buf, n);
	close(r.stranger);
	hang_up(&l);
}

static void
nobody_there_is_told_before_anything_was_heard(void **state)
{
	char words[80], byte;
	uint16_t port = 0;
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	for (int reading = 0; reading < 2; reading++) {
		int deaf = far_datagrams(&port);

		c = NULL;
		CHECK_OK(slu_udp_connect(&c, "127.0.0.1", port, NULL));
		close(deaf);
		CHECK_OK(slu_bio_write(c, "x", 1, &n));
		await(c);
		CHECK_IS(SLU_ERR_PEER, reading ? slu_bio_read(c, &byte, 1, &n)
					       : slu_bio_write(c, "x", 1, &n));
		snprintf(words, sizeof(words),
		    "udp: 127.0.0.1:%u: connection refused", port);
		CHECK(strcmp(slu_error(), words) == 0);
		slu_bio_free(c);
		port = 0;
	}
}

static void
a_peer_that_was_heard_may_go_and_come_back(void **state)
{
	struct line l;
	char buf[8];
	size_t n;

	(void)state;
	connect_line(&l, &nonblocking);
	answer(&l, "x", 1);
	await(l.c);
	CHECK_OK(slu_bio_read(l.c, buf, 8, &n));
	close(l.far);
	CHECK_OK(slu_bio_write(l.c, "lost", 4, &n));
	await(l.c);
	CHECK_IS(SLU_WANT_READ, slu_bio_read(l.c, buf, 8, &n));
	CHECK_OK(slu_bio_write(l.c, "lost", 4, &n));
	await(l.c);
	/* What came of the one before is told to this one, which is sent. */
	CHECK_OK(slu_bio_write(l.c, "lost", 4, &n));
	CHECK(n == 4);
	l.far = far_datagrams(&l.port);
	greet(&l);
	answer(&l, "back", 4);
	await(l.c);
	while (slu_bio_read(l.c, buf, 8, &n) == SLU_WANT_READ)
		await(l.c);
	CHECK_BYTES("back", 4, buf, n);
	hang_up(&l);
}

static void
without_a_way_a_datagram_to_whom_was_heard_is_lost(void **state)
{
	struct line l;
	char buf[8];
	size_t n;

	(void)state;
	connect_line(&l, &nonblocking);
	answer(&l, "x", 1);
	await(l.c);
	CHECK_OK(slu_bio_read(l.c, buf, 8, &n));
	sysfault_arm("send", 0, ENETUNREACH);
	sysfault_arm("send", 0, ENETUNREACH);
	CHECK_OK(slu_bio_write(l.c, "lost", 4, &n));
	CHECK(n == 4 && sysfault_disarm() == 2);
	sysfault_arm("send", 0, EACCES);
	CHECK_IS(SLU_ERR_IO, slu_bio_write(l.c, "x", 1, &n));
	CHECK_WORDS(": permission denied");
	CHECK(sysfault_disarm() == 1);
	hang_up(&l);
}

static void
where_it_would_block_it_is_a_want(void **state)
{
	struct line l;
	char buf[8];
	size_t n;

	(void)state;
	connect_line(&l, &nonblocking);
	CHECK_IS(SLU_WANT_READ, slu_bio_read(l.c, buf, 8, &n));
	CHECK_IS(SLU_WANT_READ, slu_bio_wait(l.c, SLU_WANT_READ, 20));
	sysfault_arm("send", 0, EAGAIN);
	CHECK_IS(SLU_WANT_WRITE, slu_bio_write(l.c, "x", 1, &n));
	CHECK_OK(slu_bio_wait(l.c, SLU_WANT_WRITE, 10000));
	sysfault_arm("send", 0, EINTR);
	CHECK_OK(slu_bio_write(l.c, "x", 1, &n));
	answer(&l, "x", 1);
	await(l.c);
	sysfault_arm("recvmsg", 0, EINTR);
	CHECK_OK(slu_bio_read(l.c, buf, 8, &n));
	CHECK(sysfault_disarm() == 3);
	sysfault_arm("recvmsg", 0, ENOMEM);
	CHECK_IS(SLU_ERR_IO, slu_bio_read(l.c, buf, 8, &n));
	CHECK(sysfault_disarm() == 1);
	hang_up(&l);
}

static void
a_finish_ends_nothing_but_what_is_written(void **state)
{
	struct line l;
	char buf[8];
	size_t n;

	(void)state;
	connect_line(&l, NULL);
	CHECK_OK(slu_bio_finish(l.c));
	answer(&l, "x", 1);
	await(l.c);
	CHECK_OK(slu_bio_read(l.c, buf, 8, &n));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(l.c, "x", 1, &n));
	hang_up(&l);
}

static void
the_local_port_can_be_chosen(void **state)
{
	slu_udp_options how = { .local_port = 0 };
	slu_status st = SLU_ERR_IO;
	uint16_t port = 0, own;
	int far = far_datagrams(&port);
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	slu_bio *c = NULL, *second = NULL;
	char byte;
	size_t n;

	(void)state;
	/* Somebody else may come to have the port in between. */
	for (int i = 0; i < 10 && st == SLU_ERR_IO; i++) {
		own = 0;
		close(far_datagrams(&own));
		how.local_port = own;
		st = slu_udp_connect(&c, "127.0.0.1", port, &how);
	}
	CHECK_OK(st);
	CHECK_OK(slu_bio_write(c, "x", 1, &n));
	far_wait(far, POLLIN);
	CHECK(recvfrom(far, &byte, 1, 0, (void *)&from, &len) == 1);
	CHECK(ntohs(from.sin_port) == how.local_port);
	CHECK_IS(SLU_ERR_IO, slu_udp_connect(&second, "127.0.0.1", port, &how));
	CHECK_WORDS(": address already in use");
	slu_bio_free(c);
	close(far);
}

/* To the first of these nobody may send without being asked (SO_BROADCAST). */
static void
the_first_address_with_a_way_is_taken(void **state)
{
	static const char *const two[] = { "255.255.255.255", "127.0.0.1", "" };
	static const char *const none[] = { "255.255.255.255", "" };
	uint16_t port = 0;
	int far = far_datagrams(&port);
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	names_set("two.test", two);
	CHECK_OK(slu_udp_connect(&c, "two.test", port, NULL));
	CHECK_OK(slu_bio_write(c, "x", 1, &n));
	far_wait(far, POLLIN);
	CHECK(recv(far, &byte, 1, 0) == 1);
	slu_bio_free(c);
	c = NULL;
	names_set("none.test", none);
	CHECK_IS(SLU_ERR_PEER, slu_udp_connect(&c, "none.test", port, NULL));
	CHECK_WORDS("udp: none.test:");
	names_fail("none.test", EAI_NONAME);
	CHECK_IS(SLU_ERR_PEER, slu_udp_connect(&c, "none.test", port, NULL));
	CHECK_WORDS(": no such host");
	CHECK(c == NULL);
	close(far);
	names_settle();
}

static void
without_blocking_the_name_is_resolved_by_the_first_calls(void **state)
{
	static const char *const one[] = { "127.0.0.1", "" };
	uint16_t port = 0;
	int far = far_datagrams(&port);
	slu_bio *c = NULL;
	slu_status st;
	char byte;
	size_t n;

	(void)state;
	names_set("held.test", one);
	names_hold();
	CHECK_OK(slu_udp_connect(&c, "held.test", port, &nonblocking));
	CHECK_IS(SLU_WANT_READ, slu_bio_write(c, "x", 1, &n));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, &byte, 1, &n));
	names_release();
	while ((st = slu_bio_write(c, "x", 1, &n)) == SLU_WANT_READ)
		CHECK_OK(slu_bio_wait(c, st, 10000));
	CHECK_OK(st);
	far_wait(far, POLLIN);
	CHECK(recv(far, &byte, 1, 0) == 1);
	slu_bio_free(c);
	close(far);
	names_settle();
}

static void
misuse_is_refused(void **state)
{
	slu_bio *c = NULL;
	struct line l;
	size_t n;

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, slu_udp_connect(&c, NULL, 80, NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_udp_connect(&c, "", 80, NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_udp_connect(&c, "127.0.0.1", 0, NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_udp_connect(&c, "127.0.0.1", 80,
				    &(slu_udp_options){ .limit_ms = -1 }));
	CHECK(c == NULL);
	connect_line(&l, NULL);
	c = l.c;
	CHECK_IS(SLU_ERR_USAGE, slu_udp_connect(&c, "127.0.0.1", 80, NULL));
	CHECK(c == l.c);
	CHECK_OK(slu_hex_encode(&l.c, NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(l.c, "x", 1, &n));
	CHECK_WORDS("datagrams");
	hang_up(&l);
}

static void
nothing_is_left_open_and_memory_may_run_out(void **state)
{
	size_t before = far_descriptors();
	oom_hit hit = OOM_OURS;
	slu_waits w;

	(void)state;
	for (size_t k = 0; hit != OOM_NONE; k++) {
		slu_bio *c = NULL;
		slu_status st;

		oom_arm(k);
		st = slu_udp_connect(&c, "127.0.0.1", 9, NULL);
		hit = oom_disarm();
		CHECK_IS(hit == OOM_NONE ? SLU_OK : SLU_ERR_MEMORY, st);
		if (st == SLU_OK) {
			CHECK_OK(slu_bio_waits(c, SLU_WANT_READ, &w));
			CHECK(fcntl(w.fds[0].fd, F_GETFD) == FD_CLOEXEC);
			CHECK(!(fcntl(w.fds[0].fd, F_GETFL) & O_NONBLOCK));
		}
		slu_bio_free(c);
	}
	CHECK(far_descriptors() == before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_read_gives_one_datagram_and_a_write_sends_one),
		cmocka_unit_test(
		    the_largest_datagram_passes_and_a_larger_one_is_refused),
		cmocka_unit_test(
		    a_datagram_that_the_way_cannot_take_is_beyond_the_limit),
		cmocka_unit_test(
		    a_datagram_that_is_cut_is_not_passed_off_as_whole),
		cmocka_unit_test(empty_datagrams_are_skipped),
		cmocka_unit_test(strangers_are_not_heard),
		cmocka_unit_test(
		    strangers_are_not_heard_who_were_there_before_the_peer),
		cmocka_unit_test(
		    nobody_there_is_told_before_anything_was_heard),
		cmocka_unit_test(a_peer_that_was_heard_may_go_and_come_back),
		cmocka_unit_test(
		    without_a_way_a_datagram_to_whom_was_heard_is_lost),
		cmocka_unit_test(where_it_would_block_it_is_a_want),
		cmocka_unit_test(a_finish_ends_nothing_but_what_is_written),
		cmocka_unit_test(the_local_port_can_be_chosen),
		cmocka_unit_test(the_first_address_with_a_way_is_taken),
		cmocka_unit_test(
		    without_blocking_the_name_is_resolved_by_the_first_calls),
		cmocka_unit_test(misuse_is_refused),
		cmocka_unit_test(nothing_is_left_open_and_memory_may_run_out),
	};

	return cmocka_run_group_tests_name("udp", tests, NULL, NULL);
}
