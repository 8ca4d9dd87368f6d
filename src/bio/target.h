/* SPDX-License-Identifier: ISC */
/* target.h: what a path leads to, be there anything or not. */
#ifndef SLUICE_BIO_TARGET_H
#define SLUICE_BIO_TARGET_H

#include "sluice/file.h"

typedef enum slu_target_kind {
	SLU_TARGET_NOTHING,  /* a free name */
	SLU_TARGET_DANGLING, /* a symbolic link, to a free name */
	SLU_TARGET_REGULAR,  /* a regular file */
	SLU_TARGET_OTHER,    /* a FIFO, a device, a socket */
} slu_target_kind;

typedef struct slu_target {
	slu_target_kind kind;
	/* Where the last of the path's symbolic links leads; not for OTHER. */
	char path[SLU_PATH_MAX];
} slu_target;

/* Find out; a directory, and a path that leads nowhere, are SLU_ERR_IO. */
slu_status slu_target_find(slu_target *t, const char *path) SLU_CHECKED;

#endif
