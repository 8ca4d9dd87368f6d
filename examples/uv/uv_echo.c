/* SPDX-License-Identifier: ISC */
/*
 * uv_echo: a TLS server in a libuv loop, which says again what it is told.
 *
 *     uv_echo PORT CHAIN.pem KEY.pem
 *
 * libuv moves the bytes; the engine of each connection is fed and drained by
 * hand.  At most one piece is read and one written at a time: who does not
 * take the answers is not asked for more.  It ends with SIGTERM or SIGINT.
 */
#define _GNU_SOURCE
#include <sluice.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#define PIECE (16 * 1024)

struct peer {
	uv_tcp_t tcp;
	uv_write_t request;
	slu_tls *tls;   /* owned */
	char in[PIECE]; /* from libuv, in part fed */
	size_t in_off, in_len;
	int ended;       /* nothing more comes from libuv */
	char out[PIECE]; /* drained, and being written */
	int writing;
	char echo[PIECE]; /* read, in part written again */
	size_t echo_off, echo_len;
};

static slu_tls_config *config;

static void move(struct peer *p);

static void
on_closed(uv_handle_t *handle)
{
	struct peer *p = handle->data;

	slu_tls_free(p->tls);
	free(p);
}

static void
hang_up(struct peer *p)
{
	if (!uv_is_closing((uv_handle_t *)&p->tcp))
		uv_close((uv_handle_t *)&p->tcp, on_closed);
}

static void
on_written(uv_write_t *request, int fault)
{
	struct peer *p = request->handle->data;

	p->writing = 0;
	if (fault)
		hang_up(p);
	else
		move(p);
}

static void
on_room(uv_handle_t *handle, size_t hint, uv_buf_t *buf)
{
	struct peer *p = handle->data;

	(void)hint;
	*buf = uv_buf_init(p->in, PIECE);
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct peer *p = stream->data;

	(void)buf;
	if (n == 0)
		return;       /* libuv says so where another would say EAGAIN */
	uv_read_stop(stream); /* until all of it was fed */
	p->in_off = 0;
	p->in_len = n < 0 ? 0 : (size_t)n;
	if (n < 0) {
		p->ended = 1;
		slu_tls_feed_end(p->tls);
	}
	move(p);
}

/* Say again what there is to read, as far as the engine takes it. */
static slu_status
say_again(struct peer *p)
{
	slu_status st = SLU_OK;
	size_t n;

	while (st == SLU_OK) {
		if (p->echo_off < p->echo_len) {
			st = slu_tls_write(p->tls, p->echo + p->echo_off,
			    p->echo_len - p->echo_off, &n);
			p->echo_off += n;
		} else {
			p->echo_off = 0;
			st = slu_tls_read(p->tls, p->echo, PIECE, &p->echo_len);
		}
	}
	return st == SLU_EOF ? slu_tls_close(p->tls) : st;
}

/* What the engine has for the peer goes out, a piece at a time. */
static slu_status
drain(struct peer *p)
{
	slu_status st;
	uv_buf_t buf;
	size_t n;

	if (p->writing)
		return SLU_WANT_WRITE;
	st = slu_tls_drain(p->tls, p->out, PIECE, &n);
	if (st == SLU_OK) {
		buf = uv_buf_init(p->out, (unsigned)n);
		p->writing = 1;
		if (uv_write(&p->request, (uv_stream_t *)&p->tcp, &buf, 1,
			on_written))
			st = slu_fail(SLU_ERR_IO, "cannot write");
	}
	return st;
}

/* Around the doors of the engine, as long as anything moves. */
static void
move(struct peer *p)
{
	slu_status fed, out;
	size_t n;

	do {
		fed = SLU_WANT_READ;
		if (p->in_off < p->in_len) {
			fed = slu_tls_feed(p->tls, p->in + p->in_off,
			    p->in_len - p->in_off, &n);
			p->in_off += n;
		}
		(void)say_again(p); /* a failure, drain repeats */
		out = drain(p);
	} while (fed == SLU_OK || out == SLU_OK);
	if (slu_failed(out))
		fprintf(stderr, "uv_echo: %s\n", slu_error());
	if (slu_failed(out) || out == SLU_EOF)
		hang_up(p);
	else if (p->in_off == p->in_len && !p->ended)
		uv_read_start((uv_stream_t *)&p->tcp, on_room, on_read);
}

static void
on_connection(uv_stream_t *door, int fault)
{
	struct peer *p = fault ? NULL : calloc(1, sizeof(*p));

	if (p == NULL)
		return;
	p->tcp.data = p;
	uv_tcp_init(door->loop, &p->tcp);
	if (uv_accept(door, (uv_stream_t *)&p->tcp) == 0 &&
	    slu_tls_server(&p->tls, config) == SLU_OK)
		move(p);
	else
		hang_up(p);
}

static void
close_any(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (handle->data != NULL)
		hang_up(handle->data);
	else if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void
on_signal(uv_signal_t *handle, int sig)
{
	(void)sig;
	uv_walk(handle->loop, close_any, NULL);
}

static slu_status
prepare(const char *chain, const char *key)
{
	slu_tls_identity *id = NULL;
	slu_status st = slu_tls_config_new(&config);

	if (st == SLU_OK)
		st = slu_tls_identity_file(&id, chain, key, NULL);
	if (st == SLU_OK)
		st = slu_tls_config_identity(config, id);
	slu_tls_identity_free(id); /* the config has a share of it */
	return st;
}

static int
serve(int port)
{
	uv_loop_t *loop = uv_default_loop();
	uv_signal_t term = { 0 }, interrupt = { 0 };
	struct sockaddr_in at;
	uv_tcp_t door = { 0 };
	int fault = uv_ip4_addr("127.0.0.1", port, &at);

	uv_tcp_init(loop, &door);
	uv_signal_init(loop, &term);
	uv_signal_init(loop, &interrupt);
	uv_signal_start(&term, on_signal, SIGTERM);
	uv_signal_start(&interrupt, on_signal, SIGINT);
	if (fault == 0)
		fault = uv_tcp_bind(&door, (const struct sockaddr *)&at, 0);
	if (fault == 0)
		fault = uv_listen((uv_stream_t *)&door, 1024, on_connection);
	if (fault)
		uv_walk(loop, close_any, NULL);
	uv_run(loop, UV_RUN_DEFAULT);
	uv_loop_close(loop);
	return fault;
}

int
main(int argc, char **argv)
{
	int fault = 0;

	if (argc != 4) {
		fprintf(stderr, "usage: uv_echo PORT CHAIN KEY\n");
		return 2;
	}
	if (prepare(argv[2], argv[3])) {
		fprintf(stderr, "uv_echo: %s\n", slu_error());
		fault = 1;
	} else {
		fault = serve(atoi(argv[1]));
		if (fault)
			fprintf(stderr, "uv_echo: %s\n", uv_strerror(fault));
	}
	slu_tls_config_free(config);
	return fault != 0;
}
