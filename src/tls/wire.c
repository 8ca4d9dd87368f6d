/* SPDX-License-Identifier: ISC */
#include "wire.h"

#include <openssl/crypto.h>
#include <string.h>

static BIO_METHOD *method;
static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;

static int
wire_read(BIO *bio, char *buf, size_t cap, size_t *got)
{
	slu_wire *wire = BIO_get_data(bio);
	size_t n = cap < wire->in_len ? cap : wire->in_len;

	BIO_clear_retry_flags(bio);
	*got = n;
	if (n == 0) {
		if (!wire->ended)
			BIO_set_retry_read(bio);
		return 0;
	}
	memcpy(buf, wire->in, n);
	wire->in += n;
	wire->in_len -= n;
	return 1;
}

static int
wire_write(BIO *bio, const char *data, size_t len, size_t *put)
{
	slu_wire *wire = BIO_get_data(bio);
	size_t room = wire->out.limit - wire->out.len;
	size_t n = len < room ? len : room;

	BIO_clear_retry_flags(bio);
	*put = 0;
	if (n == 0) {
		BIO_set_retry_write(bio);
		return 0;
	}
	if (slu_buf_add(&wire->out, data, n))
		return 0;
	*put = n;
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
