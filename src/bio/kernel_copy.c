/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "kernel_copy.h"

#ifdef __linux__

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/fs.h>

#define CALL_MOST ((size_t)1 << 30)

/* What the disk begins with at a time: some milliseconds of its work. */
#define PIECE ((size_t)8 << 20)

static bool
is_file(int fd, struct stat *there)
{
	return fstat(fd, there) == 0 && S_ISREG(there->st_mode);
}

/*
 * Have both files share the blocks, which takes no time at all; how many bytes
 * that were.  The copy below would do it by itself, but piece by piece.
 */
static uint64_t
share(int to, int from, off_t size)
{
	off_t at = lseek(from, 0, SEEK_CUR), put = lseek(to, 0, SEEK_CUR);
	struct file_clone_range range = {
		.src_fd = from,
		.src_offset = (uint64_t)at,
		.src_length = (uint64_t)(size - at),
		.dest_offset = (uint64_t)put,
	};

	if (at < 0 || put < 0 || at >= size ||
	    ioctl(to, FICLONERANGE, &range) != 0)
		return 0;
	(void)lseek(from, size, SEEK_SET);
	(void)lseek(to, put + (size - at), SEEK_SET);
	return range.src_length;
}

void
slu_kernel_copy(int to, int from, const slu_place *synced)
{
	struct stat target, source;
	uint64_t done = 0;
	ssize_t n;

	if (!is_file(to, &target) || !is_file(from, &source))
		return;
	if (target.st_dev == source.st_dev)
		done = share(to, from, source.st_size);
	do {
		n = copy_file_range(
		    from, NULL, to, NULL, synced ? PIECE : CALL_MOST, 0);
		if (n > 0 && synced != NULL)
			slu_place_hurry(synced, done, (size_t)n);
		done += n > 0 ? (uint64_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
}

#else

void
slu_kernel_copy(int to, int from, const slu_place *synced)
{
	(void)to, (void)from, (void)synced;
}

#endif
