/* SPDX-License-Identifier: ISC */
#include "site.h"

#include <string.h>

#include "number.h"
#include "say.h"

#define PORT_MAX 65535

static exit_code
misspelt(const char *text, const char *form)
{
	return say_fail(EXIT_MISUSED, "'%s' is not %s", text, form);
}

/* Cut `text` into host and port; false where it does not have that form. */
static bool
cut(site *s, const char *text)
{
	const char *colon = strrchr(text, ':'), *end;
	const char *host = text, *behind = colon;
	uint64_t port;
	size_t len;

	if (colon == NULL || !number_digits(colon + 1, &port, &end) ||
	    *end != '\0' || port > PORT_MAX)
		return false;
	if (text[0] == '[') {
		host = text + 1;
		behind = strchr(text, ']');
		if (behind == NULL || behind + 1 != colon)
			return false;
	}
	len = (size_t)(behind - host);
	if (len == 0 || len > SITE_HOST_MAX ||
	    (host == text && memchr(host, ':', len) != NULL))
		return false;
	memcpy(s->host, host, len);
	s->host[len] = '\0';
	s->port = (uint16_t)port;
	return true;
}

/* Whether it is unix:PATH, which may still be an empty path. */
static bool
is_path(site *s, const char *text)
{
	static const char scheme[] = "unix:";
	size_t len = sizeof(scheme) - 1;

	*s = (site){ .text = text };
	if (strncmp(text, scheme, len) != 0)
		return false;
	s->path = text + len;
	return true;
}

exit_code
site_read(site *s, const char *text)
{
	static const char form[] = "HOST:PORT, [IPV6]:PORT or unix:PATH";

	if (is_path(s, text))
		return *s->path != '\0' ? EXIT_DONE : misspelt(text, form);
	return cut(s, text) && s->port != 0 ? EXIT_DONE : misspelt(text, form);
}

exit_code
site_read_here(site *s, const char *text)
{
	static const char form[] =
	    "PORT, ADDRESS:PORT, [IPV6]:PORT or unix:PATH";
	const char *end;
	uint64_t port;

	if (is_path(s, text))
		return *s->path != '\0' ? EXIT_DONE : misspelt(text, form);
	if (number_digits(text, &port, &end) && *end == '\0' &&
	    port <= PORT_MAX) {
		s->port = (uint16_t)port;
		return EXIT_DONE;
	}
	return cut(s, text) ? EXIT_DONE : misspelt(text, form);
}
