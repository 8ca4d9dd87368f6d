/* SPDX-License-Identifier: ISC */
/*
 * armor_map.h: which line of armor a byte of the file is in.
 *
 * A line is as long as the one before it, so that one stretch of them tells
 * the place of them all; where armor was damaged, there may be several.  The
 * last line, which may be shorter, is kept as the bytes that it gave.
 */
#ifndef SLUICE_SEAL_ARMOR_MAP_H
#define SLUICE_SEAL_ARMOR_MAP_H

#include "armor_line.h"
#include "sluice/sealed.h"

#define SLU_ARMOR_STRETCHES_MAX ((size_t)256 * 1024)
#define SLU_ARMOR_AT_ONCE ((size_t)512) /* lines that are read */
#define SLU_ARMOR_WIDTH_MOST (SLU_ARMOR_COLUMNS + 8)

/* What a line that does not decode is. */
typedef enum slu_armor_faults {
	SLU_ARMOR_STRICT,  /* a failure */
	SLU_ARMOR_LENIENT, /* zeros for each group that does not */
} slu_armor_faults;

/* Full lines, one behind the other. */
typedef struct slu_armor_stretch {
	uint64_t from; /* the byte of the file that they begin with */
	uint64_t at;   /* where they begin in the text */
	uint64_t lines;
	size_t width; /* bytes of a line, its end included */
} slu_armor_stretch;

/* Zero at first, but for `faults`. */
typedef struct slu_armor_map {
	slu_armor_faults faults;
	slu_armor_stretch *stretches; /* owned */
	size_t n, room;
	uint64_t full; /* bytes of the file in full lines, and lost with any */
	unsigned char last[SLU_ARMOR_LINE_BYTES]; /* those behind them */
	size_t nlast;
	unsigned char text[SLU_ARMOR_AT_ONCE * SLU_ARMOR_WIDTH_MOST];
	unsigned char bytes[SLU_ARMOR_AT_ONCE * SLU_ARMOR_LINE_BYTES];
} slu_armor_map;

/*
 * There are full lines at `at`, the next ones.  SLU_ERR_LIMIT where there are
 * more stretches of them than SLU_ARMOR_STRETCHES_MAX.
 */
slu_status slu_armor_map_add(
    slu_armor_map *m, uint64_t at, uint64_t lines, size_t width) SLU_CHECKED;

/* So many lines are lost; the bytes that they gave are zeros. */
void slu_armor_map_lose(slu_armor_map *m, uint64_t lines);

/* Bytes of the file. */
uint64_t slu_armor_map_size(const slu_armor_map *m);

/*
 * Read `len` bytes from `offset` on, all of which there are, of the file in
 * the armor that `text` reads.
 */
slu_status slu_armor_map_read(slu_armor_map *m, const slu_sealed_source *text,
    uint64_t offset, void *buf, size_t len) SLU_CHECKED;

/* Fail: lines whose places cannot be told. */
slu_status slu_armor_uneven(void);

void slu_armor_map_free(slu_armor_map *m);

#endif
