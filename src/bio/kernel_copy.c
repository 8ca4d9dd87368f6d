/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "kernel_copy.h"

#ifdef __linux__

#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#define CALL_MOST ((size_t)1 << 30)

static bool
is_file(int fd)
{
	struct stat there;

	return fstat(fd, &there) == 0 && S_ISREG(there.st_mode);
}

void
slu_kernel_copy(int to, int from)
{
	ssize_t n;

	if (!is_file(to) || !is_file(from))
		return;
	do {
		n = copy_file_range(from, NULL, to, NULL, CALL_MOST, 0);
	} while (n > 0 || (n < 0 && errno == EINTR));
}

#else

void
slu_kernel_copy(int to, int from)
{
	(void)to;
	(void)from;
}

#endif
