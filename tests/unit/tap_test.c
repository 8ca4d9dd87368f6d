/* SPDX-License-Identifier: ISC */
#include "check.h"

#include "choke.h"
#include "contract.h"
#include "oom.h"
#include "sluice/base64.h"
#include "sluice/limit.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/tap.h"
#include "sluice/view.h"

#define MESSAGE "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
#define MESSAGE_LEN (sizeof(MESSAGE) - 1)

static const char message_sha256[] = "248d6a61d20638b8e5c026930c3e6039"
				     "a33ce45964ff2167f6ecedd419db06c1";

static slu_hash *
fresh(const char *name)
{
	slu_hash *h = NULL;

	CHECK_OK(slu_hash_new(&h, name));
	return h;
}

static void
check_final(slu_hash *h, const char *want)
{
	unsigned char digest[SLU_HASH_MAX];
	char text[2 * SLU_HASH_MAX + 1];
	size_t len;

	CHECK_OK(slu_hash_final(h, digest, sizeof(digest), &len));
	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(text, want);
}

/* The SHA-256 of `data`. */
static void
sha256(unsigned char digest[32], const void *data, size_t len)
{
	slu_hash *h = fresh("sha256");
	size_t n;

	CHECK_OK(slu_hash_update(h, data, len));
	CHECK_OK(slu_hash_final(h, digest, 32, &n));
	slu_hash_free(h);
}

/* What the contract suite is given: a digest anew for each chain. */
struct held {
	slu_hash *h;
	unsigned char want[32];
};

static void
prepare(const void *data, size_t len, void *arg)
{
	struct held *held = arg;

	sha256(held->want, data, len);
}

static slu_hash *
renew(struct held *held)
{
	oom_hold();
	slu_hash_free(held->h);
	held->h = fresh("sha256");
	oom_release();
	return held->h;
}

static slu_status
push_tap(slu_bio **top, void *arg)
{
	return slu_hash_tap(top, renew(arg));
}

static slu_status
push_expect(slu_bio **top, void *arg)
{
	struct held *held = arg;

	return slu_hash_expect(top, renew(held), held->want, 32);
}

static void
tap_holds_the_contract_of_a_filter(void **state)
{
	struct held held = { .h = NULL };
	const contract_filter tap = {
		.name = "tap",
		.encode = push_tap,
		.decode = push_tap,
		.arg = &held,
	};

	(void)state;
	contract_filter_holds(&tap);
	slu_hash_free(held.h);
}

static void
expect_holds_the_contract_of_a_filter(void **state)
{
	struct held held = { .h = NULL };
	const contract_filter expect = {
		.name = "expect",
		.encode = push_expect,
		.decode = push_expect,
		.arg = &held,
		.delimited = true,
		.prepare = prepare,
	};

	(void)state;
	contract_filter_holds(&expect);
	slu_hash_free(held.h);
}

static void
what_passes_three_taps_is_unchanged_and_digested(void **state)
{
	static const char *const names[] = { "md5", "sha1", "sha256" };
	static const char *const want[] = {
		"8215ef0796a20bcaaae116d3876c664a",
		"84983e441c3bd26ebaae4aa1f95129e5e54670f1",
		message_sha256,
	};
	slu_buf queue = { .limit = 1000 };
	slu_hash *h[3];
	slu_bio *c = NULL;
	char out[100];
	size_t n;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	for (size_t i = 0; i < 3; i++) {
		h[i] = fresh(names[i]);
		CHECK_OK(slu_hash_tap(&c, h[i]));
	}
	CHECK_OK(slu_bio_write_all(c, MESSAGE, MESSAGE_LEN, &n));
	CHECK_BYTES(MESSAGE, MESSAGE_LEN, slu_buf_front(&queue), queue.len);
	for (size_t i = 0; i < 3; i++)
		check_final(h[i], want[i]);
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &n));
	CHECK_BYTES(MESSAGE, MESSAGE_LEN, out, n);
	CHECK_IS(SLU_EOF, slu_bio_read(c, out, sizeof(out), &n));
	for (size_t i = 0; i < 3; i++) {
		check_final(h[i], want[i]);
		slu_hash_free(h[i]);
	}
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
all_that_a_chain_gives_is_digested(void **state)
{
	slu_hash *h = fresh("sha256");
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_view_open(&c, MESSAGE, MESSAGE_LEN));
	CHECK_OK(slu_base64_encode(&c, NULL)); /* reads pass through it */
	CHECK_OK(slu_hash_read(h, c));
	check_final(h, message_sha256);
	/* It is at its end, and nothing is a stream as well. */
	CHECK_OK(slu_hash_read(h, c));
	check_final(h, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495"
		       "991b7852b855");
	slu_bio_free(c);
	slu_hash_free(h);
}

static void
what_was_read_before_a_failure_is_digested(void **state)
{
	slu_hash *h = fresh("sha256");
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_view_open(&c, MESSAGE "#", MESSAGE_LEN + 1));
	CHECK_OK(slu_limit(&c, MESSAGE_LEN));
	CHECK_IS(SLU_ERR_LIMIT, slu_hash_read(h, c));
	check_final(h, message_sha256);
	slu_bio_free(c);
	slu_hash_free(h);
}

static void
bytes_are_digested_once_each_when_they_moved(void **state)
{
	slu_hash *h = fresh("sha256");
	slu_bio *c = NULL;
	size_t done = 0, put;
	slu_status st;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	CHECK_OK(choke_push(&c, 5));
	CHECK_OK(slu_hash_tap(&c, h));
	while (done < MESSAGE_LEN) {
		st = slu_bio_write(c, &MESSAGE[done], MESSAGE_LEN - done, &put);
		CHECK(st == SLU_OK || st == SLU_WANT_WRITE);
		done += put;
	}
	check_final(h, message_sha256);
	slu_bio_free(c);
	slu_hash_free(h);
}

/* Read `data` to its end, held to `want`; the status of that end. */
static slu_status
read_held(const void *data, size_t len, slu_hash *h, const void *want,
    size_t want_len)
{
	unsigned char out[16];
	slu_bio *c = NULL;
	slu_status st, again;
	size_t got;

	CHECK_OK(slu_view_open(&c, data, len));
	CHECK_OK(slu_hash_expect(&c, h, want, want_len));
	do {
		st = slu_bio_read(c, out, sizeof(out), &got);
	} while (st == SLU_OK);
	for (int i = 0; i < 3; i++) {
		again = slu_bio_read(c, out, sizeof(out), &got);
		CHECK(again == st && got == 0);
	}
	slu_bio_free(c);
	return st;
}

static void
a_stream_that_differs_in_a_bit_does_not_end_well(void **state)
{
	unsigned char data[100] = { 0 }, want[32];
	slu_hash *h = fresh("sha256");

	(void)state;
	sha256(want, data, sizeof(data));
	CHECK_IS(SLU_EOF, read_held(data, sizeof(data), h, want, 32));
	for (size_t bit = 0; bit < 8 * sizeof(data); bit++) {
		data[bit / 8] ^= (unsigned char)(1 << bit % 8);
		CHECK_IS(
		    SLU_ERR_AUTH, read_held(data, sizeof(data), h, want, 32));
		assert_string_equal(
		    slu_error(), "hash: the sha256 does not match");
		data[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	CHECK_IS(SLU_ERR_AUTH, read_held(data, 99, h, want, 32));
	CHECK_IS(SLU_EOF, read_held(data, sizeof(data), h, want, 32));
	slu_hash_free(h);
}

static void
every_bit_of_the_digest_counts(void **state)
{
	unsigned char want[32];
	slu_hash *h = fresh("sha256");

	(void)state;
	sha256(want, "abc", 3);
	for (size_t bit = 0; bit < 8 * sizeof(want); bit++) {
		want[bit / 8] ^= (unsigned char)(1 << bit % 8);
		CHECK_IS(SLU_ERR_AUTH, read_held("abc", 3, h, want, 32));
		want[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	CHECK_IS(SLU_EOF, read_held("abc", 3, h, want, 32));
	slu_hash_free(h);
}

static void
an_extendable_output_is_compared_at_any_length(void **state)
{
	unsigned char want[1000];
	slu_hash *h = fresh("shake128");

	(void)state;
	for (size_t len = 1; len <= sizeof(want); len = len * 3 + 1) {
		CHECK_OK(slu_hash_update(h, "abc", 3));
		CHECK_OK(slu_hash_xof(h, want, len));
		CHECK_IS(SLU_EOF, read_held("abc", 3, h, want, len));
		want[len - 1] ^= 0x80;
		CHECK_IS(SLU_ERR_AUTH, read_held("abc", 3, h, want, len));
		assert_string_equal(
		    slu_error(), "hash: the shake128 does not match");
	}
	slu_hash_free(h);
}

/* A sink that knows whether it was finished. */
struct committed {
	bool *done; /* lent by the caller */
};

static slu_status
committed_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	(void)self, (void)next, (void)data;
	*put = len;
	return SLU_OK;
}

static slu_status
committed_finish(void *self, slu_bio *next)
{
	struct committed *s = self;

	(void)next;
	*s->done = true;
	return SLU_OK;
}

/* Write `data`, held to `want`, and finish; `*done`: the sink was, too. */
static slu_status
write_held(const void *data, size_t len, const void *want, bool *done)
{
	static const slu_bio_ops ops = {
		.name = "committed",
		.size = sizeof(struct committed),
		.write = committed_write,
		.finish = committed_finish,
	};
	slu_hash *h = fresh("sha256");
	struct committed *s;
	slu_bio *c = NULL;
	slu_status st;
	size_t put;

	*done = false;
	s = slu_bio_push(&c, &ops);
	CHECK(s != NULL);
	s->done = done;
	CHECK_OK(slu_hash_expect(&c, h, want, 32));
	CHECK_OK(slu_bio_write_all(c, data, len, &put));
	CHECK_OK(slu_bio_flush(c));
	CHECK(!*done);
	st = slu_bio_finish(c);
	CHECK(slu_bio_finish(c) == st);
	slu_bio_free(c);
	slu_hash_free(h);
	return st;
}

static void
what_does_not_match_is_not_committed(void **state)
{
	unsigned char want[32], empty[32];
	bool done;

	(void)state;
	sha256(want, MESSAGE, MESSAGE_LEN);
	sha256(empty, "", 0);
	CHECK_OK(write_held(MESSAGE, MESSAGE_LEN, want, &done));
	CHECK(done);
	CHECK_IS(
	    SLU_ERR_AUTH, write_held(MESSAGE, MESSAGE_LEN - 1, want, &done));
	assert_string_equal(slu_error(), "hash: the sha256 does not match");
	CHECK(!done);
	CHECK_OK(write_held("", 0, empty, &done));
	CHECK(done);
	/* Nothing is a stream as well, and not the one that was expected. */
	CHECK_IS(SLU_ERR_AUTH, write_held("", 0, want, &done));
	CHECK(!done);
}

static void
once_the_digest_matched_nothing_more_is_read(void **state)
{
	slu_buf queue = { .limit = 100 };
	slu_hash *h = fresh("sha256");
	unsigned char want[32];
	slu_bio *c = NULL;
	char out[8];
	size_t n;

	(void)state;
	sha256(want, "abc", 3);
	CHECK_OK(slu_buf_add(&queue, "abc", 3));
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(slu_hash_expect(&c, h, want, sizeof(want)));
	memset(want, 0, sizeof(want)); /* it was copied */
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &n));
	CHECK_IS(SLU_EOF, slu_bio_read(c, out, sizeof(out), &n));
	CHECK_OK(slu_buf_add(&queue, "forged", 6));
	CHECK_IS(SLU_EOF, slu_bio_read(c, out, sizeof(out), &n));
	CHECK(queue.len == 6);
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	slu_buf_free(&queue);
	slu_hash_free(h);
}

static void
a_chain_read_in_part_can_be_finished_and_read_on(void **state)
{
	slu_hash *h = fresh("sha256");
	unsigned char want[32];
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	sha256(want, "abc", 3);
	CHECK_OK(slu_view_open(&c, "abc", 3));
	CHECK_OK(slu_hash_expect(&c, h, want, sizeof(want)));
	CHECK_OK(slu_bio_read(c, &byte, 1, &n));
	CHECK_OK(slu_bio_finish(c));
	CHECK_OK(slu_bio_read(c, &byte, 1, &n));
	CHECK_OK(slu_bio_read(c, &byte, 1, &n));
	CHECK_IS(SLU_EOF, slu_bio_read(c, &byte, 1, &n));
	slu_bio_free(c);
	slu_hash_free(h);
}

static void
one_digest_cannot_be_of_both_directions(void **state)
{
	const char *words = "hash: both read and written, under one digest";
	unsigned char want[32];
	slu_buf queue = { .limit = 100 };
	slu_hash *h = fresh("sha256");
	slu_bio *c = NULL;
	char out[8];
	size_t n;

	(void)state;
	sha256(want, "abc", 3);
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(slu_hash_expect(&c, h, want, sizeof(want)));
	CHECK_OK(slu_bio_write(c, "abc", 3, &n));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_read(c, out, sizeof(out), &n));
	assert_string_equal(slu_error(), words);
	CHECK_IS(SLU_ERR_USAGE, slu_bio_finish(c));
	slu_bio_free(c);

	c = NULL;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(slu_hash_expect(&c, h, want, sizeof(want)));
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &n));
	/* Else what is written now would be committed unseen. */
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n));
	assert_string_equal(slu_error(), words);
	CHECK_IS(SLU_ERR_USAGE, slu_bio_finish(c));
	CHECK(queue.len == 0);
	slu_bio_free(c);
	slu_hash_free(h);

	c = NULL;
	h = fresh("sha256");
	sha256(want, "", 0);
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(slu_hash_expect(&c, h, want, sizeof(want)));
	CHECK_IS(SLU_EOF, slu_bio_read(c, out, sizeof(out), &n));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n));
	assert_string_equal(slu_error(), words);
	CHECK(queue.len == 0);
	slu_bio_free(c);
	slu_buf_free(&queue);
	slu_hash_free(h);
}

static void
a_digest_of_another_length_is_refused(void **state)
{
	static const size_t wrong[] = { 0, 1, 31, 33, 64 };
	unsigned char want[64] = { 0 };
	slu_hash *h = fresh("sha256");
	slu_bio *c = NULL, *sink;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	sink = c;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		CHECK_IS(SLU_ERR_USAGE, slu_hash_expect(&c, h, want, wrong[i]));
		CHECK_WORDS(" bytes is no sha256");
		CHECK(c == sink);
	}
	slu_hash_free(h);
	h = fresh("shake256");
	CHECK_IS(SLU_ERR_USAGE, slu_hash_expect(&c, h, want, 0));
	CHECK_WORDS("hash: a digest of 0 bytes is no shake256");
	CHECK(c == sink);
	slu_bio_free(c);
	slu_hash_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tap_holds_the_contract_of_a_filter),
		cmocka_unit_test(expect_holds_the_contract_of_a_filter),
		cmocka_unit_test(
		    what_passes_three_taps_is_unchanged_and_digested),
		cmocka_unit_test(all_that_a_chain_gives_is_digested),
		cmocka_unit_test(what_was_read_before_a_failure_is_digested),
		cmocka_unit_test(bytes_are_digested_once_each_when_they_moved),
		cmocka_unit_test(
		    a_stream_that_differs_in_a_bit_does_not_end_well),
		cmocka_unit_test(every_bit_of_the_digest_counts),
		cmocka_unit_test(
		    an_extendable_output_is_compared_at_any_length),
		cmocka_unit_test(what_does_not_match_is_not_committed),
		cmocka_unit_test(once_the_digest_matched_nothing_more_is_read),
		cmocka_unit_test(
		    a_chain_read_in_part_can_be_finished_and_read_on),
		cmocka_unit_test(one_digest_cannot_be_of_both_directions),
		cmocka_unit_test(a_digest_of_another_length_is_refused),
	};

	return cmocka_run_group_tests_name("tap", tests, NULL, NULL);
}
