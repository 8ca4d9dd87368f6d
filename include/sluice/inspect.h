/* SPDX-License-Identifier: ISC */
/*
 * inspect.h: what anybody can see of a sealed file.
 *
 * None of it is authenticated: only who opens the file learns whether its
 * header is as it was made, and whether there is as much in it as it seems.
 */
#ifndef SLUICE_INSPECT_H
#define SLUICE_INSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sluice/bio.h"
#include "sluice/buf.h"

SLU_BEGIN_DECLS

/* Whether a file resists who has a quantum computer one day. */
typedef enum slu_postquantum {
	SLU_POSTQUANTUM_UNKNOWN = 0, /* sealed for types that we don't know */
	SLU_POSTQUANTUM_NO,          /* for one that does not, at least */
	SLU_POSTQUANTUM_YES,
} slu_postquantum;

/* Zero at first.  The four sizes add up to that of the file. */
typedef struct slu_inspection {
	uint64_t header;   /* bytes of the header */
	uint64_t overhead; /* bytes that sealing adds to the payload */
	uint64_t payload;  /* bytes that were sealed */
	uint64_t armor;    /* bytes that armor adds; 0: not in armor */
	slu_postquantum postquantum;
	unsigned work_factor; /* of a passphrase; 0: none opens it */
	size_t stanzas;       /* one for each recipient, mostly */
	slu_buf types;        /* owned: the type of each, a NUL after it */
} slu_inspection;

/*
 * Look into the sealed file that `src` gives, in armor or not.  `size` is how
 * many bytes it has, and spares reading them all, or 0 where nobody knows.
 * Where `src` answers a WANT, this waits.  The failures are those of
 * slu_unseal that need no identity, but for a key's stanza that is malformed,
 * which is only found on opening.  Nothing is in `*out` after a failure.
 */
slu_status slu_seal_inspect(
    slu_bio *src, uint64_t size, slu_inspection *out) SLU_CHECKED;

/* The type of the stanza at `i`, such as "X25519"; NULL past the last. */
const char *slu_inspection_type(const slu_inspection *in, size_t i);

/* Release what it holds; it is zero again. */
void slu_inspection_free(slu_inspection *in);

SLU_END_DECLS

#endif
