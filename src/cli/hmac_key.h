/* SPDX-License-Identifier: ISC */
/* hmac_key.h: the key of HMACs, out of a file. */
#ifndef SLUICE_CLI_HMAC_KEY_H
#define SLUICE_CLI_HMAC_KEY_H

#include "exit.h"
#include "sluice/buf.h"

/*
 * Read all bytes of `name`, "-" being standard input, into `key`, which is
 * empty; a newline at the end is one of them.  No bytes at all are refused,
 * and more than SLU_MAC_KEY_MAX.  Warns where others can read the file.
 */
exit_code hmac_key_read(slu_buf *key, const char *name);

#endif
