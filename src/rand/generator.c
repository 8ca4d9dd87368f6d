/* SPDX-License-Identifier: ISC */
#define _DEFAULT_SOURCE /* madvise */
#include "generator.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <sys/mman.h>

#include "entropy.h"
#include "sluice/secret.h"

#define CIPHER "AES-256-CTR"
#define KEY 32            /* bytes */
#define PIECE 16384       /* bytes that one call of OpenSSL makes */
#define MOST (64 * PIECE) /* bytes that one key makes */

static const unsigned char zeros[KEY];

/* What is secret, in pages of its own; all zero is a fine beginning. */
struct state {
	slu_draw_pool pool;
	unsigned char key[KEY];
};

static _Thread_local struct {
	slu_draw draw;       /* its pool is the first field of the state */
	EVP_CIPHER_CTX *ctx; /* owned; between two calls its key is zeros */
} mine;

static struct state *
state(void)
{
	return (struct state *)mine.draw.pool;
}

static void
use_key(const unsigned char key[KEY])
{
	static const unsigned char iv[16];

	if (EVP_EncryptInit_ex2(mine.ctx, NULL, key, iv, NULL) != 1)
		slu_entropy_abort(CIPHER, "refused by OpenSSL");
}

static void
encrypt(unsigned char *out, size_t len)
{
	int n = (int)len;

	memset(out, 0, len);
	if (EVP_EncryptUpdate(mine.ctx, out, &n, out, n) != 1)
		slu_entropy_abort(CIPHER, "refused by OpenSSL");
}

/* Mix entropy into the key, and let that make the next one and `len` bytes. */
static void
make_with_one_key(unsigned char *out, size_t len)
{
	unsigned char fresh[KEY];
	unsigned char *key = state()->key;
	size_t n;

	slu_entropy(fresh, sizeof(fresh));
	for (size_t i = 0; i < KEY; i++)
		key[i] ^= fresh[i];
	use_key(key);
	encrypt(key, KEY);
	for (; len > 0; len -= n, out += n) {
		n = len < PIECE ? len : PIECE;
		encrypt(out, n);
	}
	use_key(zeros);
	slu_wipe(fresh, sizeof(fresh));
}

static void
make(slu_draw *d, void *out, size_t len)
{
	unsigned char *to = out;
	size_t n;

	(void)d;
	for (; len > 0; len -= n, to += n) {
		n = len < MOST ? len : MOST;
		make_with_one_key(to, n);
	}
}

static pthread_key_t at_exit; /* of a thread */
static pthread_once_t once_at_exit = PTHREAD_ONCE_INIT;
static pthread_once_t once_at_fork = PTHREAD_ONCE_INIT;

static void
end(void *own)
{
	slu_wipe(own, sizeof(struct state));
	munmap(own, sizeof(struct state));
	EVP_CIPHER_CTX_free(mine.ctx);
	memset(&mine, 0, sizeof(mine));
}

static void
prepare_exit(void)
{
	if (pthread_key_create(&at_exit, end) != 0)
		slu_entropy_abort("pthread_key_create", "out of keys");
}

static void
empty(void)
{
	if (mine.draw.pool != NULL)
		slu_wipe(mine.draw.pool, sizeof(struct state));
}

static void
prepare_fork(void)
{
	if (pthread_atfork(NULL, NULL, empty) != 0)
		slu_entropy_abort("pthread_atfork", "out of memory");
}

static void
start_cipher(void)
{
	EVP_CIPHER *cipher =
	    EVP_CIPHER_fetch(OSSL_LIB_CTX_get0_global_default(), CIPHER, NULL);

	mine.ctx = EVP_CIPHER_CTX_new();
	if (cipher == NULL || mine.ctx == NULL ||
	    EVP_EncryptInit_ex2(mine.ctx, cipher, zeros, zeros, NULL) != 1)
		slu_entropy_abort(CIPHER, "OpenSSL cannot give it");
	EVP_CIPHER_free(cipher);
}

static void
begin(void)
{
	void *own = mmap(NULL, sizeof(struct state), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (own == MAP_FAILED)
		slu_entropy_abort("mmap", strerror(errno));
	(void)madvise(own, sizeof(struct state), MADV_DONTDUMP);
	/* Linux before 4.14 does not know how to wipe on fork. */
	if (madvise(own, sizeof(struct state), MADV_WIPEONFORK) != 0)
		pthread_once(&once_at_fork, prepare_fork);
	pthread_once(&once_at_exit, prepare_exit);
	if (pthread_setspecific(at_exit, own) != 0)
		slu_entropy_abort("pthread_setspecific", "out of memory");
	start_cipher();
	mine.draw.make = make;
	mine.draw.pool = own;
}

slu_draw *
slu_generator(void)
{
	if (mine.draw.pool == NULL)
		begin();
	return &mine.draw;
}
