/* SPDX-License-Identifier: ISC */
/* recipient_file.h: recipients that stand in a file. */
#ifndef SLUICE_RECIPIENT_FILE_H
#define SLUICE_RECIPIENT_FILE_H

#include "sluice/bio.h"
#include "sluice/recipient.h"

SLU_BEGIN_DECLS

/*
 * Read `src` to its end, and add the key on each of its lines, as
 * slu_recipients_key does.  Empty lines, and those that begin with #, are
 * passed over.  A file without a key is SLU_ERR_FORMAT, and so is a line that
 * is none; the words say which.  A file has at most 1 MiB, and its lines 8192
 * bytes.  Where it fails, the keys before are in the list already.
 */
slu_status slu_recipients_read(slu_recipients *r, slu_bio *src) SLU_CHECKED;

SLU_END_DECLS

#endif
