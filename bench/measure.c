/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sluice/status.h"

#include "cli/medians.h"

void
measure_must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench: %s: %s\n", what, slu_error());
	exit(1);
}

unsigned long
measure_number(
    int argc, char **argv, int *i, unsigned long least, unsigned long most)
{
	const char *option = argv[*i];
	const char *text = ++*i < argc ? argv[*i] : "";
	char *end = NULL;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || n < least ||
	    n > most) {
		fprintf(stderr, "bench: %s: a number from %lu to %lu\n", option,
		    least, most);
		exit(2);
	}
	return n;
}

bool
measure_option(measure_settings *s, int argc, char **argv, int *i)
{
	if (strcmp(argv[*i], "--json") == 0)
		s->json = true;
	else if (strcmp(argv[*i], "--size") == 0)
		s->size = measure_number(argc, argv, i, 1, 65536) * MEASURE_MIB;
	else if (strcmp(argv[*i], "--rounds") == 0)
		s->rounds = (unsigned)measure_number(
		    argc, argv, i, 1, MEASURE_ROUNDS_MAX);
	else
		return false;
	return true;
}

int
measure_scratch(const void *data, size_t len)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/sluice-bench.XXXXXX",
	    dir != NULL ? dir : "/tmp");
	fd = mkstemp(path);
	measure_must(fd >= 0 && unlink(path) == 0, path);
	for (size_t at = 0; at < len;) {
		ssize_t n = write(fd, (const char *)data + at, len - at);

		measure_must(n > 0, path);
		at += (size_t)n;
	}
	return fd;
}

static bool
run_job(void *arg, size_t job)
{
	const measure_job *jobs = arg;

	jobs[job].run(jobs[job].arg);
	return true;
}

/* What the jobs take together that job `i` stands beside; 0 for none. */
static double
beside(const measure_job *jobs, size_t n, size_t i, const double *medians)
{
	double sum = 0;

	for (size_t b = 0; b < MEASURE_BESIDE; b++)
		for (size_t k = 0; k < n && jobs[i].beside[b] != NULL; k++)
			if (strcmp(jobs[k].name, jobs[i].beside[b]) == 0)
				sum += medians[k];
	return sum;
}

static void
tell_line(const measure_settings *s, const measure_job *job, double seconds,
    double others)
{
	printf("%-28s %9.4f s", job->name, seconds);
	if (!job->fixed)
		printf(" %8.2f GB/s", (double)s->size / seconds / 1e9);
	if (others > 0)
		printf("  %6.2f x %s", others / seconds, job->beside[0]);
	for (size_t b = 1; b < MEASURE_BESIDE && others > 0; b++)
		if (job->beside[b] != NULL)
			printf(" + %s", job->beside[b]);
	putchar('\n');
}

/* Names are ours, and need no escapes. */
static void
tell_object(const measure_settings *s, const measure_job *job, double seconds,
    double others)
{
	printf("{\"job\": \"%s\", \"seconds\": %.6f", job->name, seconds);
	if (!job->fixed)
		printf(", \"gb_per_second\": %.3f",
		    (double)s->size / seconds / 1e9);
	if (others > 0)
		printf(", \"times\": %.3f, \"beside\": [\"%s\"",
		    others / seconds, job->beside[0]);
	for (size_t b = 1; b < MEASURE_BESIDE && others > 0; b++)
		if (job->beside[b] != NULL)
			printf(", \"%s\"", job->beside[b]);
	printf("%s}", others > 0 ? "]" : "");
}

void
measure(const measure_settings *s, const measure_job *jobs, size_t n)
{
	double *medians = calloc(n, sizeof(*medians));

	measure_must(medians != NULL, "memory");
	measure_must(medians_take(medians, n, s->rounds, run_job, (void *)jobs),
	    "memory");
	for (size_t i = 0; i < n; i++) {
		double others = beside(jobs, n, i, medians);

		if (!s->json)
			tell_line(s, &jobs[i], medians[i], others);
		else {
			fputs(i == 0 ? "[" : ",\n ", stdout);
			tell_object(s, &jobs[i], medians[i], others);
		}
	}
	if (s->json)
		puts("]");
	free(medians);
}
