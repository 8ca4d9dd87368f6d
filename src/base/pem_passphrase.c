/* SPDX-License-Identifier: ISC */
#include "pem_passphrase.h"

#include <string.h>

#include "sluice/buf.h"

int
slu_pem_passphrase(char *buf, int size, int rwflag, void *arg)
{
	const slu_buf *passphrase = arg;

	(void)rwflag;
	if (passphrase->len > (size_t)size)
		return -1;
	memcpy(buf, slu_buf_front(passphrase), passphrase->len);
	return (int)passphrase->len;
}
