/* SPDX-License-Identifier: ISC */
/*
 * tls_stream.h: a TLS engine at work on a chain.
 *
 *     slu_tcp_connect(&c, "example.org", 443, NULL);
 *     slu_tls_client(&tls, cfg, "example.org");
 *     slu_tls_push(&c, tls);
 *     ... slu_bio_write(c, ...), slu_bio_read(c, ...) ...
 *     slu_bio_finish(c);
 *     slu_bio_free(c);
 *     slu_tls_free(tls);
 */
#ifndef SLUICE_TLS_STREAM_H
#define SLUICE_TLS_STREAM_H

#include "sluice/bio.h"
#include "sluice/tls.h"

SLU_BEGIN_DECLS

/*
 * Put the engine to work on a chain: above it plaintext, below it records.
 * The engine is lent, to be asked about the peer, and must outlive the chain;
 * nobody else moves bytes through its doors, and another chain for it is
 * SLU_ERR_USAGE.  Whatever is called first begins the handshake; a flush
 * completes it.  A write goes to what is below, but small ones that follow it
 * may share a record, and then wait for a flush, or a read.  A finish says
 * close_notify; what the peer still sends can be read.  SLU_EOF is the peer's
 * close_notify, and bytes that were read behind it are given back to what is
 * below (slu_bio_unread).
 *
 * A stream that fails tries once to hand its alert to what is below.  Where
 * what is below can't be written any more, the peer's own alert is the reason,
 * SLU_ERR_PEER, if it is there.  A read also sends what could not be sent
 * before, and may wait for both directions (slu_bio_waits).
 */
slu_status slu_tls_push(slu_bio **top, slu_tls *tls) SLU_CHECKED;

SLU_END_DECLS

#endif
