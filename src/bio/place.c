/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* sync_file_range */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fd_internal.h"
#include "file_internal.h"
#include "raw.h"
#include "view_internal.h"

static bool
begin(slu_place *p, slu_bio *bio, int fd, slu_status (*fail)(slu_bio *bio),
    struct stat *there)
{
	*p = (slu_place){ .bio = bio, .fd = fd, .fail = fail };
	if (fd < 0 || fstat(fd, there) != 0 || !S_ISREG(there->st_mode))
		return false;
	p->start = lseek(fd, 0, SEEK_CUR);
	return p->start >= 0;
}

static bool
begin_in_memory(slu_place *p, slu_bio *bio, uint64_t *len)
{
	*p = (slu_place){ .bio = bio, .fd = -1 };
	p->memory = slu_view_ahead(bio, &p->size);
	*len = p->size;
	return p->memory != NULL;
}

bool
slu_place_source(slu_place *p, slu_bio *bio, uint64_t *len)
{
	struct stat there;

	if (begin_in_memory(p, bio, len))
		return true;
	if (!begin(p, bio, slu_file_source(bio), slu_file_break, &there) &&
	    !begin(p, bio, slu_fd_source(bio), slu_fd_break, &there))
		return false;
	*len =
	    there.st_size > p->start ? (uint64_t)(there.st_size - p->start) : 0;
	return true;
}

bool
slu_place_target(slu_place *p, slu_bio *bio)
{
	struct stat there;

	return begin(p, bio, slu_file_target(bio), slu_file_break, &there);
}

const unsigned char *
slu_place_look(const slu_place *p, uint64_t at)
{
	return p->memory == NULL ? NULL : p->memory + at;
}

bool
slu_place_read(
    const slu_place *p, uint64_t at, void *buf, size_t len, size_t *got)
{
	*got = 0;
	if (p->memory != NULL) {
		*got = p->size - at < len ? p->size - (size_t)at : len;
		memcpy(buf, p->memory + at, *got);
		return true;
	}
	return slu_raw_read_at(p->fd, p->start + (off_t)at, buf, len, got);
}

bool
slu_place_write(const slu_place *p, uint64_t at, const void *data, size_t len)
{
	const unsigned char *from = data;
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = pwrite(p->fd, from + done, len - done,
		    p->start + (off_t)(at + done));
		if (n < 0 && errno == EINTR)
			continue;
		/* What takes nothing and does not say why never will. */
		if (n == 0)
			errno = EIO;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

#ifdef SYNC_FILE_RANGE_WRITE
void
slu_place_hurry(const slu_place *p, uint64_t at, size_t len)
{
	(void)sync_file_range(
	    p->fd, p->start + (off_t)at, (off_t)len, SYNC_FILE_RANGE_WRITE);
}
#else
void
slu_place_hurry(const slu_place *p, uint64_t at, size_t len)
{
	(void)p, (void)at, (void)len;
}
#endif

slu_status
slu_place_fail(const slu_place *p, int error)
{
	errno = error;
	return p->fail(p->bio);
}

void
slu_place_leave(const slu_place *p, uint64_t at)
{
	if (p->memory != NULL)
		slu_view_skip(p->bio, (size_t)at);
	else
		(void)lseek(p->fd, p->start + (off_t)at, SEEK_SET);
}
