/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "sysfault.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>

#define FAULTS 4 /* armed at a time */

ssize_t __real_read(int fd, void *buf, size_t n);
ssize_t __real_write(int fd, const void *data, size_t n);
ssize_t __real_pread(int fd, void *buf, size_t n, off_t at);
ssize_t __real_pwrite(int fd, const void *data, size_t n, off_t at);
ssize_t __real_send(int fd, const void *data, size_t n, int flags);
int __real_openat(int folder, const char *path, int flags, ...);
int __real_fchmod(int fd, mode_t mode);
int __real_fsync(int fd);
int __real_close(int fd);
int __real_renameat(int from, const char *old, int to, const char *new);
int __real_renameat2(
    int from, const char *old, int to, const char *new, unsigned flags);
int __real_linkat(
    int from, const char *old, int to, const char *new, int flags);
int __real_unlinkat(int folder, const char *path, int flags);
int __real_getentropy(void *buf, size_t len);
void *__real_mmap(
    void *at, size_t len, int prot, int flags, int fd, off_t offset);
int __real_madvise(void *at, size_t len, int advice);
int __real_accept4(int fd, struct sockaddr *peer, socklen_t *len, int flags);
ssize_t __real_recvmsg(int fd, struct msghdr *m, int flags);
int __real_connect(int fd, const struct sockaddr *to, socklen_t len);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    void *(*run)(void *), void *arg);

ssize_t __wrap_read(int fd, void *buf, size_t n);
ssize_t __wrap_write(int fd, const void *data, size_t n);
ssize_t __wrap_pread(int fd, void *buf, size_t n, off_t at);
ssize_t __wrap_pwrite(int fd, const void *data, size_t n, off_t at);
ssize_t __wrap_send(int fd, const void *data, size_t n, int flags);
int __wrap_openat(int folder, const char *path, int flags, ...);
int __wrap_fchmod(int fd, mode_t mode);
int __wrap_fsync(int fd);
int __wrap_close(int fd);
int __wrap_renameat(int from, const char *old, int to, const char *new);
int __wrap_renameat2(
    int from, const char *old, int to, const char *new, unsigned flags);
int __wrap_linkat(
    int from, const char *old, int to, const char *new, int flags);
int __wrap_unlinkat(int folder, const char *path, int flags);
int __wrap_getentropy(void *buf, size_t len);
void *__wrap_mmap(
    void *at, size_t len, int prot, int flags, int fd, off_t offset);
int __wrap_madvise(void *at, size_t len, int advice);
int __wrap_accept4(int fd, struct sockaddr *peer, socklen_t *len, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *m, int flags);
int __wrap_connect(int fd, const struct sockaddr *to, socklen_t len);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    void *(*run)(void *), void *arg);

/* Per thread, so that a test's helper threads are left in peace. */
static _Thread_local struct {
	const char *call;
	size_t after;
	int error;
	bool passed;
} faults[FAULTS];

static _Thread_local size_t armed, asked;

static _Thread_local struct {
	void (*act)(void *arg);
	void *arg;
} before_connect;

void
sysfault_arm(const char *call, size_t after, int error)
{
	if (armed == FAULTS)
		abort();
	faults[armed].call = call;
	faults[armed].after = after;
	faults[armed].error = error;
	faults[armed++].passed = false;
}

void
sysfault_before_connect(void (*act)(void *arg), void *arg)
{
	before_connect.act = act;
	before_connect.arg = arg;
}

size_t
sysfault_disarm(void)
{
	size_t passed = 0;

	for (size_t i = 0; i < armed; i++)
		passed += faults[i].passed;
	armed = 0;
	return passed;
}

size_t
sysfault_asked(void)
{
	return asked;
}

/* What goes wrong with this call; 0 if nothing. */
static int
error_of(const char *call)
{
	for (size_t i = 0; i < armed; i++) {
		if (faults[i].passed || strcmp(faults[i].call, call) != 0)
			continue;
		if (faults[i].after-- > 0)
			continue;
		faults[i].passed = true;
		return faults[i].error;
	}
	return 0;
}

static bool
fails(const char *call)
{
	int error = error_of(call);

	if (error != 0)
		errno = error;
	return error != 0;
}

/* How many of `n` bytes may move; below 0 the call fails. */
static ssize_t
may_move(const char *call, size_t n)
{
	int error = error_of(call);

	asked = n;
	if (error == SYSFAULT_SHORT)
		return n > 0;
	if (error == SYSFAULT_NOTHING)
		return 0;
	if (error == 0)
		return (ssize_t)n;
	errno = error;
	return -1;
}

ssize_t
__wrap_read(int fd, void *buf, size_t n)
{
	ssize_t may = may_move("read", n);

	return may <= 0 ? may : __real_read(fd, buf, (size_t)may);
}

ssize_t
__wrap_write(int fd, const void *data, size_t n)
{
	ssize_t may = may_move("write", n);

	return may <= 0 ? may : __real_write(fd, data, (size_t)may);
}

ssize_t
__wrap_pread(int fd, void *buf, size_t n, off_t at)
{
	ssize_t may = may_move("pread", n);

	return may <= 0 ? may : __real_pread(fd, buf, (size_t)may, at);
}

ssize_t
__wrap_pwrite(int fd, const void *data, size_t n, off_t at)
{
	ssize_t may = may_move("pwrite", n);

	return may <= 0 ? may : __real_pwrite(fd, data, (size_t)may, at);
}

ssize_t
__wrap_send(int fd, const void *data, size_t n, int flags)
{
	ssize_t may = may_move("send", n);

	return may <= 0 ? may : __real_send(fd, data, (size_t)may, flags);
}

int
__wrap_openat(int folder, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	if (fails("openat"))
		return -1;
	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return __real_openat(folder, path, flags, mode);
}

int
__wrap_fchmod(int fd, mode_t mode)
{
	return fails("fchmod") ? -1 : __real_fchmod(fd, mode);
}

int
__wrap_fsync(int fd)
{
	return fails("fsync") ? -1 : __real_fsync(fd);
}

/* As on Linux, a close that fails has closed. */
int
__wrap_close(int fd)
{
	int n = __real_close(fd);

	return fails("close") ? -1 : n;
}

int
__wrap_renameat(int from, const char *old, int to, const char *new)
{
	return fails("renameat") ? -1 : __real_renameat(from, old, to, new);
}

int
__wrap_renameat2(
    int from, const char *old, int to, const char *new, unsigned flags)
{
	return fails("renameat2") ? -1
				  : __real_renameat2(from, old, to, new, flags);
}

int
__wrap_linkat(int from, const char *old, int to, const char *new, int flags)
{
	return fails("linkat") ? -1 : __real_linkat(from, old, to, new, flags);
}

int
__wrap_unlinkat(int folder, const char *path, int flags)
{
	return fails("unlinkat") ? -1 : __real_unlinkat(folder, path, flags);
}

int
__wrap_getentropy(void *buf, size_t len)
{
	return fails("getentropy") ? -1 : __real_getentropy(buf, len);
}

void *
__wrap_mmap(void *at, size_t len, int prot, int flags, int fd, off_t offset)
{
	return fails("mmap") ? MAP_FAILED
			     : __real_mmap(at, len, prot, flags, fd, offset);
}

int
__wrap_madvise(void *at, size_t len, int advice)
{
	return fails("madvise") ? -1 : __real_madvise(at, len, advice);
}

int
__wrap_accept4(int fd, struct sockaddr *peer, socklen_t *len, int flags)
{
	return fails("accept4") ? -1 : __real_accept4(fd, peer, len, flags);
}

ssize_t
__wrap_recvmsg(int fd, struct msghdr *m, int flags)
{
	return fails("recvmsg") ? -1 : __real_recvmsg(fd, m, flags);
}

int
__wrap_connect(int fd, const struct sockaddr *to, socklen_t len)
{
	void (*act)(void *arg) = before_connect.act;

	before_connect.act = NULL;
	if (act != NULL)
		act(before_connect.arg);
	return fails("connect") ? -1 : __real_connect(fd, to, len);
}

/* It answers with the errno. */
int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
    void *(*run)(void *), void *arg)
{
	int error = error_of("pthread_create");

	return error != 0 ? error
			  : __real_pthread_create(thread, attr, run, arg);
}
