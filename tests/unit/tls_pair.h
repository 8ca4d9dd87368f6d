/* SPDX-License-Identifier: ISC */
/*
 * tls_pair.h: a client's engine and a server's, and who carries their bytes.
 *
 *     tls_pair p;
 *     tls_pair_new(&p);               configs, an authority, no engines yet
 *     ... slu_tls_config_...(p.client_config, ...) ...
 *     tls_pair_begin(&p, "sluice.test");
 *     CHECK_OK(tls_pair_shake(&p));
 *     tls_pair_free(&p);
 */
#ifndef SLUICE_TESTS_TLS_PAIR_H
#define SLUICE_TESTS_TLS_PAIR_H

#include "authority.h"
#include "folder.h"
#include "sluice/buf.h"
#include "sluice/tls.h"

typedef struct tls_pair {
	certificate root, leaf;
	slu_tls_config *client_config, *server_config;
	slu_tls *client, *server;
	slu_buf to_server, to_client; /* under way */
	size_t step;                  /* bytes a feed; 0: all there are */
	int version;                  /* the only one, or 0 */
	slu_status client_said, server_said; /* their last handshakes */
} tls_pair;

/*
 * An authority and its leaf; a client's config that trusts the authority, a
 * server's that is the leaf.  Files of theirs are in the running test's
 * folder: root.pem, leaf.pem (and root), leaf.key.
 */
void tls_pair_new(tls_pair *p);
/*
 * Let those that are not in use yet speak this version only, as it is numbered
 * on the wire.
 */
void tls_pair_version(tls_pair *p, int version);
/* Make the engines; the client asks for `host`. */
void tls_pair_begin(tls_pair *p, const char *host);
void tls_pair_free(tls_pair *p);

/*
 * Before and after a test whose state is a pair, in a folder of its own, that
 * speaks TLS 1.2, or 1.3, and nothing else.
 */
int tls_pair_enter_1_2(void **state);
int tls_pair_enter_1_3(void **state);
int tls_pair_leave(void **state);

/* The same test in both versions, which its name tells. */
#define WITH_PAIR(test) WITH_PAIR_1_2(test), WITH_PAIR_1_3(test)
#define WITH_PAIR_1_2(test) \
	{ \
#test "_in_TLS_1_2", test, tls_pair_enter_1_2, tls_pair_leave, \
		    NULL \
	}
#define WITH_PAIR_1_3(test) \
	{ \
#test "_in_TLS_1_3", test, tls_pair_enter_1_3, tls_pair_leave, \
		    NULL \
	}

/* Free the engines alone: others can begin. */
void tls_pair_end(tls_pair *p);

/* Begin, and shake hands. */
void tls_pair_connect(tls_pair *p);

/* Carry what waits for the other end; whether anything moved. */
bool tls_pair_carry(tls_pair *p);

/*
 * Shake hands until both are done, or nothing moves any more: the first
 * answer, the client's or the server's, that is no SLU_OK.
 */
slu_status tls_pair_shake(tls_pair *p);

/* Say `words` at one end, and hear them at the other. */
void tls_pair_say(tls_pair *p, slu_tls *from, slu_tls *to, const char *words);

/* All that waits for the peer is taken off, into `out`. */
void tls_pair_drain(slu_tls *from, slu_buf *out);

/*
 * Each door but drain answers as `st` and `words` say, and drain does once
 * nothing waits.
 */
void tls_pair_must_stay_failed(slu_tls *tls, slu_status st);

/*
 * Run tests as cmocka_run_group_tests does; where the machine is slow, those
 * whose names end with "(1.2)" are left out.
 */
struct CMUnitTest;
int tls_pair_run(const struct CMUnitTest *tests, size_t count);

#endif
