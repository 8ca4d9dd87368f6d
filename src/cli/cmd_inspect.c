/* SPDX-License-Identifier: ISC */
/* sluice inspect FILE...: what anybody can see of a sealed file. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "input.h"
#include "out.h"
#include "say.h"
#include "tally.h"
#include "text.h"
#include "sluice/inspect.h"

#define VERSION "age-encryption.org/v1"

/* Work factors whose memory a number can still say. */
#define FACTOR_SAID_MAX 63

enum { JSON = 1 };

struct settings {
	bool json;
};

static const args_option options[] = {
	{ JSON, 0, "json", NULL, 0,
	    "print an object for each sealed file, in a line, with\n"
	    "the names of age-inspect(1)" },
	{ 0 },
};

static exit_code
set(void *settings, int id, const char *value)
{
	struct settings *s = settings;

	(void)id;
	(void)value;
	s->json = true;
	return EXIT_DONE;
}

static const char *
resists(slu_postquantum postquantum)
{
	switch (postquantum) {
	case SLU_POSTQUANTUM_YES: return "yes";
	case SLU_POSTQUANTUM_NO: return "no";
	default: return "unknown";
	}
}

/* The memory that a passphrase takes, in MiB. */
static double
memory_of(unsigned work_factor)
{
	return ldexp(1, (int)work_factor - 10);
}

/* How many stanzas from `i` on are of one type. */
static size_t
alike(const slu_inspection *in, size_t i)
{
	const char *type = slu_inspection_type(in, i);
	size_t n = 1;

	while (i + n < in->stanzas &&
	       strcmp(slu_inspection_type(in, i + n), type) == 0)
		n++;
	return n;
}

static void
print_types(const slu_inspection *in)
{
	char *shown;
	size_t n;

	for (size_t i = 0; i < in->stanzas; i += n) {
		n = alike(in, i);
		shown = out_name(slu_inspection_type(in, i));
		out("  %-13s %s", i == 0 ? "sealed for" : "",
		    shown == NULL ? "" : shown);
		if (n > 1)
			out(", %zu times", n);
		out("\n");
		free(shown);
	}
}

/* 2^(work factor + 10) bytes, in the unit that suits. */
static void
print_memory(unsigned work_factor)
{
	static const char units[] = "KMGTPEZ";

	out("  %-13s %u, %u %ciB of memory\n", "work factor", work_factor,
	    1U << work_factor % 10, units[work_factor / 10]);
}

static void
print_text(const char *name, const slu_inspection *in)
{
	char *shown = out_name(name);

	out("%s\n  %-13s %s\n", shown == NULL ? "" : shown, "version", VERSION);
	free(shown);
	print_types(in);
	if (in->work_factor > FACTOR_SAID_MAX)
		out("  %-13s over %d\n", "work factor", FACTOR_SAID_MAX);
	else if (in->work_factor > 0)
		print_memory(in->work_factor);
	out("  %-13s %s\n", "post-quantum", resists(in->postquantum));
	out("  %-13s %" PRIu64 " bytes\n", "header", in->header);
	if (in->armor > 0)
		out("  %-13s %" PRIu64 " bytes\n", "armor", in->armor);
	out("  %-13s %" PRIu64 " bytes\n", "overhead", in->overhead);
	out("  %-13s %" PRIu64 " bytes\n", "payload", in->payload);
}

static slu_status
print_json_text(
    slu_status (*form)(slu_buf *out, const char *text), const char *text)
{
	slu_buf string = { .limit = SIZE_MAX };
	slu_status st;

	st = form(&string, text);
	if (st == SLU_OK)
		out_bytes(slu_buf_front(&string), string.len);
	slu_buf_free(&string);
	return st;
}

static slu_status
print_json(const char *name, const slu_inspection *in)
{
	slu_status st;

	out("{");
	st = print_json_text(text_json_file, name);
	out(",\"version\":\"" VERSION "\",\"postquantum\":\"%s\","
	    "\"armor\":%s,\"stanza_types\":[",
	    resists(in->postquantum), in->armor > 0 ? "true" : "false");
	for (size_t i = 0; i < in->stanzas && st == SLU_OK; i++) {
		out("%s", i > 0 ? "," : "");
		st = print_json_text(text_json, slu_inspection_type(in, i));
	}
	out("],");
	if (in->work_factor > 0 && in->work_factor <= FACTOR_SAID_MAX)
		out("\"work_factor\":%u,\"scrypt_mib\":%.17g,", in->work_factor,
		    memory_of(in->work_factor));
	out("\"sizes\":{\"header\":%" PRIu64 ",\"armor\":%" PRIu64
	    ",\"overhead\":%" PRIu64 ",\"min_payload\":%" PRIu64
	    ",\"max_payload\":%" PRIu64
	    ",\"min_padding\":0,\"max_padding\":0}}\n",
	    in->header, in->armor, in->overhead, in->payload, in->payload);
	return st;
}

static exit_code
inspect_one(const struct settings *s, const char *name)
{
	slu_inspection found = { 0 };
	exit_code code;
	input in = { 0 };

	code = input_open(&in, name);
	if (code == EXIT_DONE)
		code = say_status(
		    slu_seal_inspect(in.bio, input_ahead(&in), &found),
		    in.name);
	if (code == EXIT_DONE && s->json)
		code = say_status(print_json(name, &found), in.name);
	else if (code == EXIT_DONE)
		print_text(in.name, &found);
	slu_inspection_free(&found);
	input_free(&in);
	return code;
}

static exit_code
run(void *settings, int n, char **operands)
{
	tally all = { 0 };
	int inputs = 0;

	for (int i = 0; i < n; i++)
		inputs += input_is_standard(operands[i]);
	if (inputs > 1)
		return say_fail(
		    EXIT_MISUSED, "standard input can be read only once");
	for (int i = 0; i < n || i == 0; i++)
		tally_add(
		    &all, inspect_one(settings, n == 0 ? "-" : operands[i]));
	return all.code;
}

const command command_inspect = {
	.name = "inspect",
	.summary = "tell what can be seen of a sealed file",
	.usage = "[--json] [FILE...]",
	.about =
	    "Tells for each FILE, or for standard input, what it is sealed\n"
	    "for, what its passphrase costs, and how long what is in it is.\n"
	    "That takes no passphrase, and so anybody can see it; only who\n"
	    "opens the file learns whether it is true.",
	.options = options,
	.examples = "sluice inspect notes.txt.age\n"
		    "sluice inspect --json notes.txt.age",
	.size = sizeof(struct settings),
	.set = set,
	.run = run,
};
