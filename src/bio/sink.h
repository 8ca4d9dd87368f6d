/* SPDX-License-Identifier: ISC */
/* sink.h: how a sink of the library begins a chain. */
#ifndef SLUICE_BIO_SINK_H
#define SLUICE_BIO_SINK_H

#include "sluice/bio.h"

/*
 * Begin the chain `*top` with a sink, whose zeroed state goes to `*state`.
 * On a chain that has its sink already, SLU_ERR_USAGE: the one below would
 * never get a byte, and would still be finished.
 */
slu_status slu_sink_push(
    slu_bio **top, const slu_bio_ops *ops, void **state) SLU_CHECKED;

#endif
