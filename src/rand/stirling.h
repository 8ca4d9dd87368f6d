/* SPDX-License-Identifier: ISC */
/* stirling.h: logarithms of factorials. */
#ifndef SLUICE_RAND_STIRLING_H
#define SLUICE_RAND_STIRLING_H

/*
 * What Stirling's formula lacks:
 * log k! = log(2 pi) / 2 + (k + 1/2) log(k + 1) - (k + 1) + slu_stirling(k),
 * for a whole number `k` from 0 on.
 */
double slu_stirling(double k);

#endif
