/* SPDX-License-Identifier: ISC */
/*
 * A name in a certificate may hold any bytes.  OpenSSL escapes what would
 * confuse a reader of the name; what would confuse a terminal, or whoever
 * looks at it, is escaped here.
 */
#define _POSIX_C_SOURCE 200809L

#include "cert_text.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SERIAL_MAX 20 /* RFC 5280, section 4.1.2.2 */

/* Whether a character shows as itself, and as itself only. */
static bool
is_plain(unsigned long c)
{
	return c >= 0x20 && !(c >= 0x7f && c < 0xa0) && c != 0x61c &&
	       c != 0x200e && c != 0x200f && !(c >= 0x2028 && c <= 0x202e) &&
	       !(c >= 0x2066 && c <= 0x2069) && c != 0xfeff &&
	       !(c >= 0xd800 && c <= 0xdfff) && c <= 0x10ffff;
}

/* How many bytes at `p` may stand as they are; 0: the first may not. */
static size_t
plain_bytes(const unsigned char *p, size_t left, const char *special)
{
	unsigned long c;
	int n = UTF8_getc(p, left > 8 ? 8 : (int)left, &c);

	if (n <= 0 || !is_plain(c) || (c < 0x80 && strchr(special, (int)c)))
		return 0;
	return (size_t)n;
}

/* Copy a text, with what is not plain, or is `special`, as \XX. */
static char *
plain_text(const unsigned char *p, size_t len, const char *special)
{
	char *out = malloc(3 * len + 1), *at = out;
	size_t n;

	if (out == NULL)
		return NULL;
	while (len > 0) {
		n = plain_bytes(p, len, special);
		if (n > 0) {
			memcpy(at, p, n);
			at += n;
		} else {
			n = 1;
			at += sprintf(at, "\\%02X", *p);
		}
		p += n;
		len -= n;
	}
	*at = '\0';
	return out;
}

char *
slu_cert_text_name(const X509_NAME *name)
{
	const unsigned long flags =
	    (XN_FLAG_RFC2253 | ASN1_STRFLGS_UTF8_CONVERT) &
	    ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
	BIO *mem = BIO_new(BIO_s_mem());
	char *p, *out = NULL;
	long len;

	if (mem == NULL)
		return NULL;
	if (X509_NAME_print_ex(mem, name, 0, flags) < 0)
		goto out;
	len = BIO_get_mem_data(mem, &p);
	out = plain_text((unsigned char *)p, len > 0 ? (size_t)len : 0, "");
out:
	BIO_free(mem);
	return out;
}

static char *
string_text(const ASN1_STRING *s)
{
	return plain_text(
	    ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s), "\\");
}

static char *
bytes_text(const unsigned char *p, size_t len)
{
	char *out = malloc(3 * len + 1);

	if (out == NULL)
		return NULL;
	*out = '\0';
	for (size_t i = 0; i < len; i++)
		sprintf(out + (i == 0 ? 0 : 3 * i - 1),
		    i == 0 ? "%02x" : ":%02x", p[i]);
	return out;
}

static char *
address_text(const ASN1_OCTET_STRING *ip)
{
	char text[INET6_ADDRSTRLEN];
	int len = ASN1_STRING_length(ip);
	int family = len == 4 ? AF_INET : len == 16 ? AF_INET6 : AF_UNSPEC;

	if (family != AF_UNSPEC && inet_ntop(family, ASN1_STRING_get0_data(ip),
				       text, sizeof(text)) != NULL)
		return plain_text((unsigned char *)text, strlen(text), "");
	return bytes_text(ASN1_STRING_get0_data(ip), (size_t)len);
}

static char *
object_text(const ASN1_OBJECT *object)
{
	char text[128] = "";

	if (object != NULL)
		(void)OBJ_obj2txt(text, sizeof(text), object, 1);
	return plain_text((unsigned char *)text, strlen(text), "");
}

char *
slu_cert_text_general(const GENERAL_NAME *name, slu_certificate_kind *kind)
{
	int type;
	void *value = GENERAL_NAME_get0_value(name, &type);

	switch (type) {
	case GEN_DNS: *kind = SLU_CERTIFICATE_DNS; return string_text(value);
	case GEN_IPADD: *kind = SLU_CERTIFICATE_IP; return address_text(value);
	case GEN_EMAIL:
		*kind = SLU_CERTIFICATE_EMAIL;
		return string_text(value);
	case GEN_URI: *kind = SLU_CERTIFICATE_URI; return string_text(value);
	case GEN_DIRNAME:
		*kind = SLU_CERTIFICATE_DIRECTORY;
		return slu_cert_text_name(value);
	case GEN_OTHERNAME:
		*kind = SLU_CERTIFICATE_OTHER;
		return object_text(((OTHERNAME *)value)->type_id);
	case GEN_RID: *kind = SLU_CERTIFICATE_OTHER; return object_text(value);
	default: *kind = SLU_CERTIFICATE_OTHER; return object_text(NULL);
	}
}

char *
slu_cert_text_serial(const ASN1_INTEGER *serial)
{
	const unsigned char *p = ASN1_STRING_get0_data(serial);
	size_t len = (size_t)ASN1_STRING_length(serial);

	return bytes_text(p, len < SERIAL_MAX ? len : SERIAL_MAX);
}
