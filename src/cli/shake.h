/* SPDX-License-Identifier: ISC */
/* shake.h: a handshake that is waited for. */
#ifndef SLUICE_CLI_SHAKE_H
#define SLUICE_CLI_SHAKE_H

#include <stdint.h>

#include "exit.h"
#include "sluice/bio.h"
#include "sluice/tls.h"

/*
 * Put the engine to work on a chain that leads to `name`, and shake hands; or
 * say why that failed, or that it was not done by `end`, as slu_clock_ms tells
 * time, which was so many seconds away.
 */
exit_code shake_hands(slu_bio **bio, slu_tls *tls, const char *name,
    int64_t end, unsigned seconds);

/*
 * In TLS 1.3 a client has shaken hands before the server has looked at its
 * certificate, or missed it: hear `name` until it has had the time to refuse,
 * which it needs as long for as the handshake took.  Data that comes counts
 * for a welcome, and is there to be read.
 */
exit_code hear_verdict(
    slu_bio *bio, slu_tls *tls, const char *name, int64_t took_ms);

#endif
