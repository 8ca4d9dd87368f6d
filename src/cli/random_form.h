/* SPDX-License-Identifier: ISC */
/*
 * random_form.h: random data in the forms that people want it in.
 *
 * Each of these writes one item to a chain, without a line end, and wipes
 * what it wrote from its own memory.
 */
#ifndef SLUICE_CLI_RANDOM_FORM_H
#define SLUICE_CLI_RANDOM_FORM_H

#include <stdint.h>

#include "exit.h"
#include "sluice/bio.h"

#define RANDOM_ENDLESS UINT64_MAX /* as many as are taken */

typedef enum random_code {
	RANDOM_RAW = 0,
	RANDOM_HEX,
	RANDOM_BASE64,
	RANDOM_BASE64URL, /* RFC 4648, section 5, without padding */
} random_code;

/* `size` bytes, which `from` is read for, encoded. */
slu_status random_bytes(
    slu_bio *out, slu_bio *from, random_code code, uint64_t size) SLU_CHECKED;

#define RANDOM_SET_MAX 256

/* Characters to draw from: their bytes of UTF-8, the first one lowest. */
typedef struct random_set {
	uint32_t each[RANDOM_SET_MAX];
	size_t n;
} random_set;

/*
 * Find the set that `name` names: alnum, alpha, digits, lower, safe (none
 * that look alike), printable, or =LIT: those of LIT, each once.
 */
exit_code random_set_find(random_set *set, const char *name);

/* `size` characters of a set, each drawn independently. */
slu_status random_chars(
    slu_bio *out, const random_set *set, uint64_t size) SLU_CHECKED;

/* `count` words. */
slu_status random_words(
    slu_bio *out, unsigned count, const char *separator) SLU_CHECKED;

/* A whole number from `a` to `b`. */
slu_status random_int(slu_bio *out, int64_t a, int64_t b) SLU_CHECKED;

/* A UUID of version 4 (RFC 9562, section 5.4). */
slu_status random_uuid(slu_bio *out) SLU_CHECKED;

#endif
