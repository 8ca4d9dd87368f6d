/* SPDX-License-Identifier: ISC */
#include "shake.h"

#include "../base/clock.h"
#include "net_fault.h"
#include "say.h"
#include "sluice/tls_stream.h"
#include "sluice/wait.h"

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
