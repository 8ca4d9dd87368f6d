/* SPDX-License-Identifier: ISC */
/*
 * stack.h: what others leave on ours.
 *
 * A library that wipes what it allocated may still leave a key in its
 * frames: libcrypto's PBKDF2 does, with the last block that it derived.  The
 * calls that come later happen to overwrite it, or not.
 */
#ifndef SLUICE_BASE_STACK_H
#define SLUICE_BASE_STACK_H

/* Bytes below a caller's frame, enough for what libcrypto's reach down to. */
#define SLU_STACK_WIPED (8 * 1024)

/*
 * Wipe that much of the stack below the caller's frame: called right after
 * the function whose traces are to go, and from the same one.
 */
void slu_wipe_stack(void);

#endif
