/* SPDX-License-Identifier: ISC */
#include "foreign.h"

#include <stdio.h>
#include <string.h>

#include "bech32.h"
#include "sluice/secret.h"

#define HYBRID "AGE-SECRET-KEY-PQ-"
#define PLUGIN "AGE-PLUGIN-"
#define SEED 32 /* bytes of a hybrid key */

/* All that is before a plugin's "1". */
#define NAME_CHARS (sizeof(PLUGIN "-") - 1 + SLU_FOREIGN_NAME_MAX)

static bool
begins(const char *text, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

bool
slu_foreign_begins(const char *text, size_t len)
{
	return begins(text, len, HYBRID "1") || begins(text, len, PLUGIN);
}

static slu_status
malformed(const char *kind, const char *why)
{
	return slu_fail(SLU_ERR_FORMAT, "keys: %s...: %s", kind, why);
}

static slu_status
read_hybrid(slu_buf *what, const char *text, size_t len)
{
	static const char words[] = "a hybrid key, which is not supported";
	unsigned char seed[SEED];
	const char *wrong;

	wrong = slu_bech32_decode(seed, sizeof(seed), HYBRID, text, len);
	slu_wipe(seed, sizeof(seed));
	if (wrong != NULL)
		return malformed(HYBRID "1", wrong);
	return slu_buf_add(what, words, sizeof(words) - 1);
}

/* What stands before the last "1"; what is behind that never has one. */
static bool
take_name(char name[NAME_CHARS + 1], const char *text, size_t len)
{
	while (len > 0 && text[len - 1] != '1')
		len--;
	if (len < strlen(PLUGIN "x-1") || len - 1 > NAME_CHARS ||
	    text[len - 2] != '-')
		return false;
	memcpy(name, text, len - 1);
	name[len - 1] = '\0';
	return true;
}

/* A plugin's name is that of a program, in lower case. */
static bool
name_plugin(char plugin[SLU_FOREIGN_NAME_MAX + 1], const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789+-._";
	const char *at = name + strlen(PLUGIN), *end = name + strlen(name) - 1;

	for (; at < end; at++) {
		if (strchr(allowed, *at) == NULL)
			return false;
		*plugin++ = (char)(*at >= 'A' && *at <= 'Z' ? *at | 0x20 : *at);
	}
	*plugin = '\0';
	return true;
}

/* As many bytes as the characters hold: only the plugin knows how many. */
static const char *
check_bytes(const char *name, const char *text, size_t len)
{
	unsigned char bytes[SLU_FOREIGN_CHARS_MAX * 5 / 8];
	size_t none = SLU_BECH32_CHARS(strlen(name), 0), n;
	const char *wrong;

	n = len < none ? 0 : (len - none) * 5 / 8;
	wrong = slu_bech32_decode(bytes, n, name, text, len);
	slu_wipe(bytes, n);
	return wrong;
}

static slu_status
read_plugin(slu_buf *what, const char *text, size_t len)
{
	char name[NAME_CHARS + 1], plugin[SLU_FOREIGN_NAME_MAX + 1];
	char words[sizeof(plugin) + 60];
	const char *wrong;
	int n;

	if (!take_name(name, text, len) || !name_plugin(plugin, name))
		return malformed(PLUGIN, "not AGE-PLUGIN-NAME-1...");
	wrong = check_bytes(name, text, len);
	if (wrong != NULL)
		return malformed(PLUGIN, wrong);
	n = snprintf(words, sizeof(words),
	    "a key of the plugin %s, which is not supported", plugin);
	return slu_buf_add(what, words, (size_t)n);
}

slu_status
slu_foreign_read_secret(slu_buf *what, const char *text, size_t len)
{
	if (len > SLU_FOREIGN_CHARS_MAX)
		return slu_fail(SLU_ERR_LIMIT,
		    "keys: longer than %d characters", SLU_FOREIGN_CHARS_MAX);
	return begins(text, len, HYBRID "1") ? read_hybrid(what, text, len)
					     : read_plugin(what, text, len);
}
