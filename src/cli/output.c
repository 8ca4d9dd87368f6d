/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "progress.h"
#include "say.h"
#include "signals.h"
#include "standard.h"
#include "visible.h"

static const char standard_name[] = "standard output";

static exit_code
exists(const char *path, output_existing existing)
{
	return say_fail(EXIT_REFUSED, "%s: already exists%s", path,
	    existing == OUTPUT_KEEP ? " (use -f to overwrite)" : "");
}

/* Whether a new file can be made in the folder of `path`. */
static exit_code
check_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - path) + 1;
	char folder[SLU_PATH_MAX] = ".";

	if (len >= sizeof(folder))
		return say_fail(
		    EXIT_IO, "%s: %s", path, strerror(ENAMETOOLONG));
	if (len > 0) {
		memcpy(folder, path, len);
		folder[len] = '\0';
	}
	/* An empty name is no file of the working folder. */
	errno = ENOENT;
	if (path[0] == '\0' ||
	    faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) != 0)
		return say_fail(
		    EXIT_IO, "%s: %s", say_name(path), strerror(errno));
	return EXIT_DONE;
}

exit_code
output_check(ledger *l, const char *path, output_existing existing, size_t by)
{
	struct stat link, st;
	exit_code code;

	if (path == NULL)
		return ledger_writes_standard(l, standard_name, by);
	if (lstat(path, &link) != 0) {
		if (errno != ENOENT)
			return say_fail(
			    EXIT_IO, "%s: %s", say_name(path), strerror(errno));
		code = check_folder(path);
		return code ? code : ledger_writes(l, path, NULL, by);
	}
	if (stat(path, &st) != 0) /* a symbolic link to nothing yet */
		return existing == OUTPUT_REPLACE
			   ? ledger_writes(l, path, NULL, by)
			   : exists(path, existing);
	if (S_ISDIR(st.st_mode))
		return say_fail(EXIT_REFUSED, "%s: is a directory", path);
	code = ledger_writes(l, path, &st, by);
	if (code != EXIT_DONE)
		return code;
	if (S_ISREG(st.st_mode) && existing != OUTPUT_REPLACE)
		return exists(path, existing);
	/* A link's target may be in another folder, a device needs none. */
	return S_ISREG(link.st_mode) ? check_folder(path) : EXIT_DONE;
}

/* What lies on every output: where a failure comes from is told here. */
struct mark {
	output *of; /* lent: it outlives its own chain */
};

static slu_status
mark_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct mark *m = self;
	slu_status st;

	st = slu_bio_write(next, data, len, put);
	if (slu_failed(st))
		m->of->failed = true;
	else if (*put > 0)
		m->of->written = true;
	return st;
}

static const slu_bio_ops mark_ops = {
	.name = "mark",
	.size = sizeof(struct mark),
	.write = mark_write,
};

static slu_status
open_file(output *o, const char *path, mode_t mode)
{
	slu_file_options options = {
		.mode = mode & 0777,
		.existing = o->existing == OUTPUT_REPLACE ? SLU_FILE_REPLACE
							  : SLU_FILE_KEEP,
	};

	o->pending = signals_file();
	if (o->pending == NULL)
		return slu_fail(SLU_ERR_LIMIT, "output: too many files");
	options.pending = o->pending;
	options.taken = &o->taken;
	return slu_file_create(&o->bio, path, &options);
}

exit_code
output_open(output *o, const char *path, mode_t mode, output_existing existing)
{
	struct mark *m = NULL;
	struct stat there;
	slu_status st;

	o->name = path == NULL ? standard_name : say_name(path);
	o->existing = existing;
	o->direct = path == NULL ||
		    (stat(path, &there) == 0 && !S_ISREG(there.st_mode));
	if (path == NULL && isatty(STDOUT_FILENO))
		progress_off_screen();
	st = path == NULL ? standard_open(&o->bio, STDOUT_FILENO)
			  : open_file(o, path, mode);
	if (st == SLU_OK) {
		m = slu_bio_push(&o->bio, &mark_ops);
		if (m == NULL)
			st = SLU_ERR_MEMORY;
		else
			m->of = o;
	}
	return output_failed(o, st, o->name);
}

/* What lies on standard output too where that is a terminal. */
struct text_only {
	output *of;       /* lent, as a mark's */
	visible_place at; /* behind what was taken */
};

static slu_status
text_only_write(
    void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct text_only *t = self;
	visible_place at = t->at;
	slu_status st;

	if (visible_binary(&at, data, len)) {
		t->of->refused = true;
		return slu_fail(SLU_ERR_IO, "output: binary data");
	}
	st = slu_bio_write(next, data, len, put);
	(void)visible_binary(&t->at, data, *put);
	return st;
}

static const slu_bio_ops text_only_ops = {
	.name = "text only",
	.size = sizeof(struct text_only),
	.write = text_only_write,
};

exit_code
output_text_only(output *o)
{
	struct text_only *t;

	t = slu_bio_push(&o->bio, &text_only_ops);
	if (t == NULL)
		return say_status(SLU_ERR_MEMORY, o->name);
	t->of = o;
	return EXIT_DONE;
}

void
output_alone(output *o)
{
	if (o->direct)
		return;
	slu_bio_drop(&o->bio);
	o->alone = true;
}

exit_code
output_refuse_binary(const char *hint)
{
	(void)say_fail(
	    EXIT_REFUSED, "refusing to write binary data to the terminal");
	say_hint("%s", hint ? hint : "use -o FILE, or -o - to force");
	return EXIT_REFUSED;
}

exit_code
output_failed(const output *o, slu_status st, const char *name)
{
	/* A chain that failed says so again, in the same words. */
	bool ours =
	    o->failed || (o->alone && slu_failed(slu_bio_flush(o->bio)));

	if (st != SLU_OK && o->refused)
		return output_refuse_binary(NULL);
	if (st != SLU_OK && o->taken)
		return exists(o->name, o->existing);
	return say_status(st, ours ? o->name : name);
}

exit_code
output_finish(output *o)
{
	return output_failed(o, slu_bio_finish(o->bio), o->name);
}

void
output_free(output *o)
{
	slu_bio_free(o->bio);
	signals_file_done(o->pending);
	*o = (output){ 0 };
}

mode_t
output_mode(void)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	return 0666 & ~mask;
}
