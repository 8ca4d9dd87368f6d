/* SPDX-License-Identifier: ISC */
/* file.h: files, to read from and to bring into being. */
#ifndef SLUICE_FILE_H
#define SLUICE_FILE_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "sluice/bio.h"

SLU_BEGIN_DECLS

#define SLU_PATH_MAX 4096 /* the longest path taken, its NUL included */

/*
 * The temporary name under which a file is being written.  A program that
 * wants nothing left behind by a signal keeps one of these where its signal
 * handler finds it, and calls slu_file_abandon there.
 */
typedef struct slu_file_pending {
	volatile sig_atomic_t live; /* whether `path` may exist */
	char path[SLU_PATH_MAX];    /* relative where the file's path was */
} slu_file_pending;

typedef struct slu_file_options {
	/* The permissions of the finished file; 0 means 0600, its owner's. */
	mode_t mode;
	/* Put the file in the place of one that bears its name already. */
	enum { SLU_FILE_KEEP = 0, SLU_FILE_REPLACE } existing;
	/*
	 * Lent: told of the temporary name while there is one.  It serves
	 * one file at a time; one that is in use is SLU_ERR_IO.  May be NULL.
	 */
	slu_file_pending *pending;
	/*
	 * Lent, for as long as the chain lives: told at the open, and again
	 * at the finish, whether it failed since the name is taken and to be
	 * kept.  May be NULL.
	 */
	bool *taken;
} slu_file_options;

/*
 * Read the file at `path`.  A file that cannot be opened, or a directory,
 * is SLU_ERR_IO, and the reason names it.
 */
slu_status slu_file_open(slu_bio **top, const char *path) SLU_CHECKED;

/*
 * Write a file that appears at the finish, whole, or not at all.  Until
 * then its bytes are in a temporary file of mode 0600 beside it, which a
 * chain that is freed unfinished takes away again.  The finish syncs the
 * file, gives it its name, and syncs its folder.  A finish that fails leaves
 * nothing behind and changes nothing, unless the folder was what could not
 * be synced: then the file is there, and only a power cut could undo it.
 *
 * With SLU_FILE_KEEP, which is the default, a name that is taken is
 * SLU_ERR_IO: at once if it is taken now, at the finish if somebody takes it
 * in the meantime.  With SLU_FILE_REPLACE the finish puts the new file in
 * the old one's place in one step; a symbolic link is followed, and stays.
 *
 * A name that stands for something else than a regular file (a FIFO, a
 * device) is opened and written directly, whatever the options say.  A FIFO
 * whose reader has gone is SLU_ERR_IO and never a SIGPIPE, as in fd.h.
 *
 * A file system that can neither rename without replacing nor link (hardly
 * any) has the name taken by an empty file for a moment of the finish; only
 * a process killed within that moment leaves it there.
 */
slu_status slu_file_create(slu_bio **top, const char *path,
    const slu_file_options *options) SLU_CHECKED;

/*
 * Remove the temporary file, if there is one.  Safe in a signal handler;
 * the chain that wrote it must not be used afterwards.
 */
void slu_file_abandon(slu_file_pending *pending);

SLU_END_DECLS

#endif
