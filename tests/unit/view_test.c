/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "contract.h"

#include "sluice/view.h"

struct piece {
	const void *data;
	size_t len;
};

static slu_status
open_piece(slu_bio **top, void *arg)
{
	struct piece *p = arg;

	return slu_view_open(top, p->data, p->len);
}

static void
set_piece(const void *data, size_t len, void *arg)
{
	*(struct piece *)arg = (struct piece){ data, len };
}

static void
a_view_holds_the_contract_of_a_source(void **state)
{
	struct piece piece = { NULL, 0 };
	const contract_sink view = {
		.name = "view",
		.open = open_piece,
		.prepare = set_piece,
		.arg = &piece,
	};

	(void)state;
	contract_sink_holds(&view);
}

static void
a_view_of_nothing_may_lie_nowhere(void **state)
{
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, NULL, 0));
	CHECK_IS(SLU_EOF, slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(c);
}

static void
a_view_reads_in_place(void **state)
{
	char data[] = "before";
	slu_bio *c = NULL;
	char out[6];
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&c, data, 6));
	memcpy(data, "behind", 6);
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &n));
	CHECK_BYTES("behind", 6, out, n);
	slu_bio_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_view_holds_the_contract_of_a_source),
		cmocka_unit_test(a_view_of_nothing_may_lie_nowhere),
		cmocka_unit_test(a_view_reads_in_place),
	};

	return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
