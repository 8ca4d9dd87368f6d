/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "../../src/bio/race.h"

#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../../src/base/clock.h"
#include "check.h"
#include "far.h"

static void
add(slu_addresses *list, const char *host, uint16_t port)
{
	slu_address *a = &list->at[list->count++];

	a->len = far_address(&a->to, host, port);
}

static slu_race_rules
rules(int stagger_ms, int limit_ms)
{
	return (slu_race_rules){
		.room = "race",
		.name = "example.org:80",
		.type = SOCK_STREAM,
		.stagger_ms = stagger_ms,
		.limit_ms = limit_ms,
		.end = slu_clock_ms() + limit_ms,
	};
}

/* Run it to its end as a program without a loop does. */
static slu_status
run(slu_race *r, int *fd)
{
	slu_status st;

	while ((st = slu_race_step(r, fd)) == SLU_WANT_WRITE) {
		slu_waits w = { .ms = -1 };

		CHECK_OK(slu_race_wait(r, &w));
		CHECK(w.ms >= 0);
		CHECK(poll(w.fds, (nfds_t)w.count, w.ms) >= 0);
	}
	return st;
}

static slu_status
run_list(const slu_addresses *list, int stagger_ms, int limit_ms, int *fd)
{
	slu_race_rules how = rules(stagger_ms, limit_ms);
	slu_race r;
	slu_status st;

	slu_race_start(&r, &how, list);
	st = run(&r, fd);
	slu_race_stop(&r);
	return st;
}

static uint16_t
port_reached(int fd)
{
	slu_address peer = { .len = sizeof(peer.to) };

	CHECK(getpeername(fd, (void *)&peer.to, &peer.len) == 0);
	return slu_address_port(&peer);
}

static void
a_failure_begins_the_next_attempt_at_once(void **state)
{
	slu_addresses list = { .count = 0 };
	uint16_t closed, open;
	int deaf = far_closed("127.0.0.1", &closed), fd = -1;
	int listener = far_listen("127.0.0.1", &open);
	int64_t before = far_clock();

	(void)state;
	add(&list, "127.0.0.1", closed);
	add(&list, "127.0.0.1", closed);
	add(&list, "127.0.0.1", open);
	CHECK_OK(run_list(&list, 5000, 10000, &fd));
	CHECK(far_clock() - before < 5000);
	CHECK(port_reached(fd) == open);
	close(fd);
	close(deaf);
	close(listener);
}

static void
who_says_nothing_is_overtaken_after_the_delay(void **state)
{
	slu_addresses list = { .count = 0 };
	uint16_t open;
	int listener = far_listen("127.0.0.1", &open), fd = -1;
	int64_t before, took;
	far_hole hole;

	(void)state;
	far_hole_open(&hole, "127.0.0.1");
	add(&list, "127.0.0.1", hole.port);
	add(&list, "127.0.0.1", open);
	before = far_clock();
	CHECK_OK(run_list(&list, 200, 10000, &fd));
	took = far_clock() - before;
	CHECK(took >= 199 && took < 5000);
	CHECK(port_reached(fd) == open);
	close(fd);
	close(listener);
	far_hole_close(&hole);
}

static void
attempts_begun_go_on_while_others_begin(void **state)
{
	slu_addresses list = { .count = 0 };
	slu_race_rules how = rules(0, 10000);
	slu_waits w = { .ms = -1 };
	far_hole hole;
	slu_race r;
	int fd = -1;

	(void)state;
	far_hole_open(&hole, "127.0.0.1");
	for (int i = 0; i < 3; i++)
		add(&list, "127.0.0.1", hole.port);
	slu_race_start(&r, &how, &list);
	CHECK_IS(SLU_WANT_WRITE, slu_race_step(&r, &fd));
	CHECK_OK(slu_race_wait(&r, &w));
	CHECK(w.count == 3 && w.ms > 5000 && w.ms <= 10000);
	for (size_t i = 0; i < w.count; i++)
		CHECK(w.fds[i].events == POLLOUT);
	slu_race_stop(&r);
	far_hole_close(&hole);
}

static void
the_wait_ends_when_the_next_attempt_is_due(void **state)
{
	slu_addresses list = { .count = 0 };
	slu_race_rules how = rules(300, 10000);
	slu_waits w = { .ms = -1 };
	far_hole hole;
	slu_race r;
	int fd = -1;

	(void)state;
	far_hole_open(&hole, "127.0.0.1");
	add(&list, "127.0.0.1", hole.port);
	add(&list, "127.0.0.1", hole.port);
	slu_race_start(&r, &how, &list);
	CHECK_IS(SLU_WANT_WRITE, slu_race_step(&r, &fd));
	CHECK_OK(slu_race_wait(&r, &w));
	CHECK(w.count == 1 && w.ms <= 300);
	slu_race_stop(&r);
	far_hole_close(&hole);
}

static void
either_family_is_reached(void **state)
{
	static const char *const hosts[] = { "127.0.0.1", "::1" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		slu_addresses list = { .count = 0 };
		int listener, fd = -1;
		uint16_t port;

		if (!far_has(hosts[i]))
			continue;
		listener = far_listen(hosts[i], &port);
		add(&list, hosts[i], port);
		CHECK_OK(run_list(&list, 250, 10000, &fd));
		CHECK(port_reached(fd) == port);
		close(fd);
		close(listener);
	}
}

static void
one_address_s_answer_is_told_alone(void **state)
{
	slu_addresses list = { .count = 0 };
	uint16_t port;
	int deaf = far_closed("127.0.0.1", &port), fd = -1;

	(void)state;
	add(&list, "127.0.0.1", port);
	CHECK_IS(SLU_ERR_PEER, run_list(&list, 250, 10000, &fd));
	CHECK(strcmp(slu_error(), "race: example.org:80: connection refused") ==
	      0);
	CHECK(fd == -1);
	close(deaf);
}

static void
the_same_answer_of_all_is_told_once(void **state)
{
	slu_addresses list = { .count = 0 };
	uint16_t port;
	int deaf = far_closed("127.0.0.1", &port), fd = -1;

	(void)state;
	for (int i = 0; i < SLU_ADDRESSES_MAX; i++)
		add(&list, "127.0.0.1", port);
	CHECK_IS(SLU_ERR_PEER, run_list(&list, 250, 10000, &fd));
	CHECK(strcmp(slu_error(),
		  "race: example.org:80: connection refused (12 addresses)") ==
	      0);
	close(deaf);
}

static void
different_answers_are_told_by_address(void **state)
{
	slu_addresses list = { .count = 0 };
	uint16_t port;
	int deaf = far_closed("127.0.0.1", &port), fd = -1;
	far_hole hole;

	(void)state;
	far_hole_open(&hole, "127.0.0.3");
	add(&list, "127.0.0.1", port);
	add(&list, "127.0.0.3", hole.port);
	add(&list, "127.0.0.2", port);
	CHECK_IS(SLU_ERR_PEER, run_list(&list, 1000, 200, &fd));
	CHECK(strcmp(slu_error(),
		  "race: example.org:80: 127.0.0.1: connection refused; "
		  "127.0.0.3: no answer within 200 ms; "
		  "127.0.0.2: not tried") == 0);
	close(deaf);
	far_hole_close(&hole);
}

static void
the_time_limit_holds(void **state)
{
	slu_addresses list = { .count = 0 };
	int64_t before, took;
	far_hole hole;
	int fd = -1;

	(void)state;
	far_hole_open(&hole, "127.0.0.1");
	for (int i = 0; i < SLU_ADDRESSES_MAX; i++)
		add(&list, "127.0.0.1", hole.port);
	before = far_clock();
	CHECK_IS(SLU_ERR_PEER, run_list(&list, 10, 1000, &fd));
	took = far_clock() - before;
	CHECK(took >= 999 && took < 5000);
	CHECK_WORDS("no answer within 1 s (12 addresses)");
	far_hole_close(&hole);
}

static void
a_port_that_meets_itself_is_refused(void **state)
{
	slu_status st = SLU_ERR_IO;
	int fd = -1;

	(void)state;
	/* Somebody else may come to have the port in between. */
	for (int i = 0; i < 10 && st == SLU_ERR_IO; i++) {
		slu_addresses list = { .count = 0 };
		slu_race_rules how = rules(250, 10000);
		uint16_t port;
		slu_race r;

		close(far_closed("127.0.0.1", &port));
		add(&list, "127.0.0.1", port);
		how.local_port = port;
		slu_race_start(&r, &how, &list);
		st = run(&r, &fd);
	}
	CHECK_IS(SLU_ERR_PEER, st);
	CHECK_WORDS("connection refused");
	CHECK(fd == -1);
}

static void
what_fails_here_is_not_the_peer_s_fault(void **state)
{
	slu_addresses list = { .count = 0 };
	slu_race_rules how = rules(250, 10000);
	struct rlimit before, none;
	uint16_t port, taken;
	int deaf = far_closed("127.0.0.1", &port), fd = -1;
	int holder = far_listen("0.0.0.0", &taken);
	char words[80];
	slu_race r;
	slu_status st;

	(void)state;
	add(&list, "127.0.0.1", port);
	CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
	none = (struct rlimit){ .rlim_cur = 0, .rlim_max = before.rlim_max };
	CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
	st = run_list(&list, 250, 10000, &fd);
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
	CHECK_IS(SLU_ERR_IO, st);
	CHECK_WORDS("race: example.org:80: too many open files");

	how.local_port = taken;
	slu_race_start(&r, &how, &list);
	CHECK_IS(SLU_ERR_IO, run(&r, &fd));
	snprintf(words, sizeof(words), "local port %u: address already in use",
	    taken);
	CHECK_WORDS(words);
	close(deaf);
	close(holder);
}

static void
nothing_is_left_open_however_it_ends(void **state)
{
	size_t before = far_descriptors();
	slu_addresses list = { .count = 0 };
	slu_race_rules how = rules(0, 10000);
	uint16_t closed, open;
	int deaf = far_closed("127.0.0.1", &closed), fd = -1;
	int listener = far_listen("127.0.0.1", &open);
	far_hole hole;
	slu_race r = { 0 };

	(void)state;
	slu_race_stop(&r);
	far_hole_open(&hole, "127.0.0.1");
	add(&list, "127.0.0.1", hole.port);
	add(&list, "127.0.0.1", closed);
	add(&list, "127.0.0.1", hole.port);
	CHECK_IS(SLU_ERR_PEER, run_list(&list, 10, 100, &fd));
	slu_race_start(&r, &how, &list);
	CHECK_IS(SLU_WANT_WRITE, slu_race_step(&r, &fd));
	slu_race_stop(&r);
	add(&list, "127.0.0.1", open);
	CHECK_OK(run_list(&list, 10, 10000, &fd));
	close(fd);
	close(deaf);
	close(listener);
	far_hole_close(&hole);
	CHECK(far_descriptors() == before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_begins_the_next_attempt_at_once),
		cmocka_unit_test(who_says_nothing_is_overtaken_after_the_delay),
		cmocka_unit_test(attempts_begun_go_on_while_others_begin),
		cmocka_unit_test(the_wait_ends_when_the_next_attempt_is_due),
		cmocka_unit_test(either_family_is_reached),
		cmocka_unit_test(one_address_s_answer_is_told_alone),
		cmocka_unit_test(the_same_answer_of_all_is_told_once),
		cmocka_unit_test(different_answers_are_told_by_address),
		cmocka_unit_test(the_time_limit_holds),
		cmocka_unit_test(a_port_that_meets_itself_is_refused),
		cmocka_unit_test(what_fails_here_is_not_the_peer_s_fault),
		cmocka_unit_test(nothing_is_left_open_however_it_ends),
	};

	return cmocka_run_group_tests_name("race", tests, NULL, NULL);
}
