/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"
#include "sluice/file.h"

struct entry {
	char *name;    /* owned */
	uint64_t size; /* bytes, of a file */
	bool folder;   /* it is none */
};

struct folder {
	struct entry *entries; /* owned */
	size_t n, cap;
};

struct walk {
	const tree_visitor *v; /* lent by the caller */
	char path[SLU_PATH_MAX + 1];
	size_t len; /* bytes of the path */
};

/* Names are followed by what follows them in a whole name. */
static int
by_whole_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	size_t lx = strlen(x->name), ly = strlen(y->name);
	int order = memcmp(x->name, y->name, lx < ly ? lx : ly);
	unsigned char cx, cy;

	if (order != 0)
		return order;
	cx = (unsigned char)x->name[lx < ly ? lx : ly];
	cy = (unsigned char)y->name[lx < ly ? lx : ly];
	if (cx == '\0' && x->folder)
		cx = '/';
	if (cy == '\0' && y->folder)
		cy = '/';
	return (cx > cy) - (cx < cy);
}

static bool
is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Add a name to the path; false where it gets too long, which is told. */
static bool
go_down(struct walk *w, const char *name)
{
	size_t len = strlen(name);
	bool slash = w->len > 0 && w->path[w->len - 1] != '/';

	if (w->len + slash + len > SLU_PATH_MAX) {
		w->v->failed(w->path, ENAMETOOLONG, w->v->arg);
		return false;
	}
	if (slash)
		w->path[w->len++] = '/';
	memcpy(w->path + w->len, name, len + 1);
	w->len += len;
	return true;
}

static void
go_up(struct walk *w, size_t len)
{
	w->path[len] = '\0';
	w->len = len;
}

static void
note_failure(struct walk *w, const char *name, int error)
{
	size_t len = w->len;

	if (name == NULL)
		w->v->failed(w->path, error, w->v->arg);
	else if (go_down(w, name))
		w->v->failed(w->path, error, w->v->arg);
	go_up(w, len);
}

static int
add_entry(struct folder *f, const char *name, const struct stat *st)
{
	struct entry *more;

	if (f->n == f->cap) {
		f->cap = f->cap > 0 ? 2 * f->cap : 64;
		more = reallocarray(f->entries, f->cap, sizeof(*more));
		if (more == NULL)
			return ENOMEM;
		f->entries = more;
	}
	more = &f->entries[f->n];
	more->name = strdup(name);
	more->size = (uint64_t)st->st_size;
	more->folder = S_ISDIR(st->st_mode);
	if (more->name == NULL)
		return ENOMEM;
	f->n++;
	return 0;
}

/* Read one name; false where there is none left, or reading failed. */
static bool
read_entry(struct walk *w, DIR *dir, struct folder *f)
{
	struct dirent *d;
	struct stat st;
	int error = 0;

	errno = 0;
	d = readdir(dir);
	if (d == NULL) {
		if (errno != 0)
			note_failure(w, NULL, errno);
		return false;
	}
	if (is_dots(d->d_name))
		return true;
	if (fstatat(dirfd(dir), d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		error = errno;
	else if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		error = add_entry(f, d->d_name, &st);
	else
		say_detail(
		    "%s/%s: left out, no regular file", w->path, d->d_name);
	if (error != 0)
		note_failure(w, d->d_name, error);
	return true;
}

/* Read all names of the folder, so that it need not stay open. */
static void
read_folder(struct walk *w, int follow, struct folder *f)
{
	int fd = open(
	    w->path, O_RDONLY | O_DIRECTORY | O_NOCTTY | O_CLOEXEC | follow);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (dir == NULL) {
		note_failure(w, NULL, errno);
		if (fd >= 0)
			close(fd);
		return;
	}
	while (read_entry(w, dir, f))
		continue;
	closedir(dir);
	if (f->n > 0)
		qsort(f->entries, f->n, sizeof(*f->entries), by_whole_name);
}

static bool
visit(struct walk *w, int follow)
{
	struct folder f = { 0 };
	size_t len = w->len;
	bool more = true;

	read_folder(w, follow, &f);
	for (size_t i = 0; i < f.n; i++) {
		if (more && go_down(w, f.entries[i].name))
			more = f.entries[i].folder
				   ? visit(w, O_NOFOLLOW)
				   : w->v->file(
					 w->path, f.entries[i].size, w->v->arg);
		go_up(w, len);
		free(f.entries[i].name);
	}
	free(f.entries);
	return more;
}

bool
tree_walk(const char *root, const tree_visitor *v)
{
	struct walk *w = calloc(1, sizeof(*w));
	bool more = true;

	if (w == NULL) {
		v->failed(root, ENOMEM, v->arg);
		return true;
	}
	w->v = v;
	if (go_down(w, root))
		more = visit(w, 0);
	free(w);
	return more;
}
