/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "line.h"

#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "oom.h"
#include "trial.h"

typedef struct line {
	slu_status (*connect)(slu_bio **near, int *far, void *arg);
	void *arg;
	int far;
	slu_bio *ready; /* the near end, until the suite opens it */
	slu_buf moved;  /* what the far end got, or has to send */
	bool sending;
} line;

static void
hang_up(line *l)
{
	if (l->far >= 0)
		close(l->far);
	l->far = -1;
	slu_bio_free(l->ready);
	l->ready = NULL;
	slu_buf_skip(&l->moved, l->moved.len);
}

static void
take(line *l, int flags)
{
	unsigned char buf[65536];
	ssize_t n;

	while ((n = recv(l->far, buf, sizeof(buf), flags)) > 0)
		CHECK_OK(slu_buf_add(&l->moved, buf, (size_t)n));
	CHECK(n == 0 || flags != 0);
}

static void
give(line *l)
{
	ssize_t n = 1;

	while (n > 0 && l->moved.len > 0) {
		n = send(l->far, slu_buf_front(&l->moved), l->moved.len,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			slu_buf_skip(&l->moved, (size_t)n);
	}
	if (l->moved.len == 0)
		(void)shutdown(l->far, SHUT_WR);
}

static void
pump(void *arg)
{
	line *l = arg;

	/* Memory that runs out is to hit the near end alone. */
	oom_hold();
	if (l->far >= 0 && l->sending)
		give(l);
	else if (l->far >= 0)
		take(l, MSG_DONTWAIT);
	oom_release();
}

static slu_status
create(slu_bio **top, void *arg)
{
	line *l = arg;

	hang_up(l);
	l->sending = false;
	return l->connect(top, &l->far, l->arg);
}

static void
written(slu_buf *out, void *arg)
{
	line *l = arg;

	take(l, 0);
	CHECK_OK(slu_buf_add(out, slu_buf_front(&l->moved), l->moved.len));
	hang_up(l);
}

static void
prepare(const void *data, size_t len, void *arg)
{
	line *l = arg;

	hang_up(l);
	l->sending = true;
	CHECK_OK(l->connect(&l->ready, &l->far, l->arg));
	CHECK_OK(slu_buf_add(&l->moved, data, len));
}

static slu_status
open_ready(slu_bio **top, void *arg)
{
	line *l = arg;

	*top = l->ready;
	l->ready = NULL;
	return SLU_OK;
}

void
line_holds(const char *name,
    slu_status (*connect)(slu_bio **near, int *far, void *arg), void *arg)
{
	line l = {
		.connect = connect,
		.arg = arg,
		.far = -1,
		.moved = { .limit = TRIAL_ROOM },
	};
	const contract_sink sink = {
		.name = name,
		.create = create,
		.written = written,
		.open = open_ready,
		.prepare = prepare,
		.pump = pump,
		.arg = &l,
	};

	contract_sink_holds(&sink);
	hang_up(&l);
	slu_buf_free(&l.moved);
}
