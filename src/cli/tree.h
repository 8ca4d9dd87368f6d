/* SPDX-License-Identifier: ISC */
/* tree.h: the files of a folder and of the folders in it. */
#ifndef SLUICE_CLI_TREE_H
#define SLUICE_CLI_TREE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct tree_visitor {
	/* Told of each regular file and its bytes; false: that was enough. */
	bool (*file)(const char *path, uint64_t size, void *arg);
	/* Told of what cannot be looked at, an errno. */
	void (*failed)(const char *path, int error, void *arg);
	void *arg;
} tree_visitor;

/*
 * Visit all regular files below `root`, in the order that their whole names
 * have as bytes, the one of `LC_ALL=C sort`.  Symbolic links are neither
 * followed nor told of, but for `root` itself; nor are devices, FIFOs and
 * sockets told of.  Memory is taken for one folder on each level, by the
 * number of its entries.  False where a visit was enough.
 */
bool tree_walk(const char *root, const tree_visitor *v);

#endif
