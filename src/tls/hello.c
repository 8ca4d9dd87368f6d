/* SPDX-License-Identifier: ISC */
#include "hello.h"

#include <string.h>

#define HOST_NAME 0 /* the only kind of name there is */

static size_t
number16(const unsigned char *p)
{
	return (size_t)p[0] << 8 | p[1];
}

static slu_status
malformed(const char *what)
{
	return slu_fail(
	    SLU_ERR_FORMAT, "tls: the client's %s are malformed", what);
}

/*
 * Copy a name in small letters; it goes into messages and file names, so that
 * a dot follows something else.
 */
static slu_status
take_name(slu_tls_hello *out, const unsigned char *p, size_t len)
{
	unsigned char c;

	if (len > SLU_HELLO_NAME_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "tls: the client asks for a name of more than %d bytes",
		    SLU_HELLO_NAME_MAX);
	for (size_t i = 0; i < len; i++) {
		c = p[i];
		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c - 'A' + 'a');
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '_' &&
		    !(c == '.' && i > 0 && p[i - 1] != '.'))
			return slu_fail(SLU_ERR_AUTH,
			    "tls: the client asks for what is no name");
		out->name[i] = (char)c;
	}
	out->name[len] = '\0';
	return SLU_OK;
}

/* RFC 6066, section 3: a list of names, of each kind at most one. */
static slu_status
read_names(slu_tls_hello *out, const unsigned char *p, size_t len)
{
	slu_status st;
	size_t n;

	if (len < 2 || number16(p) != len - 2 || len == 2)
		return malformed("names");
	for (p += 2, len -= 2; len > 0; p += 3 + n, len -= 3 + n) {
		if (len < 3)
			return malformed("names");
		n = number16(p + 1);
		if (n == 0 || n > len - 3)
			return malformed("names");
		if (p[0] != HOST_NAME)
			continue;
		if (out->name[0] != '\0')
			return malformed("names");
		st = take_name(out, p + 3, n);
		if (st)
			return st;
	}
	return SLU_OK;
}

/* RFC 7301, section 3.1: a list of names, none of them empty. */
static slu_status
read_protocols(slu_tls_hello *out, const unsigned char *p, size_t len)
{
	if (len < 2 || number16(p) != len - 2 || len == 2)
		return malformed("protocols");
	p += 2;
	len -= 2;
	if (len > SLU_TLS_HELLO_ALPN_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "tls: the client's protocols take more than %d bytes",
		    SLU_TLS_HELLO_ALPN_MAX);
	for (size_t i = 0; i < len; i += (size_t)1 + p[i])
		if (p[i] == 0 || p[i] >= len - i)
			return malformed("protocols");
	memcpy(out->alpn, p, len);
	out->alpn_len = len;
	return SLU_OK;
}

slu_status
slu_hello_read(slu_tls_hello *out, const unsigned char *name, size_t name_len,
    const unsigned char *alpn, size_t alpn_len)
{
	slu_status st = SLU_OK;

	out->name[0] = '\0';
	out->alpn_len = 0;
	if (name != NULL)
		st = read_names(out, name, name_len);
	if (st == SLU_OK && alpn != NULL)
		st = read_protocols(out, alpn, alpn_len);
	return st;
}

bool
slu_hello_same(const slu_tls_hello *a, const slu_tls_hello *b)
{
	return strcmp(a->name, b->name) == 0 && a->alpn_len == b->alpn_len &&
	       memcmp(a->alpn, b->alpn, a->alpn_len) == 0;
}
