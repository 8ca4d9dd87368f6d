/* SPDX-License-Identifier: ISC */
#include "check.h"
#include "endless.h"
#include "handshake.h"

#include "sluice/http_proxy.h"
#include "sluice/socks.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define LONGEST 255

struct talk {
	const char *host;
	slu_http_proxy_options options;
	script_line lines[SCRIPT_LINES];
};

#define ASKS(target) \
	"CONNECT " target " HTTP/1.1\r\n" \
	"Host: " target "\r\n"
#define NAMED HEARS(ASKS("example.org:443") "\r\n")
#define BASIC(text) \
	HEARS(ASKS("example.org:443") "Proxy-Authorization: Basic " text \
				      "\r\n\r\n")

static const script_line plain[SCRIPT_LINES] = { NAMED,
	SAYS("HTTP/1.1 200 OK\r\nA: b\r\n\r\n") };

static const struct talk talks[] = {
	{ "example.org", { 0 },
	    { NAMED, SAYS("HTTP/1.1 200 Connection established\r\n\r\n") } },
	{ "192.0.2.7", { 0 },
	    { HEARS(ASKS("192.0.2.7:443") "\r\n"),
		SAYS("HTTP/1.0 200 OK\r\nVia: 1.1 proxy\r\n\r\n") } },
	{ "[2001:db8::7]", { 0 },
	    { HEARS(ASKS("[2001:db8::7]:443") "\r\n"),
		SAYS("HTTP/1.1 200\r\n\r\n") } },
	{ "2001:db8::7", { 0 },
	    { HEARS(ASKS("[2001:db8::7]:443") "\r\n"),
		SAYS("HTTP/1.1 299 \r\nA: b\r\n\r\n") } },
	/* What says that a body follows means nothing here. */
	{ "example.org", { 0 },
	    { NAMED, SAYS("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n"
			  "Transfer-Encoding: chunked\r\n\r\n") } },
	{ "example.org", { 0 },
	    { NAMED, SAYS("HTTP/1.1 200 OK\nServer: bare\n\n") } },
	{ "example.org", { 0 }, { NAMED, SAYS("HTTP/1.1 200\n\n") } },
	{ "example.org", { 0 },
	    { NAMED, SAYS("HTTP/1.1 200\tg\303\274t \t\r\n:\t \r\n\n") } },
	{ "example.org", { 0 },
	    { NAMED, SAYS("HTTP/1.1 100 Continue\r\nA: b\r\n\r\n"
			  "HTTP/1.1 103\r\n\r\nHTTP/1.0 200 OK\r\n\r\n") } },
	{ "example.org", { .user = "alice", .password = "s3cret" },
	    { BASIC("YWxpY2U6czNjcmV0"), SAYS("HTTP/1.1 200 OK\r\n\r\n") } },
	/* RFC 7617 has these two. */
	{ "example.org", { .user = "Aladdin", .password = "open sesame" },
	    { BASIC("QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
		SAYS("HTTP/1.1 200 OK\r\n\r\n") } },
	{ "example.org", { .user = "test", .password = "123\302\243" },
	    { BASIC("dGVzdDoxMjPCow=="), SAYS("HTTP/1.1 200 OK\r\n\r\n") } },
	{ "example.org", { .user = "token", .password = "" },
	    { BASIC("dG9rZW46"), SAYS("HTTP/1.1 200 OK\r\n\r\n") } },
	{ "example.org", { .user = "a", .password = ":b:" },
	    { BASIC("YTo6Yjo="), SAYS("HTTP/1.1 200 OK\r\n\r\n") } },
};

static slu_status
push_talk(slu_bio **top, void *arg)
{
	const struct talk *talk = arg;

	return slu_http_connect(top, talk->host, 443, &talk->options);
}

static slu_status
push_plainly(slu_bio **top, void *arg)
{
	(void)arg;
	return slu_http_connect(top, "example.org", 443, NULL);
}

static void
every_talk_holds_the_contract_and_is_read_exactly(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(talks); i++) {
		struct talk talk = talks[i];
		const handshake h = {
			.name = "http_proxy",
			.push = push_talk,
			.arg = &talk,
			.lines = talk.lines,
		};

		handshake_holds(&h);
	}
}

/* What becomes of an answer; then the proxy closes. */
static slu_status
answered(const char *text, const slu_http_proxy_options *options)
{
	static const script_fault lenient = { FAULT_WRONG, SIZE_MAX, 0, NULL };
	struct talk talk = { .host = "example.org" };
	const script_line lines[SCRIPT_LINES] = {
		{ SCRIPT_HEARS, ASKS("example.org:443") "\r\n",
		    sizeof(ASKS("example.org:443")) + 1 },
		{ SCRIPT_SAYS, text, strlen(text) },
	};
	const script_line login[SCRIPT_LINES] = { BASIC("YWxpY2U6czNjcmV0"),
		{ SCRIPT_SAYS, text, strlen(text) } };
	const handshake h = {
		.name = "http_proxy",
		.push = push_talk,
		.arg = &talk,
		.lines = options == NULL ? lines : login,
	};

	if (options != NULL)
		talk.options = *options;
	return handshake_try(&h, &lenient);
}

static void
each_refusal_is_told_with_its_code_and_words(void **state)
{
	static const struct {
		const char *text, *words;
	} rows[] = {
		{ "HTTP/1.1 403 Filtered\r\n",
		    "http_proxy: answered 403 Filtered for example.org:443" },
		{ "HTTP/1.0 500 Unable to connect\r\nA: b\r\n\r\nbody",
		    "answered 500 Unable to connect for example.org:443" },
		{ "HTTP/1.1 401 Unauthorized\r\n",
		    "answered 401 Unauthorized for example.org:443" },
		{ "HTTP/1.1 503\r\n", "answered 503 for example.org:443" },
		{ "HTTP/1.1 503 \r\n", "answered 503 for example.org:443" },
		{ "HTTP/1.1 101 Switching Protocols\r\n",
		    "answered 101 Switching Protocols for" },
		{ "HTTP/1.1 301 Moved !~\n", "answered 301 Moved !~ for" },
		{ "HTTP/1.1 099 Low\n", "answered 099 Low for" },
		{ "HTTP/1.1 999 High\n", "answered 999 High for" },
		/* It goes to a terminal. */
		{ "HTTP/1.1 403 \303\234ber\tall\n",
		    "answered 403 ??ber all for" },
		{ "HTTP/1.1 403 "
		  "123456789 123456789 123456789 123456789 123456789 "
		  "123456789 123456789\n",
		    "answered 403 123456789 123456789 123456789 123456789 "
		    "123456789 123456789 123 for example.org:443" },
		{ "HTTP/1.1 407 Proxy Authentication Required\r\n",
		    "http_proxy: asks for a user and a password" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK_IS(SLU_ERR_PEER, answered(rows[i].text, NULL));
		CHECK_WORDS(rows[i].words);
	}
}

static void
a_login_that_is_refused_is_told_and_not_shown(void **state)
{
	const slu_http_proxy_options alice = { .user = "alice",
		.password = "s3cret" };

	(void)state;
	CHECK_IS(SLU_ERR_PEER, answered("HTTP/1.1 407 No\r\n", &alice));
	CHECK_WORDS("http_proxy: refused the user and the password");
	CHECK_IS(SLU_ERR_PEER, answered("HTTP/1.1 401 No\r\n", &alice));
	CHECK_WORDS("http_proxy: refused the user and the password");
	CHECK_IS(SLU_ERR_PEER, answered("HTTP/1.1 403 No\r\n", &alice));
	CHECK_WORDS("http_proxy: answered 403 No for example.org:443");
	CHECK(strstr(slu_error(), "alice") == NULL);
	CHECK(strstr(slu_error(), "s3cret") == NULL);
	CHECK(strstr(slu_error(), "YWxp") == NULL);
}

static void
what_is_no_answer_has_words_for_it(void **state)
{
	static const struct {
		const char *text, *words;
		slu_status st;
	} rows[] = {
		{ "\5\377", "http_proxy: answered SOCKS5, not HTTP", 0 },
		{ "\25\3\1", "http_proxy: answered TLS, not HTTP", 0 },
		{ "SSH-2.0-x\r\n",
		    "http_proxy: answered something else than HTTP (0x53)", 0 },
		{ "HTTP/1.1 20x\r\n", "answered with a malformed status line",
		    0 },
		{ "HTTP/1.1 2000 OK\r\n\r\n", "a malformed status line", 0 },
		{ "HTTP/1.1 200OK\r\n\r\n", "a malformed status line", 0 },
		{ "HTTP/1.1  200 OK\r\n\r\n", "a malformed status line", 0 },
		{ "HTTP/2.0 200 OK\r\n\r\n", "a malformed status line", 0 },
		{ "HTTP/1.2 200 OK\r\n\r\n", "a malformed status line", 0 },
		{ "http/1.1 200 OK\r\n\r\n", "else than HTTP (0x68)", 0 },
		{ "HTTP/1.1 200 OK\r\r\n\r\n",
		    "answered with a control character in its header", 0 },
		{ "HTTP/1.1 200 OK\r\nA:\rb\r\n\r\n", "control character", 0 },
		{ "HTTP/1.1 200 OK\r\nA: \33[2J\r\n\r\n", "control character",
		    0 },
		{ "HTTP/1.1 200 OK\r\nA: \177\r\n\r\n", "control character",
		    0 },
		{ "HTTP", "closed within its answer for example.org:443",
		    SLU_ERR_TRUNCATED },
		{ "HTTP/1.1 200 OK\r\nServer", "closed within its answer",
		    SLU_ERR_TRUNCATED },
		{ "HTTP/1.1 100 Continue\r\n\r\n", "closed within its answer",
		    SLU_ERR_TRUNCATED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK_IS(rows[i].st ? rows[i].st : SLU_ERR_FORMAT,
		    answered(rows[i].text, NULL));
		CHECK_WORDS(rows[i].words);
	}
}

static void
a_proxy_that_closes_at_once_is_said_to(void **state)
{
	const script_fault cut = { .kind = FAULT_CUT };
	const handshake h = {
		.name = "http_proxy", .push = push_plainly, .lines = plain
	};

	(void)state;
	CHECK_IS(SLU_ERR_TRUNCATED, handshake_try(&h, &cut));
	CHECK_WORDS("http_proxy: closed without an answer for example.org:443");
}

/*
 * What becomes of "HTTP/1.1 200 OK\r\nA: b\r\n\r\n" with another byte at one
 * place, each of which has a rule.
 */
static slu_status
verdict(char rule, int byte)
{
	bool control = (byte < ' ' && byte != '\t') || byte == 0x7f;
	bool digit = byte >= '0' && byte <= '9';

	if (rule == 'v') /* HTTP/1.0 is as good */
		return byte == '0' ? SLU_OK : SLU_ERR_FORMAT;
	if (rule == 'c' && byte == '1') /* no answer yet, and none follows */
		return SLU_ERR_TRUNCATED;
	if (rule == 'c')
		return digit ? SLU_ERR_PEER : SLU_ERR_FORMAT;
	if (rule == 'd')
		return digit ? SLU_OK : SLU_ERR_FORMAT;
	if (rule == '_')
		return byte == '\t' || byte == '\n' ? SLU_OK : SLU_ERR_FORMAT;
	if (rule == 't' || rule == 'e') {
		if (control)
			return byte == '\n' ? SLU_OK : SLU_ERR_FORMAT;
		/* The line that should have been empty is not. */
		return rule == 'e' ? SLU_ERR_TRUNCATED : SLU_OK;
	}
	return SLU_ERR_FORMAT;
}

static void
every_wrong_byte_is_judged(void **state)
{
	static const char text[] = "HTTP/1.1 200 OK\r\nA: b\r\n\r\n";
	static const char rules[] = "xxxxxxxvxcdd_tttxtttttxex";
	const handshake h = {
		.name = "http_proxy", .push = push_plainly, .lines = plain
	};

	(void)state;
	CHECK(sizeof(rules) == sizeof(text));
	for (size_t at = 0; at < sizeof(text) - 1; at++) {
		for (int b = 0; b < 256; b++) {
			const script_fault f = {
				.kind = FAULT_WRONG,
				.at = at,
				.byte = (unsigned char)b,
			};

			if (b != text[at])
				CHECK_IS(verdict(rules[at], b),
				    handshake_try(&h, &f));
		}
	}
}

static void
a_header_without_an_end_meets_the_limit(void **state)
{
	static const struct {
		const char *first, *again;
	} rows[] = {
		{ "HTTP/1.1 200 ", "a" },
		{ "HTTP/1.1 403 ", "a" },
		{ "HTTP/1.1 200 OK\r\n", "a" },
		{ "HTTP/1.1 200 OK\r\n", "Server: it\r\n" },
		{ "", "HTTP/1.1 100 Continue\r\n\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		slu_bio *c = NULL;
		size_t given;

		CHECK_OK(endless_open(&c, rows[i].first, rows[i].again,
		    strlen(rows[i].again), &given));
		CHECK_OK(push_plainly(&c, NULL));
		CHECK_IS(SLU_ERR_LIMIT, slu_bio_flush(c));
		CHECK_WORDS("http_proxy: answered with a header of more than "
			    "8192 bytes");
		CHECK(given <= SLU_HTTP_HEADER_MAX + 16);
		slu_bio_free(c);
	}
}

/* A header of as many bytes as there may be, and of one more. */
static void
the_limit_is_exact(void **state)
{
	static const char head[] = "HTTP/1.1 200 OK\r\n";
	static const char tail[] = "\r\n\r\n";
	static char text[SLU_HTTP_HEADER_MAX + 2];

	(void)state;
	for (size_t over = 0; over < 2; over++) {
		size_t len = SLU_HTTP_HEADER_MAX + over;

		memset(text, 'a', len);
		memcpy(text, head, sizeof(head) - 1);
		memcpy(text + len - (sizeof(tail) - 1), tail, sizeof(tail));
		CHECK_IS(over ? SLU_ERR_LIMIT : SLU_OK, answered(text, NULL));
	}
}

static void
the_longest_request_goes_out_whole(void **state)
{
	char name[LONGEST + 1], user[LONGEST + 1], request[2048];
	script_line lines[SCRIPT_LINES] = {
		{ .kind = SCRIPT_HEARS, .bytes = request },
		SAYS("HTTP/1.1 200 OK\r\n\r\n"),
	};
	struct talk talk = {
		.host = name,
		.options = { .user = user, .password = user },
	};
	const handshake h = {
		.name = "http_proxy",
		.push = push_talk,
		.arg = &talk,
		.lines = lines,
	};
	size_t len;

	(void)state;
	memset(name, 'n', LONGEST);
	memset(user, 0, sizeof(user));
	memset(user, 'a', LONGEST);
	name[LONGEST] = '\0';
	len = (size_t)snprintf(request, sizeof(request),
	    "CONNECT %s:443 HTTP/1.1\r\nHost: %s:443\r\n"
	    "Proxy-Authorization: Basic ",
	    name, name);
	/* 85 groups of three, then ":aa", then 84 groups and one byte. */
	for (int i = 0; i < 85 + 1 + 84; i++)
		len += (size_t)snprintf(request + len, sizeof(request) - len,
		    i == 85 ? "OmFh" : "YWFh");
	len += (size_t)snprintf(
	    request + len, sizeof(request) - len, "YQ==\r\n\r\n");
	lines[0].len = len;
	CHECK_OK(handshake_try(&h, NULL));
}

/* What nobody can be asked for, and the words for that. */
struct wish {
	const char *host;
	uint16_t port;
	slu_http_proxy_options options;
	const char *words;
};

static slu_status
push_wish(slu_bio **top, void *arg)
{
	const struct wish *w = arg;

	return slu_http_connect(top, w->host, w->port, &w->options);
}

static void
what_cannot_be_asked_for_is_refused_at_once(void **state)
{
	char long_text[LONGEST + 2];
	struct wish wishes[] = {
		{ "", 443, { 0 }, "http_proxy: no host" },
		{ "a", 0, { 0 }, "http_proxy: no port" },
		{ long_text, 443, { 0 },
		    "http_proxy: a host name of more than 255 bytes" },
		{ "a\r\nX: y", 443, { 0 },
		    "http_proxy: neither a host name nor an address" },
		{ "a", 443, { .user = "alice" },
		    "http_proxy: a user and a password go together" },
		{ "a", 443, { .password = "s3cret" }, "go together" },
		{ "a", 443, { .user = "", .password = "s3cret" },
		    "http_proxy: a user of 1 to 255 bytes, not 0" },
		{ "a", 443, { .user = "al:ice", .password = "s3cret" },
		    "http_proxy: a colon in the user" },
		{ "a", 443, { .user = "al\rice", .password = "s3cret" },
		    "http_proxy: a control character in the user" },
		{ "a", 443, { .user = "alice", .password = "s3cret\n" },
		    "http_proxy: a control character in the password" },
		{ "a", 443, { .user = long_text, .password = "s3cret" },
		    "http_proxy: a user of 1 to 255 bytes, not 256" },
		{ "a", 443, { .user = "alice", .password = long_text },
		    "http_proxy: a password of 0 to 255 bytes, not 256" },
	};

	(void)state;
	memset(long_text, 'a', LONGEST + 1);
	long_text[LONGEST + 1] = '\0';
	for (size_t i = 0; i < COUNT(wishes); i++)
		handshake_refuses(push_wish, &wishes[i], wishes[i].words);
}

/* SOCKS in HTTP in SOCKS. */
static slu_status
push_three(slu_bio **top, void *arg)
{
	const slu_socks_options version_4 = { .version = SLU_SOCKS4A };
	slu_status st;

	(void)arg;
	st = slu_socks_connect(top, "first", 80, NULL);
	if (st == SLU_OK)
		st = slu_http_connect(top, "second", 1080, NULL);
	return st ? st : slu_socks_connect(top, "192.0.2.7", 80, &version_4);
}

static void
tunnels_of_either_kind_lead_through_each_other(void **state)
{
	static const script_line lines[SCRIPT_LINES] = {
		HEARS("\5\1\0"),
		SAYS("\5\0"),
		HEARS("\5\1\0\3\5first\0\120"),
		SAYS("\5\0\0\1\177\0\0\1\4\322"),
		HEARS(ASKS("second:1080") "\r\n"),
		SAYS("HTTP/1.1 200 OK\r\n\r\n"),
		HEARS("\4\1\0\120\300\0\2\7\0"),
		SAYS("\0\132\0\0\0\0\0\0"),
	};

	(void)state;
	handshake_lets_pass(lines, push_three);
}

static void
it_can_be_dropped_at_any_time(void **state)
{
	const struct talk *last = &talks[COUNT(talks) - 1];
	struct talk talk = *last;
	const handshake h = {
		.name = "http_proxy",
		.push = push_talk,
		.arg = &talk,
		.lines = talk.lines,
	};

	(void)state;
	handshake_drops(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_talk_holds_the_contract_and_is_read_exactly),
		cmocka_unit_test(each_refusal_is_told_with_its_code_and_words),
		cmocka_unit_test(a_login_that_is_refused_is_told_and_not_shown),
		cmocka_unit_test(what_is_no_answer_has_words_for_it),
		cmocka_unit_test(a_proxy_that_closes_at_once_is_said_to),
		cmocka_unit_test(every_wrong_byte_is_judged),
		cmocka_unit_test(a_header_without_an_end_meets_the_limit),
		cmocka_unit_test(the_limit_is_exact),
		cmocka_unit_test(the_longest_request_goes_out_whole),
		cmocka_unit_test(what_cannot_be_asked_for_is_refused_at_once),
		cmocka_unit_test(
		    tunnels_of_either_kind_lead_through_each_other),
		cmocka_unit_test(it_can_be_dropped_at_any_time),
	};

	return cmocka_run_group_tests_name("http_proxy", tests, NULL, NULL);
}
