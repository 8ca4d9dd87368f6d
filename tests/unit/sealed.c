/* SPDX-License-Identifier: ISC */
#include "sealed.h"

#include "check.h"

#include "seal/identity_internal.h"
#include "seal/match.h"
#include "seal/parse.h"
#include "sluice/mem.h"
#include "sluice/seal.h"

#define PUBLIC "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef"
#define SECRET \
	"AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40" \
	"Q2P2LM0"

slu_recipients *
sealed_recipients(void)
{
	slu_recipients *r = NULL;

	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_recipients_passphrase(
	    r, SEALED_PASSPHRASE, strlen(SEALED_PASSPHRASE), SEALED_FACTOR));
	return r;
}

slu_identities *
sealed_identities(void)
{
	slu_identities *ids = NULL;

	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_passphrase(ids, SEALED_PASSPHRASE,
	    strlen(SEALED_PASSPHRASE), SEALED_FACTOR_MOST));
	return ids;
}

slu_recipients *
sealed_key_recipients(void)
{
	slu_recipients *r = NULL;

	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_recipients_key(r, PUBLIC, strlen(PUBLIC)));
	return r;
}

slu_identities *
sealed_key_identities(void)
{
	slu_identities *ids = NULL;

	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_key(ids, SECRET, strlen(SECRET)));
	return ids;
}

/* Seal for the recipients in `r`, which is freed. */
static void
make(slu_buf *out, slu_recipients *r, const void *plain, size_t len)
{
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_mem_open(&c, out));
	CHECK_OK(slu_seal(&c, r, NULL));
	slu_recipients_free(r);
	CHECK_OK(slu_bio_write_all(c, plain, len, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
}

void
sealed_make(slu_buf *out, const void *plain, size_t len)
{
	make(out, sealed_recipients(), plain, len);
}

void
sealed_make_for_key(slu_buf *out, const void *plain, size_t len)
{
	make(out, sealed_key_recipients(), plain, len);
}

size_t
sealed_header_len(const void *file, size_t len)
{
	slu_parser p = { 0 };
	size_t used;

	CHECK_OK(slu_parser_feed(&p, file, len, &used));
	slu_parser_free(&p);
	return used;
}

slu_identities *
sealed_file_key(const void *file, size_t len)
{
	slu_identities *ids = sealed_identities(), *own = NULL;
	unsigned char key[SLU_FILE_KEY];
	slu_parser p = { 0 };
	slu_match_told told;
	size_t used;

	CHECK_OK(slu_identities_key(ids, SECRET, strlen(SECRET)));
	CHECK_OK(slu_parser_feed(&p, file, len, &used));
	CHECK_OK(slu_match(ids, &p, key, &told));
	CHECK_OK(slu_identities_new(&own));
	CHECK_OK(slu_identities_file_key(own, key));
	slu_parser_free(&p);
	slu_identities_free(ids);
	return own;
}
