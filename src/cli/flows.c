/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "flows.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "crew.h"
#include "say.h"
#include "signals.h"
#include "tally.h"

/* Files that are shorter are not worth a second thread, in bytes. */
#define SMALL (1024 * 1024)

/*
 * Threads that wait for the disk, for each that there is to be: the more of
 * them wait, the more files each of its syncs is for.
 */
#define WAITING 8
#define WAITING_MOST 32

/* Under way at a time: each has a temporary file for signals to find. */
#define ITEMS_MOST (SIGNALS_FILES - 1)

/* A file has three descriptors: its own, its output's and a folder's. */
#define FDS 3
#define FDS_OTHERS 16

/* A file that is apart, and what is known of it. */
struct item {
	flow f;
	slu_buf lines; /* what was said */
	exit_code code;
};

struct flows {
	files_jobs *jobs;       /* lent */
	const flows_work *work; /* lent */
	crew *crew;             /* owned; NULL: one after the other */
	unsigned threads;
};

static exit_code
go_alone(const struct flows *s, flow *f)
{
	exit_code code;

	f->threads = s->threads;
	code = s->work->open(f, s->work->arg);
	if (code != EXIT_DONE)
		return code;
	flow_watch(f);
	return s->work->go(f, s->work->arg);
}

static void
run_alone(const struct flows *s, files_job *job)
{
	flow f = { 0 };

	job->code = flow_begin(&f, s->jobs, job);
	if (job->code == EXIT_DONE)
		job->code = go_alone(s, &f);
	flow_end(&f);
}

static void
work(void *hand, void *item, void *arg)
{
	const struct flows *s = arg;
	struct item *i = item;

	(void)hand;
	if (i->code != EXIT_DONE)
		return;
	say_keep(&i->lines);
	i->code = s->work->go(&i->f, s->work->arg);
	say_keep(NULL);
}

static void
told(void *item, void *arg)
{
	const struct flows *s = arg;
	struct item *i = item;
	files_job *job = &s->jobs->jobs[i->f.job - s->jobs->jobs];

	if (i->f.again) {
		flow_end(&i->f);
		run_alone(s, job);
		return;
	}
	if (i->code == EXIT_DONE) {
		progress_at(&i->f.progress, i->f.watch.done);
		progress_end(&i->f.progress);
	}
	say_kept(&i->lines);
	job->code = i->code;
}

static void
drop(void *item)
{
	struct item *i = item;

	flow_end(&i->f);
	slu_buf_free(&i->lines);
}

static const crew_kind kind = {
	.item = sizeof(struct item),
	.work = work,
	.told = told,
	.drop = drop,
};

/* How many files can be under way, for want of descriptors. */
static size_t
items_most(void)
{
	struct rlimit fds;

	if (getrlimit(RLIMIT_NOFILE, &fds) != 0 ||
	    fds.rlim_cur >= FDS_OTHERS + FDS * ITEMS_MOST)
		return ITEMS_MOST;
	return fds.rlim_cur > FDS_OTHERS + FDS
		   ? (size_t)(fds.rlim_cur - FDS_OTHERS) / FDS
		   : 1;
}

/*
 * Whether it is a small file of which another one is made, or nothing.  To
 * open what is neither might be to wait.
 */
static bool
can_be_apart(const flow *f)
{
	const char *target = f->job->target;
	struct stat there;

	if (!S_ISREG(f->in.st.st_mode) || f->in.st.st_size >= SMALL ||
	    input_is_standard(f->job->name))
		return false;
	if (target == NULL)
		return f->jobs->kind == FILES_TEST;
	return stat(target, &there) != 0 || S_ISREG(there.st_mode);
}

/* It takes all threads: the others come first. */
static void
go_on_alone(const struct flows *s, files_job *job, struct item *i)
{
	flow f = i->f;

	i->f = (flow){ 0 };
	crew_settle(s->crew);
	say_kept(&i->lines);
	f.apart = false;
	job->code = go_alone(s, &f);
	flow_end(&f);
}

static void
add(const struct flows *s, files_job *job)
{
	struct item *i = crew_item(s->crew);

	i->lines = SAY_LINES;
	i->f.apart = true;
	say_keep(&i->lines);
	i->code = flow_begin(&i->f, s->jobs, job);
	say_keep(NULL);
	if (i->code == EXIT_DONE && !can_be_apart(&i->f)) {
		go_on_alone(s, job, i);
		return;
	}
	say_keep(&i->lines);
	if (i->code == EXIT_DONE)
		i->code = s->work->open(&i->f, s->work->arg);
	say_keep(NULL);
	if (i->code == EXIT_DONE) {
		flow_watch(&i->f);
		progress_at(&i->f.progress, 0);
	}
	crew_put(s->crew);
}

static exit_code
run_all(const struct flows *s)
{
	tally all = { 0 };

	for (size_t i = 0; i < s->jobs->n; i++) {
		if (s->jobs->jobs[i].code != EXIT_DONE)
			continue;
		if (s->crew == NULL)
			run_alone(s, &s->jobs->jobs[i]);
		else
			add(s, &s->jobs->jobs[i]);
	}
	if (s->crew != NULL)
		crew_settle(s->crew);
	for (size_t i = 0; i < s->jobs->n; i++)
		tally_add(&all, s->jobs->jobs[i].code);
	return all.code;
}

exit_code
flows_run(files_jobs *j, const flows_work *how)
{
	struct flows s = {
		.jobs = j, .work = how, .threads = files_threads(j)
	};
	unsigned waiting = s.threads * WAITING;
	exit_code code = EXIT_DONE;

	if (how->several && s.threads > 1 && files_left(j) > 1)
		code = crew_new(&s.crew, &kind, &s,
		    waiting < WAITING_MOST ? waiting : WAITING_MOST,
		    items_most());
	if (code == EXIT_DONE)
		code = run_all(&s);
	crew_free(s.crew);
	return code;
}
