/* SPDX-License-Identifier: ISC */
/*
 * hash_internal.h: what a slu_hash is made of, for the rooms that make one.
 *
 * A digest and a MAC differ in the functions of libcrypto that do the work;
 * all else about them is the same, and is in hash.c.
 */
#ifndef SLUICE_HASH_INTERNAL_H
#define SLUICE_HASH_INTERNAL_H

#include "../base/failure.h"
#include "names.h"
#include "sluice/hash.h"

/* Where OpenSSL fails: false or NULL, and its error queue may say why. */
typedef struct slu_hash_kind {
	void *(*copy)(const void *ctx);
	void (*free)(void *ctx);  /* NULL is fine */
	bool (*start)(void *ctx); /* afresh, as it was started before */
	bool (*update)(void *ctx, const void *data, size_t len);
	bool (*finish)(void *ctx, void *out, size_t len);
} slu_hash_kind;

struct slu_hash {
	const slu_hash_kind *kind;
	void *ctx;    /* owned: what `kind` works on */
	size_t size;  /* bytes of output, unless others are asked for */
	size_t most;  /* those that can be asked for; 0: only `size` */
	size_t block; /* bytes */
	char name[SLU_NAMES_MAX + sizeof("hmac-") - 1];
	slu_failure failure;
};

/*
 * Make `*out` of `made`, whose `ctx` was started; it is taken over, also by
 * a failure.
 */
slu_status slu_hash_make(slu_hash **out, const slu_hash *made) SLU_CHECKED;

#endif
