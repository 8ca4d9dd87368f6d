/* SPDX-License-Identifier: ISC */
#include "stage.h"

#include <string.h>

#include "cores.h"
#include "digests.h"
#include "number.h"
#include "passphrase.h"
#include "say.h"
#include "suggest.h"
#include "sluice/armor.h"
#include "sluice/base64.h"
#include "sluice/count.h"
#include "sluice/deflate.h"
#include "sluice/pull.h"
#include "sluice/seal.h"
#include "sluice/tap.h"
#include "sluice/tee.h"
#include "sluice/unseal.h"

#define COLUMNS 76 /* of base64, unless told */
#define COLUMNS_MAX 1000000

/*
 * Compress with all processors.  Two threads at least: so the same input
 * gives the same output on every machine.
 */
static slu_status
build_deflate(slu_bio **writer, const stage *s, slu_deflate_format format)
{
	unsigned threads = cores_count();

	if (threads < 2)
		threads = 2;
	if (threads > SLU_DEFLATE_THREADS_MAX)
		threads = SLU_DEFLATE_THREADS_MAX;
	return slu_deflate(writer, &(slu_deflate_options){ .format = format,
				       .level = (int)s->number,
				       .threads = threads });
}

static slu_status
build_gzip(slu_bio **writer, void *arg)
{
	return build_deflate(writer, arg, SLU_GZIP);
}

static slu_status
build_zlib(slu_bio **writer, void *arg)
{
	return build_deflate(writer, arg, SLU_ZLIB);
}

static slu_status
push_gunzip(slu_bio **chain, stage *s)
{
	return slu_inflate(chain, &(slu_inflate_options){ .format = SLU_GZIP,
				      .max_ratio = s->number });
}

static slu_status
push_unzlib(slu_bio **chain, stage *s)
{
	return slu_inflate(chain, &(slu_inflate_options){ .format = SLU_ZLIB,
				      .max_ratio = s->number });
}

static slu_status
build_base64(slu_bio **writer, void *arg)
{
	const stage *s = arg;

	return slu_base64_encode(
	    writer, &(slu_base64_options){
			.columns = s->value != NULL ? s->number : COLUMNS });
}

static slu_status
push_unbase64(slu_bio **chain, stage *s)
{
	(void)s;
	return slu_base64_decode(chain, NULL);
}

static slu_status
build_seal(slu_bio **writer, void *arg)
{
	const stage *s = arg;

	return slu_seal(writer, s->recipients, NULL);
}

static slu_status
push_unseal(slu_bio **chain, stage *s)
{
	return slu_unseal(chain, s->identities,
	    &(slu_unseal_options){ .over_limit = &s->told.over_limit,
		.foreign = &s->told.foreign });
}

static slu_status
build_armor(slu_bio **writer, void *arg)
{
	(void)arg;
	return slu_armor(writer);
}

static slu_status
push_dearmor(slu_bio **chain, stage *s)
{
	(void)s;
	return slu_dearmor(chain);
}

static slu_status
push_hash(slu_bio **chain, stage *s)
{
	return slu_hash_tap(chain, s->hash);
}

static slu_status
push_count(slu_bio **chain, stage *s)
{
	return slu_count(chain, &s->count);
}

static slu_status
push_tee(slu_bio **chain, stage *s)
{
	return slu_tee(chain, s->file.bio);
}

static const stage_kind kinds[] = {
	{ "gzip", STAGE_MAY, 1, 9, STAGE_BINARY, NULL, build_gzip },
	{ "gunzip", STAGE_MAY, 1, SLU_INFLATE_RATIO_MAX, STAGE_ANY, push_gunzip,
	    NULL },
	{ "zlib", STAGE_MAY, 1, 9, STAGE_BINARY, NULL, build_zlib },
	{ "unzlib", STAGE_MAY, 1, SLU_INFLATE_RATIO_MAX, STAGE_ANY, push_unzlib,
	    NULL },
	{ "base64", STAGE_MAY, 0, COLUMNS_MAX, STAGE_TEXT, NULL, build_base64 },
	{ "unbase64", STAGE_NO_VALUE, 0, 0, STAGE_ANY, push_unbase64, NULL },
	{ "seal", STAGE_NO_VALUE, 0, 0, STAGE_BINARY, NULL, build_seal },
	{ "unseal", STAGE_NO_VALUE, 0, 0, STAGE_ANY, push_unseal, NULL },
	{ "armor", STAGE_NO_VALUE, 0, 0, STAGE_TEXT, NULL, build_armor },
	{ "dearmor", STAGE_NO_VALUE, 0, 0, STAGE_ANY, push_dearmor, NULL },
	{ "hash", STAGE_NEEDS, 0, 0, STAGE_SAME, push_hash, NULL },
	{ "count", STAGE_NO_VALUE, 0, 0, STAGE_SAME, push_count, NULL },
	{ "tee", STAGE_NEEDS, 0, 0, STAGE_SAME, push_tee, NULL },
};

#define NKINDS (sizeof(kinds) / sizeof(kinds[0]))

static exit_code
unknown_stage(const char *word, size_t len)
{
	suggestion best = { 0 };
	char typed[32];

	if (len < sizeof(typed)) {
		memcpy(typed, word, len);
		typed[len] = '\0';
		for (size_t i = 0; i < NKINDS; i++)
			suggest(&best, typed, kinds[i].name);
	}
	if (best.word == NULL)
		return say_fail(
		    EXIT_MISUSED, "unknown stage '%.*s'", (int)len, word);
	return say_fail(EXIT_MISUSED,
	    "unknown stage '%.*s'; did you mean '%s'?", (int)len, word,
	    best.word);
}

/* "-" is where the stream itself goes, and a name that nobody means. */
static exit_code
check_path(const stage *s)
{
	if (s->path == NULL || strcmp(s->path, "-") != 0)
		return EXIT_DONE;
	(void)say_fail(EXIT_MISUSED,
	    "%s: standard output is where the stream goes", s->word);
	say_hint("a file of that name is ./-");
	return EXIT_MISUSED;
}

/* ALG, or ALG:FILE */
static exit_code
parse_hash(stage *s)
{
	const char *colon = strchr(s->value, ':');
	size_t len =
	    colon == NULL ? strlen(s->value) : (size_t)(colon - s->value);

	if (colon != NULL && colon[1] == '\0')
		return say_fail(EXIT_MISUSED, "%s: names no file", s->word);
	s->path = colon == NULL ? NULL : colon + 1;
	if (memchr(s->value, ',', len) != NULL) {
		(void)say_fail(
		    EXIT_MISUSED, "%s: a stage makes one digest", s->word);
		say_hint("a stage for each is such as hash=sha256 hash=md5");
		return EXIT_MISUSED;
	}
	if (check_path(s) != EXIT_DONE)
		return EXIT_MISUSED;
	return digests_find(&s->hash, s->value, len, NULL, s->word);
}

static exit_code
parse_value(stage *s)
{
	const stage_kind *k = s->kind;

	if (s->value != NULL && k->value == STAGE_NO_VALUE)
		return say_fail(
		    EXIT_MISUSED, "stage %s takes no value", k->name);
	if ((s->value == NULL || *s->value == '\0') && k->value == STAGE_NEEDS)
		return say_fail(EXIT_MISUSED, "stage %s needs a value: %s",
		    k->name, k->push == push_hash ? "hash=sha256" : "tee=FILE");
	if (s->value == NULL)
		return EXIT_DONE;
	if (k->push == push_hash)
		return parse_hash(s);
	if (k->push == push_tee) {
		s->path = s->value;
		return check_path(s);
	}
	return number_value(k->name, s->value, k->min, k->max, &s->number);
}

exit_code
stage_parse(stage *s, const char *word)
{
	size_t len = strcspn(word, "=");

	s->word = word;
	s->value = word[len] == '=' ? word + len + 1 : NULL;
	for (size_t i = 0; i < NKINDS; i++)
		if (strncmp(kinds[i].name, word, len) == 0 &&
		    kinds[i].name[len] == '\0')
			s->kind = &kinds[i];
	return s->kind == NULL ? unknown_stage(word, len) : parse_value(s);
}

/* What lies on each stage: the first that fails is where the fault is. */
struct watch {
	stage *of; /* lent */
};

static slu_status
watch_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct watch *w = self;
	slu_status st;

	st = slu_bio_read(next, buf, cap, got);
	if (slu_failed(st) && *w->of->failed == NULL)
		*w->of->failed = w->of;
	return st;
}

static const slu_bio_ops watch_ops = {
	.name = "watch",
	.size = sizeof(struct watch),
	.read = watch_read,
};

exit_code
stage_push(stage *s, slu_bio **chain)
{
	struct watch *w;
	slu_status st;

	st = s->kind->build != NULL ? slu_pull(chain, s->kind->build, s)
				    : s->kind->push(chain, s);
	if (st == SLU_ERR_LIMIT)
		return passphrase_too_dear(s->word);
	if (st)
		return say_status(st, s->word);
	w = slu_bio_push(chain, &watch_ops);
	if (w == NULL)
		return say_status(SLU_ERR_MEMORY, s->word);
	w->of = s;
	return EXIT_DONE;
}

void
stage_free(stage *s)
{
	slu_hash_free(s->hash);
	output_free(&s->file);
	*s = (stage){ 0 };
}
