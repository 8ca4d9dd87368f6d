/* SPDX-License-Identifier: ISC */
/* Private keys in PEM, in each form that OpenSSL writes. */
#include "seal/ssh_pem.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "check.h"
#include "oom.h"

#include "sluice/identity_file.h"
#include "sluice/mem.h"
#include "sluice/recipient.h"
#include "sluice/seal.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define PASSPHRASE "correct horse"

/* Made for this, and of no other use; to make one takes valgrind long. */
#define RSA_TEXT \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIIEpAIBAAKCAQEAtfAuTJ7Jg1ZNdp9yk57Pi8SQl8wO3QmMhyxPObcrd9aBTTIU\n" \
	"WlHXRIyDsAfIJTeLzcdiouSy85Gf9st2Vew3BOVJjd47Nq5NB0cXevoa1Hy648Vp\n" \
	"iZChtlelDPyinhYqTy/TdMSGGU7vcbwzDeXNlJN2K+bj8rY2Fa6UR2dga+ZH6isq\n" \
	"w13VFy3v+erVOISaMUF5cUCb2Vg/4vl8DJbA7z0AOjr+7OX3iu95rr8bc7f2hkA1\n" \
	"ODuojILaC9F14dtMe+LUsmWBYPelyuVvf7z17iaMx3KoUGjr7HezanZgd+tzEHOl\n" \
	"csv+TJ95mZnF/cz/Wcq8/pwSDp5Ck9TLq4FkCQIDAQABAoIBACQ73TytMvzRJ0RE\n" \
	"pRD5Q+RWFWXl4d/rku0oye54qFOJiN7S5nLGcdTZFzDrm9Stp04oM2C1o14W1oDU\n" \
	"LJEYJiz3bRqv86MEO5sDcY2wWb+Px7itDEO1Zj9mXRylA83wJCT5JWfP69UGf3Fr\n" \
	"Rc+ywKqiY5qCtUsVNthCmI1P7UgPkoHMEPSGKpuiSH4ai3hNxwNNavMT3yIgvjR2\n" \
	"2kv9+980E2HlG+KWxncQep6a6mbTv54WUR8vNTGBzlCpgnf0FGj7QxkXTT8MEdk5\n" \
	"seabdf1aeGhZw67pIz9PGFyfcmCzyy9n79RU6i8AaxsahPyg7kueo9DkBYPGXnjj\n" \
	"MHPVv8ECgYEA5vqmOFONBosOe/jJRjqE4ZJBirmJt3/QB8dyypYI6vk5GpVIHhtM\n" \
	"nnt911VdbrtJmBXBpokKJoRYoIVbWUX+d2Hw3ci6nEWg1jSRw1Jt3ToDuoMKqnTd\n" \
	"8NTniED8hZFwCdMkUslZLOXkB4pbNaCyjl5BJuE0NNfluNpSJxFkPN0CgYEAyaWQ\n" \
	"WPdnYTlBqD+FowVZaLt4eWrF1Wdrz9ENHJPP+fLgxtnlgYBYcdDvhacFtIgjjY4c\n" \
	"0UN3t9aZyrKinO7lnL/igdmxrLrQKfFD/6XKLmt6L6b7aJ9F5dJl4zlT5vrCalqD\n" \
	"MmlV+bqg4uNHCQt42CQAiS3OW7AX+WGbkMWdCx0CgYA3jiP6ukXaRAoI0W7/4EVj\n" \
	"x/zRtAymwSw1Isi+Z1Xfxm/wr+U3sJM+Ly+2YkblwlBSLzFzr9RsLTrv6QNutoId\n" \
	"DsaTYZtYyPqFawGAPExGgJSzAJ/JHfDf4yWJRTA3pCKRimJbMyiqvuSY17NWc79e\n" \
	"tNbw1gvrhd4wFvrZgLpeVQKBgQDE7H1VhPdeyU3Hg5F8rQKt9zcmTBG74O4224+U\n" \
	"cv3OuVSunak2mSLGtCbWPVCjB7jAyyJ1cw/9ZwR2IZIQ9HUkaXhJG1Iav63+5/Fi\n" \
	"PoR+ZNPEqawodjMKyDhceWXo0sb+mjo6BwjBg3MPYKnEuYFgg3hKf4Nho00mbB5C\n" \
	"edpuOQKBgQCcU66fd4Cwb23ASFHAyeAFsPH0tBPGv4lXr7w3YeujGrPLRbuaFG1C\n" \
	"j0yD224EdQbfh6rJZMfiZeMDGfInE3ovQ4kkVGiCTxY9D2bkcjlg/2FsH4wan9gC\n" \
	"SPRLPPTUa5wKJwF4T+t8H6Pj1b28o08y026+Ct2Ly8X9YRugUWbKFA==\n" \
	"-----END RSA PRIVATE KEY-----\n"
#define SMALL_TEXT \
	"-----BEGIN RSA PRIVATE KEY-----\n" \
	"MIICXgIBAAKBgQDJyXmwH12+lQ5vYBvKWaxC0mwX7Z6GSXdSZ+sv4HbDBaoS6+HU\n" \
	"I2w7UBUp0uwkE+vlzaSeK9zDFFdFio3mVzMRIrUzJvlqBVYfB954cdd+EKbFOaNA\n" \
	"1NRUDwSig3vnJGyfgmbOOwIc0NkphNrgkAOeDc0U8FusZrHm7ejyRhjjNwIDAQAB\n" \
	"AoGBALIxW2aurEgqtQ6hnqj4u2hfDdmrmvwXUGnTHxuuavIZxHDlIQ4HIgLW23mN\n" \
	"q77IYN8U1LRhI5iaE99zVY/9nTeGeuzPo8dHvWDhsZTgQ9ynQrdD2+5LT1QP/BGO\n" \
	"zok3ze63Z9ti0i9qcQzhQiXxp1F+yuREtGwXoYZmGJKbEITBAkEA/12OphhdgDU6\n" \
	"rUfu4AMGe39mF5JSjoRlHr65mEDB8M2fF8QKQB207+DXxH0ay5fwBcG2r2neqcOY\n" \
	"BEbtohe4kQJBAMpJ1fsqduet0aEYU4r6sKqFiODr/F74TvuGkHbyvjJgoRzjNgVu\n" \
	"Py5DMV7qCIaw3ZdjMc8i3VEm5rCp/GorA0cCQQDOUPNQZH0eeWMH3wcy+57AJoUA\n" \
	"ZFrJBFSCi4t9ZEyM1kREOkIh3R5zdBA/kugUN5RXwlNr07hvJjTqt7eEb2/RAkA1\n" \
	"A0qfqw5EQwo39J8YQgCAf8RSZaXa4aoZQrejZJQxsZ8naegjXjQSlKtgm2amnb1E\n" \
	"yksoZJOpi89TJwkubZ1LAkEA38Ogj/7+dFpUSb3orCf8PZ3aiTPY8gAfNmgttO0z\n" \
	"Cflt5KFvf6mvzUROBBwl4BiarY2rle6Abha+ZtTjx9wYEA==\n" \
	"-----END RSA PRIVATE KEY-----\n"

static EVP_PKEY *rsa, *small, *ed25519;

static EVP_PKEY *
key_of(const char *text)
{
	BIO *bio = BIO_new_mem_buf(text, -1);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);

	BIO_free(bio);
	return key;
}

static int
make_keys(void **state)
{
	(void)state;
	rsa = key_of(RSA_TEXT);
	small = key_of(SMALL_TEXT);
	ed25519 = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	return rsa == NULL || small == NULL || ed25519 == NULL;
}

static int
free_keys(void **state)
{
	(void)state;
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(small);
	EVP_PKEY_free(ed25519);
	return 0;
}

/* How a key is written. */
enum form { RSA_OWN, PKCS8 };

static const struct {
	EVP_PKEY **key;
	enum form form;
} forms[] = { { &rsa, RSA_OWN }, { &rsa, PKCS8 }, { &ed25519, PKCS8 } };

#define FORMS (sizeof(forms) / sizeof(forms[0]))

/* PBKDF2 allocates in each of its rounds, so there are two of them. */
static void
write_pkcs8(BIO *to, EVP_PKEY *key, const EVP_CIPHER *cipher)
{
	PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(key);
	X509_SIG *locked = NULL;

	CHECK(plain != NULL);
	if (cipher == NULL) {
		CHECK(PEM_write_bio_PKCS8_PRIV_KEY_INFO(to, plain) == 1);
	} else {
		locked = PKCS8_encrypt(-1, cipher, PASSPHRASE,
		    (int)strlen(PASSPHRASE), NULL, 0, 2, plain);
		CHECK(locked != NULL && PEM_write_bio_PKCS8(to, locked) == 1);
	}
	X509_SIG_free(locked);
	PKCS8_PRIV_KEY_INFO_free(plain);
}

/* The text of a key, to be freed; a `cipher` of NULL leaves it unprotected. */
static slu_buf
text_of(EVP_PKEY *key, enum form form, const EVP_CIPHER *cipher)
{
	const unsigned char *pass = (const unsigned char *)PASSPHRASE;
	const int len = cipher == NULL ? 0 : (int)strlen(PASSPHRASE);
	slu_buf out = { .limit = 16384 };
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long n;

	CHECK(bio != NULL);
	if (form == PKCS8)
		write_pkcs8(bio, key, cipher);
	else
		CHECK(PEM_write_bio_PrivateKey_traditional(
			  bio, key, cipher, pass, len, NULL, NULL) == 1);
	n = BIO_get_mem_data(bio, &text);
	CHECK_OK(slu_buf_add(&out, text, (size_t)n));
	BIO_free(bio);
	return out;
}

struct asked {
	const char *answer;
	unsigned times;
};

static slu_status
ask(slu_buf *passphrase, void *arg)
{
	struct asked *a = arg;

	a->times++;
	return slu_buf_add(passphrase, a->answer, strlen(a->answer));
}

static slu_status
read_file(slu_identities *ids, const void *text, size_t len, struct asked *a)
{
	const slu_identity_file_options options = {
		.ask = ask, .arg = a, .name = "id"
	};
	slu_bio *in = NULL;
	slu_status st;

	CHECK_OK(slu_view_open(&in, text, len));
	st = slu_identities_read(ids, in, a == NULL ? NULL : &options);
	slu_bio_free(in);
	return st;
}

/* A list of what is in a file. */
static slu_identities *
holder_of(const slu_buf *text, struct asked *a)
{
	slu_identities *ids = NULL;

	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(read_file(ids, slu_buf_front(text), text->len, a));
	return ids;
}

/* Seal "hello" for those in a list. */
static slu_buf
seal_for(const slu_identities *ids)
{
	slu_buf file = { .limit = 4096 }, public = { .limit = 4096 };
	slu_recipients *r = NULL;
	slu_bio *out = NULL;
	size_t put;

	CHECK_OK(slu_identities_recipients(ids, &public));
	CHECK_OK(slu_recipients_new(&r));
	CHECK_OK(slu_recipients_key(
	    r, (const char *)slu_buf_front(&public), public.len - 1));
	CHECK_OK(slu_mem_open(&out, &file));
	CHECK_OK(slu_seal(&out, r, NULL));
	slu_recipients_free(r);
	CHECK_OK(slu_bio_write_all(out, "hello", 5, &put));
	CHECK_OK(slu_bio_finish(out));
	slu_bio_free(out);
	slu_buf_free(&public);
	return file;
}

static slu_status
open_with(const slu_buf *file, slu_identities *ids)
{
	slu_bio *in = NULL;
	slu_status st;
	char text[8];
	size_t n;

	CHECK_OK(slu_view_open(&in, slu_buf_front(file), file->len));
	CHECK_OK(slu_unseal(&in, ids, NULL));
	st = slu_bio_read(in, text, sizeof(text), &n);
	if (st == SLU_OK)
		CHECK_BYTES("hello", 5, text, n);
	slu_bio_free(in);
	return st;
}

static void
a_key_in_pem_opens_what_is_sealed_for_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMS; i++) {
		slu_buf text = text_of(*forms[i].key, forms[i].form, NULL);
		slu_identities *ids = holder_of(&text, NULL);
		slu_buf file = seal_for(ids);

		CHECK_OK(open_with(&file, ids));
		slu_identities_free(ids);
		slu_buf_free(&text);
		slu_buf_free(&file);
	}
}

static void
both_forms_of_a_key_are_the_same_key(void **state)
{
	slu_buf own = text_of(rsa, RSA_OWN, NULL);
	slu_buf pkcs8 = text_of(rsa, PKCS8, NULL);
	slu_identities *a = holder_of(&own, NULL), *b = holder_of(&pkcs8, NULL);
	slu_buf file = seal_for(a);

	(void)state;
	CHECK_OK(open_with(&file, b));
	slu_identities_free(a);
	slu_identities_free(b);
	slu_buf_free(&own);
	slu_buf_free(&pkcs8);
	slu_buf_free(&file);
}

static void
a_passphrase_is_asked_for_once_it_is_needed(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMS; i++) {
		slu_buf plain = text_of(*forms[i].key, forms[i].form, NULL);
		slu_buf text =
		    text_of(*forms[i].key, forms[i].form, EVP_aes_256_cbc());
		struct asked a = { .answer = PASSPHRASE };
		slu_identities *own = holder_of(&plain, NULL);
		slu_identities *ids = holder_of(&text, &a);
		slu_buf file = seal_for(own);

		CHECK(a.times == 0);
		CHECK_OK(open_with(&file, ids));
		CHECK_OK(open_with(&file, ids));
		CHECK(a.times == 1);
		slu_identities_free(ids);
		a = (struct asked){ .answer = "staple" };
		ids = holder_of(&text, &a);
		CHECK_IS(SLU_ERR_NO_MATCH, open_with(&file, ids));
		assert_string_equal(
		    slu_error(), "unseal: id: wrong passphrase");
		slu_identities_free(ids);
		slu_identities_free(own);
		slu_buf_free(&plain);
		slu_buf_free(&text);
		slu_buf_free(&file);
	}
}

/* Of 256 wrong ones padding lets one through. */
static void
each_wrong_passphrase_is_said_to_be_wrong(void **state)
{
	slu_buf text = text_of(rsa, RSA_OWN, EVP_aes_128_cbc());
	slu_identities *ids;
	slu_buf out = { .limit = 4096 };
	char words[16];
	struct asked a;

	(void)state;
	for (int i = 0; i < 600; i++) {
		snprintf(words, sizeof(words), "%d", i);
		a = (struct asked){ .answer = words };
		ids = holder_of(&text, &a);
		CHECK_IS(
		    SLU_ERR_NO_MATCH, slu_identities_recipients(ids, &out));
		CHECK_WORDS("wrong passphrase");
		slu_identities_free(ids);
	}
	slu_buf_free(&text);
}

static slu_status
read_text(const void *text, size_t len, struct asked *a)
{
	slu_identities *ids = NULL;
	slu_status st;

	CHECK_OK(slu_identities_new(&ids));
	st = read_file(ids, text, len, a);
	slu_identities_free(ids);
	return st;
}

static void
where_nobody_is_asked_a_passphrase_is_said_to_be_missing(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORMS; i++) {
		slu_buf text =
		    text_of(*forms[i].key, forms[i].form, EVP_aes_256_cbc());

		CHECK_IS(SLU_ERR_NO_MATCH,
		    read_text(slu_buf_front(&text), text.len, NULL));
		CHECK_WORDS("nobody is to be asked for that");
		slu_buf_free(&text);
	}
}

static void
a_key_in_pem_that_was_cut_is_refused(void **state)
{
	struct asked a = { .answer = PASSPHRASE };

	(void)state;
	for (size_t i = 0; i < 2 * FORMS; i++) {
		slu_buf text = text_of(*forms[i / 2].key, forms[i / 2].form,
		    i % 2 ? EVP_aes_256_cbc() : NULL);
		const unsigned char *front = slu_buf_front(&text);

		for (size_t n = 1; n < text.len - 1; n += i < 4 ? 7 : 1)
			CHECK_IS(SLU_ERR_FORMAT, read_text(front, n, &a));
		CHECK_OK(read_text(front, text.len - 1, &a));
		slu_buf_free(&text);
	}
}

/* Whatever a bit is changed to, it is a key, or it is refused. */
static void
a_key_in_pem_that_was_changed_is_read_or_refused(void **state)
{
	slu_buf text = text_of(ed25519, PKCS8, NULL);
	unsigned char *front = text.mem, was;
	bool slow = check_slow("one bit of each byte");
	slu_status st;

	(void)state;
	CHECK(front == slu_buf_front(&text));
	for (size_t at = 0; at < text.len; at++) {
		was = front[at];
		for (unsigned bit = slow ? 7 : 0; bit < 8; bit++) {
			front[at] = (unsigned char)(was ^ 1u << bit);
			st = read_text(front, text.len, NULL);
			CHECK(st == SLU_OK || st == SLU_ERR_FORMAT);
		}
		front[at] = was;
	}
	slu_buf_free(&text);
}

static void
lines_may_end_in_a_carriage_return_too(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * FORMS; i++) {
		slu_buf text = text_of(*forms[i / 2].key, forms[i / 2].form,
		    i % 2 ? EVP_aes_256_cbc() : NULL);
		slu_buf dos = { .limit = 16384 }, out = { .limit = 4096 };
		struct asked a = { .answer = PASSPHRASE };
		slu_identities *ids;

		for (size_t k = 0; k < text.len; k++) {
			if (slu_buf_front(&text)[k] == '\n')
				CHECK_OK(slu_buf_add(&dos, "\r", 1));
			CHECK_OK(
			    slu_buf_add(&dos, slu_buf_front(&text) + k, 1));
		}
		ids = holder_of(&dos, &a);
		CHECK_OK(slu_identities_recipients(ids, &out));
		CHECK(out.len > 0);
		slu_identities_free(ids);
		slu_buf_free(&text);
		slu_buf_free(&dos);
		slu_buf_free(&out);
	}
}

static void
keys_of_other_kinds_and_sizes_are_refused(void **state)
{
	EVP_PKEY *ec = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	slu_buf text;

	(void)state;
	CHECK(ec != NULL);
	text = text_of(ec, PKCS8, NULL);
	CHECK_IS(
	    SLU_ERR_FORMAT, read_text(slu_buf_front(&text), text.len, NULL));
	assert_string_equal(slu_error(),
	    "keys: a private key of another kind than RSA and Ed25519");
	slu_buf_free(&text);
	text = text_of(ec, RSA_OWN, NULL);
	CHECK_IS(
	    SLU_ERR_FORMAT, read_text(slu_buf_front(&text), text.len, NULL));
	assert_string_equal(slu_error(),
	    "keys: neither in OpenSSH's form nor a private key of RSA or "
	    "Ed25519 in PEM");
	slu_buf_free(&text);
	text = text_of(small, RSA_OWN, NULL);
	CHECK_IS(
	    SLU_ERR_LIMIT, read_text(slu_buf_front(&text), text.len, NULL));
	assert_string_equal(slu_error(),
	    "keys: ssh-rsa: a key of 1024 bits, not of 2048 to 16384");
	slu_buf_free(&text);
	EVP_PKEY_free(ec);
}

/* `openssl pkcs8 -topk8`, with -iter 10000001; -v1 PBE-SHA1-3DES; -scrypt. */
static void
how_a_key_is_protected_is_seen_when_it_is_read(void **state)
{
	static const struct {
		const char *text;
		slu_status st;
		const char *why;
	} cases[] = {
		{ "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
		  "MIGdMFkGCSqGSIb3DQEFDTBMMCsGCSqGSIb3DQEFDDAeBAjBW/"
		  "nHsLPKYwIEAJiW\n"
		  "gTAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQDx1Y8ZcBwXtl4z1qqY9X"
		  "lwRA\n"
		  "sCU7s08jLYdVDETUAeZPh7YGUL38l/"
		  "hLY4rRdRUCPQdHWvrMoju6vc7eER+QWinf\n"
		  "uNMH/famZK3qacMugZjw9Q==\n"
		  "-----END ENCRYPTED PRIVATE KEY-----\n",
		    SLU_ERR_LIMIT,
		    "keys: a private key whose passphrase takes more than "
		    "10000000 rounds of PBKDF2" },
		{ "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
		  "MFgwHAYKKoZIhvcNAQwBAzAOBAi6/"
		  "hmpFZACugICCAAEOLnSROIk4BIH3WT++aXM\n"
		  "1N0e2qUBllfNGfaCqpNSoClYOzg2PddAbeK5UUHUPY0iIrjxlx9oTjAh\n"
		  "-----END ENCRYPTED PRIVATE KEY-----\n",
		    SLU_ERR_FORMAT,
		    "keys: a private key that is protected otherwise than by "
		    "PBKDF2" },
		{ "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
		  "MIGSME4GCSqGSIb3DQEFDTBBMCAGCSsGAQQB2kcECzATBAi0sSd/"
		  "2jterQIBEAIB\n"
		  "CAIBATAdBglghkgBZQMEASoEEJO/"
		  "fpv5Us1ZUlMDIcDJuHMEQB6Ky0o1A2xKQUnH\n"
		  "3HXCXD2tLBZGqn7CpjuNN2WpoOCW5PbDP8s2ORJwsGaQwHveP6L0qk9oPQT7"
		  "QHCf\n"
		  "cMA1xRE=\n"
		  "-----END ENCRYPTED PRIVATE KEY-----\n",
		    SLU_ERR_FORMAT,
		    "keys: a private key that is protected otherwise than by "
		    "PBKDF2" },
		{ "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,MIC-ONLY\n\n"
		  "AAAA\n-----END RSA PRIVATE KEY-----\n",
		    SLU_ERR_FORMAT,
		    "keys: a private key whose header is not known" },
		{ "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
		  "DEK-Info: ROT-13,00\n\nAAAA\n"
		  "-----END RSA PRIVATE KEY-----\n",
		    SLU_ERR_FORMAT,
		    "keys: a private key whose header is not known" },
	};
	struct asked a = { .answer = PASSPHRASE };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_IS(cases[i].st,
		    read_text(cases[i].text, strlen(cases[i].text), &a));
		assert_string_equal(slu_error(), cases[i].why);
	}
	CHECK(a.times == 0);
}

/* Read a key that a passphrase protects, and open it. */
static slu_status
try_to_open(const slu_buf *text)
{
	struct asked a = { .answer = PASSPHRASE };
	const slu_identity_file_options options = { .ask = ask, .arg = &a };
	slu_buf out = { .limit = 4096 };
	slu_identities *ids = NULL;
	slu_bio *in = NULL;
	slu_status st;

	st = slu_identities_new(&ids);
	if (st == SLU_OK)
		st = slu_view_open(&in, slu_buf_front(text), text->len);
	if (st == SLU_OK)
		st = slu_identities_read(ids, in, &options);
	if (st == SLU_OK)
		st = slu_identities_recipients(ids, &out);
	slu_bio_free(in);
	slu_identities_free(ids);
	slu_buf_free(&out);
	return st;
}

static void
where_memory_runs_out_it_is_said(void **state)
{
	slu_status st;
	oom_hit hit;
	size_t k;

	(void)state;
	for (size_t i = 0; i < FORMS; i++) {
		slu_buf text =
		    text_of(*forms[i].key, forms[i].form, EVP_aes_256_cbc());

		CHECK_OK(try_to_open(&text));
		k = 0;
		do {
			oom_arm(k++);
			st = try_to_open(&text);
			hit = oom_disarm();
			if (hit == OOM_OURS)
				CHECK_IS(SLU_ERR_MEMORY, st);
			/* Some of OpenSSL's do not say that it was memory. */
		} while (hit != OOM_NONE);
		CHECK_OK(st);
		CHECK(k > 20);
		slu_buf_free(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_in_pem_opens_what_is_sealed_for_it),
		cmocka_unit_test(both_forms_of_a_key_are_the_same_key),
		cmocka_unit_test(a_passphrase_is_asked_for_once_it_is_needed),
		cmocka_unit_test(each_wrong_passphrase_is_said_to_be_wrong),
		cmocka_unit_test(
		    where_nobody_is_asked_a_passphrase_is_said_to_be_missing),
		cmocka_unit_test(a_key_in_pem_that_was_cut_is_refused),
		cmocka_unit_test(
		    a_key_in_pem_that_was_changed_is_read_or_refused),
		cmocka_unit_test(lines_may_end_in_a_carriage_return_too),
		cmocka_unit_test(keys_of_other_kinds_and_sizes_are_refused),
		cmocka_unit_test(
		    how_a_key_is_protected_is_seen_when_it_is_read),
		cmocka_unit_test(where_memory_runs_out_it_is_said),
	};

	return cmocka_run_group_tests_name(
	    "ssh pem", tests, make_keys, free_keys);
}
