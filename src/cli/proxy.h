/* SPDX-License-Identifier: ISC */
/* proxy.h: the proxies that lead to a host, as they are named. */
#ifndef SLUICE_CLI_PROXY_H
#define SLUICE_CLI_PROXY_H

#include <stdbool.h>
#include <stddef.h>

#include "args.h"
#include "exit.h"
#include "site.h"
#include "sluice/buf.h"

#define PROXIES_MAX 8      /* one through the other */
#define PROXY_URL_MAX 1000 /* bytes */

enum {
	PROXY_URL = 800,
	PROXY_NONE,
	PROXY_AUTH,
};

/* Their rows in the table of a command's options. */
/* clang-format off */
#define PROXY_OPTIONS \
	{ PROXY_URL, 0, "proxy", "URL", 0, \
	    "go through a proxy: socks5h://HOST:PORT, the same\n" \
	    "without socks5h://, socks5:// (names are resolved\n" \
	    "here), socks4a:// or http://; several times: the\n" \
	    "first is the nearest" }, \
	{ PROXY_AUTH, 0, "proxy-auth-file", "FILE", 0, \
	    "USER:PASSWORD, the first line of FILE, for the\n" \
	    "proxy named before" }, \
	{ PROXY_NONE, 0, "no-proxy", NULL, 0, \
	    "go through none, whatever ALL_PROXY says" }
/* clang-format on */

typedef enum proxy_kind {
	PROXY_SOCKS5H = 0, /* names are resolved by the proxy */
	PROXY_SOCKS5,      /* and here */
	PROXY_SOCKS4A,
	PROXY_HTTP,
} proxy_kind;

typedef struct proxy {
	proxy_kind kind;
	char text[PROXY_URL_MAX]; /* what `at` points into */
	site at;
	const char *auth_file; /* lent; may be NULL */
	slu_buf user;          /* with a NUL behind it; empty: there is none */
	slu_buf password;      /* the same */
} proxy;

/* Zero at first; stays where it is. */
typedef struct proxies {
	proxy each[PROXIES_MAX];
	size_t n;
	const char *auth_file; /* lent: for who is named elsewhere, or NULL */
	bool none;             /* --no-proxy was there */
} proxies;

/* Take in one of the options above. */
exit_code proxies_set(proxies *p, int id, const char *value);

/*
 * All options were taken in: turn to ALL_PROXY if they name no proxy, and
 * read the files with passwords.
 */
exit_code proxies_settle(proxies *p);

/* Erase what is secret. */
void proxies_free(proxies *p);

#endif
