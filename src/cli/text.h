/* SPDX-License-Identifier: ISC */
/* text.h: bytes as text, in memory. */
#ifndef SLUICE_CLI_TEXT_H
#define SLUICE_CLI_TEXT_H

#include <stddef.h>

#include "sluice/buf.h"
#include "sluice/status.h"

/* Append two lower-case digits for each byte. */
slu_status text_hex(slu_buf *out, const void *data, size_t len) SLU_CHECKED;

/* Append base64, padded, in one line. */
slu_status text_base64(slu_buf *out, const void *data, size_t len) SLU_CHECKED;

/* Append what fits URLs and file names (RFC 4648, section 5), unpadded. */
slu_status text_base64url(
    slu_buf *out, const void *data, size_t len) SLU_CHECKED;

#endif
