/* SPDX-License-Identifier: ISC */
/* crlf.h: lines that end as many network protocols want them to. */
#ifndef SLUICE_CLI_CRLF_H
#define SLUICE_CLI_CRLF_H

#include "sluice/bio.h"

/* What is read above has CR LF where it has LF alone below. */
slu_status crlf_push(slu_bio **top) SLU_CHECKED;

#endif
