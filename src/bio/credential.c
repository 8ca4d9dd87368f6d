/* SPDX-License-Identifier: ISC */
#include "credential.h"

#include <string.h>

slu_status
slu_credential_length(
    const char *room, const char *what, const char *text, size_t least)
{
	size_t len = strlen(text);

	if (len >= least && len <= SLU_CREDENTIAL_MAX)
		return SLU_OK;
	return slu_fail(SLU_ERR_USAGE, "%s: a %s of %zu to %d bytes, not %zu",
	    room, what, least, SLU_CREDENTIAL_MAX, len);
}

slu_status
slu_credential_line(const char *room, const char *what, const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return slu_fail(SLU_ERR_USAGE,
			    "%s: a control character in the %s", room, what);
	return SLU_OK;
}
