/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* O_PATH, getentropy */
#include "temp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "raw.h"
#include "rename.h"

#define NAME_SIZE 256   /* of any one name, its NUL included */
#define RANDOM_CHARS 26 /* of 5 bits each: nobody guesses or meets it */

struct slu_temp {
	const char *told; /* lent */
	int folder;       /* owned; -1 if none */
	int fd;           /* owned; -1 if none */
	mode_t mode;
	bool replace;
	slu_file_pending *pending; /* lent; may be NULL */
	bool *taken;               /* lent; may be NULL */
	char name[NAME_SIZE];      /* in the folder; "" while there is none */
	char target[NAME_SIZE];    /* what it will be called there */
};

#ifdef O_PATH
#define FOLDER_UNREAD O_PATH
#else
#define FOLDER_UNREAD O_RDONLY
#endif

/* A folder that may be written and not read can have files made in it. */
static int
open_folder(const char *path)
{
	const int flags = O_DIRECTORY | O_CLOEXEC;
	int fd;

	fd = open(path, O_RDONLY | flags);
	if (fd < 0 && errno == EACCES)
		fd = open(path, FOLDER_UNREAD | flags);
	return fd;
}

/* Split `target` and open its folder.  What cannot be split is no file. */
static bool
find_folder(slu_temp *t, const char *target)
{
	char folder[SLU_PATH_MAX] = ".";
	const char *slash = strrchr(target, '/');
	const char *name = slash == NULL ? target : slash + 1;

	errno = EISDIR;
	if (name[0] == '\0')
		return false;
	errno = ENAMETOOLONG;
	if (strlen(name) >= NAME_SIZE || strlen(target) >= SLU_PATH_MAX)
		return false;
	snprintf(t->target, sizeof(t->target), "%s", name);
	if (slash != NULL)
		snprintf(folder, sizeof(folder), "%.*s",
		    (int)(slash - target) + 1, target);
	t->folder = open_folder(folder);
	return t->folder >= 0;
}

/*
 * Think of a name: ".NAME.RANDOM.tmp", with as much of NAME as fits what
 * the file system takes.  The random part is no secret, but has to be new:
 * the system's generator gives it without a library to lean on, and with
 * O_EXCL nothing worse than a failure can come of a clash.
 */
static bool
make_name(slu_temp *t)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char random[RANDOM_CHARS];
	const size_t more = sizeof("..") - 1 + RANDOM_CHARS + sizeof(".tmp");
	long most = fpathconf(t->folder, _PC_NAME_MAX);
	size_t size =
	    most > 0 && most < NAME_SIZE ? (size_t)most + 1 : NAME_SIZE;
	size_t keep = strlen(t->target), room = size > more ? size - more : 0;

	if (keep > room)
		keep = room;
	/* Not half a character: some file systems insist on UTF-8. */
	while (keep > 0 && ((unsigned char)t->target[keep] & 0xc0) == 0x80)
		keep--;
	if (getentropy(random, sizeof(random)) != 0)
		return false;
	for (size_t i = 0; i < RANDOM_CHARS; i++)
		random[i] = (unsigned char)digits[random[i] % 32];
	snprintf(t->name, sizeof(t->name), ".%.*s.%.*s.tmp", (int)keep,
	    t->target, RANDOM_CHARS, (const char *)random);
	return true;
}

/*
 * Tell whoever wants to clean up in a signal handler, before there is
 * anything to clean up.
 */
static bool
tell_pending(slu_temp *t, const char *target)
{
	size_t folder = strlen(target) - strlen(t->target);
	slu_file_pending *p = t->pending;

	if (p == NULL)
		return true;
	errno = EBUSY;
	if (p->live) {
		t->pending = NULL; /* another file's, which stays told */
		return false;
	}
	errno = ENAMETOOLONG;
	if (folder + strlen(t->name) >= sizeof(p->path))
		return false;
	memcpy(p->path, target, folder);
	memcpy(p->path + folder, t->name, strlen(t->name) + 1);
	atomic_signal_fence(memory_order_seq_cst);
	p->live = 1;
	return true;
}

/* There is nothing left to clean up. */
static void
settle_pending(slu_temp *t)
{
	t->name[0] = '\0';
	if (t->pending != NULL)
		t->pending->live = 0;
}

static bool
open_file(slu_temp *t)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

	t->fd = openat(t->folder, t->name, flags, 0600);
	if (t->fd < 0)
		settle_pending(t);
	return t->fd >= 0;
}

slu_status
slu_temp_make(slu_temp **out, const char *target,
    const slu_file_options *options, const char *told)
{
	slu_status st;
	slu_temp *t;

	t = calloc(1, sizeof(*t));
	if (t == NULL)
		return slu_fail(SLU_ERR_MEMORY, "file: out of memory");
	t->told = told;
	t->folder = t->fd = -1;
	t->mode = options->mode != 0 ? options->mode & 07777 : 0600;
	t->replace = options->existing == SLU_FILE_REPLACE;
	t->pending = options->pending;
	t->taken = options->taken;
	if (!find_folder(t, target) || !make_name(t) ||
	    !tell_pending(t, target) || !open_file(t)) {
		st = slu_raw_failed("file", told);
		t->name[0] = '\0';
		goto out;
	}
	*out = t;
	t = NULL;
	st = SLU_OK;
out:
	slu_temp_free(t);
	return st;
}

int
slu_temp_fd(const slu_temp *t)
{
	return t->fd;
}

/*
 * The permissions are set here and not at the open, where the umask would
 * have its say.  We own the file: where we may not set them, there are none
 * to be set (FAT).
 */
static bool
set_mode(const slu_temp *t)
{
	return fchmod(t->fd, t->mode) == 0 || errno == EPERM ||
	       errno == ENOTSUP || errno == ENOSYS;
}

static bool
give_name(const slu_temp *t)
{
	bool given;

	if (t->replace)
		return renameat(t->folder, t->name, t->folder, t->target) == 0;
	given = slu_rename_to_free(t->folder, t->name, t->target);
	if (t->taken != NULL)
		*t->taken = !given && errno == EEXIST;
	return given;
}

/* A folder that may not be read cannot be synced. */
static bool
sync_folder(const slu_temp *t)
{
	return slu_raw_sync(t->folder) || errno == EBADF;
}

static void
discard(slu_temp *t)
{
	if (t->name[0] == '\0')
		return;
	unlinkat(t->folder, t->name, 0);
	settle_pending(t);
}

slu_status
slu_temp_commit(slu_temp *t)
{
	bool done = false;
	slu_status st;

	if (set_mode(t) && slu_raw_sync(t->fd) && slu_raw_close(&t->fd) &&
	    give_name(t)) {
		settle_pending(t);
		done = sync_folder(t);
	}
	st = done ? SLU_OK : slu_raw_failed("file", t->told);
	discard(t);
	return st;
}

void
slu_temp_free(slu_temp *t)
{
	if (t == NULL)
		return;
	discard(t);
	if (t->fd >= 0)
		close(t->fd);
	if (t->folder >= 0)
		close(t->folder);
	free(t);
}
