/* SPDX-License-Identifier: ISC */
/*
 * check.h: what every test program needs beside cmocka.
 *
 * A test is a function whose name is the sentence it proves.  Statuses are
 * compared by name and with their words, so that a failure explains itself.
 */
#ifndef SLUICE_TESTS_CHECK_H
#define SLUICE_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sluice/status.h"

#define CHECK(cond) assert_true(cond)
#define CHECK_IS(want, call) \
	check_status((want), (call), #call, __FILE__, __LINE__)
#define CHECK_OK(call) CHECK_IS(SLU_OK, call)
#define CHECK_BYTES(want, want_len, got, got_len) \
	check_bytes((want), (want_len), (got), (got_len), __FILE__, __LINE__)
/* The words of the latest failure contain `words`. */
#define CHECK_WORDS(words) check_words((words), __FILE__, __LINE__)

static inline void
check_status(slu_status want, slu_status st, const char *what, const char *file,
    int line)
{
	if (st == want)
		return;
	print_error("%s: %s, not %s: %s\n", what, slu_status_name(st),
	    slu_status_name(want), slu_error());
	_fail(file, line);
}

static inline void
check_bytes(const void *want, size_t want_len, const void *got, size_t got_len,
    const char *file, int line)
{
	const unsigned char *w = want, *g = got;
	size_t i = 0;

	while (i < want_len && i < got_len && w[i] == g[i])
		i++;
	if (i == want_len && i == got_len)
		return;
	print_error("%zu bytes, not the %zu expected; they differ at %zu\n",
	    got_len, want_len, i);
	_fail(file, line);
}

static inline void
check_words(const char *words, const char *file, int line)
{
	if (strstr(slu_error(), words) != NULL)
		return;
	print_error("\"%s\" does not say \"%s\"\n", slu_error(), words);
	_fail(file, line);
}

/*
 * Whether the machine is slow, as it is under valgrind: the test takes less,
 * and says what.
 */
static inline bool
check_slow(const char *what)
{
	if (getenv("SLUICE_TEST_SLOW") == NULL)
		return false;
	print_message("slow: %s\n", what);
	return true;
}

#endif
