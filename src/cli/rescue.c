/* SPDX-License-Identifier: ISC */
#include "rescue.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "out.h"
#include "say.h"
#include "text.h"

static void
keep_hole(rescue *r, uint64_t offset, uint64_t len)
{
	char text[100];

	r->holes.limit = SIZE_MAX;
	snprintf(text, sizeof(text),
	    "%s{\"offset\":%" PRIu64 ",\"length\":%" PRIu64 "}",
	    r->holes.len > 0 ? "," : "", offset, len);
	if (slu_buf_add(&r->holes, text, strlen(text)) != SLU_OK)
		r->failed = true;
}

static void
note_hole(void *arg, uint64_t offset, uint64_t len)
{
	rescue *r = arg;

	(void)say_fail(EXIT_BAD_INPUT,
	    "%s: lost %" PRIu64 " bytes at byte %" PRIu64, r->told, len,
	    offset);
	if (r->json)
		keep_hole(r, offset, len);
}

slu_status
rescue_write(rescue *r, slu_bio *dst, const slu_sealed_source *source,
    slu_identities *ids, unlock_told *told)
{
	const slu_salvage_options options = { .hole = note_hole,
		.arg = r,
		.over_limit = &told->over_limit,
		.foreign = &told->foreign };

	return slu_salvage(dst, source, ids, &options, &r->found);
}

static const char *
end_word(slu_salvage_end end)
{
	switch (end) {
	case SLU_SALVAGE_WHOLE: return "whole";
	case SLU_SALVAGE_MISSING: return "missing";
	default: return "lost";
	}
}

static exit_code
print_json(const rescue *r)
{
	slu_buf name = { .limit = SIZE_MAX };
	const slu_salvaged *f = &r->found;
	exit_code code;

	code = say_status(text_json_file(&name, r->name), r->told);
	if (code == EXIT_DONE && r->failed)
		code = say_fail(EXIT_IO, "%s: out of memory", r->told);
	if (code == EXIT_DONE) {
		out("{");
		out_bytes(slu_buf_front(&name), name.len);
		out(",\"size\":%" PRIu64 ",\"intact\":%" PRIu64
		    ",\"front\":%" PRIu64 ",\"added\":%" PRIu64
		    ",\"extra\":%" PRIu64 ",\"end\":\"%s\",\"holes\":[",
		    f->size, f->intact, f->front, f->added, f->extra,
		    end_word(f->end));
		if (r->holes.len > 0)
			out_bytes(slu_buf_front(&r->holes), r->holes.len);
		out("]%s%s}\n",
		    f->header_damaged ? ",\"header\":\"damaged\"" : "",
		    f->armor_damaged ? ",\"armor\":\"damaged\"" : "");
	}
	slu_buf_free(&name);
	return code;
}

exit_code
rescue_report(rescue *r)
{
	const slu_salvaged *f = &r->found;
	exit_code code = EXIT_DONE;

	if (f->holes > 0)
		code = EXIT_BAD_INPUT;
	if (f->header_damaged)
		code = say_fail(EXIT_BAD_INPUT,
		    "%s: its header is damaged; what opened it is not",
		    r->told);
	if (f->front > 0)
		code = say_fail(EXIT_BAD_INPUT,
		    "%s: the front of its payload was cut off", r->told);
	if (f->added > 0)
		code = say_fail(EXIT_BAD_INPUT,
		    "%s: %" PRIu64 " bytes between its parts were left out",
		    r->told, f->added);
	if (f->end == SLU_SALVAGE_MISSING)
		code = say_fail(EXIT_BAD_INPUT,
		    "%s: what came after %" PRIu64 " bytes is missing", r->told,
		    f->size);
	if (f->end == SLU_SALVAGE_LOST)
		code = say_fail(EXIT_BAD_INPUT,
		    "%s: its end is lost, and what may have come after it",
		    r->told);
	if (f->extra > 0)
		code = say_fail(EXIT_BAD_INPUT,
		    "%s: %" PRIu64 " bytes behind its end were left out",
		    r->told, f->extra);
	if (f->armor_damaged)
		code = say_fail(
		    EXIT_BAD_INPUT, "%s: its armor is damaged", r->told);
	if (code != EXIT_DONE)
		say_note(
		    "%s: %" PRIu64 " bytes are intact", r->told, f->intact);
	if (r->json && print_json(r) != EXIT_DONE)
		code = EXIT_IO;
	return code;
}

void
rescue_free(rescue *r)
{
	slu_buf_free(&r->holes);
	*r = (rescue){ 0 };
}
