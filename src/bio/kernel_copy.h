/* SPDX-License-Identifier: ISC */
/* kernel_copy.h: bytes that the kernel moves from file to file by itself. */
#ifndef SLUICE_BIO_KERNEL_COPY_H
#define SLUICE_BIO_KERNEL_COPY_H

#include "place.h"

/*
 * Copy from where `from` stands to where `to` stands, as much as the kernel
 * does on its own, by sharing blocks where the file system can; both stand
 * behind it afterwards.  `synced`, unless it is NULL, is where `to` stands in
 * a file that will be synced: the disk then begins with what is copied while
 * more is.  Nothing is said of why it stopped, at the end or before it: what is
 * left, if anything, is read and written as ever, and whatever is wrong turns
 * up there.
 */
void slu_kernel_copy(int to, int from, const slu_place *synced);

#endif
