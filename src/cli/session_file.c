/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "session_file.h"

#include <string.h>
#include <sys/stat.h>

#include "readable.h"
#include "say.h"
#include "signals.h"
#include "sluice/file.h"
#include "sluice/secret.h"
#include "sluice/tls_session.h"

/* So begins what is kept here, by this version and by others. */
static const char mark[] = "sluice-tls-session-";

static bool
is_session(const slu_buf *kept)
{
	size_t len = sizeof(mark) - 1;

	return kept->len == 0 ||
	       (kept->len >= len &&
		   memcmp(slu_buf_front(kept), mark, len) == 0);
}

/* A mistyped name is not to cost its file. */
static exit_code
refuse(const char *name)
{
	return say_fail(EXIT_REFUSED,
	    "%s: already exists, and is no session (remove it first)", name);
}

static slu_status
read_all(slu_buf *kept, const char *name)
{
	unsigned char some[4096];
	slu_bio *in = NULL;
	slu_status st;
	size_t n;

	st = slu_file_open(&in, name);
	while (st == SLU_OK) {
		st = slu_bio_read(in, some, sizeof(some), &n);
		if (st == SLU_OK)
			st = slu_buf_add(kept, some, n);
	}
	slu_wipe(some, sizeof(some));
	slu_bio_free(in);
	return st == SLU_EOF ? SLU_OK : st;
}

exit_code
session_file_offer(const char *name, slu_tls *tls)
{
	slu_buf kept = { .limit = SLU_TLS_SESSION_MAX };
	exit_code code = EXIT_DONE;
	struct stat about;
	slu_status st;

	if (stat(name, &about) != 0)
		return EXIT_DONE;
	if (!S_ISREG(about.st_mode))
		return refuse(name);
	readable_check(name);
	st = read_all(&kept, name);
	if (st == SLU_ERR_IO || st == SLU_ERR_MEMORY)
		code = say_status(st, name);
	else if (!is_session(&kept))
		code = refuse(name);
	else if (st == SLU_OK)
		st = slu_tls_session_set(tls, slu_buf_front(&kept), kept.len);
	/* Then hands are shaken in full. */
	if (code == EXIT_DONE && st != SLU_OK)
		say_detail("%s: %s", name, say_cause(st));
	slu_buf_free(&kept);
	return code;
}

exit_code
session_file_keep(const char *name, slu_tls *tls)
{
	slu_buf kept = { .limit = SLU_TLS_SESSION_MAX };
	slu_file_pending *pending = signals_file();
	const slu_file_options how = { .existing = SLU_FILE_REPLACE,
		.pending = pending };
	slu_bio *out = NULL;
	exit_code code;
	slu_status st;
	size_t n;

	st = slu_tls_session_get(tls, &kept);
	if (st) {
		say_detail("%s: the server has offered no session", name);
		code = EXIT_DONE;
		goto out;
	}
	st = slu_file_create(&out, name, &how);
	if (st == SLU_OK)
		st = slu_bio_write_all(out, slu_buf_front(&kept), kept.len, &n);
	if (st == SLU_OK)
		st = slu_bio_finish(out);
	code = say_status(st, name);
out:
	slu_bio_free(out);
	signals_file_done(pending);
	slu_buf_free(&kept);
	return code;
}
