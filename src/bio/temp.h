/* SPDX-License-Identifier: ISC */
/*
 * temp.h: a file that gets its name once it is whole.
 *
 * Its bytes go to a temporary file in the folder of the name it will have,
 * since only within one file system can a name be given in one step.  The
 * folder is held open, so that neither a chdir nor a rename of a folder
 * above leads elsewhere in the meantime.
 */
#ifndef SLUICE_BIO_TEMP_H
#define SLUICE_BIO_TEMP_H

#include "sluice/file.h"

typedef struct slu_temp slu_temp;

/*
 * Start a file that will be called `target`, in whose last component no
 * link is followed; failures speak of `told`, which is lent.  `*out` is the
 * caller's, to be freed.
 */
slu_status slu_temp_make(slu_temp **out, const char *target,
    const slu_file_options *options, const char *told) SLU_CHECKED;

/* Where to write. */
int slu_temp_fd(const slu_temp *t);

/*
 * Sync the file, give it its permissions and its name, and sync its folder.
 * A failure before the name was given takes the temporary file away.
 */
slu_status slu_temp_commit(slu_temp *t) SLU_CHECKED;

/* Take away what was not committed.  NULL is fine. */
void slu_temp_free(slu_temp *t);

#endif
