/* SPDX-License-Identifier: ISC */
/* pull.h: filters that act on writes, put to work on reads. */
#ifndef SLUICE_PULL_H
#define SLUICE_PULL_H

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/*
 * Read from below what filters that act on writes make of it.  `build`
 * pushes those filters onto `*writer`, which it is given as a sink: with
 * slu_deflate in it, reading the chain gives the compressed bytes of what
 * is read below.  `build` is called once, before this returns, with `arg`;
 * its failure is this one's.  The end of what is read finishes the filters.
 */
slu_status slu_pull(slu_bio **top,
    slu_status (*build)(slu_bio **writer, void *arg), void *arg) SLU_CHECKED;

SLU_END_DECLS

#endif
