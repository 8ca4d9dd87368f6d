/* SPDX-License-Identifier: ISC */
/*
 * faulty.h: a filter that passes bytes through until it breaks.
 */
#ifndef SLUICE_TESTS_FAULTY_H
#define SLUICE_TESTS_FAULTY_H

#include "sluice/bio.h"

/* The words of its failure, which is SLU_ERR_IO. */
#define FAULTY_WORDS "faulty: broke as it was told to"

/* Fail at call number `k`, from 0, whichever operation that is. */
slu_status faulty_push(slu_bio **top, size_t k) SLU_CHECKED;

#endif
