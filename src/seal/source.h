/* SPDX-License-Identifier: ISC */
/* source.h: a sealed file that is read at offsets, from its front on. */
#ifndef SLUICE_SEAL_SOURCE_H
#define SLUICE_SEAL_SOURCE_H

#include "aead.h"
#include "sluice/sealed.h"

/*
 * Read from a source, as sealed.h has it.  An answer that is neither SLU_OK
 * nor a failure would pass for an end that nobody authenticated, or for a
 * wait: it is SLU_ERR_USAGE.
 */
slu_status slu_source_read(const slu_sealed_source *source, uint64_t offset,
    void *buf, size_t len) SLU_CHECKED;

/*
 * Read what is in front of the chunks, and open it: `key` is the payload's,
 * whose first chunk begins at `*begin`.
 */
slu_status slu_source_open(const slu_sealed_source *source, slu_identities *ids,
    const slu_unseal_options *options, unsigned char key[SLU_KEY_SIZE],
    uint64_t *begin) SLU_CHECKED;

/*
 * Open the regular file at `path`, and make a source of it, whose `arg` is
 * `fd`.  The descriptor is the caller's, to be closed.
 */
slu_status slu_source_file(
    slu_sealed_source *out, const char *path, int *fd) SLU_CHECKED;

#endif
