/* SPDX-License-Identifier: ISC */
/* version.h: which Sluice this is. */
#ifndef SLUICE_VERSION_H
#define SLUICE_VERSION_H

#include "sluice/status.h"

SLU_BEGIN_DECLS

/* The version of these headers, as semver.org has it. */
#define SLU_VERSION "0.1.0"

/* The version of the library that runs, which may be a later one. */
const char *slu_version(void);

SLU_END_DECLS

#endif
