/* SPDX-License-Identifier: ISC */
#include "sluice/socks.h"

#include <string.h>

#include "credential.h"
#include "socks_answer.h"

/* A user, a password, a name, and what stands around them. */
#define MESSAGES_MAX 1024

static const slu_bio_ops socks_ops = {
	.name = "socks",
	.size = sizeof(slu_socks),
	.read = slu_tunnel_read,
	.write = slu_tunnel_write,
	.flush = slu_tunnel_settle,
	.finish = slu_tunnel_settle,
	.free = slu_tunnel_free,
};

static slu_status
misuse(const char *what)
{
	return slu_fail(SLU_ERR_USAGE, "socks: %s", what);
}

static slu_status
check_socks5(const slu_socks_options *o)
{
	slu_status st;

	if ((o->user == NULL) != (o->password == NULL))
		return misuse("a user and a password go together");
	if (o->user == NULL)
		return SLU_OK;
	st = slu_credential_length(socks_ops.name, "user", o->user, 1);
	if (st)
		return st;
	return slu_credential_length(
	    socks_ops.name, "password", o->password, 1);
}

static slu_status
check_socks4(const slu_socks_options *o, slu_host_kind kind)
{
	slu_status st;

	if (kind == SLU_HOST_IPV6)
		return misuse("SOCKS4 knows no IPv6 addresses");
	if (o->password != NULL)
		return misuse("SOCKS4 knows no passwords");
	if (o->user == NULL)
		return SLU_OK;
	st = slu_credential_length(socks_ops.name, "user", o->user, 1);
	return st ? st : slu_credential_line(socks_ops.name, "user", o->user);
}

static slu_status
add_byte(slu_buf *out, size_t byte)
{
	const unsigned char one = (unsigned char)byte;

	return slu_buf_add(out, &one, 1);
}

static slu_status
add_port(slu_buf *out, uint16_t port)
{
	slu_status st;

	st = add_byte(out, port >> 8);
	return st ? st : add_byte(out, port & 0xff);
}

/* Append a text of at most 255 bytes behind its length. */
static slu_status
add_counted(slu_buf *out, const char *text)
{
	size_t len = strlen(text);
	slu_status st;

	st = add_byte(out, len);
	return st ? st : slu_buf_add(out, text, len);
}

/* RFC 1928, section 3: no authentication, and a password if there is one. */
static slu_status
add_greeting(slu_buf *out, const slu_socks_options *o)
{
	static const unsigned char without[] = { 5, 1, 0 };
	static const unsigned char with[] = { 5, 2, 0, 2 };

	return o->user == NULL ? slu_buf_add(out, without, sizeof(without))
			       : slu_buf_add(out, with, sizeof(with));
}

/* RFC 1929, section 2. */
static slu_status
add_login(slu_buf *out, const slu_socks_options *o)
{
	slu_status st;

	if (o->user == NULL)
		return SLU_OK;
	st = add_byte(out, 1);
	if (st == SLU_OK)
		st = add_counted(out, o->user);
	return st ? st : add_counted(out, o->password);
}

/* RFC 1928, sections 4 and 5. */
static slu_status
add_request(slu_buf *out, const slu_endpoint *e, const char *host)
{
	static const unsigned char heads[][4] = {
		[SLU_HOST_NAME] = { 5, 1, 0, 3 },
		[SLU_HOST_IPV4] = { 5, 1, 0, 1 },
		[SLU_HOST_IPV6] = { 5, 1, 0, 4 },
	};
	slu_status st;

	st = slu_buf_add(out, heads[e->kind], sizeof(heads[0]));
	if (st)
		return st;
	if (e->kind == SLU_HOST_NAME)
		st = add_counted(out, host);
	else
		st = slu_buf_add(
		    out, e->address, e->kind == SLU_HOST_IPV4 ? 4 : 16);
	return st ? st : add_port(out, e->port);
}

static slu_status
make_socks5(slu_socks *s, const slu_endpoint *e, const char *host,
    const slu_socks_options *o)
{
	slu_buf *out = &s->tunnel.messages;
	size_t greeting, login;
	slu_status st;

	st = add_greeting(out, o);
	greeting = out->len;
	if (st == SLU_OK)
		st = add_login(out, o);
	login = out->len;
	if (st == SLU_OK)
		st = add_request(out, e, host);
	s->login = login - greeting;
	s->request = out->len - login;
	slu_tunnel_ask(
	    &s->tunnel, greeting, SLU_SOCKS5_METHOD, slu_socks5_feed_method);
	return st;
}

/*
 * The address 0.0.0.1 says that a name follows the user.  An address that
 * begins with 0.0.0 would look like that, and goes as a name itself.
 */
static slu_status
make_socks4(slu_socks *s, const slu_endpoint *e, const char *host,
    const slu_socks_options *o)
{
	static const unsigned char head[] = { 4, 1 }, name[4] = { 0, 0, 0, 1 };
	const char *user = o->user == NULL ? "" : o->user;
	bool named =
	    e->kind == SLU_HOST_NAME || memcmp(e->address, name, 3) == 0;
	slu_buf *out = &s->tunnel.messages;
	slu_status st;

	st = slu_buf_add(out, head, sizeof(head));
	if (st == SLU_OK)
		st = add_port(out, e->port);
	if (st == SLU_OK)
		st = slu_buf_add(out, named ? name : e->address, 4);
	if (st == SLU_OK)
		st = slu_buf_add(out, user, strlen(user) + 1);
	if (st == SLU_OK && named)
		st = slu_buf_add(out, host, strlen(host) + 1);
	slu_tunnel_ask(
	    &s->tunnel, out->len, SLU_SOCKS4_REPLY, slu_socks4_feed_reply);
	return st;
}

static slu_status
check(const slu_socks_options *o, slu_host_kind kind)
{
	switch (o->version) {
	case SLU_SOCKS5: return check_socks5(o);
	case SLU_SOCKS4A: return check_socks4(o, kind);
	}
	return misuse("no such version");
}

slu_status
slu_socks_connect(slu_bio **top, const char *host, uint16_t port,
    const slu_socks_options *options)
{
	static const slu_socks_options defaults = { 0 };
	slu_endpoint e;
	slu_status st;
	slu_socks *s;

	if (options == NULL)
		options = &defaults;
	st = slu_endpoint_read(&e, socks_ops.name, host, port);
	if (st == SLU_OK)
		st = check(options, e.kind);
	if (st)
		return st;
	s = slu_bio_push(top, &socks_ops);
	if (s == NULL)
		return SLU_ERR_MEMORY;
	slu_tunnel_begin(&s->tunnel, socks_ops.name, &e, MESSAGES_MAX);
	st = options->version == SLU_SOCKS4A
		 ? make_socks4(s, &e, host, options)
		 : make_socks5(s, &e, host, options);
	if (st)
		slu_bio_drop(top);
	return st;
}
