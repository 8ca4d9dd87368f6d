/* SPDX-License-Identifier: ISC */
/* Whole files sealed and opened, by threads where these are worth while. */
#define _GNU_SOURCE
#include "check.h"
#include "folder.h"
#include "oom.h"
#include "sealed.h"
#include "sysfault.h"
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bio/place.h"
#include "seal/runs.h"
#include "sluice/armor.h"
#include "sluice/count.h"
#include "sluice/fd.h"
#include "sluice/file.h"
#include "sluice/mem.h"
#include "sluice/unseal_copy.h"
#include "sluice/view.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define RUN SLU_RUN_PLAIN(SLU_RUN_CHUNKS)
#define MIB ((size_t)1024 * 1024)
#define MOST (7 * RUN + 3 * SLU_CHUNK + 4321)

static const slu_seal_options two = { .threads = 2 };
static const slu_unseal_options by_two = { .threads = 2 };

static unsigned char *plain; /* MOST bytes, and one before them */
static size_t step = 1;      /* of tests that take one thing after the other */
static slu_recipients *recipients;
static slu_identities *identities;

/* Seal `src` into the new file "sealed"; both are freed. */
static slu_status
seal_to_file(
    slu_bio *src, const slu_seal_options *options, slu_seal_watch *watch)
{
	slu_bio *dst = NULL;
	slu_status st;

	CHECK_OK(slu_file_create(&dst, "sealed", NULL));
	st = slu_seal_copy(dst, src, recipients, options, watch);
	slu_bio_free(dst);
	slu_bio_free(src);
	return st;
}

static slu_status
unseal_to_file(
    slu_bio *src, const slu_unseal_options *options, slu_seal_watch *watch)
{
	slu_bio *dst = NULL;
	slu_status st;

	CHECK_OK(slu_file_create(&dst, "opened", NULL));
	st = slu_unseal_copy(dst, src, identities, options, watch);
	slu_bio_free(dst);
	slu_bio_free(src);
	return st;
}

static slu_bio *
file(const char *path)
{
	slu_bio *c = NULL;

	CHECK_OK(slu_file_open(&c, path));
	return c;
}

/* What is in the file "sealed", opened plainly, is the first `len` bytes. */
static void
sealed_must_hold(size_t len)
{
	trial t = { .room = "unseal", .pace = "whole", .len = len };
	const trial_pace whole = { .name = "whole" };
	slu_buf out = { .limit = SEALED_ROOM };
	slu_bio *c = file("sealed");

	CHECK_OK(slu_unseal(&c, identities, NULL));
	CHECK_IS(SLU_EOF, trial_read(&t, c, &out, &whole));
	CHECK_BYTES(plain, len, slu_buf_front(&out), out.len);
	slu_bio_free(c);
	slu_buf_free(&out);
}

static void
a_file_is_sealed_and_opened_whatever_its_length(void **state)
{
	static const size_t lengths[] = { 0, 1, SLU_CHUNK, MIB - 1, MIB,
		MIB + 1, 2 * RUN + SLU_CHUNK, 4 * RUN, MOST };
	static const unsigned threads[] = { 0, 1, 2, 3, 8 };

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i += step)
		for (size_t k = 0; k < COUNT(threads); k += step) {
			folder_put("plain", plain, lengths[i]);
			CHECK_OK(seal_to_file(file("plain"),
			    &(slu_seal_options){ .threads = threads[k] },
			    NULL));
			sealed_must_hold(lengths[i]);
			CHECK_OK(unseal_to_file(file("sealed"),
			    &(slu_unseal_options){ .threads = threads[k] },
			    NULL));
			folder_check("opened", plain, lengths[i]);
			CHECK(unlink("sealed") == 0 && unlink("opened") == 0);
		}
	CHECK(folder_count(".") == 1);
}

/* What has a filter on it: read in order. */
static void
what_is_no_file_alone_is_copied_as_well(void **state)
{
	slu_buf sealed = { .limit = SEALED_ROOM };
	slu_buf opened = { .limit = SEALED_ROOM };
	slu_bio *src = NULL, *dst = NULL;
	uint64_t passed = 0;

	(void)state;
	CHECK_OK(slu_view_open(&src, plain, MOST));
	CHECK_OK(slu_count(&src, &passed));
	CHECK_OK(slu_mem_open(&dst, &sealed));
	CHECK_OK(slu_seal_copy(dst, src, recipients, &two, NULL));
	CHECK(passed == MOST);
	slu_bio_free(src);
	slu_bio_free(dst);
	dst = NULL;
	passed = 0;
	folder_put("sealed", slu_buf_front(&sealed), sealed.len);
	sealed_must_hold(MOST);
	src = file("sealed");
	CHECK_OK(slu_count(&src, &passed));
	CHECK_OK(slu_mem_open(&dst, &opened));
	CHECK_OK(slu_unseal_copy(dst, src, identities, &by_two, NULL));
	CHECK_BYTES(plain, MOST, slu_buf_front(&opened), opened.len);
	CHECK(passed == sealed.len);
	slu_bio_free(src);
	slu_bio_free(dst);
	slu_buf_free(&sealed);
	slu_buf_free(&opened);
}

/* From where the view is, and up to its end. */
static void
bytes_in_memory_are_sealed_and_opened_where_they_lie(void **state)
{
	static const size_t lengths[] = { 0, 1, MIB - 1, MIB, MIB + 1, 2 * RUN,
		MOST };
	slu_buf sealed = { .limit = SEALED_ROOM };
	unsigned char byte;
	slu_bio *src = NULL, *dst = NULL;
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i += step) {
		CHECK_OK(slu_view_open(&src, plain - 1, lengths[i] + 1));
		CHECK_OK(slu_bio_read(src, &byte, 1, &n));
		CHECK_OK(slu_mem_open(&dst, &sealed));
		CHECK_OK(slu_seal_copy(dst, src, recipients, &two, NULL));
		CHECK_IS(SLU_EOF, slu_bio_read(src, &byte, 1, &n));
		slu_bio_free(src);
		slu_bio_free(dst);
		src = dst = NULL;
		folder_put("sealed", slu_buf_front(&sealed), sealed.len);
		sealed_must_hold(lengths[i]);
		CHECK_OK(
		    slu_view_open(&src, slu_buf_front(&sealed), sealed.len));
		CHECK_OK(unseal_to_file(src, &by_two, NULL));
		src = NULL;
		folder_check("opened", plain, lengths[i]);
		CHECK(unlink("sealed") == 0 && unlink("opened") == 0);
		slu_buf_free(&sealed);
	}
}

static void
armor_comes_off_by_itself_and_is_told(void **state)
{
	bool armored = false;
	const slu_unseal_options options = { .threads = 2,
		.armored = &armored };
	slu_bio *src, *dst = NULL;

	(void)state;
	folder_put("plain", plain, MOST);
	src = file("plain");
	CHECK_OK(slu_file_create(&dst, "sealed", NULL));
	CHECK_OK(slu_armor(&dst));
	CHECK_OK(slu_seal_copy(dst, src, recipients, &two, NULL));
	slu_bio_free(src);
	slu_bio_free(dst);
	CHECK_OK(unseal_to_file(file("sealed"), &options, NULL));
	CHECK(armored);
	folder_check("opened", plain, MOST);
	CHECK(unlink("sealed") == 0 && unlink("opened") == 0);
	CHECK_OK(seal_to_file(file("plain"), &two, NULL));
	CHECK_OK(unseal_to_file(file("sealed"), &options, NULL));
	CHECK(!armored);
}

static void
a_file_into_a_stream_arrives_in_order(void **state)
{
	slu_buf out = { .limit = SEALED_ROOM };
	slu_bio *src, *dst = NULL;

	(void)state;
	folder_put("plain", plain, MOST);
	src = file("plain");
	CHECK_OK(slu_mem_open(&dst, &out));
	CHECK_OK(slu_seal_copy(dst, src, recipients, &two, NULL));
	slu_bio_free(src);
	slu_bio_free(dst);
	folder_put("sealed", slu_buf_front(&out), out.len);
	slu_buf_free(&out);
	sealed_must_hold(MOST);
	src = file("sealed");
	dst = NULL;
	CHECK_OK(slu_mem_open(&dst, &out));
	CHECK_OK(slu_unseal_copy(dst, src, identities, &by_two, NULL));
	CHECK_BYTES(plain, MOST, slu_buf_front(&out), out.len);
	slu_bio_free(src);
	slu_bio_free(dst);
	slu_buf_free(&out);
}

/* A descriptor that stands somewhere in its file, and a file begun already. */
static void
it_goes_on_from_where_both_chains_are(void **state)
{
	slu_bio *src = NULL, *dst = NULL;
	struct stat there;
	size_t n;
	int fd;

	(void)state;
	folder_put("plain", plain, MOST);
	fd = open("plain", O_RDONLY);
	CHECK(fd >= 0 && lseek(fd, 1000, SEEK_SET) == 1000);
	CHECK_OK(slu_fd_open(&src, fd));
	CHECK_OK(seal_to_file(src, &two, NULL));
	CHECK(lseek(fd, 0, SEEK_CUR) == (off_t)MOST);
	CHECK(close(fd) == 0);
	src = file("sealed");
	CHECK_OK(slu_file_create(&dst, "opened", NULL));
	CHECK_OK(slu_bio_write_all(dst, plain, 1000, &n));
	CHECK_OK(slu_unseal_copy(dst, src, identities, &by_two, NULL));
	CHECK_IS(SLU_EOF, slu_bio_read(src, &n, 1, &n));
	slu_bio_free(src);
	slu_bio_free(dst);
	folder_check("opened", plain, MOST);
	CHECK(stat("opened", &there) == 0 && (there.st_mode & 0777) == 0600);
}

static void
short_files_start_no_thread_and_long_ones_do_without(void **state)
{
	(void)state;
	sysfault_arm("pthread_create", 0, EAGAIN);
	folder_put("plain", plain, MIB - SLU_CHUNK);
	CHECK_OK(seal_to_file(file("plain"), &two, NULL));
	CHECK_OK(unseal_to_file(file("sealed"), &by_two, NULL));
	CHECK(sysfault_disarm() == 0);
	CHECK(unlink("sealed") == 0 && unlink("opened") == 0);
	folder_put("plain", plain, MOST);
	sysfault_arm("pthread_create", 0, EAGAIN);
	CHECK_OK(seal_to_file(file("plain"), &two, NULL));
	CHECK(sysfault_disarm() == 1);
	sysfault_arm("pthread_create", 0, EAGAIN);
	CHECK_OK(unseal_to_file(file("sealed"), &by_two, NULL));
	CHECK(sysfault_disarm() == 1);
	folder_check("opened", plain, MOST);
}

/* Without threads, all is done by this one, whose calls can be made to fail. */
static slu_status
seal_with_fault(const char *call, size_t after, int error)
{
	slu_status st;

	sysfault_arm("pthread_create", 0, EAGAIN);
	sysfault_arm(call, after, error);
	st = seal_to_file(file("plain"), &two, NULL);
	CHECK(sysfault_disarm() == 2);
	return st;
}

static slu_status
unseal_with_fault(const char *call, size_t after, int error)
{
	slu_status st;

	sysfault_arm("pthread_create", 0, EAGAIN);
	sysfault_arm(call, after, error);
	st = unseal_to_file(file("sealed"), &by_two, NULL);
	CHECK(sysfault_disarm() == 2);
	return st;
}

static void
what_the_system_fails_at_is_told_by_the_file_it_befell(void **state)
{
	slu_status st = SLU_OK;

	(void)state;
	folder_put("plain", plain, MOST);
	CHECK_OK(seal_to_file(file("plain"), &two, NULL));
	CHECK(rename("sealed", "whole") == 0);
	for (size_t after = 0; after < 8; after += 7) {
		CHECK_IS(SLU_ERR_IO, seal_with_fault("pread", after, EIO));
		CHECK_WORDS("file: plain: Input/output error");
		CHECK_IS(SLU_ERR_IO, seal_with_fault("pwrite", after, ENOSPC));
		CHECK_WORDS("file: sealed: No space left on device");
		CHECK_IS(SLU_ERR_IO,
		    seal_with_fault("pwrite", after, SYSFAULT_NOTHING));
		CHECK_WORDS("file: sealed: Input/output error");
	}
	CHECK(folder_count(".") == 2);
	CHECK(rename("whole", "sealed") == 0);
	for (size_t after = 0; after < 8; after += 7) {
		CHECK_IS(
		    SLU_ERR_IO, unseal_with_fault("pread", after + 2, EIO));
		CHECK_WORDS("file: sealed: Input/output error");
		CHECK_IS(SLU_ERR_IO, unseal_with_fault("pwrite", after, EFBIG));
		CHECK_WORDS("file: opened: File too large");
	}
	CHECK_IS(SLU_ERR_IO, unseal_with_fault("fsync", 0, EIO));
	/* Others are closed before, when a passphrase is worked on. */
	for (size_t after = 0; after < 20 && st == SLU_OK; after++) {
		st = unseal_with_fault("close", after, EDQUOT);
		if (st == SLU_OK)
			CHECK(unlink("opened") == 0);
	}
	CHECK_IS(SLU_ERR_IO, st);
	CHECK_WORDS("file: opened: Disk quota exceeded");
	CHECK(folder_count(".") == 2);
}

static void
calls_that_move_less_or_are_interrupted_are_taken_up_again(void **state)
{
	static const int faults[] = { EINTR, SYSFAULT_SHORT };

	(void)state;
	folder_put("plain", plain, MOST);
	for (size_t i = 0; i < COUNT(faults); i++) {
		CHECK_OK(seal_with_fault("pread", 3, faults[i]));
		sealed_must_hold(MOST);
		CHECK_OK(unseal_with_fault("pwrite", 3, faults[i]));
		folder_check("opened", plain, MOST);
		CHECK(unlink("opened") == 0);
		CHECK_OK(unseal_with_fault("pread", 3, faults[i]));
		folder_check("opened", plain, MOST);
		CHECK(unlink("opened") == 0 && unlink("sealed") == 0);
		CHECK_OK(seal_with_fault("pwrite", 3, faults[i]));
		sealed_must_hold(MOST);
		CHECK(unlink("sealed") == 0);
	}
}

/* A watch that cuts the file it is about. */
struct cutter {
	const char *path;
	off_t to;
};

static void
cut(void *arg)
{
	struct cutter *c = arg;

	CHECK(truncate(c->path, c->to) == 0);
}

static void
a_file_that_is_cut_meanwhile_fails(void **state)
{
	struct cutter cutter = { "plain", 6 * RUN + 5 };
	slu_seal_watch watch = { .tell = cut, .arg = &cutter };

	(void)state;
	folder_put("plain", plain, MOST);
	sysfault_arm("pthread_create", 0, EAGAIN);
	CHECK_IS(SLU_ERR_IO, seal_to_file(file("plain"), &two, &watch));
	CHECK_WORDS("seal: the file became shorter meanwhile");
	CHECK(sysfault_disarm() == 1);
	CHECK(folder_count(".") == 1);
	folder_put("plain", plain, MOST);
	CHECK_OK(seal_to_file(file("plain"), &two, NULL));
	cutter.path = "sealed";
	sysfault_arm("pthread_create", 0, EAGAIN);
	CHECK_IS(SLU_ERR_AUTH, unseal_to_file(file("sealed"), &by_two, &watch));
	CHECK_WORDS("damaged, cut short or added to at byte 3080192");
	CHECK(sysfault_disarm() == 1);
	CHECK(folder_count(".") == 2);
}

/* How opening "sealed" ends, and what a stream has been given by then. */
struct outcome {
	slu_status st;
	char words[SLU_ERROR_MAX];
	slu_buf out;
};

static void
open_into_memory(slu_bio *src, unsigned threads, struct outcome *o)
{
	slu_bio *dst = NULL;

	*o = (struct outcome){ .out.limit = SEALED_ROOM };
	CHECK_OK(slu_mem_open(&dst, &o->out));
	o->st = slu_unseal_copy(dst, src, identities,
	    &(slu_unseal_options){ .threads = threads }, NULL);
	if (o->st)
		snprintf(o->words, sizeof(o->words), "%s", slu_error());
	slu_bio_free(src);
	slu_bio_free(dst);
}

static void
must_agree(const struct outcome *one, struct outcome *other)
{
	CHECK_IS(one->st, other->st);
	assert_string_equal(one->words, other->words);
	CHECK_BYTES(slu_buf_front(&one->out), one->out.len,
	    slu_buf_front(&other->out), other->out.len);
	slu_buf_free(&other->out);
}

/* To a new file: the same failure, and no file. */
static void
all_agree_on(const void *bytes, size_t len)
{
	struct outcome one, other;
	slu_bio *memory = NULL;

	folder_put("sealed", bytes, len);
	open_into_memory(file("sealed"), 0, &one);
	CHECK(one.st != SLU_OK);
	open_into_memory(file("sealed"), 3, &other);
	must_agree(&one, &other);
	CHECK_OK(slu_view_open(&memory, bytes, len));
	open_into_memory(memory, 3, &other);
	must_agree(&one, &other);
	CHECK_IS(one.st, unseal_to_file(file("sealed"), &by_two, NULL));
	assert_string_equal(one.words, slu_error());
	CHECK(folder_count(".") == 1);
	slu_buf_free(&one.out);
}

static void
whatever_is_wrong_with_a_file_is_told_as_by_one(void **state)
{
	static const size_t chunks[] = { 0, 1, 7, 8, 31, 58 };
	slu_buf sealed = { .limit = SEALED_ROOM };
	unsigned char *bytes;
	size_t payload;

	(void)state;
	sealed_make_for_key(&sealed, plain, MOST);
	CHECK_OK(slu_buf_add(&sealed, plain, 20));
	bytes = (unsigned char *)slu_buf_front(&sealed);
	payload = sealed_header_len(bytes, sealed.len) + 16;
	all_agree_on(bytes, sealed.len);
	for (size_t i = 0; i < COUNT(chunks); i += step) {
		size_t at = payload + chunks[i] * SLU_CHUNK_SEALED;

		bytes[at] ^= 1;
		all_agree_on(bytes, sealed.len - 20);
		bytes[at] ^= 1;
		for (size_t more = 0; more <= 16; more += 8)
			all_agree_on(bytes, at + more);
	}
	bytes[payload - 30] ^= 1;
	all_agree_on(bytes, sealed.len);
	bytes[0] = 'b';
	all_agree_on(bytes, sealed.len);
	all_agree_on("", 0);
	slu_buf_free(&sealed);
}

static void
an_end_in_the_middle_is_told_as_by_one(void **state)
{
	static const size_t chunks[] = { 1, 7, 8, 9, 24 };

	(void)state;
	for (size_t i = 0; i < COUNT(chunks); i += step) {
		slu_buf sealed = { .limit = SEALED_ROOM };

		sealed_make_for_key(&sealed, plain, chunks[i] * SLU_CHUNK);
		CHECK_OK(slu_buf_add(&sealed, plain, 2 * MIB));
		all_agree_on(slu_buf_front(&sealed), sealed.len);
		slu_buf_free(&sealed);
	}
}

/* Who wants to hear of all bytes, in order. */
struct listener {
	slu_seal_watch watch;
	uint64_t last;
	size_t calls;
};

static void
listen(void *arg)
{
	struct listener *l = arg;

	CHECK(l->watch.done >= l->last);
	l->last = l->watch.done;
	l->calls++;
}

static void
begin_listening(struct listener *l)
{
	*l = (struct listener){ .watch = { .tell = listen, .arg = l } };
}

static void
a_watch_hears_how_far_it_is(void **state)
{
	static const unsigned threads[] = { 0, 2 };
	struct listener l;
	struct stat there;

	(void)state;
	folder_put("plain", plain, MOST);
	for (size_t i = 0; i < COUNT(threads); i++) {
		begin_listening(&l);
		CHECK_OK(seal_to_file(file("plain"),
		    &(slu_seal_options){ .threads = threads[i] }, &l.watch));
		CHECK(l.watch.done == MOST && l.watch.plain == MOST);
		CHECK(l.last == MOST && l.calls >= MOST / RUN);
		CHECK(stat("sealed", &there) == 0);
		begin_listening(&l);
		CHECK_OK(unseal_to_file(file("sealed"),
		    &(slu_unseal_options){ .threads = threads[i] }, &l.watch));
		CHECK(l.watch.done == (uint64_t)there.st_size);
		CHECK(l.watch.plain == MOST);
		CHECK(l.last == l.watch.done && l.calls >= MOST / RUN);
		CHECK(unlink("sealed") == 0 && unlink("opened") == 0);
	}
}

static void
memory_may_run_out_at_any_allocation(void **state)
{
	oom_hit hit = OOM_OURS;
	slu_status st;

	(void)state;
	folder_put("plain", plain, 2 * MIB);
	for (size_t k = 0; hit != OOM_NONE; k += step * step) {
		slu_bio *src = file("plain"), *dst = NULL;

		CHECK_OK(slu_file_create(&dst, "sealed", NULL));
		oom_arm(k);
		st = slu_seal_copy(dst, src, recipients, &two, NULL);
		hit = oom_disarm();
		CHECK(hit == OOM_OPENSSL ||
		      st == (hit == OOM_NONE ? SLU_OK : SLU_ERR_MEMORY));
		slu_bio_free(dst);
		slu_bio_free(src);
		if (hit != OOM_NONE)
			(void)unlink("sealed");
	}
	hit = OOM_OURS;
	for (size_t k = 0; hit != OOM_NONE; k += step * step) {
		slu_bio *src = file("sealed"), *dst = NULL;

		CHECK_OK(slu_file_create(&dst, "opened", NULL));
		oom_arm(k);
		st = slu_unseal_copy(dst, src, identities, &by_two, NULL);
		hit = oom_disarm();
		CHECK(hit == OOM_OPENSSL ||
		      st == (hit == OOM_NONE ? SLU_OK : SLU_ERR_MEMORY));
		slu_bio_free(dst);
		slu_bio_free(src);
		if (hit != OOM_NONE)
			(void)unlink("opened");
	}
	folder_check("opened", plain, 2 * MIB);
}

static void
more_threads_than_there_may_be_are_refused(void **state)
{
	slu_bio *src = NULL, *dst = NULL;

	(void)state;
	CHECK_IS(
	    SLU_ERR_USAGE, slu_seal_copy(dst, src, recipients,
			       &(slu_seal_options){ .threads = 65 }, NULL));
	CHECK_WORDS("seal: at most 64 threads");
	CHECK_IS(
	    SLU_ERR_USAGE, slu_unseal_copy(dst, src, identities,
			       &(slu_unseal_options){ .threads = 65 }, NULL));
	CHECK_WORDS("unseal: at most 64 threads");
}

static void *
seal_again_and_again(void *arg)
{
	const char *name = arg;
	slu_status st = SLU_OK;

	for (size_t i = 0; i < 3 && st == SLU_OK; i++) {
		const slu_file_options replace = { .existing =
						       SLU_FILE_REPLACE };
		slu_bio *src = NULL, *dst = NULL;

		st = slu_file_open(&src, "plain");
		if (st == SLU_OK)
			st = slu_file_create(&dst, name, &replace);
		if (st == SLU_OK)
			st = slu_seal_copy(dst, src, recipients, &two, NULL);
		slu_bio_free(src);
		slu_bio_free(dst);
	}
	return st == SLU_OK ? arg : NULL;
}

static void
copies_at_the_same_time_do_not_meet(void **state)
{
	static char names[][7] = { "sealed", "second", "third" };
	pthread_t threads[COUNT(names)];
	void *same;

	(void)state;
	folder_put("plain", plain, 3 * MIB);
	for (size_t i = 0; i < COUNT(names); i++)
		CHECK(pthread_create(&threads[i], NULL, seal_again_and_again,
			  names[i]) == 0);
	for (size_t i = 0; i < COUNT(names); i++) {
		CHECK(pthread_join(threads[i], &same) == 0);
		CHECK(same == names[i]);
		CHECK(rename(names[i], "sealed") == 0);
		sealed_must_hold(3 * MIB);
	}
}

/* Each test has a folder of its own. */
static int
enter(void **state)
{
	(void)state;
	folder_enter();
	return 0;
}

static int
leave(void **state)
{
	(void)state;
	(void)sysfault_disarm();
	folder_leave();
	return 0;
}

static int
set_up(void **state)
{
	(void)state;
	if (check_slow("every third case"))
		step = 3;
	plain = calloc(1, MOST + 1);
	if (plain == NULL)
		return -1;
	plain++;
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
	free(plain - 1);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bytes_in_memory_are_sealed_and_opened_where_they_lie),
		TEST(a_file_is_sealed_and_opened_whatever_its_length),
		TEST(what_is_no_file_alone_is_copied_as_well),
		TEST(armor_comes_off_by_itself_and_is_told),
		TEST(a_file_into_a_stream_arrives_in_order),
		TEST(it_goes_on_from_where_both_chains_are),
		TEST(short_files_start_no_thread_and_long_ones_do_without),
		TEST(what_the_system_fails_at_is_told_by_the_file_it_befell),
		TEST(
		    calls_that_move_less_or_are_interrupted_are_taken_up_again),
		TEST(a_file_that_is_cut_meanwhile_fails),
		TEST(whatever_is_wrong_with_a_file_is_told_as_by_one),
		TEST(an_end_in_the_middle_is_told_as_by_one),
		TEST(a_watch_hears_how_far_it_is),
		TEST(memory_may_run_out_at_any_allocation),
		TEST(more_threads_than_there_may_be_are_refused),
		TEST(copies_at_the_same_time_do_not_meet),
	};

	return cmocka_run_group_tests_name(
	    "seal copy", tests, set_up, tear_down);
}
