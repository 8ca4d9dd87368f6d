/* SPDX-License-Identifier: ISC */
#include "authority.h"
#include "check.h"
#include "sluice/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

/* What the library reads of one of OpenSSL's. */
static slu_status
read_x509(slu_certificate **out, X509 *x509)
{
	unsigned char *der = NULL;
	int len = i2d_X509(x509, &der);
	slu_status st;

	CHECK(len > 0);
	st = slu_certificate_der(out, der, (size_t)len);
	OPENSSL_free(der);
	return st;
}

static X509_EXTENSION *
raw_extension(int nid, const void *value, size_t len)
{
	ASN1_OCTET_STRING *bytes = ASN1_OCTET_STRING_new();
	X509_EXTENSION *ext;

	CHECK(bytes != NULL && ASN1_OCTET_STRING_set(bytes, value, (int)len));
	ext = X509_EXTENSION_create_by_NID(NULL, nid, 0, bytes);
	CHECK(ext != NULL);
	ASN1_OCTET_STRING_free(bytes);
	return ext;
}

/* A certificate whose names are these bytes of DER. */
static certificate
with_names(const void *der, size_t len)
{
	certificate c = certificate_make();
	X509_EXTENSION *ext = raw_extension(NID_subject_alt_name, der, len);
	int at = X509_get_ext_by_NID(c.cert, NID_subject_alt_name, -1);

	X509_EXTENSION_free(X509_delete_ext(c.cert, at));
	CHECK(X509_add_ext(c.cert, ext, -1) == 1);
	X509_EXTENSION_free(ext);
	CHECK(X509_sign(c.cert, c.key, EVP_sha256()) > 0);
	return c;
}

/* The text of a subject whose CN is these bytes, of this kind of string. */
static void
check_cn(const char *want, int type, const void *bytes, size_t len)
{
	certificate c = certificate_make();
	slu_certificate *read = NULL;
	X509_NAME *name = X509_NAME_new();
	ASN1_STRING *string = ASN1_STRING_type_new(type);
	X509_NAME_ENTRY *entry;

	CHECK(name != NULL && string != NULL);
	CHECK(ASN1_STRING_set(string, bytes, (int)len) == 1);
	entry = X509_NAME_ENTRY_create_by_NID(
	    NULL, NID_commonName, V_ASN1_UTF8STRING, NULL, 0);
	CHECK(entry != NULL);
	CHECK(X509_NAME_ENTRY_set_data(entry, type, bytes, (int)len) == 1);
	CHECK(X509_NAME_add_entry(name, entry, -1, 0) == 1);
	CHECK(X509_set_subject_name(c.cert, name) == 1);
	CHECK(X509_sign(c.cert, c.key, EVP_sha256()) > 0);
	CHECK_OK(read_x509(&read, c.cert));
	assert_string_equal(want, slu_certificate_subject(read));
	slu_certificate_free(read);
	X509_NAME_ENTRY_free(entry);
	ASN1_STRING_free(string);
	X509_NAME_free(name);
	certificate_free(&c);
}

static void
a_certificate_is_read_whole(void **state)
{
	certificate root = authority_make("root, of \"tests\"");
	certificate leaf = authority_issue(
	    &root, &(wish){ .san = "DNS:a.test,IP:192.0.2.1,IP:2001:db8::1,"
				   "email:who@a.test,URI:spiffe://a/b,"
				   "RID:1.2.3.4" });
	static const struct {
		slu_certificate_kind kind;
		const char *text;
	} names[] = {
		{ SLU_CERTIFICATE_DNS, "a.test" },
		{ SLU_CERTIFICATE_IP, "192.0.2.1" },
		{ SLU_CERTIFICATE_IP, "2001:db8::1" },
		{ SLU_CERTIFICATE_EMAIL, "who@a.test" },
		{ SLU_CERTIFICATE_URI, "spiffe://a/b" },
		{ SLU_CERTIFICATE_OTHER, "1.2.3.4" },
	};
	const size_t count = sizeof(names) / sizeof(*names);
	slu_certificate_kind kind;
	slu_certificate *c = NULL;

	(void)state;
	CHECK_OK(read_x509(&c, leaf.cert));
	assert_string_equal("CN=unused", slu_certificate_subject(c));
	assert_string_equal(
	    "CN=root\\, of \\\"tests\\\"", slu_certificate_issuer(c));
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(
		    names[i].text, slu_certificate_name(c, i, &kind));
		CHECK(kind == names[i].kind);
	}
	CHECK(slu_certificate_name(c, count, &kind) == NULL);
	CHECK(slu_certificate_name(c, count, NULL) == NULL);
	if (count > 0)
		assert_string_equal(
		    names[0].text, slu_certificate_name(c, 0, NULL));
	CHECK(slu_certificate_not_after(c) - slu_certificate_not_before(c) ==
	      3660);
	CHECK(ASN1_INTEGER_set(X509_get_serialNumber(leaf.cert), 1234));
	CHECK(X509_sign(leaf.cert, root.key, EVP_sha256()) > 0);
	slu_certificate_free(c);
	c = NULL;
	CHECK_OK(read_x509(&c, leaf.cert));
	assert_string_equal("04:d2", slu_certificate_serial(c));
	slu_certificate_free(c);
	certificate_free(&leaf);
	certificate_free(&root);
}

static void
dates_are_seconds_since_1970_however_far(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} dates[] = {
		{ "19500101000000Z", -631152000 },
		{ "19700101000000Z", 0 },
		{ "20380119031408Z", INT64_C(2147483648) },
		{ "99991231235959Z", INT64_C(253402300799) },
	};
	slu_certificate *c = NULL;
	certificate made;

	(void)state;
	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
		made = certificate_make();
		CHECK(ASN1_TIME_set_string_X509(
			  X509_getm_notBefore(made.cert), dates[i].text) == 1);
		CHECK(X509_sign(made.cert, made.key, EVP_sha256()) > 0);
		CHECK_OK(read_x509(&c, made.cert));
		CHECK(slu_certificate_not_before(c) == dates[i].seconds);
		slu_certificate_free(c);
		certificate_free(&made);
	}
}

static void
fingerprint_and_pin_are_those_of_openssl(void **state)
{
	certificate made = certificate_make();
	unsigned char want[64], got[64], *key = NULL;
	int key_len = i2d_PUBKEY(made.key, &key);
	slu_certificate *c = NULL;
	unsigned want_len;
	size_t len;

	(void)state;
	CHECK_OK(read_x509(&c, made.cert));
	CHECK(X509_digest(made.cert, EVP_sha256(), want, &want_len) == 1);
	CHECK_OK(
	    slu_certificate_fingerprint(c, "sha256", got, sizeof(got), &len));
	CHECK_BYTES(want, want_len, got, len);
	CHECK(EVP_Digest(key, (size_t)key_len, want, &want_len, EVP_sha256(),
		  NULL) == 1);
	CHECK_OK(slu_certificate_pin(c, got));
	CHECK_BYTES(want, want_len, got, SLU_TLS_PIN);
	CHECK_IS(SLU_ERR_USAGE,
	    slu_certificate_fingerprint(c, "sha256", got, 31, &len));
	CHECK_IS(SLU_ERR_USAGE,
	    slu_certificate_fingerprint(c, "nosuch", got, 64, &len));
	OPENSSL_free(key);
	slu_certificate_free(c);
	certificate_free(&made);
}

static void
what_is_written_is_read_again(void **state)
{
	certificate made = certificate_make();
	slu_certificate *c = NULL, *again = NULL;
	slu_buf pem = { .limit = 1 << 16 };
	const void *der, *der_again;
	size_t len, len_again;

	(void)state;
	CHECK_OK(read_x509(&c, made.cert));
	CHECK_OK(slu_buf_add(&pem, "a word before\n", 14));
	CHECK_OK(slu_certificate_to_pem(c, &pem));
	CHECK_OK(slu_certificate_pem(
	    &again, (const char *)slu_buf_front(&pem), pem.len));
	der = slu_certificate_to_der(c, &len);
	der_again = slu_certificate_to_der(again, &len_again);
	CHECK_BYTES(der, len, der_again, len_again);
	slu_certificate_free(again);
	/* A second one behind it. */
	CHECK_OK(slu_certificate_to_pem(c, &pem));
	CHECK_IS(
	    SLU_ERR_FORMAT, slu_certificate_pem(&again,
				(const char *)slu_buf_front(&pem), pem.len));
	slu_buf_free(&pem);
	slu_certificate_free(c);
	certificate_free(&made);
}

static void
what_is_no_certificate_is_refused(void **state)
{
	static const char key[] = "-----BEGIN PUBLIC KEY-----\n"
				  "AAAA\n"
				  "-----END PUBLIC KEY-----\n";
	certificate made = certificate_make();
	slu_certificate *c = NULL;
	unsigned char *der = NULL, longer[4096];
	size_t len = (size_t)i2d_X509(made.cert, &der);

	(void)state;
	CHECK(len < sizeof(longer));
	memcpy(longer, der, len);
	longer[len] = 0;
	CHECK_IS(SLU_ERR_FORMAT, slu_certificate_der(&c, longer, len + 1));
	CHECK_IS(SLU_ERR_FORMAT, slu_certificate_der(&c, longer, len - 1));
	CHECK_IS(SLU_ERR_FORMAT, slu_certificate_der(&c, "", 0));
	CHECK_IS(SLU_ERR_LIMIT,
	    slu_certificate_der(&c, longer, SLU_CERTIFICATE_MAX + 1));
	CHECK_IS(SLU_ERR_FORMAT, slu_certificate_pem(&c, "", 0));
	CHECK_IS(SLU_ERR_FORMAT, slu_certificate_pem(&c, key, strlen(key)));
	OPENSSL_free(der);
	certificate_free(&made);
}

static void
another_spelling_of_the_same_certificate_is_refused(void **state)
{
	certificate made = certificate_make();
	unsigned char *der = NULL, ber[4096];
	size_t len = (size_t)i2d_X509(made.cert, &der);
	slu_certificate *c = NULL;

	(void)state;
	/* The outermost length in three bytes, where two would do. */
	CHECK(der[1] == 0x82 && len + 1 < sizeof(ber));
	memcpy(ber, "\x30\x83\x00", 3);
	memcpy(ber + 3, der + 2, len - 2);
	CHECK_IS(SLU_ERR_FORMAT, slu_certificate_der(&c, ber, len + 1));
	OPENSSL_free(der);
	certificate_free(&made);
}

static void
what_would_command_a_terminal_is_escaped(void **state)
{
	(void)state;
	check_cn("CN=M\xc3\xbcller", V_ASN1_UTF8STRING, "M\xc3\xbcller", 7);
	check_cn("CN=a\\1B[2Jb", V_ASN1_UTF8STRING, "a\x1b[2Jb", 6);
	check_cn("CN=a\\00b", V_ASN1_UTF8STRING, "a\0b", 3);
	check_cn("CN=a\\0Ab", V_ASN1_UTF8STRING, "a\nb", 3);
	check_cn("CN=a\\C2\\9Bb", V_ASN1_UTF8STRING,
	    "a\xc2\x9b"
	    "b",
	    4);
	check_cn("CN=\\E2\\80\\AEx", V_ASN1_UTF8STRING, "\xe2\x80\xaex", 4);
	check_cn("CN=x\\,O=y", V_ASN1_UTF8STRING, "x,O=y", 5);
	/* Latin-1 of old, and two bytes a character. */
	check_cn("CN=\xc3\xbc", V_ASN1_T61STRING, "\xfc", 1);
	check_cn("CN=\xe2\x82\xac", V_ASN1_BMPSTRING, "\x20\xac", 2);
}

static void
names_in_a_certificate_are_escaped_too(void **state)
{
	static const unsigned char names[] = "\x30\x0f"
					     "\x82\x06"
					     "a\0b\\c\n"
					     "\x87\x03\x01\x02\xff"
					     "\x82\x00";
	certificate made = with_names(names, sizeof(names) - 1);
	slu_certificate *c = NULL;
	slu_certificate_kind kind;

	(void)state;
	CHECK_OK(read_x509(&c, made.cert));
	assert_string_equal(
	    "a\\00b\\5Cc\\0A", slu_certificate_name(c, 0, &kind));
	/* An address of three bytes is none. */
	assert_string_equal("01:02:ff", slu_certificate_name(c, 1, &kind));
	assert_string_equal("", slu_certificate_name(c, 2, &kind));
	CHECK(slu_certificate_name(c, 3, &kind) == NULL);
	slu_certificate_free(c);
	certificate_free(&made);
}

static void
malformed_names_are_refused(void **state)
{
	certificate made = with_names("\x30\x05\x82\x01", 4);
	slu_certificate *c = NULL;

	(void)state;
	CHECK_IS(SLU_ERR_FORMAT, read_x509(&c, made.cert));
	CHECK_WORDS("malformed names");
	CHECK(c == NULL);
	certificate_free(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_is_read_whole),
		cmocka_unit_test(dates_are_seconds_since_1970_however_far),
		cmocka_unit_test(fingerprint_and_pin_are_those_of_openssl),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(what_is_no_certificate_is_refused),
		cmocka_unit_test(
		    another_spelling_of_the_same_certificate_is_refused),
		cmocka_unit_test(what_would_command_a_terminal_is_escaped),
		cmocka_unit_test(names_in_a_certificate_are_escaped_too),
		cmocka_unit_test(malformed_names_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
