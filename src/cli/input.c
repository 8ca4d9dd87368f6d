/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../bio/raw.h"
#include "progress.h"
#include "say.h"
#include "standard.h"
#include "sluice/fd.h"

bool
input_is_standard(const char *name)
{
	return strcmp(name, "-") == 0;
}

const char *
input_name(const char *name)
{
	return input_is_standard(name) ? "standard input" : say_name(name);
}

int
input_stat(const char *name, struct stat *st)
{
	return input_is_standard(name) ? fstat(STDIN_FILENO, st)
				       : stat(name, st);
}

uint64_t
input_ahead(const input *in)
{
	off_t at;

	if (!S_ISREG(in->st.st_mode))
		return 0;
	at = lseek(in->fd, 0, SEEK_CUR);
	return at < 0 || at >= in->st.st_size ? 0
					      : (uint64_t)(in->st.st_size - at);
}

exit_code
input_open(input *in, const char *name)
{
	int flags = O_RDONLY | O_NOCTTY | O_CLOEXEC;
	slu_status st;

	in->name = input_name(name);
	in->fd = STDIN_FILENO;
	if (in->no_link)
		flags |= O_NOFOLLOW;
	if (!input_is_standard(name))
		in->fd = open(name, flags);
	if (in->fd < 0 || fstat(in->fd, &in->st) != 0)
		return say_fail(EXIT_IO, "%s: %s", in->name, strerror(errno));
	if (S_ISDIR(in->st.st_mode))
		return say_fail(EXIT_REFUSED, "%s: is a directory", in->name);
	if (S_ISREG(in->st.st_mode))
		in->start = (uint64_t)lseek(in->fd, 0, SEEK_CUR);
	if (input_is_standard(name) && isatty(in->fd))
		say_hint("reading from the terminal; ^D ends the input");
	/* A regular file never blocks, and is the faster for being alone. */
	st = S_ISREG(in->st.st_mode) ? slu_fd_open(&in->bio, in->fd)
				     : standard_open(&in->bio, in->fd);
	return say_status(st, in->name);
}

exit_code
input_tell(input *in)
{
	slu_status st;

	st = progress_push(&in->bio, in->name, input_ahead(in));
	return say_status(st, in->name);
}

bool
input_is_unchanged(int fd, const struct stat *before)
{
	struct stat now;

	if (!S_ISREG(before->st_mode))
		return true;
	return fstat(fd, &now) == 0 && now.st_size == before->st_size &&
	       now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
	       now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

static bool
begins(int fd, const char *with)
{
	char head[64];
	size_t len = strlen(with), got;

	return slu_raw_read_at(fd, lseek(fd, 0, SEEK_CUR), head, len, &got) &&
	       got == len && memcmp(head, with, len) == 0;
}

bool
input_is_sealed(const char *name)
{
	bool found = false;
	int fd = STDIN_FILENO;
	struct stat st;

	if (input_stat(name, &st) != 0 || !S_ISREG(st.st_mode))
		return found;
	if (!input_is_standard(name))
		fd = open(name, O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return found;
	found = begins(fd, "age-encryption.org/v1\n") ||
		begins(fd, "-----BEGIN AGE ENCRYPTED FILE-----");
	if (fd > STDERR_FILENO)
		close(fd);
	return found;
}

void
input_free(input *in)
{
	slu_bio_free(in->bio);
	if (in->fd > STDERR_FILENO)
		close(in->fd);
	*in = (input){ 0 };
}
