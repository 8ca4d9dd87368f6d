/* SPDX-License-Identifier: ISC */
#include "sluice/key.h"

#include "sluice/rand.h"
#include "sluice/secret.h"
#include "x25519.h"

slu_status
slu_key_new(slu_buf *out)
{
	char text[SLU_X25519_SECRET_CHARS + 1];
	unsigned char secret[SLU_POINT];
	slu_status st;

	slu_rand_key(secret, sizeof(secret));
	slu_bech32_encode(text, SLU_X25519_SECRET_NAME, secret, sizeof(secret));
	st = slu_buf_add(out, text, SLU_X25519_SECRET_CHARS);
	slu_wipe(secret, sizeof(secret));
	slu_wipe(text, sizeof(text));
	return st;
}
