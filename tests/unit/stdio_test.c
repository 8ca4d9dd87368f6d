/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "check.h"
#include "contract.h"
#include "folder.h"
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sluice/stdio.h"
#include "sluice/wait.h"

/* ---- a file */

struct place {
	FILE *file;
};

static slu_status
open_place(struct place *p, slu_bio **top, const char *mode)
{
	if (p->file != NULL)
		fclose(p->file);
	p->file = fopen("file", mode);
	CHECK(p->file != NULL);
	return slu_stdio_open(top, p->file);
}

static slu_status
create_file(slu_bio **top, void *arg)
{
	return open_place(arg, top, "w");
}

static slu_status
open_file(slu_bio **top, void *arg)
{
	return open_place(arg, top, "r");
}

static void
prepare_file(const void *data, size_t len, void *arg)
{
	(void)arg;
	folder_put("file", data, len);
}

static void
written_to_file(slu_buf *out, void *arg)
{
	static unsigned char data[TRIAL_MOST + 1];
	FILE *file = fopen("file", "r");

	/* What was finished is there, though `arg` is not closed yet. */
	(void)arg;
	CHECK(file != NULL);
	CHECK_OK(slu_buf_add(out, data, fread(data, 1, sizeof(data), file)));
	fclose(file);
}

static void
a_file_holds_the_contract_of_a_sink(void **state)
{
	struct place p = { 0 };
	const contract_sink file = {
		.name = "stdio, file",
		.create = create_file,
		.written = written_to_file,
		.prepare = prepare_file,
		.open = open_file,
		.arg = &p,
	};

	(void)state;
	folder_enter();
	contract_sink_holds(&file);
	fclose(p.file);
	folder_leave();
}

/* ---- a line that does not block */

struct line {
	FILE *ours;
	int far;
	slu_buf moved; /* came out at the far end, or has to go in there */
	bool sending;  /* the far end sends */
};

static void
hang_up(struct line *l)
{
	if (l->ours != NULL)
		fclose(l->ours);
	if (l->far >= 0)
		close(l->far);
	l->ours = NULL;
	l->far = -1;
}

static slu_status
connect_line(struct line *l, slu_bio **top, const char *mode)
{
	int ends[2];

	hang_up(l);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	CHECK(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
	CHECK(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
	l->ours = fdopen(ends[0], mode);
	l->far = ends[1];
	CHECK(l->ours != NULL);
	return slu_stdio_open(top, l->ours);
}

static slu_status
create_line(slu_bio **top, void *arg)
{
	struct line *l = arg;

	l->sending = false;
	slu_buf_skip(&l->moved, l->moved.len);
	return connect_line(l, top, "w");
}

static slu_status
open_line(slu_bio **top, void *arg)
{
	struct line *l = arg;

	l->sending = true;
	return connect_line(l, top, "r");
}

static void
prepare_line(const void *data, size_t len, void *arg)
{
	struct line *l = arg;

	slu_buf_skip(&l->moved, l->moved.len);
	CHECK_OK(slu_buf_add(&l->moved, data, len));
}

static void
pump_line(void *arg)
{
	struct line *l = arg;
	unsigned char buf[4096];
	ssize_t n;

	while (!l->sending && (n = read(l->far, buf, sizeof(buf))) > 0)
		CHECK_OK(slu_buf_add(&l->moved, buf, (size_t)n));
	while (l->sending && l->far >= 0 && l->moved.len > 0) {
		n = write(l->far, slu_buf_front(&l->moved), l->moved.len);
		if (n <= 0)
			return;
		slu_buf_skip(&l->moved, (size_t)n);
	}
	if (l->sending && l->far >= 0) {
		close(l->far);
		l->far = -1;
	}
}

static void
written_to_line(slu_buf *out, void *arg)
{
	struct line *l = arg;

	pump_line(l);
	CHECK_OK(slu_buf_add(out, slu_buf_front(&l->moved), l->moved.len));
}

static void
a_socket_that_does_not_block_holds_the_contract_of_a_sink(void **state)
{
	struct line l = { .far = -1, .moved = { .limit = TRIAL_ROOM } };
	const contract_sink line = {
		.name = "stdio, socket",
		.create = create_line,
		.written = written_to_line,
		.prepare = prepare_line,
		.open = open_line,
		.pump = pump_line,
		.arg = &l,
	};

	(void)state;
	contract_sink_holds(&line);
	hang_up(&l);
	slu_buf_free(&l.moved);
}

/* ---- a FILE without a descriptor */

struct memory {
	FILE *file;
	char *text;
	size_t len;
};

static slu_status
create_memory(slu_bio **top, void *arg)
{
	struct memory *m = arg;

	if (m->file != NULL)
		fclose(m->file);
	free(m->text);
	m->text = NULL;
	m->file = open_memstream(&m->text, &m->len);
	CHECK(m->file != NULL);
	return slu_stdio_open(top, m->file);
}

static void
written_to_memory(slu_buf *out, void *arg)
{
	struct memory *m = arg;

	CHECK_OK(slu_buf_add(out, m->text, m->len));
}

static void
memory_holds_the_contract_of_a_sink(void **state)
{
	struct memory m = { 0 };
	const contract_sink memory = {
		.name = "stdio, memory",
		.create = create_memory,
		.written = written_to_memory,
		.arg = &m,
	};

	(void)state;
	contract_sink_holds(&memory);
	fclose(m.file);
	free(m.text);
}

static void
memory_that_is_full_is_a_failure(void **state)
{
	char room[10];
	FILE *file = fmemopen(room, sizeof(room), "w");
	slu_bio *c = NULL;
	slu_status st;
	size_t put;

	(void)state;
	CHECK_OK(slu_stdio_open(&c, file));
	st = slu_bio_write_all(c, "more than there is room for", 27, &put);
	CHECK_IS(SLU_ERR_IO, st ? st : slu_bio_flush(c));
	CHECK_WORDS("stdio: FILE: ");
	slu_bio_free(c);
	fclose(file);
}

/* ---- how the system answers */

static struct {
	int error; /* of the next read, once; 0: it goes well */
	const char *text;
} script;

static ssize_t
script_read(void *arg, char *buf, size_t cap)
{
	size_t n = strlen(script.text);

	(void)arg;
	if (script.error != 0) {
		errno = script.error;
		script.error = 0;
		return -1;
	}
	n = n < cap ? n : cap;
	memcpy(buf, script.text, n);
	script.text += n;
	return (ssize_t)n;
}

static void
an_error_is_told_from_a_wait_an_interruption_and_the_end(void **state)
{
	const cookie_io_functions_t functions = { .read = script_read };
	FILE *file = fopencookie(NULL, "r", functions);
	slu_bio *c = NULL;
	char out[10];
	size_t got;

	(void)state;
	script.text = "HELLO";
	script.error = EAGAIN;
	CHECK_OK(slu_stdio_open(&c, file));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, out, sizeof(out), &got));
	CHECK_OK(slu_bio_read(c, out, 3, &got));
	CHECK_BYTES("HEL", 3, out, got);
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &got));
	CHECK_BYTES("LO", 2, out, got);
	script.text = "AGAIN";
	script.error = EINTR;
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &got));
	CHECK_BYTES("AGAIN", 5, out, got);
	CHECK_IS(SLU_EOF, slu_bio_read(c, out, sizeof(out), &got));
	clearerr(file);
	script.error = ECONNRESET;
	CHECK_IS(SLU_ERR_IO, slu_bio_read(c, out, sizeof(out), &got));
	CHECK_WORDS("stdio: FILE: Connection reset by peer");
	slu_bio_free(c);

	/* That FILE has failed, and is not begun with again. */
	c = NULL;
	CHECK_IS(SLU_ERR_IO, slu_stdio_open(&c, file));
	CHECK_WORDS("stdio: the FILE has failed before");
	CHECK(c == NULL);
	fclose(file);
}

static void
what_has_come_is_given_out_before_more_is_waited_for(void **state)
{
	slu_bio *c = NULL;
	char out[100];
	int ends[2];
	size_t got;
	FILE *file;

	(void)state;
	CHECK(pipe(ends) == 0); /* which blocks */
	file = fdopen(ends[0], "r");
	CHECK_OK(slu_stdio_open(&c, file));
	CHECK(write(ends[1], "HELLO", 5) == 5);
	alarm(60);
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &got));
	alarm(0);
	CHECK_BYTES("HELLO", 5, out, got);
	slu_bio_free(c);
	fclose(file);
	close(ends[1]);
}

static void
a_disk_that_is_full_is_told(void **state)
{
	FILE *file = fopen("/dev/full", "w");
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	CHECK_OK(slu_stdio_open(&c, file));
	CHECK_IS(SLU_ERR_IO, slu_bio_write(c, "x", 1, &put));
	CHECK_WORDS("No space left on device");
	slu_bio_free(c);
	CHECK(fprintf(file, "x") == 1); /* waits in the FILE */
	c = NULL;
	CHECK_OK(slu_stdio_open(&c, file));
	CHECK_IS(SLU_ERR_IO, slu_bio_finish(c));
	CHECK_WORDS("stdio: FILE: No space left on device");
	slu_bio_free(c);
	fclose(file);
}

static void
what_it_was_not_opened_for_is_misuse(void **state)
{
	FILE *in = fopen("/dev/null", "r"), *out = fopen("/dev/null", "w");
	slu_bio *c = NULL;
	char byte = 0;
	size_t n;

	(void)state;
	CHECK_OK(slu_stdio_open(&c, in));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, &byte, 1, &n));
	CHECK_WORDS("stdio: the FILE is not open for writing");
	slu_bio_free(c);
	c = NULL;
	CHECK_OK(slu_stdio_open(&c, out));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_read(c, &byte, 1, &n));
	CHECK_WORDS("stdio: the FILE is not open for reading");
	slu_bio_free(c);
	fclose(in);
	fclose(out);
}

static void
a_socket_without_a_stream_is_refused(void **state)
{
	slu_bio *c = NULL;
	int ends[2];
	FILE *file;

	(void)state;
	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
	file = fdopen(ends[0], "r+");
	CHECK_IS(SLU_ERR_USAGE, slu_stdio_open(&c, file));
	CHECK(c == NULL);
	fclose(file);
	close(ends[1]);
}

/* ---- shared with others who use the FILE */

static void
all_that_is_written_keeps_its_order_whoever_writes_it(void **state)
{
	slu_bio *c = NULL;
	size_t put;
	FILE *file;

	(void)state;
	folder_enter();
	file = fopen("file", "w");
	CHECK_OK(slu_stdio_open(&c, file));
	CHECK(fputs("one ", file) >= 0);
	CHECK_OK(slu_bio_write_all(c, "two ", 4, &put));
	CHECK(fputs("three ", file) >= 0);
	CHECK_OK(slu_bio_write_all(c, "four", 4, &put));
	CHECK_OK(slu_bio_flush(c));
	CHECK(ftell(file) == 18);
	CHECK(fputs(" five", file) >= 0);
	CHECK_OK(slu_bio_finish(c));
	folder_check("file", "one two three four five", 23);
	slu_bio_free(c);
	fclose(file);
	folder_leave();
}

static void
a_file_is_written_from_where_it_was_read_to(void **state)
{
	slu_bio *c = NULL;
	char out[4];
	FILE *file;
	size_t n;

	(void)state;
	folder_enter();
	folder_put("file", "0123456789", 10);
	file = fopen("file", "r+");
	CHECK_OK(slu_stdio_open(&c, file));
	CHECK_OK(slu_bio_read(c, out, 3, &n));
	CHECK_BYTES("012", 3, out, n);
	CHECK_OK(slu_bio_write_all(c, "xy", 2, &n));
	CHECK_OK(slu_bio_read(c, out, 3, &n));
	CHECK_BYTES("567", 3, out, n);
	CHECK_OK(slu_bio_write_all(c, "z", 1, &n));
	CHECK_OK(slu_bio_finish(c));
	CHECK(ftell(file) == 9 && fgetc(file) == '9');
	folder_check("file", "012xy567z9", 10);
	slu_bio_free(c);
	fclose(file);
	folder_leave();
}

static void
a_socket_is_written_while_bytes_wait_to_be_read(void **state)
{
	slu_bio *c = NULL;
	char out[10];
	int ends[2];
	FILE *file;
	size_t n;

	(void)state;
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	file = fdopen(ends[0], "r+");
	CHECK_OK(slu_stdio_open(&c, file));
	CHECK(write(ends[1], "HELLO", 5) == 5);
	CHECK_OK(slu_bio_read(c, out, 2, &n));
	CHECK_OK(slu_bio_write_all(c, "reply", 5, &n));
	CHECK_OK(slu_bio_flush(c));
	CHECK(read(ends[1], out, sizeof(out)) == 5);
	CHECK_OK(slu_bio_read(c, out, sizeof(out), &n));
	CHECK_BYTES("LLO", 3, out, n);
	slu_bio_free(c);
	fclose(file);
	close(ends[1]);
}

static volatile sig_atomic_t caught;

static void
note_signal(int sig)
{
	(void)sig;
	caught++;
}

/* Whether it is a write or a flush that hands over what others left. */
static void
a_reader_that_has_gone_is_no_signal(void **state)
{
	struct sigaction note = { .sa_handler = note_signal }, before;
	size_t n;

	(void)state;
	CHECK(sigaction(SIGPIPE, &note, &before) == 0);
	for (int flush = 0; flush < 2; flush++) {
		slu_bio *c = NULL;
		FILE *file;
		int ends[2];

		CHECK(pipe(ends) == 0);
		file = fdopen(ends[1], "w");
		CHECK(file != NULL && fputs("left", file) >= 0);
		CHECK_OK(slu_stdio_open(&c, file));
		close(ends[0]);
		CHECK_IS(SLU_ERR_IO,
		    flush ? slu_bio_flush(c) : slu_bio_write(c, "x", 1, &n));
		CHECK_WORDS("Broken pipe");
		CHECK(caught == 0);
		slu_bio_free(c);
		fclose(file);
		caught = 0;
	}
	CHECK(sigaction(SIGPIPE, &before, NULL) == 0);
}

static void
it_is_waited_for_by_its_descriptor(void **state)
{
	struct line l = { .far = -1, .moved = { .limit = TRIAL_ROOM } };
	slu_bio *c = NULL;
	slu_waits w;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(open_line(&c, &l));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, &byte, 1, &n));
	CHECK_OK(slu_bio_waits(c, SLU_WANT_READ, &w));
	CHECK(w.count == 1 && w.fds[0].fd == fileno(l.ours));
	slu_bio_free(c);
	hang_up(&l);
	slu_buf_free(&l.moved);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_holds_the_contract_of_a_sink),
		cmocka_unit_test(
		    a_socket_that_does_not_block_holds_the_contract_of_a_sink),
		cmocka_unit_test(memory_holds_the_contract_of_a_sink),
		cmocka_unit_test(memory_that_is_full_is_a_failure),
		cmocka_unit_test(
		    an_error_is_told_from_a_wait_an_interruption_and_the_end),
		cmocka_unit_test(
		    what_has_come_is_given_out_before_more_is_waited_for),
		cmocka_unit_test(a_disk_that_is_full_is_told),
		cmocka_unit_test(what_it_was_not_opened_for_is_misuse),
		cmocka_unit_test(a_socket_without_a_stream_is_refused),
		cmocka_unit_test(
		    all_that_is_written_keeps_its_order_whoever_writes_it),
		cmocka_unit_test(a_file_is_written_from_where_it_was_read_to),
		cmocka_unit_test(
		    a_socket_is_written_while_bytes_wait_to_be_read),
		cmocka_unit_test(a_reader_that_has_gone_is_no_signal),
		cmocka_unit_test(it_is_waited_for_by_its_descriptor),
	};

	return cmocka_run_group_tests_name("stdio", tests, NULL, NULL);
}
