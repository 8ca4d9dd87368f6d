/* SPDX-License-Identifier: ISC */
#include "sluice/version.h"

const char *
slu_version(void)
{
	return SLU_VERSION;
}
