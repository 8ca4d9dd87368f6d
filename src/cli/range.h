/* SPDX-License-Identifier: ISC */
/* range.h: a part of a sealed file: --range OFFSET:LEN. */
#ifndef SLUICE_CLI_RANGE_H
#define SLUICE_CLI_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "exit.h"
#include "input.h"
#include "sluice/sealed.h"

/* Zero at first. */
typedef struct range {
	bool given;
	uint64_t offset;
	uint64_t len; /* UINT64_MAX: to the end */
} range;

/* Read "OFFSET:LEN" or "OFFSET:", or say what is wrong with it. */
exit_code range_set(range *r, const char *value);

/*
 * Make a source of sealed bytes of an input, which has to be a regular file;
 * says so if it is none.
 */
exit_code range_source(const input *in, slu_sealed_source *out);

/*
 * Open the range of what `source` reads, as a chain that gives its bytes.
 * `*size` is that of what was sealed; a range that begins behind it gives
 * nothing.
 */
slu_status range_open(slu_bio **chain, const range *r,
    const slu_sealed_source *source, slu_identities *ids,
    const slu_unseal_options *told, uint64_t *size) SLU_CHECKED;

#endif
