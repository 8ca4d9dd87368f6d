/* SPDX-License-Identifier: ISC */
#include "oom.h"

#include <stdbool.h>
#include <stdlib.h>

#include <openssl/crypto.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

/* Per thread, so that a test's helper threads are left in peace. */
static _Thread_local struct {
	bool armed;
	bool held;
	size_t left;
	oom_hit hit;
} oom;

void
oom_arm(size_t k)
{
	oom.armed = true;
	oom.left = k;
	oom.hit = OOM_NONE;
}

oom_hit
oom_disarm(void)
{
	oom.armed = false;
	return oom.hit;
}

void
oom_hold(void)
{
	oom.held = true;
}

void
oom_release(void)
{
	oom.held = false;
}

static bool
fails(oom_hit who)
{
	if (!oom.armed || oom.held || oom.left-- > 0)
		return false;
	oom.armed = false;
	oom.hit = who;
	return true;
}

void *
__wrap_malloc(size_t size)
{
	return fails(OOM_OURS) ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return fails(OOM_OURS) ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t size)
{
	return fails(OOM_OURS) ? NULL : __real_realloc(p, size);
}

static void *
openssl_malloc(size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return fails(OOM_OPENSSL) ? NULL : __real_malloc(size);
}

static void *
openssl_realloc(void *p, size_t size, const char *file, int line)
{
	(void)file, (void)line;
	return fails(OOM_OPENSSL) ? NULL : __real_realloc(p, size);
}

static void
openssl_free(void *p, const char *file, int line)
{
	(void)file, (void)line;
	free(p);
}

/* OpenSSL takes an allocator only before its first allocation. */
__attribute__((constructor)) static void
give_openssl_its_allocator(void)
{
	if (!CRYPTO_set_mem_functions(
		openssl_malloc, openssl_realloc, openssl_free))
		abort();
}
