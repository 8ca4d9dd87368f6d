/* SPDX-License-Identifier: ISC */
#include "sluice/http_proxy.h"

#include <string.h>

#include "credential.h"
#include "http_answer.h"
#include "sluice/base64.h"
#include "sluice/mem.h"

/* A host twice, a user and a password in base64, and what is around them. */
#define MESSAGES_MAX 2048

static const slu_bio_ops http_ops = {
	.name = "http_proxy",
	.size = sizeof(slu_http),
	.read = slu_tunnel_read,
	.write = slu_tunnel_write,
	.flush = slu_tunnel_settle,
	.finish = slu_tunnel_settle,
	.free = slu_tunnel_free,
};

static slu_status
misuse(const char *what)
{
	return slu_fail(SLU_ERR_USAGE, "http_proxy: %s", what);
}

static slu_status
check(const slu_http_proxy_options *o)
{
	const char *const room = http_ops.name;
	slu_status st;

	if ((o->user == NULL) != (o->password == NULL))
		return misuse("a user and a password go together");
	if (o->user == NULL)
		return SLU_OK;
	if (strchr(o->user, ':') != NULL)
		return misuse("a colon in the user");
	st = slu_credential_length(room, "user", o->user, 1);
	if (st == SLU_OK)
		st = slu_credential_line(room, "user", o->user);
	if (st == SLU_OK)
		st = slu_credential_length(room, "password", o->password, 0);
	return st ? st : slu_credential_line(room, "password", o->password);
}

static slu_status
add(slu_buf *out, const char *text)
{
	return slu_buf_add(out, text, strlen(text));
}

static slu_status
write_text(slu_bio *c, const char *text)
{
	size_t put;

	return slu_bio_write_all(c, text, strlen(text), &put);
}

/* RFC 7617, section 2. */
static slu_status
add_login(slu_buf *out, const slu_http_proxy_options *o)
{
	slu_bio *c = NULL;
	slu_status st;

	st = add(out, "Proxy-Authorization: Basic ");
	if (st == SLU_OK)
		st = slu_mem_open(&c, out);
	if (st == SLU_OK)
		st = slu_base64_encode(&c, NULL);
	if (st == SLU_OK)
		st = write_text(c, o->user);
	if (st == SLU_OK)
		st = write_text(c, ":");
	if (st == SLU_OK)
		st = write_text(c, o->password);
	if (st == SLU_OK)
		st = slu_bio_finish(c);
	slu_bio_free(c);
	return st ? st : add(out, "\r\n");
}

static slu_status
add_request(slu_buf *out, const char *target, const slu_http_proxy_options *o)
{
	const char *const parts[] = { "CONNECT ", target,
		" HTTP/1.1\r\nHost: ", target, "\r\n" };
	slu_status st = SLU_OK;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (st == SLU_OK)
			st = add(out, parts[i]);
	if (st == SLU_OK && o->user != NULL)
		st = add_login(out, o);
	return st ? st : add(out, "\r\n");
}

slu_status
slu_http_connect(slu_bio **top, const char *host, uint16_t port,
    const slu_http_proxy_options *options)
{
	static const slu_http_proxy_options defaults = { 0 };
	slu_endpoint e;
	slu_status st;
	slu_http *h;
	slu_tunnel *t;

	if (options == NULL)
		options = &defaults;
	st = slu_endpoint_read(&e, http_ops.name, host, port);
	if (st == SLU_OK)
		st = check(options);
	if (st)
		return st;
	h = slu_bio_push(top, &http_ops);
	if (h == NULL)
		return SLU_ERR_MEMORY;
	h->login = options->user != NULL;
	t = &h->tunnel;
	slu_tunnel_begin(t, http_ops.name, &e, MESSAGES_MAX);
	st = add_request(&t->messages, e.text, options);
	slu_tunnel_ask(t, t->messages.len, SLU_HTTP_LEAST, slu_http_feed);
	if (st)
		slu_bio_drop(top);
	return st;
}
