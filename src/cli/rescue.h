/* SPDX-License-Identifier: ISC */
/* rescue.h: unseal --salvage: what is intact, and a report of what is not. */
#ifndef SLUICE_CLI_RESCUE_H
#define SLUICE_CLI_RESCUE_H

#include <stdbool.h>

#include "exit.h"
#include "unlock.h"
#include "sluice/salvage.h"

typedef struct rescue rescue;

/* What was found in a file; zero at first. */
struct rescue {
	const char *name; /* lent: the operand */
	const char *told; /* lent: how messages call it */
	bool json;        /* the report goes to standard output, as JSON */
	slu_buf holes;    /* owned: as JSON has them */
	bool failed;      /* there was no memory for these */
	slu_salvaged found;
};

/* Write to `dst` what is intact; holes are reported as they are met. */
slu_status rescue_write(rescue *r, slu_bio *dst,
    const slu_sealed_source *source, slu_identities *ids,
    unlock_told *told) SLU_CHECKED;

/* Report what there was: EXIT_DONE where all is intact. */
exit_code rescue_report(rescue *r);

void rescue_free(rescue *r);

#endif
