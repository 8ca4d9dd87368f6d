/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "far.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define PATIENCE_MS 10000

socklen_t
far_address(struct sockaddr_storage *out, const char *host, uint16_t port)
{
	struct sockaddr_in *in = (void *)out;
	struct sockaddr_in6 *in6 = (void *)out;

	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET6, host, &in6->sin6_addr) == 1) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		return sizeof(*in6);
	}
	CHECK(inet_pton(AF_INET, host, &in->sin_addr) == 1);
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	return sizeof(*in);
}

static int
bound(const char *host, uint16_t *port)
{
	struct sockaddr_storage at;
	socklen_t len = far_address(&at, host, 0);
	int fd = socket(at.ss_family, SOCK_STREAM, 0);

	CHECK(fd >= 0);
	CHECK(bind(fd, (void *)&at, len) == 0);
	CHECK(getsockname(fd, (void *)&at, &len) == 0);
	/* It stands at the same place in both kinds of address. */
	*port = ntohs(((struct sockaddr_in *)(void *)&at)->sin_port);
	return fd;
}

int
far_listen(const char *host, uint16_t *port)
{
	int fd = bound(host, port);

	CHECK(listen(fd, 16) == 0);
	return fd;
}

int
far_closed(const char *host, uint16_t *port)
{
	return bound(host, port);
}

int
far_accept(int listener)
{
	int fd;

	far_wait(listener, POLLIN);
	fd = accept(listener, NULL, NULL);
	CHECK(fd >= 0);
	return fd;
}

void
far_hole_open(far_hole *h, const char *host)
{
	struct sockaddr_storage at;
	struct pollfd done = { .events = POLLOUT };
	socklen_t len;

	h->listener = bound(host, &h->port);
	CHECK(listen(h->listener, 0) == 0);
	len = far_address(&at, host, h->port);
	for (size_t i = 0; i < 8; i++)
		h->waiting[i] = -1;
	for (size_t i = 0; i < 8; i++) {
		int fd = socket(at.ss_family, SOCK_STREAM, 0);

		h->waiting[i] = fd;
		CHECK(fd >= 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
		done.fd = fd;
		if (connect(fd, (void *)&at, len) == 0)
			continue;
		CHECK(errno == EINPROGRESS);
		if (poll(&done, 1, 100) == 0)
			return;
	}
	fail_msg("a backlog that is never full");
}

void
far_hole_close(far_hole *h)
{
	for (size_t i = 0; i < 8; i++)
		if (h->waiting[i] >= 0)
			CHECK(close(h->waiting[i]) == 0);
	CHECK(close(h->listener) == 0);
}

bool
far_has(const char *host)
{
	struct sockaddr_storage at;
	socklen_t len = far_address(&at, host, 0);
	int fd = socket(at.ss_family, SOCK_STREAM, 0);
	bool has = fd >= 0 && bind(fd, (void *)&at, len) == 0;

	if (fd >= 0)
		close(fd);
	if (!has)
		print_message("this machine has no %s\n", host);
	return has;
}

int
far_option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	CHECK(getsockopt(fd, level, name, &value, &len) == 0);
	return value;
}

void
far_reset(int fd)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now)) == 0);
	CHECK(close(fd) == 0);
}

void
far_wait(int fd, short events)
{
	struct pollfd ready = { .fd = fd, .events = events };
	int n;

	do {
		n = poll(&ready, 1, PATIENCE_MS);
	} while (n < 0 && errno == EINTR);
	CHECK(n == 1);
}

size_t
far_descriptors(void)
{
	DIR *all = opendir("/proc/self/fd");
	size_t n = 0;

	CHECK(all != NULL);
	while (readdir(all) != NULL)
		n++;
	CHECK(closedir(all) == 0);
	return n;
}

int64_t
far_clock(void)
{
	struct timespec t;

	CHECK(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
