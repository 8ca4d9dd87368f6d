/* SPDX-License-Identifier: ISC */
/*
 * dial.h: all of connecting, from a name or a path to a socket, step by step
 * and under one time limit.
 */
#ifndef SLUICE_BIO_DIAL_H
#define SLUICE_BIO_DIAL_H

#include "address.h"
#include "sluice/wait.h"

#define SLU_DIAL_LIMIT_MS 10000 /* unless told */

typedef struct slu_dial slu_dial;

typedef struct slu_dial_terms {
	const char *room;    /* lent: what a reason begins with, "tcp" */
	int type;            /* SOCK_STREAM or SOCK_DGRAM */
	int version;         /* of IP: 4 or 6 alone; 0: both */
	uint16_t local_port; /* 0: any */
	int limit_ms;        /* 0: SLU_DIAL_LIMIT_MS */
} slu_dial_terms;

/* Get ready to connect to a host; SLU_ERR_USAGE where it cannot be one. */
slu_status slu_dial_host(slu_dial **out, const slu_dial_terms *terms,
    const char *host, uint16_t port) SLU_CHECKED;

/* The same for a socket in the file system. */
slu_status slu_dial_path(
    slu_dial **out, const slu_dial_terms *terms, const char *path) SLU_CHECKED;

/*
 * SLU_OK with a connected socket, which does not block and is the caller's;
 * a WANT; or why not, as slu_resolve_step and slu_race_step say it.
 */
slu_status slu_dial_step(slu_dial *d, int *fd) SLU_CHECKED;

/* What it takes for the next step to go further. */
slu_status slu_dial_wait(const slu_dial *d, slu_waits *w) SLU_CHECKED;

/* Where it leads to, as reasons tell it: "example.org:80". */
const char *slu_dial_name(const slu_dial *d);

/* Give up, or be done.  NULL is fine. */
void slu_dial_free(slu_dial *d);

#endif
