/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/unix.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "far.h"
#include "folder.h"
#include "line.h"
#include "oom.h"

#include "sluice/listen.h"
#include "sluice/wait.h"

static const slu_unix_options nonblocking = { .nonblocking = true };

static int
enter_folder(void **state)
{
	(void)state;
	folder_enter();
	return 0;
}

static int
leave_folder(void **state)
{
	(void)state;
	folder_leave();
	return 0;
}

static slu_listener *
listening(int backlog)
{
	slu_listener *l = NULL;

	CHECK_OK(slu_unix_listen(&l, "socket",
	    &(slu_listen_options){ .backlog = backlog, .nonblocking = true }));
	return l;
}

static slu_status
connect_line(slu_bio **near, int *far, void *arg)
{
	slu_listener *l = arg;
	slu_status st;

	st = slu_unix_connect(near, "socket", &nonblocking);
	if (st == SLU_OK)
		st = slu_bio_flush(*near);
	if (st == SLU_OK)
		*far = far_accept(slu_listener_fd(l));
	return st;
}

static void
a_connection_holds_the_contract_of_a_sink(void **state)
{
	slu_listener *l = listening(0);

	(void)state;
	line_holds("unix", connect_line, l);
	slu_listener_free(l);
}

static void
both_ends_speak_and_end_by_themselves(void **state)
{
	slu_listener *l = listening(0);
	slu_bio *c = NULL, *s = NULL;
	char buf[16];
	size_t n;

	(void)state;
	CHECK_OK(slu_unix_connect(&c, "socket", NULL));
	CHECK_OK(slu_listener_accept(l, &s));
	CHECK_OK(slu_bio_write(c, "question", 8, &n));
	CHECK_OK(slu_bio_finish(c));
	CHECK_OK(slu_bio_read(s, buf, 16, &n));
	CHECK_BYTES("question", 8, buf, n);
	CHECK_IS(SLU_EOF, slu_bio_read(s, buf, 16, &n));
	CHECK_OK(slu_bio_write(s, "answer", 6, &n));
	slu_bio_free(s);
	CHECK_OK(slu_bio_read(c, buf, 16, &n));
	CHECK_BYTES("answer", 6, buf, n);
	CHECK_IS(SLU_EOF, slu_bio_read(c, buf, 16, &n));
	slu_bio_free(c);
	slu_listener_free(l);
}

static void
a_peer_that_has_gone_is_no_signal(void **state)
{
	slu_listener *l = listening(0);
	slu_bio *c = NULL, *s = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_unix_connect(&c, "socket", NULL));
	CHECK_OK(slu_listener_accept(l, &s));
	slu_bio_free(s);
	CHECK_IS(SLU_ERR_IO, slu_bio_write(c, "x", 1, &n));
	CHECK(strcmp(slu_error(), "unix: socket: broken pipe") == 0);
	slu_bio_free(c);
	slu_listener_free(l);
}

static void
nobody_there_is_told(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	CHECK_IS(SLU_ERR_PEER, slu_unix_connect(&c, "none", NULL));
	CHECK(
	    strcmp(slu_error(), "unix: none: no such file or directory") == 0);
	folder_put("file", "x", 1);
	CHECK_IS(SLU_ERR_PEER, slu_unix_connect(&c, "file", NULL));
	CHECK(strcmp(slu_error(), "unix: file: connection refused") == 0);
	CHECK_IS(SLU_ERR_PEER, slu_unix_connect(&c, "@abstract", NULL));
	CHECK_WORDS("no such file");
	CHECK(c == NULL);
}

static void
a_path_that_cannot_be_one_is_misuse(void **state)
{
	slu_bio *c = NULL;
	char longest[109];

	(void)state;
	memset(longest, 'a', 108);
	longest[108] = '\0';
	CHECK_IS(SLU_ERR_USAGE, slu_unix_connect(&c, NULL, NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_unix_connect(&c, "", NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_unix_connect(&c, longest, NULL));
	CHECK_WORDS(
	    "unix: a path of 108 bytes, and a socket's has room for 107");
	CHECK_IS(SLU_ERR_USAGE, slu_unix_connect(&c, "socket",
				    &(slu_unix_options){ .limit_ms = -1 }));
	CHECK_IS(SLU_ERR_PEER, slu_unix_connect(&c, longest + 1, NULL));
	CHECK(c == NULL);
}

/* Fill the backlog of a listener; how many it took. */
static size_t
fill(slu_bio *waiting[], size_t most)
{
	for (size_t i = 0; i < most; i++) {
		waiting[i] = NULL;
		CHECK_OK(slu_unix_connect(&waiting[i], "socket", &nonblocking));
		if (slu_bio_flush(waiting[i]) == SLU_WANT_WRITE)
			return i;
	}
	fail_msg("a backlog that is never full");
	return 0;
}

static void
a_full_backlog_is_waited_for_within_the_limit(void **state)
{
	const slu_unix_options brief = { .limit_ms = 100 };
	slu_listener *l = listening(1);
	slu_bio *waiting[64], *c = NULL;
	int64_t before, took;
	size_t full = fill(waiting, 64);
	slu_status st;

	(void)state;
	before = far_clock();
	CHECK_IS(SLU_ERR_PEER, slu_unix_connect(&c, "socket", &brief));
	took = far_clock() - before;
	CHECK_WORDS("unix: socket: no answer within 100 ms");
	CHECK(took >= 99 && took < 5000);
	/* Once somebody is taken out, the one that waits gets in. */
	CHECK_IS(SLU_WANT_WRITE, slu_bio_flush(waiting[full]));
	CHECK_OK(slu_listener_accept(l, &c));
	while ((st = slu_bio_flush(waiting[full])) == SLU_WANT_WRITE)
		CHECK_OK(slu_bio_wait(waiting[full], st, 10000));
	CHECK_OK(st);
	slu_bio_free(c);
	for (size_t i = 0; i <= full; i++)
		slu_bio_free(waiting[i]);
	slu_listener_free(l);
}

static void
nothing_is_left_open_and_memory_may_run_out(void **state)
{
	size_t before = far_descriptors();
	oom_hit hit = OOM_OURS;
	slu_listener *l = listening(0);

	(void)state;
	for (size_t k = 0; hit != OOM_NONE; k++) {
		slu_bio *c = NULL;
		slu_status st;

		oom_arm(k);
		st = slu_unix_connect(&c, "socket", NULL);
		hit = oom_disarm();
		CHECK_IS(hit == OOM_NONE ? SLU_OK : SLU_ERR_MEMORY, st);
		slu_bio_free(c);
	}
	slu_listener_free(l);
	CHECK(far_descriptors() == before);
}

#define IN_A_FOLDER(test) \
	cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(a_connection_holds_the_contract_of_a_sink),
		IN_A_FOLDER(both_ends_speak_and_end_by_themselves),
		IN_A_FOLDER(a_peer_that_has_gone_is_no_signal),
		IN_A_FOLDER(nobody_there_is_told),
		IN_A_FOLDER(a_path_that_cannot_be_one_is_misuse),
		IN_A_FOLDER(a_full_backlog_is_waited_for_within_the_limit),
		IN_A_FOLDER(nothing_is_left_open_and_memory_may_run_out),
	};

	return cmocka_run_group_tests_name("unix", tests, NULL, NULL);
}
