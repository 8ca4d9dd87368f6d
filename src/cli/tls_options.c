/* SPDX-License-Identifier: ISC */
#include "tls_options.h"

#include "core.h"
#include "net_fault.h"
#include "readable.h"
#include "say.h"

exit_code
tls_options_set(tls_options *o, int id, const char *value)
{
	switch (id) {
	case TLS_TRUST: o->trust = value; break;
	case TLS_CERT: o->cert = value; break;
	case TLS_KEY_PASSPHRASE:
		return passphrase_set(&o->passphrase, PASSPHRASE_FILE, value);
	default: o->key = value; break;
	}
	return EXIT_DONE;
}

/* The library names the file in question. */
static exit_code
failed(slu_status st)
{
	if (st == SLU_OK)
		return EXIT_DONE;
	return say_fail(say_code(st), "%s", net_cause(st, ""));
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

	q->code = passphrase_get(&o->passphrase, PASSPHRASE_KNOWN,
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
	code = passphrase_without_input(&o->passphrase);
	if (code != EXIT_DONE)
		return code;
	readable_check(o->key != NULL ? o->key : o->cert);
	st = slu_tls_identity_file(&id, o->cert, o->key, &asking);
	if (st == SLU_OK)
		st = slu_tls_config_identity(cfg, id);
	slu_tls_identity_free(id);
	return q.code != EXIT_DONE ? q.code : failed(st);
}

exit_code
tls_options_config(const tls_options *o, slu_tls_config **out)
{
	slu_tls_config *cfg = NULL;
	exit_code code;

	/* From here on memory holds what no core file should. */
	core_forbid();
	code = failed(slu_tls_config_new(&cfg));
	if (code == EXIT_DONE && o->trust != NULL)
		code = failed(slu_tls_config_trust_file(cfg, o->trust));
	if (code == EXIT_DONE)
		code = take_identity(o, cfg);
	if (code == EXIT_DONE) {
		*out = cfg;
		cfg = NULL;
	}
	slu_tls_config_free(cfg);
	return code;
}
