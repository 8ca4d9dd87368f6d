/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "endless.h"
#include "handshake.h"

#include "sluice/fd.h"
#include "sluice/pair.h"
#include "sluice/socks.h"
#include "sluice/wait.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define LONGEST 255

/* A host, how it is asked for, and what the two then say. */
struct talk {
	const char *host;
	slu_socks_options options;
	script_line lines[SCRIPT_LINES];
};

#define ALICE .user = "alice", .password = "s3cret"
#define GREETING HEARS("\5\1\0"), SAYS("\5\0")
#define LOGIN \
	HEARS("\5\2\0\2"), SAYS("\5\2"), HEARS("\1\5alice\6s3cret"), \
	    SAYS("\1\0")
#define NAMED HEARS("\5\1\0\3\13example.org\1\273")
#define NUMBERED HEARS("\4\1\1\273\300\0\2\7\0")
#define STANDS SAYS("\5\0\0\1\177\0\0\1\4\322")

static const struct talk talks[] = {
	{ "example.org", { 0 }, { GREETING, NAMED, STANDS } },
	{ "example.org", { ALICE }, { LOGIN, NAMED, STANDS } },
	/* It lets us in without a password. */
	{ "example.org", { ALICE },
	    { HEARS("\5\2\0\2"), SAYS("\5\0"), NAMED, STANDS } },
	{ "192.0.2.7", { 0 },
	    { GREETING, HEARS("\5\1\0\1\300\0\2\7\1\273"), STANDS } },
	{ "2001:db8::7", { 0 },
	    { GREETING,
		HEARS("\5\1\0\4\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\7\1\273"),
		STANDS } },
	{ "[::1]", { 0 },
	    { GREETING, HEARS("\5\1\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\1\273"),
		STANDS } },
	/* It names where it connects from in other ways. */
	{ "example.org", { 0 },
	    { GREETING, NAMED,
		SAYS("\5\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\4\322") } },
	{ "example.org", { 0 },
	    { GREETING, NAMED, SAYS("\5\0\0\3\4host\4\322") } },
	{ "example.org", { 0 }, { GREETING, NAMED, SAYS("\5\0\0\3\0\4\322") } },
	{ "192.0.2.7", { .version = SLU_SOCKS4A },
	    { NUMBERED, SAYS("\0\132\0\0\0\0\0\0") } },
	{ "192.0.2.7", { .version = SLU_SOCKS4A, .user = "alice" },
	    { HEARS("\4\1\1\273\300\0\2\7alice\0"),
		SAYS("\0\132\1\273\177\0\0\1") } },
	{ "example.org", { .version = SLU_SOCKS4A },
	    { HEARS("\4\1\1\273\0\0\0\1\0example.org\0"),
		SAYS("\0\132\0\0\0\0\0\0") } },
	{ "example.org", { .version = SLU_SOCKS4A, .user = "alice" },
	    { HEARS("\4\1\1\273\0\0\0\1alice\0example.org\0"),
		SAYS("\0\132\0\0\0\0\0\0") } },
	/* As an address, this would say that a name follows. */
	{ "0.0.0.7", { .version = SLU_SOCKS4A },
	    { HEARS("\4\1\1\273\0\0\0\1\0000.0.0.7\0"),
		SAYS("\0\132\0\0\0\0\0\0") } },
};

static slu_status
push_talk(slu_bio **top, void *arg)
{
	const struct talk *talk = arg;

	return slu_socks_connect(top, talk->host, 443, &talk->options);
}

static slu_status
push_plainly(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_socks_connect(top, "example.org", 443, NULL);
}

static slu_status
push_alice(slu_bio **top, void *arg)
{
	const slu_socks_options alice = { ALICE };

	(void)arg;
	return slu_socks_connect(top, "example.org", 443, &alice);
}

static slu_status
push_version_4(slu_bio **top, void *arg)
{
	const slu_socks_options options = { .version = SLU_SOCKS4A };

	(void)arg;
	return slu_socks_connect(top, "192.0.2.7", 443, &options);
}

static slu_status
try(contract_push *push, const script_line *lines, const script_fault *fault)
{
	const handshake h = { .name = "socks", .push = push, .lines = lines };

	return handshake_try(&h, fault);
}

static void
every_talk_holds_the_contract_and_is_read_exactly(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(talks); i++) {
		struct talk talk = talks[i];
		const handshake h = {
			.name = "socks",
			.push = push_talk,
			.arg = &talk,
			.lines = talk.lines,
		};

		handshake_holds(&h);
	}
}

static script_fault
wrong(size_t at, int byte)
{
	return (script_fault){
		.kind = FAULT_WRONG, .at = at, .byte = (unsigned char)byte
	};
}

static const script_line plain[SCRIPT_LINES] = { GREETING, NAMED, STANDS };
static const script_line login[SCRIPT_LINES] = { LOGIN, NAMED, STANDS };
static const script_line version_4[SCRIPT_LINES] = { NUMBERED,
	SAYS("\0\132\0\0\0\0\0\0") };

/* Whatever follows it, or if nothing does. */
static void
a_reply_is_told(contract_push *push, const script_line *whole,
    const script_line *brief, const script_fault *code, const char *words)
{
	CHECK_IS(SLU_ERR_PEER, try(push, whole, code));
	CHECK_WORDS(words);
	CHECK_IS(SLU_ERR_PEER, try(push, brief, code));
	CHECK_WORDS(words);
}

static void
every_reply_code_is_told_in_words(void **state)
{
	static const script_line brief[SCRIPT_LINES] = { GREETING, NAMED,
		SAYS("\5\0") };
	static const char *const words[] = {
		[1] = "general failure of the proxy",
		[2] = "forbidden by the proxy's rules",
		[3] = "network unreachable",
		[4] = "host unreachable",
		[5] = "connection refused",
		[6] = "time to live expired",
		[7] = "command not supported",
		[8] = "address type not supported",
	};

	(void)state;
	for (int code = 1; code < 256; code++) {
		const script_fault f = wrong(3, code);
		char want[100];

		snprintf(want, sizeof(want),
		    "socks: %s (SOCKS %d) for example.org:443",
		    code <= 8 ? words[code] : "unknown failure", code);
		a_reply_is_told(push_plainly, plain, brief, &f, want);
	}
}

static void
every_reply_code_of_version_4_is_told_in_words(void **state)
{
	static const script_line brief[SCRIPT_LINES] = { NUMBERED,
		SAYS("\0\132") };
	static const char *const words[] = {
		"rejected or failed",
		"no identification service of ours for the proxy",
		"another user by our identification service",
	};

	(void)state;
	for (int code = 0; code < 256; code++) {
		const script_fault f = wrong(1, code);
		bool known = code >= 91 && code <= 93;
		char want[100];

		if (code == 90)
			continue;
		snprintf(want, sizeof(want),
		    "socks: %s (SOCKS %d) for 192.0.2.7:443",
		    known ? words[code - 91] : "unknown failure", code);
		a_reply_is_told(push_version_4, version_4, brief, &f, want);
	}
}

/* What becomes of an answer when `byte` is where `right` should be. */
static slu_status
verdict(char rule, int byte)
{
	switch (rule) {
	case 'm': /* a method */
		if (byte == 0)
			return SLU_ERR_USAGE; /* the script waits for a login */
		return byte == 0xff ? SLU_ERR_PEER : SLU_ERR_FORMAT;
	case 't': /* a type of address, that is longer than what follows */
		return byte == 3 || byte == 4 ? SLU_ERR_TRUNCATED
					      : SLU_ERR_FORMAT;
	case 'p': return SLU_ERR_PEER;
	case '.': return SLU_OK;
	default: return SLU_ERR_FORMAT;
	}
}

static void
every_wrong_byte_is_judged(void **state)
{
	static const struct {
		contract_push *push;
		const script_line *lines;
		const char *rules, *right; /* for each byte of the answers */
	} rows[] = {
		{ push_alice, login, "fmfpfpft......",
		    "\5\2\1\0\5\0\0\1\177\0\0\1\4\322" },
		{ push_version_4, version_4, "fp......", "\0\132\0\0\0\0\0\0" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK(strlen(rows[i].rules) == script_said(rows[i].lines));
		for (size_t at = 0; at < strlen(rows[i].rules); at++) {
			for (int b = 0; b < 256; b++) {
				const script_fault f = wrong(at, b);

				if (b == (unsigned char)rows[i].right[at])
					continue;
				CHECK_IS(verdict(rows[i].rules[at], b),
				    try(rows[i].push, rows[i].lines, &f));
			}
		}
	}
}

static void
each_fault_has_its_own_words(void **state)
{
	static const struct {
		contract_push *push;
		const script_line *lines;
		size_t at;
		int byte;
		slu_status st;
		const char *words;
	} rows[] = {
		{ push_plainly, plain, 0, 'H', SLU_ERR_FORMAT,
		    "socks: answered HTTP, not SOCKS5" },
		{ push_plainly, plain, 0, 0, SLU_ERR_FORMAT,
		    "socks: answered SOCKS4, not SOCKS5" },
		{ push_plainly, plain, 0, 0x15, SLU_ERR_FORMAT,
		    "socks: answered TLS, not SOCKS5" },
		{ push_plainly, plain, 0, 'S', SLU_ERR_FORMAT,
		    "socks: answered something else than SOCKS5 (0x53)" },
		{ push_plainly, plain, 2, 'H', SLU_ERR_FORMAT,
		    "socks: answered HTTP, not SOCKS5" },
		{ push_version_4, version_4, 0, 'H', SLU_ERR_FORMAT,
		    "socks: answered HTTP, not SOCKS4" },
		{ push_version_4, version_4, 0, 5, SLU_ERR_FORMAT,
		    "socks: answered SOCKS5, not SOCKS4" },
		{ push_plainly, plain, 1, 0xff, SLU_ERR_PEER,
		    "socks: asks for a user and a password" },
		{ push_alice, login, 1, 0xff, SLU_ERR_PEER,
		    "socks: asks for something else than a password" },
		{ push_plainly, plain, 1, 2, SLU_ERR_FORMAT,
		    "socks: answered with a method that was not offered, "
		    "0x02" },
		{ push_alice, login, 1, 1, SLU_ERR_FORMAT,
		    "socks: answered with a method that was not offered, "
		    "0x01" },
		{ push_alice, login, 2, 5, SLU_ERR_FORMAT,
		    "socks: answered to the password in version 0x05" },
		{ push_alice, login, 3, 1, SLU_ERR_PEER,
		    "socks: refused the user and the password" },
		{ push_plainly, plain, 4, 1, SLU_ERR_FORMAT,
		    "socks: answered a reserved byte of 0x01" },
		{ push_plainly, plain, 5, 2, SLU_ERR_FORMAT,
		    "socks: answered an unknown type of address, 0x02" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const script_fault f = wrong(rows[i].at, rows[i].byte);

		CHECK_IS(rows[i].st, try(rows[i].push, rows[i].lines, &f));
		CHECK_WORDS(rows[i].words);
		CHECK(strstr(slu_error(), "alice") == NULL);
		CHECK(strstr(slu_error(), "s3cret") == NULL);
	}
}

static void
a_proxy_that_closes_is_said_to(void **state)
{
	static const char *const words[] = {
		"socks: closed without an answer for example.org:443",
		"socks: closed within its answer for example.org:443",
	};

	(void)state;
	for (size_t at = 0; at < 4; at++) {
		const script_fault cut = { .kind = FAULT_CUT, .at = at };

		CHECK_IS(SLU_ERR_TRUNCATED, try(push_plainly, plain, &cut));
		CHECK_WORDS(words[at % 2]);
	}
}

static void
whoever_never_stops_is_soon_not_listened_to(void **state)
{
	contract_push *const pushes[] = { push_plainly, push_alice,
		push_version_4 };

	(void)state;
	for (size_t i = 0; i < COUNT(pushes) * 256; i++) {
		const char again = (char)(i % 256);
		slu_bio *c = NULL;
		size_t given;

		CHECK_OK(endless_open(&c, "", &again, 1, &given));
		CHECK_OK(pushes[i / 256](&c, NULL));
		CHECK(slu_failed(slu_bio_flush(c)));
		CHECK(given <= 8);
		slu_bio_free(c);
	}
}

/* 255 bytes are sent whole, with their length, and a port of two bytes. */
static void
a_name_of_255_bytes_is_sent_and_one_more_refused(void **state)
{
	char name[LONGEST + 2], request[5 + LONGEST + 2] = "\5\1\0\3\377";
	const script_line lines[SCRIPT_LINES] = { GREETING,
		{ SCRIPT_HEARS, request, sizeof(request) }, STANDS };
	struct talk talk = { .host = name };
	const handshake h = {
		.name = "socks", .push = push_talk, .arg = &talk, .lines = lines
	};
	slu_bio *c = NULL;

	(void)state;
	memset(name, 'a', sizeof(name));
	memset(request + 5, 'a', LONGEST);
	memcpy(request + 5 + LONGEST, "\1\273", 2);
	name[LONGEST] = '\0';
	CHECK_OK(handshake_try(&h, NULL));
	name[LONGEST] = 'a';
	name[LONGEST + 1] = '\0';
	CHECK_IS(SLU_ERR_USAGE, push_talk(&c, &talk));
	CHECK_WORDS("socks: a host name of more than 255 bytes");
	CHECK(c == NULL);
}

static void
a_user_and_a_password_of_255_bytes_are_sent(void **state)
{
	char user[LONGEST + 1], message[3 + 2 * LONGEST];
	const script_line lines[SCRIPT_LINES] = { HEARS("\5\2\0\2"),
		SAYS("\5\2"), { SCRIPT_HEARS, message, sizeof(message) },
		SAYS("\1\0"), NAMED, STANDS };
	struct talk talk = {
		.host = "example.org",
		.options = { .user = user, .password = user },
	};
	const handshake h = {
		.name = "socks", .push = push_talk, .arg = &talk, .lines = lines
	};

	(void)state;
	/* Any bytes: nothing says that they are text. */
	for (int i = 0; i <= LONGEST; i++)
		user[i] = (char)(i + 1);
	user[LONGEST] = '\0';
	memcpy(message, "\1\377", 2);
	memcpy(message + 2, user, LONGEST);
	message[2 + LONGEST] = '\377';
	memcpy(message + 3 + LONGEST, user, LONGEST);
	CHECK_OK(handshake_try(&h, NULL));
}

/* What nobody can be asked for, and the words for that. */
struct wish {
	const char *host;
	uint16_t port;
	slu_socks_options options;
	const char *words;
};

static slu_status
push_wish(slu_bio **top, void *arg)
{
	const struct wish *w = arg;

	return slu_socks_connect(top, w->host, w->port, &w->options);
}

static void
what_cannot_be_asked_for_is_refused_at_once(void **state)
{
	char long_text[LONGEST + 2];
	struct wish wishes[] = {
		{ "", 443, { 0 }, "socks: no host" },
		{ "a", 0, { 0 }, "socks: no port" },
		{ "a", 443, { .version = 7 }, "socks: no such version" },
		{ "a", 443, { .user = "alice" },
		    "socks: a user and a password go together" },
		{ "a", 443, { .password = "s3cret" }, "go together" },
		{ "a", 443, { .user = "", .password = "s3cret" },
		    "socks: a user of 1 to 255 bytes, not 0" },
		{ "a", 443, { .user = "alice", .password = "" },
		    "socks: a password of 1 to 255 bytes, not 0" },
		{ "a", 443, { .user = long_text, .password = "s3cret" },
		    "socks: a user of 1 to 255 bytes, not 256" },
		{ "a", 443, { .user = "alice", .password = long_text },
		    "socks: a password of 1 to 255 bytes, not 256" },
		{ "::1", 443, { .version = SLU_SOCKS4A },
		    "socks: SOCKS4 knows no IPv6 addresses" },
		{ "a", 443, { .version = SLU_SOCKS4A, ALICE },
		    "socks: SOCKS4 knows no passwords" },
		{ "a", 443, { .version = SLU_SOCKS4A, .user = "" },
		    "socks: a user of 1 to 255 bytes, not 0" },
		{ "a", 443, { .version = SLU_SOCKS4A, .user = "al\nice" },
		    "socks: a control character in the user" },
	};

	(void)state;
	memset(long_text, 'a', LONGEST + 1);
	long_text[LONGEST + 1] = '\0';
	for (size_t i = 0; i < COUNT(wishes); i++)
		handshake_refuses(push_wish, &wishes[i], wishes[i].words);
}

static slu_status
push_two(slu_bio **top, void *arg)
{
	slu_status st;

	st = push_plainly(top, arg);
	return st ? st : slu_socks_connect(top, "inner", 80, NULL);
}

/* The far end of the inner tunnel's handshake is the outer one's host. */
static void
a_tunnel_leads_through_a_tunnel(void **state)
{
	static const script_line lines[] = { GREETING, NAMED, STANDS, GREETING,
		HEARS("\5\1\0\3\5inner\0\120"), STANDS };

	(void)state;
	handshake_lets_pass(lines, push_two);
}

/* A queue that is always short of room, as that of a slow socket is. */
static void
messages_go_out_however_little_is_taken(void **state)
{
	static const char says[] = "\5\0\5\0\0\1\177\0\0\1\4\322";
	static const char hears[] = "\5\1\0\5\1\0\1\300\0\2\7\1\273";
	slu_bio *a = NULL, *b = NULL;
	char heard[32];
	size_t len = 0, said = 0, n;

	(void)state;
	CHECK_OK(slu_pair_open(&a, &b, 1));
	CHECK_OK(slu_socks_connect(&a, "192.0.2.7", 443, NULL));
	for (int round = 0; round < 100; round++) {
		slu_status st = slu_bio_flush(a);

		CHECK(
		    st == (said < sizeof(says) - 1 ? SLU_WANT_READ : SLU_OK) ||
		    (st == SLU_WANT_WRITE && len < sizeof(hears) - 1));
		if (slu_bio_read(b, heard + len, 1, &n) == SLU_OK)
			len++;
		else if ((len == 3 && said < 2) ||
			 (len > 3 && said < sizeof(says) - 1)) {
			CHECK_OK(slu_bio_write(b, says + said, 1, &n));
			said++;
		}
	}
	CHECK_OK(slu_bio_flush(a));
	CHECK_BYTES(hears, sizeof(hears) - 1, heard, len);
	slu_bio_free(a);
	slu_bio_free(b);
}

/* Freed at any byte of the handshake: the sanitizers look on. */
static void
it_can_be_dropped_at_any_time(void **state)
{
	const handshake h = {
		.name = "socks", .push = push_alice, .lines = login
	};

	(void)state;
	handshake_drops(&h);
}

/* An event loop can run the handshake: at each wait it is told for what. */
static void
it_waits_for_what_the_transport_waits_for(void **state)
{
	static const char *const says[] = { "\5\0", "\5\0\0\1\0\0\0\0\0\0" };
	static const size_t lens[] = { 2, 10 };
	slu_bio *c = NULL;
	slu_waits w;
	int fds[2];

	(void)state;
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	CHECK(fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0);
	CHECK_OK(slu_fd_open(&c, fds[0]));
	CHECK_OK(slu_socks_connect(&c, "example.org", 443, NULL));
	for (int i = 0; i < 2; i++) {
		CHECK_IS(SLU_WANT_READ, slu_bio_flush(c));
		CHECK_OK(slu_bio_waits(c, SLU_WANT_READ, &w));
		CHECK(w.count == 1 && w.fds[0].fd == fds[0]);
		CHECK(w.fds[0].events == POLLIN && w.ms == -1);
		CHECK_IS(SLU_WANT_READ, slu_bio_wait(c, SLU_WANT_READ, 0));
		CHECK(write(fds[1], says[i], lens[i]) == (ssize_t)lens[i]);
		CHECK_OK(slu_bio_wait(c, SLU_WANT_READ, 10000));
	}
	CHECK_OK(slu_bio_flush(c));
	slu_bio_free(c);
	CHECK(close(fds[0]) == 0 && close(fds[1]) == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_talk_holds_the_contract_and_is_read_exactly),
		cmocka_unit_test(every_reply_code_is_told_in_words),
		cmocka_unit_test(
		    every_reply_code_of_version_4_is_told_in_words),
		cmocka_unit_test(every_wrong_byte_is_judged),
		cmocka_unit_test(each_fault_has_its_own_words),
		cmocka_unit_test(a_proxy_that_closes_is_said_to),
		cmocka_unit_test(whoever_never_stops_is_soon_not_listened_to),
		cmocka_unit_test(
		    a_name_of_255_bytes_is_sent_and_one_more_refused),
		cmocka_unit_test(a_user_and_a_password_of_255_bytes_are_sent),
		cmocka_unit_test(what_cannot_be_asked_for_is_refused_at_once),
		cmocka_unit_test(a_tunnel_leads_through_a_tunnel),
		cmocka_unit_test(messages_go_out_however_little_is_taken),
		cmocka_unit_test(it_can_be_dropped_at_any_time),
		cmocka_unit_test(it_waits_for_what_the_transport_waits_for),
	};

	return cmocka_run_group_tests_name("socks", tests, NULL, NULL);
}
