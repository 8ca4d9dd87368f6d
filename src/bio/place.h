/* SPDX-License-Identifier: ISC */
/*
 * place.h: chains that are a regular file, read and written at offsets by
 * several threads, or bytes in memory, read where they lie.
 *
 * A place is taken of a chain that is used by nobody else meanwhile.  Offsets
 * count from where the chain's next byte would have been.
 */
#ifndef SLUICE_BIO_PLACE_H
#define SLUICE_BIO_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sluice/bio.h"

typedef struct slu_place {
	slu_bio *bio;                /* lent by the caller */
	const unsigned char *memory; /* lent by the chain; NULL: it is a file */
	size_t size;                 /* bytes in memory */
	int fd;                      /* the chain's */
	off_t start;                 /* of the file: offset 0 */
	slu_status (*fail)(slu_bio *bio);
} slu_place;

/*
 * Take the place of what a chain reads, `*len` bytes as of now; false where
 * it is anything but a regular file alone, of slu_file_open or slu_fd_open, or
 * a view alone, of slu_view_open.
 */
bool slu_place_source(slu_place *p, slu_bio *bio, uint64_t *len);

/*
 * Take the place of what a chain writes; false where it is anything but a new
 * file of slu_file_create alone.
 */
bool slu_place_target(slu_place *p, slu_bio *bio);

/* Where the bytes from `at` on lie; NULL where they have to be read. */
const unsigned char *slu_place_look(const slu_place *p, uint64_t at);

/*
 * Read `len` bytes, or those that there are; write all.  False says `errno`.
 * Any thread may do so, several at a time.
 */
bool slu_place_read(
    const slu_place *p, uint64_t at, void *buf, size_t len, size_t *got);
bool slu_place_write(
    const slu_place *p, uint64_t at, const void *data, size_t len);

/*
 * Have the system begin to put on the disk what was written from `at` on: the
 * sync at the finish then has less to wait for.  Any thread may.
 */
void slu_place_hurry(const slu_place *p, uint64_t at, size_t len);

/* Have the chain fail as the errno `error` says. */
slu_status slu_place_fail(const slu_place *p, int error);

/* Have the chain go on at offset `at`. */
void slu_place_leave(const slu_place *p, uint64_t at);

#endif
