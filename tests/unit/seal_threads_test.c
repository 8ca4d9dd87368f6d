/* SPDX-License-Identifier: ISC */
/* Files that several threads seal and open: in all but time as by one. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "choke.h"
#include "contract.h"
#include "oom.h"
#include "sealed.h"
#include "sysfault.h"
#include "trial.h"

#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seal/chunk.h"
#include "seal/identity_internal.h"
#include "seal/kdf.h"
#include "seal/runs.h"
#include "seal/seal_threads.h"
#include "seal/unseal_internal.h"
#include "sluice/fd.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/seal.h"
#include "sluice/view.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define RUN SLU_RUN_PLAIN(SLU_RUN_CHUNKS)
#define MOST (4 * RUN + 3 * SLU_CHUNK + 4321)

static unsigned char *plain; /* MOST bytes */
static bool slow;
static slu_recipients *recipients;
static slu_identities *identities;

static const trial_pace whole = { .name = "whole" };
static const trial_pace odd = { .name = "odd pieces", .piece = PACE_ODD };
static const trial_pace choked = { .name = "choked", .choke = 5000 };

/* How many threads, and how many chunks at a time. */
struct way {
	unsigned threads;
	size_t chunks;
};

static slu_status
push_seal(slu_bio **top, void *arg)
{
	const struct way *w = arg;

	return slu_seal_threads(top, recipients, w->threads, w->chunks);
}

static slu_status
push_unseal(slu_bio **top, void *arg)
{
	const struct way *w = arg;

	return slu_unseal_runs(top, identities,
	    &(slu_unseal_options){ .threads = w->threads }, w->chunks);
}

static void
holds_the_contract(struct way way)
{
	const contract_filter filter = {
		.name = "seal by threads",
		.encode = push_seal,
		.decode = push_unseal,
		.arg = &way,
		.fresh = true,
		.delimited = true,
		.most = slow ? 2 * SLU_CHUNK + 5 : 0,
	};

	contract_filter_holds(&filter);
}

static void
runs_of_a_chunk_hold_the_contract(void **state)
{
	(void)state;
	holds_the_contract((struct way){ 2, 1 });
}

static void
runs_of_two_chunks_hold_the_contract(void **state)
{
	(void)state;
	holds_the_contract((struct way){ 3, 2 });
}

/* Seal `len` bytes, flushing after `flushed` of them unless it is 0. */
static void
seal_by(struct way w, size_t len, size_t flushed, const trial_pace *pace,
    slu_buf *out)
{
	trial t = { .room = "seal", .pace = pace->name, .len = len };
	slu_bio *c = NULL;

	out->limit = SEALED_ROOM;
	CHECK_OK(slu_mem_open(&c, out));
	if (pace->choke > 0)
		CHECK_OK(choke_push(&c, pace->choke));
	CHECK_OK(push_seal(&c, &w));
	CHECK_OK(trial_write(&t, c, plain, flushed, pace));
	if (flushed > 0)
		CHECK_OK(trial_flush(&t, c));
	CHECK_OK(trial_write(&t, c, plain + flushed, len - flushed, pace));
	CHECK_OK(trial_finish(&t, c));
	slu_bio_free(c);
}

/* Hold a file to the format, chunk for chunk, with nobody's filter. */
static void
must_be_sealed_as_ever(const slu_buf *file, size_t len)
{
	const unsigned char *bytes = slu_buf_front(file);
	size_t at = sealed_header_len(bytes, file->len), done = 0;
	slu_identities *own = sealed_file_key(bytes, file->len);
	unsigned char *want = malloc(SLU_CHUNK_SEALED);
	unsigned char key[SLU_KEY_SIZE];
	slu_aead *aead = NULL;
	uint64_t index = 0;

	CHECK(want != NULL);
	CHECK_OK(slu_kdf_payload(
	    key, slu_identities_first(own)->secret, bytes + at));
	CHECK_OK(slu_aead_new(&aead, key));
	at += SLU_PAYLOAD_NONCE;
	do {
		size_t n = len - done < SLU_CHUNK ? len - done : SLU_CHUNK;
		bool last = done + n == len;

		CHECK_OK(slu_chunk_seal(aead, index++,
		    last ? SLU_CHUNK_LAST : SLU_CHUNK_INNER, plain + done, n,
		    want));
		CHECK(file->len - at >= n + SLU_TAG_SIZE);
		CHECK_BYTES(
		    want, n + SLU_TAG_SIZE, bytes + at, n + SLU_TAG_SIZE);
		at += n + SLU_TAG_SIZE;
		done += n;
	} while (done < len);
	CHECK(at == file->len);
	slu_aead_free(aead);
	slu_identities_free(own);
	free(want);
}

static void
a_file_is_the_same_for_any_number_of_threads_and_pieces(void **state)
{
	static const size_t lengths[] = { 0, 1, SLU_CHUNK, SLU_CHUNK + 1,
		RUN - 1, RUN, RUN + 1, 2 * RUN, 4 * RUN, MOST };
	static const struct way ways[] = { { 2, 8 }, { 3, 1 }, { 8, 2 } };
	static const trial_pace *const paces[] = { &whole, &odd, &choked };
	size_t n = slow ? 1 : COUNT(paces);

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++)
		for (size_t w = 0; w < n; w++)
			for (size_t p = 0; p < n; p++) {
				slu_buf file = { 0 };

				seal_by(ways[w], lengths[i], 0,
				    paces[(i + w + p) % COUNT(paces)], &file);
				must_be_sealed_as_ever(&file, lengths[i]);
				slu_buf_free(&file);
			}
}

static void
so_it_is_wherever_it_is_flushed(void **state)
{
	static const size_t flushed[] = { 1, SLU_CHUNK, SLU_CHUNK + 1,
		3 * SLU_CHUNK, RUN, RUN + 1, RUN + 2 * SLU_CHUNK + 5, 3 * RUN };
	static const struct way ways[] = { { 2, 8 }, { 2, 1 } };

	(void)state;
	for (size_t i = 0; i < COUNT(flushed); i++)
		for (size_t w = 0; w < COUNT(ways); w++) {
			slu_buf file = { 0 };

			seal_by(ways[w], MOST, flushed[i],
			    i % 2 == 0 ? &whole : &choked, &file);
			must_be_sealed_as_ever(&file, MOST);
			slu_buf_free(&file);
		}
}

static void
a_flush_sends_all_but_the_chunk_that_may_be_the_last(void **state)
{
	static const struct {
		size_t len, chunks;
	} cases[] = { { 0, 0 }, { SLU_CHUNK, 0 }, { SLU_CHUNK + 1, 1 },
		{ RUN, 7 }, { RUN + 1, 8 }, { 2 * RUN + SLU_CHUNK, 16 } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		slu_buf out = { .limit = SEALED_ROOM };
		slu_bio *c = NULL;
		size_t put;

		CHECK_OK(slu_mem_open(&c, &out));
		CHECK_OK(push_seal(&c, &(struct way){ 2, 8 }));
		CHECK_OK(slu_bio_write_all(c, plain, cases[i].len, &put));
		CHECK_OK(slu_bio_flush(c));
		CHECK(
		    out.len == sealed_header_len(slu_buf_front(&out), out.len) +
				   SLU_PAYLOAD_NONCE +
				   cases[i].chunks * SLU_CHUNK_SEALED);
		slu_bio_free(c);
		slu_buf_free(&out);
	}
}

/* What opening a file gave, and how it ended. */
struct outcome {
	slu_status st;
	char words[SLU_ERROR_MAX];
	slu_buf out;
};

static void
open_by(struct way w, slu_identities *ids, const void *file, size_t len,
    const trial_pace *pace, struct outcome *o)
{
	trial t = { .room = "unseal", .pace = pace->name, .len = len };
	slu_bio *c = NULL;

	*o = (struct outcome){ .out.limit = SEALED_ROOM };
	CHECK_OK(slu_view_open(&c, file, len));
	if (pace->choke > 0)
		CHECK_OK(choke_push(&c, pace->choke));
	CHECK_OK(slu_unseal_runs(
	    &c, ids, &(slu_unseal_options){ .threads = w.threads }, w.chunks));
	o->st = trial_read(&t, c, &o->out, pace);
	if (slu_failed(o->st)) {
		snprintf(o->words, sizeof(o->words), "%s", slu_error());
		trial_must_stay_failed(&t, c, o->st);
	}
	slu_bio_free(c);
}

/* One thread's outcome is everybody's. */
static void
all_agree(slu_identities *ids, const void *file, size_t len)
{
	static const struct way ways[] = { { 2, 8 }, { 2, 1 }, { 3, 2 } };
	static const trial_pace *const paces[] = { &whole, &odd, &choked };
	struct outcome one, other;

	open_by((struct way){ 0, 0 }, ids, file, len, &whole, &one);
	for (size_t w = 0; w < (slow ? 1 : COUNT(ways)); w++) {
		open_by(ways[w], ids, file, len, paces[(len + w) % 3], &other);
		CHECK_IS(one.st, other.st);
		assert_string_equal(one.words, other.words);
		CHECK_BYTES(slu_buf_front(&one.out), one.out.len,
		    slu_buf_front(&other.out), other.out.len);
		slu_buf_free(&other.out);
	}
	slu_buf_free(&one.out);
}

/* A file of `len` bytes, its own key, and where its payload begins. */
struct sealed {
	slu_buf file;
	slu_identities *ids;
	unsigned char *bytes;
	size_t payload;
};

static void
make_sealed(struct sealed *s, size_t len)
{
	*s = (struct sealed){ .file.limit = SEALED_ROOM };
	sealed_make_for_key(&s->file, plain, len);
	s->bytes = (unsigned char *)slu_buf_front(&s->file);
	s->ids = sealed_file_key(s->bytes, s->file.len);
	s->payload =
	    sealed_header_len(s->bytes, s->file.len) + SLU_PAYLOAD_NONCE;
}

static void
free_sealed(struct sealed *s)
{
	slu_identities_free(s->ids);
	slu_buf_free(&s->file);
}

static void
an_intact_file_is_opened_as_by_one(void **state)
{
	static const size_t lengths[] = { 0, 1, SLU_CHUNK, SLU_CHUNK + 1, RUN,
		RUN + 1, 4 * RUN, MOST };
	struct sealed s;

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		make_sealed(&s, lengths[i]);
		all_agree(s.ids, s.bytes, s.file.len);
		free_sealed(&s);
	}
}

static void
a_cut_file_fails_as_by_one(void **state)
{
	static const size_t chunks[] = { 0, 1, 7, 8, 9, 16, 34 };
	struct sealed s;

	(void)state;
	make_sealed(&s, MOST);
	for (size_t i = 0; i < COUNT(chunks); i += slow ? 3 : 1) {
		size_t at = s.payload + chunks[i] * SLU_CHUNK_SEALED;

		for (size_t more = 0; more <= 17; more += more < 15 ? 5 : 1)
			all_agree(s.ids, s.bytes, at + more);
		all_agree(s.ids, s.bytes, at - 1);
	}
	all_agree(s.ids, s.bytes, 0);
	all_agree(s.ids, s.bytes, 100);
	free_sealed(&s);
}

static void
a_damaged_file_fails_as_by_one(void **state)
{
	static const size_t chunks[] = { 0, 1, 6, 7, 8, 15, 16, 31, 35 };
	struct sealed s;

	(void)state;
	make_sealed(&s, MOST);
	for (size_t i = 0; i < COUNT(chunks); i += slow ? 4 : 1) {
		unsigned char *byte =
		    s.bytes + s.payload + chunks[i] * SLU_CHUNK_SEALED + 7;

		*byte ^= 1;
		all_agree(s.ids, s.bytes, s.file.len);
		/* What is damaged behind it does not show. */
		s.bytes[s.file.len - 1] ^= 1;
		all_agree(s.ids, s.bytes, s.file.len);
		s.bytes[s.file.len - 1] ^= 1;
		*byte ^= 1;
	}
	free_sealed(&s);
}

static void
what_is_behind_the_end_fails_as_by_one(void **state)
{
	static const size_t chunks[] = { 0, 1, 7, 8, 9, 16 };
	static const size_t behind[] = { 1, 16, SLU_CHUNK_SEALED,
		10 * SLU_CHUNK_SEALED };

	(void)state;
	for (size_t i = 0; i < COUNT(chunks); i += slow ? 4 : 1)
		for (size_t k = 0; k < COUNT(behind); k++) {
			struct sealed s;

			make_sealed(&s, chunks[i] * SLU_CHUNK);
			CHECK_OK(slu_buf_add(&s.file, plain, behind[k]));
			all_agree(s.ids, slu_buf_front(&s.file), s.file.len);
			free_sealed(&s);
		}
}

/* A source that has only so much for now, and then waits, or fails. */
struct trickle {
	const unsigned char *data;
	size_t at, until;
	slu_status then;
};

static slu_status
trickle_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct trickle **t = self, *from = *t;
	size_t n = from->until - from->at;

	(void)next;
	if (n == 0)
		return slu_failed(from->then)
			   ? slu_fail(from->then, "trickle: dried up")
			   : from->then;
	n = n < cap ? n : cap;
	memcpy(buf, from->data + from->at, n);
	from->at += n;
	*got = n;
	return SLU_OK;
}

static const slu_bio_ops trickle_ops = {
	.name = "trickle",
	.size = sizeof(struct trickle *),
	.read = trickle_read,
};

static slu_bio *
open_trickle(struct trickle *t, slu_identities *ids, unsigned threads)
{
	struct trickle **source;
	slu_bio *c = NULL;

	source = slu_bio_push(&c, &trickle_ops);
	CHECK(source != NULL);
	*source = t;
	CHECK_OK(
	    slu_unseal(&c, ids, &(slu_unseal_options){ .threads = threads }));
	return c;
}

static void
before_it_waits_all_chunks_that_are_there_are_given(void **state)
{
	static const size_t chunks[] = { 1, 2, 7, 8, 9, 20, 35 };
	unsigned char *out = malloc(MOST);
	size_t all = 0, got;
	struct sealed s;
	struct trickle t;
	slu_bio *c;

	(void)state;
	CHECK(out != NULL);
	make_sealed(&s, MOST);
	t = (struct trickle){ .data = s.bytes, .then = SLU_WANT_READ };
	c = open_trickle(&t, s.ids, 2);
	for (size_t i = 0; i < COUNT(chunks); i++) {
		slu_status st;

		t.until = s.payload + chunks[i] * SLU_CHUNK_SEALED + 3;
		while ((st = slu_bio_read(c, out + all, MOST - all, &got)) ==
		       SLU_OK)
			all += got;
		CHECK_IS(SLU_WANT_READ, st);
		CHECK_BYTES(plain, chunks[i] * SLU_CHUNK, out, all);
	}
	slu_bio_free(c);
	free_sealed(&s);
	free(out);
}

static void
what_came_before_a_failure_below_is_given_first(void **state)
{
	static const size_t chunks[] = { 0, 1, 8, 20, 34 };
	unsigned char *out = malloc(MOST);
	struct sealed s;

	(void)state;
	CHECK(out != NULL);
	make_sealed(&s, MOST);
	for (size_t i = 0; i < COUNT(chunks); i++) {
		struct trickle t = { .data = s.bytes, .then = SLU_ERR_PEER };
		size_t all = 0, got;
		slu_status st;
		slu_bio *c;

		t.until = s.payload + chunks[i] * SLU_CHUNK_SEALED + 3;
		c = open_trickle(&t, s.ids, 2);
		while ((st = slu_bio_read(c, out + all, MOST - all, &got)) ==
		       SLU_OK)
			all += got;
		CHECK_IS(SLU_ERR_PEER, st);
		CHECK_WORDS("trickle: dried up");
		CHECK_BYTES(plain, chunks[i] * SLU_CHUNK, out, all);
		slu_bio_free(c);
	}
	free_sealed(&s);
	free(out);
}

/* What somebody writes to a pipe, which may take its time. */
struct piece {
	int fd;
	const unsigned char *data;
	size_t len;
};

static void *
write_piece(void *arg)
{
	struct piece *p = arg;
	ssize_t n;

	while (p->len > 0 && (n = write(p->fd, p->data, p->len)) > 0) {
		p->data += n;
		p->len -= (size_t)n;
	}
	return NULL;
}

/* A pipe that is still written to, and has no more for now. */
static void
a_pipe_is_not_waited_for_while_there_are_chunks_to_give(void **state)
{
	unsigned char *out = malloc(SLU_CHUNK);
	struct sealed s;
	slu_bio *c = NULL;
	size_t got, len;
	int ends[2];

	(void)state;
	CHECK(out != NULL);
	make_sealed(&s, 3 * SLU_CHUNK);
	CHECK(pipe(ends) == 0);
	CHECK_OK(slu_fd_open(&c, ends[0]));
	CHECK_OK(slu_unseal(&c, s.ids, &(slu_unseal_options){ .threads = 2 }));
	/* What a pipe takes at once is a bit less than a sealed chunk. */
	len = s.payload + 60000;
	CHECK(write(ends[1], s.bytes, len) == (ssize_t)len);
	CHECK_OK(slu_bio_read(c, out, 0, &got));
	for (size_t i = 0; i < 2; i++) {
		size_t end = s.payload + (i + 1) * SLU_CHUNK_SEALED + 60000;
		size_t all = 0;
		struct piece piece = { ends[1], s.bytes + len, end - len };
		pthread_t writer;

		CHECK(pthread_create(&writer, NULL, write_piece, &piece) == 0);
		while (all < SLU_CHUNK) {
			CHECK_OK(
			    slu_bio_read(c, out + all, SLU_CHUNK - all, &got));
			all += got;
		}
		CHECK_BYTES(plain + i * SLU_CHUNK, SLU_CHUNK, out, all);
		CHECK(pthread_join(writer, NULL) == 0);
		len = end;
	}
	slu_bio_free(c);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
	free_sealed(&s);
	free(out);
}

static void
a_short_file_starts_no_thread(void **state)
{
	struct sealed s;
	struct outcome o;
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	make_sealed(&s, RUN - SLU_CHUNK);
	sysfault_arm("pthread_create", 0, EAGAIN);
	CHECK_OK(slu_null_open(&c));
	CHECK_OK(slu_seal(&c, recipients, &(slu_seal_options){ .threads = 8 }));
	CHECK_OK(slu_bio_write_all(c, plain, RUN / 2, &put));
	CHECK_OK(slu_bio_flush(c));
	CHECK_OK(slu_bio_write_all(c, plain, RUN / 2, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	open_by((struct way){ 8, SLU_RUN_CHUNKS }, s.ids, s.bytes, s.file.len,
	    &whole, &o);
	CHECK_IS(SLU_EOF, o.st);
	CHECK(sysfault_disarm() == 0);
	slu_buf_free(&o.out);
	free_sealed(&s);
}

static void
without_threads_the_caller_does_it_all(void **state)
{
	struct outcome o;
	slu_buf file = { 0 };

	(void)state;
	sysfault_arm("pthread_create", 0, EAGAIN);
	seal_by((struct way){ 4, 8 }, MOST, 0, &whole, &file);
	CHECK(sysfault_disarm() == 1);
	must_be_sealed_as_ever(&file, MOST);
	sysfault_arm("pthread_create", 0, EAGAIN);
	open_by((struct way){ 4, 8 }, identities, slu_buf_front(&file),
	    file.len, &whole, &o);
	CHECK(sysfault_disarm() == 1);
	CHECK_IS(SLU_EOF, o.st);
	CHECK_BYTES(plain, MOST, slu_buf_front(&o.out), o.out.len);
	slu_buf_free(&o.out);
	slu_buf_free(&file);
}

static void
more_threads_than_there_may_be_are_refused(void **state)
{
	slu_bio *c = NULL, *sink;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	sink = c;
	CHECK_IS(SLU_ERR_USAGE,
	    slu_seal(&c, recipients,
		&(slu_seal_options){ .threads = SLU_SEAL_THREADS_MAX + 1 }));
	CHECK_WORDS("seal: at most 64 threads");
	CHECK_IS(
	    SLU_ERR_USAGE, slu_unseal(&c, identities,
			       &(slu_unseal_options){
				   .threads = SLU_UNSEAL_THREADS_MAX + 1 }));
	CHECK_WORDS("unseal: at most 64 threads");
	CHECK(c == sink);
	CHECK_OK(slu_seal(&c, recipients,
	    &(slu_seal_options){ .threads = SLU_SEAL_THREADS_MAX }));
	slu_bio_free(c);
}

/* Where it is OpenSSL's, that has words of its own, or can do without. */
static void
must_have_run_out(oom_hit hit, slu_status well, slu_status st)
{
	if (hit == OOM_NONE)
		CHECK_IS(well, st);
	else if (hit == OOM_OURS)
		CHECK_IS(SLU_ERR_MEMORY, st);
	else
		CHECK(
		    st == well || st == SLU_ERR_MEMORY || st == SLU_ERR_CRYPTO);
}

static void
memory_may_run_out_at_any_allocation(void **state)
{
	const slu_unseal_options opening = { .threads = 2 };
	const slu_seal_options sealing = { .threads = 2 };
	unsigned char *out = malloc(RUN);
	oom_hit hit = OOM_OURS;
	struct sealed s;
	size_t n, k;

	(void)state;
	CHECK(out != NULL);
	make_sealed(&s, 3 * RUN);
	for (k = 0; hit != OOM_NONE; k += slow ? 9 : 1) {
		slu_bio *c = NULL;
		slu_status st;

		CHECK_OK(slu_null_open(&c));
		oom_arm(k);
		st = slu_seal(&c, recipients, &sealing);
		if (st == SLU_OK)
			st = slu_bio_write_all(c, plain, 3 * RUN, &n);
		if (st == SLU_OK)
			st = slu_bio_finish(c);
		hit = oom_disarm();
		must_have_run_out(hit, SLU_OK, st);
		slu_bio_free(c);
	}
	for (k = 0, hit = OOM_OURS; hit != OOM_NONE; k += slow ? 9 : 1) {
		slu_bio *c = NULL;
		slu_status st;

		CHECK_OK(slu_view_open(&c, s.bytes, s.file.len));
		oom_arm(k);
		st = slu_unseal(&c, s.ids, &opening);
		while (st == SLU_OK)
			st = slu_bio_read(c, out, RUN, &n);
		hit = oom_disarm();
		must_have_run_out(hit, SLU_EOF, st);
		slu_bio_free(c);
	}
	free_sealed(&s);
	free(out);
}

static void
a_chain_may_be_abandoned_at_any_byte(void **state)
{
	unsigned char *out = malloc(MOST);
	struct sealed s;

	(void)state;
	CHECK(out != NULL);
	make_sealed(&s, MOST);
	for (size_t len = 0; len <= MOST; len += MOST / 5) {
		slu_bio *c = NULL;
		size_t all = 0, n;

		CHECK_OK(slu_null_open(&c));
		CHECK_OK(push_seal(&c, &(struct way){ 3, 2 }));
		CHECK_OK(slu_bio_write_all(c, plain, len, &n));
		slu_bio_free(c);
		c = NULL;
		CHECK_OK(slu_view_open(&c, s.bytes, s.file.len));
		CHECK_OK(slu_unseal_runs(
		    &c, s.ids, &(slu_unseal_options){ .threads = 3 }, 2));
		while (
		    all < len && slu_bio_read(c, out, len - all, &n) == SLU_OK)
			all += n;
		CHECK(all == len);
		slu_bio_free(c);
	}
	free_sealed(&s);
	free(out);
}

/* In a child, free `c`, having tried to finish it; what came of that. */
static slu_status
finish_in_a_child(slu_bio *c)
{
	int status = -1;
	slu_status st;
	pid_t child;

	fflush(NULL);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		st = slu_bio_finish(c);
		slu_bio_free(c);
		_exit((int)st);
	}
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
	return (slu_status)WEXITSTATUS(status);
}

static void
a_child_of_fork_cannot_go_on_without_the_threads(void **state)
{
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	CHECK_OK(slu_null_open(&c));
	CHECK_OK(push_seal(&c, &(struct way){ 2, 8 }));
	CHECK_OK(slu_bio_write_all(c, plain, 1000, &put));
	CHECK_IS(SLU_OK, finish_in_a_child(c));
	CHECK_OK(slu_bio_write_all(c, plain, RUN, &put));
	CHECK_IS(SLU_ERR_USAGE, finish_in_a_child(c));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
}

static void *
seal_and_open(void *arg)
{
	slu_buf *out = arg, file = { .limit = SEALED_ROOM };
	slu_bio *c = NULL;
	slu_status st;
	size_t n;

	st = slu_mem_open(&c, &file);
	if (st == SLU_OK)
		st = push_seal(&c, &(struct way){ 2, 1 });
	if (st == SLU_OK)
		st = slu_bio_write_all(c, plain, RUN, &n);
	if (st == SLU_OK)
		st = slu_bio_finish(c);
	slu_bio_free(c);
	c = NULL;
	if (st == SLU_OK)
		st = slu_mem_open(&c, &file);
	if (st == SLU_OK)
		st = push_unseal(&c, &(struct way){ 2, 1 });
	while (st == SLU_OK) {
		unsigned char some[5000];

		st = slu_bio_read(c, some, sizeof(some), &n);
		if (slu_buf_add(out, some, n) != SLU_OK)
			st = SLU_ERR_MEMORY;
	}
	slu_bio_free(c);
	slu_buf_free(&file);
	return NULL;
}

static void
chains_at_the_same_time_do_not_meet(void **state)
{
	slu_buf out[3];
	pthread_t threads[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		out[i] = (slu_buf){ .limit = MOST };
		CHECK(pthread_create(
			  &threads[i], NULL, seal_and_open, &out[i]) == 0);
	}
	for (size_t i = 0; i < 3; i++) {
		CHECK(pthread_join(threads[i], NULL) == 0);
		CHECK_BYTES(plain, RUN, slu_buf_front(&out[i]), out[i].len);
		slu_buf_free(&out[i]);
	}
}

static int
set_up(void **state)
{
	(void)state;
	slow = check_slow("fewer ways");
	plain = malloc(MOST);
	if (plain == NULL)
		return -1;
	trial_plain(plain, MOST);
	recipients = sealed_key_recipients();
	identities = sealed_key_identities();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	slu_identities_free(identities);
	slu_recipients_free(recipients);
	free(plain);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_of_a_chunk_hold_the_contract),
		cmocka_unit_test(runs_of_two_chunks_hold_the_contract),
		cmocka_unit_test(
		    a_file_is_the_same_for_any_number_of_threads_and_pieces),
		cmocka_unit_test(so_it_is_wherever_it_is_flushed),
		cmocka_unit_test(
		    a_flush_sends_all_but_the_chunk_that_may_be_the_last),
		cmocka_unit_test(an_intact_file_is_opened_as_by_one),
		cmocka_unit_test(a_cut_file_fails_as_by_one),
		cmocka_unit_test(a_damaged_file_fails_as_by_one),
		cmocka_unit_test(what_is_behind_the_end_fails_as_by_one),
		cmocka_unit_test(
		    before_it_waits_all_chunks_that_are_there_are_given),
		cmocka_unit_test(
		    what_came_before_a_failure_below_is_given_first),
		cmocka_unit_test(
		    a_pipe_is_not_waited_for_while_there_are_chunks_to_give),
		cmocka_unit_test(a_short_file_starts_no_thread),
		cmocka_unit_test(without_threads_the_caller_does_it_all),
		cmocka_unit_test(more_threads_than_there_may_be_are_refused),
		cmocka_unit_test(memory_may_run_out_at_any_allocation),
		cmocka_unit_test(a_chain_may_be_abandoned_at_any_byte),
		cmocka_unit_test(
		    a_child_of_fork_cannot_go_on_without_the_threads),
		cmocka_unit_test(chains_at_the_same_time_do_not_meet),
	};

	return cmocka_run_group_tests_name(
	    "seal by threads", tests, set_up, tear_down);
}
