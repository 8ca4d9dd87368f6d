/* SPDX-License-Identifier: ISC */
/* Whom a config trusts: roots are read at once, and used once it is. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bio/raw.h"
#include "fault.h"
#include "pem.h"
#include "sluice/file.h"
#include "tls_config_internal.h"

static slu_status
add_root(STACK_OF(X509) * roots, slu_pem *pem)
{
	slu_status st;
	X509 *root;

	if (slu_pem_is_private_key(pem))
		return slu_fail(SLU_ERR_FORMAT,
		    "tls: %s: a private key is in it, which does not belong "
		    "among those that are trusted",
		    pem->name);
	if (!slu_pem_is_certificate(pem))
		return slu_fail(SLU_ERR_FORMAT,
		    "tls: %s: something else than certificates is in it",
		    pem->name);
	if (sk_X509_num(roots) >= SLU_TLS_ROOTS_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "tls: %s: more than %d certificates to trust", pem->name,
		    SLU_TLS_ROOTS_MAX);
	st = slu_pem_certificate(pem, &root);
	if (st == SLU_OK && sk_X509_push(roots, root) == 0) {
		X509_free(root);
		st = slu_tls_no_memory();
	}
	return st;
}

/* Read what `pem` holds, and close it. */
static slu_status
add_roots(STACK_OF(X509) * roots, slu_pem *pem)
{
	int before = sk_X509_num(roots);
	slu_status st;

	while ((st = slu_pem_next(pem)) == SLU_OK) {
		st = add_root(roots, pem);
		if (st)
			break;
	}
	if (st == SLU_EOF)
		st = sk_X509_num(roots) > before
			 ? SLU_OK
			 : slu_fail(SLU_ERR_FORMAT,
			       "tls: %s: no certificate is in it", pem->name);
	slu_pem_close(pem);
	return st;
}

/* Begin a stack that unite ends, where `cfg` can still be changed. */
static slu_status
begin(slu_tls_config *cfg, STACK_OF(X509) * *more)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	*more = sk_X509_new_null();
	return *more == NULL ? slu_tls_no_memory() : SLU_OK;
}

/* Trust all of `more` or, where memory runs out, none; and free it. */
static slu_status
unite(slu_tls_config *cfg, STACK_OF(X509) * more, slu_status st)
{
	if (st == SLU_OK && sk_X509_reserve(cfg->roots, sk_X509_num(more)) == 0)
		st = slu_tls_no_memory();
	while (st == SLU_OK && sk_X509_num(more) > 0)
		(void)sk_X509_push(cfg->roots, sk_X509_shift(more));
	sk_X509_pop_free(more, X509_free);
	return st;
}

slu_status
slu_tls_config_trust_system(slu_tls_config *cfg)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st == SLU_OK)
		cfg->system_roots = true;
	return st;
}

static slu_status
read_file(STACK_OF(X509) * roots, const char *path)
{
	slu_pem pem;
	slu_status st = slu_pem_open_file(&pem, path, SLU_TLS_TRUST_FILE_MAX);

	return st ? st : add_roots(roots, &pem);
}

slu_status
slu_tls_config_trust_file(slu_tls_config *cfg, const char *path)
{
	STACK_OF(X509) * roots;
	slu_status st = begin(cfg, &roots);

	return st ? st : unite(cfg, roots, read_file(roots, path));
}

slu_status
slu_tls_config_trust_memory(slu_tls_config *cfg, const void *text, size_t len)
{
	STACK_OF(X509) * roots;
	slu_pem pem;
	slu_status st = begin(cfg, &roots);

	if (st)
		return st;
	st = slu_pem_open_memory(&pem, "the certificates in memory", text, len,
	    SLU_TLS_TRUST_FILE_MAX);
	if (st == SLU_OK)
		st = add_roots(roots, &pem);
	return unite(cfg, roots, st);
}

/* Beside them there may be a README, and links by hash to the same files. */
static int
is_of_certificates(const struct dirent *e)
{
	static const char *const ends[] = { ".pem", ".crt", ".cer" };
	size_t len = strlen(e->d_name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (e->d_name[0] != '.' && len > 4 &&
		    strcmp(e->d_name + len - 4, ends[i]) == 0)
			return 1;
	return 0;
}

static slu_status
read_folder(STACK_OF(X509) * roots, const char *folder)
{
	char path[SLU_PATH_MAX];
	struct dirent **names;
	slu_status st = SLU_OK;
	int n = scandir(folder, &names, is_of_certificates, alphasort), len;

	if (n < 0)
		return slu_raw_failed("tls", folder);
	for (int i = 0; i < n; i++) {
		len = snprintf(
		    path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		if (st == SLU_OK && len >= (int)sizeof(path))
			st = slu_fail(SLU_ERR_LIMIT, "tls: a path is too long");
		if (st == SLU_OK)
			st = read_file(roots, path);
		free(names[i]);
	}
	free(names);
	if (st == SLU_OK && n == 0)
		st = slu_fail(SLU_ERR_FORMAT,
		    "tls: %s: no file of certificates is in it", folder);
	return st;
}

slu_status
slu_tls_config_trust_dir(slu_tls_config *cfg, const char *path)
{
	STACK_OF(X509) * roots;
	slu_status st = begin(cfg, &roots);

	return st ? st : unite(cfg, roots, read_folder(roots, path));
}

slu_status
slu_tls_config_trust_pin(
    slu_tls_config *cfg, const unsigned char pin[SLU_TLS_PIN])
{
	unsigned char(*pins)[SLU_TLS_PIN];
	slu_status st = slu_tls_config_open(cfg);

	if (st)
		return st;
	if (cfg->pin_count == SLU_TLS_PINS_MAX)
		return slu_fail(
		    SLU_ERR_LIMIT, "tls: more than %d pins", SLU_TLS_PINS_MAX);
	pins = realloc(cfg->pins, (cfg->pin_count + 1) * sizeof(*pins));
	if (pins == NULL)
		return slu_tls_no_memory();
	cfg->pins = pins;
	memcpy(pins[cfg->pin_count++], pin, SLU_TLS_PIN);
	return SLU_OK;
}

slu_status
slu_tls_config_only_pins(slu_tls_config *cfg)
{
	slu_status st = slu_tls_config_open(cfg);

	if (st == SLU_OK)
		cfg->only_pins = true;
	return st;
}
