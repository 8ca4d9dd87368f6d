/* SPDX-License-Identifier: ISC */
/*
 * way.h: from here to a host, through as many proxies as are named, step by
 * step, so that what fails is told of whoever failed.
 */
#ifndef SLUICE_CLI_WAY_H
#define SLUICE_CLI_WAY_H

#include <stdint.h>

#include "exit.h"
#include "proxy.h"
#include "site.h"
#include "sluice/wait.h"

typedef struct way way;

typedef struct way_plan {
	const site *to;         /* lent */
	const proxies *through; /* lent; NULL: nobody */
	int version;            /* of IP: 4 or 6 alone; 0: both */
	int limit_ms;           /* for all of it */
} way_plan;

slu_status way_new(way **out, const way_plan *plan) SLU_CHECKED;

/* SLU_OK once the host is reached; a WANT; or a failure, for way_failed. */
slu_status way_step(way *w) SLU_CHECKED;

/* What it takes for the next step to go further. */
slu_status way_waits(way *w, slu_status want, slu_waits *waits) SLU_CHECKED;

/* Take all steps, waiting in between. */
slu_status way_run(way *w) SLU_CHECKED;

/* Say why the way failed with `st`. */
exit_code way_failed(const way *w, slu_status st);

/* The chain that leads to the host, which is reached: the caller's to free. */
slu_bio *way_take(way *w);

/* Give up, or be done.  NULL is fine. */
void way_free(way *w);

#endif
