/* SPDX-License-Identifier: ISC */
#include "sluice/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char reason[SLU_ERROR_MAX];

const char *
slu_status_name(slu_status st)
{
	switch (st) {
	case SLU_OK: return "ok";
	case SLU_WANT_READ: return "want read";
	case SLU_WANT_WRITE: return "want write";
	case SLU_EOF: return "end of stream";
	case SLU_WANT_CERT: return "want an answer";
	case SLU_ERR_USAGE: return "misuse";
	case SLU_ERR_MEMORY: return "out of memory";
	case SLU_ERR_IO: return "input/output failed";
	case SLU_ERR_TRUNCATED: return "truncated";
	case SLU_ERR_FORMAT: return "malformed";
	case SLU_ERR_LIMIT: return "limit exceeded";
	case SLU_ERR_NO_MATCH: return "no match";
	case SLU_ERR_AUTH: return "authentication failed";
	case SLU_ERR_PEER: return "refused by peer";
	case SLU_ERR_CRYPTO: return "cryptography failed";
	}
	return "unknown";
}

const char *
slu_error(void)
{
	return reason;
}

slu_status
slu_fail(slu_status st, const char *fmt, ...)
{
	/* The words may be made of the reason that they replace. */
	char words[SLU_ERROR_MAX];
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(words, sizeof(words), fmt, ap) < 0)
		words[0] = '\0';
	va_end(ap);
	memcpy(reason, words, strlen(words) + 1);
	errno = saved;
	return st;
}
