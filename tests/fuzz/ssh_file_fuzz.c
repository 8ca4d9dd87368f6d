/* SPDX-License-Identifier: ISC */
/*
 * What is fed is what a private key's file protects.  It is put into a file
 * twice, as it is and encrypted: the passphrase opens the second to what the
 * first one holds, whatever that is, and no other passphrase opens it, nor does
 * this one once something of it was changed that a tag authenticates.  In the
 * place of bcrypt, which takes its time, stands what takes none.
 *
 * The first byte chooses the cipher, the second what is changed, and two more
 * say how long the public half is.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "seal/raw64.h"
#include "seal/ssh_file.h"

#define ROOM ((size_t)16 * 1024)
#define TAG 16 /* bytes */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct way {
	const char *name;
	const EVP_CIPHER *(*evp)(void);
	size_t key;
	bool tag;
} ways[] = {
	{ "aes256-ctr", EVP_aes_256_ctr, 32, false },
	{ "aes256-cbc", EVP_aes_256_cbc, 32, false },
	{ "aes256-gcm@openssh.com", EVP_aes_256_gcm, 32, true },
	{ "aes192-ctr", EVP_aes_192_ctr, 24, false },
	{ "aes128-cbc", EVP_aes_128_cbc, 16, false },
	{ "aes128-gcm@openssh.com", EVP_aes_128_gcm, 16, true },
};

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
add(slu_buf *to, const void *data, size_t len)
{
	must(slu_buf_add(to, data, len) == SLU_OK);
}

static int
derive(const char *algorithm, size_t rounds, size_t second, size_t third,
    uint8_t *out, size_t out_len, const char *passphrase, size_t passphrase_len,
    const uint8_t *salt, size_t salt_len)
{
	must(strcmp(algorithm, "Bcrypt-PBKDF") == 0 && rounds == 7 &&
	     second == 0 && third == 0 && salt_len == 4 &&
	     memcmp(salt, "salt", 4) == 0 && out_len <= SLU_SSH_SECRET_MAX);
	for (size_t i = 0; i < out_len; i++)
		out[i] =
		    (uint8_t)(i * 3 ^ (uint8_t)passphrase[i % passphrase_len]);
	return 0;
}

static const slu_bcrypt quick = { .derive = derive };

/* What is to be protected, in whole blocks. */
static void
encrypt(slu_buf *out, const struct way *w, slu_buf *plain)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char secret[SLU_SSH_SECRET_MAX], tag[TAG];
	size_t len = w->key + (w->tag ? 12 : 16);
	unsigned char *at = plain->mem + plain->off;
	int n, end;

	must(derive("Bcrypt-PBKDF", 7, 0, 0, secret, len, "right", 5,
		 (const uint8_t *)"salt", 4) == 0);
	must(EVP_EncryptInit_ex2(
		 ctx, w->evp(), secret, secret + w->key, NULL) == 1 &&
	     EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
	     EVP_EncryptUpdate(ctx, at, &n, at, (int)plain->len) == 1 &&
	     EVP_EncryptFinal_ex(ctx, at + n, &end) == 1 && end == 0);
	must(slu_ssh_put(out, at, plain->len) == SLU_OK);
	if (w->tag) {
		must(EVP_CIPHER_CTX_ctrl(
			 ctx, EVP_CTRL_AEAD_GET_TAG, TAG, tag) == 1);
		add(out, tag, sizeof(tag));
	}
	EVP_CIPHER_CTX_free(ctx);
}

/* A private key's file that holds these bytes. */
static void
spell(slu_buf *text, slu_buf *file)
{
	static const char end[] = "\n-----END OPENSSH PRIVATE KEY-----\n";
	unsigned char bytes[3];
	char group[4];
	size_t n;

	add(text, SLU_SSH_PRIVATE "\n", strlen(SLU_SSH_PRIVATE) + 1);
	while ((n = slu_buf_take(file, bytes, sizeof(bytes))) > 0) {
		memset(group, '=', sizeof(group));
		slu_raw64_encode(group, bytes, n);
		add(text, group, sizeof(group));
	}
	add(text, end, sizeof(end) - 1);
	slu_buf_free(file);
}

static void
put_text(slu_buf *file, const char *text)
{
	must(slu_ssh_put(file, text, strlen(text)) == SLU_OK);
}

struct fed {
	const struct way *way;
	unsigned change;
	const uint8_t *public, *inside;
	size_t public_len, inside_len;
};

/* The file as it is where `way` is NULL, or else encrypted. */
static void
make_file(slu_buf *text, const struct fed *f, const struct way *way)
{
	slu_buf file = { .limit = 4 * ROOM }, plain = { .limit = 4 * ROOM };

	add(&file, "openssh-key-v1", 15);
	put_text(&file, way == NULL ? "none" : way->name);
	put_text(&file, way == NULL ? "none" : "bcrypt");
	must(slu_ssh_put(&file, "\0\0\0\4salt\0\0\0\7", way == NULL ? 0 : 12) ==
	     SLU_OK);
	add(&file, "\0\0\0\1", 4);
	must(slu_ssh_put(&file, f->public, f->public_len) == SLU_OK);
	add(&plain, f->inside, f->inside_len);
	if (way == NULL)
		must(slu_ssh_put(&file, f->inside, f->inside_len) == SLU_OK);
	else
		encrypt(&file, way, &plain);
	slu_buf_free(&plain);
	spell(text, &file);
}

/* Read the file in `text`, and unlock it if that takes a passphrase. */
static slu_status
read_file(slu_buf *text, const char *passphrase, unsigned change, slu_key *key)
{
	slu_buf typed = { .limit = 100 };
	slu_ssh_file f;
	slu_status st;

	add(&typed, passphrase, strlen(passphrase));
	st =
	    slu_ssh_file_read(&f, (const char *)slu_buf_front(text), text->len);
	slu_buf_free(text);
	if (st == SLU_OK) {
		/* Lent by the file, which is ours. */
		((unsigned char *)f.secrets.data)[0] ^= (unsigned char)change;
		st = f.lock.cipher == NULL
			 ? slu_ssh_file_secret(&f, key)
			 : slu_ssh_file_unlock(&f, &quick, &typed, key);
		slu_ssh_file_free(&f);
	}
	slu_buf_free(&typed);
	return st;
}

static void
must_agree(const struct fed *f)
{
	slu_key plain = SLU_KEY_NONE, opened = SLU_KEY_NONE;
	slu_buf text = { .limit = 8 * ROOM };
	slu_status st, locked;
	bool begins;

	begins = memcmp(f->inside, f->inside + 4, 4) == 0;
	make_file(&text, f, NULL);
	st = read_file(&text, "", 0, &plain);
	make_file(&text, f, f->way);
	locked = read_file(&text, "right", 0, &opened);
	must(begins ? locked == st : locked == SLU_ERR_NO_MATCH);
	must(st != SLU_OK || begins);
	if (st == SLU_OK)
		must(plain.kind == opened.kind &&
		     plain.bytes.len == opened.bytes.len &&
		     memcmp(slu_buf_front(&plain.bytes),
			 slu_buf_front(&opened.bytes), plain.bytes.len) == 0);
	slu_buf_free(&plain.bytes);
	slu_buf_free(&opened.bytes);
}

static void
must_not_open(const struct fed *f)
{
	slu_key key = SLU_KEY_NONE;
	slu_buf text = { .limit = 8 * ROOM };

	make_file(&text, f, f->way);
	must(read_file(&text, "wrong", 0, &key) != SLU_OK);
	slu_buf_free(&key.bytes);
	key = SLU_KEY_NONE;
	if (!f->way->tag || f->change == 0)
		return;
	make_file(&text, f, f->way);
	must(read_file(&text, "right", f->change, &key) == SLU_ERR_NO_MATCH);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fed f = { 0 };

	if (size < 4 || size > ROOM)
		return 0;
	f.way = &ways[data[0] % (sizeof(ways) / sizeof(ways[0]))];
	f.change = data[1];
	f.public_len = (size_t)data[2] << 8 | data[3];
	data += 4;
	size -= 4;
	if (f.public_len > size)
		return 0;
	f.public = data;
	f.inside = data + f.public_len;
	f.inside_len = (size - f.public_len) & ~(size_t)(SLU_SSH_BLOCK - 1);
	if (f.inside_len == 0)
		return 0;
	must_agree(&f);
	must_not_open(&f);
	return 0;
}
