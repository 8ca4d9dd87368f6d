/* SPDX-License-Identifier: ISC */
/* text.h: bytes as text, in memory. */
#ifndef SLUICE_CLI_TEXT_H
#define SLUICE_CLI_TEXT_H

#include <stdbool.h>
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

/*
 * Append `text` as a string of JSON (RFC 8259, section 7), of ASCII alone;
 * bytes that are no UTF-8 become U+FFFD.
 */
slu_status text_json(slu_buf *out, const char *text) SLU_CHECKED;

/*
 * Append the member "file" of an object, which is `name`; and "file_base64",
 * its bytes, where they are no UTF-8 and would be lost else.
 */
slu_status text_json_file(slu_buf *out, const char *name) SLU_CHECKED;

/* Whether all of `text` is UTF-8. */
bool text_is_utf8(const char *text);

#endif
