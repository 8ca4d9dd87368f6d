/* SPDX-License-Identifier: ISC */
#include "sluice/seal.h"

#include <stdlib.h>

#include "check.h"
#include "choke.h"
#include "contract.h"
#include "trial.h"

#include "seal/chunk.h"
#include "seal/parse.h"
#include "sluice/mem.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define WORK_FACTOR SLU_WORK_FACTOR_MIN
#define PASSPHRASE "correct horse"

static slu_recipients *
make_recipients(void)
{
	slu_recipients *r = NULL;

	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_recipients_passphrase(
	    r, PASSPHRASE, strlen(PASSPHRASE), WORK_FACTOR));
	return r;
}

static slu_identities *
make_identities(void)
{
	slu_identities *ids = NULL;

	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(
	    slu_identities_passphrase(ids, PASSPHRASE, strlen(PASSPHRASE), 0));
	return ids;
}

struct both {
	slu_recipients *r;
	slu_identities *ids;
};

static slu_status
push_seal(slu_bio **top, void *arg)
{
	struct both *b = arg;

	return slu_seal(top, b->r);
}

static slu_status
push_unseal(slu_bio **top, void *arg)
{
	struct both *b = arg;

	return slu_unseal(top, b->ids);
}

static void
seal_and_unseal_hold_the_contract_of_a_filter(void **state)
{
	struct both b = { make_recipients(), make_identities() };
	const contract_filter seal = {
		.name = "seal",
		.encode = push_seal,
		.decode = push_unseal,
		.arg = &b,
		.fresh = true,
		.delimited = true,
	};

	(void)state;
	contract_filter_holds(&seal);
	slu_recipients_free(b.r);
	slu_identities_free(b.ids);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seal_and_unseal_hold_the_contract_of_a_filter),
	};

	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
