/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "say.h"
#include "signals.h"
#include "utf8.h"
#include "visible.h"

#define PATIENCE 1000 /* milliseconds before the first word */
#define FRAME 100     /* milliseconds between two pictures of the line */
#define NAME_MAX_SHOWN 200

static progress_mode mode;

void
progress_setup(progress_mode m)
{
	mode = m;
}

void
progress_off_screen(void)
{
	if (mode == PROGRESS_AUTO)
		mode = PROGRESS_NEVER;
}

static uint64_t
now(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Append a number of bytes: "817 B", "1.2 GiB". */
static void
put_bytes(char *out, size_t cap, double n, const char *behind)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB",
		"PiB", "EiB" };
	size_t len = strlen(out), i = 0;

	while (n >= 1023.95 && i < 6) {
		n /= 1024;
		i++;
	}
	snprintf(out + len, cap - len, "%.*f %s%s", i == 0 ? 0 : 1, n, units[i],
	    behind);
}

/* Append a number of seconds: "0:07", "2:03:00". */
static void
put_time(char *out, size_t cap, double seconds)
{
	size_t len = strlen(out);
	unsigned long s = (unsigned long)seconds;

	if (seconds > 360000)
		snprintf(out + len, cap - len, ", days left");
	else if (s >= 3600)
		snprintf(out + len, cap - len, ", %lu:%02lu:%02lu left",
		    s / 3600, s / 60 % 60, s % 60);
	else
		snprintf(
		    out + len, cap - len, ", %lu:%02lu left", s / 60, s % 60);
}

static void
describe(const progress_line *p, char *out, size_t cap)
{
	double seconds = (double)(now() - p->began + 1) / 1000;
	double rate = (double)p->done / seconds;
	bool known = p->total > 0 && p->done <= p->total;

	out[0] = '\0';
	if (known)
		snprintf(out, cap, "%3.0f%%, ",
		    100 * (double)p->done / (double)p->total);
	put_bytes(out, cap, (double)p->done, known ? " of " : "");
	if (known)
		put_bytes(out, cap, (double)p->total, "");
	strncat(out, ", ", cap - strlen(out) - 1);
	put_bytes(out, cap, rate, "/s");
	if (known && rate > 0)
		put_time(out, cap, (double)(p->total - p->done) / rate);
}

/* What does not fit the terminal is left out, at the end of the name. */
static void
show_line(const char *figures, const char *name)
{
	char start[NAME_MAX_SHOWN + 1], line[VISIBLE_MAX(NAME_MAX_SHOWN) + 200];
	struct winsize size;
	size_t width = 80;

	utf8_cut(start, name, NAME_MAX_SHOWN);
	snprintf(line, sizeof(line), "%s  ", figures);
	visible(line + strlen(line), start);
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		width = size.ws_col;
	utf8_cut(line, line, width - 1);
	say_passing(line);
}

static void
tell(const progress_line *p)
{
	char figures[160];

	describe(p, figures, sizeof(figures));
	say("%s: %s", p->name, figures);
}

static void
tick(progress_line *p)
{
	uint64_t at = now();
	char figures[160];

	if (signals_asked())
		tell(p);
	if (mode == PROGRESS_NEVER || at < p->due)
		return;
	if (mode == PROGRESS_LINES) {
		tell(p);
		p->due = at + PATIENCE;
		return;
	}
	p->due = at + FRAME;
	if (!progress_shown())
		return;
	describe(p, figures, sizeof(figures));
	show_line(figures, p->name);
}

static void
begin(progress_line *p)
{
	if (p->began > 0)
		return;
	p->began = now();
	p->due = p->began + PATIENCE;
}

bool
progress_shown(void)
{
	if (mode == PROGRESS_AUTO)
		return say_how_loud() != SAY_QUIET &&
		       say_on_screen(STDERR_FILENO);
	return mode == PROGRESS_LINES;
}

void
progress_at(progress_line *p, uint64_t done)
{
	begin(p);
	p->done = done;
	tick(p);
}

void
progress_end(progress_line *p)
{
	say_passing_gone();
	if (mode == PROGRESS_LINES && p->began > 0)
		tell(p);
}

static slu_status
progress_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	progress_line *p = self;
	slu_status st;

	begin(p);
	st = slu_bio_read(next, buf, cap, got);
	p->done += *got;
	if (st == SLU_OK)
		tick(p);
	else
		say_passing_gone();
	if (st == SLU_EOF)
		progress_end(p);
	return st;
}

static void
progress_free(void *self)
{
	(void)self;
	say_passing_gone();
}

static const slu_bio_ops progress_ops = {
	.name = "progress",
	.size = sizeof(progress_line),
	.read = progress_read,
	.free = progress_free,
};

slu_status
progress_push(slu_bio **top, const char *name, uint64_t total)
{
	progress_line *p;

	p = slu_bio_push(top, &progress_ops);
	if (p == NULL)
		return SLU_ERR_MEMORY;
	p->name = name;
	p->total = total;
	return SLU_OK;
}
