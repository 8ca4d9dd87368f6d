/* SPDX-License-Identifier: ISC */
/* standard.h: descriptors that came from elsewhere, in whatever state. */
#ifndef SLUICE_CLI_STANDARD_H
#define SLUICE_CLI_STANDARD_H

#include "sluice/bio.h"

/*
 * Take the numbers of those that came closed, so that no file that is opened
 * later gets one of them and what is meant for the user ends up in it.
 * Reading or writing what was closed still fails.
 */
void standard_make_safe(void);

/*
 * Open a descriptor as a chain that waits where it would block: another
 * process may have made it so.
 */
slu_status standard_open(slu_bio **top, int fd) SLU_CHECKED;

/*
 * Open a descriptor as a chain that answers WANT where it would have to wait,
 * whether the descriptor blocks or not: that is not ours to change, since
 * others have it too.  A finish closes it.
 */
slu_status standard_open_polled(slu_bio **top, int fd) SLU_CHECKED;

#endif
