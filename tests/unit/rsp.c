/* SPDX-License-Identifier: ISC */
#include "rsp.h"

#include <stdlib.h>

#include "check.h"
#include "vectors.h"

#define BLANKS " \t\r"

void
rsp_open(rsp *r, const char *name)
{
	r->text = vectors_read(name, NULL);
	r->at = r->text;
}

/* Take blanks off both ends. */
static char *
trim(char *text)
{
	size_t len;

	text += strspn(text, BLANKS);
	len = strlen(text);
	while (len > 0 && strchr(BLANKS, text[len - 1]) != NULL)
		len--;
	text[len] = '\0';
	return text;
}

static bool
read_line(rsp *r, char *line)
{
	char *equals, *end;

	line = trim(line);
	if (*line == '[') {
		line++;
		end = strchr(line, ']');
		CHECK(end != NULL);
		*end = '\0';
	}
	equals = strchr(line, '=');
	if (*line == '#' || equals == NULL)
		return false;
	*equals = '\0';
	r->name = trim(line);
	r->value = trim(equals + 1);
	return true;
}

bool
rsp_next(rsp *r)
{
	char *line, *end;

	while (*r->at != '\0') {
		line = r->at;
		end = strchr(line, '\n');
		r->at = end == NULL ? line + strlen(line) : end + 1;
		if (end != NULL)
			*end = '\0';
		if (read_line(r, line))
			return true;
	}
	return false;
}

bool
rsp_is(const rsp *r, const char *name)
{
	return strcmp(r->name, name) == 0;
}

size_t
rsp_number(const rsp *r)
{
	char *end;
	size_t n = strtoul(r->value, &end, 10);

	CHECK(end != r->value && *end == '\0');
	return n;
}

static unsigned
digit(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	CHECK(at != NULL);
	return (unsigned)(at - digits < 16 ? at - digits : at - digits - 6);
}

const unsigned char *
rsp_bytes(rsp *r, size_t *len)
{
	unsigned char *out = (unsigned char *)r->value;

	*len = strlen(r->value) / 2;
	CHECK(strlen(r->value) == 2 * *len);
	for (size_t i = 0; i < *len; i++)
		out[i] = (unsigned char)(digit(r->value[2 * i]) << 4 |
					 digit(r->value[2 * i + 1]));
	return out;
}

void
rsp_close(rsp *r)
{
	free(r->text);
}
