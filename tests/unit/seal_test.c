/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L

#include "sluice/seal.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "choke.h"
#include "contract.h"
#include "oom.h"
#include "sealed.h"
#include "trial.h"

#include "seal/chunk.h"
#include "seal/identity_internal.h"
#include "seal/kdf.h"
#include "seal/parse.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/pull.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define HEADER_LEN 150 /* of a file for a passphrase, work factor 10 */

struct both {
	slu_recipients *r;
	slu_identities *ids;
};

static slu_status
push_seal(slu_bio **top, void *arg)
{
	struct both *b = arg;

	return slu_seal(top, b->r, NULL);
}

static slu_status
push_unseal(slu_bio **top, void *arg)
{
	struct both *b = arg;

	return slu_unseal(top, b->ids, NULL);
}

static void
seal_and_unseal_hold_the_contract_of_a_filter(void **state)
{
	struct both b = { sealed_recipients(), sealed_identities() };
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

/* What is sealed while it is read, and over what. */
struct pulled {
	const slu_recipients *r; /* lent */
	slu_seal_options how;
	size_t choke; /* of what the filter writes; 0: none */
};

static slu_status
build_seal(slu_bio **writer, void *arg)
{
	const struct pulled *p = arg;
	slu_status st = SLU_OK;

	if (p->choke > 0)
		st = choke_push(writer, p->choke);
	return st ? st : slu_seal(writer, p->r, &p->how);
}

/* Read what becomes of `plain`, sealed; its reader may be choked too. */
static void
pull(slu_buf *out, const struct pulled *p, const void *plain, size_t len)
{
	const trial_pace odd = { .name = "odd", .piece = PACE_ODD };
	trial t = { .room = "seal", .pace = odd.name, .len = len };
	slu_bio *c = NULL;

	CHECK_OK(slu_view_open(&c, plain, len));
	if (p->choke > 0)
		CHECK_OK(choke_push(&c, p->choke));
	CHECK_OK(slu_pull(&c, build_seal, (void *)p));
	if (p->choke > 0)
		CHECK_OK(choke_push(&c, p->choke));
	CHECK_IS(SLU_EOF, trial_read(&t, c, out, &odd));
	slu_bio_free(c);
}

static void
must_open_to(const slu_buf *sealed, const void *plain, size_t len)
{
	const trial_pace whole = { .name = "whole" };
	trial t = { .room = "seal", .pace = whole.name, .len = len };
	slu_identities *ids = sealed_key_identities();
	slu_buf out = { .limit = SEALED_ROOM };
	slu_bio *c = NULL;

	CHECK_OK(slu_view_open(&c, slu_buf_front(sealed), sealed->len));
	CHECK_OK(slu_unseal(&c, ids, NULL));
	CHECK_IS(SLU_EOF, trial_read(&t, c, &out, &whole));
	CHECK_BYTES(plain, len, slu_buf_front(&out), out.len);
	slu_bio_free(c);
	slu_buf_free(&out);
	slu_identities_free(ids);
}

static void
must_be_sealed_by_reading(const struct pulled *p, const void *plain, size_t len)
{
	slu_buf pulled = { .limit = SEALED_ROOM };
	slu_buf written = { .limit = SEALED_ROOM };

	pull(&pulled, p, plain, len);
	must_open_to(&pulled, plain, len);
	sealed_make_for_key(&written, plain, len);
	CHECK(pulled.len == written.len);
	slu_buf_free(&pulled);
	slu_buf_free(&written);
}

/* Threads start once more than 512 KiB were read. */
#define PULLED_MOST 1200000

static void
a_source_of_plain_bytes_becomes_one_of_sealed_ones(void **state)
{
	static const size_t sizes[] = { 0, 1, 65536, 300000, PULLED_MOST };
	static const size_t chokes[] = { 0, 1009, 1 };
	slu_recipients *r = sealed_key_recipients();
	unsigned char *plain = malloc(PULLED_MOST);

	(void)state;
	CHECK(plain != NULL);
	trial_plain(plain, PULLED_MOST);
	for (size_t i = 0; i < 5; i++)
		for (size_t k = 0; k < (sizes[i] > 65536 ? 2 : 3); k++)
			for (unsigned threads = 0; threads < 3; threads += 2)
				must_be_sealed_by_reading(
				    &(struct pulled){
					r, { .threads = threads }, chokes[k] },
				    plain, sizes[i]);
	slu_recipients_free(r);
	free(plain);
}

static void
a_file_grows_by_its_header_a_nonce_and_a_tag_a_chunk(void **state)
{
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072,
		131073, 262144, 262145, 327680, 1000000 };
	unsigned char *plain = calloc(1, 1000000);

	(void)state;
	CHECK(plain != NULL);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		slu_buf out = { .limit = SEALED_ROOM };
		size_t len = sizes[i];
		size_t chunks = len == 0 ? 1 : (len + 65535) / 65536;

		sealed_make(&out, plain, len);
		CHECK(sealed_header_len(slu_buf_front(&out), out.len) ==
		      HEADER_LEN);
		CHECK(out.len == HEADER_LEN + 16 + len + 16 * chunks);
		slu_buf_free(&out);
	}
	free(plain);
}

static void
the_header_names_one_passphrase_and_its_work_factor(void **state)
{
	slu_buf out = { .limit = SEALED_ROOM };
	slu_parser p = { 0 };
	size_t used;

	(void)state;
	sealed_make(&out, "hi", 2);
	CHECK_OK(slu_parser_feed(&p, slu_buf_front(&out), out.len, &used));
	CHECK(p.header.nstanzas == 1);
	assert_string_equal(slu_stanza_arg(&p.header.stanzas[0], 0), "scrypt");
	assert_string_equal(slu_stanza_arg(&p.header.stanzas[0], 2), "10");
	slu_parser_free(&p);
	slu_buf_free(&out);
}

static void
no_two_sealed_files_are_alike(void **state)
{
	slu_buf one = { .limit = SEALED_ROOM }, two = { .limit = SEALED_ROOM };
	size_t alike = 0;

	(void)state;
	sealed_make(&one, "the same words", 14);
	sealed_make(&two, "the same words", 14);
	CHECK(one.len == two.len);
	for (size_t i = HEADER_LEN; i < one.len; i++)
		alike += slu_buf_front(&one)[i] == slu_buf_front(&two)[i];
	/* 46 bytes of nonce, text and tag: one in 256 is alike by chance. */
	CHECK(alike < 10);
	slu_buf_free(&one);
	slu_buf_free(&two);
}

static slu_bio *
seal_into(slu_buf *out)
{
	slu_recipients *r = sealed_recipients();
	slu_bio *c = NULL;

	CHECK_OK(slu_mem_open(&c, out));
	CHECK_OK(slu_seal(&c, r, NULL));
	slu_recipients_free(r);
	return c;
}

/* Which of `len` bytes have been other ones than at first. */
static void
note_changes(bool *changed, const unsigned char *first,
    const unsigned char *now, size_t len)
{
	for (size_t i = 0; i < len; i++)
		changed[i] |= first[i] != now[i];
}

static void
each_byte_that_is_to_be_drawn_is(void **state)
{
	enum { KEY = SLU_FILE_KEY, SALT = 22, NONCE = SLU_PAYLOAD_NONCE };
	unsigned char first[KEY + SALT + NONCE], now[sizeof(first)];
	bool changed[sizeof(first)] = { false };

	(void)state;
	/* One that is drawn stays the same in one of 2^84 runs. */
	for (int i = 0; i < 15; i++) {
		slu_buf out = { .limit = SEALED_ROOM };
		slu_identities *ids;
		slu_parser p = { 0 };
		size_t used;

		sealed_make(&out, "", 0);
		ids = sealed_file_key(slu_buf_front(&out), out.len);
		memcpy(now, slu_identities_first(ids)->secret, KEY);
		CHECK_OK(
		    slu_parser_feed(&p, slu_buf_front(&out), out.len, &used));
		memcpy(
		    now + KEY, slu_stanza_arg(&p.header.stanzas[0], 1), SALT);
		memcpy(now + KEY + SALT, slu_buf_front(&out) + used, NONCE);
		if (i == 0)
			memcpy(first, now, sizeof(now));
		note_changes(changed, first, now, sizeof(now));
		slu_parser_free(&p);
		slu_identities_free(ids);
		slu_buf_free(&out);
	}
	for (size_t i = 0; i < sizeof(changed); i++)
		CHECK(changed[i]);
}

static void
a_flush_sends_all_but_the_chunk_that_may_be_the_last(void **state)
{
	slu_buf out = { .limit = SEALED_ROOM };
	unsigned char *plain = calloc(4, SLU_CHUNK);
	slu_bio *c = seal_into(&out);
	size_t put;

	(void)state;
	CHECK(plain != NULL);
	CHECK(out.len == 0);
	CHECK_OK(slu_bio_flush(c));
	CHECK(out.len == HEADER_LEN + 16);
	CHECK_OK(slu_bio_write_all(c, plain, SLU_CHUNK, &put));
	CHECK_OK(slu_bio_flush(c));
	CHECK(out.len == HEADER_LEN + 16);
	CHECK_OK(slu_bio_write_all(c, plain, 1, &put));
	CHECK_OK(slu_bio_flush(c));
	CHECK(out.len == HEADER_LEN + 16 + SLU_CHUNK_SEALED);
	CHECK_OK(slu_bio_write_all(c, plain, 3 * SLU_CHUNK, &put));
	CHECK_OK(slu_bio_flush(c));
	CHECK(out.len == HEADER_LEN + 16 + 4 * SLU_CHUNK_SEALED);
	CHECK_OK(slu_bio_finish(c));
	CHECK(out.len == HEADER_LEN + 16 + 4 * SLU_CHUNK_SEALED + 17);
	slu_bio_free(c);
	slu_buf_free(&out);
	free(plain);
}

/* A write may accept less than all, and nobody has to offer the rest. */
static void
what_a_write_accepted_can_be_all_there_is(void **state)
{
	unsigned char *plain = malloc(10 * SLU_CHUNK);
	unsigned char *again = malloc(10 * SLU_CHUNK);
	slu_identities *ids = sealed_identities();

	(void)state;
	CHECK(plain != NULL && again != NULL);
	memset(plain, 'x', 10 * SLU_CHUNK);
	for (size_t len = SLU_CHUNK; len <= 10 * SLU_CHUNK; len += SLU_CHUNK) {
		slu_buf out = { .limit = SEALED_ROOM };
		slu_bio *c = seal_into(&out);
		size_t put, got, all = 0;
		slu_status st;

		CHECK_OK(slu_bio_write(c, plain, len, &put));
		CHECK_OK(slu_bio_finish(c));
		slu_bio_free(c);
		c = NULL;
		CHECK_OK(slu_mem_open(&c, &out));
		CHECK_OK(slu_unseal(&c, ids, NULL));
		while ((st = slu_bio_read(c, again + all, 10 * SLU_CHUNK - all,
			    &got)) == SLU_OK)
			all += got;
		CHECK_IS(SLU_EOF, st);
		CHECK_BYTES(plain, put, again, all);
		slu_bio_free(c);
		slu_buf_free(&out);
	}
	slu_identities_free(ids);
	free(plain);
	free(again);
}

/* What waits in a full batch has no room for the last chunk beside it. */
static void
a_finish_waits_until_a_full_batch_is_gone(void **state)
{
	unsigned char *plain = calloc(5, SLU_CHUNK);
	slu_recipients *r = sealed_recipients();
	slu_buf out = { .limit = SEALED_ROOM };
	slu_bio *c = NULL;
	slu_status st;
	size_t put;

	(void)state;
	CHECK(plain != NULL);
	CHECK_OK(slu_mem_open(&c, &out));
	CHECK_OK(choke_push(&c, SLU_CHUNK));
	CHECK_OK(slu_seal(&c, r, NULL));
	while ((st = slu_bio_flush(c)) == SLU_WANT_WRITE)
		continue;
	CHECK_OK(st);
	CHECK_OK(slu_bio_write(c, plain, 5 * SLU_CHUNK, &put));
	CHECK(put == 5 * SLU_CHUNK);
	while ((st = slu_bio_finish(c)) == SLU_WANT_WRITE)
		continue;
	CHECK_OK(st);
	CHECK(out.len == HEADER_LEN + 16 + 5 * SLU_CHUNK_SEALED);
	slu_bio_free(c);
	slu_recipients_free(r);
	slu_buf_free(&out);
	free(plain);
}

static void
memory_may_run_out_at_the_first_call_whichever_it_is(void **state)
{
	slu_status (*const first[])(
	    slu_bio *) = { slu_bio_flush, slu_bio_finish };
	slu_recipients *r = sealed_recipients();

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		slu_bio *c = NULL;
		slu_status st;

		CHECK_OK(slu_null_open(&c));
		CHECK_OK(slu_seal(&c, r, NULL));
		oom_arm(0);
		st = first[i](c);
		CHECK(oom_disarm() == OOM_OURS);
		CHECK_IS(SLU_ERR_MEMORY, st);
		CHECK_IS(SLU_ERR_MEMORY, slu_bio_finish(c));
		slu_bio_free(c);
	}
	slu_recipients_free(r);
}

/* A sink that counts the calls it takes. */
static slu_status
counting_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	size_t **calls = self;

	(void)next, (void)data;
	++**calls;
	*put = len;
	return SLU_OK;
}

static const slu_bio_ops counting_ops = {
	.name = "counting",
	.size = sizeof(size_t *),
	.write = counting_write,
};

static void
chunks_go_down_several_in_a_write(void **state)
{
	enum { PIECE = 256 * 1024, PIECES = 16 };
	slu_recipients *r = sealed_recipients();
	unsigned char *plain = calloc(1, PIECE);
	size_t calls = 0, put, **counter;
	slu_bio *c = NULL;

	(void)state;
	counter = slu_bio_push(&c, &counting_ops);
	CHECK(counter != NULL && plain != NULL);
	*counter = &calls;
	CHECK_OK(slu_seal(&c, r, NULL));
	for (int i = 0; i < PIECES; i++)
		CHECK_OK(slu_bio_write_all(c, plain, PIECE, &put));
	CHECK_OK(slu_bio_finish(c));
	CHECK(calls <= PIECES + 2);
	slu_bio_free(c);
	slu_recipients_free(r);
	free(plain);
}

static void
without_a_recipient_nothing_is_sealed(void **state)
{
	slu_recipients *r = NULL;
	slu_bio *c = NULL, *sink;

	(void)state;
	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_null_open(&c));
	sink = c;
	CHECK_IS(SLU_ERR_USAGE, slu_seal(&c, r, NULL));
	CHECK_WORDS("seal: no recipient");
	CHECK(c == sink);
	slu_bio_free(c);
	slu_recipients_free(r);
}

static void
a_passphrase_is_the_only_recipient(void **state)
{
	slu_recipients *r = sealed_recipients();

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_passphrase(r, "x", 1, 10));
	CHECK_WORDS("has to be the only one");
	slu_recipients_free(r);
	slu_recipients_free(NULL);
}

static void
a_passphrase_has_a_length_and_a_cost_within_bounds(void **state)
{
	char longest[SLU_PASSPHRASE_MAX + 1] = "";
	slu_recipients *r = NULL;

	(void)state;
	CHECK_OK(slu_recipients_new(&r));
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_passphrase(r, "", 0, 10));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_recipients_passphrase(r, longest, sizeof(longest), 10));
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_passphrase(r, "x", 1, 9));
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_passphrase(r, "x", 1, 23));
	CHECK_OK(slu_recipients_passphrase(
	    r, longest, SLU_PASSPHRASE_MAX, SLU_WORK_FACTOR_MAX));
	slu_recipients_free(r);
}

struct asked {
	const char *answer; /* NULL: nobody answers */
	unsigned times;
};

static slu_status
ask(slu_buf *passphrase, void *arg)
{
	struct asked *a = arg;

	a->times++;
	if (a->answer == NULL)
		return slu_fail(SLU_ERR_PEER, "test: nobody answers");
	return slu_buf_add(passphrase, a->answer, strlen(a->answer));
}

static slu_recipients *
asking_recipients(struct asked *a)
{
	slu_recipients *r = NULL;

	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_recipients_ask(r, ask, a, SLU_WORK_FACTOR_MIN));
	return r;
}

static void
a_passphrase_is_asked_for_when_something_is_sealed_with_it(void **state)
{
	struct asked a = { .answer = SEALED_PASSPHRASE };
	slu_recipients *r = asking_recipients(&a);
	slu_identities *ids = sealed_identities();
	slu_buf file = { .limit = 4096 };
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	CHECK(a.times == 0);
	CHECK_OK(slu_mem_open(&c, &file));
	CHECK_OK(slu_seal(&c, r, NULL));
	CHECK_OK(slu_bio_write_all(c, "hello", 5, &put));
	CHECK_OK(slu_bio_finish(c));
	CHECK(a.times == 1);
	slu_bio_free(c);
	c = NULL;
	CHECK_OK(slu_mem_open(&c, &file));
	CHECK_OK(slu_unseal(&c, ids, NULL));
	CHECK_OK(slu_bio_read(c, (char[8]){ 0 }, 8, &put));
	CHECK(put == 5);
	slu_bio_free(c);
	slu_buf_free(&file);
	slu_identities_free(ids);
	slu_recipients_free(r);
}

static void
where_nobody_says_a_passphrase_nothing_is_sealed(void **state)
{
	struct asked a = { .answer = "" };
	slu_recipients *r = asking_recipients(&a);
	slu_bio *c = NULL, *sink;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	sink = c;
	CHECK_IS(SLU_ERR_USAGE, slu_seal(&c, r, NULL));
	CHECK_WORDS("no passphrase was given");
	a.answer = NULL;
	CHECK_IS(SLU_ERR_PEER, slu_seal(&c, r, NULL));
	CHECK_WORDS("nobody answers");
	CHECK(c == sink && a.times == 2);
	slu_bio_free(c);
	slu_recipients_free(r);
}

static void
who_is_asked_for_a_passphrase_is_the_only_recipient(void **state)
{
	struct asked a = { .answer = "x" };
	slu_recipients *r = asking_recipients(&a), *other = sealed_recipients();
	slu_recipients *key = sealed_key_recipients();

	(void)state;
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_passphrase(r, "x", 1, 10));
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_key(r, "age1", 4));
	CHECK_WORDS("has to be the only one");
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_ask(r, ask, &a, 10));
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_ask(other, ask, &a, 10));
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_ask(key, ask, &a, 10));
	slu_recipients_free(other);
	slu_recipients_free(key);
	slu_recipients_free(r);
	CHECK_OK(slu_recipients_new(&r));
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_ask(r, ask, &a, 9));
	CHECK_IS(SLU_ERR_USAGE, slu_recipients_ask(r, ask, &a, 23));
	CHECK(a.times == 0);
	slu_recipients_free(r);
}

/* In a process of its own, whose memory we can take away. */
static void
without_memory(void)
{
	struct rlimit none = { .rlim_cur = 64 << 20, .rlim_max = 64 << 20 };
	slu_recipients *r = NULL;
	slu_bio *c = NULL, *sink;
	bool ok;

	ok = slu_recipients_new(&r) == SLU_OK &&
	     slu_recipients_passphrase(r, "x", 1, 0) == SLU_OK &&
	     slu_null_open(&c) == SLU_OK;
	sink = c;
	ok = ok && setrlimit(RLIMIT_DATA, &none) == 0;
	ok = ok && slu_seal(&c, r, NULL) == SLU_ERR_LIMIT && c == sink;
	ok = ok && strstr(slu_error(), "work factor 18 needs 256 MiB") != NULL;
	_exit(ok ? 0 : 1);
}

static void
memory_that_is_not_there_is_not_asked_for(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	if (pid == 0)
		without_memory();
	CHECK(pid > 0);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seal_and_unseal_hold_the_contract_of_a_filter),
		cmocka_unit_test(
		    a_source_of_plain_bytes_becomes_one_of_sealed_ones),
		cmocka_unit_test(
		    a_file_grows_by_its_header_a_nonce_and_a_tag_a_chunk),
		cmocka_unit_test(
		    the_header_names_one_passphrase_and_its_work_factor),
		cmocka_unit_test(no_two_sealed_files_are_alike),
		cmocka_unit_test(each_byte_that_is_to_be_drawn_is),
		cmocka_unit_test(
		    a_flush_sends_all_but_the_chunk_that_may_be_the_last),
		cmocka_unit_test(what_a_write_accepted_can_be_all_there_is),
		cmocka_unit_test(a_finish_waits_until_a_full_batch_is_gone),
		cmocka_unit_test(
		    memory_may_run_out_at_the_first_call_whichever_it_is),
		cmocka_unit_test(chunks_go_down_several_in_a_write),
		cmocka_unit_test(without_a_recipient_nothing_is_sealed),
		cmocka_unit_test(a_passphrase_is_the_only_recipient),
		cmocka_unit_test(
		    a_passphrase_has_a_length_and_a_cost_within_bounds),
		cmocka_unit_test(
		    a_passphrase_is_asked_for_when_something_is_sealed_with_it),
		cmocka_unit_test(
		    where_nobody_says_a_passphrase_nothing_is_sealed),
		cmocka_unit_test(
		    who_is_asked_for_a_passphrase_is_the_only_recipient),
		cmocka_unit_test(memory_that_is_not_there_is_not_asked_for),
	};

	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
