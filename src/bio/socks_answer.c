/* SPDX-License-Identifier: ISC */
#include "socks_answer.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Bytes of the answers: at least version to type, no name, and a port. */
#define LOGIN_ANSWER 2
#define REPLY_LEAST 7

/* The types of address, and the bytes behind them, the port's included. */
#define IPV4 1
#define NAME 3
#define IPV6 4
#define PORT_LEN 2
#define IPV4_LEN (4 + PORT_LEN)
#define IPV6_LEN (16 + PORT_LEN)

static slu_status
refused(const slu_tunnel *t, const char *why, unsigned char code)
{
	return slu_fail(SLU_ERR_PEER, "%s: %s (SOCKS %u) for %s", t->room, why,
	    code, t->target);
}

static slu_status
malformed(const slu_tunnel *t, const char *what, unsigned char byte)
{
	return slu_fail(
	    SLU_ERR_FORMAT, "%s: answered %s 0x%02x", t->room, what, byte);
}

/* RFC 1928, section 6. */
static slu_status
socks5_refused(const slu_tunnel *t, unsigned char code)
{
	static const char *const why[] = {
		[1] = "general failure of the proxy",
		[2] = "forbidden by the proxy's rules",
		[3] = "network unreachable",
		[4] = "host unreachable",
		[5] = "connection refused",
		[6] = "time to live expired",
		[7] = "command not supported",
		[8] = "address type not supported",
	};

	return refused(
	    t, code < COUNT(why) ? why[code] : "unknown failure", code);
}

static slu_status
feed_type(slu_socks *s, unsigned char byte)
{
	slu_tunnel *t = &s->tunnel;

	s->type = byte;
	if (byte == IPV4)
		t->to_come = IPV4_LEN;
	else if (byte == IPV6)
		t->to_come = IPV6_LEN;
	else if (byte != NAME)
		return malformed(t, "an unknown type of address,", byte);
	return SLU_OK;
}

/* The address is where the proxy connects from, which is of no use here. */
static slu_status
feed_reply(slu_tunnel *t, unsigned char byte)
{
	slu_socks *s = (slu_socks *)t;

	switch (s->at++) {
	case 0: return byte == 5 ? SLU_OK : slu_tunnel_other(t, byte, "SOCKS5");
	case 1: return byte == 0 ? SLU_OK : socks5_refused(t, byte);
	case 2:
		return byte == 0 ? SLU_OK
				 : malformed(t, "a reserved byte of", byte);
	case 3: return feed_type(s, byte);
	case 4:
		if (s->type == NAME)
			t->to_come = byte + (size_t)PORT_LEN;
	}
	if (t->to_come == 0)
		slu_tunnel_stands(t);
	return SLU_OK;
}

static void
ask_to_connect(slu_socks *s)
{
	s->at = 0;
	slu_tunnel_ask(&s->tunnel, s->request, REPLY_LEAST, feed_reply);
}

/* RFC 1929. */
static slu_status
feed_login(slu_tunnel *t, unsigned char byte)
{
	slu_socks *s = (slu_socks *)t;

	if (s->at++ == 0)
		return byte == 1
			   ? SLU_OK
			   : malformed(t, "to the password in version", byte);
	if (byte != 0)
		return slu_fail(SLU_ERR_PEER,
		    "%s: refused the user and the password", t->room);
	ask_to_connect(s);
	return SLU_OK;
}

static slu_status
no_method(const slu_socks *s)
{
	return slu_fail(SLU_ERR_PEER,
	    s->login > 0 ? "%s: asks for something else than a password"
			 : "%s: asks for a user and a password",
	    s->tunnel.room);
}

/* RFC 1928, section 3. */
slu_status
slu_socks5_feed_method(slu_tunnel *t, unsigned char byte)
{
	slu_socks *s = (slu_socks *)t;

	if (s->at++ == 0)
		return byte == 5 ? SLU_OK : slu_tunnel_other(t, byte, "SOCKS5");
	if (byte == 0xff)
		return no_method(s);
	if (byte == 2 && s->login > 0) {
		s->at = 0;
		slu_tunnel_ask(t, s->login, LOGIN_ANSWER, feed_login);
		return SLU_OK;
	}
	if (byte != 0)
		return malformed(
		    t, "with a method that was not offered,", byte);
	slu_buf_skip(&t->messages, s->login);
	ask_to_connect(s);
	return SLU_OK;
}

static slu_status
socks4_refused(const slu_tunnel *t, unsigned char code)
{
	static const char *const why[] = {
		[0] = "rejected or failed",
		[1] = "no identification service of ours for the proxy",
		[2] = "another user by our identification service",
	};
	size_t i = code - 91u;

	return refused(t, i < COUNT(why) ? why[i] : "unknown failure", code);
}

slu_status
slu_socks4_feed_reply(slu_tunnel *t, unsigned char byte)
{
	slu_socks *s = (slu_socks *)t;

	switch (s->at++) {
	case 0: return byte == 0 ? SLU_OK : slu_tunnel_other(t, byte, "SOCKS4");
	case 1: return byte == 90 ? SLU_OK : socks4_refused(t, byte);
	}
	if (t->to_come == 0)
		slu_tunnel_stands(t);
	return SLU_OK;
}
