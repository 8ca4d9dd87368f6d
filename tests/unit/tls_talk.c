/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "tls_talk.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "sluice/fd.h"
#include "sluice/tls_stream.h"
#include "trial.h"

#define PATIENCE 20000000 /* rounds in which nothing moves */
#define PIECE 20000       /* more than a record takes */

struct end {
	slu_bio *chain;
	unsigned char *heard;
	size_t sent, got;
	bool finished, ended;
};

static bool
is_wait(slu_status st)
{
	if (st != SLU_WANT_READ && st != SLU_WANT_WRITE)
		CHECK_OK(st);
	return st != SLU_OK;
}

static bool
say(struct end *e, const unsigned char *plain, size_t len)
{
	size_t n = len - e->sent < PIECE ? len - e->sent : PIECE, put;

	if (e->finished)
		return false;
	if (n == 0) {
		e->finished = !is_wait(slu_bio_finish(e->chain));
		return e->finished;
	}
	if (is_wait(slu_bio_write(e->chain, plain + e->sent, n, &put)))
		return false;
	e->sent += put;
	return true;
}

static bool
hear(struct end *e, size_t len)
{
	slu_status st;
	size_t n;

	if (e->ended)
		return false;
	st = slu_bio_read(e->chain, e->heard + e->got, len + 1 - e->got, &n);
	e->ended = st == SLU_EOF;
	if (e->ended || is_wait(st))
		return e->ended;
	e->got += n;
	return true;
}

void
tls_talk(slu_bio *a, slu_bio *b, size_t len)
{
	unsigned char *plain = malloc(len + 1);
	struct end ends[2] = { { .chain = a }, { .chain = b } };
	bool done = false;

	CHECK(plain != NULL);
	trial_plain(plain, len);
	for (int i = 0; i < 2; i++) {
		ends[i].heard = malloc(len + 1);
		CHECK(ends[i].heard != NULL);
	}
	for (long idle = 0; !done; idle++) {
		CHECK(idle < PATIENCE);
		done = true;
		for (int i = 0; i < 2; i++) {
			if (say(&ends[i], plain, len))
				idle = 0;
			if (hear(&ends[i], len))
				idle = 0;
			done &= ends[i].finished && ends[i].ended;
		}
	}
	for (int i = 0; i < 2; i++) {
		CHECK_BYTES(plain, len, ends[i].heard, ends[i].got);
		free(ends[i].heard);
	}
	free(plain);
}

slu_status
tls_talk_alone(slu_bio *c, size_t len)
{
	unsigned char *plain = malloc(len + 1), *heard = malloc(len + 1);
	slu_status st = SLU_ERR_MEMORY;
	size_t n, got = 0;

	if (plain == NULL || heard == NULL)
		goto out;
	trial_plain(plain, len);
	st = slu_bio_write_all(c, plain, len, &n);
	if (st == SLU_OK)
		st = slu_bio_finish(c);
	while (st == SLU_OK) {
		st = slu_bio_read(c, heard + got, len + 1 - got, &n);
		got += n;
	}
	if (st != SLU_EOF)
		goto out;
	st = got == len && memcmp(plain, heard, len) == 0 ? SLU_OK
							  : SLU_ERR_FORMAT;
out:
	free(plain);
	free(heard);
	return st;
}

void
tls_talk_push(tls_pair *p, slu_bio **client, slu_bio **server)
{
	tls_pair_end(p);
	tls_pair_begin(p, CERTIFICATE_NAME);
	CHECK_OK(slu_tls_push(client, p->client));
	CHECK_OK(slu_tls_push(server, p->server));
}

void
tls_talk_by_sockets(tls_pair *p, slu_bio *ends[2], int fds[2])
{
	slu_status st;

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	for (int i = 0; i < 2; i++) {
		ends[i] = NULL;
		CHECK(fcntl(fds[i], F_SETFL, O_NONBLOCK) == 0);
		CHECK_OK(slu_fd_open(&ends[i], fds[i]));
	}
	tls_talk_push(p, &ends[0], &ends[1]);
	do {
		CHECK(!slu_failed(slu_bio_flush(ends[0])));
		st = slu_bio_flush(ends[1]);
	} while (st == SLU_WANT_READ);
	CHECK_OK(st);
	CHECK_OK(slu_bio_flush(ends[0]));
}

void
tls_talk_hang_up(slu_bio *ends[2], int fds[2])
{
	for (int i = 0; i < 2; i++) {
		slu_bio_free(ends[i]);
		close(fds[i]);
	}
}
