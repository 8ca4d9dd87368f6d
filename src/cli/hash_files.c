/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "hash_files.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "crew.h"
#include "input.h"
#include "say.h"

/* Bytes for which it is worth while to tell how far it is with one file. */
#define LARGE (16 * 1024 * 1024)

/* Bytes of output that may wait until it is their turn. */
#define OUTPUT_WAITING (16 * 1024 * 1024)

struct hash_files {
	hash_files_options o;
	crew *crew; /* owned */
	hash_hand alone;
	atomic_uint_least64_t moved; /* bytes that were read */

	/* The first since all were settled; no name: there is none yet. */
	hash_file first;
	bool several; /* others have come since */
};

static void
work(void *hand, void *item, void *arg)
{
	hash_files *h = arg;

	hash_file_read(item, hand, h->o.all, &h->moved);
}

static void
tick(void *arg)
{
	hash_files *h = arg;

	if (h->o.progress.name != NULL)
		progress_at(&h->o.progress, atomic_load(&h->moved));
}

static void
told(void *item, void *arg)
{
	hash_files *h = arg;

	hash_file_say(item);
	h->o.told(item, h->o.arg);
	tick(h);
}

static void
drop(void *item)
{
	hash_file_free(item);
}

static void
leave(void *hand)
{
	hash_hand_free(hand);
}

static const crew_kind kind = {
	.item = sizeof(hash_file),
	.hand = sizeof(hash_hand),
	.work = work,
	.told = told,
	.drop = drop,
	.leave = leave,
	.tick = tick,
};

exit_code
hash_files_new(hash_files **out, const hash_files_options *o)
{
	size_t each = digests_size(o->all) + 1, items;
	exit_code code;
	hash_files *h;

	h = calloc(1, sizeof(*h));
	if (h == NULL)
		return say_fail(EXIT_IO, "out of memory");
	h->o = *o;
	items = OUTPUT_WAITING / each + 1;
	code = crew_new(&h->crew, &kind, h, o->threads, items);
	if (code != EXIT_DONE) {
		hash_files_free(h);
		return code;
	}
	*out = h;
	return EXIT_DONE;
}

/*
 * Whether all threads are for this file of several: where it is none whose
 * size is known, and where it is large and its digests keep them busy, or no
 * thread but ours is there to tell how far it is.
 */
static bool
needs_all(const hash_files *h, const hash_file *f)
{
	size_t n = f->algorithm != NULL ? 1 : h->o.all->n;
	uint64_t size = f->expect;
	struct stat st;

	if (!f->found) {
		/* What is not there is found out by trying to open it. */
		if (input_is_standard(f->name) || stat(f->name, &st) != 0 ||
		    !S_ISREG(st.st_mode))
			return true;
		size = (uint64_t)st.st_size;
	}
	return size >= LARGE &&
	       (h->o.threads == 1 || (n > 1 && n >= h->o.threads));
}

static void
read_alone(hash_files *h, hash_file *f)
{
	crew_settle(h->crew);
	hash_file_read_alone(f, &h->alone, h->o.all, h->o.threads, NULL);
	atomic_fetch_add(&h->moved, f->size);
	h->o.told(f, h->o.arg);
	hash_file_free(f);
}

static void
add(hash_files *h, hash_file *f)
{
	hash_file *item;

	if (needs_all(h, f)) {
		read_alone(h, f);
		return;
	}
	item = crew_item(h->crew);
	*item = *f;
	*f = (hash_file){ 0 };
	crew_put(h->crew);
}

void
hash_files_add(hash_files *h, hash_file *f)
{
	if (!h->several && h->first.name == NULL) {
		h->first = *f;
		*f = (hash_file){ 0 };
		return;
	}
	if (!h->several)
		add(h, &h->first);
	h->several = true;
	add(h, f);
}

void
hash_files_settle(hash_files *h)
{
	if (h->first.name != NULL)
		read_alone(h, &h->first);
	crew_settle(h->crew);
	h->several = false;
}

void
hash_files_free(hash_files *h)
{
	if (h == NULL)
		return;
	crew_free(h->crew);
	if (h->o.progress.name != NULL)
		progress_end(&h->o.progress);
	hash_file_free(&h->first);
	hash_hand_free(&h->alone);
	free(h);
}
