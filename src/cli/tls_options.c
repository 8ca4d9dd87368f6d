/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "tls_options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core.h"
#include "net_fault.h"
#include "readable.h"
#include "say.h"
#include "sluice/base64.h"
#include "sluice/view.h"

static exit_code
add_trust(tls_options *o, const char *file)
{
	if (o->trust_n == TLS_TRUST_MAX)
		return say_fail(EXIT_MISUSED,
		    "more than %d files of who is trusted", TLS_TRUST_MAX);
	o->trust[o->trust_n++] = file;
	return EXIT_DONE;
}

static exit_code
add_pin(tls_options *o, const char *text)
{
	static const char scheme[] = "sha256//";
	size_t before = sizeof(scheme) - 1, len = 0, got = 0;
	unsigned char pin[SLU_TLS_PIN + 1];
	slu_bio *in = NULL;
	slu_status st = SLU_ERR_FORMAT;

	if (o->pins_n == TLS_PINS_MAX)
		return say_fail(
		    EXIT_MISUSED, "more than %d pins", TLS_PINS_MAX);
	if (strncmp(text, scheme, before) == 0)
		st = slu_view_open(&in, text + before, strlen(text + before));
	if (st == SLU_OK)
		st = slu_base64_decode(&in, NULL);
	while (st == SLU_OK && len < sizeof(pin)) {
		st = slu_bio_read(in, pin + len, sizeof(pin) - len, &got);
		len += got;
	}
	slu_bio_free(in);
	if (st != SLU_EOF || len != SLU_TLS_PIN)
		return say_fail(EXIT_MISUSED,
		    "--pin: '%s' is not sha256// and 32 bytes in base64", text);
	memcpy(o->pins[o->pins_n++], pin, SLU_TLS_PIN);
	return EXIT_DONE;
}

static exit_code
set_protocols(tls_options *o, const char *list)
{
	char *at = o->alpn, *comma;

	if (strlen(list) >= sizeof(o->alpn))
		return say_fail(EXIT_MISUSED,
		    "--alpn: a list of more than %d bytes", SLU_TLS_ALPN_MAX);
	strcpy(o->alpn, list);
	o->protocols_n = 0;
	for (; at != NULL; at = comma) {
		comma = strchr(at, ',');
		if (comma != NULL)
			*comma++ = '\0';
		if (o->protocols_n == TLS_PROTOCOLS_MAX || at[0] == '\0' ||
		    strlen(at) > TLS_PROTOCOL_MAX)
			return say_fail(EXIT_MISUSED,
			    "--alpn: '%s' is not one to %d names, of at most "
			    "%d bytes each, with commas between",
			    list, TLS_PROTOCOLS_MAX, TLS_PROTOCOL_MAX);
		o->protocols[o->protocols_n++] = at;
	}
	return EXIT_DONE;
}

static exit_code
set_min_version(tls_options *o, const char *version)
{
	if (strcmp(version, "1.2") == 0)
		o->min_version = SLU_TLS_1_2;
	else if (strcmp(version, "1.3") == 0)
		o->min_version = SLU_TLS_1_3;
	else
		return say_fail(EXIT_MISUSED,
		    "--min-version: '%s' is not 1.2 or 1.3", version);
	return EXIT_DONE;
}

static exit_code
set_sessions(tls_options *o, const char *where)
{
	o->no_sessions = strcmp(where, "none") == 0;
	if (o->no_sessions || strcmp(where, "memory") == 0)
		return EXIT_DONE;
	return say_fail(
	    EXIT_MISUSED, "--sessions: '%s' is not memory or none", where);
}

exit_code
tls_options_set(tls_options *o, int id, const char *value)
{
	switch (id) {
	case TLS_CLIENT_TRUST: o->asks_clients = true; /* fall through */
	case TLS_TRUST: return add_trust(o, value);
	case TLS_CERT: o->cert = value; return EXIT_DONE;
	case TLS_KEY: o->key = value; return EXIT_DONE;
	case TLS_KEY_PASSPHRASE:
		return passphrase_set(&o->passphrase, PASSPHRASE_FILE, value);
	case TLS_PIN: return add_pin(o, value);
	case TLS_INSECURE: o->insecure = true; return EXIT_DONE;
	case TLS_KEY_LOG: o->key_log = value; return EXIT_DONE;
	case TLS_SESSIONS: return set_sessions(o, value);
	case TLS_ALPN: return set_protocols(o, value);
	default: return set_min_version(o, value);
	}
}

/* The library names the file in question. */
static exit_code
failed(slu_status st)
{
	if (st == SLU_OK)
		return EXIT_DONE;
	return say_fail(st == SLU_ERR_USAGE ? EXIT_MISUSED : say_code(st), "%s",
	    net_cause(""));
}

/* Where the passphrase of a key comes from, and what became of that. */
struct question {
	const tls_options *options;
	exit_code code;
};

static slu_status
ask(slu_buf *passphrase, void *arg)
{
	struct question *q = arg;
	const tls_options *o = q->options;
	passphrase_source from = o->passphrase;

	from.instead = "--key-passphrase-file";
	q->code = passphrase_get(&from, PASSPHRASE_KNOWN,
	    o->key != NULL ? o->key : o->cert, passphrase);
	return q->code == EXIT_DONE
		   ? SLU_OK
		   : slu_fail(SLU_ERR_NO_MATCH, "ask: no passphrase");
}

static exit_code
take_identity(const tls_options *o, slu_tls_config *cfg)
{
	struct question q = { .options = o };
	const slu_tls_identity_options asking = { .ask = ask, .arg = &q };
	slu_tls_identity *id = NULL;
	exit_code code;
	slu_status st;

	if (o->cert == NULL && o->key != NULL)
		return say_fail(EXIT_MISUSED, "--key needs --cert");
	if (o->cert == NULL)
		return EXIT_DONE;
	code = passphrase_without_input(&o->passphrase, "data");
	if (code != EXIT_DONE)
		return code;
	readable_check(o->key != NULL ? o->key : o->cert);
	st = slu_tls_identity_file(&id, o->cert, o->key, &asking);
	if (st == SLU_OK)
		st = slu_tls_config_identity(cfg, id);
	slu_tls_identity_free(id);
	return q.code != EXIT_DONE ? q.code : failed(st);
}

static slu_status
take_trust(const tls_options *o, slu_tls_config *cfg)
{
	slu_status st = SLU_OK;

	for (size_t i = 0; i < o->trust_n && st == SLU_OK; i++)
		st = slu_tls_config_trust_file(cfg, o->trust[i]);
	for (size_t i = 0; i < o->pins_n && st == SLU_OK; i++)
		st = slu_tls_config_trust_pin(cfg, o->pins[i]);
	if (st == SLU_OK && o->asks_clients) {
		net_fault_clients();
		st = slu_tls_config_client_auth(cfg, SLU_TLS_REQUIRE);
	}
	if (st || !o->insecure)
		return st;
	if (o->pins_n > 0)
		return slu_tls_config_only_pins(cfg);
	say_warning("--insecure: whoever is on the way can read and change all "
		    "of it");
	return slu_tls_config_insecure_skip_verification(cfg);
}

static slu_status
take_speech(const tls_options *o, slu_tls_config *cfg)
{
	slu_status st = SLU_OK;

	if (o->min_version != 0)
		st = slu_tls_config_versions(cfg, o->min_version, SLU_TLS_1_3);
	if (st == SLU_OK && o->protocols_n > 0)
		st = slu_tls_config_alpn(cfg, o->protocols, o->protocols_n);
	if (st == SLU_OK && o->no_sessions)
		st = slu_tls_config_sessions(cfg, 0);
	return st;
}

static void
log_keys(const char *line, void *arg)
{
	tls_options *o = arg;

	if (o->key_log_cut || dprintf(o->key_log_fd, "%s\n", line) >= 0)
		return;
	o->key_log_cut = true;
	say_warning("%s: %s", o->key_log, strerror(errno));
}

static exit_code
begin_log(tls_options *o, slu_tls_config *cfg)
{
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY;
	int fd;

	if (o->key_log == NULL)
		return EXIT_DONE;
	fd = open(o->key_log, flags, 0600);
	if (fd < 0)
		return say_fail(EXIT_IO, "%s: %s", o->key_log, strerror(errno));
	o->key_log_fd = fd;
	readable_check_fd(fd, o->key_log);
	return failed(slu_tls_config_key_log(cfg, log_keys, o));
}

exit_code
tls_options_config(tls_options *o, slu_tls_config **out)
{
	slu_tls_config *cfg = NULL;
	exit_code code;

	/* From here on memory holds what no core file should. */
	core_forbid();
	code = failed(slu_tls_config_new(&cfg));
	if (code == EXIT_DONE)
		code = failed(take_trust(o, cfg));
	if (code == EXIT_DONE)
		code = failed(take_speech(o, cfg));
	if (code == EXIT_DONE)
		code = take_identity(o, cfg);
	if (code == EXIT_DONE)
		code = begin_log(o, cfg);
	if (code == EXIT_DONE) {
		*out = cfg;
		cfg = NULL;
	}
	slu_tls_config_free(cfg);
	return code;
}

void
tls_options_free(tls_options *o)
{
	if (o->key_log_fd > 0)
		(void)close(o->key_log_fd);
}
