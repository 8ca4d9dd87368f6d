/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "contract.h"
#include "folder.h"
#include "sysfault.h"
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sluice/fd.h"

/*
 * Two ends of a pipe or of a pair of sockets: ours, which is under test, and
 * the far one, which the suite's pump keeps moving.  Neither blocks.
 */
struct line {
	int kind; /* 0: a pipe, 1: sockets */
	int ours, far;
	slu_buf moved; /* came out at the far end, or has to go in there */
	bool sending;  /* the far end sends */
};

static void
hang_up(struct line *l)
{
	if (l->ours >= 0)
		close(l->ours);
	if (l->far >= 0)
		close(l->far);
	l->ours = l->far = -1;
}

static void
connect_line(struct line *l, bool sending)
{
	int ends[2];

	hang_up(l);
	slu_buf_skip(&l->moved, l->moved.len);
	if (l->kind == 0)
		CHECK(pipe(ends) == 0);
	else
		CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	l->sending = sending;
	l->ours = ends[sending ? 0 : 1];
	l->far = ends[sending ? 1 : 0];
	CHECK(fcntl(l->ours, F_SETFL, O_NONBLOCK) == 0);
	CHECK(fcntl(l->far, F_SETFL, O_NONBLOCK) == 0);
}

static void
pump_line(void *arg)
{
	struct line *l = arg;
	unsigned char buf[4096];
	ssize_t n;

	while (l->far >= 0 && !l->sending) {
		n = read(l->far, buf, sizeof(buf));
		if (n <= 0)
			return;
		CHECK_OK(slu_buf_add(&l->moved, buf, (size_t)n));
	}
	while (l->far >= 0 && l->moved.len > 0) {
		n = write(l->far, slu_buf_front(&l->moved), l->moved.len);
		if (n <= 0)
			return;
		slu_buf_skip(&l->moved, (size_t)n);
	}
	if (l->far >= 0) {
		close(l->far);
		l->far = -1;
	}
}

static slu_status
create_line(slu_bio **top, void *arg)
{
	struct line *l = arg;

	connect_line(l, false);
	return slu_fd_open(top, l->ours);
}

static void
written_to_line(slu_buf *out, void *arg)
{
	struct line *l = arg;

	pump_line(l);
	CHECK_OK(slu_buf_add(out, slu_buf_front(&l->moved), l->moved.len));
	hang_up(l);
}

static void
prepare_line(const void *data, size_t len, void *arg)
{
	struct line *l = arg;

	connect_line(l, true);
	CHECK_OK(slu_buf_add(&l->moved, data, len));
}

static slu_status
open_line(slu_bio **top, void *arg)
{
	return slu_fd_open(top, ((struct line *)arg)->ours);
}

static void
pipes_and_sockets_hold_the_contract_of_a_sink(void **state)
{
	static const char *const names[] = { "pipe", "socket" };

	(void)state;
	for (int kind = 0; kind < 2; kind++) {
		struct line line = {
			.kind = kind,
			.ours = -1,
			.far = -1,
			.moved = { .limit = TRIAL_ROOM },
		};
		const contract_sink sink = {
			.name = names[kind],
			.create = create_line,
			.written = written_to_line,
			.open = open_line,
			.prepare = prepare_line,
			.pump = pump_line,
			.arg = &line,
		};

		contract_sink_holds(&sink);
		hang_up(&line);
		slu_buf_free(&line.moved);
	}
}

/* A regular file, opened by the test. */
static slu_status
create_file(slu_bio **top, void *arg)
{
	int *fd = arg;

	if (*fd >= 0)
		close(*fd);
	*fd = open("file", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	CHECK(*fd >= 0);
	return slu_fd_open(top, *fd);
}

static void
written_to_file(slu_buf *out, void *arg)
{
	char buf[4096];
	ssize_t n;
	int fd = open("file", O_RDONLY);

	(void)arg;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		CHECK_OK(slu_buf_add(out, buf, (size_t)n));
	CHECK(n == 0);
	close(fd);
}

static void
prepare_file(const void *data, size_t len, void *arg)
{
	int *fd = arg;

	folder_put("file", data, len);
	if (*fd >= 0)
		close(*fd);
	*fd = open("file", O_RDONLY);
	CHECK(*fd >= 0);
}

static slu_status
open_file(slu_bio **top, void *arg)
{
	return slu_fd_open(top, *(int *)arg);
}

static void
an_open_file_holds_the_contract_of_a_sink(void **state)
{
	int fd = -1;
	const contract_sink sink = {
		.name = "fd of a file",
		.create = create_file,
		.written = written_to_file,
		.open = open_file,
		.prepare = prepare_file,
		.arg = &fd,
	};

	(void)state;
	folder_enter();
	contract_sink_holds(&sink);
	close(fd);
	folder_leave();
}

static void
the_descriptor_stays_open(void **state)
{
	slu_bio *c = NULL;
	int ends[2];
	size_t n;

	(void)state;
	CHECK(pipe(ends) == 0);
	CHECK_OK(slu_fd_open(&c, ends[1]));
	CHECK_OK(slu_bio_write(c, "x", 1, &n));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	CHECK(fcntl(ends[1], F_GETFD) >= 0);
	close(ends[0]);
	close(ends[1]);
}

static void
where_it_would_block_it_is_a_want(void **state)
{
	char buf[4096] = { 0 };
	slu_bio *in = NULL, *out = NULL;
	int ends[2];
	slu_status st;
	size_t n;

	(void)state;
	CHECK(pipe(ends) == 0);
	CHECK(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
	CHECK(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
	CHECK_OK(slu_fd_open(&in, ends[0]));
	CHECK_OK(slu_fd_open(&out, ends[1]));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(in, buf, sizeof(buf), &n));
	do {
		st = slu_bio_write(out, buf, sizeof(buf), &n);
	} while (st == SLU_OK);
	CHECK_IS(SLU_WANT_WRITE, st);
	CHECK_OK(slu_bio_read(in, buf, sizeof(buf), &n));
	CHECK_OK(slu_bio_write(out, buf, n, &n));
	slu_bio_free(in);
	slu_bio_free(out);
	close(ends[0]);
	close(ends[1]);
}

static void
an_interrupted_call_is_taken_up_again(void **state)
{
	slu_bio *in = NULL, *out = NULL;
	int ends[2];
	char byte;
	size_t n;

	(void)state;
	for (int sockets = 0; sockets < 2; sockets++) {
		in = out = NULL;
		if (sockets)
			CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
		else
			CHECK(pipe(ends) == 0);
		CHECK_OK(slu_fd_open(&in, ends[0]));
		CHECK_OK(slu_fd_open(&out, ends[1]));
		sysfault_arm(sockets ? "send" : "write", 0, EINTR);
		sysfault_arm("read", 0, EINTR);
		CHECK_OK(slu_bio_write(out, "x", 1, &n));
		CHECK_OK(slu_bio_read(in, &byte, 1, &n));
		CHECK(byte == 'x');
		CHECK(sysfault_disarm() == 2);
		slu_bio_free(in);
		slu_bio_free(out);
		close(ends[0]);
		close(ends[1]);
	}
}

static void
a_write_that_takes_nothing_is_a_failure(void **state)
{
	slu_bio *c = NULL;
	int ends[2];
	size_t n;

	(void)state;
	CHECK(pipe(ends) == 0);
	CHECK_OK(slu_fd_open(&c, ends[1]));
	sysfault_arm("write", 0, SYSFAULT_NOTHING);
	CHECK_IS(SLU_ERR_IO, slu_bio_write(c, "x", 1, &n));
	CHECK(sysfault_disarm() == 1);
	slu_bio_free(c);
	close(ends[0]);
	close(ends[1]);
}

static void
a_socket_whose_peer_has_gone_is_no_signal(void **state)
{
	struct sigaction kills = { .sa_handler = SIG_DFL }, before;
	slu_bio *c = NULL;
	int ends[2];
	size_t n;

	(void)state;
	CHECK(sigaction(SIGPIPE, &kills, &before) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	CHECK_OK(slu_fd_open(&c, ends[0]));
	close(ends[1]);
	CHECK_IS(SLU_ERR_IO, slu_bio_write(c, "x", 1, &n));
	CHECK_WORDS("Broken pipe");
	slu_bio_free(c);
	close(ends[0]);
	CHECK(sigaction(SIGPIPE, &before, NULL) == 0);
}

static void
write_to_nobody(void)
{
	slu_bio *c = NULL;
	int ends[2];
	size_t n;

	CHECK(pipe(ends) == 0);
	CHECK_OK(slu_fd_open(&c, ends[1]));
	CHECK_OK(slu_bio_write(c, "x", 1, &n));
	close(ends[0]);
	CHECK_IS(SLU_ERR_IO, slu_bio_write(c, "x", 1, &n));
	CHECK_WORDS("Broken pipe");
	slu_bio_free(c);
	close(ends[1]);
}

static void
a_pipe_whose_reader_has_gone_is_no_signal(void **state)
{
	static void (*const dispositions[])(int) = { SIG_DFL, SIG_IGN };
	struct sigaction act = { .sa_flags = 0 }, before, now;
	sigset_t mask;

	(void)state;
	for (int i = 0; i < 2; i++) {
		act.sa_handler = dispositions[i];
		CHECK(sigaction(SIGPIPE, &act, &before) == 0);
		write_to_nobody();
		CHECK(sigaction(SIGPIPE, &before, &now) == 0);
		CHECK(now.sa_handler == dispositions[i]);
		CHECK(pthread_sigmask(SIG_SETMASK, NULL, &mask) == 0);
		CHECK(!sigismember(&mask, SIGPIPE));
	}
}

static volatile sig_atomic_t caught;

static void catch (int sig)
{
	(void)sig;
	caught++;
}

static void
set_blocked(int how)
{
	sigset_t only;

	CHECK(sigemptyset(&only) == 0 && sigaddset(&only, SIGPIPE) == 0);
	CHECK(pthread_sigmask(how, &only, NULL) == 0);
}

static void *
close_once_full(void *arg)
{
	const int *ends = arg;
	struct pollfd room = { .fd = ends[1], .events = POLLOUT };

	while (poll(&room, 1, 0) == 1)
		(void)poll(NULL, 0, 1);
	(void)poll(NULL, 0, 50);
	(void)close(ends[0]);
	return NULL;
}

/* The system then sends the signal, and still counts what was written. */
static void
a_reader_that_goes_during_a_write_is_no_signal(void **state)
{
	static const char much[1 << 20];
	struct sigaction act = { .sa_handler = catch }, before;
	pthread_t reader;
	slu_bio *c = NULL;
	int ends[2];
	size_t n;

	(void)state;
	CHECK(sigaction(SIGPIPE, &act, &before) == 0);
	caught = 0;
	CHECK(pipe(ends) == 0);
	CHECK_OK(slu_fd_open(&c, ends[1]));
	CHECK(pthread_create(&reader, NULL, close_once_full, ends) == 0);
	CHECK_OK(slu_bio_write(c, much, sizeof(much), &n));
	CHECK(n < sizeof(much));
	CHECK(pthread_join(reader, NULL) == 0);
	CHECK_IS(SLU_ERR_IO, slu_bio_write(c, much, sizeof(much), &n));
	CHECK(caught == 0);
	slu_bio_free(c);
	close(ends[1]);
	CHECK(sigaction(SIGPIPE, &before, NULL) == 0);
}

static void
where_the_signal_is_blocked_none_is_left_behind(void **state)
{
	struct sigaction act = { .sa_handler = catch }, before;

	(void)state;
	CHECK(sigaction(SIGPIPE, &act, &before) == 0);
	caught = 0;
	set_blocked(SIG_BLOCK);
	write_to_nobody();
	set_blocked(SIG_UNBLOCK);
	CHECK(caught == 0);
	CHECK(sigaction(SIGPIPE, &before, NULL) == 0);
}

static void
a_signal_that_somebody_sent_is_not_taken_away(void **state)
{
	struct sigaction act = { .sa_handler = catch }, before;

	(void)state;
	CHECK(sigaction(SIGPIPE, &act, &before) == 0);
	caught = 0;
	set_blocked(SIG_BLOCK);
	CHECK(raise(SIGPIPE) == 0);
	write_to_nobody();
	CHECK(caught == 0);
	set_blocked(SIG_UNBLOCK);
	CHECK(caught == 1);
	CHECK(sigaction(SIGPIPE, &before, NULL) == 0);
}

static void
a_descriptor_that_is_not_open_is_refused_at_once(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	CHECK_IS(SLU_ERR_IO, slu_fd_open(&c, 987654));
	CHECK(strcmp(slu_error(),
		  "fd: descriptor 987654: Bad file descriptor") == 0);
	CHECK_IS(SLU_ERR_IO, slu_fd_open(&c, -1));
	CHECK(c == NULL);
}

static void
the_standard_descriptors_are_told_by_name(void **state)
{
	static const char *const words[] = {
		"fd: standard input: No space left on device",
		"fd: standard output: No space left on device",
		"fd: standard error: No space left on device",
	};
	size_t n;

	(void)state;
	for (int fd = 0; fd < 3; fd++) {
		int full = open("/dev/full", O_WRONLY), saved = dup(fd);
		slu_bio *c = NULL;
		slu_status st;

		CHECK(full >= 0 && saved >= 0 && dup2(full, fd) == fd);
		CHECK_OK(slu_fd_open(&c, fd));
		st = slu_bio_write(c, "x", 1, &n);
		CHECK(dup2(saved, fd) == fd);
		CHECK_IS(SLU_ERR_IO, st);
		CHECK(strcmp(slu_error(), words[fd]) == 0);
		slu_bio_free(c);
		close(full);
		close(saved);
	}
}

static void
a_descriptor_s_wrong_way_is_the_system_s_to_refuse(void **state)
{
	slu_bio *c = NULL;
	int ends[2];
	char byte;
	size_t n;

	(void)state;
	CHECK(pipe(ends) == 0);
	CHECK_OK(slu_fd_open(&c, ends[1]));
	CHECK_IS(SLU_ERR_IO, slu_bio_read(c, &byte, 1, &n));
	CHECK_WORDS("Bad file descriptor");
	slu_bio_free(c);
	close(ends[0]);
	close(ends[1]);
}

/* Beyond SSIZE_MAX anything may happen, and some systems fail at 2 GiB. */
static void
no_call_is_asked_for_more_than_a_gibibyte(void **state)
{
	const size_t huge = (size_t)3 << 30;
	slu_bio *c = NULL;
	int fd = open("/dev/null", O_RDWR);
	char byte = 0;
	size_t n;

	(void)state;
	CHECK(fd >= 0);
	CHECK_OK(slu_fd_open(&c, fd));
	sysfault_arm("write", 0, SYSFAULT_SHORT);
	CHECK_OK(slu_bio_write(c, &byte, huge, &n));
	CHECK(n == 1 && sysfault_asked() == (size_t)1 << 30);
	sysfault_arm("read", 0, SYSFAULT_SHORT);
	CHECK_IS(SLU_EOF, slu_bio_read(c, &byte, huge, &n));
	CHECK(sysfault_asked() == (size_t)1 << 30);
	CHECK(sysfault_disarm() == 2);
	slu_bio_free(c);
	close(fd);
}

static void
a_socket_without_a_stream_is_refused(void **state)
{
	static const int types[] = { SOCK_DGRAM, SOCK_SEQPACKET };

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		slu_bio *c = NULL;
		int ends[2];

		CHECK(socketpair(AF_UNIX, types[i], 0, ends) == 0);
		CHECK_IS(SLU_ERR_USAGE, slu_fd_open(&c, ends[0]));
		CHECK_WORDS("without a stream");
		CHECK(c == NULL);
		close(ends[0]);
		close(ends[1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pipes_and_sockets_hold_the_contract_of_a_sink),
		cmocka_unit_test(an_open_file_holds_the_contract_of_a_sink),
		cmocka_unit_test(the_descriptor_stays_open),
		cmocka_unit_test(where_it_would_block_it_is_a_want),
		cmocka_unit_test(an_interrupted_call_is_taken_up_again),
		cmocka_unit_test(a_write_that_takes_nothing_is_a_failure),
		cmocka_unit_test(a_socket_whose_peer_has_gone_is_no_signal),
		cmocka_unit_test(a_pipe_whose_reader_has_gone_is_no_signal),
		cmocka_unit_test(
		    a_reader_that_goes_during_a_write_is_no_signal),
		cmocka_unit_test(
		    where_the_signal_is_blocked_none_is_left_behind),
		cmocka_unit_test(a_signal_that_somebody_sent_is_not_taken_away),
		cmocka_unit_test(
		    a_descriptor_that_is_not_open_is_refused_at_once),
		cmocka_unit_test(the_standard_descriptors_are_told_by_name),
		cmocka_unit_test(
		    a_descriptor_s_wrong_way_is_the_system_s_to_refuse),
		cmocka_unit_test(no_call_is_asked_for_more_than_a_gibibyte),
		cmocka_unit_test(a_socket_without_a_stream_is_refused),
	};

	return cmocka_run_group_tests_name("fd", tests, NULL, NULL);
}
