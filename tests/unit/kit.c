/* SPDX-License-Identifier: ISC */
#include "kit.h"

#include <stdlib.h>
#include <zlib.h>

#include "check.h"
#include "vectors.h"

#define FOLDER "cctv-age"
#define INFLATED_MOST (64UL * 1024 * 1024)

static void
read_hex(unsigned char *out, size_t len, const char *text)
{
	unsigned byte;

	/* A long file key is for those who would take it: 16 bytes serve. */
	for (size_t i = 0; i < len; i++) {
		CHECK(sscanf(text + 2 * i, "%2x", &byte) == 1);
		out[i] = (unsigned char)byte;
	}
}

static kit_expect
read_expect(const char *text)
{
	static const char *const names[] = {
		[KIT_SUCCESS] = "success",
		[KIT_NO_MATCH] = "no match",
		[KIT_HMAC_FAILURE] = "HMAC failure",
		[KIT_HEADER_FAILURE] = "header failure",
		[KIT_ARMOR_FAILURE] = "armor failure",
		[KIT_PAYLOAD_FAILURE] = "payload failure",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], text) == 0)
			return (kit_expect)i;
	fail_msg("the kit expects \"%s\"", text);
	return KIT_SUCCESS;
}

static void
read_identity(kit_vector *v, const char *text)
{
	v->hybrid |= strncmp(text, "AGE-SECRET-KEY-PQ-1", 19) == 0;
	CHECK(v->nidentities < 2);
	snprintf(
	    v->identity[v->nidentities++], sizeof(v->identity[0]), "%s", text);
}

/* Take in one line; true where it says that the file is deflated. */
static bool
read_line(kit_vector *v, char *line)
{
	char *value = strstr(line, ": ");

	CHECK(value != NULL);
	*value = '\0';
	value += 2;
	if (strcmp(line, "expect") == 0)
		v->expect = read_expect(value);
	else if (strcmp(line, "file key") == 0)
		read_hex(v->file_key, sizeof(v->file_key), value);
	else if (strcmp(line, "identity") == 0)
		read_identity(v, value);
	else if (strcmp(line, "armored") == 0)
		v->armored = true;
	else if (strcmp(line, "payload") == 0) {
		v->has_payload = true;
		read_hex(v->payload, sizeof(v->payload), value);
	} else if (strcmp(line, "passphrase") == 0) {
		CHECK(v->npassphrases < 2);
		snprintf(v->passphrase[v->npassphrases++],
		    sizeof(v->passphrase[0]), "%s", value);
	}
	return strcmp(line, "compressed") == 0;
}

static void
inflate_file(kit_vector *v, const unsigned char *data, size_t len)
{
	z_stream z = { .next_in = (unsigned char *)data,
		.avail_in = (uInt)len };

	v->file = malloc(INFLATED_MOST);
	CHECK(v->file != NULL);
	z.next_out = v->file;
	z.avail_out = INFLATED_MOST;
	CHECK(inflateInit(&z) == Z_OK);
	CHECK(inflate(&z, Z_FINISH) == Z_STREAM_END);
	v->len = z.total_out;
	inflateEnd(&z);
}

static void
read_vector(kit_vector *v, char *text, size_t len)
{
	char *line = text, *end;
	bool deflated = false;
	size_t left;

	for (; *line != '\n'; line = end + 1) {
		end = strchr(line, '\n');
		CHECK(end != NULL);
		*end = '\0';
		deflated = read_line(v, line) || deflated;
	}
	line++;
	left = len - (size_t)(line - text);
	if (deflated) {
		inflate_file(v, (unsigned char *)line, left);
		return;
	}
	v->file = malloc(left + 1);
	CHECK(v->file != NULL);
	memcpy(v->file, line, left);
	v->len = left;
}

struct kit {
	void (*each)(const kit_vector *v, void *arg);
	void *arg;
};

static void
each_name(const char *name, void *arg)
{
	kit_vector v = { .name = name };
	struct kit *kit = arg;
	char path[300], *text;
	size_t len;

	snprintf(path, sizeof(path), FOLDER "/%s", name);
	text = vectors_read(path, &len);
	read_vector(&v, text, len);
	kit->each(&v, kit->arg);
	free(v.file);
	free(text);
}

size_t
kit_each(void (*each)(const kit_vector *v, void *arg), void *arg)
{
	struct kit kit = { .each = each, .arg = arg };

	return vectors_each(FOLDER, each_name, &kit);
}
