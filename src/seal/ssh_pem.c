/* SPDX-License-Identifier: ISC */
#include "ssh_pem.h"

#include <string.h>

#include "ssh_der.h"
#include "ssh_file.h"
#include "ssh_pem_lock.h"
#include "ssh_wire.h"

#define PEM_MAX ((size_t)64 * 1024) /* bytes of base64 */

static const struct {
	const char *begin, *end;
} forms[] = {
	[SLU_SSH_PEM_RSA] = { "-----BEGIN RSA PRIVATE KEY-----",
	    "-----END RSA PRIVATE KEY-----" },
	[SLU_SSH_PEM_PKCS8] = { "-----BEGIN PRIVATE KEY-----",
	    "-----END PRIVATE KEY-----" },
	[SLU_SSH_PEM_PKCS8_LOCKED] = { "-----BEGIN ENCRYPTED PRIVATE KEY-----",
	    "-----END ENCRYPTED PRIVATE KEY-----" },
};

/* What is between the first and the last line. */
static slu_status
find_body(slu_ssh_pem *p, const char **text, size_t *len)
{
	const size_t nforms = sizeof(forms) / sizeof(forms[0]);
	size_t begin, end, i;

	for (i = 0; i < nforms; i++)
		if (*len >= strlen(forms[i].begin) &&
		    memcmp(*text, forms[i].begin, strlen(forms[i].begin)) == 0)
			break;
	if (i == nforms)
		return slu_fail(SLU_ERR_FORMAT,
		    "keys: neither in OpenSSH's form nor a private key of RSA "
		    "or Ed25519 in PEM");
	p->form = (slu_ssh_pem_form)i;
	begin = strlen(forms[i].begin);
	end = strlen(forms[i].end);
	while (*len > 0 &&
	       ((*text)[*len - 1] == '\n' || (*text)[*len - 1] == '\r'))
		*len -= 1;
	if (*len < begin + end ||
	    memcmp(*text + *len - end, forms[i].end, end) != 0)
		return slu_ssh_malformed();
	*text += begin;
	*len -= begin + end;
	return SLU_OK;
}

/* Without carriage returns. */
static slu_status
take_lines(slu_buf *out, const char *text, size_t len)
{
	slu_status st = SLU_OK;

	for (size_t i = 0; i < len && st == SLU_OK; i++)
		if (text[i] != '\r')
			st = slu_buf_add(out, text + i, 1);
	return st;
}

/*
 * Lines that say how a key is encrypted, and an empty one behind, if there are
 * any (RFC 1421 section 4.4).
 */
static slu_status
take_header(slu_ssh_pem *p, slu_buf *lines)
{
	const char *text = (const char *)slu_buf_front(lines);
	size_t n = 1;

	if (p->form != SLU_SSH_PEM_RSA || memchr(text, ':', lines->len) == NULL)
		return SLU_OK;
	while (n + 1 < lines->len && (text[n] != '\n' || text[n + 1] != '\n'))
		n++;
	if (n + 1 >= lines->len || n >= sizeof(p->header) || n == 1)
		return slu_ssh_malformed();
	memcpy(p->header, text + 1, n);
	slu_buf_skip(lines, n + 1);
	return SLU_OK;
}

static slu_status
decode(slu_ssh_pem *p, const slu_buf *lines)
{
	const char *text = (const char *)slu_buf_front(lines);
	slu_buf chars = { .limit = PEM_MAX };
	slu_status st = SLU_OK;

	for (size_t i = 0; i < lines->len && st == SLU_OK; i++)
		if (text[i] != '\n')
			st = slu_buf_add(&chars, text + i, 1);
	if (st == SLU_OK)
		st = slu_ssh_decode(
		    &p->der, (const char *)slu_buf_front(&chars), chars.len);
	slu_buf_free(&chars);
	return st;
}

slu_status
slu_ssh_pem_read(slu_ssh_pem *p, const char *text, size_t len)
{
	slu_buf lines = { .limit = PEM_MAX };
	slu_status st;

	*p = (slu_ssh_pem){ .der = { .limit = PEM_MAX } };
	st = find_body(p, &text, &len);
	if (st == SLU_OK)
		st = take_lines(&lines, text, len);
	if (st == SLU_OK)
		st = take_header(p, &lines);
	if (st == SLU_OK)
		st = decode(p, &lines);
	if (st == SLU_OK)
		st = slu_ssh_pem_lock_check(p);
	slu_buf_free(&lines);
	if (st)
		slu_ssh_pem_free(p);
	return st;
}

bool
slu_ssh_pem_is_locked(const slu_ssh_pem *p)
{
	return p->form == SLU_SSH_PEM_PKCS8_LOCKED || p->header[0] != '\0';
}

slu_status
slu_ssh_pem_secret(const slu_ssh_pem *p, slu_key *key)
{
	const slu_der der = { slu_buf_front(&p->der), p->der.len };

	return p->form == SLU_SSH_PEM_RSA ? slu_ssh_der_rsa(key, der)
					  : slu_ssh_der_pkcs8(key, der);
}

void
slu_ssh_pem_free(slu_ssh_pem *p)
{
	slu_buf_free(&p->der);
	*p = (slu_ssh_pem){ 0 };
}

slu_status
slu_ssh_pem_read_private(slu_key *key, const char *text, size_t len)
{
	slu_ssh_pem p;
	slu_status st;

	st = slu_ssh_pem_read(&p, text, len);
	if (st)
		return st;
	if (slu_ssh_pem_is_locked(&p))
		st = slu_ssh_nobody_to_ask();
	else
		st = slu_ssh_pem_secret(&p, key);
	slu_ssh_pem_free(&p);
	return st;
}
