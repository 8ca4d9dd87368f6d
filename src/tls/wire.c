/* SPDX-License-Identifier: ISC */
#include "wire.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

/* Blocks: for most flights, for two records of 16 KiB, for all there can be. */
static const size_t blocks[] = { 4096, 40 * 1024,
	SLU_WIRE_OUT_MAX + 20 * 1024 };

#define LENGTH_AT 3 /* of a record's header, and its last two bytes */

static BIO_METHOD *method;
static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;

/* The first bytes of all are kept, to explain what is no TLS. */
static void
keep_first(slu_wire *wire, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len && wire->received + i < SLU_WIRE_FIRST; i++)
		wire->first[wire->received + i] = bytes[i];
}

/*
 * libssl gives the room for a record back after each, so that who is idle
 * takes none.  Where there are more to come at once, that would be in vain.
 */
static void
hurry(slu_wire *wire, bool more)
{
	if (more == wire->hurried)
		return;
	wire->hurried = more;
	if (more)
		(void)SSL_clear_mode(wire->ssl, SSL_MODE_RELEASE_BUFFERS);
	else
		(void)SSL_set_mode(wire->ssl, SSL_MODE_RELEASE_BUFFERS);
}

/*
 * libssl reads ahead, which spares it a call for each header.  It would read
 * on into the next record, move that to the front, and keep what follows the
 * peer's close_notify; so it is given one record at a time.
 */
static size_t
take_record(slu_wire *wire, size_t cap)
{
	size_t n = cap < wire->in_len ? cap : wire->in_len;
	size_t taken = 0, body;

	for (; taken < n && wire->head < SSL3_RT_HEADER_LENGTH; wire->head++) {
		if (wire->head >= LENGTH_AT)
			wire->left = wire->left << 8 | wire->in[taken];
		taken++;
	}
	if (wire->head < SSL3_RT_HEADER_LENGTH)
		return taken;
	body = n - taken < wire->left ? n - taken : wire->left;
	wire->left -= body;
	if (wire->left == 0)
		wire->head = 0;
	return taken + body;
}

static int
wire_read(BIO *bio, char *buf, size_t cap, size_t *got)
{
	slu_wire *wire = BIO_get_data(bio);
	size_t n = take_record(wire, cap);

	BIO_clear_retry_flags(bio);
	*got = n;
	if (n == 0) {
		hurry(wire, false);
		if (!wire->ended)
			BIO_set_retry_read(bio);
		return 0;
	}
	memcpy(buf, wire->in, n);
	if (wire->received < SLU_WIRE_FIRST)
		keep_first(wire, wire->in, n);
	wire->in += n;
	wire->in_len -= n;
	wire->received += n;
	hurry(wire, wire->in_len > 0);
	return 1;
}

/* Have room behind what waits for `len` more bytes. */
static bool
make_room(slu_wire *wire, size_t len)
{
	size_t need = wire->out_len + len;
	size_t cap = wire->out_cap;
	unsigned char *mem;

	if (wire->out_off + need <= wire->out_cap)
		return true;
	for (size_t i = 0; cap < need; i++)
		cap = i < sizeof(blocks) / sizeof(*blocks) ? blocks[i] : need;
	mem = wire->out;
	if (cap > wire->out_cap) {
		mem = malloc(cap);
		if (mem == NULL)
			return false;
	}
	if (wire->out_len > 0)
		memmove(mem, slu_wire_front(wire), wire->out_len);
	if (mem != wire->out)
		free(wire->out);
	wire->out = mem;
	wire->out_off = 0;
	wire->out_cap = cap;
	return true;
}

/*
 * Offer what libssl wrote to whoever comes next, which spares a copy; what
 * that does not take waits.  A failure is left for later: a chain repeats it.
 * Nothing is offered while OpenSSL has an error to tell, since what is called
 * here may clear it.
 */
static size_t
hand_on(slu_wire *wire, const char *data, size_t len)
{
	size_t put = 0;

	if (wire->next == NULL || wire->out_len > 0 || ERR_peek_error() != 0)
		return 0;
	if (slu_bio_write_all(wire->next, data, len, &put) == SLU_OK)
		put = len;
	wire->unflushed = wire->unflushed || put > 0;
	return put;
}

static int
wire_write(BIO *bio, const char *data, size_t len, size_t *put)
{
	slu_wire *wire = BIO_get_data(bio);
	size_t n;

	BIO_clear_retry_flags(bio);
	*put = 0;
	if (wire->held || wire->out_len >= SLU_WIRE_OUT_MAX) {
		BIO_set_retry_write(bio);
		return 0;
	}
	n = hand_on(wire, data, len);
	if (n < len) {
		if (!make_room(wire, len - n)) {
			wire->exhausted = true;
			return 0;
		}
		memcpy(wire->out + wire->out_off + wire->out_len, data + n,
		    len - n);
		wire->out_len += len - n;
	}
	*put = len;
	return 1;
}

static long
wire_ctrl(BIO *bio, int cmd, long num, void *ptr)
{
	slu_wire *wire = BIO_get_data(bio);

	(void)num, (void)ptr;
	switch (cmd) {
	case BIO_CTRL_FLUSH: return 1;
	case BIO_CTRL_EOF: return wire->ended && wire->in_len == 0;
	default: return 0;
	}
}

static void
make_method(void)
{
	method =
	    BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "sluice");
	if (method == NULL)
		return;
	BIO_meth_set_read_ex(method, wire_read);
	BIO_meth_set_write_ex(method, wire_write);
	BIO_meth_set_ctrl(method, wire_ctrl);
}

BIO *
slu_wire_bio(slu_wire *wire)
{
	BIO *bio;

	if (!CRYPTO_THREAD_run_once(&once, make_method) || method == NULL)
		return NULL;
	bio = BIO_new(method);
	if (bio == NULL)
		return NULL;
	BIO_set_data(bio, wire);
	BIO_set_init(bio, 1);
	return bio;
}

void
slu_wire_take(slu_wire *wire, size_t len)
{
	size_t n = len < wire->out_len ? len : wire->out_len;

	wire->out_off += n;
	wire->out_len -= n;
	if (wire->out_len == 0)
		slu_wire_free(wire);
}

/* What was encrypted for the peer is no secret. */
void
slu_wire_free(slu_wire *wire)
{
	free(wire->out);
	wire->out = NULL;
	wire->out_off = wire->out_len = wire->out_cap = 0;
}
