/* SPDX-License-Identifier: ISC */
#include "shake.h"

#include "../base/clock.h"
#include "net_fault.h"
#include "say.h"
#include "sluice/secret.h"
#include "sluice/tls_peer.h"
#include "sluice/tls_stream.h"
#include "sluice/wait.h"

/* For how long a server may think, beside the time that the way takes. */
#define SILENCE_MS 250

exit_code
shake_hands(slu_bio **bio, slu_tls *tls, const char *name, int64_t end,
    unsigned seconds)
{
	slu_status st;

	st = slu_tls_push(bio, tls);
	if (st == SLU_OK)
		st = slu_bio_flush(*bio);
	while (st == SLU_WANT_READ || st == SLU_WANT_WRITE) {
		slu_status want = st;

		st = slu_bio_wait(*bio, want, slu_clock_until(end));
		if (st == want && slu_clock_until(end) == 0)
			return say_fail(EXIT_NETWORK,
			    "%s: no handshake within %u s", name, seconds);
		if (st == SLU_OK)
			st = slu_bio_flush(*bio);
	}
	return net_failed(st, name);
}

/* Read what may be there; data is given back.  SLU_OK: that was all to hear. */
static slu_status
listen_in(slu_bio *bio)
{
	unsigned char said[256];
	slu_status st;
	size_t n;

	st = slu_bio_read(bio, said, sizeof(said), &n);
	if (st == SLU_OK)
		st = slu_bio_unread(bio, said, n);
	slu_wipe(said, sizeof(said));
	return st == SLU_EOF ? SLU_OK : st;
}

exit_code
hear_verdict(slu_bio *bio, slu_tls *tls, const char *name, int64_t took_ms)
{
	uint64_t before = slu_tls_peer_received(tls);
	int64_t soon, end = slu_clock_ms() + took_ms + SILENCE_MS;
	slu_status st;

	st = listen_in(bio);
	while (st == SLU_WANT_READ || st == SLU_WANT_WRITE) {
		soon = slu_clock_ms() + SILENCE_MS;
		if (slu_tls_peer_received(tls) != before && soon < end)
			end = soon;
		before = slu_tls_peer_received(tls);
		if (slu_clock_until(end) == 0)
			return EXIT_DONE;
		st = slu_bio_wait(bio, st, slu_clock_until(end));
		if (!slu_failed(st))
			st = listen_in(bio);
	}
	return net_failed(st, name);
}
