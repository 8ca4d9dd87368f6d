/* SPDX-License-Identifier: ISC */
/* random_lines.h: lines in a random order. */
#ifndef SLUICE_CLI_RANDOM_LINES_H
#define SLUICE_CLI_RANDOM_LINES_H

#include <stddef.h>
#include <stdint.h>

#include "sluice/bio.h"

/*
 * Read `in` to its end and write its lines to `out`, each order of them as
 * likely as the others; `*lines` says how many there were.  A newline ends
 * each, the last one too; all other bytes are kept.  All of them are held in
 * memory: SLU_ERR_LIMIT where they are longer than a quarter of what is left,
 * since the queue that they wait in may be twice as large, and grows.
 */
slu_status random_lines_shuffle(
    slu_bio *out, slu_bio *in, uint64_t *lines) SLU_CHECKED;

/*
 * The same for `count` of the lines, or all if there are fewer: each choice
 * and each order of it as likely as the others.  No more than these are held.
 */
slu_status random_lines_sample(
    slu_bio *out, slu_bio *in, size_t count, uint64_t *lines) SLU_CHECKED;

#endif
