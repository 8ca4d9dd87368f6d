/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "certificate.h"
#include "check.h"
#include "choke.h"
#include "faulty.h"
#include "oom.h"
#include "packed.h"

#include <pthread.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "sluice/base64.h"
#include "sluice/fd.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/openssl.h"
#include "sluice/view.h"

#define CONTENT 300000 /* bytes to sign */

/* Deflated, and in base64: what is written is read again over the same. */
static void
pem_goes_through_one_object_after_the_other(void **state)
{
	slu_buf queue = { .limit = 100000 };
	certificate made = certificate_make(), other = certificate_make();
	slu_bio *c = packed_text_writer(&queue);
	BIO *bio = slu_openssl_bio(c);
	EVP_PKEY *one, *two;
	size_t put, got;
	char rest[16];
	X509 *cert;

	(void)state;
	CHECK(
	    PEM_write_bio_PrivateKey(bio, made.key, NULL, NULL, 0, NULL, NULL));
	CHECK(PEM_write_bio_X509(bio, made.cert));
	CHECK(PEM_write_bio_PrivateKey(
	    bio, other.key, NULL, NULL, 0, NULL, NULL));
	CHECK_OK(slu_bio_write_all(c, "the rest", 8, &put));
	CHECK_OK(slu_bio_finish(c));
	BIO_free(bio);
	slu_bio_free(c);

	c = packed_text_reader(&queue);
	bio = slu_openssl_bio(c);
	one = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	two = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	CHECK(one != NULL && EVP_PKEY_eq(one, made.key) == 1);
	CHECK(two != NULL && EVP_PKEY_eq(two, other.key) == 1);
	CHECK(cert != NULL && X509_cmp(cert, made.cert) == 0);
	BIO_free(bio);

	/* What comes behind the last line is left for us to read. */
	CHECK_OK(slu_bio_read(c, rest, sizeof(rest), &got));
	CHECK_BYTES("the rest", 8, rest, got);
	CHECK_IS(SLU_EOF, slu_bio_read(c, rest, sizeof(rest), &got));
	slu_bio_free(c);
	EVP_PKEY_free(one);
	EVP_PKEY_free(two);
	X509_free(cert);
	certificate_free(&made);
	certificate_free(&other);
	slu_buf_free(&queue);
}

static void
sign(const certificate *who, const unsigned char *plain, slu_buf *queue)
{
	const unsigned flags = CMS_BINARY | CMS_STREAM;
	slu_bio *in = NULL, *out = packed_text_writer(queue);
	BIO *from, *to = slu_openssl_bio(out);
	CMS_ContentInfo *cms;

	CHECK_OK(slu_view_open(&in, plain, CONTENT));
	from = slu_openssl_bio(in);
	cms = CMS_sign(who->cert, who->key, NULL, from, flags);
	CHECK(cms != NULL && i2d_CMS_bio_stream(to, cms, from, flags));
	CHECK_OK(slu_bio_finish(out));
	CMS_ContentInfo_free(cms);
	BIO_free(from);
	BIO_free(to);
	slu_bio_free(in);
	slu_bio_free(out);
}

static int
verify(const certificate *who, slu_buf *queue, slu_buf *content)
{
	slu_bio *in = packed_text_reader(queue), *out = NULL;
	BIO *from = slu_openssl_bio(in), *to;
	X509_STORE *store = X509_STORE_new();
	CMS_ContentInfo *cms = d2i_CMS_bio(from, NULL);
	int rc;

	CHECK_OK(slu_mem_open(&out, content));
	to = slu_openssl_bio(out);
	CHECK(cms != NULL && X509_STORE_add_cert(store, who->cert));
	X509_VERIFY_PARAM_set_purpose(
	    X509_STORE_get0_param(store), X509_PURPOSE_ANY);
	rc = CMS_verify(cms, NULL, store, NULL, to, CMS_BINARY);
	CHECK_OK(slu_bio_finish(out));
	CMS_ContentInfo_free(cms);
	X509_STORE_free(store);
	BIO_free(from);
	BIO_free(to);
	slu_bio_free(in);
	slu_bio_free(out);
	return rc;
}

static void
a_message_is_signed_and_verified_as_cms_while_it_streams(void **state)
{
	unsigned char *plain = malloc(CONTENT);
	slu_buf queue = { .limit = TRIAL_ROOM };
	slu_buf content = { .limit = TRIAL_ROOM };
	certificate who = certificate_make();

	(void)state;
	CHECK(plain != NULL);
	trial_plain(plain, CONTENT);
	sign(&who, plain, &queue);
	CHECK(queue.len > CONTENT / 3);
	CHECK(verify(&who, &queue, &content) == 1);
	CHECK_BYTES(plain, CONTENT, slu_buf_front(&content), content.len);
	certificate_free(&who);
	slu_buf_free(&queue);
	slu_buf_free(&content);
	free(plain);
}

static void
a_failure_is_on_openssls_queue_with_its_words(void **state)
{
	slu_bio *c = NULL;
	char text[512], byte = 0;
	const char *data;
	unsigned long e;
	int flags;
	BIO *bio;

	(void)state;
	for (int call = 0; call < 4; call++) {
		c = NULL;
		CHECK_OK(slu_null_open(&c));
		CHECK_OK(faulty_push(&c, 0));
		bio = slu_openssl_bio(c);
		ERR_clear_error();
		if (call == 0)
			CHECK(BIO_read(bio, &byte, 1) == -1);
		else if (call == 1)
			CHECK(BIO_write(bio, &byte, 1) == -1);
		else if (call == 2)
			CHECK(BIO_flush(bio) == -1);
		else
			CHECK(BIO_gets(bio, text, sizeof(text)) == -1);
		CHECK(!BIO_should_retry(bio) && !BIO_eof(bio));
		e = ERR_get_error_all(NULL, NULL, NULL, &data, &flags);
		CHECK(ERR_GET_REASON(e) == SLU_ERR_IO);
		CHECK((flags & ERR_TXT_STRING) != 0 &&
		      strcmp(data, FAULTY_WORDS) == 0);
		CHECK(strcmp(ERR_lib_error_string(e), "sluice") == 0);
		CHECK(strcmp(ERR_reason_error_string(e),
			  slu_status_name(SLU_ERR_IO)) == 0);
		CHECK(ERR_get_error() == 0);
		BIO_free(bio);
		slu_bio_free(c);
	}
}

static void
every_status_has_its_name_there(void **state)
{
	slu_bio *c = NULL;
	unsigned long e;
	char byte;
	BIO *bio;

	(void)state;
	CHECK_OK(slu_view_open(&c, "Q", 1));
	CHECK_OK(slu_base64_decode(&c, NULL));
	bio = slu_openssl_bio(c);
	CHECK(BIO_read(bio, &byte, 1) == -1);
	e = ERR_get_error();
	CHECK(ERR_GET_REASON(e) == SLU_ERR_TRUNCATED);
	for (int st = SLU_ERR_USAGE; st <= SLU_ERR_CRYPTO; st++)
		CHECK(strcmp(ERR_reason_error_string(ERR_PACK(
				 (unsigned)ERR_GET_LIB(e), 0, (unsigned)st)),
			  slu_status_name((slu_status)st)) == 0);
	BIO_free(bio);
	slu_bio_free(c);
}

static void
a_wait_is_a_retry_in_its_direction(void **state)
{
	slu_buf queue = { .limit = 100 };
	slu_bio *c = NULL;
	char byte;
	BIO *bio;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(choke_push(&c, 3));
	bio = slu_openssl_bio(c);
	CHECK(BIO_write(bio, "HELLO", 5) == -1);
	CHECK(BIO_should_retry(bio) && BIO_should_write(bio));
	CHECK(!BIO_should_read(bio));
	CHECK(BIO_write(bio, "HEL", 3) == 3 && !BIO_should_retry(bio));
	CHECK(BIO_read(bio, &byte, 1) == -1);
	CHECK(BIO_should_retry(bio) && BIO_should_read(bio));
	CHECK(!BIO_should_write(bio) && !BIO_eof(bio));
	CHECK(BIO_read(bio, &byte, 1) == 1 && byte == 'H');
	CHECK(!BIO_should_retry(bio) && ERR_peek_error() == 0);
	BIO_free(bio);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
a_flush_that_waits_is_a_retry_and_else_one(void **state)
{
	slu_buf queue = { .limit = 100 };
	slu_bio *c = NULL;
	BIO *bio;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	CHECK_OK(choke_push(&c, 100));
	CHECK_OK(slu_base64_encode(&c, NULL));
	bio = slu_openssl_bio(c);
	CHECK(BIO_write(bio, "HEL", 3) == 3 && queue.len == 0);
	CHECK(BIO_flush(bio) == -1);
	CHECK(BIO_should_retry(bio) && BIO_should_write(bio));
	CHECK(BIO_flush(bio) == 1 && !BIO_should_retry(bio));
	CHECK_BYTES("SEVM", 4, slu_buf_front(&queue), queue.len);
	BIO_free(bio);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
the_end_is_told_and_is_no_error(void **state)
{
	slu_buf queue = { .limit = 100 };
	slu_bio *c = NULL;
	char buf[8];
	BIO *bio;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	bio = slu_openssl_bio(c);
	CHECK(!BIO_eof(bio));
	CHECK(BIO_read(bio, buf, sizeof(buf)) == 0);
	CHECK(BIO_eof(bio) && !BIO_should_retry(bio));
	CHECK(ERR_peek_error() == 0);
	CHECK_OK(slu_buf_add(&queue, "more", 4));
	CHECK(BIO_read(bio, buf, sizeof(buf)) == 4 && !BIO_eof(bio));
	BIO_free(bio);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

/* Read all lines of at most 8 bytes, as often as it takes. */
static void
check_lines(slu_bio *c, const char *const *lines)
{
	BIO *bio = slu_openssl_bio(c);
	char line[9];
	int n;

	for (; *lines != NULL; lines++) {
		do {
			n = BIO_gets(bio, line, sizeof(line));
		} while (n < 0 && BIO_should_retry(bio));
		CHECK(n == (int)strlen(*lines) && strcmp(line, *lines) == 0);
	}
	do {
		n = BIO_gets(bio, line, sizeof(line));
	} while (n < 0 && BIO_should_retry(bio));
	CHECK(n == 0 && line[0] == '\0' && BIO_eof(bio));
	BIO_free(bio);
}

static void
a_line_is_got_whole_however_its_bytes_arrive(void **state)
{
	static const char text[] = "one\n\nthree is long\nfour";
	static const char *const lines[] = { "one\n", "\n", "three is",
		" long\n", "four", NULL };

	(void)state;
	for (size_t step = 0; step < 3; step++) {
		slu_bio *c = NULL;

		CHECK_OK(slu_view_open(&c, text, sizeof(text) - 1));
		if (step > 0)
			CHECK_OK(choke_push(&c, step));
		check_lines(c, lines);
		slu_bio_free(c);
	}
}

static void
what_is_put_and_printed_is_written(void **state)
{
	slu_buf queue = { .limit = 100 };
	slu_bio *c = NULL;
	BIO *bio;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	bio = slu_openssl_bio(c);
	CHECK(BIO_puts(bio, "one ") == 4);
	CHECK(BIO_printf(bio, "%d %s", 2, "three") == 7);
	CHECK_BYTES("one 2 three", 11, slu_buf_front(&queue), queue.len);
	CHECK(BIO_pending(bio) == 0 && BIO_wpending(bio) == 0);
	BIO_free(bio);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
it_cannot_be_duplicated_nor_sought_in(void **state)
{
	slu_bio *c = NULL;
	BIO *bio;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	bio = slu_openssl_bio(c);
	CHECK(BIO_dup_chain(bio) == NULL);
	CHECK(BIO_tell(bio) < 0 && BIO_seek(bio, 0) < 0);
	CHECK(BIO_reset(bio) <= 0);
	CHECK(!BIO_get_ktls_send(bio) && !BIO_get_ktls_recv(bio));
	ERR_clear_error();
	BIO_free(bio);
	slu_bio_free(c);
}

static void
it_has_the_descriptor_that_the_chain_waits_for(void **state)
{
	slu_bio *c = NULL;
	int fd = -1;
	BIO *bio;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	bio = slu_openssl_bio(c);
	CHECK(BIO_get_fd(bio, &fd) == -1 && fd == -1);
	BIO_free(bio);
	slu_bio_free(c);
	c = NULL;
	CHECK_OK(slu_fd_open(&c, 2));
	CHECK_OK(slu_base64_encode(&c, NULL));
	bio = slu_openssl_bio(c);
	CHECK(BIO_get_fd(bio, &fd) == 2 && fd == 2);
	BIO_free(bio);
	slu_bio_free(c);
}

static void
the_chain_is_lent_and_outlives_the_bio(void **state)
{
	slu_buf queue = { .limit = 100 };
	slu_bio *c = NULL;
	BIO *bio;
	size_t put;

	(void)state;
	CHECK_OK(slu_mem_open(&c, &queue));
	bio = slu_openssl_bio(c);
	CHECK(BIO_set_close(bio, BIO_CLOSE) <= 1);
	CHECK(BIO_write(bio, "a", 1) == 1);
	CHECK(BIO_free(bio) == 1);
	CHECK_OK(slu_bio_write_all(c, "b", 1, &put));
	CHECK_OK(slu_bio_finish(c));
	CHECK_BYTES("ab", 2, slu_buf_front(&queue), queue.len);
	slu_bio_free(c);
	slu_buf_free(&queue);
}

static void
without_memory_there_is_no_bio_and_later_there_is(void **state)
{
	oom_hit hit = OOM_OURS;
	slu_bio *c = NULL;
	BIO *bio;

	(void)state;
	/* OpenSSL itself does not recover where its first steps fail. */
	CHECK(BIO_get_new_index() > 0);
	BIO_free(BIO_new(BIO_s_null()));
	ERR_clear_error();
	CHECK_OK(slu_null_open(&c));
	for (size_t k = 0; hit != OOM_NONE; k++) {
		oom_arm(k);
		bio = slu_openssl_bio(c);
		hit = oom_disarm();
		CHECK((bio != NULL) == (hit == OOM_NONE));
		if (bio == NULL)
			CHECK_WORDS("openssl: out of memory");
		CHECK(ERR_peek_error() == 0);
		BIO_free(bio);
	}
	slu_bio_free(c);
}

#define THREADS 8

static void *
use_one(void *arg)
{
	slu_bio *c = NULL;
	BIO *bio = NULL;
	intptr_t type;
	char byte;

	(void)arg;
	if (slu_view_open(&c, "Q", 1) == SLU_OK &&
	    slu_base64_decode(&c, NULL) == SLU_OK)
		bio = slu_openssl_bio(c);
	/* Whose failure needs OpenSSL to know the library. */
	if (bio == NULL || BIO_read(bio, &byte, 1) != -1 ||
	    ERR_GET_REASON(ERR_get_error()) != SLU_ERR_TRUNCATED)
		return NULL;
	type = BIO_method_type(bio);
	BIO_free(bio);
	slu_bio_free(c);
	return (void *)type;
}

static void
many_threads_may_make_the_first_one_at_once(void **state)
{
	pthread_t threads[THREADS];
	void *types[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_create(&threads[i], NULL, use_one, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(pthread_join(threads[i], &types[i]) == 0);
	for (int i = 0; i < THREADS; i++)
		CHECK(types[i] != NULL && types[i] == types[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		/* Both of these want to be there at the first one. */
		cmocka_unit_test(
		    without_memory_there_is_no_bio_and_later_there_is),
		cmocka_unit_test(many_threads_may_make_the_first_one_at_once),
		cmocka_unit_test(pem_goes_through_one_object_after_the_other),
		cmocka_unit_test(
		    a_message_is_signed_and_verified_as_cms_while_it_streams),
		cmocka_unit_test(a_failure_is_on_openssls_queue_with_its_words),
		cmocka_unit_test(every_status_has_its_name_there),
		cmocka_unit_test(a_wait_is_a_retry_in_its_direction),
		cmocka_unit_test(a_flush_that_waits_is_a_retry_and_else_one),
		cmocka_unit_test(the_end_is_told_and_is_no_error),
		cmocka_unit_test(a_line_is_got_whole_however_its_bytes_arrive),
		cmocka_unit_test(what_is_put_and_printed_is_written),
		cmocka_unit_test(it_cannot_be_duplicated_nor_sought_in),
		cmocka_unit_test(
		    it_has_the_descriptor_that_the_chain_waits_for),
		cmocka_unit_test(the_chain_is_lent_and_outlives_the_bio),
	};

	return cmocka_run_group_tests_name("openssl_bio", tests, NULL, NULL);
}
