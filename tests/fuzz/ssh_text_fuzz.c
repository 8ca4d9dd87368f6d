/* SPDX-License-Identifier: ISC */
/*
 * What is fed is ssh's key: a line that is public, and the bytes of a file
 * that is private, which are put into base64 first, as nothing would get
 * through it else.  A secret key that is taken has a public half that is
 * taken too.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seal/raw64.h"
#include "seal/ssh_file.h"
#include "seal/ssh_text.h"

#define ROOM ((size_t)16 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

/* A private key's file that holds these bytes. */
static void
make_file(slu_buf *text, const uint8_t *data, size_t size)
{
	static const char end[] = "\n-----END OPENSSH PRIVATE KEY-----\n";
	char group[4];
	size_t n;

	add(text, SLU_SSH_PRIVATE "\n", strlen(SLU_SSH_PRIVATE) + 1);
	for (size_t i = 0; i < size; i += n) {
		n = size - i < 3 ? size - i : 3;
		memset(group, '=', sizeof(group));
		slu_raw64_encode(group, data + i, n);
		add(text, group, sizeof(group));
	}
	add(text, end, sizeof(end) - 1);
}

static void
must_have_a_public_half(const slu_key *secret)
{
	slu_buf name = { .limit = ROOM };
	slu_key key = SLU_KEY_NONE;
	slu_status st;

	must(
	    secret->kind->name(slu_buf_front(&secret->bytes), &name) == SLU_OK);
	st = slu_ssh_read_public(
	    &key, (const char *)slu_buf_front(&name), name.len);
	must(st == SLU_OK && key.kind == secret->kind);
	slu_buf_free(&key.bytes);
	slu_buf_free(&name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slu_key public = SLU_KEY_NONE, secret = SLU_KEY_NONE;
	slu_buf text = { .limit = 4 * ROOM };
	slu_status st;

	if (size > ROOM)
		return 0;
	st = slu_ssh_read_public(&public, (const char *)data, size);
	must(st == SLU_OK || st == SLU_ERR_FORMAT || st == SLU_ERR_LIMIT);
	make_file(&text, data, size);
	st = slu_ssh_read_private(
	    &secret, (const char *)slu_buf_front(&text), text.len);
	must(st == SLU_OK || st == SLU_ERR_FORMAT || st == SLU_ERR_LIMIT ||
	     st == SLU_ERR_NO_MATCH);
	if (st == SLU_OK)
		must_have_a_public_half(&secret);
	slu_buf_free(&public.bytes);
	slu_buf_free(&secret.bytes);
	slu_buf_free(&text);
	return 0;
}
