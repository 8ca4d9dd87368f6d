/* SPDX-License-Identifier: ISC */
/* fd_internal.h: the descriptor behind fd.h. */
#ifndef SLUICE_BIO_FD_INTERNAL_H
#define SLUICE_BIO_FD_INTERNAL_H

#include "sluice/bio.h"

/* The descriptor of a chain that is one alone; -1 where it is not. */
int slu_fd_source(slu_bio *bio);

/* Have such a chain fail as `errno` says. */
slu_status slu_fd_break(slu_bio *bio);

#endif
