/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "proxy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "passphrase.h"
#include "say.h"
#include "sluice/secret.h"

#define AUTH_MAX 256 /* bytes of a user or a password, and a NUL */

static const struct {
	const char *name;
	proxy_kind kind;
} schemes[] = {
	{ "socks5h", PROXY_SOCKS5H },
	{ "socks5", PROXY_SOCKS5 },
	{ "socks4a", PROXY_SOCKS4A },
	{ "http", PROXY_HTTP },
};

/* Read the scheme, if there is one; `*behind` is what follows it. */
static exit_code
read_scheme(proxy *p, const char *url, const char **behind)
{
	const char *colon = strstr(url, "://");

	*behind = url;
	if (colon == NULL)
		return EXIT_DONE;
	*behind = colon + 3;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (strncmp(url, schemes[i].name, (size_t)(colon - url)) == 0 &&
		    schemes[i].name[colon - url] == '\0') {
			p->kind = schemes[i].kind;
			return EXIT_DONE;
		}
	(void)say_fail(EXIT_MISUSED, "proxies of the kind '%.*s' are unknown",
	    (int)(colon - url), url);
	say_hint("there are socks5h, socks5, socks4a and http");
	return EXIT_MISUSED;
}

static exit_code
read_url(proxy *p, const char *url)
{
	const char *at;
	size_t len;
	exit_code code;

	code = read_scheme(p, url, &at);
	if (code != EXIT_DONE)
		return code;
	len = strlen(at);
	if (len > 0 && at != url && at[len - 1] == '/')
		len--;
	if (len >= sizeof(p->text))
		return say_fail(EXIT_MISUSED,
		    "a proxy's URL of more than %d bytes", PROXY_URL_MAX - 1);
	memcpy(p->text, at, len);
	p->text[len] = '\0';
	return site_read(&p->at, p->text);
}

static exit_code
add(proxies *p, const char *url)
{
	if (p->n == PROXIES_MAX)
		return say_fail(
		    EXIT_MISUSED, "more than %d proxies", PROXIES_MAX);
	if (strchr(url, '@') != NULL) {
		(void)say_fail(
		    EXIT_MISUSED, "--proxy: others can read a password there");
		say_hint("--proxy-auth-file takes it from a file");
		return EXIT_MISUSED;
	}
	return read_url(&p->each[p->n++], url);
}

exit_code
proxies_set(proxies *p, int id, const char *value)
{
	const char **file = &p->auth_file;

	if (id == PROXY_URL)
		return add(p, value);
	if (id == PROXY_NONE) {
		p->none = true;
		return EXIT_DONE;
	}
	if (p->n > 0)
		file = &p->each[p->n - 1].auth_file;
	if (*file != NULL)
		return say_fail(EXIT_MISUSED,
		    "--proxy-auth-file: there are two for one proxy");
	*file = value;
	return EXIT_DONE;
}

/* Append `len` bytes and a NUL; `from` is where they were read. */
static exit_code
keep(slu_buf *out, const char *from, const char *text, size_t len)
{
	slu_status st;

	out->limit = AUTH_MAX;
	if (len == 0 || len >= AUTH_MAX || memchr(text, '\0', len) != NULL)
		return say_fail(EXIT_MISUSED,
		    "%s: user and password have 1 to %d bytes", from,
		    AUTH_MAX - 1);
	st = slu_buf_add(out, text, len);
	return say_status(st ? st : slu_buf_add(out, "", 1), from);
}

static exit_code
keep_both(proxy *p, const char *from, const char *text, size_t len)
{
	const char *colon = memchr(text, ':', len);
	exit_code code;

	if (colon == NULL)
		return say_fail(
		    EXIT_MISUSED, "%s: there is no USER:PASSWORD in it", from);
	code = keep(&p->user, from, text, (size_t)(colon - text));
	if (code != EXIT_DONE)
		return code;
	return keep(
	    &p->password, from, colon + 1, len - (size_t)(colon - text) - 1);
}

static exit_code
read_auth(proxy *p)
{
	const passphrase_source source = { .option = PASSPHRASE_FILE,
		.from = p->auth_file };
	slu_buf line = PASSPHRASE_BUF;
	exit_code code;

	if (p->auth_file == NULL)
		return EXIT_DONE;
	slu_buf_free(&p->user);
	slu_buf_free(&p->password);
	code = passphrase_without_input(&source, "data");
	if (code == EXIT_DONE)
		code = passphrase_get(&source, PASSPHRASE_KNOWN, NULL, &line);
	if (code == EXIT_DONE)
		code = keep_both(p, p->auth_file,
		    (const char *)slu_buf_front(&line), line.len);
	slu_buf_free(&line);
	return code;
}

static int
digit(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c == '\0' ? NULL : strchr(digits, c);
	int n = at == NULL ? -1 : (int)(at - digits);

	return n < 16 ? n : n - 6;
}

/* Undo the percent-encoding of a URL (RFC 3986, section 2.1), in place. */
static void
decode(slu_buf *text)
{
	char *from = (char *)text->mem, *to = from;

	if (from == NULL)
		return;
	for (; *from != '\0'; from++, to++) {
		int high = *from == '%' ? digit(from[1]) : -1;
		int low = high >= 0 ? digit(from[2]) : -1;

		*to = *from;
		if (low >= 0) {
			*to = (char)(high << 4 | low);
			from += 2;
		}
	}
	*to = '\0';
}

/* The environment is this user's own: there, a password may be in the URL. */
static exit_code
read_environment(proxies *p, const char *url)
{
	char plain[PROXY_URL_MAX];
	proxy *one = &p->each[0];
	const char *at = strrchr(url, '@'), *scheme = strstr(url, "://");
	const char *from = scheme != NULL ? scheme + 3 : url;
	exit_code code = EXIT_DONE;

	p->n = 1;
	one->auth_file = p->auth_file;
	if (strlen(url) >= sizeof(plain))
		return say_fail(EXIT_MISUSED, "ALL_PROXY is too long");
	if (at != NULL) {
		core_forbid();
		snprintf(plain, sizeof(plain), "%.*s%s", (int)(from - url), url,
		    at + 1);
		code = keep_both(one, "ALL_PROXY", from, (size_t)(at - from));
		decode(&one->user);
		decode(&one->password);
	} else {
		snprintf(plain, sizeof(plain), "%s", url);
	}
	if (code == EXIT_DONE)
		code = read_url(one, plain);
	if (code != EXIT_DONE)
		say_hint("ALL_PROXY in the environment names it; --no-proxy "
			 "passes it over");
	return code;
}

exit_code
proxies_settle(proxies *p)
{
	const char *url = getenv("ALL_PROXY");
	exit_code code = EXIT_DONE;

	if (p->none && p->n > 0)
		return say_fail(
		    EXIT_MISUSED, "--proxy and --no-proxy exclude each other");
	if (p->n == 0 && !p->none && url != NULL && url[0] != '\0')
		code = read_environment(p, url);
	if (code == EXIT_DONE && p->n == 0 && p->auth_file != NULL)
		return say_fail(
		    EXIT_MISUSED, "--proxy-auth-file: there is no proxy");
	for (size_t i = 0; i < p->n && code == EXIT_DONE; i++)
		code = read_auth(&p->each[i]);
	return code;
}

void
proxies_free(proxies *p)
{
	for (size_t i = 0; i < p->n; i++) {
		slu_buf_free(&p->each[i].user);
		slu_buf_free(&p->each[i].password);
	}
}
