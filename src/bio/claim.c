/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "claim.h"

#include <errno.h>
#include <poll.h>
#include <sys/un.h>
#include <unistd.h>

#include "raw.h"
#include "socket.h"

/* Milliseconds, of which a bind and the listen behind it take few. */
#define LISTENS_SOON 50

static const char *
path_of(const slu_address *at)
{
	return ((const struct sockaddr_un *)(const void *)&at->to)->sun_path;
}

/*
 * Only a socket that nobody listens at refuses; a full one says EAGAIN.  One
 * that has gone meanwhile is in nobody's way either.
 */
static bool
refuses(const slu_address *at)
{
	bool refused;
	int fd = slu_socket_new(AF_UNIX, SOCK_STREAM);

	if (fd < 0)
		return false;
	refused = connect(fd, (const void *)&at->to, at->len) != 0 &&
		  (errno == ECONNREFUSED || errno == ENOENT);
	(void)slu_raw_close(&fd);
	return refused;
}

/* Between its bind and its listen, one that is alive refuses as well. */
static bool
is_dead(const slu_address *at)
{
	if (!refuses(at))
		return false;
	(void)poll(NULL, 0, LISTENS_SOON);
	return refuses(at);
}

/* Whether what stood in the way has gone by itself. */
static slu_status
gone(const char *room, const char *name)
{
	return errno == ENOENT ? SLU_OK : slu_socket_failed(room, name);
}

/* Make room where something stands in the way, if that does no harm. */
static slu_status
clear(const char *room, const slu_address *at)
{
	const char *path = path_of(at);
	char name[SLU_ADDRESS_NAME];
	struct stat there;

	slu_address_name(at, name);
	if (lstat(path, &there) != 0)
		return gone(room, name);
	if (!S_ISSOCK(there.st_mode))
		return slu_fail(SLU_ERR_IO,
		    "%s: %s: already exists, and is not a socket", room, name);
	if (!is_dead(at))
		return slu_fail(
		    SLU_ERR_IO, "%s: %s: already in use", room, name);
	return unlink(path) == 0 ? SLU_OK : gone(room, name);
}

slu_status
slu_claim_path(slu_claim *c, const char *room, int fd, const slu_address *at)
{
	char name[SLU_ADDRESS_NAME];
	slu_status st;

	if (bind(fd, (const void *)&at->to, at->len) != 0) {
		st = errno == EADDRINUSE ? clear(room, at) : SLU_OK;
		if (st)
			return st;
		if (bind(fd, (const void *)&at->to, at->len) != 0) {
			slu_address_name(at, name);
			return slu_socket_failed(room, name);
		}
	}
	c->at = *at;
	c->held = lstat(path_of(at), &c->made) == 0;
	return SLU_OK;
}

/*
 * The number of a file that is gone can be given to another one at once; the
 * time tells them apart, and unlike st_ctim a chmod leaves it alone.
 */
static bool
is_ours(const slu_claim *c)
{
	struct stat now;

	return lstat(path_of(&c->at), &now) == 0 && S_ISSOCK(now.st_mode) &&
	       now.st_dev == c->made.st_dev && now.st_ino == c->made.st_ino &&
	       now.st_mtim.tv_sec == c->made.st_mtim.tv_sec &&
	       now.st_mtim.tv_nsec == c->made.st_mtim.tv_nsec;
}

void
slu_claim_drop(slu_claim *c)
{
	if (c->held && is_ours(c))
		(void)unlink(path_of(&c->at));
	c->held = false;
}
