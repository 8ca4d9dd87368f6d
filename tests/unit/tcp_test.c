/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "sluice/tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "check.h"
#include "far.h"
#include "line.h"
#include "names.h"
#include "oom.h"
#include "sysfault.h"
#include "trial.h"

#include "sluice/wait.h"

static const slu_tcp_options nonblocking = { .nonblocking = true };

struct door {
	int listener;
	uint16_t port;
};

static slu_status
connect_line(slu_bio **near, int *far, void *arg)
{
	const struct door *d = arg;
	slu_status st;

	st = slu_tcp_connect(near, "127.0.0.1", d->port, &nonblocking);
	if (st)
		return st;
	while ((st = slu_bio_flush(*near)) == SLU_WANT_WRITE)
		CHECK_OK(slu_bio_wait(*near, st, 10000));
	if (st == SLU_OK)
		*far = far_accept(d->listener);
	return st;
}

static void
a_connection_holds_the_contract_of_a_sink(void **state)
{
	struct door door;

	(void)state;
	door.listener = far_listen("127.0.0.1", &door.port);
	line_holds("tcp", connect_line, &door);
	close(door.listener);
}

/* Connect to a listener that knows no name, and take the far end. */
static slu_bio *
connected(const slu_tcp_options *options, int *far)
{
	slu_bio *c = NULL;
	uint16_t port;
	int listener = far_listen("127.0.0.1", &port);

	CHECK_OK(slu_tcp_connect(&c, "127.0.0.1", port, options));
	if (options != NULL && options->nonblocking) {
		slu_status st;

		while ((st = slu_bio_flush(c)) == SLU_WANT_WRITE)
			CHECK_OK(slu_bio_wait(c, st, 10000));
		CHECK_OK(st);
	}
	*far = far_accept(listener);
	close(listener);
	return c;
}

/* The descriptor that a chain waits for. */
static int
descriptor(slu_bio *c)
{
	slu_waits w;

	CHECK_OK(slu_bio_waits(c, SLU_WANT_READ, &w));
	CHECK(w.count == 1);
	return w.fds[0].fd;
}

static void
each_direction_ends_by_itself(void **state)
{
	char buf[16];
	slu_bio *c;
	int far;
	size_t n;

	(void)state;
	c = connected(NULL, &far);
	CHECK_OK(slu_bio_write(c, "question", 8, &n));
	CHECK_OK(slu_bio_finish(c));
	CHECK(recv(far, buf, sizeof(buf), MSG_WAITALL) == 8);
	CHECK(send(far, "answer", 6, 0) == 6);
	CHECK_OK(slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK_BYTES("answer", 6, buf, n);
	close(far);
	CHECK_IS(SLU_EOF, slu_bio_read(c, buf, sizeof(buf), &n));
	slu_bio_free(c);
}

static void
the_peer_s_end_leaves_our_direction_open(void **state)
{
	char buf[16];
	slu_bio *c;
	int far;
	size_t n;

	(void)state;
	c = connected(NULL, &far);
	CHECK(shutdown(far, SHUT_WR) == 0);
	CHECK_IS(SLU_EOF, slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK_OK(slu_bio_write(c, "still here", 10, &n));
	CHECK_OK(slu_bio_finish(c));
	CHECK(recv(far, buf, sizeof(buf), MSG_WAITALL) == 10);
	close(far);
	slu_bio_free(c);
}

static void
sockets_are_as_promised(void **state)
{
	const slu_tcp_options kept = { .keepalive_s = 60 };
	const slu_tcp_options longest = { .keepalive_s = 32767 };
	slu_bio *c;
	int far, fd;

	(void)state;
	c = connected(NULL, &far);
	fd = descriptor(c);
	CHECK(far_option(fd, IPPROTO_TCP, TCP_NODELAY) == 1);
	CHECK(far_option(fd, SOL_SOCKET, SO_KEEPALIVE) == 0);
	CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) == 0);
	slu_bio_free(c);
	close(far);

	c = connected(&nonblocking, &far);
	CHECK((fcntl(descriptor(c), F_GETFL) & O_NONBLOCK) != 0);
	slu_bio_free(c);
	close(far);

	c = connected(&kept, &far);
	fd = descriptor(c);
	CHECK(far_option(fd, SOL_SOCKET, SO_KEEPALIVE) == 1);
	CHECK(far_option(fd, IPPROTO_TCP, TCP_KEEPIDLE) == 60);
	CHECK(far_option(fd, IPPROTO_TCP, TCP_KEEPINTVL) *
		  far_option(fd, IPPROTO_TCP, TCP_KEEPCNT) ==
	      60);
	slu_bio_free(c);
	close(far);

	c = connected(&longest, &far);
	CHECK(far_option(descriptor(c), IPPROTO_TCP, TCP_KEEPIDLE) == 32767);
	slu_bio_free(c);
	close(far);
}

static void
a_reset_is_told_with_the_name_of_the_peer(void **state)
{
	char byte;
	slu_bio *c;
	int far;
	size_t n;

	(void)state;
	c = connected(NULL, &far);
	far_reset(far);
	CHECK_IS(SLU_ERR_IO, slu_bio_read(c, &byte, 1, &n));
	CHECK_WORDS("tcp: 127.0.0.1:");
	CHECK_WORDS(": connection reset by peer");
	slu_bio_free(c);
}

static void
a_peer_that_has_gone_is_no_signal(void **state)
{
	struct sigaction kills = { .sa_handler = SIG_DFL }, before;
	slu_status st = SLU_OK;
	slu_bio *c;
	int far;
	size_t n;

	(void)state;
	CHECK(sigaction(SIGPIPE, &kills, &before) == 0);
	c = connected(NULL, &far);
	far_reset(far);
	while (st == SLU_OK)
		st = slu_bio_write(c, "x", 1, &n);
	CHECK_IS(SLU_ERR_IO, st);
	slu_bio_free(c);
	c = connected(NULL, &far);
	far_reset(far);
	far_wait(descriptor(c), POLLIN);
	CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
	slu_bio_free(c);
	CHECK(sigaction(SIGPIPE, &before, NULL) == 0);
}

static void
an_address_may_stand_in_brackets(void **state)
{
	slu_bio *c = NULL;
	uint16_t port;
	int listener;

	(void)state;
	if (!far_has("::1"))
		skip();
	listener = far_listen("::1", &port);
	CHECK_OK(slu_tcp_connect(&c, "[::1]", port, NULL));
	slu_bio_free(c);
	c = NULL;
	CHECK_OK(slu_tcp_connect(&c, "::1", port, NULL));
	slu_bio_free(c);
	close(listener);
	c = NULL;
	CHECK_IS(SLU_ERR_PEER, slu_tcp_connect(&c, "::1", port, NULL));
	CHECK_WORDS("tcp: [::1]:");
}

static void
all_addresses_of_a_name_are_tried(void **state)
{
	static const char *const three[] = { "127.0.0.2", "127.0.0.3",
		"127.0.0.1", "" };
	slu_bio *c = NULL;
	uint16_t port;
	int listener = far_listen("127.0.0.1", &port), far;
	char byte;
	size_t n;

	(void)state;
	names_set("three.test", three);
	CHECK_OK(slu_tcp_connect(&c, "three.test", port, NULL));
	far = far_accept(listener);
	CHECK_OK(slu_bio_write(c, "x", 1, &n));
	CHECK(recv(far, &byte, 1, 0) == 1 && byte == 'x');
	slu_bio_free(c);
	close(far);
	close(listener);
}

/* These are for documents (RFC 3849), and lead nowhere. */
static void
a_family_that_leads_nowhere_costs_one_attempt(void **state)
{
	static const char *const many[] = { "2001:db8::1", "2001:db8::2",
		"2001:db8::3", "2001:db8::4", "2001:db8::5", "2001:db8::6",
		"2001:db8::7", "2001:db8::8", "2001:db8::9", "2001:db8::a",
		"2001:db8::b", "2001:db8::c", "2001:db8::d", "127.0.0.1", "" };
	int64_t before = far_clock();
	slu_bio *c = NULL;
	uint16_t port;
	int listener = far_listen("127.0.0.1", &port);

	(void)state;
	names_set("many.test", many);
	CHECK_OK(slu_tcp_connect(&c, "many.test", port, NULL));
	CHECK(far_clock() - before < 2000);
	slu_bio_free(c);
	close(listener);
}

static void
one_version_of_ip_can_be_asked_for(void **state)
{
	static const char *const both[] = { "::1", "127.0.0.1", "" };
	slu_tcp_options how = { .version = 4 };
	slu_bio *c = NULL;
	uint16_t port;
	int listener = far_listen("127.0.0.1", &port);

	(void)state;
	names_set("both.test", both);
	CHECK_OK(slu_tcp_connect(&c, "both.test", port, &how));
	slu_bio_free(c);
	c = NULL;
	how.version = 6;
	CHECK_IS(SLU_ERR_PEER, slu_tcp_connect(&c, "both.test", port, &how));
	CHECK(strstr(slu_error(), "addresses") == NULL);
	close(listener);
}

static void
who_refuses_is_told_by_host_and_port(void **state)
{
	static const char *const two[] = { "127.0.0.2", "127.0.0.1", "" };
	slu_bio *c = NULL;
	uint16_t port;
	int deaf = far_closed("127.0.0.1", &port);
	char words[80];

	(void)state;
	CHECK_IS(SLU_ERR_PEER, slu_tcp_connect(&c, "127.0.0.1", port, NULL));
	snprintf(words, sizeof(words), "tcp: 127.0.0.1:%u: connection refused",
	    port);
	CHECK(strcmp(slu_error(), words) == 0);
	names_set("two.test", two);
	CHECK_IS(SLU_ERR_PEER, slu_tcp_connect(&c, "two.test", port, NULL));
	snprintf(words, sizeof(words),
	    "tcp: two.test:%u: connection refused (2 addresses)", port);
	CHECK(strcmp(slu_error(), words) == 0);
	CHECK(c == NULL);
	close(deaf);
}

static void
a_name_without_addresses_is_told(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	names_fail("no.test", EAI_NONAME);
	CHECK_IS(SLU_ERR_PEER, slu_tcp_connect(&c, "no.test", 80, NULL));
	CHECK(strcmp(slu_error(), "tcp: no.test:80: no such host") == 0);
	names_fail("no.test", EAI_AGAIN);
	CHECK_IS(SLU_ERR_PEER, slu_tcp_connect(&c, "no.test", 80, NULL));
	CHECK_WORDS("tcp: no.test:80: the name was not resolved: ");
	names_fail("no.test", EAI_MEMORY);
	CHECK_IS(SLU_ERR_MEMORY, slu_tcp_connect(&c, "no.test", 80, NULL));
	names_fail("no.test", EAI_SYSTEM);
	CHECK_IS(SLU_ERR_IO, slu_tcp_connect(&c, "no.test", 80, NULL));
	names_fail("no\ntest\x7f", EAI_NONAME);
	CHECK_IS(SLU_ERR_PEER, slu_tcp_connect(&c, "no\ntest\x7f", 80, NULL));
	CHECK_WORDS("tcp: no?test?:80: no such host");
	CHECK(c == NULL);
}

static void
the_time_limit_holds_while_the_name_is_resolved(void **state)
{
	const slu_tcp_options brief = { .limit_ms = 100 };
	int64_t before = far_clock(), took;
	slu_bio *c = NULL;

	(void)state;
	names_fail("slow.test", EAI_NONAME);
	names_hold();
	CHECK_IS(SLU_ERR_PEER, slu_tcp_connect(&c, "slow.test", 80, &brief));
	took = far_clock() - before;
	CHECK_WORDS("the name was not resolved within 100 ms");
	CHECK(took >= 99 && took < 5000);
	names_release();
	names_settle();
}

static void
on_tick(int sig)
{
	(void)sig;
}

static void
the_time_limit_holds_for_who_says_nothing(void **state)
{
	const struct itimerval often = { { 0, 5000 }, { 0, 5000 } },
			       never = { { 0, 0 }, { 0, 0 } };
	struct sigaction tick = { .sa_handler = on_tick }, old;
	const slu_tcp_options brief = { .limit_ms = 200 };
	slu_bio *c = NULL;
	int64_t before, took;
	far_hole hole;

	(void)state;
	far_hole_open(&hole, "127.0.0.1");
	/* Nor does it begin anew when signals interrupt. */
	CHECK(sigaction(SIGALRM, &tick, &old) == 0);
	CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
	before = far_clock();
	CHECK_IS(
	    SLU_ERR_PEER, slu_tcp_connect(&c, "127.0.0.1", hole.port, &brief));
	took = far_clock() - before;
	CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
	CHECK(sigaction(SIGALRM, &old, NULL) == 0);
	CHECK_WORDS("no answer within 200 ms");
	CHECK(took >= 199 && took < 5000);
	far_hole_close(&hole);
}

static void
without_blocking_the_constructor_waits_for_nothing(void **state)
{
	static const char *const one[] = { "127.0.0.1", "" };
	slu_bio *c = NULL;
	uint16_t port;
	int listener = far_listen("127.0.0.1", &port), far;
	slu_status st;
	slu_waits w;
	char byte;
	size_t n;

	(void)state;
	names_set("held.test", one);
	names_hold();
	CHECK_OK(slu_tcp_connect(&c, "held.test", port, &nonblocking));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, &byte, 1, &n));
	CHECK_IS(SLU_WANT_READ, slu_bio_write(c, "x", 1, &n));
	CHECK_IS(SLU_WANT_READ, slu_bio_flush(c));
	CHECK_IS(SLU_WANT_READ, slu_bio_finish(c));
	CHECK_OK(slu_bio_waits(c, SLU_WANT_READ, &w));
	CHECK(w.count == 1 && w.fds[0].events == POLLIN);
	CHECK(w.ms > 5000 && w.ms <= 10000);
	CHECK_IS(SLU_WANT_READ, slu_bio_wait(c, SLU_WANT_READ, 20));
	slu_bio_free(c);
	c = NULL;
	CHECK_OK(slu_tcp_connect(&c, "held.test", port, &nonblocking));
	names_release();
	while ((st = slu_bio_write(c, "x", 1, &n)) != SLU_OK)
		CHECK_OK(slu_bio_wait(c, st, 10000));
	far = far_accept(listener);
	CHECK(recv(far, &byte, 1, 0) == 1);
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(c);
	close(far);
	close(listener);
	names_settle();
}

static void
without_blocking_the_first_calls_tell_what_fails(void **state)
{
	slu_bio *c = NULL;
	uint16_t port;
	int deaf = far_closed("127.0.0.1", &port);
	slu_status st;
	trial t = { .room = "tcp", .pace = "refused" };

	(void)state;
	CHECK_OK(slu_tcp_connect(&c, "127.0.0.1", port, &nonblocking));
	while ((st = slu_bio_flush(c)) == SLU_WANT_WRITE)
		CHECK_OK(slu_bio_wait(c, st, 10000));
	CHECK_IS(SLU_ERR_PEER, st);
	trial_must_stay_failed(&t, c, st);
	slu_bio_free(c);
	close(deaf);
}

static void
without_a_thread_no_name_is_resolved(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	names_fail("no.test", EAI_NONAME);
	sysfault_arm("pthread_create", 0, EAGAIN);
	CHECK_IS(SLU_ERR_IO, slu_tcp_connect(&c, "no.test", 80, NULL));
	CHECK_WORDS("tcp: no.test:80: no thread to resolve the name with");
	CHECK(sysfault_disarm() == 1);
}

static void
misuse_is_refused_before_anything_is_done(void **state)
{
	static const slu_tcp_options wrong[] = {
		{ .limit_ms = -1 },
		{ .version = 5 },
		{ .keepalive_s = -1 },
		{ .keepalive_s = 32768 },
	};
	slu_bio *c = NULL, *other;
	static char longest[257];
	int far;

	(void)state;
	memset(longest, 'a', 256);
	longest[256] = '\0';
	CHECK_IS(SLU_ERR_USAGE, slu_tcp_connect(&c, NULL, 80, NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_tcp_connect(&c, "", 80, NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_tcp_connect(&c, longest, 80, NULL));
	CHECK_WORDS("tcp: a host name of 256 bytes, and the most is 255");
	CHECK_IS(SLU_ERR_USAGE, slu_tcp_connect(&c, "localhost", 0, NULL));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK_IS(SLU_ERR_USAGE,
		    slu_tcp_connect(&c, "127.0.0.1", 80, &wrong[i]));
	CHECK_WORDS("tcp: a keep-alive of 32768 s, not 0 to 32767");
	CHECK(c == NULL);
	names_fail(longest + 1, EAI_NONAME);
	CHECK_IS(SLU_ERR_PEER, slu_tcp_connect(&c, longest + 1, 80, NULL));
	CHECK_WORDS("aaa:80: no such host");
	other = connected(NULL, &far);
	c = other;
	CHECK_IS(SLU_ERR_USAGE, slu_tcp_connect(&c, "127.0.0.1", 80, NULL));
	CHECK(c == other);
	slu_bio_free(c);
	close(far);
}

static void
nothing_is_left_open_however_it_ends(void **state)
{
	const slu_tcp_options brief = { .limit_ms = 50 };
	static const char *const one[] = { "127.0.0.1", "" };
	size_t before = far_descriptors();
	slu_bio *c = NULL;
	uint16_t port;
	int deaf = far_closed("127.0.0.1", &port), far;
	far_hole hole;

	(void)state;
	far_hole_open(&hole, "127.0.0.1");
	names_set("one.test", one);
	CHECK_IS(SLU_ERR_PEER, slu_tcp_connect(&c, "one.test", port, NULL));
	CHECK_IS(
	    SLU_ERR_PEER, slu_tcp_connect(&c, "one.test", hole.port, &brief));
	CHECK_OK(slu_tcp_connect(&c, "127.0.0.1", hole.port, &nonblocking));
	CHECK_IS(SLU_WANT_WRITE, slu_bio_flush(c));
	slu_bio_free(c);
	c = NULL;
	names_hold();
	CHECK_OK(slu_tcp_connect(&c, "one.test", port, &nonblocking));
	CHECK_IS(SLU_WANT_READ, slu_bio_flush(c));
	slu_bio_free(c);
	names_release();
	slu_bio_free(connected(NULL, &far));
	close(far);
	close(deaf);
	far_hole_close(&hole);
	names_settle();
	/* The thread that was given up may still be closing its end. */
	for (int i = 0; i < 1000 && far_descriptors() != before; i++)
		(void)poll(NULL, 0, 10);
	CHECK(far_descriptors() == before);
}

static void
memory_may_run_out_at_any_point(void **state)
{
	static const char *const one[] = { "127.0.0.1", "" };
	size_t before = far_descriptors();
	oom_hit hit = OOM_OURS;
	uint16_t port;
	int listener = far_listen("127.0.0.1", &port);

	(void)state;
	names_set("one.test", one);
	for (size_t k = 0; hit != OOM_NONE; k++) {
		slu_bio *c = NULL;
		slu_status st;

		oom_arm(k);
		st = slu_tcp_connect(&c, "one.test", port, NULL);
		hit = oom_disarm();
		CHECK_IS(hit == OOM_NONE ? SLU_OK : SLU_ERR_MEMORY, st);
		CHECK((c != NULL) == (st == SLU_OK));
		slu_bio_free(c);
	}
	close(listener);
	names_settle();
	for (int i = 0; i < 1000 && far_descriptors() != before; i++)
		(void)poll(NULL, 0, 10);
	CHECK(far_descriptors() == before);
}

/* The failures are the test's to tell: it runs in another thread. */
struct caller {
	pthread_t thread;
	uint16_t port;
	int failed;
};

static void *
connect_often(void *arg)
{
	struct caller *caller = arg;

	for (int i = 0; i < 50; i++) {
		slu_bio *c = NULL;
		size_t n;

		if (slu_tcp_connect(&c, "one.test", caller->port, NULL) ||
		    slu_bio_write(c, "x", 1, &n) || slu_bio_finish(c))
			caller->failed++;
		slu_bio_free(c);
	}
	return NULL;
}

static void
threads_connect_without_meeting(void **state)
{
	static const char *const one[] = { "127.0.0.1", "" };
	struct caller callers[2] = { { .failed = 0 }, { .failed = 0 } };
	uint16_t port;
	int listener = far_listen("127.0.0.1", &port);
	char byte;

	(void)state;
	names_set("one.test", one);
	for (int i = 0; i < 2; i++) {
		struct caller *c = &callers[i];

		c->port = port;
		CHECK(pthread_create(&c->thread, NULL, connect_often, c) == 0);
	}
	for (int i = 0; i < 100; i++) {
		int far = far_accept(listener);

		CHECK(recv(far, &byte, 1, 0) == 1);
		close(far);
	}
	for (int i = 0; i < 2; i++) {
		CHECK(pthread_join(callers[i].thread, NULL) == 0);
		CHECK(callers[i].failed == 0);
	}
	close(listener);
	names_settle();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_holds_the_contract_of_a_sink),
		cmocka_unit_test(each_direction_ends_by_itself),
		cmocka_unit_test(the_peer_s_end_leaves_our_direction_open),
		cmocka_unit_test(sockets_are_as_promised),
		cmocka_unit_test(a_reset_is_told_with_the_name_of_the_peer),
		cmocka_unit_test(a_peer_that_has_gone_is_no_signal),
		cmocka_unit_test(an_address_may_stand_in_brackets),
		cmocka_unit_test(all_addresses_of_a_name_are_tried),
		cmocka_unit_test(a_family_that_leads_nowhere_costs_one_attempt),
		cmocka_unit_test(one_version_of_ip_can_be_asked_for),
		cmocka_unit_test(who_refuses_is_told_by_host_and_port),
		cmocka_unit_test(a_name_without_addresses_is_told),
		cmocka_unit_test(
		    the_time_limit_holds_while_the_name_is_resolved),
		cmocka_unit_test(the_time_limit_holds_for_who_says_nothing),
		cmocka_unit_test(
		    without_blocking_the_constructor_waits_for_nothing),
		cmocka_unit_test(
		    without_blocking_the_first_calls_tell_what_fails),
		cmocka_unit_test(without_a_thread_no_name_is_resolved),
		cmocka_unit_test(misuse_is_refused_before_anything_is_done),
		cmocka_unit_test(nothing_is_left_open_however_it_ends),
		cmocka_unit_test(memory_may_run_out_at_any_point),
		cmocka_unit_test(threads_connect_without_meeting),
	};

	return cmocka_run_group_tests_name("tcp", tests, NULL, NULL);
}
