/* SPDX-License-Identifier: ISC */
/*
 * tls.h: TLS 1.2 and 1.3 (RFC 5246, RFC 8446) without I/O.
 *
 * An engine has four doors.  Bytes that come from the peer go in by `feed`
 * and leave as plaintext by `read`; plaintext goes in by `write` and leaves
 * for the peer by `drain`.  The engine owns no socket, calls nobody to move
 * bytes, and what waits at each door is bounded:
 *
 *              feed  -> +--------+ ->  read
 *     peer              | engine |             application
 *              drain <- +--------+ <-  write
 *
 * From any door, SLU_WANT_READ means "feed me", SLU_WANT_WRITE "drain me", or,
 * from `feed`, "read me".  A failure is for good: each later call repeats it,
 * status and words.  What waits for the peer, an alert as its last, can still
 * be drained before `drain` repeats it as well; what was not read is lost.
 *
 * A peer cannot have an engine grow.  What waits for it is 96 KiB at the most,
 * and what it sent, one record; who changes keys over and over and sends no
 * data is SLU_ERR_LIMIT.  A new handshake on a connection (renegotiation, of
 * TLS 1.2) is refused, and the connection goes on.
 *
 * From any door, SLU_WANT_CERT means that a hook's question is still to be
 * answered (tls_hooks.h); only a config with hooks has these.
 *
 * One thread at a time may use an engine; engines share nothing.
 *
 * Most callers let tls_stream.h run an engine on a chain of theirs.
 */
#ifndef SLUICE_TLS_H
#define SLUICE_TLS_H

#include <stddef.h>

#include "sluice/status.h"
#include "sluice/tls_config.h"

SLU_BEGIN_DECLS

typedef struct slu_tls slu_tls;

/*
 * Make the engine of a client that wants to talk to `host`, and to nobody else:
 * a name as the DNS has them, in ASCII ("xn--..."), whose dot at the end is
 * left out, or an address, that of IPv6 also in brackets.  SLU_ERR_USAGE for
 * what is neither.  `cfg` is shared: it may be freed.  `*out` is the caller's,
 * to be freed.
 */
slu_status slu_tls_client(
    slu_tls **out, slu_tls_config *cfg, const char *host) SLU_CHECKED;

/*
 * Make the engine of a server.  SLU_ERR_USAGE where `cfg` has no identity, nor
 * what does instead; and where it has pins, and asks for no certificate that
 * they could be of: anybody would be let in.
 */
slu_status slu_tls_server(slu_tls **out, slu_tls_config *cfg) SLU_CHECKED;

void slu_tls_free(slu_tls *tls);

/*
 * Hand over bytes that came from the peer; `*used` says how many were taken,
 * and only the others need to be offered again.  They are not copied but by
 * libssl.  No more is taken while plaintext waits to be read, or too much to
 * be drained: SLU_WANT_WRITE.  SLU_EOF, once the peer has said close_notify:
 * what follows is not TLS, and stays the caller's.  Said before the handshake
 * is done, that is a refusal, SLU_ERR_PEER.
 */
slu_status slu_tls_feed(
    slu_tls *tls, const void *wire, size_t len, size_t *used) SLU_CHECKED;

/* Say that nothing more will come from the peer, properly ended or not. */
void slu_tls_feed_end(slu_tls *tls);

/*
 * Take bytes that are for the peer, at most `cap`.  SLU_WANT_READ: there are
 * none now.  SLU_EOF: there will be none, after slu_tls_close.  The first ones
 * of a client are its ClientHello.
 */
slu_status slu_tls_drain(
    slu_tls *tls, void *wire, size_t cap, size_t *got) SLU_CHECKED;

/*
 * The same without a copy: `*wire` points to `*len` bytes for the peer, until
 * the next call of the engine; slu_tls_drained takes the first `len` of them
 * off, or all of them if there are fewer.
 */
slu_status slu_tls_drain_view(
    slu_tls *tls, const void **wire, size_t *len) SLU_CHECKED;
void slu_tls_drained(slu_tls *tls, size_t len);

/*
 * Go on with the handshake; SLU_OK once it is done.  Reading, writing and
 * feeding do this by themselves.
 */
slu_status slu_tls_handshake(slu_tls *tls) SLU_CHECKED;

/*
 * Read at most `cap` bytes of plaintext, of one record.  SLU_EOF is the peer's
 * close_notify, behind all that it sent; SLU_ERR_TRUNCATED an end without one.
 */
slu_status slu_tls_read(
    slu_tls *tls, void *plain, size_t cap, size_t *got) SLU_CHECKED;

/*
 * Feed and read in one: what `wire` begins with is taken as far as a read
 * needs it, `*used` bytes.  That is the fastest way to read.  SLU_WANT_READ
 * says that all of it was taken, and more is needed.
 */
slu_status slu_tls_read_from(slu_tls *tls, const void *wire, size_t len,
    size_t *used, void *plain, size_t cap, size_t *got) SLU_CHECKED;

/*
 * Write at most `len` bytes of plaintext; `*put` says how many were taken.
 * None are before the handshake is done.  What is taken is a record, of 16 KiB
 * at the most.  But writes of up to 8 KiB that follow one which was not drained
 * yet share a record, which the next call makes that is no such write: who
 * writes little by little sends as much in a record as who writes all at once.
 */
slu_status slu_tls_write(
    slu_tls *tls, const void *plain, size_t len, size_t *put) SLU_CHECKED;

/*
 * Say that no more will be written (close_notify, RFC 8446, section 6.1); it
 * still has to be drained.  What the peer still sends can be read, in TLS 1.2
 * as well.  Before the handshake is done, this goes on with it.
 */
slu_status slu_tls_close(slu_tls *tls) SLU_CHECKED;

SLU_END_DECLS

#endif
