/* SPDX-License-Identifier: ISC */
/* file_internal.h: the descriptors behind file.h. */
#ifndef SLUICE_BIO_FILE_INTERNAL_H
#define SLUICE_BIO_FILE_INTERNAL_H

#include "sluice/bio.h"

/*
 * The descriptor of a chain that is a file alone, and is read; or is written,
 * and will appear at its finish.  -1 where it is not.
 */
int slu_file_source(slu_bio *bio);
int slu_file_target(slu_bio *bio);

/* Have such a chain fail as `errno` says. */
slu_status slu_file_break(slu_bio *bio);

#endif
