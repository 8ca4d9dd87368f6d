/* SPDX-License-Identifier: ISC */
/*
 * tls_stream.h: a TLS engine at work on a chain.
 *
 *     slu_tcp_connect(&c, "example.org", "443", NULL);
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
 * The engine is lent, to be asked about the peer, and must outlive the chain.
 * Whatever is called first begins the handshake; a flush completes it.  A
 * finish says close_notify, and what the peer still sends can be read.
 */
slu_status slu_tls_push(slu_bio **top, slu_tls *tls) SLU_CHECKED;

SLU_END_DECLS

#endif
