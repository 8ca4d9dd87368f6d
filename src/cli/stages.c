/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "stages.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hash_line.h"
#include "say.h"
#include "visible.h"
#include "sluice/deflate.h"

static bool
is(const stage *s, const char *name)
{
	return strcmp(s->kind->name, name) == 0;
}

exit_code
stages_parse(stages *all, int n, char **words)
{
	unsigned level = 0;
	exit_code code;
	stage *s;

	if (n > STAGES_MAX)
		return say_fail(
		    EXIT_MISUSED, "more than %d stages", STAGES_MAX);
	for (int i = 0; i < n; i++) {
		s = &all->each[all->n++];
		code = stage_parse(s, words[i]);
		if (code != EXIT_DONE)
			return code;
		s->failed = &all->failed;
		s->level = level;
		if (s->kind->makes != STAGE_SAME)
			level++;
	}
	return EXIT_DONE;
}

bool
stages_have(const stages *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (is(&all->each[i], name))
			return true;
	return false;
}

bool
stages_secret(const stages *all, size_t i)
{
	for (size_t k = i + 1; k < all->n; k++)
		if (is(&all->each[k], "seal"))
			return true;
	for (size_t k = i + 1; k > 0; k--) {
		if (is(&all->each[k - 1], "seal"))
			return false;
		if (is(&all->each[k - 1], "unseal"))
			return true;
	}
	return false;
}

exit_code
stages_check(const stages *all, ledger *l)
{
	exit_code code = EXIT_DONE;

	for (size_t i = 0; i < all->n && code == EXIT_DONE; i++)
		if (all->each[i].path != NULL)
			code = output_check(
			    l, all->each[i].path, all->existing, 0);
	return code ? code : output_check(l, all->path, all->existing, 0);
}

exit_code
stages_push(stages *all, slu_bio **chain)
{
	exit_code code = EXIT_DONE;
	stage *s;

	for (size_t i = 0; i < all->n && code == EXIT_DONE; i++) {
		s = &all->each[i];
		if (is(s, "tee"))
			code = output_open(&s->file, s->path,
			    stages_secret(all, i) ? 0600 : output_mode(),
			    all->existing);
		if (code == EXIT_DONE)
			code = stage_push(s, chain);
	}
	return code;
}

exit_code
stages_failed(
    const stages *all, slu_status st, const output *out, const char *in)
{
	const stage *s = all->failed;
	exit_code code;

	for (size_t i = 0; i < all->n; i++)
		if (all->each[i].file.failed)
			out = &all->each[i].file;
	if (st == SLU_OK || st == SLU_ERR_IO || s == NULL)
		return output_failed(out, st, in);
	code = say_fail(say_code(st), "%s: %s%s", s->word, say_cause(st),
	    out->direct && out->written ? ": what came before was written"
					: "");
	if (st == SLU_ERR_LIMIT && s->kind->max == SLU_INFLATE_RATIO_MAX)
		say_hint("%s=RATIO lets more pass, and %s=%d any amount",
		    s->kind->name, s->kind->name, SLU_INFLATE_RATIO_MAX);
	return code;
}

/* A file that holds the bytes that a digest was made of, or "-". */
static const char *
name_for(const stages *all, const stage *digest)
{
	const stage *last = &all->each[all->n - 1], *s;

	if (all->path != NULL &&
	    digest->level == last->level + (last->kind->makes != STAGE_SAME))
		return all->path;
	for (size_t i = 0; i < all->n; i++) {
		s = &all->each[i];
		if (is(s, "tee") && s->level == digest->level)
			return s->path;
	}
	return "-";
}

static slu_status
make_line(const stages *all, const stage *s, slu_buf *line)
{
	unsigned char md[SLU_HASH_MAX];
	char shown[VISIBLE_MAX(SLU_PATH_MAX)];
	const char *name = name_for(all, s);
	slu_status st;
	size_t len;

	if (s->path == NULL && isatty(STDERR_FILENO))
		name = visible(shown, name);
	st = slu_hash_final(s->hash, md, sizeof(md), &len);
	return st ? st
		  : hash_line(line, &(hash_style){ 0 }, slu_hash_name(s->hash),
			md, len, name);
}

static exit_code
show_digest(const stages *all, const stage *s)
{
	slu_buf line = { .limit = HASH_LINE_MAX(SLU_HASH_MAX) };
	slu_status st;

	st = make_line(all, s, &line);
	if (st == SLU_OK) {
		say_passing_gone();
		fwrite(slu_buf_front(&line), 1, line.len, stderr);
	}
	slu_buf_free(&line);
	return say_status(st, s->word);
}

/* Write a digest to its file, which does not appear yet. */
static exit_code
put_digest(const stages *all, stage *s)
{
	slu_buf line = { .limit = HASH_LINE_MAX(SLU_HASH_MAX) };
	exit_code code;
	slu_status st;
	size_t n;

	code = say_status(make_line(all, s, &line), s->word);
	if (code == EXIT_DONE)
		code = output_open(
		    &s->file, s->path, output_mode(), all->existing);
	if (code == EXIT_DONE) {
		st = slu_bio_write_all(
		    s->file.bio, slu_buf_front(&line), line.len, &n);
		code = output_failed(&s->file, st, s->word);
	}
	slu_buf_free(&line);
	return code;
}

/*
 * Hand everything over before the first file appears, so that a disk that is
 * full is met while none has.
 */
static exit_code
flush_all(stages *all, output *out)
{
	exit_code code = EXIT_DONE;
	stage *s;

	for (size_t i = 0; i < all->n && code == EXIT_DONE; i++) {
		s = &all->each[i];
		if (s->hash != NULL && s->path != NULL)
			code = put_digest(all, s);
		if (code == EXIT_DONE && s->file.bio != NULL)
			code = output_failed(
			    &s->file, slu_bio_flush(s->file.bio), s->word);
	}
	if (code == EXIT_DONE)
		code = output_failed(out, slu_bio_flush(out->bio), out->name);
	return code;
}

/* Tell what was found; what nobody can be told is a failure like others. */
static exit_code
tell(const stages *all)
{
	exit_code code = EXIT_DONE;

	clearerr(stderr);
	for (size_t i = 0; i < all->n && code == EXIT_DONE; i++) {
		if (all->each[i].hash != NULL && all->each[i].path == NULL)
			code = show_digest(all, &all->each[i]);
		else if (is(&all->each[i], "count"))
			say("stage %zu: %" PRIu64 " bytes", i + 1,
			    all->each[i].count);
	}
	return code == EXIT_DONE && ferror(stderr) ? EXIT_IO : code;
}

exit_code
stages_finish(stages *all, output *out)
{
	exit_code code;

	code = flush_all(all, out);
	if (code == EXIT_DONE)
		code = tell(all);
	for (size_t i = 0; i < all->n && code == EXIT_DONE; i++)
		if (all->each[i].file.bio != NULL)
			code = output_finish(&all->each[i].file);
	return code ? code : output_finish(out);
}

void
stages_free(stages *all)
{
	for (size_t i = 0; i < all->n; i++)
		stage_free(&all->each[i]);
	*all = (stages){ 0 };
}
