/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "hash_sum.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash_files.h"
#include "input.h"
#include "ledger.h"
#include "names0.h"
#include "out.h"
#include "output.h"
#include "say.h"
#include "tally.h"
#include "tree.h"

struct sum {
	const hash_sum_options *o;
	hash_printer printer;
	hash_files *files; /* owned */
	uint64_t total;    /* bytes of all, as they are now */
	tally all;
};

static void
told(hash_file *f, void *arg)
{
	struct sum *s = arg;

	if (f->code == EXIT_DONE)
		f->code = hash_print(&s->printer, f);
	tally_add(&s->all, f->code);
}

static bool
add(struct sum *s, const char *name, hash_file f)
{
	f.name = strdup(name);
	if (f.name == NULL) {
		tally_add(&s->all, say_fail(EXIT_IO, "out of memory"));
		return false;
	}
	hash_files_add(s->files, &f);
	return !out_failed();
}

static bool
add_found(const char *path, uint64_t size, void *arg)
{
	return add(arg, path, (hash_file){ .found = true, .expect = size });
}

static void
tell_failure(const char *path, int error, void *arg)
{
	struct sum *s = arg;

	hash_files_settle(s->files);
	tally_add(&s->all,
	    say_fail(EXIT_IO, "%s: %s", say_name(path), strerror(error)));
}

static bool
is_tree(const struct sum *s, const char *name)
{
	struct stat st;

	return s->o->recursive && !input_is_standard(name) &&
	       stat(name, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
add_name(const char *name, void *arg)
{
	const tree_visitor visitor = { add_found, tell_failure, arg };
	struct sum *s = arg;

	if (is_tree(s, name))
		return tree_walk(name, &visitor);
	if (s->o->names != NULL && input_is_standard(s->o->names) &&
	    input_is_standard(name)) {
		hash_files_settle(s->files);
		tally_add(
		    &s->all, say_fail(EXIT_IO,
				 "standard input is the list, and not to be "
				 "digested"));
		return true;
	}
	return add(s, name, (hash_file){ .found = false });
}

static bool
count_found(const char *path, uint64_t size, void *arg)
{
	struct sum *s = arg;

	(void)path;
	s->total += size;
	return true;
}

static void
count_nothing(const char *path, int error, void *arg)
{
	(void)path, (void)error, (void)arg;
}

/* What is ahead, for who watches; 0 where nobody knows. */
static uint64_t
count_all(struct sum *s, int n, char **operands)
{
	const tree_visitor visitor = { count_found, count_nothing, s };
	struct stat st;

	if (!progress_shown() || s->o->names != NULL)
		return 0;
	for (int i = 0; i < n; i++) {
		if (is_tree(s, operands[i]))
			(void)tree_walk(operands[i], &visitor);
		else if (input_stat(operands[i], &st) != 0)
			continue;
		else if (!S_ISREG(st.st_mode))
			return 0;
		else
			s->total += (uint64_t)st.st_size;
	}
	return s->total;
}

static exit_code
add_all(struct sum *s, int n, char **operands)
{
	bool more = true;

	if (s->o->names != NULL)
		return names0_each(s->o->names, add_name, s);
	if (n == 0)
		(void)add_name("-", s);
	for (int i = 0; i < n && more; i++)
		more = add_name(operands[i], s);
	return EXIT_DONE;
}

exit_code
hash_sum(const hash_sum_options *o, int n, char **operands)
{
	struct sum s = { .o = o, .printer = o->printer };
	hash_files_options options = {
		.all = o->all,
		.threads = o->threads,
		.told = told,
		.arg = &s,
		.progress.name = n == 1 ? operands[0] : "all files",
	};
	exit_code code;

	options.progress.total = count_all(&s, n, operands);
	code = hash_files_new(&s.files, &options);
	if (code != EXIT_DONE)
		return code;
	code = add_all(&s, n, operands);
	if (!out_failed())
		hash_files_settle(s.files);
	if (code != EXIT_DONE)
		tally_add(&s.all, code);
	hash_files_free(s.files);
	code = hash_print_end(&s.printer);
	return s.all.code != EXIT_DONE ? s.all.code : code;
}

exit_code
hash_sum_through(const hash_sum_options *o, const char *name)
{
	hash_file f = { .name = strdup(name) };
	hash_printer printer = o->printer;
	hash_hand hand = { 0 };
	ledger l = { 0 };
	output to = { 0 };
	exit_code code;
	struct stat st;

	printer.to_stderr = true;
	if (f.name == NULL)
		f.code = say_fail(EXIT_IO, "out of memory");
	if (f.code == EXIT_DONE && input_stat(name, &st) == 0)
		f.code = ledger_reads(&l, &st, LEDGER_INPUT, 0);
	if (f.code == EXIT_DONE)
		f.code = output_check(&l, NULL, OUTPUT_KEEP_ALWAYS, 0);
	if (f.code == EXIT_DONE)
		f.code = output_open(&to, NULL, 0, OUTPUT_KEEP_ALWAYS);
	if (f.code == EXIT_DONE && isatty(STDOUT_FILENO))
		f.code = output_text_only(&to);
	if (f.code == EXIT_DONE)
		hash_file_read_alone(&f, &hand, o->all, o->threads, &to);
	if (f.code == EXIT_DONE)
		f.code = output_finish(&to);
	if (f.code == EXIT_DONE)
		f.code = hash_print(&printer, &f);
	if (f.code == EXIT_DONE)
		f.code = hash_print_end(&printer);
	output_free(&to);
	ledger_free(&l);
	hash_hand_free(&hand);
	code = f.code;
	hash_file_free(&f);
	return code;
}
