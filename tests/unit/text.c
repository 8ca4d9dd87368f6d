/* SPDX-License-Identifier: ISC */
#include "text.h"

#include "check.h"
#include "drip.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const trial_pace paces[] = {
	{ .name = "whole" },
	{ .name = "byte by byte", .piece = 1 },
	{ .name = "choked", .piece = 1, .choke = 1 },
};

void
text_faults_are_told(
    text_decode *decode, const text_fault *faults, size_t count)
{
	for (size_t i = 0; i < count * COUNT(paces); i++) {
		const text_fault *f = &faults[i / COUNT(paces)];
		const trial_pace *pace = &paces[i % COUNT(paces)];
		slu_buf out = { .limit = 100 };

		CHECK_IS(f->st ? f->st : SLU_ERR_FORMAT,
		    decode(f->text, strlen(f->text), pace, &out));
		CHECK_WORDS(f->words);
		CHECK_BYTES(
		    f->plain, strlen(f->plain), slu_buf_front(&out), out.len);
		slu_buf_free(&out);
	}
}

static void
break_at(text_decode *decode, const char *good, size_t at, const char *with)
{
	char text[64];
	int n = snprintf(
	    text, sizeof(text), "%.*s%s%s", (int)at, good, with, good + at);

	for (size_t i = 0; i < COUNT(paces); i++) {
		slu_buf out = { .limit = 100 };

		CHECK_IS(SLU_EOF, decode(text, (size_t)n, &paces[i], &out));
		CHECK_BYTES("HELLO WORLD!!", 13, slu_buf_front(&out), out.len);
		slu_buf_free(&out);
	}
}

void
text_breaks_anywhere(text_decode *decode, const char *good)
{
	static const char *const breaks[] = { "\n", "\r\n", "\n\n", "\n\r\n",
		"\r\n\r\n" };

	for (size_t b = 0; b < COUNT(breaks); b++)
		for (size_t at = 0; at <= strlen(good); at++)
			break_at(decode, good, at, breaks[b]);
}

void
text_may_be_empty(text_decode *decode)
{
	slu_buf out = { .limit = 100 };

	CHECK_IS(SLU_EOF, decode("", 0, &paces[0], &out));
	CHECK_IS(SLU_EOF, decode("\n", 1, &paces[0], &out));
	CHECK_IS(SLU_EOF, decode("\r\n\n\r\n", 5, &paces[0], &out));
	CHECK(out.len == 0);
	slu_buf_free(&out);
}

void
text_is_not_held_back(
    slu_status (*push)(slu_bio **top), const char *text, size_t enough)
{
	slu_bio *c = NULL;
	char out[8];
	int go = 0;
	size_t got;

	CHECK_OK(drip_open(&c, text, strlen(text), enough, &go));
	CHECK_OK(push(&c));
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &got));
	CHECK_BYTES("ABC", 3, out, got);
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, out, sizeof(out), &got));
	go = 1;
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &got));
	CHECK_BYTES("DEF", 3, out, got);
	CHECK_IS(SLU_EOF, slu_bio_read(c, out, sizeof(out), &got));
	slu_bio_free(c);
}
