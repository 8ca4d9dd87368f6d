/* SPDX-License-Identifier: ISC */
/*
 * by_hand: the TLS engine in a socket loop of one's own, without a chain.
 *
 *     by_hand HOST PORT [ROOTS.pem]
 *
 * sends standard input to a TLS server, and what it answers to standard
 * output.  The four doors of the engine are the four steps of the loop.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sluice.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct line {
	slu_tls *tls;    /* owned */
	int fd;          /* the socket, owned */
	char wire[4096]; /* from the peer, in part fed */
	size_t off, len;
	char words[4096]; /* from standard input, in part written */
	size_t said, count;
	bool mute; /* standard input has ended */
};

static slu_status
dial(struct line *l, const char *host, const char *port)
{
	struct addrinfo *list, *a, want = { .ai_socktype = SOCK_STREAM };

	if (getaddrinfo(host, port, &want, &list) != 0)
		return slu_fail(SLU_ERR_PEER, "no such host: %s", host);
	for (a = list; a != NULL && l->fd < 0; a = a->ai_next) {
		l->fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
		if (l->fd >= 0 && connect(l->fd, a->ai_addr, a->ai_addrlen)) {
			close(l->fd);
			l->fd = -1;
		}
	}
	freeaddrinfo(list);
	if (l->fd < 0 || fcntl(l->fd, F_SETFL, O_NONBLOCK))
		return slu_fail(SLU_ERR_PEER, "%s: %s", host, strerror(errno));
	return SLU_OK;
}

/* Drain: SLU_WANT_WRITE where the socket takes no more now. */
static slu_status
to_peer(struct line *l)
{
	const void *wire;
	slu_status st;
	size_t len;
	ssize_t n;

	while ((st = slu_tls_drain_view(l->tls, &wire, &len)) == SLU_OK) {
		n = send(l->fd, wire, len, MSG_NOSIGNAL);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return SLU_WANT_WRITE;
		if (n < 0)
			return slu_fail(SLU_ERR_IO, "%s", strerror(errno));
		slu_tls_drained(l->tls, (size_t)n);
	}
	return st;
}

/* Feed: what the engine does not take yet is kept. */
static slu_status
from_peer(struct line *l)
{
	size_t used;
	slu_status st;
	ssize_t n;

	if (l->off == l->len) {
		n = recv(l->fd, l->wire, sizeof(l->wire), 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return SLU_WANT_READ;
		if (n < 0)
			return slu_fail(SLU_ERR_IO, "%s", strerror(errno));
		if (n == 0) {
			slu_tls_feed_end(l->tls);
			return SLU_OK;
		}
		l->off = 0;
		l->len = (size_t)n;
	}
	st = slu_tls_feed(l->tls, l->wire + l->off, l->len - l->off, &used);
	l->off += used;
	return st;
}

/* Read: to standard output. */
static slu_status
to_user(struct line *l)
{
	char plain[4096];
	slu_status st;
	size_t n;

	while ((st = slu_tls_read(l->tls, plain, sizeof(plain), &n)) == SLU_OK)
		if (fwrite(plain, 1, n, stdout) < n || fflush(stdout))
			return slu_fail(SLU_ERR_IO, "%s", strerror(errno));
	return st;
}

/* Write: from standard input; its end is the end of what we say. */
static slu_status
from_user(struct line *l)
{
	slu_status st;
	size_t put;
	ssize_t n;

	if (l->said == l->count && !l->mute) {
		n = read(STDIN_FILENO, l->words, sizeof(l->words));
		if (n < 0)
			return slu_fail(SLU_ERR_IO, "%s", strerror(errno));
		l->said = 0;
		l->count = (size_t)n;
		l->mute = n == 0;
	}
	if (l->mute)
		return slu_tls_close(l->tls);
	st =
	    slu_tls_write(l->tls, l->words + l->said, l->count - l->said, &put);
	l->said += put;
	return st;
}

/* Around the doors, until the peer has said its end. */
static slu_status
run(struct line *l)
{
	slu_status in, out, st;
	struct pollfd p[2];

	while ((st = to_user(l)) == SLU_WANT_READ || st == SLU_WANT_WRITE) {
		in = from_peer(l);
		out = to_peer(l);
		if (slu_failed(in) || slu_failed(out))
			return slu_failed(in) ? in : out;
		if (in == SLU_OK || (in == SLU_WANT_WRITE && out != in))
			continue;
		p[0] = (struct pollfd){ .fd = l->fd };
		if (in == SLU_WANT_READ)
			p[0].events |= POLLIN;
		if (out == SLU_WANT_WRITE)
			p[0].events |= POLLOUT;
		p[1] = (struct pollfd){ .fd = -1, .events = POLLIN };
		if (slu_tls_handshake(l->tls) == SLU_OK && !l->mute &&
		    l->said == l->count && out != SLU_WANT_WRITE)
			p[1].fd = STDIN_FILENO;
		/* What the engine has not taken yet is offered again. */
		if (poll(p, 2, -1) > 0 &&
		    (p[1].revents != 0 || l->mute || l->said < l->count)) {
			st = from_user(l);
			if (slu_failed(st))
				return st;
		}
	}
	return st;
}

int
main(int argc, char **argv)
{
	struct line l = { .fd = -1 };
	slu_tls_config *cfg = NULL;
	slu_status st;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: by_hand HOST PORT [ROOTS]\n");
		return 2;
	}
	st = slu_tls_config_new(&cfg);
	if (st == SLU_OK && argc == 4)
		st = slu_tls_config_trust_file(cfg, argv[3]);
	if (st == SLU_OK)
		st = slu_tls_client(&l.tls, cfg, argv[1]);
	if (st == SLU_OK)
		st = dial(&l, argv[1], argv[2]);
	if (st == SLU_OK)
		st = run(&l);
	if (slu_failed(st))
		fprintf(stderr, "by_hand: %s\n", slu_error());
	/* Our own end, or the alert that tells the peer why. */
	if (l.fd >= 0 && (slu_failed(st) || slu_tls_close(l.tls) == SLU_OK))
		(void)to_peer(&l);
	if (l.fd >= 0)
		close(l.fd);
	slu_tls_free(l.tls);
	slu_tls_config_free(cfg);
	return slu_failed(st);
}
