/* SPDX-License-Identifier: ISC */
/* Digests against all that NIST's CAVP and others have published of them. */
#include "check.h"

#include "rsp.h"
#include "sluice/hash.h"

#define FOLDER "cryptography_vectors/hashes/"
#define LONGEST 250 /* bytes of output in these files */

/* Two updates, and a copy in between that is brought to another end. */
static void
check_message(slu_hash *h, const unsigned char *msg, size_t len,
    const unsigned char *want, size_t size)
{
	unsigned char got[LONGEST];
	slu_hash *copy = NULL;
	size_t n;

	CHECK(size <= sizeof(got));
	CHECK_OK(slu_hash_update(h, msg, len / 3));
	CHECK_OK(slu_hash_copy(&copy, h));
	CHECK_OK(slu_hash_update(h, msg + len / 3, len - len / 3));
	if (slu_hash_is_xof(h)) {
		CHECK_OK(slu_hash_xof(h, got, size));
	} else {
		CHECK_OK(slu_hash_final(h, got, sizeof(got), &n));
		CHECK(n == size);
	}
	CHECK_BYTES(want, size, got, size);
	CHECK_OK(slu_hash_update(copy, "x", 1));
	CHECK_OK(slu_hash_final(copy, got, sizeof(got), &n));
	CHECK(memcmp(want, got, size < n ? size : n) != 0);
	slu_hash_free(copy);
}

/*
 * Messages with their digests, "Msg" and "MD" or "Output", and the steps of
 * Monte Carlo tests, "M" and "MDi".
 */
static size_t
check_messages(slu_hash *h, const char *path)
{
	const unsigned char *msg = NULL, *want;
	size_t len = 0, msg_len = 0, size, done = 0;
	bool has_len = false, steps = strstr(path, ".txt") != NULL &&
				      strstr(path, "Monte") != NULL;
	rsp r;

	rsp_open(&r, path);
	while (rsp_next(&r)) {
		if (rsp_is(&r, "Len")) {
			len = rsp_number(&r) / 8;
			has_len = true;
		} else if (rsp_is(&r, "Msg") || rsp_is(&r, "M")) {
			msg = rsp_bytes(&r, &msg_len);
			/* No bytes at all are written as one. */
			if (has_len)
				msg_len = len;
		} else if (rsp_is(&r, steps ? "MDi" : "MD") ||
			   rsp_is(&r, "Output")) {
			want = rsp_bytes(&r, &size);
			CHECK(msg != NULL);
			check_message(h, msg, msg_len, want, size);
			done++;
		}
	}
	rsp_close(&r);
	return done;
}

/* One of the files' names, built from its pieces. */
static const char *
path_of(const char *folder, const char *name, const char *kind)
{
	static char path[200];

	snprintf(path, sizeof(path), FOLDER "%s/%s%s", folder, name, kind);
	return path;
}

static const struct {
	const char *digest, *folder, *name;
	size_t least; /* messages in each file, at least */
	bool steps;   /* there is a file with the steps of the Monte Carlo */
} nist[] = {
	{ "sha1", "SHA1", "SHA1", 64, true },
	{ "sha224", "SHA2", "SHA224", 64, true },
	{ "sha256", "SHA2", "SHA256", 64, true },
	{ "sha384", "SHA2", "SHA384", 128, true },
	{ "sha512", "SHA2", "SHA512", 128, true },
	{ "sha512-224", "SHA2", "SHA512_224", 128, true },
	{ "sha512-256", "SHA2", "SHA512_256", 128, true },
	{ "sha3-224", "SHA3", "SHA3_224", 100, false },
	{ "sha3-256", "SHA3", "SHA3_256", 100, false },
	{ "sha3-384", "SHA3", "SHA3_384", 100, false },
	{ "sha3-512", "SHA3", "SHA3_512", 70, false },
	{ "shake128", "SHAKE", "SHAKE128", 100, false },
	{ "shake256", "SHAKE", "SHAKE256", 100, false },
};

#define NIST (sizeof(nist) / sizeof(nist[0]))

static void
messages_of_nist_have_their_digests(void **state)
{
	static const char *const kinds[] = { "ShortMsg.rsp", "LongMsg.rsp",
		"VariableOut.rsp", "Monte.txt" };
	size_t done, all = 0;

	(void)state;
	for (size_t i = 0; i < NIST; i++) {
		slu_hash *h = NULL;

		CHECK_OK(slu_hash_new(&h, nist[i].digest));
		for (size_t k = 0; k < 4; k++) {
			if ((k == 2 && !slu_hash_is_xof(h)) ||
			    (k == 3 && !nist[i].steps))
				continue;
			done = check_messages(
			    h, path_of(nist[i].folder, nist[i].name, kinds[k]));
			CHECK(done >= nist[i].least || k == 1);
			CHECK(done >= 60);
			all += done;
		}
		slu_hash_free(h);
	}
	print_message("%zu messages\n", all);
}

static void
messages_of_others_have_their_digests(void **state)
{
	static const char *const files[][2] = {
		{ "md5", "MD5/rfc-1321.txt" },
		{ "ripemd160", "ripemd160/ripevectors.txt" },
		{ "sm3", "SM3/oscca.txt" },
		{ "blake2b512", "blake2/blake2b.txt" },
		{ "blake2s256", "blake2/blake2s.txt" },
	};
	size_t done, all = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char path[100];
		slu_hash *h = NULL;

		snprintf(path, sizeof(path), FOLDER "%s", files[i][1]);
		/* A libcrypto may be built without some of them. */
		if (slu_hash_new(&h, files[i][0]) != SLU_OK) {
			print_message("no %s here\n", files[i][0]);
			continue;
		}
		done = check_messages(h, path);
		CHECK(done >= 5);
		all += done;
		slu_hash_free(h);
	}
	print_message("%zu messages\n", all);
	CHECK(all >= 20);
}

/*
 * One seed of a Monte Carlo test is a thousand digests: of the last three of
 * SHA-1 and SHA-2 (SHAVS, section 6.4), of the last one of SHA-3.
 */
static void
stir(slu_hash *h, unsigned char *seed, size_t size, size_t of)
{
	unsigned char last[3 * SLU_HASH_MAX], later[2 * SLU_HASH_MAX];
	size_t n;

	for (size_t i = 0; i < of; i++)
		memcpy(last + i * size, seed, size);
	for (size_t i = 0; i < 1000; i++) {
		CHECK_OK(slu_hash_update(h, last, of * size));
		/* Valgrind takes a checked memmove for a memcpy. */
		memcpy(later, last + size, (of - 1) * size);
		memcpy(last, later, (of - 1) * size);
		CHECK_OK(slu_hash_final(
		    h, last + (of - 1) * size, SLU_HASH_MAX, &n));
	}
	memcpy(seed, last + (of - 1) * size, size);
}

static size_t
check_monte(slu_hash *h, const char *path, size_t of, size_t most)
{
	unsigned char seed[SLU_HASH_MAX];
	const unsigned char *bytes;
	size_t len, done = 0;
	rsp r;

	rsp_open(&r, path);
	while (done < most && rsp_next(&r)) {
		if (rsp_is(&r, "Seed")) {
			bytes = rsp_bytes(&r, &len);
			CHECK(len == slu_hash_size(h));
			memcpy(seed, bytes, len);
		} else if (rsp_is(&r, "MD")) {
			bytes = rsp_bytes(&r, &len);
			stir(h, seed, len, of);
			CHECK_BYTES(bytes, len, seed, len);
			done++;
		}
	}
	rsp_close(&r);
	return done;
}

/* How long the outputs of a Monte Carlo test of SHAKE are, in bytes. */
struct range {
	size_t least, most, next;
};

/*
 * One seed of it: each output is of 128 bits of the last one, whose end says
 * how long the next one is (SHA3VS, section 6.3.3).  Returns how long the
 * last one is.
 */
static size_t
stir_shake(slu_hash *h, unsigned char out[LONGEST], struct range *range)
{
	size_t size = 0, end;

	for (size_t i = 0; i < 1000; i++) {
		size = range->next;
		CHECK(size >= 2 && size <= LONGEST);
		CHECK_OK(slu_hash_update(h, out, 16));
		memset(out, 0, 16);
		CHECK_OK(slu_hash_xof(h, out, size));
		end = (size_t)out[size - 2] << 8 | out[size - 1];
		range->next =
		    range->least + end % (range->most - range->least + 1);
	}
	return size;
}

static size_t
check_monte_shake(slu_hash *h, const char *path, size_t most)
{
	unsigned char out[LONGEST] = { 0 };
	struct range range = { 0, 0, 0 };
	const unsigned char *bytes;
	size_t size, len, done = 0;
	rsp r;

	rsp_open(&r, path);
	while (done < most && rsp_next(&r)) {
		if (rsp_is(&r, "Minimum Output Length (bits)")) {
			range.least = rsp_number(&r) / 8;
		} else if (rsp_is(&r, "Maximum Output Length (bits)")) {
			range.most = range.next = rsp_number(&r) / 8;
		} else if (rsp_is(&r, "Msg")) {
			bytes = rsp_bytes(&r, &len);
			CHECK(len == 16);
			memcpy(out, bytes, len);
		} else if (rsp_is(&r, "Output")) {
			bytes = rsp_bytes(&r, &len);
			size = stir_shake(h, out, &range);
			CHECK_BYTES(bytes, len, out, size);
			done++;
		}
	}
	rsp_close(&r);
	return done;
}

static void
monte_carlo_tests_of_nist_come_out_as_they_should(void **state)
{
	size_t most = check_slow("2 of 100 seeds") ? 2 : 100, done, all = 0;

	(void)state;
	for (size_t i = 0; i < NIST; i++) {
		const char *path =
		    path_of(nist[i].folder, nist[i].name, "Monte.rsp");
		slu_hash *h = NULL;

		CHECK_OK(slu_hash_new(&h, nist[i].digest));
		if (slu_hash_is_xof(h))
			done = check_monte_shake(h, path, most);
		else
			done = check_monte(h, path,
			    strcmp(nist[i].folder, "SHA3") == 0 ? 1 : 3, most);
		CHECK(done == most);
		all += done;
		slu_hash_free(h);
	}
	print_message("%zu seeds\n", all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_nist_have_their_digests),
		cmocka_unit_test(messages_of_others_have_their_digests),
		cmocka_unit_test(
		    monte_carlo_tests_of_nist_come_out_as_they_should),
	};

	return cmocka_run_group_tests_name("hash vectors", tests, NULL, NULL);
}
