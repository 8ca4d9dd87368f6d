/* SPDX-License-Identifier: ISC */
/* suites.h: the cipher suites, groups and signatures that are spoken at all. */
#ifndef SLUICE_TLS_SUITES_H
#define SLUICE_TLS_SUITES_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "sluice/status.h"

/* What a list of suites leaves to be spoken. */
typedef struct slu_suites {
	bool has_1_2, has_1_3;
} slu_suites;

/*
 * Have `ctx` speak the suites in `list`, in its order, names with colons
 * between; or the groups.  SLU_ERR_USAGE, with the nearest name that there is,
 * for one that there is not, and nothing changes.
 */
slu_status slu_suites_set(
    SSL_CTX *ctx, const char *list, slu_suites *found) SLU_CHECKED;
slu_status slu_suites_set_groups(SSL_CTX *ctx, const char *list) SLU_CHECKED;

/* Have `ctx` speak what is best, suites and groups, and sign no other way. */
slu_status slu_suites_set_defaults(SSL_CTX *ctx) SLU_CHECKED;

#endif
