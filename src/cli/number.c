/* SPDX-License-Identifier: ISC */
#include "number.h"

#include <stddef.h>
#include <string.h>

#include "say.h"

bool
number_digits(const char *text, uint64_t *out, const char **end)
{
	uint64_t n = 0, digit;

	for (*end = text; **end >= '0' && **end <= '9'; (*end)++) {
		digit = (uint64_t)(**end - '0');
		if (n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	return *end > text;
}

exit_code
number_value(const char *option, const char *text, unsigned min, unsigned max,
    unsigned *out)
{
	const char *end;
	uint64_t n;

	if (!number_digits(text, &n, &end) || *end != '\0' || n < min ||
	    n > max)
		return say_fail(EXIT_MISUSED,
		    "%s: '%s' is not a number from %u to %u", option, text, min,
		    max);
	*out = (unsigned)n;
	return EXIT_DONE;
}

bool
number_size(const char *text, uint64_t *out)
{
	static const struct {
		const char *name;
		uint64_t size;
	} units[] = {
		{ "", 1 },
		{ "K", 1024 },
		{ "M", 1024 * 1024 },
		{ "G", 1024 * 1024 * 1024 },
		{ "T", (uint64_t)1 << 40 },
		{ "kB", 1000 },
		{ "MB", 1000 * 1000 },
		{ "GB", 1000 * 1000 * 1000 },
		{ "TB", (uint64_t)1000 * 1000 * 1000 * 1000 },
	};
	const char *end;
	uint64_t n;

	if (!number_digits(text, &n, &end))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(end, units[i].name) == 0) {
			*out = n * units[i].size;
			return n <= (UINT64_MAX - 1) / units[i].size;
		}
	return false;
}
