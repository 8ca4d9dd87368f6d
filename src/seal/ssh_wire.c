/* SPDX-License-Identifier: ISC */
#include "ssh_wire.h"

#include <string.h>

#include <openssl/evp.h>

#include "crypto.h"
#include "raw64.h"
#include "sluice/secret.h"

slu_status
slu_ssh_malformed(void)
{
	return slu_fail(SLU_ERR_FORMAT, "keys: an ssh key that is malformed");
}

bool
slu_ssh_u32(slu_ssh_wire *w, uint32_t *out)
{
	if (w->left < 4) {
		*w = (slu_ssh_wire){ 0 };
		return false;
	}
	*out = (uint32_t)w->at[0] << 24 | (uint32_t)w->at[1] << 16 |
	       (uint32_t)w->at[2] << 8 | w->at[3];
	w->at += 4;
	w->left -= 4;
	return true;
}

bool
slu_ssh_take(slu_ssh_wire *w, slu_ssh_string *out)
{
	uint32_t len;

	if (!slu_ssh_u32(w, &len) || len > w->left) {
		*w = (slu_ssh_wire){ 0 };
		return false;
	}
	out->data = w->at;
	out->len = len;
	w->at += len;
	w->left -= len;
	return true;
}

bool
slu_ssh_mpint(slu_ssh_wire *w, slu_ssh_string *out)
{
	if (!slu_ssh_take(w, out) || out->len == 0 || out->data[0] >= 0x80)
		return false;
	if (out->data[0] != 0)
		return true;
	if (out->len == 1 || out->data[1] < 0x80)
		return false;
	out->data++;
	out->len--;
	return true;
}

bool
slu_ssh_is(const slu_ssh_string *s, const char *text)
{
	return s->len == strlen(text) && memcmp(s->data, text, s->len) == 0;
}

slu_status
slu_ssh_put(slu_buf *out, const void *data, size_t len)
{
	const unsigned char head[4] = { (unsigned char)(len >> 24),
		(unsigned char)(len >> 16), (unsigned char)(len >> 8),
		(unsigned char)len };
	slu_status st;

	st = slu_buf_add(out, head, sizeof(head));
	return st ? st : slu_buf_add(out, data, len);
}

slu_status
slu_ssh_tag(char tag[SLU_SSH_TAG_CHARS + 1], const slu_ssh_string *public)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t len;

	if (EVP_Q_digest(NULL, "SHA256", NULL, public->data, public->len,
		digest, &len) != 1)
		return slu_crypto_failed("ssh");
	slu_raw64_encode(tag, digest, 4);
	tag[SLU_SSH_TAG_CHARS] = '\0';
	return SLU_OK;
}

slu_status
slu_ssh_is_tag(const char *tag, const slu_ssh_string *public, bool *is)
{
	char own[SLU_SSH_TAG_CHARS + 1];
	slu_status st;

	st = slu_ssh_tag(own, public);
	*is = st == SLU_OK && strcmp(own, tag) == 0;
	return st;
}

slu_status
slu_ssh_decode(slu_buf *out, const char *text, size_t len)
{
	unsigned char group[3];
	slu_status st = SLU_OK;
	size_t n = 4;

	if (len == 0 || len % 4 != 0)
		return slu_ssh_malformed();
	for (size_t i = 0; i < len && st == SLU_OK; i += 4) {
		if (i + 4 == len && text[len - 1] == '=')
			n = text[len - 2] == '=' ? 2 : 3;
		st = slu_raw64_decode(group, text + i, n)
			 ? slu_buf_add(out, group, n - 1)
			 : slu_ssh_malformed();
	}
	slu_wipe(group, sizeof(group));
	return st;
}

slu_status
slu_ssh_line(slu_buf *out, const char *type, const slu_ssh_string *public)
{
	char group[4];
	slu_status st;
	size_t n;

	st = slu_buf_add(out, type, strlen(type));
	if (st == SLU_OK)
		st = slu_buf_add(out, " ", 1);
	for (size_t i = 0; i < public->len && st == SLU_OK; i += n) {
		n = public->len - i < 3 ? public->len - i : 3;
		memset(group, '=', sizeof(group));
		slu_raw64_encode(group, public->data + i, n);
		st = slu_buf_add(out, group, sizeof(group));
	}
	return st;
}
