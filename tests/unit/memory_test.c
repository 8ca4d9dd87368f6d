/* SPDX-License-Identifier: ISC */
#define _XOPEN_SOURCE 700

#include "base/memory.h"

#include <ftw.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define MIB ((uint64_t)1024 * 1024)
#define GROUPS "/sys/fs/cgroup"

/* A machine made of files; its root's name is the test's state. */
static int
make_machine(void **state)
{
	static const char name[] = "/sluice-memory-XXXXXX";
	const char *base = getenv("TMPDIR");
	char *root;

	base = base != NULL && base[0] != '\0' ? base : "/tmp";
	*state = root = malloc(strlen(base) + sizeof(name));
	if (root == NULL)
		return -1;
	strcat(strcpy(root, base), name);
	return mkdtemp(root) == NULL ? -1 : 0;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static int
remove_machine(void **state)
{
	int failed = nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);

	free(*state);
	return failed;
}

/* Write a file of the machine, with the folders it lies in. */
static void
put(const char *root, const char *name, const char *text)
{
	char path[512], *slash;
	FILE *f;

	snprintf(path, sizeof(path), "%s%s", root, name);
	for (slash = path + strlen(root) + 1;
	     (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		(void)mkdir(path, 0700);
		*slash = '/';
	}
	f = fopen(path, "w");
	CHECK(f != NULL);
	CHECK(fputs(text, f) >= 0);
	CHECK(fclose(f) == 0);
}

static void
a_machine_that_says_nothing_has_no_opinion(void **state)
{
	CHECK(slu_memory_available_in(*state) == SLU_MEMORY_UNKNOWN);
}

static void
the_system_tells_in_meminfo(void **state)
{
	put(*state, "/proc/meminfo",
	    "MemTotal:       16384000 kB\nMemFree:          100000 kB\n"
	    "MemAvailable:    2048000 kB\nBuffers:              12 kB\n");
	CHECK(slu_memory_available_in(*state) == 2048000 * (uint64_t)1024);
	put(*state, "/proc/meminfo", "MemAvailable: many kB\n");
	CHECK(slu_memory_available_in(*state) == SLU_MEMORY_UNKNOWN);
}

static void
the_tightest_group_on_the_way_up_counts(void **state)
{
	const char *root = *state;

	put(root, "/proc/meminfo", "MemAvailable:    8388608 kB\n");
	put(root, "/proc/self/cgroup", "1:name=x:/y\n0::/a/b\n");
	put(root, GROUPS "/a/b/memory.max", "max\n");
	put(root, GROUPS "/a/b/memory.current", "1048576\n");
	CHECK(slu_memory_available_in(root) == 8192 * MIB);
	put(root, GROUPS "/a/memory.max", "1073741824\n");
	put(root, GROUPS "/a/memory.current", "805306368\n");
	CHECK(slu_memory_available_in(root) == 256 * MIB);
	put(root, GROUPS "/memory.max", "536870912\n");
	put(root, GROUPS "/memory.current", "534773760\n");
	CHECK(slu_memory_available_in(root) == 2 * MIB);
	put(root, GROUPS "/a/b/memory.max", "1048576\n");
	CHECK(slu_memory_available_in(root) == 0);
}

static void
what_a_group_has_cached_is_not_held_against_it(void **state)
{
	const char *root = *state;

	put(root, "/proc/self/cgroup", "0::/\n");
	put(root, GROUPS "/memory.max", "1073741824\n");
	put(root, GROUPS "/memory.current", "1073741824\n");
	CHECK(slu_memory_available_in(root) == 0);
	put(root, GROUPS "/memory.stat",
	    "anon 104857600\nfile 900000000\ninactive_anon 5\n"
	    "active_anon 7\ninactive_file 629145600\n"
	    "active_file 209715200\n");
	CHECK(slu_memory_available_in(root) == 800 * MIB);
}

static void
names_that_are_too_long_are_let_be(void **state)
{
	char line[9000];

	memset(line, 'a', sizeof(line));
	memcpy(line, "0::/", 4);
	memcpy(line + sizeof(line) - 2, "\n", 2);
	put(*state, "/proc/self/cgroup", line);
	CHECK(slu_memory_available_in(*state) == SLU_MEMORY_UNKNOWN);
	memcpy(line + 6000, "\n", 2);
	put(*state, "/proc/self/cgroup", line);
	CHECK(slu_memory_available_in(*state) == SLU_MEMORY_UNKNOWN);
}

/* In a process of its own: 1000 MiB are set, of which 930 are in use. */
static void
limited(const char *root, int resource)
{
	struct rlimit limit = { .rlim_cur = 1000 * MIB,
		.rlim_max = 1000 * MIB };
	uint64_t left;

	if (setrlimit(resource, &limit) != 0)
		_exit(2);
	left = slu_memory_available_in(root);
	_exit(left == 70 * MIB ? 0 : 1);
}

static int
in_a_child(const char *root, int resource)
{
	int status;
	pid_t pid;

	pid = fork();
	if (pid == 0)
		limited(root, resource);
	CHECK(pid > 0);
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
limits_on_the_process_count_what_it_uses(void **state)
{
	uint64_t used = 930 * MIB / (uint64_t)sysconf(_SC_PAGESIZE);
	char statm[64];

	snprintf(statm, sizeof(statm), "%llu 5 4 3 0 2 0\n",
	    (unsigned long long)used);
	put(*state, "/proc/self/statm", statm);
	CHECK(in_a_child(*state, RLIMIT_AS) == 0);
	snprintf(statm, sizeof(statm), "999999 5 4 3 0 %llu 0\n",
	    (unsigned long long)used);
	put(*state, "/proc/self/statm", statm);
	CHECK(in_a_child(*state, RLIMIT_DATA) == 0);
}

static void
this_machine_has_some(void **state)
{
	(void)state;
	CHECK(slu_memory_available() > MIB);
}

#define MACHINE_TEST(f) \
	cmocka_unit_test_setup_teardown(f, make_machine, remove_machine)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MACHINE_TEST(a_machine_that_says_nothing_has_no_opinion),
		MACHINE_TEST(the_system_tells_in_meminfo),
		MACHINE_TEST(the_tightest_group_on_the_way_up_counts),
		MACHINE_TEST(what_a_group_has_cached_is_not_held_against_it),
		MACHINE_TEST(names_that_are_too_long_are_let_be),
		MACHINE_TEST(limits_on_the_process_count_what_it_uses),
		cmocka_unit_test(this_machine_has_some),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
