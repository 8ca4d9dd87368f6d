/* SPDX-License-Identifier: ISC */
/*
 * bio.h: byte streams that stack.
 *
 * A `slu_bio *` names a whole chain: filters on top, one sink at the
 * bottom.  Bytes are plain above a filter and encoded below it.  A chain
 * is built from the bottom up in ONE variable, and that variable owns it:
 *
 *     slu_bio *out = NULL;
 *     slu_file_create(&out, "a.gz.b64", NULL);  the sink, on nothing
 *     slu_base64_encode(&out, NULL);            next to the sink
 *     slu_deflate(&out, NULL);                  on top: we write here
 *     ... slu_bio_write(out, ...) ...
 *     slu_bio_finish(out);                      trailers, file committed
 *     slu_bio_free(out);                        all of it, finished or not
 *
 * A constructor that fails leaves the chain as it was.  A transform works
 * in one direction (deflate on writes, inflate on reads) and passes the
 * other one through.  One thread at a time may use a chain; chains that
 * share nothing may be used by as many threads as there are.
 *
 * Three promises hold for every chain, and callers may lean on them:
 *
 * progress    SLU_OK means that at least one byte moved, unless none was
 *             asked for; anything else means that none did.
 * stickiness  A chain that failed once answers every later call with the
 *             same failure and the same words, but for a finish that had
 *             gone well before.  Misuse that is refused before any BIO's
 *             own operation was called (SLU_ERR_USAGE: no such direction,
 *             a write after the finish) moves nothing and does not count.
 * waiting     After SLU_WANT_READ or SLU_WANT_WRITE nothing was lost and
 *             nothing is done twice: call again, with the same bytes at
 *             any address.  So after SLU_WANT_CERT, which only a chain with
 *             TLS in it answers, once a hook's question was answered
 *             (tls_hooks.h).
 */
#ifndef SLUICE_BIO_H
#define SLUICE_BIO_H

#include <stdbool.h>
#include <stddef.h>

#include "sluice/status.h"

SLU_BEGIN_DECLS

typedef struct slu_bio slu_bio;
typedef struct slu_waits slu_waits; /* wait.h */

/* The most bytes that wait in one BIO to be read again: slu_bio_unread. */
#define SLU_UNREAD_MAX (64 * 1024)

/*
 * What a kind of BIO does.  One constant of this type stands for each kind;
 * the state of each BIO is `size` bytes that the chain allocates, zeroes,
 * wipes and frees, and that every operation is handed as `self`.
 *
 * An operation left NULL passes through to `next` in a filter; in a sink,
 * where `next` is NULL, it says that this direction does not exist.
 *
 * `read` and `write` call `next` themselves, with slu_bio_read and
 * slu_bio_write; they are never asked for 0 bytes, and find `*got` or `*put`
 * at 0.  They keep the promise of progress, or the chain fails with
 * SLU_ERR_USAGE; so it does where another operation than `read` answers
 * SLU_EOF, a datagram is written in part, or any one answers what is no
 * status.  An operation that fails says why with slu_fail: else the chain
 * repeats what was said last.  `flush`, `finish` and `free` do their own part
 * only: the chain walks on to the next BIO.  `flush` and `finish` are called
 * again after a WANT; `finish` is not called again once it answered SLU_OK.
 *
 * `wait` is asked after a WANT, and adds to `w` what it takes to go on: see
 * slu_bio_waits.  A filter has one only where it waits for something else
 * than `next` does; a sink, where it knows a descriptor or a time.
 *
 * `fd` in a sink tells the descriptor that `read` takes bytes from, or `write`
 * puts them to, just as they are and where it stands; or -1.  A copy from one
 * such chain to another may then leave them to the kernel.
 *
 * `datagram` in a sink says that `read` gives, and `write` takes, one whole
 * datagram a call; in a filter, that it keeps their borders: it calls `next`
 * once for each call.  Another filter on such a chain answers SLU_ERR_USAGE.
 */
typedef struct slu_bio_ops {
	const char *name; /* in messages: "base64", "file" */
	size_t size;      /* bytes of state */

	slu_status (*read)(
	    void *self, slu_bio *next, void *buf, size_t cap, size_t *got);
	slu_status (*write)(void *self, slu_bio *next, const void *data,
	    size_t len, size_t *put);
	slu_status (*flush)(void *self, slu_bio *next);
	slu_status (*finish)(void *self, slu_bio *next);
	void (*free)(void *self);
	slu_status (*wait)(
	    void *self, slu_bio *next, slu_status want, slu_waits *w);
	int (*fd)(void *self);
	bool datagram;
} slu_bio_ops;

/*
 * Put a new BIO on top of `*top`; on nothing, it is the sink.  Returns its
 * state, zeroed, for the constructor to fill in, or NULL without memory
 * (the reason is recorded).  `ops` must outlive the chain.
 */
void *slu_bio_push(slu_bio **top, const slu_bio_ops *ops) SLU_CHECKED;

/* Take the top BIO off again and free it alone: how a constructor fails. */
void slu_bio_drop(slu_bio **top);

/*
 * Free a whole chain, from the top.  What was not finished is abandoned:
 * bytes that still wait inside are wiped, an unfinished file never appears.
 * NULL is fine.
 */
void slu_bio_free(slu_bio *bio);

/*
 * Read at most `cap` bytes; `*got` says how many, which may be fewer than
 * are on their way.  SLU_EOF is the proper end of the stream, and never
 * stands for a stream that was cut short: that is SLU_ERR_TRUNCATED.  Of a
 * chain that moves datagrams, one read gives one of them, whole: offer as
 * much room as the largest may need.
 */
slu_status slu_bio_read(
    slu_bio *bio, void *buf, size_t cap, size_t *got) SLU_CHECKED;

/*
 * Write at most `len` bytes; `*put` says how many were accepted, and only
 * the others need to be offered again, from whatever address.  Accepted
 * bytes may wait inside the chain until it is flushed or finished.
 */
slu_status slu_bio_write(
    slu_bio *bio, const void *data, size_t len, size_t *put) SLU_CHECKED;

/*
 * Write all of `data`.  After a WANT, `*put` bytes were accepted: go on
 * from `data + *put`.
 */
slu_status slu_bio_write_all(
    slu_bio *bio, const void *data, size_t len, size_t *put) SLU_CHECKED;

/*
 * Give back `len` bytes that were read, or others: the next reads of `bio`
 * give them, before anything else, to whoever reads it.  For a protocol that
 * looks at what comes, or ends before what was read does: a filter gives
 * back to its `next`.  They are copied, and what was given back last is read
 * first.  SLU_ERR_LIMIT where more than SLU_UNREAD_MAX would wait, and
 * SLU_ERR_USAGE where the chain moves datagrams; neither counts as a failure
 * of the chain.
 */
slu_status slu_bio_unread(
    slu_bio *bio, const void *data, size_t len) SLU_CHECKED;

/*
 * Ask what the chain that just answered `want`, SLU_WANT_READ or
 * SLU_WANT_WRITE, waits for: `*w` is cleared and filled in.  Call the chain
 * again once one of the descriptors is ready, or the time has passed; to be
 * called early does no harm.  SLU_ERR_USAGE where there is neither, as in a
 * queue in memory that somebody else has to fill, or where `want` is something
 * else; SLU_WANT_CERT is: what moves that is a call of yours.
 */
slu_status slu_bio_waits(
    slu_bio *bio, slu_status want, slu_waits *w) SLU_CHECKED;

/*
 * Push accepted bytes down to the transport, as far as the formats allow:
 * a block that is not full yet may have to wait for its finish.
 */
slu_status slu_bio_flush(slu_bio *bio) SLU_CHECKED;

/*
 * Declare the output complete, from the top down: trailers are written,
 * digests compared, files committed.  Nothing can be written afterwards.
 * Once it answered SLU_OK, it goes on answering so.
 */
slu_status slu_bio_finish(slu_bio *bio) SLU_CHECKED;

SLU_END_DECLS

#endif
