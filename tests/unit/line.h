/* SPDX-License-Identifier: ISC */
/*
 * line.h: a connected socket for the contract suite, one end of which is
 * under test, while the suite's pump keeps the other one moving.
 */
#ifndef SLUICE_TESTS_LINE_H
#define SLUICE_TESTS_LINE_H

#include "contract.h"

/*
 * Hold what `connect` makes to the contract of a sink: it begins a chain
 * that does not block, and opens the far end.
 */
void line_holds(const char *name,
    slu_status (*connect)(slu_bio **near, int *far, void *arg), void *arg);

#endif
