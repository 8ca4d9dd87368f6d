/* SPDX-License-Identifier: ISC */
/*
 * sysfault.h: system calls that go wrong where a test wants them to.
 *
 * The linker hands the calls named here, as our own objects make them, to
 * this room (--wrap): read, write, pread, pwrite, send, openat, fchmod, fsync,
 * close, renameat, renameat2, linkat, unlinkat, getentropy, mmap, madvise,
 * pthread_create, accept4, recvmsg and connect.
 */
#ifndef SLUICE_TESTS_SYSFAULT_H
#define SLUICE_TESTS_SYSFAULT_H

#include <stddef.h>

#define SYSFAULT_SHORT (-1)   /* not an errno: one byte moves, and no more */
#define SYSFAULT_NOTHING (-2) /* not an errno: 0 bytes move, which is odd */

/*
 * Let `after` calls of `call` by this thread go well from now on, and the one
 * after them fail with the errno `error`, once.  Several faults may be armed.
 */
void sysfault_arm(const char *call, size_t after, int error);

/* Have somebody else act just before the next connect of this thread. */
void sysfault_before_connect(void (*act)(void *arg), void *arg);

/* Let all go well again; says how many of the faults came to pass. */
size_t sysfault_disarm(void);

/* How many bytes the latest read, write or send was asked to move. */
size_t sysfault_asked(void);

#endif
