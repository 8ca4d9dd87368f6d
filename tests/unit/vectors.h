/* SPDX-License-Identifier: ISC */
/*
 * vectors.h: test data that others made, read where it lies.
 *
 * The folder is named by SLUICE_VECTORS, else it is ../shared/vectors, seen
 * from the root of the sources, where tests run.  Names that begin with
 * "cryptography_vectors/" are those of Debian's python3-cryptography-vectors,
 * where it installs them.
 */
#ifndef SLUICE_TESTS_VECTORS_H
#define SLUICE_TESTS_VECTORS_H

#include <stddef.h>

#include "json.h"

/*
 * Read the whole file `name`, "base64/openssl-evpencod.txt".  `*len` may be
 * NULL; a NUL that does not count follows the bytes, which are the
 * caller's, to be freed.  Where the file is absent, the running test says
 * so and is skipped.
 */
char *vectors_read(const char *name, size_t *len);

/*
 * Call `each` with the name of every file in a folder, sorted; returns how
 * many there are.  Where the folder is absent, skips in the same way.
 */
size_t vectors_each(
    const char *folder, void (*each)(const char *name, void *arg), void *arg);

/* Read `name` as JSON, to be freed with json_free; skips in the same way. */
json *vectors_json(const char *name);

#endif
