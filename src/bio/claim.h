/* SPDX-License-Identifier: ISC */
/* claim.h: a socket in the file system, which its maker takes away again. */
#ifndef SLUICE_BIO_CLAIM_H
#define SLUICE_BIO_CLAIM_H

#include <stdbool.h>
#include <sys/stat.h>

#include "address.h"

typedef struct slu_claim {
	slu_address at;
	struct stat made; /* what stood there after the bind */
	bool held;
} slu_claim;

/*
 * Bind `fd` to a path.  What a dead process left there is replaced; what is
 * alive, or no socket, is SLU_ERR_IO in words that begin with `room`.
 */
slu_status slu_claim_path(
    slu_claim *c, const char *room, int fd, const slu_address *at) SLU_CHECKED;

/* Remove the path, if that is still what was made.  All zero is fine. */
void slu_claim_drop(slu_claim *c);

#endif
