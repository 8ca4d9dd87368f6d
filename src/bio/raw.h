/* SPDX-License-Identifier: ISC */
/*
 * raw.h: read(2) and write(2) as streams know them, and how what fails in
 * the system is told.
 */
#ifndef SLUICE_BIO_RAW_H
#define SLUICE_BIO_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "sluice/status.h"

/*
 * Read from and write to a descriptor, for as long as signals interrupt.
 * SLU_WANT_READ or SLU_WANT_WRITE where it does not block and would have
 * to.  SLU_ERR_IO has no words yet: `errno` says why, and the caller knows
 * to what.
 */
slu_status slu_raw_read(int fd, void *buf, size_t cap, size_t *got) SLU_CHECKED;
slu_status slu_raw_write(
    int fd, const void *data, size_t len, size_t *put) SLU_CHECKED;

/* The same for a socket, whose peer may be gone: that is no SIGPIPE. */
slu_status slu_raw_send(
    int fd, const void *data, size_t len, size_t *put) SLU_CHECKED;

/*
 * Read `len` bytes from `at` on in a file, wherever it stands; fewer only
 * where it ends.  False says `errno`.
 */
bool slu_raw_read_at(int fd, off_t at, void *buf, size_t len, size_t *got);

/*
 * Wait until what was written is on the disk, where there is a disk to wait
 * for: a pipe or a terminal is fine.  False says `errno`.
 */
bool slu_raw_sync(int fd);

/*
 * Close `*fd`, which is -1 from then on.  Some file systems write only here,
 * and run out of space: false says `errno`.
 */
bool slu_raw_close(int *fd);

#define SLU_RAW_WHY 128 /* room for the system's words */

/*
 * The system's words for `error`, an errno, as they stand inside a sentence:
 * "connection refused".
 */
void slu_raw_why(int error, char out[SLU_RAW_WHY]);

/*
 * Fail with SLU_ERR_IO and the reason that `errno` gives: "room: name: No
 * space left on device".  Of a long name the end is told, and control
 * characters are told as "?", so that the reason stays one line.
 */
slu_status slu_raw_failed(const char *room, const char *name);

/* The same for `name` because it is no regular file, but what `mode` says. */
slu_status slu_raw_irregular(const char *room, const char *name, mode_t mode);

#endif
