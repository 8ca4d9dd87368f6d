/* SPDX-License-Identifier: ISC */
/*
 * What is fed is the two extensions of a hello, the first behind its length.
 *
 * A name that is let through is fit for a file's name, and protocols are the
 * bytes that came, no more and no less.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tls/hello.h"

static void
must(bool truth)
{
	if (!truth)
		abort();
}

static void
check_name(const char *name)
{
	size_t len;

	if (name == NULL)
		return;
	len = strlen(name);
	must(len > 0 && len <= SLU_HELLO_NAME_MAX);
	must(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == len);
}

static void
check_protocols(const slu_tls_hello *h, const uint8_t *alpn, size_t len)
{
	const uint8_t *at = alpn + 2;
	const void *p;
	size_t n;

	for (size_t i = 0; (p = slu_tls_hello_alpn(h, i, &n)) != NULL; i++) {
		must(n > 0 && *at == n && memcmp(at + 1, p, n) == 0);
		at += 1 + n;
	}
	must(at == alpn + len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	slu_tls_hello h, again;
	const uint8_t *alpn;
	size_t n;

	if (size < 2)
		return 0;
	n = (size_t)data[0] << 8 | data[1];
	n = n > size - 2 ? size - 2 : n;
	alpn = data + 2 + n;
	if (slu_hello_read(&h, data + 2, n, alpn, size - 2 - n))
		return 0;
	check_name(slu_tls_hello_name(&h));
	check_protocols(&h, alpn, size - 2 - n);
	must(slu_hello_read(&again, data + 2, n, alpn, size - 2 - n) == SLU_OK);
	must(slu_hello_same(&h, &again));
	return 0;
}
