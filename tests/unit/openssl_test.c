/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include "contract.h"
#include "faulty.h"
#include "folder.h"
#include "oom.h"
#include "trial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "sluice/base64.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/openssl.h"
#include "sluice/view.h"
#include "sluice/wait.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A BIO in memory: what was written there, or what is to be read. */
struct memory {
	BIO *bio;
	unsigned char *data;
};

static slu_status
create_memory(slu_bio **top, void *arg)
{
	struct memory *m = arg;

	oom_hold();
	BIO_free(m->bio);
	m->bio = BIO_new(BIO_s_mem());
	CHECK(m->bio != NULL);
	oom_release();
	return slu_openssl_open(top, m->bio);
}

static void
written_to_memory(slu_buf *out, void *arg)
{
	struct memory *m = arg;
	char *data;
	long len = BIO_get_mem_data(m->bio, &data);

	CHECK_OK(slu_buf_add(out, data, (size_t)len));
}

static void
prepare_memory(const void *data, size_t len, void *arg)
{
	struct memory *m = arg;

	BIO_free(m->bio);
	free(m->data);
	m->data = malloc(len + 1);
	CHECK(m->data != NULL);
	memcpy(m->data, data, len);
	m->bio = BIO_new_mem_buf(m->data, (int)len);
	CHECK(m->bio != NULL);
}

static slu_status
open_memory(slu_bio **top, void *arg)
{
	struct memory *m = arg;

	return slu_openssl_open(top, m->bio);
}

static void
a_bio_in_memory_holds_the_contract_of_a_sink(void **state)
{
	struct memory m = { 0 };
	const contract_sink memory = {
		.name = "openssl, memory",
		.create = create_memory,
		.written = written_to_memory,
		.prepare = prepare_memory,
		.open = open_memory,
		.arg = &m,
	};

	(void)state;
	contract_sink_holds(&memory);
	BIO_free(m.bio);
	free(m.data);
}

/* Two ends with little room between: ours, and the far one, that is pumped. */
struct line {
	BIO *ours, *far;
	slu_buf moved; /* came out at the far end, or has to go in there */
	bool sending;
};

static slu_status
connect_line(struct line *l, slu_bio **top)
{
	oom_hold();
	BIO_free(l->ours);
	BIO_free(l->far);
	CHECK(BIO_new_bio_pair(&l->ours, 600, &l->far, 700));
	oom_release();
	return slu_openssl_open(top, l->ours);
}

static slu_status
create_line(slu_bio **top, void *arg)
{
	struct line *l = arg;

	l->sending = false;
	slu_buf_skip(&l->moved, l->moved.len);
	return connect_line(l, top);
}

static slu_status
open_line(slu_bio **top, void *arg)
{
	struct line *l = arg;

	l->sending = true;
	return connect_line(l, top);
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
	char buf[1000];
	int n;

	while (!l->sending && (n = BIO_read(l->far, buf, sizeof(buf))) > 0)
		CHECK_OK(slu_buf_add(&l->moved, buf, (size_t)n));
	while (l->sending && l->moved.len > 0) {
		n = BIO_write(
		    l->far, slu_buf_front(&l->moved), (int)l->moved.len);
		if (n <= 0)
			return;
		slu_buf_skip(&l->moved, (size_t)n);
	}
	if (l->sending)
		(void)BIO_shutdown_wr(l->far);
}

static void
written_to_line(slu_buf *out, void *arg)
{
	struct line *l = arg;

	pump_line(l);
	CHECK_OK(slu_buf_add(out, slu_buf_front(&l->moved), l->moved.len));
}

static void
a_bio_that_keeps_asking_for_a_retry_holds_the_contract(void **state)
{
	struct line l = { .moved = { .limit = TRIAL_ROOM } };
	const contract_sink line = {
		.name = "openssl, pair",
		.create = create_line,
		.written = written_to_line,
		.prepare = prepare_line,
		.open = open_line,
		.pump = pump_line,
		.arg = &l,
		.most = 70000,
	};

	(void)state;
	contract_sink_holds(&line);
	BIO_free(l.ours);
	BIO_free(l.far);
	slu_buf_free(&l.moved);
}

static void
an_empty_queue_is_a_wait_or_the_end_as_it_was_told(void **state)
{
	BIO *mem = BIO_new(BIO_s_mem());
	slu_bio *c = NULL;
	slu_waits w;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_openssl_open(&c, mem));
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, &byte, 1, &n));
	CHECK(BIO_write(mem, "x", 1) == 1);
	CHECK_OK(slu_bio_read(c, &byte, 1, &n));
	CHECK(byte == 'x');
	BIO_set_mem_eof_return(mem, 0);
	CHECK_IS(SLU_EOF, slu_bio_read(c, &byte, 1, &n));
	/* There is no descriptor to wait for: not even number 0. */
	CHECK_IS(SLU_ERR_USAGE, slu_bio_waits(c, SLU_WANT_READ, &w));
	slu_bio_free(c);
	BIO_free(mem);
}

/* ---- a BIO that answers as it is told */

static struct script {
	int answer;
	int retry; /* BIO_FLAGS_... */
	int reason;
	void (*leave)(void); /* leaves errors behind, if not NULL */
	int asked;           /* bytes */
	const void *at;
} script;

static int
act(BIO *bio, const void *at, int len)
{
	script.asked = len;
	script.at = at;
	if (script.leave != NULL)
		script.leave();
	BIO_set_flags(bio, script.retry);
	BIO_set_retry_reason(bio, script.reason);
	return script.answer;
}

static int
script_read(BIO *bio, char *buf, int cap)
{
	return act(bio, buf, cap);
}

static int
script_write(BIO *bio, const char *data, int len)
{
	return act(bio, data, len);
}

static long
script_ctrl(BIO *bio, int cmd, long number, void *ptr)
{
	(void)number, (void)ptr;
	return cmd == BIO_CTRL_FLUSH ? act(bio, NULL, 0) : 0;
}

static BIO *
new_script(BIO_METHOD **method)
{
	BIO *bio;

	script = (struct script){ 0 };
	*method =
	    BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "script");
	CHECK(*method != NULL);
	CHECK(BIO_meth_set_read(*method, script_read) &&
	      BIO_meth_set_write(*method, script_write) &&
	      BIO_meth_set_ctrl(*method, script_ctrl));
	bio = BIO_new(*method);
	CHECK(bio != NULL);
	BIO_set_init(bio, 1);
	return bio;
}

static void
leave_a_reset(void)
{
	errno = ECONNRESET;
}

static void
leave_a_system_error(void)
{
	ERR_raise_data(ERR_LIB_SYS, ENOSPC, "calling %s()", "fflush");
	ERR_raise(ERR_LIB_BIO, ERR_R_SYS_LIB);
}

static void
leave_two_lines(void)
{
	ERR_raise_data(ERR_LIB_BIO, BIO_R_CONNECT_ERROR, "one\ntwo");
}

static void
leave_no_memory(void)
{
	ERR_raise(ERR_LIB_BIO, ERR_R_MALLOC_FAILURE);
}

static void
leave_an_alert(void)
{
	ERR_raise(ERR_LIB_SSL, 1042);
}

static void
leave_a_cut(void)
{
	ERR_raise(ERR_LIB_SSL, 294);
}

static void
leave_a_bad_certificate(void)
{
	ERR_raise(ERR_LIB_SSL, 134);
}

static void
leave_a_bad_record(void)
{
	ERR_raise(ERR_LIB_SSL, 281);
}

static void
leave_a_bad_padding(void)
{
	ERR_raise(ERR_LIB_EVP, EVP_R_BAD_DECRYPT);
}

static void
leave_no_cipher(void)
{
	ERR_raise(ERR_LIB_EVP, EVP_R_NO_CIPHER_SET);
}

static void
leave_an_uninitialised_bio(void)
{
	ERR_raise(ERR_LIB_BIO, BIO_R_UNINITIALIZED);
}

#define RETRY(way) (BIO_FLAGS_SHOULD_RETRY | BIO_FLAGS_##way)

static const struct answer {
	int answer, retry, reason;
	void (*leave)(void);
	slu_status st;
	const char *words;
} answers[] = {
	{ -1, RETRY(READ), 0, NULL, SLU_WANT_READ, NULL },
	{ 0, RETRY(READ), 0, NULL, SLU_WANT_READ, NULL },
	{ -1, RETRY(WRITE), 0, NULL, SLU_WANT_WRITE, NULL },
	{ -1, RETRY(WRITE), 0, leave_two_lines, SLU_WANT_WRITE, NULL },
	{ -1, RETRY(IO_SPECIAL), BIO_RR_CONNECT, NULL, SLU_WANT_WRITE, NULL },
	{ -1, RETRY(IO_SPECIAL), BIO_RR_ACCEPT, NULL, SLU_WANT_READ, NULL },
	{ -1, RETRY(IO_SPECIAL), BIO_RR_SSL_X509_LOOKUP, NULL, SLU_ERR_USAGE,
	    "openssl: script: waits for a certificate to be chosen" },
	{ -1, 0, 0, leave_a_reset, SLU_ERR_IO,
	    "openssl: script: Connection reset by peer" },
	{ -2, 0, 0, NULL, SLU_ERR_IO, "failed and does not say why" },
	{ -1, 0, 0, leave_a_system_error, SLU_ERR_IO,
	    "openssl: script: No space left on device: calling fflush()" },
	{ 0, 0, 0, leave_a_system_error, SLU_ERR_IO, "No space left" },
	{ -1, 0, 0, leave_two_lines, SLU_ERR_IO,
	    "openssl: script: connect error: one?two" },
	{ -1, 0, 0, leave_no_memory, SLU_ERR_MEMORY, "malloc failure" },
	{ -1, 0, 0, leave_an_alert, SLU_ERR_PEER, "openssl: script: " },
	{ 0, 0, 0, leave_a_cut, SLU_ERR_TRUNCATED, "openssl: script: " },
	{ -1, 0, 0, leave_a_bad_certificate, SLU_ERR_AUTH, "script: " },
	{ -1, 0, 0, leave_a_bad_record, SLU_ERR_FORMAT, "script: " },
	{ -1, 0, 0, leave_a_bad_padding, SLU_ERR_AUTH, "bad decrypt" },
	{ -1, 0, 0, leave_no_cipher, SLU_ERR_CRYPTO, "no cipher set" },
	{ -1, 0, 0, leave_an_uninitialised_bio, SLU_ERR_USAGE, "script: " },
};

static void
check_answer(const struct answer *a, BIO *bio, int call)
{
	slu_bio *c = NULL;
	slu_status st;
	char byte = 0;
	size_t n;

	script.answer = a->answer;
	script.retry = a->retry;
	script.reason = a->reason;
	script.leave = a->leave;
	CHECK_OK(slu_openssl_open(&c, bio));
	if (call == 0)
		st = slu_bio_read(c, &byte, 1, &n);
	else if (call == 1) {
		/* What is not taken at once waits here. */
		st = slu_bio_write(c, &byte, 1, &n);
		if (st == SLU_OK)
			st = slu_bio_write(c, &byte, 1, &n);
	} else
		st = slu_bio_flush(c);
	CHECK_IS(a->st, st);
	if (a->words != NULL)
		CHECK_WORDS(a->words);
	CHECK(ERR_peek_error() == 0);
	slu_bio_free(c);
}

static void
each_answer_of_a_bio_is_told_for_what_it_is(void **state)
{
	BIO_METHOD *method;
	BIO *bio = new_script(&method);

	(void)state;
	for (int call = 0; call < 3; call++)
		for (size_t i = 0; i < COUNT(answers); i++)
			check_answer(&answers[i], bio, call);
	BIO_free(bio);
	BIO_meth_free(method);
}

static void
nothing_taken_and_nothing_said_is_a_failure_but_to_a_read(void **state)
{
	static const struct answer read_nothing = { .st = SLU_EOF };
	static const struct answer wrote_nothing = {
		.st = SLU_ERR_IO,
		.words = "a write failed and does not say why",
	};
	static const struct answer flushed_nothing = {
		.st = SLU_ERR_IO,
		.words = "a flush failed and does not say why",
	};
	BIO_METHOD *method;
	BIO *bio = new_script(&method);

	(void)state;
	check_answer(&read_nothing, bio, 0);
	check_answer(&wrote_nothing, bio, 1);
	check_answer(&flushed_nothing, bio, 2);
	BIO_free(bio);
	BIO_meth_free(method);
}

static void
what_was_left_over_from_before_counts_for_nothing(void **state)
{
	static const struct answer ended = { .st = SLU_EOF };
	static const struct answer silent = {
		.answer = -1, .st = SLU_ERR_IO, .words = "does not say why"
	};
	BIO_METHOD *method;
	BIO *bio = new_script(&method);

	(void)state;
	leave_a_system_error();
	BIO_set_flags(bio, RETRY(READ));
	errno = ECONNRESET;
	check_answer(&ended, bio, 0);
	leave_a_system_error();
	BIO_set_flags(bio, RETRY(WRITE));
	errno = ECONNRESET;
	check_answer(&silent, bio, 2);
	BIO_free(bio);
	BIO_meth_free(method);
}

static void
no_read_is_asked_for_more_than_an_int_holds(void **state)
{
	BIO_METHOD *method;
	BIO *bio = new_script(&method);
	slu_bio *c = NULL;
	char byte;
	size_t n;

	(void)state;
	CHECK_OK(slu_openssl_open(&c, bio));
	script.answer = 1;
	CHECK_OK(slu_bio_read(c, &byte, SIZE_MAX, &n));
	CHECK(n == 1 && script.asked == INT_MAX);
	slu_bio_free(c);
	BIO_free(bio);
	BIO_meth_free(method);
}

static void
a_retry_offers_the_same_bytes_at_the_same_address(void **state)
{
	char one[100] = "1", two[100] = "2";
	BIO_METHOD *method;
	BIO *bio = new_script(&method);
	slu_bio *c = NULL;
	const void *at;
	size_t n;

	(void)state;
	CHECK_OK(slu_openssl_open(&c, bio));
	script.answer = -1;
	script.retry = RETRY(READ);
	CHECK_OK(slu_bio_write(c, one, sizeof(one), &n));
	CHECK(n == sizeof(one) && script.asked == sizeof(one));
	at = script.at;
	one[0] = 'x';
	CHECK_IS(SLU_WANT_READ, slu_bio_write(c, two, 50, &n));
	CHECK(script.at == at && script.asked == sizeof(one));
	CHECK(*(const char *)at == '1');
	CHECK_IS(SLU_WANT_READ, slu_bio_flush(c));
	CHECK(script.at == at && script.asked == sizeof(one));
	slu_bio_free(c);
	BIO_free(bio);
	BIO_meth_free(method);
}

/* Those of them that this OpenSSL has. */
static const int datagrams[] = {
	BIO_TYPE_DGRAM,
#ifdef BIO_TYPE_DGRAM_SCTP
	BIO_TYPE_DGRAM_SCTP,
#endif
#ifdef BIO_TYPE_DGRAM_PAIR
	BIO_TYPE_DGRAM_PAIR,
#endif
#ifdef BIO_TYPE_DGRAM_MEM
	BIO_TYPE_DGRAM_MEM,
#endif
};

static void
datagrams_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(datagrams) / sizeof(datagrams[0]); i++) {
		BIO_METHOD *m = BIO_meth_new(datagrams[i], "datagrams");
		BIO *bio = BIO_new(m), *filter = BIO_new(BIO_f_buffer());
		slu_bio *c = NULL;

		CHECK(bio != NULL && filter != NULL);
		CHECK(BIO_push(filter, bio) == filter);
		CHECK_IS(SLU_ERR_USAGE, slu_openssl_open(&c, bio));
		CHECK_IS(SLU_ERR_USAGE, slu_openssl_open(&c, filter));
		CHECK_WORDS("openssl: what moves below are datagrams");
		CHECK(c == NULL);
		BIO_free_all(filter);
		BIO_meth_free(m);
	}
}

static void
a_direction_that_does_not_exist_is_misuse(void **state)
{
	BIO *bio = BIO_new_mem_buf("x", 1);
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_openssl_open(&c, bio));
	CHECK_IS(SLU_ERR_USAGE, slu_bio_write(c, "x", 1, &n));
	CHECK_WORDS("openssl: memory buffer: write to read only BIO");
	slu_bio_free(c);
	BIO_free(bio);
}

/* ---- OpenSSL's own BIOs, at work */

static void
a_file_of_openssls_is_written_and_read(void **state)
{
	unsigned char plain[100000];
	slu_buf back = { .limit = TRIAL_ROOM };
	trial t = { .room = "openssl", .len = sizeof(plain) };
	slu_bio *c = NULL;
	BIO *file;
	size_t n;

	(void)state;
	folder_enter();
	trial_plain(plain, sizeof(plain));
	file = BIO_new_file("file", "w");
	CHECK_OK(slu_openssl_open(&c, file));
	CHECK_OK(slu_bio_write_all(c, plain, sizeof(plain), &n));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	BIO_free(file);
	folder_check("file", plain, sizeof(plain));
	c = NULL;
	file = BIO_new_file("file", "r");
	CHECK_OK(slu_openssl_open(&c, file));
	CHECK_IS(SLU_EOF,
	    trial_read(&t, c, &back, &(trial_pace){ .name = "whole" }));
	CHECK_BYTES(plain, sizeof(plain), slu_buf_front(&back), back.len);
	slu_bio_free(c);
	BIO_free(file);
	slu_buf_free(&back);
	folder_leave();
}

static void
a_disk_that_is_full_is_told_at_the_flush(void **state)
{
	BIO *file = BIO_new_file("/dev/full", "w");
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	CHECK_OK(slu_openssl_open(&c, file));
	CHECK_OK(slu_bio_write(c, "x", 1, &n));
	CHECK_IS(SLU_ERR_IO, slu_bio_flush(c));
	CHECK_WORDS("openssl: FILE pointer: No space left on device");
	CHECK(ERR_peek_error() == 0);
	slu_bio_free(c);
	BIO_free(file);
}

static void
openssls_base64_and_ours_understand_each_other(void **state)
{
	BIO *mem = BIO_new(BIO_s_mem());
	BIO *b64 = BIO_push(BIO_new(BIO_f_base64()), mem);
	unsigned char plain[10000], back[10001];
	slu_buf ours = { .limit = TRIAL_ROOM };
	slu_bio *c = NULL;
	size_t n, len = 0;
	slu_status st;
	char *text;

	(void)state;
	trial_plain(plain, sizeof(plain));
	CHECK_OK(slu_mem_open(&c, &ours));
	CHECK_OK(slu_base64_encode(&c, &(slu_base64_options){ .columns = 64 }));
	CHECK_OK(slu_bio_write_all(c, plain, sizeof(plain), &n));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	c = NULL;
	CHECK_OK(slu_openssl_open(&c, b64));
	CHECK_OK(slu_bio_write_all(c, plain, sizeof(plain), &n));
	CHECK_OK(slu_bio_finish(c));
	n = (size_t)BIO_get_mem_data(mem, &text);
	CHECK_BYTES(slu_buf_front(&ours), ours.len, text, n);
	BIO_set_mem_eof_return(mem, 0);
	slu_bio_free(c);
	c = NULL;
	CHECK_OK(slu_openssl_open(&c, b64));
	while ((st = slu_bio_read(c, back + len, sizeof(back) - len, &n)) == 0)
		len += n;
	CHECK_IS(SLU_EOF, st);
	CHECK_BYTES(plain, sizeof(plain), back, len);
	slu_bio_free(c);
	BIO_free_all(b64);
	slu_buf_free(&ours);
}

static BIO *
new_cipher(BIO *below, int encrypt)
{
	static const unsigned char key[16] = "0123456789abcde";
	BIO *cipher = BIO_new(BIO_f_cipher());

	CHECK(cipher != NULL);
	CHECK(BIO_set_cipher(cipher, EVP_aes_128_cbc(), key, key, encrypt));
	return BIO_push(cipher, below);
}

static slu_status
decrypt(const void *data, size_t len)
{
	BIO *cipher = new_cipher(BIO_new_mem_buf(data, (int)len), 0);
	slu_bio *c = NULL;
	char buf[64];
	slu_status st;
	size_t n;

	CHECK_OK(slu_openssl_open(&c, cipher));
	do {
		st = slu_bio_read(c, buf, sizeof(buf), &n);
	} while (st == SLU_OK);
	slu_bio_free(c);
	BIO_free_all(cipher);
	return st;
}

static void
a_cipher_filter_that_was_cut_short_has_no_end(void **state)
{
	BIO *mem = BIO_new(BIO_s_mem());
	BIO *cipher = new_cipher(mem, 1);
	slu_bio *c = NULL;
	char *text;
	size_t n;

	(void)state;
	CHECK_OK(slu_openssl_open(&c, cipher));
	CHECK_OK(slu_bio_write_all(c,
	    "a secret of a hundred bytes, or of just about so many, "
	    "padded to whole blocks",
	    77, &n));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	n = (size_t)BIO_get_mem_data(mem, &text);
	CHECK(n == 80);
	CHECK_IS(SLU_EOF, decrypt(text, n));
	for (size_t cut = 1; cut < n; cut++) {
		slu_status st = decrypt(text, cut);

		CHECK(st == SLU_ERR_AUTH || st == SLU_ERR_TRUNCATED);
	}
	BIO_free_all(cipher);
}

/* A listening socket, and the address to connect to. */
static int
listen_somewhere(char address[32])
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t len = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&at, len) == 0 &&
	      listen(fd, 1) == 0 &&
	      getsockname(fd, (struct sockaddr *)&at, &len) == 0);
	snprintf(address, 32, "127.0.0.1:%d", ntohs(at.sin_port));
	return fd;
}

static void
a_connection_that_does_not_block_is_waited_for(void **state)
{
	char address[32], buf[16];
	int listener = listen_somewhere(address), peer;
	BIO *bio = BIO_new_connect(address);
	slu_bio *c = NULL;
	slu_waits w;
	size_t n;

	(void)state;
	CHECK(BIO_set_nbio(bio, 1) == 1);
	CHECK_OK(slu_openssl_open(&c, bio));
	CHECK_OK(slu_bio_write_all(c, "ping", 4, &n));
	while (slu_bio_flush(c) == SLU_WANT_WRITE)
		CHECK_OK(slu_bio_wait(c, SLU_WANT_WRITE, 10000));
	peer = accept(listener, NULL, NULL);
	CHECK(peer >= 0 && read(peer, buf, 4) == 4);
	CHECK_IS(SLU_WANT_READ, slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK_OK(slu_bio_waits(c, SLU_WANT_READ, &w));
	CHECK(w.count == 1 && w.fds[0].events == POLLIN);
	CHECK(write(peer, "pong", 4) == 4 && close(peer) == 0);
	CHECK_OK(slu_bio_wait(c, SLU_WANT_READ, 10000));
	CHECK_OK(slu_bio_read(c, buf, sizeof(buf), &n));
	CHECK_BYTES("pong", 4, buf, n);
	CHECK_OK(slu_bio_wait(c, SLU_WANT_READ, 10000));
	CHECK_IS(SLU_EOF, slu_bio_read(c, buf, sizeof(buf), &n));
	slu_bio_free(c);
	BIO_free(bio);
	close(listener);
}

static void
a_connection_that_is_refused_is_told_in_openssls_words(void **state)
{
	char address[32], byte;
	int listener = listen_somewhere(address);
	BIO *bio = BIO_new_connect(address);
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	close(listener);
	CHECK_OK(slu_openssl_open(&c, bio));
	CHECK_IS(SLU_ERR_IO, slu_bio_read(c, &byte, 1, &n));
	CHECK_WORDS("openssl: socket connect: Connection refused");
	slu_bio_free(c);
	BIO_free(bio);
}

static void
a_failure_of_ours_comes_through_openssl_as_it_was(void **state)
{
	slu_bio *below = NULL, *top = NULL;
	char byte;
	BIO *bio;
	size_t n;

	(void)state;
	CHECK_OK(slu_view_open(&below, "QUJD*", 5));
	CHECK_OK(slu_base64_decode(&below, NULL));
	bio = BIO_push(BIO_new(BIO_f_buffer()), slu_openssl_bio(below));
	CHECK_OK(slu_openssl_open(&top, bio));
	for (int i = 0; i < 3; i++)
		CHECK_OK(slu_bio_read(top, &byte, 1, &n));
	CHECK_IS(SLU_ERR_FORMAT, slu_bio_read(top, &byte, 1, &n));
	CHECK(strcmp(slu_error(), "base64: not a base64 character at byte 4") ==
	      0);
	slu_bio_free(top);
	BIO_free_all(bio);
	slu_bio_free(below);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bio_in_memory_holds_the_contract_of_a_sink),
		cmocka_unit_test(
		    a_bio_that_keeps_asking_for_a_retry_holds_the_contract),
		cmocka_unit_test(
		    an_empty_queue_is_a_wait_or_the_end_as_it_was_told),
		cmocka_unit_test(each_answer_of_a_bio_is_told_for_what_it_is),
		cmocka_unit_test(
		    nothing_taken_and_nothing_said_is_a_failure_but_to_a_read),
		cmocka_unit_test(
		    what_was_left_over_from_before_counts_for_nothing),
		cmocka_unit_test(no_read_is_asked_for_more_than_an_int_holds),
		cmocka_unit_test(
		    a_retry_offers_the_same_bytes_at_the_same_address),
		cmocka_unit_test(datagrams_are_refused),
		cmocka_unit_test(a_direction_that_does_not_exist_is_misuse),
		cmocka_unit_test(a_file_of_openssls_is_written_and_read),
		cmocka_unit_test(a_disk_that_is_full_is_told_at_the_flush),
		cmocka_unit_test(
		    openssls_base64_and_ours_understand_each_other),
		cmocka_unit_test(a_cipher_filter_that_was_cut_short_has_no_end),
		cmocka_unit_test(
		    a_connection_that_does_not_block_is_waited_for),
		cmocka_unit_test(
		    a_connection_that_is_refused_is_told_in_openssls_words),
		cmocka_unit_test(
		    a_failure_of_ours_comes_through_openssl_as_it_was),
	};

	return cmocka_run_group_tests_name("openssl", tests, NULL, NULL);
}
