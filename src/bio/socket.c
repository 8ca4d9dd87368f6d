/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "raw.h"

#define PROBES 4 /* unanswered, of a peer that is silent */

#if defined(SOCK_CLOEXEC) && defined(SOCK_NONBLOCK)

int
slu_socket_new(int family, int type)
{
	return socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

int
slu_socket_pair(int ends[2])
{
	return socketpair(
	    AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends);
}

static int
accept_socket(int listener, slu_address *peer)
{
	return accept4(listener, (struct sockaddr *)&peer->to, &peer->len,
	    SOCK_CLOEXEC | SOCK_NONBLOCK);
}

#else

/* Between the two calls, another thread may start a program. */
static int
prepared(int fd)
{
	int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL), error;

	if (flags >= 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0)
		return fd;
	error = errno;
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

int
slu_socket_new(int family, int type)
{
	return prepared(socket(family, type, 0));
}

int
slu_socket_pair(int ends[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
		return -1;
	if (prepared(ends[0]) < 0) {
		(void)slu_raw_close(&ends[1]);
		return -1;
	}
	if (prepared(ends[1]) < 0) {
		(void)slu_raw_close(&ends[0]);
		return -1;
	}
	return 0;
}

static int
accept_socket(int listener, slu_address *peer)
{
	return prepared(
	    accept(listener, (struct sockaddr *)&peer->to, &peer->len));
}

#endif

#if defined(TCP_KEEPIDLE)
#define KEEP_IDLE TCP_KEEPIDLE
#elif defined(TCP_KEEPALIVE)
#define KEEP_IDLE TCP_KEEPALIVE
#endif

int
slu_socket_accept(int listener, slu_address *peer)
{
	memset(peer, 0, sizeof(*peer));
	peer->len = sizeof(peer->to);
	return accept_socket(listener, peer);
}

bool
slu_socket_block(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0;
}

static bool
set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) == 0;
}

bool
slu_socket_undelayed(int fd)
{
	return set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

bool
slu_socket_keep_alive(int fd, int seconds)
{
	int between = seconds / PROBES > 0 ? seconds / PROBES : 1;

	return set(fd, SOL_SOCKET, SO_KEEPALIVE, 1) &&
	       set(fd, IPPROTO_TCP, KEEP_IDLE, seconds) &&
	       set(fd, IPPROTO_TCP, TCP_KEEPINTVL, between) &&
	       set(fd, IPPROTO_TCP, TCP_KEEPCNT, PROBES);
}

slu_status
slu_socket_failed(const char *room, const char *name)
{
	char why[SLU_RAW_WHY];

	slu_raw_why(errno, why);
	return slu_fail(SLU_ERR_IO, "%s: %s: %s", room, name, why);
}
