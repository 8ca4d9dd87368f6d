/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L

#include "memory.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define TEXT_MAX 8192 /* bytes; the files read here are far shorter */

static uint64_t
lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t
left_of(uint64_t most, uint64_t used)
{
	return most > used ? most - used : 0;
}

/* Read a file of the system as text; "" where there is none. */
static void
read_text(
    const char *root, const char *dir, const char *name, char text[TEXT_MAX])
{
	char path[PATH_MAX];
	size_t len = 0;
	ssize_t n;
	int fd;

	text[0] = '\0';
	n = snprintf(path, sizeof(path), "%s%s%s", root, dir, name);
	if (n < 0 || (size_t)n >= sizeof(path))
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	while ((n = read(fd, text + len, TEXT_MAX - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = '\0';
	close(fd);
}

/* The number behind `key` where a line begins with it; else `otherwise`. */
static uint64_t
number_of(const char *text, const char *key, uint64_t otherwise)
{
	const char *line = text, *end;
	unsigned long long n;
	char *stop;

	for (; line != NULL; line = end == NULL ? NULL : end + 1) {
		end = strchr(line, '\n');
		if (strncmp(line, key, strlen(key)) != 0)
			continue;
		n = strtoull(line + strlen(key), &stop, 10);
		if (stop != line + strlen(key))
			return n;
	}
	return otherwise;
}

static uint64_t
left_by_system(const char *root)
{
	char text[TEXT_MAX];
	uint64_t kib;

	read_text(root, "/proc/meminfo", "", text);
	kib = number_of(text, "MemAvailable:", SLU_MEMORY_UNKNOWN);
	return kib > SLU_MEMORY_UNKNOWN / 1024 ? SLU_MEMORY_UNKNOWN
					       : kib * 1024;
}

/*
 * What one group leaves.  The files it has cached count as used until their
 * memory is wanted, so they are not held against it.
 */
static uint64_t
left_by_group(const char *root, const char *dir)
{
	char text[TEXT_MAX];
	uint64_t most, used, cached;

	read_text(root, dir, "/memory.max", text);
	most = number_of(text, "", SLU_MEMORY_UNKNOWN);
	if (most == SLU_MEMORY_UNKNOWN)
		return most;
	read_text(root, dir, "/memory.current", text);
	used = number_of(text, "", 0);
	read_text(root, dir, "/memory.stat", text);
	cached = number_of(text, "inactive_file ", 0) +
		 number_of(text, "active_file ", 0);
	return left_of(most, left_of(used, cached));
}

static uint64_t
left_by_groups(const char *root)
{
	char text[TEXT_MAX], dir[PATH_MAX], *at, *end;
	uint64_t left = SLU_MEMORY_UNKNOWN;
	int n;

	read_text(root, "/proc/self/cgroup", "", text);
	at = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	at = at == NULL ? NULL : strchr(at, '/');
	if (at == NULL)
		return left;
	end = strchr(at, '\n');
	if (end != NULL)
		*end = '\0';
	n = snprintf(dir, sizeof(dir), "/sys/fs/cgroup%s", at);
	if (n < 0 || (size_t)n >= sizeof(dir))
		return left;
	end = dir + n;
	at = dir + strlen("/sys/fs/cgroup");
	while (end >= at) {
		*end = '\0';
		left = lesser(left, left_by_group(root, dir));
		do
			end--;
		while (end > at && *end != '/');
	}
	return left;
}

static uint64_t
left_by_limit(int resource, uint64_t pages)
{
	struct rlimit limit;
	long page = sysconf(_SC_PAGESIZE);

	if (getrlimit(resource, &limit) != 0 || page <= 0)
		return SLU_MEMORY_UNKNOWN;
	if (limit.rlim_cur == RLIM_INFINITY)
		return SLU_MEMORY_UNKNOWN;
	return left_of(limit.rlim_cur, pages * (uint64_t)page);
}

static uint64_t
left_by_limits(const char *root)
{
	unsigned long long all = 0, data = 0;
	char text[TEXT_MAX];

	/* In pages: all, resident, shared, code, 0, data and stack. */
	read_text(root, "/proc/self/statm", "", text);
	if (sscanf(text, "%llu %*u %*u %*u %*u %llu", &all, &data) != 2)
		all = data = 0;
	return lesser(
	    left_by_limit(RLIMIT_AS, all), left_by_limit(RLIMIT_DATA, data));
}

uint64_t
slu_memory_available_in(const char *root)
{
	return lesser(lesser(left_by_system(root), left_by_groups(root)),
	    left_by_limits(root));
}

uint64_t
slu_memory_available(void)
{
	return slu_memory_available_in("");
}
