/* SPDX-License-Identifier: ISC */
#include "pem.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "sluice/copy.h"
#include "sluice/file.h"
#include "sluice/mem.h"
#include "sluice/secret.h"

/* The name in words: the end of a long one, and nothing that moves a cursor. */
static void
set_name(slu_pem *pem, const char *name)
{
	size_t len = strlen(name);

	if (len < sizeof(pem->name))
		strcpy(pem->name, name);
	else
		snprintf(pem->name, sizeof(pem->name), "...%s",
		    name + len - (sizeof(pem->name) - 4));
	for (char *c = pem->name; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
}

static slu_status
too_large(const slu_pem *pem, size_t max)
{
	return slu_fail(SLU_ERR_LIMIT, "tls: %s: larger than %zu KiB",
	    pem->name, max / 1024);
}

/* Lend `len` bytes of text to what reads the blocks. */
static slu_status
begin(slu_pem *pem, const void *text, size_t len)
{
	pem->in = BIO_new_mem_buf(len == 0 ? "" : text, (int)len);
	return pem->in == NULL ? slu_tls_no_memory() : SLU_OK;
}

slu_status
slu_pem_open_file(slu_pem *pem, const char *path, size_t max)
{
	slu_bio *src = NULL, *dst = NULL;
	slu_status st;

	*pem = (slu_pem){ .text = { .limit = max } };
	set_name(pem, path);
	st = slu_file_open(&src, path);
	if (st == SLU_OK)
		st = slu_mem_open(&dst, &pem->text);
	if (st == SLU_OK)
		st = slu_bio_copy(dst, src);
	if (st == SLU_ERR_LIMIT)
		st = too_large(pem, max);
	slu_bio_free(src);
	slu_bio_free(dst);
	if (st == SLU_OK)
		st = begin(pem, slu_buf_front(&pem->text), pem->text.len);
	if (st)
		slu_pem_close(pem);
	return st;
}

slu_status
slu_pem_open_memory(
    slu_pem *pem, const char *name, const void *text, size_t len, size_t max)
{
	*pem = (slu_pem){ 0 };
	set_name(pem, name);
	return len > max ? too_large(pem, max) : begin(pem, text, len);
}

static void
drop_block(slu_pem *pem)
{
	/* A key's header and bytes; allocated secure if anything is. */
	if (pem->data != NULL)
		slu_wipe(pem->data, (size_t)pem->len);
	OPENSSL_secure_free(pem->data);
	OPENSSL_secure_free(pem->label);
	OPENSSL_secure_free(pem->header);
	pem->data = NULL;
	pem->label = pem->header = NULL;
	pem->len = 0;
}

void
slu_pem_close(slu_pem *pem)
{
	drop_block(pem);
	BIO_free(pem->in);
	pem->in = NULL;
	slu_buf_free(&pem->text);
}

slu_status
slu_pem_next(slu_pem *pem)
{
	unsigned long err;

	drop_block(pem);
	ERR_clear_error();
	if (PEM_read_bio_ex(pem->in, &pem->label, &pem->header, &pem->data,
		&pem->len, PEM_FLAG_SECURE | PEM_FLAG_EAY_COMPATIBLE) == 1)
		return SLU_OK;
	err = ERR_peek_last_error();
	ERR_clear_error();
	if (ERR_GET_REASON(err) == PEM_R_NO_START_LINE)
		return SLU_EOF;
	if (ERR_GET_REASON(err) == ERR_R_MALLOC_FAILURE)
		return slu_tls_no_memory();
	return slu_fail(SLU_ERR_FORMAT,
	    "tls: %s: a block of PEM in it is broken", pem->name);
}

void
slu_pem_rewind(slu_pem *pem)
{
	drop_block(pem);
	(void)BIO_reset(pem->in);
}

bool
slu_pem_is_certificate(const slu_pem *pem)
{
	return strcmp(pem->label, PEM_STRING_X509) == 0 ||
	       strcmp(pem->label, PEM_STRING_X509_OLD) == 0;
}

bool
slu_pem_is_private_key(const slu_pem *pem)
{
	static const char end[] = "PRIVATE KEY";
	size_t len = strlen(pem->label);

	return len >= sizeof(end) - 1 &&
	       strcmp(pem->label + len - (sizeof(end) - 1), end) == 0;
}

slu_status
slu_pem_certificate(const slu_pem *pem, X509 **out)
{
	const unsigned char *p = pem->data;

	*out = d2i_X509(NULL, &p, pem->len);
	if (*out != NULL && p == pem->data + pem->len) {
		/* Looked at now, and not by several threads at first use. */
		(void)X509_check_purpose(*out, -1, 0);
		ERR_clear_error();
		return SLU_OK;
	}
	ERR_clear_error();
	X509_free(*out);
	*out = NULL;
	return slu_fail(SLU_ERR_FORMAT,
	    "tls: %s: a certificate in it is broken", pem->name);
}
