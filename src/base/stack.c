/* SPDX-License-Identifier: ISC */
#include "stack.h"

#include "sluice/secret.h"

/* A sanitizer would give it another place than the stack. */
__attribute__((noinline, no_sanitize("address"))) void
slu_wipe_stack(void)
{
	unsigned char below[SLU_STACK_WIPED];

	slu_wipe(below, sizeof(below));
}
