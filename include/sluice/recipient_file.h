/* SPDX-License-Identifier: ISC */
/* recipient_file.h: recipients that stand in a file. */
#ifndef SLUICE_RECIPIENT_FILE_H
#define SLUICE_RECIPIENT_FILE_H

#include "sluice/bio.h"
#include "sluice/recipient.h"

SLU_BEGIN_DECLS

/* What is done about keys that a file names and nobody can seal for here. */
typedef struct slu_recipient_file_options {
	/*
	 * Told of each ssh key that has its form, and is of another type than
	 * Ed25519 and RSA, or of RSA of a size that slu_recipients_key does
	 * not take: such keys are among all that somebody logs in with, as
	 * https://github.com/USER.keys lists them.  `line` counts from 1, and
	 * `why` is in words for people, lent for the call.  SLU_OK: the file is
	 * sealed without that key.  A failure is that of the read.  NULL:
	 * such a line is SLU_ERR_FORMAT, so that a file is never sealed for
	 * fewer than it was meant for without anybody hearing of it.
	 */
	slu_status (*passed_over)(size_t line, const char *why, void *arg);
	void *arg; /* lent for the call */
} slu_recipient_file_options;

/*
 * Read `src` to its end, and add the key on each of its lines, as
 * slu_recipients_key does.  Empty lines, and those that begin with #, are
 * passed over.  A file without a key to seal for is SLU_ERR_FORMAT, and so is a
 * line that is none, or one of the hybrid kind or of a plugin; the words say
 * which.  A file has at most 1 MiB, and its lines 8192 bytes.  Where it fails,
 * the keys before are in the list already.  `options` may be NULL.
 */
slu_status slu_recipients_read(slu_recipients *r, slu_bio *src,
    const slu_recipient_file_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
