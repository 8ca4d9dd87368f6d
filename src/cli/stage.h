/* SPDX-License-Identifier: ISC */
/* stage.h: a stage of `sluice pipe`: a filter to read through. */
#ifndef SLUICE_CLI_STAGE_H
#define SLUICE_CLI_STAGE_H

#include <stdint.h>

#include "exit.h"
#include "output.h"
#include "unlock.h"
#include "sluice/bio.h"
#include "sluice/hash.h"
#include "sluice/identity.h"
#include "sluice/recipient.h"

typedef struct stage stage;

/* What a kind of stage is; exactly one of `push` and `build` is there. */
typedef struct stage_kind {
	const char *name;
	/* Its value, behind =: a number from min to max, or else words. */
	enum { STAGE_NO_VALUE = 0, STAGE_MAY, STAGE_NEEDS } value;
	unsigned min, max; /* both 0: words */
	/* What comes out of it. */
	enum { STAGE_SAME = 0, STAGE_TEXT, STAGE_BINARY, STAGE_ANY } makes;
	/* Push a filter that acts on reads. */
	slu_status (*push)(slu_bio **chain, stage *s);
	/* Push filters that act on writes, as slu_pull has it. */
	slu_status (*build)(slu_bio **writer, void *stage);
} stage_kind;

struct stage {
	const stage_kind *kind;
	const char *word;  /* lent: as typed */
	const char *value; /* in `word`; NULL: none */
	unsigned number;   /* if it is one; 0 where none was given */
	unsigned level;    /* the stages before it that change the stream */
	const char *path;  /* in `word`: of a copy or a digest; NULL: none */
	slu_hash *hash;    /* owned */
	uint64_t count;    /* bytes */
	output file;       /* owned: a copy, or the digest's line */

	const slu_recipients *recipients; /* lent, for sealing */
	slu_identities *identities;       /* lent, for unsealing */
	unlock_told told;                 /* of what is unsealed */
	const stage **failed; /* lent: the stage that failed first */
};

/* Make a stage of a word, such as "gzip=9", or say what is wrong with it. */
exit_code stage_parse(stage *s, const char *word);

/* Push it onto what is read. */
exit_code stage_push(stage *s, slu_bio **chain);

void stage_free(stage *s);

#endif
