/* SPDX-License-Identifier: ISC */
/* suites.h: the cipher suites, groups and signatures that are spoken at all. */
#ifndef SLUICE_TLS_SUITES_H
#define SLUICE_TLS_SUITES_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "sluice/status.h"

#define SLU_SUITES_MAX 512 /* bytes of a list as libssl takes it */

/* Suites to be spoken, as libssl takes them; "": none of that version. */
typedef struct slu_suites {
	char old[SLU_SUITES_MAX];    /* of TLS 1.2 */
	char modern[SLU_SUITES_MAX]; /* of TLS 1.3 */
} slu_suites;

/*
 * Read the suites in `list`, in its order, names with colons between.
 * SLU_ERR_USAGE, with the nearest name that there is, for one that there is
 * not, and nothing changes.  Or take all, in our order.
 */
slu_status slu_suites_read(slu_suites *out, const char *list) SLU_CHECKED;
void slu_suites_all(slu_suites *out);

/* Have `ctx` speak them. */
slu_status slu_suites_use(SSL_CTX *ctx, const slu_suites *s) SLU_CHECKED;

/* Have `ctx` speak the groups in such a list, or the best, and none else. */
slu_status slu_suites_set_groups(SSL_CTX *ctx, const char *list) SLU_CHECKED;
slu_status slu_suites_best_groups(SSL_CTX *ctx) SLU_CHECKED;

/* Have `ctx` speak the groups that are best, and sign no other way. */
slu_status slu_suites_set_defaults(SSL_CTX *ctx) SLU_CHECKED;

#endif
