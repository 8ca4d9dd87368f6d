/* SPDX-License-Identifier: ISC */
/* The program is not linked to the tests: what is tested is included. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "oom.h"
#include "sysfault.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "cli/crew.c"

#define ITEMS 5000
#define PATIENCE 20 /* seconds until what does not happen never will */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What the crew would say; nothing is said here but that memory is out. */
exit_code
say_fail(exit_code code, const char *fmt, ...)
{
	assert_string_equal(fmt, "out of memory");
	return code;
}

struct item {
	size_t number, square;
	char *own; /* owned */
};

struct hand {
	void *own; /* owned */
};

/* Whose work it is: how much of it was done, and told of. */
struct office {
	size_t told;
	pthread_t owner;
	atomic_size_t worked, by_others, hands, dropped, ticks;
	size_t slow; /* the item that waits for these two, or SIZE_MAX */
	size_t until_worked, until_ticks;
	bool in_vain; /* it did */
	bool early;   /* one was told of before its turn */
};

static void
wait_for_the_others(struct office *o)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	size_t left = PATIENCE * 1000;

	while (left-- > 0 &&
	       (o->worked < o->until_worked || o->ticks < o->until_ticks))
		nanosleep(&ms, NULL);
	o->in_vain = o->worked < o->until_worked || o->ticks < o->until_ticks;
}

static void
work(void *hand, void *item, void *arg)
{
	struct office *o = arg;
	struct hand *h = hand;
	struct item *i = item;

	if (h->own == NULL) {
		h->own = malloc(1);
		o->hands++;
	}
	if (i->number == o->slow)
		wait_for_the_others(o);
	i->square = i->number * i->number;
	o->by_others += pthread_equal(o->owner, pthread_self()) == 0;
	o->worked++;
}

static void
told(void *item, void *arg)
{
	struct office *o = arg;
	struct item *i = item;

	if (i->number != o->told || i->square != o->told * o->told ||
	    !pthread_equal(o->owner, pthread_self()))
		o->early = true;
	o->told++;
}

static struct office *dropped_at;

static void
drop(void *item)
{
	struct item *i = item;

	free(i->own);
	dropped_at->dropped++;
}

static void
leave(void *hand)
{
	struct hand *h = hand;

	free(h->own);
}

static void
tick(void *arg)
{
	struct office *o = arg;

	o->ticks++;
}

static const crew_kind kind = {
	.item = sizeof(struct item),
	.hand = sizeof(struct hand),
	.work = work,
	.told = told,
	.drop = drop,
	.leave = leave,
	.tick = tick,
};

static crew *
open_office(struct office *o, unsigned threads, size_t items)
{
	crew *c = NULL;

	o->owner = pthread_self();
	dropped_at = o;
	CHECK(crew_new(&c, &kind, o, threads, items) == EXIT_DONE);
	return c;
}

static void
put_some(crew *c, size_t first, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		struct item *i = crew_item(c);

		/* Room is empty, whoever had it before. */
		CHECK(i->number == 0 && i->square == 0 && i->own == NULL);
		i->number = first + k;
		i->own = malloc(1);
		crew_put(c);
	}
}

static void
items_are_told_of_in_order_by_any_number_of_threads(void **state)
{
	static const unsigned threads[] = { 1, 2, 3, 64 };
	static const size_t rings[] = { 1, 2, 3, 1000, 100000 };
	size_t n = check_slow("fewer items") ? ITEMS / 10 : ITEMS;

	(void)state;
	for (size_t t = 0; t < COUNT(threads); t++)
		for (size_t r = 0; r < COUNT(rings); r++) {
			struct office o = { .slow = SIZE_MAX };
			crew *c = open_office(&o, threads[t], rings[r]);

			put_some(c, 0, n);
			crew_settle(c);
			CHECK(o.told == n && o.worked == n);
			CHECK(!o.early);
			/* It may go on behind that. */
			put_some(c, n, 10);
			crew_settle(c);
			crew_settle(c);
			CHECK(o.told == n + 10 && o.dropped == n + 10);
			CHECK(o.hands <= threads[t]);
			CHECK(threads[t] > 1 ? o.by_others == n + 10
					     : o.by_others == 0);
			crew_free(c);
		}
}

static void
others_go_on_behind_an_item_that_takes_long(void **state)
{
	struct office o = { .slow = 3, .until_worked = 499 };
	crew *c = open_office(&o, 2, 1000);

	(void)state;
	put_some(c, 0, 500);
	crew_settle(c);
	CHECK(!o.early && o.told == 500);
	CHECK(!o.in_vain);
	crew_free(c);
}

static void
while_the_owner_waits_it_is_told_so(void **state)
{
	struct office o = { .slow = 0, .until_ticks = 2 };
	crew *c = open_office(&o, 2, 10);

	(void)state;
	put_some(c, 0, 1);
	crew_settle(c);
	CHECK(!o.in_vain && o.told == 1);
	crew_free(c);
}

static void
without_threads_the_owner_does_it_all(void **state)
{
	struct office o = { .slow = SIZE_MAX };
	crew *c = open_office(&o, 8, 100);

	(void)state;
	sysfault_arm("pthread_create", 0, EAGAIN);
	put_some(c, 0, 300);
	CHECK(sysfault_disarm() == 1);
	CHECK(o.told == 300); /* each at once */
	crew_settle(c);
	CHECK(o.by_others == 0 && o.hands == 1 && !o.early);
	crew_free(c);
}

static void
one_thread_that_can_be_had_is_enough(void **state)
{
	struct office o = { .slow = SIZE_MAX };
	crew *c = open_office(&o, 8, 100);

	(void)state;
	sysfault_arm("pthread_create", 1, EAGAIN);
	put_some(c, 0, 3000);
	crew_settle(c);
	(void)sysfault_disarm();
	CHECK(o.told == 3000 && o.by_others == 3000 && o.hands == 1);
	crew_free(c);
}

static void
what_is_dropped_early_is_freed_and_not_told_of(void **state)
{
	(void)state;
	for (size_t n = 0; n < 40; n++) {
		struct office o = { .slow = SIZE_MAX };
		crew *c = open_office(&o, 2, 100);

		put_some(c, 0, n);
		crew_free(c);
		CHECK(o.told <= n && o.dropped == n);
		CHECK(!o.early);
	}
	crew_free(NULL);
}

static void
memory_that_runs_out_gives_no_crew(void **state)
{
	oom_hit hit = OOM_OURS;

	(void)state;
	for (size_t k = 0; hit == OOM_OURS; k++) {
		struct office o = { .slow = SIZE_MAX };
		exit_code code;
		crew *c = NULL;

		oom_arm(k);
		code = crew_new(&c, &kind, &o, 1, 10);
		hit = oom_disarm();
		CHECK(code == (hit == OOM_OURS ? EXIT_IO : EXIT_DONE));
		CHECK((c != NULL) == (code == EXIT_DONE));
		crew_free(c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    items_are_told_of_in_order_by_any_number_of_threads),
		cmocka_unit_test(others_go_on_behind_an_item_that_takes_long),
		cmocka_unit_test(while_the_owner_waits_it_is_told_so),
		cmocka_unit_test(without_threads_the_owner_does_it_all),
		cmocka_unit_test(one_thread_that_can_be_had_is_enough),
		cmocka_unit_test(
		    what_is_dropped_early_is_freed_and_not_told_of),
		cmocka_unit_test(memory_that_runs_out_gives_no_crew),
	};

	return cmocka_run_group_tests_name("crew", tests, NULL, NULL);
}
