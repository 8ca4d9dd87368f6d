/* SPDX-License-Identifier: ISC */
/* contract_faults.h: the part of the contract that is about failures. */
#ifndef SLUICE_TESTS_CONTRACT_FAULTS_H
#define SLUICE_TESTS_CONTRACT_FAULTS_H

#include "contract.h"
#include "trial.h"

/*
 * Break whatever can break around a filter that moves the `len` bytes at
 * `plain`: the sink, the source and memory.  It must fail cleanly and for
 * good, and leak nothing.
 */
void contract_filter_faults(
    const contract_filter *f, const unsigned char *plain, size_t len);

/*
 * Let each allocation fail that a constructor and a chain's use need.  `use`
 * answers as the chain did; what a success has made must be right, or `use`
 * fails the test itself.
 */
void contract_without_memory(const trial *t, contract_push *push, void *arg,
    slu_status (*make_below)(slu_bio **c, void *with),
    slu_status (*use)(const trial *t, slu_bio *c, void *with), void *with);

#endif
