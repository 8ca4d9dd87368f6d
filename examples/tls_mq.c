/* SPDX-License-Identifier: ISC */
/*
 * tls_mq: a BIO of one's own, and TLS over it.  The BIO is a transport by
 * POSIX message queues, mq_overview(7): a message holds bytes of the stream,
 * and an empty one says that no more will come.
 *
 *     tls_mq receive NAME CHAIN.pem KEY.pem >FILE
 *     tls_mq send NAME HOST ROOTS.pem <FILE
 *
 * The queues are /NAME.there and /NAME.back, which the receiver makes; HOST
 * is the name in its certificate.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sluice.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MESSAGE 8192 /* bytes; Linux takes no more unless told */

/* The state of the BIO; the chain zeroes it first, and frees it last. */
struct mq {
	mqd_t in, out;
	char message[MESSAGE]; /* received, in part given out */
	size_t off, len;
	int ended; /* the empty message has come */
};

/* What the queue could not do: wait for it, or say why. */
static slu_status
not_now(const char *what, slu_status want)
{
	if (errno == EAGAIN || errno == EINTR)
		return want;
	return slu_fail(SLU_ERR_IO, "mq: %s: %s", what, strerror(errno));
}

static slu_status
mq_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct mq *q = self;
	ssize_t n;

	(void)next; /* a sink has none */
	if (q->off == q->len && !q->ended) {
		n = mq_receive(q->in, q->message, MESSAGE, NULL);
		if (n < 0)
			return not_now("receive", SLU_WANT_READ);
		q->off = 0;
		q->len = (size_t)n;
		q->ended = n == 0;
	}
	if (q->ended)
		return SLU_EOF;
	*got = cap < q->len - q->off ? cap : q->len - q->off;
	memcpy(buf, q->message + q->off, *got);
	q->off += *got;
	return SLU_OK;
}

static slu_status
mq_write(void *self, slu_bio *next, const void *data, size_t len, size_t *put)
{
	struct mq *q = self;
	size_t n = len < MESSAGE ? len : MESSAGE;

	(void)next;
	if (mq_send(q->out, data, n, 0))
		return not_now("send", SLU_WANT_WRITE);
	*put = n;
	return SLU_OK;
}

static slu_status
mq_finish(void *self, slu_bio *next)
{
	struct mq *q = self;

	(void)next;
	if (mq_send(q->out, "", 0, 0))
		return not_now("send", SLU_WANT_WRITE);
	return SLU_OK;
}

/* On Linux a queue is a descriptor, so that a chain can wait for it. */
static slu_status
mq_wait(void *self, slu_bio *next, slu_status want, slu_waits *w)
{
	struct mq *q = self;

	(void)next;
	if (want == SLU_WANT_READ)
		return slu_waits_add(w, q->in, POLLIN);
	return slu_waits_add(w, q->out, POLLOUT);
}

static void
mq_free(void *self)
{
	struct mq *q = self;

	if (q->in >= 0)
		mq_close(q->in);
	if (q->out >= 0)
		mq_close(q->out);
}

static const slu_bio_ops mq_ops = {
	.name = "mq",
	.size = sizeof(struct mq),
	.read = mq_read,
	.write = mq_write,
	.finish = mq_finish,
	.free = mq_free,
	.wait = mq_wait,
};

/* Begin a chain with two queues: a constructor like the library's own. */
static slu_status
mq_begin(slu_bio **top, const char *in, const char *out, int flags)
{
	struct mq_attr attr = { .mq_maxmsg = 8, .mq_msgsize = MESSAGE };
	struct mq *q = slu_bio_push(top, &mq_ops);
	slu_status st;

	if (q == NULL)
		return SLU_ERR_MEMORY;
	flags |= O_NONBLOCK;
	q->in = mq_open(in, O_RDONLY | flags, 0600, &attr);
	q->out = mq_open(out, O_WRONLY | flags, 0600, &attr);
	if (q->in >= 0 && q->out >= 0)
		return SLU_OK;
	st = slu_fail(SLU_ERR_IO, "mq: %s: %s", in, strerror(errno));
	slu_bio_drop(top);
	return st;
}

/* The queues do not block, so that whoever wants may poll them: we wait. */
static slu_status
finish(slu_bio *c)
{
	slu_status st;

	while (
	    (st = slu_bio_finish(c)) == SLU_WANT_READ || st == SLU_WANT_WRITE) {
		st = slu_bio_wait(c, st, -1);
		if (st)
			break;
	}
	return st;
}

static slu_status
receive_file(const char *there, const char *back, slu_tls *tls)
{
	slu_bio *c = NULL, *out = NULL;
	slu_status st;

	mq_unlink(there); /* left over by somebody who was killed */
	mq_unlink(back);
	st = mq_begin(&c, there, back, O_CREAT | O_EXCL);
	if (st == SLU_OK)
		st = slu_tls_push(&c, tls);
	if (st == SLU_OK)
		st = slu_fd_open(&out, STDOUT_FILENO);
	if (st == SLU_OK)
		st = slu_bio_copy(out, c);
	if (st == SLU_OK)
		st = finish(c); /* this tells that all has come */
	slu_bio_free(c);
	slu_bio_free(out);
	mq_unlink(there);
	mq_unlink(back);
	return st;
}

static slu_status
send_file(const char *there, const char *back, slu_tls *tls)
{
	slu_bio *c = NULL, *in = NULL, *nothing = NULL;
	slu_status st = mq_begin(&c, back, there, 0);

	if (st == SLU_OK)
		st = slu_tls_push(&c, tls);
	if (st == SLU_OK)
		st = slu_fd_open(&in, STDIN_FILENO);
	if (st == SLU_OK)
		st = slu_null_open(&nothing);
	if (st == SLU_OK)
		st = slu_bio_copy(c, in);
	if (st == SLU_OK)
		st = finish(c);
	if (st == SLU_OK)
		st = slu_bio_copy(nothing, c); /* until the receiver's end */
	slu_bio_free(c);
	slu_bio_free(in);
	slu_bio_free(nothing);
	return st;
}

int
main(int argc, char **argv)
{
	char there[64], back[64];
	slu_tls_config *cfg = NULL;
	slu_tls_identity *id = NULL;
	slu_tls *tls = NULL;
	slu_status st;

	if (argc != 5) {
		fprintf(stderr, "usage: tls_mq receive NAME CHAIN KEY | "
				"send NAME HOST ROOTS\n");
		return 2;
	}
	snprintf(there, sizeof(there), "/%s.there", argv[2]);
	snprintf(back, sizeof(back), "/%s.back", argv[2]);
	st = slu_tls_config_new(&cfg);
	if (st == SLU_OK && strcmp(argv[1], "receive") == 0) {
		st = slu_tls_identity_file(&id, argv[3], argv[4], NULL);
		if (st == SLU_OK)
			st = slu_tls_config_identity(cfg, id);
		if (st == SLU_OK)
			st = slu_tls_server(&tls, cfg);
		if (st == SLU_OK)
			st = receive_file(there, back, tls);
	} else if (st == SLU_OK) {
		st = slu_tls_config_trust_file(cfg, argv[4]);
		if (st == SLU_OK)
			st = slu_tls_client(&tls, cfg, argv[3]);
		if (st == SLU_OK)
			st = send_file(there, back, tls);
	}
	if (st)
		fprintf(stderr, "tls_mq: %s\n", slu_error());
	slu_tls_free(tls);
	slu_tls_identity_free(id);
	slu_tls_config_free(cfg);
	return st != SLU_OK;
}
