/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "raw.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static_assert(sizeof(off_t) >= 8, "files end at 2 GiB: _FILE_OFFSET_BITS=64");

/* Beyond SSIZE_MAX the result is undefined, and some systems stop at 2 GiB. */
#define CALL_MOST ((size_t)1 << 30)

#define NAME_TOLD 300 /* bytes of a name that leave room for the rest */

static size_t
at_most(size_t len)
{
	return len < CALL_MOST ? len : CALL_MOST;
}

static bool
would_block(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK;
}

slu_status
slu_raw_read(int fd, void *buf, size_t cap, size_t *got)
{
	ssize_t n;

	do {
		n = read(fd, buf, at_most(cap));
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return would_block() ? SLU_WANT_READ : SLU_ERR_IO;
	*got = (size_t)n;
	return n > 0 ? SLU_OK : SLU_EOF;
}

bool
slu_raw_read_at(int fd, off_t at, void *buf, size_t len, size_t *got)
{
	unsigned char *to = buf;
	ssize_t n = 1;

	*got = 0;
	while (*got < len && n != 0) {
		n = pread(fd, to + *got, at_most(len - *got), at + (off_t)*got);
		if (n < 0 && errno != EINTR)
			return false;
		*got += n > 0 ? (size_t)n : 0;
	}
	return true;
}

/* A write that takes nothing and does not say why would be tried for ever. */
static slu_status
wrote(ssize_t n, size_t *put)
{
	if (n < 0)
		return would_block() ? SLU_WANT_WRITE : SLU_ERR_IO;
	*put = (size_t)n;
	if (n > 0)
		return SLU_OK;
	errno = EIO;
	return SLU_ERR_IO;
}

slu_status
slu_raw_write(int fd, const void *data, size_t len, size_t *put)
{
	ssize_t n;

	do {
		n = write(fd, data, at_most(len));
	} while (n < 0 && errno == EINTR);
	return wrote(n, put);
}

slu_status
slu_raw_send(int fd, const void *data, size_t len, size_t *put)
{
	ssize_t n;

	do {
		n = send(fd, data, at_most(len), MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return wrote(n, put);
}

bool
slu_raw_sync(int fd)
{
	int n;

	do {
		n = fsync(fd);
	} while (n != 0 && errno == EINTR);
	return n == 0 || errno == EINVAL || errno == ENOTSUP;
}

/* An interrupted close has closed; to try again could close another's. */
bool
slu_raw_close(int *fd)
{
	int old = *fd;

	*fd = -1;
	return close(old) == 0 || errno == EINTR;
}

static void
system_words(int error, char out[SLU_RAW_WHY])
{
	if (strerror_r(error, out, SLU_RAW_WHY) != 0)
		snprintf(out, SLU_RAW_WHY, "error %d", error);
}

void
slu_raw_why(int error, char out[SLU_RAW_WHY])
{
	system_words(error, out);
	/* Not the first letter of an abbreviation. */
	if (!isupper((unsigned char)out[1]))
		out[0] = (char)tolower((unsigned char)out[0]);
}

static slu_status
fail(const char *room, const char *name, const char *why)
{
	char told[NAME_TOLD + 1];
	size_t len = strlen(name);
	const char *cut = "";

	if (len > NAME_TOLD) {
		name += len - NAME_TOLD;
		cut = "...";
		/* Not from within a character of UTF-8. */
		while (((unsigned char)*name & 0xc0) == 0x80)
			name++;
	}
	for (len = 0; name[len] != '\0'; len++) {
		unsigned char c = (unsigned char)name[len];

		told[len] = c < ' ' || c == 0x7f ? '?' : name[len];
	}
	told[len] = '\0';
	return slu_fail(SLU_ERR_IO, "%s: %s%s: %s", room, cut, told, why);
}

slu_status
slu_raw_failed(const char *room, const char *name)
{
	char why[SLU_RAW_WHY];

	system_words(errno, why);
	return fail(room, name, why);
}

slu_status
slu_raw_irregular(const char *room, const char *name, mode_t mode)
{
	if (!S_ISDIR(mode))
		return fail(room, name, "not a regular file");
	errno = EISDIR;
	return slu_raw_failed(room, name);
}
