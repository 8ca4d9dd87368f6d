/* SPDX-License-Identifier: ISC */
/* Files that are read, and files that appear whole or not at all. */
#define _GNU_SOURCE
#include "check.h"
#include "contract.h"
#include "folder.h"
#include "oom.h"
#include "sysfault.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sluice/file.h"

static const slu_file_options replace = { .existing = SLU_FILE_REPLACE };

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

static slu_status
create_replacing(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_file_create(top, "file", &replace);
}

static slu_status
open_it(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_file_open(top, "file");
}

static void
take_it(slu_buf *out, void *arg)
{
	char buf[4096];
	FILE *f = fopen("file", "rb");
	size_t n;

	(void)arg;
	CHECK(f != NULL);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		CHECK_OK(slu_buf_add(out, buf, n));
	fclose(f);
	CHECK(unlink("file") == 0);
}

static void
put_it(const void *data, size_t len, void *arg)
{
	(void)arg;
	folder_put("file", data, len);
}

static void
files_hold_the_contract_of_a_sink(void **state)
{
	const contract_sink file = {
		.name = "file",
		.create = create_replacing,
		.written = take_it,
		.open = open_it,
		.prepare = put_it,
	};

	(void)state;
	contract_sink_holds(&file);
	CHECK(unlink("file") == 0);
	CHECK(folder_count(".") == 0);
}

/* Write `text` to `path` and finish. */
static void
create(const char *path, const char *text, const slu_file_options *options)
{
	slu_bio *c = NULL;
	size_t n;

	CHECK_OK(slu_file_create(&c, path, options));
	CHECK_OK(slu_bio_write_all(c, text, strlen(text), &n));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
}

static void
a_file_appears_at_its_finish_and_not_before(void **state)
{
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_file_create(&c, "a.out", NULL));
	CHECK_OK(slu_bio_write_all(c, "whole", 5, &n));
	CHECK_OK(slu_bio_flush(c));
	CHECK(access("a.out", F_OK) != 0);
	CHECK(folder_count(".") == 1);
	CHECK_OK(slu_bio_finish(c));
	folder_check("a.out", "whole", 5);
	CHECK(folder_count(".") == 1);
	slu_bio_free(c);
	folder_check("a.out", "whole", 5);
}

static void
an_unfinished_file_leaves_no_trace(void **state)
{
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	folder_put("a.out", "old", 3);
	CHECK_OK(slu_file_create(&c, "a.out", &replace));
	CHECK_OK(slu_bio_write_all(c, "half", 4, &n));
	slu_bio_free(c);
	folder_check("a.out", "old", 3);
	CHECK(folder_count(".") == 1);
}

static void
a_name_that_is_taken_is_refused_at_once(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	folder_put("a.out", "old", 3);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "a.out", NULL));
	CHECK(strcmp(slu_error(), "file: a.out: File exists") == 0);
	CHECK(c == NULL);
	folder_check("a.out", "old", 3);
	CHECK(folder_count(".") == 1);
}

static void
a_name_that_is_taken_meanwhile_is_refused_at_the_finish(void **state)
{
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_file_create(&c, "a.out", NULL));
	CHECK_OK(slu_bio_write_all(c, "ours", 4, &n));
	folder_put("a.out", "theirs", 6);
	CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
	CHECK(strcmp(slu_error(), "file: a.out: File exists") == 0);
	CHECK(folder_count(".") == 1);
	CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
	slu_bio_free(c);
	folder_check("a.out", "theirs", 6);
}

static void
a_name_that_is_taken_is_told_apart_from_other_failures(void **state)
{
	bool taken = true;
	slu_file_options keep = { .taken = &taken }, force = keep;
	slu_bio *c = NULL;

	(void)state;
	force.existing = SLU_FILE_REPLACE;
	folder_put("a.out", "old", 3);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "no/such", &keep));
	CHECK(!taken);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "a.out", &keep));
	CHECK(taken);
	create("a.out", "new", &force);
	CHECK(!taken);
	/* A clash of the temporary name is not one of the name. */
	sysfault_arm("openat", 0, EEXIST);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "b.out", &keep));
	CHECK(sysfault_disarm() == 1 && !taken);

	CHECK_OK(slu_file_create(&c, "b.out", &keep));
	folder_put("b.out", "theirs", 6);
	CHECK(!taken);
	CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
	CHECK(taken);
	slu_bio_free(c);
	c = NULL;

	CHECK_OK(slu_file_create(&c, "c.out", &keep));
	sysfault_arm("renameat2", 0, EACCES);
	CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
	CHECK(sysfault_disarm() == 1 && !taken);
	slu_bio_free(c);
}

/* In a child: take part in the race, and tell by the exit status who won. */
static void
race(int start, int me)
{
	char text[2] = { (char)('A' + me), '\0' };
	slu_bio *c = NULL;
	slu_status st;
	char go;
	size_t n;

	if (slu_file_create(&c, "a.out", NULL) != SLU_OK ||
	    slu_bio_write_all(c, text, 1, &n) != SLU_OK)
		_exit(70);
	/* The end of the pipe is what all of them wait for. */
	if (read(start, &go, 1) != 0)
		_exit(70);
	st = slu_bio_finish(c);
	slu_bio_free(c);
	_exit(st == SLU_OK ? 0 : st == SLU_ERR_IO ? 1 : 70);
}

static void
of_those_who_want_a_name_at_once_one_gets_it(void **state)
{
	enum { RACERS = 8 };
	int start[2], status, won = -1;
	pid_t pid[RACERS];
	char text;

	(void)state;
	CHECK(pipe(start) == 0);
	for (int i = 0; i < RACERS; i++) {
		pid[i] = fork();
		CHECK(pid[i] >= 0);
		if (pid[i] == 0) {
			close(start[1]);
			race(start[0], i);
		}
	}
	/* Once all have begun: with a name that is free to all of them. */
	while (folder_count(".") < RACERS)
		usleep(1000);
	close(start[0]);
	close(start[1]);
	for (int i = 0; i < RACERS; i++) {
		CHECK(waitpid(pid[i], &status, 0) == pid[i]);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
		if (WEXITSTATUS(status) == 0) {
			CHECK(won < 0);
			won = i;
		}
	}
	CHECK(won >= 0 && folder_count(".") == 1);
	text = (char)('A' + won);
	folder_check("a.out", &text, 1);
}

static void
a_file_is_replaced_in_one_step(void **state)
{
	slu_bio *c = NULL, *old = NULL;
	char buf[8];
	size_t n;

	(void)state;
	folder_put("a.out", "old", 3);
	CHECK_OK(slu_file_open(&old, "a.out"));
	CHECK_OK(slu_file_create(&c, "a.out", &replace));
	CHECK_OK(slu_bio_write_all(c, "new one", 7, &n));
	folder_check("a.out", "old", 3);
	CHECK_OK(slu_bio_finish(c));
	folder_check("a.out", "new one", 7);
	CHECK(folder_count(".") == 1);
	/* Who had the old one open still has it. */
	CHECK_OK(slu_bio_read(old, buf, sizeof(buf), &n));
	CHECK_BYTES("old", 3, buf, n);
	slu_bio_free(old);
	slu_bio_free(c);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	CHECK(stat(path, &st) == 0);
	return st.st_mode & 07777;
}

static void
permissions_do_not_depend_on_the_umask(void **state)
{
	static const mode_t umasks[] = { 0, 022, 077, 0777 };
	static const mode_t modes[] = { 0, 0600, 0644, 0400, 0755, 0666 };

	(void)state;
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 6; j++) {
			const slu_file_options options = { .mode = modes[j] };

			umask(umasks[i]);
			create("a.out", "x", &options);
			CHECK(mode_of("a.out") ==
			      (modes[j] != 0 ? modes[j] : 0600));
			CHECK(unlink("a.out") == 0);
		}
	umask(022);
}

/* A mode as stat(2) gives it says more than the permissions. */
static void
only_permissions_are_taken_from_a_mode(void **state)
{
	const slu_file_options options = { .mode = S_IFREG | 0640 };

	(void)state;
	create("a.out", "x", &options);
	CHECK(mode_of("a.out") == 0640);
}

static void
until_its_finish_a_file_is_its_owner_s_alone(void **state)
{
	const slu_file_options options = { .mode = 0666 };
	slu_file_pending pending = { 0 };
	slu_file_options told = options;
	slu_bio *c = NULL;

	(void)state;
	umask(0);
	told.pending = &pending;
	CHECK_OK(slu_file_create(&c, "a.out", &told));
	CHECK(mode_of(pending.path) == 0600);
	slu_bio_free(c);
	umask(022);
}

static void
check_link(const char *path)
{
	struct stat st;

	CHECK(lstat(path, &st) == 0 && S_ISLNK(st.st_mode));
}

static void
a_link_is_followed_and_stays(void **state)
{
	char absolute[PATH_MAX];

	(void)state;
	CHECK(mkdir("far", 0700) == 0 && mkdir("far/away", 0700) == 0);
	CHECK(symlink("far/one", "relative") == 0);
	CHECK(symlink("away/two", "far/one") == 0);
	CHECK(symlink("../../relative", "far/away/chain") == 0);
	CHECK(getcwd(absolute, sizeof(absolute)) != NULL);
	strcat(absolute, "/far/away/chain");
	CHECK(symlink(absolute, "absolute") == 0);

	/* At first the links dangle, then they do not. */
	create("absolute", "first", &replace);
	folder_check("far/away/two", "first", 5);
	create("absolute", "second", &replace);
	folder_check("far/away/two", "second", 6);
	create("relative", "third", &replace);
	folder_check("far/away/two", "third", 5);
	check_link("absolute");
	check_link("relative");
	check_link("far/one");
	CHECK(folder_count("far/away") == 2 && folder_count(".") == 3);
}

static void
a_link_is_a_name_that_is_taken(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	CHECK(symlink("nowhere", "dangling") == 0);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "dangling", NULL));
	CHECK_WORDS("file: dangling: File exists");
	CHECK(access("nowhere", F_OK) != 0);
}

static void
links_in_a_circle_lead_nowhere(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	CHECK(symlink("b", "a") == 0 && symlink("a", "b") == 0);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "a", &replace));
	CHECK_WORDS("file: a: Too many levels of symbolic links");
	CHECK_IS(SLU_ERR_IO, slu_file_open(&c, "a"));
	CHECK(c == NULL);
}

/* /proc names an open file that is gone by a name it never had. */
static void
a_link_that_does_not_say_where_it_leads_is_refused(void **state)
{
	char path[64];
	slu_bio *c = NULL;
	int fd;

	(void)state;
	fd = open("gone", O_RDWR | O_CREAT, 0600);
	CHECK(fd >= 0 && unlink("gone") == 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, path, &replace));
	CHECK(folder_count(".") == 0);
	close(fd);
}

static void
what_is_no_file_is_refused_by_name(void **state)
{
	static const struct {
		const char *path, *why;
	} wrong[] = {
		{ "folder", "Is a directory" },
		{ "folder/", "Is a directory" },
		{ "folder/.", "Is a directory" },
		{ ".", "Is a directory" },
		{ "..", "Is a directory" },
		{ "/", "Is a directory" },
		{ "to-folder", "Is a directory" },
		{ "file/x", "Not a directory" },
		{ "file/", "Not a directory" },
		{ "missing/x", "No such file or directory" },
		{ "", "No such file or directory" },
	};
	char words[SLU_ERROR_MAX];

	(void)state;
	CHECK(mkdir("folder", 0700) == 0);
	CHECK(symlink("folder", "to-folder") == 0);
	folder_put("file", "x", 1);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		slu_bio *c = NULL;

		snprintf(words, sizeof(words), "file: %s: %s", wrong[i].path,
		    wrong[i].why);
		CHECK_IS(SLU_ERR_IO, slu_file_open(&c, wrong[i].path));
		assert_string_equal(slu_error(), words);
		CHECK_IS(
		    SLU_ERR_IO, slu_file_create(&c, wrong[i].path, &replace));
		assert_string_equal(slu_error(), words);
		CHECK(c == NULL);
	}
	CHECK(folder_count(".") == 3);
}

static void
a_new_name_with_a_slash_behind_is_no_file(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "new/", NULL));
	CHECK_WORDS("file: new/: Is a directory");
	CHECK(symlink("elsewhere/", "link") == 0);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "link", &replace));
	CHECK_WORDS("file: link: ");
	CHECK(folder_count(".") == 1);
}

static void
a_missing_file_is_named(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	CHECK_IS(SLU_ERR_IO, slu_file_open(&c, "missing"));
	assert_string_equal(
	    slu_error(), "file: missing: No such file or directory");
	CHECK(c == NULL);
}

static void
strange_names_are_names(void **state)
{
	static const char *const names[] = { "a b", "-rf", "--", "new\nline",
		"tab\there", "...", ".hidden", "\xff\xfe", "*?[",
		"\xc3\xa9t\xc3\xa9", "~", "$HOME", "a\\b", "%s%n", "'\"", "./-",
		".//a" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		slu_bio *c = NULL;
		char buf[8];
		size_t n;

		create(names[i], "first", NULL);
		create(names[i], "second", &replace);
		CHECK_OK(slu_file_open(&c, names[i]));
		CHECK_OK(slu_bio_read(c, buf, sizeof(buf), &n));
		CHECK_BYTES("second", 6, buf, n);
		slu_bio_free(c);
		CHECK(unlink(names[i]) == 0);
	}
	CHECK(folder_count(".") == 0);
}

static void
names_as_long_as_they_can_be_work(void **state)
{
	char name[NAME_MAX + 2];
	slu_bio *c = NULL;

	(void)state;
	for (size_t len = NAME_MAX - 40; len <= NAME_MAX; len++) {
		memset(name, 'n', len);
		name[len] = '\0';
		create(name, "x", NULL);
		create(name, "y", &replace);
		folder_check(name, "y", 1);
	}
	/* Of characters that take three bytes each, none may be cut. */
	for (size_t i = 0; i < NAME_MAX; i++)
		name[i] = "\xe2\x82\xac"[i % 3];
	create(name, "x", NULL);
	folder_check(name, "x", 1);
	memset(name, 'n', NAME_MAX + 1);
	name[NAME_MAX + 1] = '\0';
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, name, NULL));
	CHECK_WORDS("File name too long");
	CHECK_IS(SLU_ERR_IO, slu_file_open(&c, name));
	CHECK_WORDS("File name too long");
}

static void
a_temporary_name_is_whole_characters_beside_its_target(void **state)
{
	slu_file_pending pending = { 0 };
	const slu_file_options options = { .pending = &pending };
	char name[NAME_MAX + 1], *dot;
	slu_bio *c = NULL;

	(void)state;
	CHECK(mkdir("sub", 0700) == 0);
	CHECK_OK(slu_file_create(&c, "sub/a.out", &options));
	CHECK(strncmp(pending.path, "sub/.a.out.", 11) == 0);
	CHECK(strlen(pending.path) == 11 + 26 + 4);
	CHECK(strcmp(pending.path + 11 + 26, ".tmp") == 0);
	slu_bio_free(c);
	c = NULL;
	for (size_t i = 0; i < NAME_MAX; i++)
		name[i] = "\xe2\x82\xac"[i % 3];
	name[NAME_MAX] = '\0';
	CHECK_OK(slu_file_create(&c, name, &options));
	CHECK(strlen(pending.path) <= NAME_MAX);
	dot = strchr(pending.path + 1, '.');
	CHECK(dot != NULL && (dot - pending.path - 1) % 3 == 0);
	CHECK(dot - pending.path > 200);
	slu_bio_free(c);
}

static void
two_files_under_way_have_two_temporary_names(void **state)
{
	slu_bio *a = NULL, *b = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_file_create(&a, "a.out", &replace));
	CHECK_OK(slu_file_create(&b, "a.out", &replace));
	CHECK(folder_count(".") == 2);
	CHECK_OK(slu_bio_write_all(a, "first", 5, &n));
	CHECK_OK(slu_bio_write_all(b, "second", 6, &n));
	CHECK_OK(slu_bio_finish(a));
	slu_bio_free(b);
	folder_check("a.out", "first", 5);
	CHECK(folder_count(".") == 1);
	slu_bio_free(a);
}

/* A path of `len` bytes, of folders that are made, and a file "f". */
static void
make_long_path(char *path, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t left = len - at, step = left > 202 ? 200 : left - 1;

		/* The last folder leaves room for "/f". */
		if (left <= 2)
			break;
		if (left <= 202)
			step = left - 2;
		memset(path + at, 'd', step);
		path[at + step] = '\0';
		CHECK(mkdir(path, 0700) == 0);
		path[at + step] = '/';
		at += step + 1;
	}
	path[at] = 'f';
	path[at + 1] = '\0';
	CHECK(strlen(path) == len);
}

static void
paths_as_long_as_they_can_be_work(void **state)
{
	static slu_file_pending pending;
	slu_file_options options = { .pending = &pending };
	static char path[2 * SLU_PATH_MAX];
	slu_bio *c = NULL;

	(void)state;
	make_long_path(path, SLU_PATH_MAX - 1);
	create(path, "x", NULL);
	create(path, "y", &replace);
	folder_check(path, "y", 1);
	/* The temporary name would be longer, and could not be told. */
	options.existing = SLU_FILE_REPLACE;
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, path, &options));
	CHECK_WORDS("File name too long");
	CHECK(!pending.live);
	CHECK_WORDS("file: ...ddd");
	strcpy(path + SLU_PATH_MAX - 1, "f");
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, path, NULL));
	CHECK_WORDS("File name too long");
	CHECK_IS(SLU_ERR_IO, slu_file_open(&c, path));
	CHECK_WORDS("File name too long");
}

static void
the_reason_is_one_line_and_names_the_file(void **state)
{
	char name[201], euros[331];
	slu_bio *c = NULL;

	(void)state;
	CHECK_IS(SLU_ERR_IO, slu_file_open(&c, "two\nlines\x1b[31m\x7f"));
	assert_string_equal(
	    slu_error(), "file: two?lines?[31m?: No such file or directory");
	memset(name, 'n', 200);
	name[200] = '\0';
	CHECK_IS(SLU_ERR_IO, slu_file_open(&c, name));
	CHECK_WORDS(name);
	CHECK_WORDS(": No such file or directory");
	/* The end of a name tells more than its beginning. */
	snprintf(euros, sizeof(euros), "%s/%s", name,
	    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
	    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
	    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
	    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
	    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
	    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
	    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac");
	CHECK_IS(SLU_ERR_IO, slu_file_open(&c, euros));
	CHECK_WORDS("file: ...nnn");
	CHECK_WORDS("\xe2\x82\xac: No such file or directory");
}

static void
a_chdir_in_between_does_not_lead_astray(void **state)
{
	slu_bio *c = NULL, *dropped = NULL;
	size_t n;

	(void)state;
	CHECK(mkdir("a", 0700) == 0 && mkdir("b", 0700) == 0);
	CHECK(chdir("a") == 0);
	CHECK_OK(slu_file_create(&c, "out", NULL));
	CHECK_OK(slu_file_create(&dropped, "dropped", NULL));
	CHECK_OK(slu_bio_write_all(c, "x", 1, &n));
	CHECK(chdir("../b") == 0);
	slu_bio_free(dropped);
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	CHECK(chdir("..") == 0);
	folder_check("a/out", "x", 1);
	CHECK(folder_count("a") == 1 && folder_count("b") == 0);
}

static void
a_fifo_whose_reader_has_gone_is_no_signal(void **state)
{
	struct sigaction kills = { .sa_handler = SIG_DFL }, before;
	slu_bio *c = NULL;
	size_t n;
	int hold;

	(void)state;
	CHECK(sigaction(SIGPIPE, &kills, &before) == 0);
	CHECK(mkfifo("fifo", 0600) == 0);
	hold = open("fifo", O_RDONLY | O_NONBLOCK);
	CHECK(hold >= 0);
	CHECK_OK(slu_file_create(&c, "fifo", NULL));
	CHECK_OK(slu_bio_write(c, "x", 1, &n));
	close(hold);
	CHECK_IS(SLU_ERR_IO, slu_bio_write(c, "x", 1, &n));
	CHECK(strcmp(slu_error(), "file: fifo: Broken pipe") == 0);
	slu_bio_free(c);
	CHECK(sigaction(SIGPIPE, &before, NULL) == 0);
}

static void
a_fifo_is_written_and_read_directly(void **state)
{
	slu_bio *out = NULL, *in = NULL;
	const slu_file_options options = { .mode = 0644 };
	char buf[8];
	int hold;
	size_t n;

	(void)state;
	CHECK(mkfifo("fifo", 0600) == 0);
	CHECK(symlink("fifo", "link") == 0);
	/* So that neither open has to wait for the other. */
	hold = open("fifo", O_RDWR);
	CHECK(hold >= 0);
	CHECK_OK(slu_file_open(&in, "fifo"));
	CHECK_OK(slu_file_create(&out, "link", &options));
	CHECK_OK(slu_bio_write_all(out, "through", 7, &n));
	CHECK_OK(slu_bio_read(in, buf, sizeof(buf), &n));
	CHECK_BYTES("through", 7, buf, n);
	CHECK_OK(slu_bio_finish(out));
	CHECK_OK(slu_bio_finish(out));
	close(hold);
	CHECK_IS(SLU_EOF, slu_bio_read(in, buf, sizeof(buf), &n));
	slu_bio_free(out);
	slu_bio_free(in);
	CHECK(mode_of("fifo") == 0600);
	CHECK(folder_count(".") == 2);
}

static void
devices_are_written_directly(void **state)
{
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	create("/dev/null", "x", NULL);
	CHECK_OK(slu_file_create(&c, "/dev/full", NULL));
	CHECK_IS(SLU_ERR_IO, slu_bio_write_all(c, "x", 1, &n));
	assert_string_equal(
	    slu_error(), "file: /dev/full: No space left on device");
	CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
	slu_bio_free(c);
}

static void
a_failing_sync_or_close_of_a_device_is_told(void **state)
{
	static const char *const calls[] = { "fsync", "close" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		slu_bio *c = NULL;

		CHECK_OK(slu_file_create(&c, "/dev/null", NULL));
		sysfault_arm(calls[i], 0, EIO);
		CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
		CHECK(sysfault_disarm() == 1);
		assert_string_equal(
		    slu_error(), "file: /dev/null: Input/output error");
		slu_bio_free(c);
	}
}

static void
a_full_disk_leaves_things_as_they_were(void **state)
{
	struct sigaction ignored = { .sa_handler = SIG_IGN }, before;
	struct rlimit limit, small;
	slu_bio *c = NULL;
	char data[4096] = { 0 };
	slu_status st;
	size_t n;

	(void)state;
	folder_put("a.out", "old", 3);
	CHECK(sigaction(SIGXFSZ, &ignored, &before) == 0);
	CHECK(getrlimit(RLIMIT_FSIZE, &limit) == 0);
	small = (struct rlimit){ 1000, limit.rlim_max };
	CHECK_OK(slu_file_create(&c, "a.out", &replace));
	CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
	st = slu_bio_write_all(c, data, sizeof(data), &n);
	CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	CHECK(sigaction(SIGXFSZ, &before, NULL) == 0);
	CHECK_IS(SLU_ERR_IO, st);
	CHECK(n == 1000);
	assert_string_equal(slu_error(), "file: a.out: File too large");
	CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
	slu_bio_free(c);
	folder_check("a.out", "old", 3);
	CHECK(folder_count(".") == 1);
}

/* A finish whose call `call` fails: nothing has changed, all is told. */
static void
check_failing_finish(
    const char *call, int error, bool replacing, const char *why)
{
	slu_file_pending pending = { 0 };
	slu_file_options options = { .pending = &pending };
	char words[SLU_ERROR_MAX];
	slu_bio *c = NULL;
	size_t n;

	if (replacing) {
		options.existing = SLU_FILE_REPLACE;
		folder_put("a.out", "old", 3);
	}
	CHECK_OK(slu_file_create(&c, "./a.out", &options));
	CHECK_OK(slu_bio_write_all(c, "new", 3, &n));
	sysfault_arm(call, 0, error);
	CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
	CHECK(sysfault_disarm() == 1);
	snprintf(words, sizeof(words), "file: ./a.out: %s", why);
	assert_string_equal(slu_error(), words);
	CHECK(!pending.live);
	CHECK(folder_count(".") == replacing);
	CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
	assert_string_equal(slu_error(), words);
	slu_bio_free(c);
	if (replacing) {
		folder_check("a.out", "old", 3);
		CHECK(unlink("a.out") == 0);
	}
}

static void
a_finish_that_fails_leaves_things_as_they_were(void **state)
{
	(void)state;
	for (int replacing = 0; replacing < 2; replacing++) {
		check_failing_finish(
		    "fchmod", EIO, replacing, "Input/output error");
		check_failing_finish(
		    "fsync", ENOSPC, replacing, "No space left on device");
		check_failing_finish(
		    "fsync", EIO, replacing, "Input/output error");
		check_failing_finish(
		    "close", EDQUOT, replacing, "Disk quota exceeded");
		check_failing_finish(replacing ? "renameat" : "renameat2",
		    EACCES, replacing, "Permission denied");
	}
}

static void
what_a_file_system_does_not_know_is_no_failure(void **state)
{
	static const struct {
		const char *call;
		size_t after;
		int error;
	} odd[] = {
		{ "fchmod", 0, EPERM }, /* no permissions to set */
		{ "fchmod", 0, ENOTSUP },
		{ "fsync", 0, EINVAL }, /* nothing to sync */
		{ "fsync", 0, EINTR },
		{ "fsync", 1, EINVAL }, /* of the folder */
		{ "fsync", 1, EBADF },
		{ "close", 0, EINTR },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		slu_bio *c = NULL;
		size_t n;

		CHECK_OK(slu_file_create(&c, "a.out", &replace));
		CHECK_OK(slu_bio_write_all(c, "x", 1, &n));
		sysfault_arm(odd[i].call, odd[i].after, odd[i].error);
		CHECK_OK(slu_bio_finish(c));
		CHECK(sysfault_disarm() == 1);
		slu_bio_free(c);
		folder_check("a.out", "x", 1);
		CHECK(folder_count(".") == 1);
		CHECK(unlink("a.out") == 0);
	}
}

/* The file is there and whole by then; only a power cut could undo it. */
static void
a_folder_that_cannot_be_synced_is_told(void **state)
{
	slu_file_pending pending = { 0 };
	const slu_file_options options = { .pending = &pending };
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_file_create(&c, "a.out", &options));
	CHECK_OK(slu_bio_write_all(c, "x", 1, &n));
	sysfault_arm("fsync", 1, EIO);
	CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
	CHECK(sysfault_disarm() == 1);
	CHECK(!pending.live);
	slu_bio_free(c);
	folder_check("a.out", "x", 1);
	CHECK(folder_count(".") == 1);
}

/*
 * Finish a new file where renameat2 does not know how to replace nothing,
 * and where, for `link_error`, link(2) is not known either.
 */
static slu_status
finish_by_other_means(int error, int link_error, bool taken, bool blocked)
{
	slu_bio *c = NULL;
	slu_status st;
	size_t n;

	CHECK_OK(slu_file_create(&c, "a.out", NULL));
	CHECK_OK(slu_bio_write_all(c, "ours", 4, &n));
	if (taken)
		folder_put("a.out", "theirs", 6);
	sysfault_arm("renameat2", 0, error);
	if (link_error != 0)
		sysfault_arm("linkat", 0, link_error);
	if (blocked)
		sysfault_arm("renameat", 0, EIO);
	st = slu_bio_finish(c);
	CHECK(sysfault_disarm() ==
	      (size_t)(1 + (link_error != 0) + (blocked && !taken)));
	slu_bio_free(c);
	return st;
}

static void
a_name_is_kept_on_every_file_system(void **state)
{
	static const int unknown[] = { EINVAL, ENOSYS, ENOTSUP };
	static const int no_links[] = { 0, EPERM, ENOSYS, ENOTSUP };

	(void)state;
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 4; j++) {
			CHECK_OK(finish_by_other_means(
			    unknown[i], no_links[j], false, false));
			folder_check("a.out", "ours", 4);
			CHECK(folder_count(".") == 1);
			CHECK(mode_of("a.out") == 0600);
			CHECK(unlink("a.out") == 0);

			CHECK_IS(SLU_ERR_IO, finish_by_other_means(unknown[i],
						 no_links[j], true, false));
			CHECK_WORDS("file: a.out: File exists");
			folder_check("a.out", "theirs", 6);
			CHECK(folder_count(".") == 1);
			CHECK(unlink("a.out") == 0);
		}
}

static void
other_means_that_fail_leave_the_name_free(void **state)
{
	(void)state;
	CHECK_IS(SLU_ERR_IO, finish_by_other_means(EINVAL, EIO, false, false));
	CHECK_WORDS("file: a.out: Input/output error");
	CHECK(folder_count(".") == 0);
	CHECK_IS(SLU_ERR_IO, finish_by_other_means(EINVAL, EPERM, false, true));
	CHECK_WORDS("file: a.out: Input/output error");
	CHECK(folder_count(".") == 0);
}

/* A file with both names that cannot lose the old one loses the new one. */
static void
a_name_that_was_given_too_soon_is_taken_back(void **state)
{
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_file_create(&c, "a.out", NULL));
	CHECK_OK(slu_bio_write_all(c, "ours", 4, &n));
	sysfault_arm("renameat2", 0, EINVAL);
	sysfault_arm("unlinkat", 0, EIO);
	CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
	CHECK(sysfault_disarm() == 2);
	CHECK_WORDS("file: a.out: Input/output error");
	slu_bio_free(c);
	CHECK(folder_count(".") == 0);
}

static void
a_folder_that_may_not_be_written_is_told(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	sysfault_arm("openat", 0, EACCES);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "a.out", NULL));
	CHECK(sysfault_disarm() == 1);
	assert_string_equal(slu_error(), "file: a.out: Permission denied");
	CHECK(c == NULL);
}

static void
a_folder_that_may_be_written_and_not_read_takes_a_file(void **state)
{
	const uid_t nobody = 65534;
	bool root = geteuid() == 0;
	slu_bio *c = NULL;

	(void)state;
	CHECK(mkdir("closed", 0500) == 0);
	/* Who may do anything is refused nothing. */
	if (root)
		CHECK(chmod(".", 0711) == 0 &&
		      chown("closed", nobody, (gid_t)-1) == 0 &&
		      seteuid(nobody) == 0);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "closed/a.out", NULL));
	CHECK_WORDS("file: closed/a.out: Permission denied");
	CHECK(chmod("closed", 0300) == 0);
	create("closed/a.out", "x", NULL);
	CHECK(chmod("closed", 0700) == 0);
	folder_check("closed/a.out", "x", 1);
	if (root)
		CHECK(seteuid(0) == 0);
}

static void
a_folder_that_is_gone_is_told(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	CHECK(mkdir("gone", 0700) == 0 && chdir("gone") == 0);
	CHECK(rmdir("../gone") == 0);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "a.out", NULL));
	CHECK_WORDS("file: a.out: No such file or directory");
	CHECK(c == NULL);
}

static void
without_randomness_nothing_is_made(void **state)
{
	slu_bio *c = NULL;

	(void)state;
	sysfault_arm("getentropy", 0, ENOSYS);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "a.out", NULL));
	CHECK(sysfault_disarm() == 1);
	CHECK(c == NULL && folder_count(".") == 0);
}

static void
a_temporary_file_is_told_while_there_is_one(void **state)
{
	slu_file_pending pending = { 0 };
	slu_file_options options = { .pending = &pending };
	slu_bio *c = NULL;

	(void)state;
	CHECK_OK(slu_file_create(&c, "a.out", &options));
	CHECK(pending.live && access(pending.path, F_OK) == 0);
	CHECK_OK(slu_bio_finish(c));
	CHECK(!pending.live && access(pending.path, F_OK) != 0);
	slu_bio_free(c);

	c = NULL;
	options.existing = SLU_FILE_REPLACE;
	CHECK_OK(slu_file_create(&c, "a.out", &options));
	CHECK(pending.live);
	slu_bio_free(c);
	CHECK(!pending.live && access(pending.path, F_OK) != 0);

	c = NULL;
	sysfault_arm("openat", 0, EIO);
	CHECK_IS(SLU_ERR_IO, slu_file_create(&c, "a.out", &options));
	CHECK(sysfault_disarm() == 1 && !pending.live);
}

/* What is told of a second file is not lost when the first chain goes. */
static void
one_note_serves_one_file_after_the_other(void **state)
{
	slu_file_pending pending = { 0 };
	const slu_file_options options = { .pending = &pending };
	slu_bio *a = NULL, *b = NULL;

	(void)state;
	CHECK_OK(slu_file_create(&a, "a", &options));
	CHECK_IS(SLU_ERR_IO, slu_file_create(&b, "b", &options));
	CHECK(b == NULL && pending.live && folder_count(".") == 1);
	CHECK_OK(slu_bio_finish(a));
	CHECK_OK(slu_file_create(&b, "b", &options));
	slu_bio_free(a);
	CHECK(pending.live);
	slu_file_abandon(&pending);
	CHECK(folder_count(".") == 1);
	slu_bio_free(b);
}

static void
to_abandon_removes_the_temporary_file_and_nothing_else(void **state)
{
	slu_file_pending pending = { 0 };
	const slu_file_options options = { .pending = &pending };
	slu_bio *c = NULL, *other = NULL;

	(void)state;
	folder_put("neighbour", "x", 1);
	CHECK_OK(slu_file_create(&other, "a.out", NULL));
	CHECK_OK(slu_file_create(&c, "a.out", &options));
	CHECK(folder_count(".") == 3);
	errno = 0;
	slu_file_abandon(&pending);
	CHECK(!pending.live && folder_count(".") == 2);
	slu_file_abandon(&pending);
	CHECK(errno == 0 && folder_count(".") == 2);
	pending.live = 1; /* as if a signal came right after the unlink */
	errno = 7;
	slu_file_abandon(&pending);
	CHECK(errno == 7 && folder_count(".") == 2);
	slu_bio_free(c);
	CHECK(folder_count(".") == 2);
	CHECK_OK(slu_bio_finish(other));
	slu_bio_free(other);
	CHECK(folder_count(".") == 2);
}

static slu_file_pending in_reach;

static void
abandon_and_go(int sig)
{
	slu_file_abandon(&in_reach);
	_exit(sig);
}

static void
a_signal_handler_can_abandon(void **state)
{
	const slu_file_options options = { .pending = &in_reach };
	struct sigaction act = { .sa_handler = abandon_and_go };
	slu_bio *c = NULL;
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		if (sigaction(SIGTERM, &act, NULL) != 0 ||
		    slu_file_create(&c, "a.out", &options) != SLU_OK)
			_exit(70);
		raise(SIGTERM);
		_exit(71);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == SIGTERM);
	CHECK(folder_count(".") == 0);
}

static void
descriptors_are_closed_and_never_inherited(void **state)
{
	slu_bio *a = NULL, *b = NULL, *c = NULL;
	bool open_before[256];
	size_t ours = 0;

	(void)state;
	for (int fd = 0; fd < 256; fd++)
		open_before[fd] = fcntl(fd, F_GETFD) >= 0;
	folder_put("in", "x", 1);
	CHECK_OK(slu_file_create(&a, "a.out", NULL));
	CHECK_OK(slu_file_create(&b, "/dev/null", NULL));
	CHECK_OK(slu_file_open(&c, "in"));
	for (int fd = 0; fd < 256; fd++) {
		int flags = fcntl(fd, F_GETFD);

		if (flags < 0 || open_before[fd])
			continue;
		CHECK(flags & FD_CLOEXEC);
		ours++;
	}
	CHECK(ours == 4); /* a file, its folder, a device, and a file */
	CHECK_OK(slu_bio_finish(a));
	CHECK_OK(slu_bio_finish(b));
	slu_bio_free(a);
	slu_bio_free(b);
	slu_bio_free(c);
	for (int fd = 0; fd < 256; fd++)
		CHECK(open_before[fd] == (fcntl(fd, F_GETFD) >= 0));
}

static void
interruptions_and_short_writes_lose_nothing(void **state)
{
	slu_bio *c = NULL;
	char buf[16];
	size_t n;

	(void)state;
	CHECK_OK(slu_file_create(&c, "a.out", NULL));
	sysfault_arm("write", 0, EINTR);
	sysfault_arm("write", 0, SYSFAULT_SHORT);
	CHECK_OK(slu_bio_write_all(c, "0123456789", 10, &n));
	CHECK(n == 10 && sysfault_disarm() == 2);
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	c = NULL;
	CHECK_OK(slu_file_open(&c, "a.out"));
	sysfault_arm("read", 0, EINTR);
	CHECK_OK(slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK(sysfault_disarm() == 1);
	CHECK_BYTES("0123456789", 10, buf, n);
	slu_bio_free(c);
}

static void
a_failing_read_names_the_file(void **state)
{
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	folder_put("a.in", "x", 1);
	CHECK_OK(slu_file_open(&c, "a.in"));
	sysfault_arm("read", 0, EIO);
	CHECK_IS(SLU_ERR_IO, slu_bio_read(c, &byte, 1, &n));
	CHECK(sysfault_disarm() == 1);
	assert_string_equal(slu_error(), "file: a.in: Input/output error");
	slu_bio_free(c);
}

static void
what_is_written_is_not_read_and_the_other_way_round(void **state)
{
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	folder_put("a.in", "x", 1);
	CHECK_OK(slu_file_open(&c, "a.in"));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n));
	CHECK_WORDS("file: cannot be written");
	slu_bio_free(c);
	c = NULL;
	CHECK_OK(slu_file_create(&c, "a.out", NULL));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_read(c, &byte, 1, &n));
	CHECK_WORDS("file: cannot be read");
	slu_bio_free(c);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_hold_the_contract_of_a_sink),
		TEST(a_file_appears_at_its_finish_and_not_before),
		TEST(an_unfinished_file_leaves_no_trace),
		TEST(a_name_that_is_taken_is_refused_at_once),
		TEST(a_name_that_is_taken_meanwhile_is_refused_at_the_finish),
		TEST(a_name_that_is_taken_is_told_apart_from_other_failures),
		TEST(of_those_who_want_a_name_at_once_one_gets_it),
		TEST(a_file_is_replaced_in_one_step),
		TEST(permissions_do_not_depend_on_the_umask),
		TEST(only_permissions_are_taken_from_a_mode),
		TEST(until_its_finish_a_file_is_its_owner_s_alone),
		TEST(a_link_is_followed_and_stays),
		TEST(a_link_is_a_name_that_is_taken),
		TEST(links_in_a_circle_lead_nowhere),
		TEST(a_link_that_does_not_say_where_it_leads_is_refused),
		TEST(what_is_no_file_is_refused_by_name),
		TEST(a_new_name_with_a_slash_behind_is_no_file),
		TEST(a_missing_file_is_named),
		TEST(strange_names_are_names),
		TEST(names_as_long_as_they_can_be_work),
		TEST(a_temporary_name_is_whole_characters_beside_its_target),
		TEST(two_files_under_way_have_two_temporary_names),
		TEST(paths_as_long_as_they_can_be_work),
		TEST(the_reason_is_one_line_and_names_the_file),
		TEST(a_chdir_in_between_does_not_lead_astray),
		TEST(a_fifo_is_written_and_read_directly),
		TEST(a_fifo_whose_reader_has_gone_is_no_signal),
		TEST(devices_are_written_directly),
		TEST(a_failing_sync_or_close_of_a_device_is_told),
		TEST(a_full_disk_leaves_things_as_they_were),
		TEST(a_finish_that_fails_leaves_things_as_they_were),
		TEST(what_a_file_system_does_not_know_is_no_failure),
		TEST(a_folder_that_cannot_be_synced_is_told),
		TEST(a_name_is_kept_on_every_file_system),
		TEST(other_means_that_fail_leave_the_name_free),
		TEST(a_name_that_was_given_too_soon_is_taken_back),
		TEST(a_folder_that_may_not_be_written_is_told),
		TEST(a_folder_that_may_be_written_and_not_read_takes_a_file),
		TEST(a_folder_that_is_gone_is_told),
		TEST(without_randomness_nothing_is_made),
		TEST(a_temporary_file_is_told_while_there_is_one),
		TEST(one_note_serves_one_file_after_the_other),
		TEST(to_abandon_removes_the_temporary_file_and_nothing_else),
		TEST(a_signal_handler_can_abandon),
		TEST(descriptors_are_closed_and_never_inherited),
		TEST(interruptions_and_short_writes_lose_nothing),
		TEST(a_failing_read_names_the_file),
		TEST(what_is_written_is_not_read_and_the_other_way_round),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
