/* SPDX-License-Identifier: ISC */
/* lineage.h: certificates of one chain, put into their order. */
#ifndef SLUICE_TLS_LINEAGE_H
#define SLUICE_TLS_LINEAGE_H

#include <openssl/x509.h>

#include "sluice/status.h"

/*
 * Sort `certs`, in whatever order they are: the leaf first, then who issued
 * it, and so on.  SLU_ERR_FORMAT where there is no leaf, or more than one, or
 * one that is not of the leaf's chain; `name` is the file's, for the words.
 */
slu_status slu_lineage_sort(
    STACK_OF(X509) * certs, const char *name) SLU_CHECKED;

#endif
