/* SPDX-License-Identifier: ISC */
#include "sluice/words.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "sluice/rand.h"
#include "sluice/secret.h"
#include "words_list.h"

static_assert(SLU_WORDS_WIDTH == sizeof(uint64_t) + sizeof(uint16_t),
    "draw() takes a row in two pieces");

const char *
slu_words_at(size_t i)
{
	return i < SLU_WORDS_LIST ? slu_words_list[i] : NULL;
}

/*
 * Draw a word.  All of the list is read and one row kept, since the address
 * of that row would tell whoever shares a cache with us what it says.
 */
static void
draw(char word[SLU_WORDS_WIDTH])
{
	uint64_t secret = slu_rand_below(SLU_WORDS_LIST);
	uint64_t keep, head, head_kept = 0;
	uint16_t tail, tail_kept = 0;

	for (uint64_t i = 0; i < SLU_WORDS_LIST; i++) {
		/* All ones where i is the secret, else 0. */
		keep = 0 - (((i ^ secret) - 1) >> 63);
		memcpy(&head, slu_words_list[i], sizeof(head));
		memcpy(&tail, slu_words_list[i] + sizeof(head), sizeof(tail));
		head_kept |= head & keep;
		tail_kept |= tail & (uint16_t)keep;
	}
	memcpy(word, &head_kept, sizeof(head_kept));
	memcpy(word + sizeof(head_kept), &tail_kept, sizeof(tail_kept));
}

slu_status
slu_words_append(slu_buf *out, size_t count, const char *separator)
{
	size_t room = out->limit > out->len ? out->limit - out->len : 0;
	slu_buf phrase = { .limit = room };
	char word[SLU_WORDS_WIDTH];
	slu_status st = SLU_OK;

	if (count == 0 || count > SLU_WORDS_MAX)
		return slu_fail(SLU_ERR_USAGE, "words: %zu words, not 1 to %d",
		    count, SLU_WORDS_MAX);
	for (size_t i = 0; i < count && st == SLU_OK; i++) {
		if (i > 0)
			st = slu_buf_add(&phrase, separator, strlen(separator));
		if (st)
			break;
		draw(word);
		st = slu_buf_add(&phrase, word, strlen(word));
	}
	slu_wipe(word, sizeof(word));
	if (st == SLU_OK)
		st = slu_buf_add(out, slu_buf_front(&phrase), phrase.len);
	slu_buf_free(&phrase);
	if (st == SLU_ERR_LIMIT)
		return slu_fail(
		    st, "words: %zu words do not fit %zu bytes", count, room);
	return st;
}
