/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "sluice/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "check.h"
#include "far.h"
#include "folder.h"
#include "line.h"
#include "names.h"
#include "oom.h"
#include "sysfault.h"

#include "sluice/wait.h"

static const slu_listen_options nonblocking = { .nonblocking = true };

/* Connect as anybody does; -1 where that is refused. */
static int
reach(const char *host, uint16_t port)
{
	struct sockaddr_storage at;
	socklen_t len = far_address(&at, host, port);
	int fd = socket(at.ss_family, SOCK_STREAM, 0);

	CHECK(fd >= 0);
	if (connect(fd, (void *)&at, len) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
reach_path(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK(fd >= 0 && strlen(path) < sizeof(at.sun_path));
	strcpy(at.sun_path, path);
	if (connect(fd, (void *)&at, sizeof(at)) == 0)
		return fd;
	close(fd);
	return -1;
}

static slu_listener *
listening(const char *host, const slu_listen_options *options)
{
	slu_listener *l = NULL;

	CHECK_OK(slu_tcp_listen(&l, host, 0, options));
	CHECK(slu_listener_port(l) != 0);
	return l;
}

static slu_status
accept_line(slu_bio **near, int *far, void *arg)
{
	slu_listener *l = arg;
	slu_status st;

	*far = slu_listener_port(l) != 0
		   ? reach("127.0.0.1", slu_listener_port(l))
		   : reach_path("socket");
	CHECK(*far >= 0);
	CHECK_OK(slu_listener_wait(l, 10000));
	st = slu_listener_accept(l, near);
	if (st != SLU_OK)
		CHECK(close(*far) == 0);
	if (st != SLU_OK)
		*far = -1;
	return st;
}

static void
what_is_accepted_holds_the_contract_of_a_sink(void **state)
{
	slu_listener *l = listening(NULL, &nonblocking);

	(void)state;
	line_holds("tcp, accepted", accept_line, l);
	slu_listener_free(l);
	l = NULL;
	folder_enter();
	CHECK_OK(slu_unix_listen(&l, "socket", &nonblocking));
	line_holds("unix, accepted", accept_line, l);
	slu_listener_free(l);
	folder_leave();
}

static void
without_a_host_it_is_heard_on_this_machine_alone(void **state)
{
	struct sockaddr_storage at, want;
	socklen_t len = sizeof(at);
	slu_listener *l = listening(NULL, NULL);

	(void)state;
	memset(&at, 0, sizeof(at));
	CHECK(getsockname(slu_listener_fd(l), (void *)&at, &len) == 0);
	CHECK(len == far_address(&want, "127.0.0.1", slu_listener_port(l)));
	CHECK(memcmp(&at, &want, len) == 0);
	slu_listener_free(l);
}

static void
all_of_ipv6_is_all_of_ipv4_too(void **state)
{
	slu_listener *l;
	slu_bio *c = NULL;
	int far;

	(void)state;
	if (!far_has("::1"))
		skip();
	l = listening("::", NULL);
	far = reach("127.0.0.1", slu_listener_port(l));
	CHECK(far >= 0);
	CHECK_OK(slu_listener_accept(l, &c));
	slu_bio_free(c);
	close(far);
	far = reach("::1", slu_listener_port(l));
	CHECK(far >= 0);
	c = NULL;
	CHECK_OK(slu_listener_accept(l, &c));
	CHECK(strncmp(slu_listener_peer(l), "[::1]:", 6) == 0);
	slu_bio_free(c);
	close(far);
	slu_listener_free(l);
}

static void
who_was_accepted_is_told(void **state)
{
	struct sockaddr_in at;
	socklen_t len = sizeof(at);
	slu_listener *l = listening(NULL, NULL);
	slu_bio *c = NULL;
	char want[40];
	int far;

	(void)state;
	CHECK(strcmp(slu_listener_peer(l), "") == 0);
	far = reach("127.0.0.1", slu_listener_port(l));
	CHECK_OK(slu_listener_accept(l, &c));
	CHECK(getsockname(far, (void *)&at, &len) == 0);
	snprintf(want, sizeof(want), "127.0.0.1:%u", ntohs(at.sin_port));
	CHECK(strcmp(slu_listener_peer(l), want) == 0);
	slu_bio_free(c);
	close(far);
	slu_listener_free(l);
}

static void
without_blocking_nobody_there_is_a_want(void **state)
{
	slu_listener *l = listening(NULL, &nonblocking);
	slu_bio *c = NULL;
	char byte;
	int far;
	size_t n;

	(void)state;
	CHECK_IS(SLU_WANT_READ, slu_listener_accept(l, &c));
	CHECK_IS(SLU_WANT_READ, slu_listener_wait(l, 0));
	CHECK_IS(SLU_WANT_READ, slu_listener_wait(l, 20));
	far = reach("127.0.0.1", slu_listener_port(l));
	CHECK_OK(slu_listener_wait(l, -1));
	CHECK_OK(slu_listener_accept(l, &c));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(c);
	c = NULL;
	CHECK_IS(SLU_WANT_READ, slu_listener_accept(l, &c));
	close(far);
	slu_listener_free(l);
}

static void *
reach_later(void *arg)
{
	const uint16_t *port = arg;
	int fd;

	(void)poll(NULL, 0, 100);
	fd = reach("127.0.0.1", *port);
	(void)!send(fd, "hi", 2, MSG_NOSIGNAL);
	close(fd);
	return NULL;
}

static void
otherwise_it_waits_until_somebody_connects(void **state)
{
	slu_listener *l = listening(NULL, NULL);
	uint16_t port = slu_listener_port(l);
	pthread_t later;
	slu_bio *c = NULL;
	char buf[2];
	size_t n, got = 0;

	(void)state;
	CHECK(pthread_create(&later, NULL, reach_later, &port) == 0);
	CHECK_OK(slu_listener_accept(l, &c));
	while (got < 2) {
		CHECK_OK(slu_bio_read(c, buf + got, 2 - got, &n));
		got += n;
	}
	CHECK_IS(SLU_EOF, slu_bio_read(c, buf, 2, &n));
	CHECK(pthread_join(later, NULL) == 0);
	slu_bio_free(c);
	slu_listener_free(l);
}

static void
what_is_accepted_is_as_the_options_say(void **state)
{
	slu_listen_options how = { .keepalive_s = 30 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		slu_listener *l;
		slu_bio *c = NULL;
		slu_waits w;
		int far, fd;

		how.nonblocking = i == 1;
		l = listening(NULL, &how);
		far = reach("127.0.0.1", slu_listener_port(l));
		CHECK_OK(slu_listener_wait(l, 10000));
		CHECK_OK(slu_listener_accept(l, &c));
		CHECK_OK(slu_bio_waits(c, SLU_WANT_READ, &w));
		fd = w.fds[0].fd;
		CHECK(far_option(fd, IPPROTO_TCP, TCP_NODELAY) == 1);
		CHECK(far_option(fd, SOL_SOCKET, SO_KEEPALIVE) == 1);
		CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
		CHECK(fcntl(slu_listener_fd(l), F_GETFD) == FD_CLOEXEC);
		CHECK(((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0) ==
		      how.nonblocking);
		slu_bio_free(c);
		close(far);
		slu_listener_free(l);
	}
}

static void
who_has_gone_before_is_passed_over(void **state)
{
	slu_listener *l = listening(NULL, &nonblocking);
	slu_bio *c = NULL;
	int far;

	(void)state;
	sysfault_arm("accept4", 0, ECONNABORTED);
	sysfault_arm("accept4", 0, EINTR);
	sysfault_arm("accept4", 0, EPROTO);
	CHECK_IS(SLU_WANT_READ, slu_listener_accept(l, &c));
	CHECK(sysfault_disarm() == 3);
	far = reach("127.0.0.1", slu_listener_port(l));
	CHECK_OK(slu_listener_wait(l, 10000));
	sysfault_arm("accept4", 0, ECONNABORTED);
	CHECK_OK(slu_listener_accept(l, &c));
	CHECK(sysfault_disarm() == 1);
	slu_bio_free(c);
	close(far);
	slu_listener_free(l);
}

static void
without_a_descriptor_the_connection_goes_on_waiting(void **state)
{
	slu_listener *l = listening(NULL, &nonblocking);
	slu_bio *c = NULL;
	int far;

	(void)state;
	far = reach("127.0.0.1", slu_listener_port(l));
	CHECK_OK(slu_listener_wait(l, 10000));
	sysfault_arm("accept4", 0, EMFILE);
	CHECK_IS(SLU_ERR_IO, slu_listener_accept(l, &c));
	CHECK(sysfault_disarm() == 1);
	CHECK_WORDS("listen: 127.0.0.1:");
	CHECK_WORDS(": too many open files");
	CHECK(strstr(slu_error(), ":0:") == NULL);
	CHECK(c == NULL);
	CHECK_OK(slu_listener_accept(l, &c));
	slu_bio_free(c);
	close(far);
	slu_listener_free(l);
}

static void
a_chain_with_a_sink_costs_no_connection(void **state)
{
	slu_listener *l = listening(NULL, NULL);
	slu_bio *c = NULL, *first;
	int far;

	(void)state;
	far = reach("127.0.0.1", slu_listener_port(l));
	CHECK_OK(slu_listener_accept(l, &c));
	close(far);
	first = c;
	far = reach("127.0.0.1", slu_listener_port(l));
	CHECK_IS(SLU_ERR_USAGE, slu_listener_accept(l, &c));
	CHECK(c == first);
	slu_bio_free(c);
	c = NULL;
	CHECK_OK(slu_listener_accept(l, &c));
	slu_bio_free(c);
	close(far);
	slu_listener_free(l);
}

static void
a_port_can_be_had_again_at_once(void **state)
{
	slu_listener *l = listening(NULL, NULL);
	uint16_t port = slu_listener_port(l);
	slu_bio *c = NULL;
	char byte;
	int far;

	(void)state;
	far = reach("127.0.0.1", port);
	CHECK_OK(slu_listener_accept(l, &c));
	slu_bio_free(c); /* who closes first keeps the port for a while */
	slu_listener_free(l);
	CHECK(recv(far, &byte, 1, 0) == 0);
	close(far);
	l = NULL;
	CHECK_OK(slu_tcp_listen(&l, NULL, port, NULL));
	slu_listener_free(l);
}

static void
a_port_in_use_is_refused(void **state)
{
	slu_listener *l = listening(NULL, NULL), *second = NULL;
	char words[80];

	(void)state;
	CHECK_IS(SLU_ERR_IO,
	    slu_tcp_listen(&second, NULL, slu_listener_port(l), NULL));
	snprintf(words, sizeof(words),
	    "listen: 127.0.0.1:%u: address already in use",
	    slu_listener_port(l));
	CHECK(strcmp(slu_error(), words) == 0);
	CHECK(second == NULL);
	slu_listener_free(l);
}

static void
a_host_can_be_a_name_of_this_machine(void **state)
{
	/* The first one is for documents, and nobody's. */
	static const char *const two[] = { "192.0.2.1", "127.0.0.1", "" };
	slu_listener *l = NULL;
	int far;

	(void)state;
	names_set("here.test", two);
	CHECK_OK(slu_tcp_listen(&l, "here.test", 0, NULL));
	far = reach("127.0.0.1", slu_listener_port(l));
	CHECK(far >= 0);
	close(far);
	slu_listener_free(l);
	l = NULL;
	names_fail("nowhere.test", EAI_NONAME);
	CHECK_IS(SLU_ERR_PEER, slu_tcp_listen(&l, "nowhere.test", 0, NULL));
	CHECK_WORDS("listen: nowhere.test:0: no such host");
	CHECK_IS(SLU_ERR_IO, slu_tcp_listen(&l, "192.0.2.1", 0, NULL));
	CHECK_WORDS("listen: 192.0.2.1:0: cannot assign requested address");
	CHECK(l == NULL);
	names_settle();
}

static void
misuse_is_refused(void **state)
{
	static const slu_listen_options wrong[] = {
		{ .backlog = -1 },
		{ .keepalive_s = -1 },
		{ .keepalive_s = 32768 },
	};
	slu_listener *l = NULL;
	char longest[257];

	(void)state;
	memset(longest, 'a', 256);
	longest[256] = '\0';
	CHECK_IS(SLU_ERR_USAGE, slu_tcp_listen(&l, "", 0, NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_tcp_listen(&l, longest, 0, NULL));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK_IS(SLU_ERR_USAGE, slu_tcp_listen(&l, NULL, 0, &wrong[i]));
	CHECK_IS(SLU_ERR_USAGE, slu_unix_listen(&l, NULL, NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_unix_listen(&l, "", NULL));
	longest[108] = '\0';
	CHECK_IS(SLU_ERR_USAGE, slu_unix_listen(&l, longest, NULL));
	CHECK_WORDS("a path of 108 bytes, and a socket's has room for 107");
	CHECK(l == NULL);
	slu_listener_free(NULL);
}

static bool
is_there(const char *path)
{
	struct stat there;

	return lstat(path, &there) == 0;
}

static void
a_path_appears_and_goes_with_its_listener(void **state)
{
	slu_listener *l = NULL;
	slu_bio *c = NULL;
	int far;

	(void)state;
	folder_enter();
	CHECK_OK(slu_unix_listen(&l, "socket", NULL));
	CHECK(slu_listener_port(l) == 0);
	far = reach_path("socket");
	CHECK(far >= 0);
	CHECK_OK(slu_listener_accept(l, &c));
	CHECK(strcmp(slu_listener_peer(l), "socket") == 0);
	/* A change of its mode makes it no other socket. */
	CHECK(chmod("socket", 0600) == 0);
	slu_listener_free(l);
	CHECK(!is_there("socket"));
	CHECK(send(far, "x", 1, MSG_NOSIGNAL) == 1);
	slu_bio_free(c);
	close(far);
	folder_leave();
}

static void
a_path_may_begin_as_abstract_names_are_written(void **state)
{
	slu_listener *l = NULL;

	(void)state;
	folder_enter();
	CHECK_OK(slu_unix_listen(&l, "@socket", NULL));
	CHECK(is_there("@socket"));
	slu_listener_free(l);
	folder_leave();
}

/* Leave behind what a process leaves that dies. */
static void
leave_dead(const char *path, int type)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0);

	strcpy(at.sun_path, path);
	CHECK(fd >= 0 && bind(fd, (void *)&at, sizeof(at)) == 0);
	close(fd);
}

static void
what_a_dead_process_left_is_replaced(void **state)
{
	slu_listener *l = NULL;
	int far;

	(void)state;
	folder_enter();
	leave_dead("socket", SOCK_STREAM);
	CHECK(reach_path("socket") < 0);
	CHECK_OK(slu_unix_listen(&l, "socket", NULL));
	far = reach_path("socket");
	CHECK(far >= 0);
	close(far);
	slu_listener_free(l);
	CHECK(!is_there("socket"));
	folder_leave();
}

static void
listen_now(void *arg)
{
	CHECK(listen(*(const int *)arg, 1) == 0);
}

static void
remove_now(void *arg)
{
	CHECK(unlink(arg) == 0);
}

static void
next_time_listen(void *arg)
{
	sysfault_before_connect(listen_now, arg);
}

static void
next_time_remove(void *arg)
{
	sysfault_before_connect(remove_now, arg);
}

static void
who_has_the_path_and_is_about_to_listen_keeps_it(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), far;
	slu_listener *l = NULL;

	(void)state;
	folder_enter();
	strcpy(at.sun_path, "socket");
	CHECK(fd >= 0 && bind(fd, (void *)&at, sizeof(at)) == 0);
	sysfault_before_connect(next_time_listen, &fd);
	CHECK_IS(SLU_ERR_IO, slu_unix_listen(&l, "socket", NULL));
	CHECK_WORDS("listen: socket: already in use");
	far = reach_path("socket");
	CHECK(far >= 0);
	close(far);
	close(fd);
	folder_leave();
}

static void
what_was_in_the_way_may_go_by_itself(void **state)
{
	char path[] = "socket";
	slu_listener *l = NULL;

	(void)state;
	folder_enter();
	leave_dead(path, SOCK_STREAM);
	sysfault_before_connect(next_time_remove, path);
	CHECK_OK(slu_unix_listen(&l, path, NULL));
	CHECK(is_there(path));
	slu_listener_free(l);
	folder_leave();
}

static void
what_is_alive_or_no_socket_is_left_alone(void **state)
{
	slu_listener *l = NULL, *second = NULL;

	(void)state;
	folder_enter();
	CHECK_OK(slu_unix_listen(&l, "socket", NULL));
	CHECK_IS(SLU_ERR_IO, slu_unix_listen(&second, "socket", NULL));
	CHECK(strcmp(slu_error(), "listen: socket: already in use") == 0);
	CHECK(is_there("socket"));
	slu_listener_free(l);
	folder_put("file", "precious", 8);
	CHECK_IS(SLU_ERR_IO, slu_unix_listen(&second, "file", NULL));
	CHECK(strcmp(slu_error(),
		  "listen: file: already exists, and is not a socket") == 0);
	CHECK(is_there("file"));
	CHECK(unlink("file") == 0);
	CHECK(symlink("elsewhere", "link") == 0);
	CHECK_IS(SLU_ERR_IO, slu_unix_listen(&second, "link", NULL));
	CHECK(is_there("link"));
	CHECK(unlink("link") == 0);
	CHECK_IS(SLU_ERR_IO, slu_unix_listen(&second, "no/socket", NULL));
	CHECK_WORDS("listen: no/socket: no such file or directory");
	CHECK(second == NULL);
	folder_leave();
}

static void
a_path_that_became_another_s_is_left_alone(void **state)
{
	slu_listener *first = NULL, *second = NULL;

	(void)state;
	folder_enter();
	CHECK_OK(slu_unix_listen(&first, "socket", NULL));
	CHECK(unlink("socket") == 0);
	(void)poll(NULL, 0, 20);
	CHECK_OK(slu_unix_listen(&second, "socket", NULL));
	slu_listener_free(first);
	CHECK(is_there("socket"));
	CHECK(unlink("socket") == 0);
	folder_put("socket", "a file now", 10);
	slu_listener_free(second);
	CHECK(is_there("socket"));
	CHECK(unlink("socket") == 0);
	folder_leave();
}

static void
nothing_is_left_open_and_memory_may_run_out(void **state)
{
	size_t before = far_descriptors();
	oom_hit hit = OOM_OURS;

	(void)state;
	for (size_t k = 0; hit != OOM_NONE; k++) {
		slu_listener *l = NULL;
		slu_bio *c = NULL;
		slu_status st;
		int far = -1;

		oom_arm(k);
		st = slu_tcp_listen(&l, NULL, 0, NULL);
		if (st == SLU_OK) {
			far = reach("127.0.0.1", slu_listener_port(l));
			st = slu_listener_accept(l, &c);
		}
		hit = oom_disarm();
		CHECK_IS(hit == OOM_NONE ? SLU_OK : SLU_ERR_MEMORY, st);
		slu_bio_free(c);
		slu_listener_free(l);
		if (far >= 0)
			close(far);
	}
	CHECK(far_descriptors() == before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_accepted_holds_the_contract_of_a_sink),
		cmocka_unit_test(
		    without_a_host_it_is_heard_on_this_machine_alone),
		cmocka_unit_test(all_of_ipv6_is_all_of_ipv4_too),
		cmocka_unit_test(who_was_accepted_is_told),
		cmocka_unit_test(without_blocking_nobody_there_is_a_want),
		cmocka_unit_test(otherwise_it_waits_until_somebody_connects),
		cmocka_unit_test(what_is_accepted_is_as_the_options_say),
		cmocka_unit_test(who_has_gone_before_is_passed_over),
		cmocka_unit_test(
		    without_a_descriptor_the_connection_goes_on_waiting),
		cmocka_unit_test(a_chain_with_a_sink_costs_no_connection),
		cmocka_unit_test(a_port_can_be_had_again_at_once),
		cmocka_unit_test(a_port_in_use_is_refused),
		cmocka_unit_test(a_host_can_be_a_name_of_this_machine),
		cmocka_unit_test(misuse_is_refused),
		cmocka_unit_test(a_path_appears_and_goes_with_its_listener),
		cmocka_unit_test(
		    a_path_may_begin_as_abstract_names_are_written),
		cmocka_unit_test(what_a_dead_process_left_is_replaced),
		cmocka_unit_test(
		    who_has_the_path_and_is_about_to_listen_keeps_it),
		cmocka_unit_test(what_was_in_the_way_may_go_by_itself),
		cmocka_unit_test(what_is_alive_or_no_socket_is_left_alone),
		cmocka_unit_test(a_path_that_became_another_s_is_left_alone),
		cmocka_unit_test(nothing_is_left_open_and_memory_may_run_out),
	};

	return cmocka_run_group_tests_name("listen", tests, NULL, NULL);
}
