/* SPDX-License-Identifier: ISC */
#include "recipient_internal.h"

#include <stdlib.h>
#include <string.h>

#include "scrypt.h"
#include "sluice/secret.h"

struct slu_recipients {
	unsigned char *passphrase; /* owned; NULL while there is none */
	size_t len;                /* bytes of it */
	unsigned work_factor;
};

slu_status
slu_recipients_new(slu_recipients **out)
{
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return slu_fail(SLU_ERR_MEMORY, "recipients: out of memory");
	return SLU_OK;
}

slu_status
slu_recipients_passphrase(
    slu_recipients *r, const void *passphrase, size_t len, unsigned work_factor)
{
	if (work_factor == 0)
		work_factor = SLU_WORK_FACTOR_DEFAULT;
	if (work_factor < SLU_WORK_FACTOR_MIN ||
	    work_factor > SLU_WORK_FACTOR_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "recipients: a work factor of %u, not from %d to %d",
		    work_factor, SLU_WORK_FACTOR_MIN, SLU_WORK_FACTOR_MAX);
	if (len == 0 || len > SLU_PASSPHRASE_MAX)
		return slu_fail(SLU_ERR_USAGE,
		    "recipients: a passphrase of %zu bytes, not 1 to %d", len,
		    SLU_PASSPHRASE_MAX);
	if (r->passphrase != NULL)
		return slu_fail(SLU_ERR_USAGE,
		    "recipients: a passphrase has to be the only one");
	r->passphrase = malloc(len);
	if (r->passphrase == NULL)
		return slu_fail(SLU_ERR_MEMORY, "recipients: out of memory");
	memcpy(r->passphrase, passphrase, len);
	r->len = len;
	r->work_factor = work_factor;
	return SLU_OK;
}

void
slu_recipients_free(slu_recipients *r)
{
	if (r == NULL)
		return;
	slu_wipe(r->passphrase, r->len);
	free(r->passphrase);
	free(r);
}

slu_status
slu_recipients_wrap(const slu_recipients *r, slu_header *h,
    const unsigned char file_key[SLU_FILE_KEY])
{
	if (r->passphrase == NULL)
		return slu_fail(SLU_ERR_USAGE, "seal: no recipient");
	return slu_scrypt_wrap(
	    h, r->passphrase, r->len, r->work_factor, file_key);
}
