/* SPDX-License-Identifier: ISC */
/* sluice bench [GROUP...]: what this machine does, in seconds. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bench_group.h"
#include "command.h"
#include "medians.h"
#include "out.h"
#include "say.h"
#include "suggest.h"

#define ROUNDS 3
#define JOBS_MAX 8 /* of a group */

enum { JSON = 1 };

struct settings {
	bool json;
};

static const args_option options[] = {
	{ JSON, 0, "json", NULL, 0, "print JSON" },
	{ 0 },
};

static const bench_group *const groups[] = { &bench_bio, &bench_seal,
	&bench_hash, &bench_random, &bench_tls };

#define NGROUPS (sizeof(groups) / sizeof(groups[0]))

static exit_code
set(void *settings, int id, const char *value)
{
	struct settings *s = settings;

	(void)value;
	s->json = id == JSON;
	return EXIT_DONE;
}

/* A group under way: every job, then those beside them. */
struct under_way {
	const bench_group *group;
	void *state;
	slu_status st;
};

static bool
run_one(void *arg, size_t i)
{
	struct under_way *u = arg;
	const bench_job *job = &u->group->jobs[i % u->group->n];

	if (i < u->group->n)
		u->st = job->run(u->state);
	else if (job->beside != NULL)
		u->st = job->run_beside(u->state);
	return u->st == SLU_OK;
}

static void
tell_line(const bench_group *g, const bench_job *job, double own, double other)
{
	out("%-7s %-28s", g->name, job->name);
	if (job->bytes > 0)
		out(" %8.2f GB/s   ", job->bytes / own / 1e9);
	else if (job->calls / own >= 1e5)
		out(" %8.2f M/s    ", job->calls / own / 1e6);
	else if (job->calls > 0)
		out(" %8.0f /s     ", job->calls / own);
	else
		out(" %8.3f s      ", own);
	if (job->beside != NULL)
		out(" %6.2f x %s", other / own, job->beside);
	out("\n");
}

/* Names are ours, and need no escapes. */
static void
tell_object(
    const bench_group *g, const bench_job *job, double own, double other)
{
	out("{\"group\": \"%s\", \"job\": \"%s\", \"seconds\": %.9f", g->name,
	    job->name, own);
	if (job->bytes > 0)
		out(", \"bytes\": %.0f", job->bytes);
	if (job->calls > 0)
		out(", \"calls\": %.0f", job->calls);
	if (job->beside != NULL)
		out(", \"beside\": \"%s\", \"times\": %.3f", job->beside,
		    other / own);
	out("}");
}

static exit_code
failed(const bench_group *g, slu_status st)
{
	if (st == SLU_OK)
		return say_fail(EXIT_IO, "out of memory");
	return say_status(st, g->name);
}

static exit_code
run_group(const struct settings *s, const bench_group *g, bool first)
{
	struct under_way u = { .group = g, .state = calloc(1, g->size) };
	exit_code code = EXIT_DONE;
	double medians[2 * JOBS_MAX];

	if (u.state == NULL)
		return failed(g, SLU_OK);
	u.st = g->begin(u.state);
	if (u.st || !medians_take(medians, 2 * g->n, ROUNDS, run_one, &u))
		code = failed(g, u.st);
	for (size_t i = 0; i < g->n && code == EXIT_DONE; i++) {
		if (s->json) {
			out("%s", first && i == 0 ? "[" : ",\n ");
			tell_object(
			    g, &g->jobs[i], medians[i], medians[g->n + i]);
		} else {
			tell_line(
			    g, &g->jobs[i], medians[i], medians[g->n + i]);
		}
	}
	g->end(u.state);
	free(u.state);
	return code;
}

static exit_code
choose(const char *name, bool *chosen)
{
	suggestion best = { 0 };

	for (size_t i = 0; i < NGROUPS; i++) {
		if (strcmp(groups[i]->name, name) == 0) {
			chosen[i] = true;
			return EXIT_DONE;
		}
		suggest(&best, name, groups[i]->name);
	}
	if (best.word != NULL)
		return say_fail(EXIT_MISUSED,
		    "unknown group '%s'; did you mean '%s'?", name, best.word);
	return say_fail(EXIT_MISUSED, "unknown group '%s'", name);
}

static exit_code
run(void *settings, int n, char **operands)
{
	const struct settings *s = settings;
	bool chosen[NGROUPS] = { false }, first = true;
	exit_code code = EXIT_DONE;

	for (int i = 0; i < n && code == EXIT_DONE; i++)
		code = choose(operands[i], chosen);
	for (size_t i = 0; i < NGROUPS && code == EXIT_DONE; i++) {
		if (n > 0 && !chosen[i])
			continue;
		code = run_group(s, groups[i], first);
		first = false;
	}
	if (s->json && !first)
		out("]\n");
	return code;
}

const command command_bench = {
	.name = "bench",
	.summary = "tell how fast this machine does all this",
	.usage = "[--json] [bio|seal|hash|random|tls]...",
	.about =
	    "Times what Sluice does on this machine, each job beside somebody\n"
	    "who does the same: 2.00 x means in half of the time.  Takes some\n"
	    "seconds.  Everything happens in memory; what else the machine\n"
	    "does meanwhile shows in the speeds, and less in the ratios.",
	.options = options,
	.examples = "sluice bench hash\n"
		    "sluice bench --json random",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
