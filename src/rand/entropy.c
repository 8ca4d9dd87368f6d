/* SPDX-License-Identifier: ISC */
#define _DEFAULT_SOURCE /* getentropy */
#include "entropy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 256 /* bytes that getentropy gives at a time */

_Noreturn void
slu_entropy_abort(const char *what, const char *why)
{
	fprintf(stderr, "sluice: no random numbers: %s: %s\n", what, why);
	abort();
}

void
slu_entropy(void *buf, size_t len)
{
	unsigned char *to = buf;
	size_t n;

	for (; len > 0; len -= n, to += n) {
		n = len < MOST ? len : MOST;
		if (getentropy(to, n) != 0)
			slu_entropy_abort("getentropy", strerror(errno));
	}
}
