/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "flow.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "say.h"

exit_code
flow_begin(flow *f, const files_jobs *j, const files_job *job)
{
	f->jobs = j;
	f->job = job;
	return input_open(&f->in, job->name);
}

exit_code
flow_open_output(flow *f)
{
	const files_options *o = f->jobs->options;
	const struct stat *in = &f->in.st;
	files_kind kind = f->jobs->kind;
	mode_t mode = 0600;
	exit_code code;

	if (kind == FILES_SEAL)
		mode = S_ISREG(in->st_mode) && !input_is_standard(f->job->name)
			   ? in->st_mode
			   : output_mode();
	else if (o->preserve && S_ISREG(in->st_mode))
		mode = in->st_mode;
	code = output_open(&f->out, f->job->target, mode, o->existing);
	if (code == EXIT_DONE && kind == FILES_UNSEAL &&
	    f->job->target == NULL && isatty(STDOUT_FILENO) && !files_forced(o))
		code = output_text_only(&f->out);
	return code;
}

static void
tell(void *arg)
{
	flow *f = arg;

	progress_at(&f->progress, f->watch.done);
}

void
flow_watch(flow *f)
{
	f->progress.name = f->in.name;
	f->progress.total = input_ahead(&f->in);
	f->watch.tell = f->apart ? NULL : tell;
	f->watch.arg = f;
}

void
flow_watch_end(flow *f)
{
	if (!f->apart)
		progress_end(&f->progress);
}

exit_code
flow_finish(flow *f)
{
	const struct timespec times[2] = { f->in.st.st_atim, f->in.st.st_mtim };
	exit_code code;

	code = output_finish(&f->out);
	if (code != EXIT_DONE)
		return code;
	if (f->jobs->options->preserve && S_ISREG(f->in.st.st_mode) &&
	    !f->out.direct &&
	    utimensat(AT_FDCWD, f->job->target, times, 0) != 0)
		return say_fail(
		    EXIT_IO, "%s: %s", f->job->target, strerror(errno));
	say_detail("%s: %s to %s", f->in.name,
	    f->jobs->kind == FILES_SEAL ? "sealed" : "unsealed", f->out.name);
	return EXIT_DONE;
}

void
flow_end(flow *f)
{
	output_free(&f->out);
	input_free(&f->in);
}
