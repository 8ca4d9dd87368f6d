/* SPDX-License-Identifier: ISC */
/* ssh's keys; ssh-keygen made those here for this, and they serve nobody. */
#include "seal/ssh_file.h"

#include "check.h"

#include "sluice/base64.h"
#include "sluice/copy.h"
#include "sluice/identity.h"
#include "sluice/mem.h"
#include "sluice/recipient.h"
#include "sluice/seal.h"
#include "sluice/unseal.h"
#include "sluice/view.h"

#define ED_PRIVATE \
	"-----BEGIN OPENSSH PRIVATE KEY-----\n" \
	"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gt" \
	"ZW\n" \
	"QyNTUxOQAAACCXUl3/98YBGc7eGvNBR/" \
	"lpxLytOOxu0XS1ZozSChrddAAAAJCw2UnosNlJ\n" \
	"6AAAAAtzc2gtZWQyNTUxOQAAACCXUl3/98YBGc7eGvNBR/" \
	"lpxLytOOxu0XS1ZozSChrddA\n" \
	"AAAECJuAqiKwtUxeae/sGFai1OAH+lcOrZAf1G7GTJPwC4f5dSXf/" \
	"3xgEZzt4a80FH+WnE\n" \
	"vK047G7RdLVmjNIKGt10AAAACWEgY29tbWVudAECAwQ=\n" \
	"-----END OPENSSH PRIVATE KEY-----\n"
#define ED_PUBLIC \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdSXf/3xgEZzt4a80FH+WnEvK04" \
	"7G7RdLVmjNIKGt10 a comment"
/* "hello", as age 1.1.1 sealed it for that key. */
#define ED_FILE \
	"YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNzaC1lZDI1NTE5IFhVcWxSZyB6U1FN" \
	"eTBIc3NSclJ3SkNhdXZWbGwwRm9pL291emNJVzYrTEdrNVluVVNFCmJVL3V3QUYz" \
	"aHVnZSs0YW9FbitmYm5RWGllV01jcFpNRk53UWh3WlRlTTgKLS0tIGZJMlRLeHI5" \
	"TW1KdncvYTN4bmcvb2p4M3lweWNEaFNYRW80cHFNd2FRY0UKKWBCag5laJTwliwx" \
	"j0LY2ggl7LD5NxfW1ajY0IWsvabsrrOpKw=="
#define RSA_PRIVATE \
	"-----BEGIN OPENSSH PRIVATE KEY-----\n" \
	"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAABFwAAAAdzc2gt" \
	"cn\n" \
	"NhAAAAAwEAAQAAAQEArTDY9PF49nScLis8KhBJzEO3eLZYmb+RoUkVU+" \
	"xLuuxQ6tM3sL8l\n" \
	"abScMXQPM60BtOkdfGxvHrRRxmaHQP493a5WZnXuD3NGHbnA9U02aDxfB7oM6N+" \
	"mdPcNlB\n" \
	"+eE5CsOorc7xLPThysS8Kal0vx5wO9oOwRoDxha0O33BXC8meMEFf0630krn9cYvInZO" \
	"Ft\n" \
	"aG4NLxjr4FWQL7tTBYT8hY0ayI6tTqhqpqP70QPVYoBe8t4Y3io6iqwm875Udb3rw794" \
	"C/\n" \
	"opkbcsSgGiFrRcxJaA70jY9yCkskSQCVs1TPAYZiLG/W9X67O+HNZaLx74EoCfh/" \
	"BX2MBU\n" \
	"Mav182Tr2wAAA7iDUgOPg1IDjwAAAAdzc2gtcnNhAAABAQCtMNj08Xj2dJwuKzwqEEnM" \
	"Q7\n" \
	"d4tliZv5GhSRVT7Eu67FDq0zewvyVptJwxdA8zrQG06R18bG8etFHGZodA/" \
	"j3drlZmde4P\n" \
	"c0YducD1TTZoPF8Hugzo36Z09w2UH54TkKw6itzvEs9OHKxLwpqXS/" \
	"HnA72g7BGgPGFrQ7\n" \
	"fcFcLyZ4wQV/TrfSSuf1xi8idk4W1obg0vGOvgVZAvu1MFhPyFjRrIjq1OqGqmo/" \
	"vRA9Vi\n" \
	"gF7y3hjeKjqKrCbzvlR1vevDv3gL+" \
	"imRtyxKAaIWtFzEloDvSNj3IKSyRJAJWzVM8BhmIs\n" \
	"b9b1frs74c1lovHvgSgJ+H8FfYwFQxq/" \
	"XzZOvbAAAAAwEAAQAAAQAUbXiJm5m66BIr1+mm\n" \
	"xHkP4MTZNhjJObFBps8fMPXVvF3m9LbS4BjXmPf7VUcdv0A+SGiz7k5E/" \
	"tvOXPWDEvnVFe\n" \
	"UW/L3xkJUqmGhMBqluLgC/" \
	"dpBjP03w6druJ7SLdjr6RLq+cCeHfRZNcUyun8SOjQBm5LFH\n" \
	"hxeugTREf0SZNq+" \
	"LtRKuYpr4CIwOhgXRIsnpAHCw2E9Fgrt0wbTuyyfO8r5KFzII3n6kpf\n" \
	"OeuoGl+7/T626wtEMzLq0lldMq+I7/" \
	"22EPcGNXqNRBjVSgxZBxoofjYXDUhjTaFVmS5O/F\n" \
	"YuGVNY+oZ086VVaBjIWbp0pZQSkLGBPocvoxy+" \
	"61cCRxAAAAgC5qBLTl85pwl3spPOnO+6\n" \
	"200UxGhRtb36CC2vRvgrNqvgf2NXP8ozPWjDcTPkZEadlRTg+25entew42bczgRAL8/" \
	"MuM\n" \
	"aDzwhNNrRINBvjoctlforsTWUi4zsp0T65JCTjtka88JiW2cNXtz/" \
	"xDu+X3Z6CUHD5nT7t\n" \
	"RjEYI16fpeAAAAgQDmpzUfB7/" \
	"QLTfYfmio4k6I0M+bw+4zYpOMGcLAxI+UyFd7fm83kZ5s\n" \
	"yKhK4LGaHKYMwuoI1f/" \
	"GPoiS0GFEkBfl1RpVl7Luqyj7Ijz6TACLRRqzythpI9JsGeibMg\n" \
	"jsWjniFSWw6ax3Dc4kL82Hsd8GQuomrshIH/" \
	"GMu93mSZBexQAAAIEAwDkYSoxVGM5Czzuz\n" \
	"RwhZbqJFbsr596+RGii+S12Az5fEpllfxTgFThtMKImV+" \
	"liNGMWrg72ekXWbQVXNgUQLCI\n" \
	"Bqrz5hf+qXEgMWYk60CwRR0uhiyQu0LZcpCF9aJRqhUN+" \
	"wKH3nlcSCjS3pQX56fyOoJaXr\n" \
	"W0dzFoUI7YG6yh8AAAAAAQID\n" \
	"-----END OPENSSH PRIVATE KEY-----\n"
#define RSA_PUBLIC \
	"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCtMNj08Xj2dJwuKzwqEEnMQ7d4" \
	"tliZv5GhSRVT7Eu67FDq0zewvyVptJwxdA8zrQG06R18bG8etFHGZodA/j3drlZm" \
	"de4Pc0YducD1TTZoPF8Hugzo36Z09w2UH54TkKw6itzvEs9OHKxLwpqXS/HnA72g" \
	"7BGgPGFrQ7fcFcLyZ4wQV/TrfSSuf1xi8idk4W1obg0vGOvgVZAvu1MFhPyFjRrI" \
	"jq1OqGqmo/vRA9VigF7y3hjeKjqKrCbzvlR1vevDv3gL+imRtyxKAaIWtFzEloDv" \
	"SNj3IKSyRJAJWzVM8BhmIsb9b1frs74c1lovHvgSgJ+H8FfYwFQxq/XzZOvb"
#define RSA_FILE \
	"YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNzaC1yc2EgNENUdkNBClUxTlNSSTFa" \
	"Yktha1ExVytKVkhQaUVtWStjdnlMUGdYMXZ2QmtPSkdidzhFZG9nUlJScXQxa0Vu" \
	"Ykg4dFFjbkIKZm90Y3ZuWjNEM3Q5MkV2eW1EblZVbWJTL2xiVHJmc0pBSTBXVmo4" \
	"dlozU2hPVS9FWFJKME03K3dYV0ZYKzByawp1VkRJMlZlQ2lnUHI5bndpR3J0dWRl" \
	"SHMwUDhvWE9HU0REbk1YaU84UlcybWxjL2pxekU5WVFGREJZd2VTOGRYCjM5WmUr" \
	"ZUw1cHF3UGpLTGc0c0drdUNXQ2lZTUhtVHIxMk1RM1RiT2NVaytkQWtWU3hXOU1r" \
	"NVllSXhWdGF0WWIKTHdJRFVjaVRKTW13ZWdZVERLZlpaYUhkTE1BUmlkenYrUFI1" \
	"aUIrZ0UyTDJkUWxoZUZDMHoxUm02WG5vSktBNgp0ZFc0QzBuNXdrcmsvb2JVUkJY" \
	"U0p3Ci0tLSBzeU1ZcjFqT3duKzFuUk02cHh5WHlrZENHYjgrZGpqdTVBUnJOaDBR" \
	"MGlrCtRAAhm5Y1XDJz9FY0xR1sRcegk4Xez0VS0eIo7U3IwWeSX5R3M="
#define LOCKED_PRIVATE \
	"-----BEGIN OPENSSH PRIVATE KEY-----\n" \
	"b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABA1gVIe" \
	"0y\n" \
	"UVHXePJYlQjRWGAAAABAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIM/" \
	"hvf6EREBYKYPp\n" \
	"XMe0YoIph0QZ/" \
	"UPa5EZ5H0oMmDb0AAAAkMlUoBcA9JthxvXJHVgQ5Lr507QlWiKl9F+GFQ\n" \
	"8vyGHCRDVcObTgKlVeu5t8ubfUD1YV8bjo3iXF/" \
	"hyJw0FIs8oM6apht667Uza7O31yiyEY\n" \
	"Mg75miWXA2UygQgaex8ovklZqbuMy6ye6VGZ0HecGRp25S3+lVCDdXz24cb+" \
	"L7bhzh5TkR\n" \
	"PlCxffAbJ/7zjZeg==\n" \
	"-----END OPENSSH PRIVATE KEY-----\n"
#define SMALL_PUBLIC \
	"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDJE6pkRjo/gHmkWiowXT2o/t+W" \
	"9UynBaQolF1j0tx4A6OxlRIMQEinn+cBzoRPlkKr7JOvG8PCPnkIbP/NntyuclQw" \
	"ej9O4jTfzi2Uu9e5DcHKEMDKFgNUED4a3O+ST29wHFVMhVp1k5vblc3C6EZdZ4qB" \
	"Vp1kjo3mMwbyC8YFrw=="
#define EC_PUBLIC \
	"ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAy" \
	"NTYAAABBBDPFZZFaZwvN1zVenyw4vW33iW31bi4ogg9Dx9lCG+HJgMrMIHRsxfX1" \
	"PvGm5f6WcAoz6D2udJM6B3DVdXE8VhA="

static const struct {
	const char *secret, *public, *file;
} keys[] = {
	{ ED_PRIVATE, ED_PUBLIC, ED_FILE },
	{ RSA_PRIVATE, RSA_PUBLIC, RSA_FILE },
};

static slu_identities *
holder_of(const char *secret)
{
	slu_identities *ids = NULL;

	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_key(ids, secret, strlen(secret)));
	return ids;
}

/* Read "hello" from `file`, which this frees, with `ids`, which too. */
static slu_status
open_with(slu_buf *file, slu_identities *ids)
{
	slu_bio *in = NULL;
	slu_status st;
	char text[8];
	size_t n;

	CHECK_OK(slu_view_open(&in, slu_buf_front(file), file->len));
	CHECK_OK(slu_unseal(&in, ids, NULL));
	slu_identities_free(ids);
	st = slu_bio_read(in, text, sizeof(text), &n);
	if (st == SLU_OK)
		CHECK_BYTES("hello", 5, text, n);
	slu_bio_free(in);
	slu_buf_free(file);
	return st;
}

/* The bytes of a file that is spelt in base64. */
static slu_buf
from_base64(const char *text)
{
	slu_buf file = { .limit = 4096 };
	slu_bio *in = NULL, *out = NULL;

	CHECK_OK(slu_view_open(&in, text, strlen(text)));
	CHECK_OK(slu_base64_decode(&in, NULL));
	CHECK_OK(slu_mem_open(&out, &file));
	CHECK_OK(slu_bio_copy(out, in));
	slu_bio_free(in);
	slu_bio_free(out);
	return file;
}

static slu_buf
seal_for(const char *const *public, size_t n)
{
	slu_buf file = { .limit = 8192 };
	slu_recipients *r = NULL;
	slu_bio *out = NULL;
	size_t put;

	CHECK_OK(slu_recipients_new(&r));
	for (size_t i = 0; i < n; i++)
		CHECK_OK(slu_recipients_key(r, public[i], strlen(public[i])));
	CHECK_OK(slu_mem_open(&out, &file));
	CHECK_OK(slu_seal(&out, r, NULL));
	slu_recipients_free(r);
	CHECK_OK(slu_bio_write_all(out, "hello", 5, &put));
	CHECK_OK(slu_bio_finish(out));
	slu_bio_free(out);
	return file;
}

static void
what_age_sealed_for_an_ssh_key_opens(void **state)
{
	slu_buf file;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		file = from_base64(keys[i].file);
		CHECK_OK(open_with(&file, holder_of(keys[i].secret)));
		file = from_base64(keys[i].file);
		CHECK_IS(SLU_ERR_NO_MATCH,
		    open_with(&file, holder_of(keys[1 - i].secret)));
		CHECK_WORDS(i == 0 ? "is sealed for: ssh-ed25519"
				   : "is sealed for: ssh-rsa");
	}
}

static void
what_is_sealed_for_ssh_keys_opens_with_each(void **state)
{
	const char *const both[] = { ED_PUBLIC, RSA_PUBLIC };
	slu_buf file;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		file = seal_for(&both[i], 1);
		CHECK_OK(open_with(&file, holder_of(keys[i].secret)));
		file = seal_for(both, 2);
		CHECK_OK(open_with(&file, holder_of(keys[i].secret)));
	}
}

/* The tag agrees, and the key that it was wrapped for does not. */
static void
a_wrapped_key_that_was_changed_is_no_match(void **state)
{
	static const char *const both[] = { ED_PUBLIC, RSA_PUBLIC };
	unsigned char *body;
	slu_buf file;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		file = seal_for(&both[i], 1);
		/* The first character of the body's line. */
		body = memchr(file.mem + 25, '\n', file.len - 25);
		CHECK(body != NULL);
		body[1] = body[1] == 'A' ? 'B' : 'A';
		CHECK_IS(SLU_ERR_NO_MATCH,
		    open_with(&file, holder_of(keys[i].secret)));
	}
}

/* Behind the next `c` of a file, which is no string. */
static const char *
behind(const slu_buf *file, const char *from, char c)
{
	const char *all = (const char *)slu_buf_front(file), *at;

	at = memchr(from, c, file->len - (size_t)(from - all));
	CHECK(at != NULL);
	return at + 1;
}

/*
 * Seal for one key, and put stanzas in front that name it, or another one, and
 * do not open: so that its own is reached shows in what the MAC then says.
 */
static slu_buf
seal_behind(const char *public, size_t n, bool named)
{
	slu_buf file = seal_for(&public, 1), out = { .limit = 65536 };
	const char *text = (const char *)slu_buf_front(&file), *tag, *end;
	const char *stanza = behind(&file, text, '\n');
	char line[200];
	size_t len;

	tag = behind(&file, behind(&file, stanza, ' '), ' ');
	end = behind(&file, tag, '\n') - 1;
	len = (size_t)snprintf(line, sizeof(line), "%.*s%s%.*s\nAAAA%0*d\n",
	    (int)(tag - stanza), stanza, named ? "" : "AAAAAA",
	    (int)(end - tag) - (named ? 0 : 6), named ? tag : tag + 6, 39, 0);
	CHECK_OK(slu_buf_add(&out, text, (size_t)(stanza - text)));
	for (size_t i = 0; i < n; i++)
		CHECK_OK(slu_buf_add(&out, line, len));
	CHECK_OK(slu_buf_add(&out, stanza, file.len - (size_t)(stanza - text)));
	slu_buf_free(&file);
	return out;
}

static void
stanzas_that_name_a_key_are_tried_up_to_a_limit(void **state)
{
	static const char *const public[] = { ED_PUBLIC, RSA_PUBLIC };
	slu_buf file;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		file = seal_behind(public[i], 15, true);
		CHECK_IS(
		    SLU_ERR_AUTH, open_with(&file, holder_of(keys[i].secret)));
		file = seal_behind(public[i], 16, true);
		CHECK_IS(
		    SLU_ERR_LIMIT, open_with(&file, holder_of(keys[i].secret)));
		CHECK_WORDS("unseal: more than 16 stanzas name one ssh key");
		file = seal_behind(public[i], 100, false);
		CHECK_IS(
		    SLU_ERR_AUTH, open_with(&file, holder_of(keys[i].secret)));
	}
}

static void
the_public_half_of_a_secret_key_is_that_of_its_file(void **state)
{
	slu_buf out = { .limit = 4096 };
	slu_identities *ids;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		ids = holder_of(keys[i].secret);
		CHECK_OK(slu_identities_recipients(ids, &out));
		slu_identities_free(ids);
		/* Without the comment, and with a newline. */
		CHECK(strncmp(keys[i].public, (const char *)slu_buf_front(&out),
			  out.len - 1) == 0);
		CHECK(keys[i].public[out.len - 1] == ' ' ||
		      keys[i].public[out.len - 1] == '\0');
		slu_buf_free(&out);
	}
}

static slu_status
read_secret(const char *text, size_t len)
{
	slu_identities *ids = NULL;
	slu_status st;

	CHECK_OK(slu_identities_new(&ids));
	st = slu_identities_key(ids, text, len);
	slu_identities_free(ids);
	return st;
}

static void
a_private_key_that_was_cut_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(keys[i].secret);

		/* But for its last newline. */
		for (size_t n = 0; n < len - 1; n += i == 0 ? 1 : 7)
			CHECK_IS(
			    SLU_ERR_FORMAT, read_secret(keys[i].secret, n));
		CHECK_OK(read_secret(keys[i].secret, len - 1));
	}
}

/* What is not checked is the comment alone, and RSA's numbers not all. */
static void
a_private_key_that_was_changed_is_refused(void **state)
{
	size_t len = strlen(ED_PRIVATE), taken = 0;
	char text[] = ED_PRIVATE;

	(void)state;
	for (size_t at = 0; at < len; at++) {
		char was = text[at];

		if (was == '\n')
			continue;
		text[at] = was == 'A' ? 'B' : 'A';
		taken += read_secret(text, len) == SLU_OK;
		text[at] = was;
	}
	/* The comment has nine bytes, which are in 13 characters at most. */
	CHECK(taken > 0 && taken <= 13);
}

static void
what_protects_a_key_is_said(void **state)
{
	(void)state;
	CHECK_IS(SLU_ERR_NO_MATCH,
	    read_secret(LOCKED_PRIVATE, strlen(LOCKED_PRIVATE)));
	CHECK_WORDS("that a passphrase protects");
	CHECK_IS(SLU_ERR_FORMAT,
	    read_secret("-----BEGIN DSA PRIVATE KEY-----\n", 32));
	CHECK_WORDS("neither in OpenSSH's form nor a private key of RSA");
}

static slu_status
read_public(const char *text)
{
	slu_recipients *r = NULL;
	slu_status st;

	CHECK_OK(slu_recipients_new(&r));
	st = slu_recipients_key(r, text, strlen(text));
	slu_recipients_free(r);
	return st;
}

static void
a_public_key_that_is_malformed_is_refused(void **state)
{
	static const char *const bad[][2] = {
		{ "ssh-ed25519", "malformed" },
		{ "ssh-ed25519 ", "malformed" },
		{ "ssh-ed25519 AAAA", "malformed" },
		{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==", "malformed" },
		/* Of the other type; with bytes behind; with a letter more. */
		{ "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAIAAAAAAAAAAAAAAAAAAAAAAA"
		  "AAAAAAAAAAAAAAAAAAAA",
		    "malformed" },
		{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAIAAAAAAAAAAAAAAAAAAA"
		  "AAAAAAAAAAAAAAAAAAAAAAAAAA",
		    "malformed" },
		{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAIAAAAAAAAAAAAAAAAAAA"
		  "AAAAAAAAAAAAAAAAAAAAAAA",
		    "malformed" },
		{ SMALL_PUBLIC, "a key of 1024 bits, not of 2048 to 16384" },
		{ EC_PUBLIC, "an ssh key of type ecdsa-sha2-nistp256, not "
			     "ssh-ed25519 or "
			     "ssh-rsa" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_IS(SLU_ERR_FORMAT, read_public(bad[i][0]));
		CHECK_WORDS(bad[i][1]);
	}
}

/* Of low order; not on the curve; y of p or more. */
static void
a_point_that_nobody_should_have_is_refused(void **state)
{
	static const char *const points[] = {
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAA",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOz/////////////////////"
		"//////////////////9/",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAA",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICbolY/CsiewRcP0ifLvmPDV"
		"36wF08YzObE4AohtU/wF",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMcXanA9TdhPujwLdg0QZw8q"
		"IFP6LDnMxk7H/XeSrAN6",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAIAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAA",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3/////////////////////"
		"//////////////////9/",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO7/////////////////////"
		"//////////////////9/"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		CHECK_IS(SLU_ERR_FORMAT, read_public(points[i]));
		CHECK_WORDS("point");
	}
}

static void
a_malformed_stanza_is_refused_whoever_opens_the_file(void **state)
{
#define V1 "age-encryption.org/v1\n"
#define END "\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
#define ZERO "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	static const char *const bad[][2] = {
		{ V1 "-> ssh-ed25519\n" ZERO END, "lacks an argument" },
		{ V1 "-> ssh-ed25519 AAAAAA\n" ZERO END, "lacks an argument" },
		{ V1 "-> ssh-ed25519 AAAAA " ZERO "\n" ZERO END, "tag" },
		{ V1 "-> ssh-ed25519 AAAAAA " ZERO " x\n" ZERO END,
		    "too many" },
		{ V1 "-> ssh-ed25519 AAAAAA AAAA\n" ZERO END, "the share" },
		{ V1 "-> ssh-ed25519 AAAAAA " ZERO "\nAAAA" END,
		    "body is not 32 bytes" },
		{ V1 "-> ssh-rsa\n" ZERO END, "lacks an argument" },
		{ V1 "-> ssh-rsa AAAAAB\n" ZERO END, "tag" },
		{ V1 "-> ssh-rsa AAAAAA x\n" ZERO END, "too many" },
	};
	slu_buf file = { .limit = 4096 };
	slu_identities *ids;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_OK(slu_buf_add(&file, bad[i][0], strlen(bad[i][0])));
		ids = NULL;
		CHECK_OK(slu_identities_new(&ids));
		CHECK_IS(SLU_ERR_FORMAT, open_with(&file, ids));
		CHECK_WORDS("unseal: damaged header at byte ");
		CHECK_WORDS(bad[i][1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_age_sealed_for_an_ssh_key_opens),
		cmocka_unit_test(what_is_sealed_for_ssh_keys_opens_with_each),
		cmocka_unit_test(a_wrapped_key_that_was_changed_is_no_match),
		cmocka_unit_test(
		    stanzas_that_name_a_key_are_tried_up_to_a_limit),
		cmocka_unit_test(
		    the_public_half_of_a_secret_key_is_that_of_its_file),
		cmocka_unit_test(a_private_key_that_was_cut_is_refused),
		cmocka_unit_test(a_private_key_that_was_changed_is_refused),
		cmocka_unit_test(what_protects_a_key_is_said),
		cmocka_unit_test(a_public_key_that_is_malformed_is_refused),
		cmocka_unit_test(a_point_that_nobody_should_have_is_refused),
		cmocka_unit_test(
		    a_malformed_stanza_is_refused_whoever_opens_the_file),
	};

	return cmocka_run_group_tests_name("ssh", tests, NULL, NULL);
}
