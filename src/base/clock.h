/* SPDX-License-Identifier: ISC */
/* clock.h: time for limits and delays, which nobody sets back or forward. */
#ifndef SLUICE_BASE_CLOCK_H
#define SLUICE_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds since some moment in the past. */
int64_t slu_clock_ms(void);

/* Milliseconds from now until `moment`, at least 0, as poll(2) takes them. */
int slu_clock_until(int64_t moment);

#endif
