/* SPDX-License-Identifier: ISC */
/* number.h: numbers that were typed. */
#ifndef SLUICE_CLI_NUMBER_H
#define SLUICE_CLI_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "exit.h"

/*
 * Read the decimal digits that `text` begins with; `*end` is behind them.
 * False where there are none, or more than a uint64_t holds.
 */
bool number_digits(const char *text, uint64_t *out, const char **end);

/*
 * Read the value of `option` ("--work-factor"), a whole number from `min` to
 * `max`, or say what is wrong with it.
 */
exit_code number_value(const char *option, const char *text, unsigned min,
    unsigned max, unsigned *out);

/*
 * Read a size: digits, and perhaps K, M, G, T (of 1024) or kB, MB, GB, TB (of
 * 1000) behind them.  False where it is none, or over UINT64_MAX - 1.
 */
bool number_size(const char *text, uint64_t *out);

#endif
