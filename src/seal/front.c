/* SPDX-License-Identifier: ISC */
#include "front.h"

#include "recipient_internal.h"
#include "sluice/rand.h"
#include "sluice/secret.h"

slu_status
slu_front_encode(
    slu_header *h, const unsigned char file_key[SLU_FILE_KEY], slu_buf *out)
{
	slu_status st;

	out->limit = SLU_HEADER_MAX;
	st = slu_header_encode(h, out);
	if (st == SLU_OK)
		st =
		    slu_kdf_mac(h->mac, file_key, slu_buf_front(out), out->len);
	if (st == SLU_OK)
		st = slu_header_encode_mac(h, out);
	if (st == SLU_ERR_LIMIT)
		return slu_fail(st, "seal: a header of more than %zu bytes",
		    SLU_HEADER_MAX);
	return st;
}

static slu_status
make_header(const slu_recipients *r, const unsigned char file_key[SLU_FILE_KEY],
    slu_buf *out)
{
	slu_header h = { 0 };
	slu_status st;

	st = slu_recipients_wrap(r, &h, file_key);
	if (st == SLU_OK)
		st = slu_front_encode(&h, file_key, out);
	slu_header_free(&h);
	return st;
}

slu_status
slu_front_make(
    const slu_recipients *r, slu_buf *out, unsigned char key[SLU_KEY_SIZE])
{
	unsigned char file_key[SLU_FILE_KEY], nonce[SLU_PAYLOAD_NONCE];
	slu_status st;

	slu_rand_key(file_key, sizeof(file_key));
	slu_rand_bytes(nonce, sizeof(nonce));
	st = make_header(r, file_key, out);
	out->limit = SLU_HEADER_MAX + sizeof(nonce);
	if (st == SLU_OK)
		st = slu_buf_add(out, nonce, sizeof(nonce));
	if (st == SLU_OK)
		st = slu_kdf_payload(key, file_key, nonce);
	slu_wipe(file_key, sizeof(file_key));
	return st;
}
