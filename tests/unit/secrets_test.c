/* SPDX-License-Identifier: ISC */
/*
 * What is left in memory of secrets, once their owners are done with them.
 * The test itself keeps its secrets masked, and looks for them through the
 * kernel, in every page that this process can write.
 */
#define _GNU_SOURCE /* MAP_ANONYMOUS */

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "check.h"
#include "endless.h"
#include "oom.h"
#include "sealed.h"

#include "seal/identity_internal.h"
#include "seal/match.h"
#include "seal/parse.h"
#include "seal/raw64.h"
#include "seal/scrypt.h"
#include "seal/ssh_file.h"
#include "seal/ssh_wire.h"
#include "seal/x25519.h"
#include "sluice/choice.h"
#include "sluice/ahead.h"
#include "sluice/base64.h"
#include "sluice/deflate.h"
#include "sluice/http_proxy.h"
#include "sluice/identity_file.h"
#include "sluice/mac.h"
#include "sluice/mem.h"
#include "sluice/null.h"
#include "sluice/rand.h"
#include "sluice/seal.h"
#include "sluice/secret.h"
#include "sluice/socks.h"
#include "sluice/unseal.h"
#include "sluice/view.h"
#include "sluice/words.h"

#define MASK 0x5a
#define SECRET 16 /* bytes of each secret that are looked for */
#define PIECE (1024 * 1024)
#define STACK (1024 * 1024)

struct secret {
	const char *name;
	unsigned char masked[SECRET];
};

/* Whether `len` bytes hold a secret, which is spelt out nowhere here. */
static size_t
find(const unsigned char *mem, size_t len, const struct secret *s)
{
	const unsigned char *at = mem, *end = mem + len;
	size_t found = 0, k;

	while (end - at >= SECRET) {
		at = memchr(
		    at, s->masked[0] ^ MASK, (size_t)(end - at) - SECRET + 1);
		if (at == NULL)
			break;
		for (k = 1; k < SECRET; k++)
			if ((at[k] ^ MASK) != s->masked[k])
				break;
		found += k == SECRET;
		at++;
	}
	return found;
}

/* Valgrind keeps registers, and so pieces of secrets, where we look. */
static void
skip_under_valgrind(void)
{
	if (check_slow("nothing is looked for"))
		skip();
}

/* Search one mapping, piece by piece, into memory that is wiped again. */
static size_t
search(int mem, uintmax_t from, uintmax_t to, const struct secret *s)
{
	static unsigned char piece[PIECE + SECRET];
	uintmax_t own = (uintmax_t)(uintptr_t)piece;
	size_t found = 0;

	for (uintmax_t at = from; at < to; at += PIECE) {
		size_t want = sizeof(piece);
		ssize_t n;

		if (want > to - at)
			want = (size_t)(to - at);
		n = pread(mem, piece, want, (off_t)at);
		/* Not itself: what it has just read is there a second time. */
		if (n > 0 && (at >= own + sizeof(piece) || at + want <= own))
			found += find(piece, (size_t)n, s);
		slu_wipe(piece, sizeof(piece));
	}
	return found;
}

static size_t
search_everywhere(const struct secret *s)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	uintmax_t from, to;
	size_t found = 0, n;
	char line[512], mode[5];

	CHECK(maps != NULL && mem >= 0);
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%" SCNxMAX "-%" SCNxMAX " %4s", &from, &to,
			mode) != 3 ||
		    mode[1] != 'w' || strstr(line, "[v") != NULL)
			continue;
		/* A sanitizer's shadow is large, and no place for bytes. */
		if (to - from > UINTMAX_C(1) << 26)
			continue;
		n = search(mem, from, to, s);
		if (n > 0)
			print_message("%s, %zu times in %s", s->name, n, line);
		found += n;
	}
	fclose(maps);
	close(mem);
	return found;
}

static void
keep(struct secret *s, const char *name, const unsigned char *bytes)
{
	s->name = name;
	for (size_t i = 0; i < SECRET; i++)
		s->masked[i] = bytes[i] ^ MASK;
}

/* Random bytes are as good masked as not: these were never in the clear. */
static void
draw(struct secret *s, const char *name)
{
	s->name = name;
	slu_rand_bytes(s->masked, SECRET);
}

static void
reveal(const struct secret *s, unsigned char *out)
{
	for (size_t i = 0; i < SECRET; i++)
		out[i] = s->masked[i] ^ MASK;
}

/* Twice, since what is freed may lose its first bytes to the allocator. */
static void
reveal_twice(const struct secret *s, unsigned char out[2 * SECRET])
{
	reveal(s, out);
	reveal(s, out + SECRET);
}

static void
seal(slu_buf *file, const struct secret *passphrase, const struct secret *text)
{
	unsigned char words[2 * SECRET];
	slu_recipients *r = NULL;
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_recipients_new(&r));
	reveal_twice(passphrase, words);
	CHECK_OK(slu_recipients_passphrase(r, words, sizeof(words), 10));
	CHECK_OK(slu_mem_open(&c, file));
	CHECK_OK(slu_seal(&c, r, NULL));
	slu_recipients_free(r);
	reveal(text, words);
	for (int i = 0; i < 5000; i++)
		CHECK_OK(slu_bio_write_all(c, words, SECRET, &put));
	slu_wipe(words, sizeof(words));
	CHECK_OK(slu_bio_finish(c));
	/* The chain lives on, and has no use for it any more. */
	CHECK(search_everywhere(text) == 0);
	slu_bio_free(c);
}

static slu_identities *
identities(const struct secret *passphrase)
{
	unsigned char words[2 * SECRET];
	slu_identities *ids = NULL;

	CHECK_OK(slu_identities_new(&ids));
	reveal_twice(passphrase, words);
	CHECK_OK(slu_identities_passphrase(ids, words, sizeof(words), 0));
	slu_wipe(words, sizeof(words));
	return ids;
}

static slu_bio *
unseal(const slu_buf *file, const struct secret *passphrase)
{
	slu_identities *ids = identities(passphrase);
	slu_bio *c = NULL;

	CHECK_OK(slu_view_open(&c, slu_buf_front(file), file->len));
	CHECK_OK(slu_unseal(&c, ids, NULL));
	slu_identities_free(ids);
	return c;
}

/* All the keys of a sealed file. */
struct keys {
	struct secret wrap, file, mac, payload;
};

/* The key that a passphrase makes, as C2SP age has it. */
static void
learn_wrap_key(struct secret *wrap, const slu_scrypt_stanza *s,
    const struct secret *passphrase)
{
	unsigned char words[2 * SECRET], key[SLU_KEY_SIZE];
	unsigned char salt[28 + SLU_SCRYPT_SALT] =
	    "age-encryption.org/v1/scrypt";

	memcpy(salt + 28, s->salt, sizeof(s->salt));
	reveal_twice(passphrase, words);
	CHECK_OK(slu_kdf_scrypt(
	    key, words, sizeof(words), salt, sizeof(salt), s->work_factor));
	keep(wrap, "the wrap key", key);
	slu_wipe(words, sizeof(words));
	slu_wipe(key, sizeof(key));
}

/* The key that a file's key makes for the MAC of its header. */
static void
learn_mac_key(struct secret *mac, const unsigned char file_key[SLU_FILE_KEY])
{
	unsigned char key[SLU_KEY_SIZE];

	CHECK_OK(slu_kdf_hkdf(key, sizeof(key), file_key, SLU_FILE_KEY, NULL, 0,
	    "header", strlen("header")));
	keep(mac, "the MAC's key", key);
	slu_wipe(key, sizeof(key));
}

static void
learn_keys(struct keys *k, const slu_buf *file, const struct secret *passphrase)
{
	slu_identities *ids = identities(passphrase);
	unsigned char file_key[SLU_FILE_KEY], key[SLU_KEY_SIZE];
	slu_parser p = { 0 };
	slu_scrypt_stanza s;
	slu_match_told told;
	size_t used;
	bool found;

	CHECK_OK(slu_parser_feed(&p, slu_buf_front(file), file->len, &used));
	CHECK_OK(slu_scrypt_find(&p.header, &s, &found));
	CHECK(found);
	learn_wrap_key(&k->wrap, &s, passphrase);
	CHECK_OK(slu_match(ids, &p, file_key, &told));
	keep(&k->file, "the file key", file_key);
	learn_mac_key(&k->mac, file_key);
	CHECK_OK(slu_kdf_payload(key, file_key, slu_buf_front(file) + used));
	keep(&k->payload, "the payload's key", key);
	slu_wipe(file_key, sizeof(file_key));
	slu_wipe(key, sizeof(key));
	slu_parser_free(&p);
	slu_identities_free(ids);
}

static size_t
search_for_keys(const struct keys *k)
{
	return search_everywhere(&k->wrap) + search_everywhere(&k->file) +
	       search_everywhere(&k->mac) + search_everywhere(&k->payload);
}

static void
nothing_secret_outlives_its_owner(void **state)
{
	struct secret passphrase, text;
	struct keys keys;
	slu_buf file = { .limit = PIECE };
	unsigned char bytes[SECRET];
	slu_bio *c;
	size_t got;

	(void)state;
	skip_under_valgrind();
	draw(&passphrase, "the passphrase");
	draw(&text, "the plaintext");
	seal(&file, &passphrase, &text);
	CHECK(search_everywhere(&passphrase) == 0);
	CHECK(search_everywhere(&text) == 0);

	learn_keys(&keys, &file, &passphrase);
	CHECK(search_for_keys(&keys) == 0);
	c = unseal(&file, &passphrase);
	CHECK_OK(slu_bio_read(c, bytes, 1, &got));
	/* Half-way: the key has served, and so has the passphrase. */
	CHECK(search_everywhere(&passphrase) == 0);
	CHECK(search_everywhere(&keys.file) == 0);
	CHECK(search_everywhere(&text) > 0);
	while (slu_bio_read(c, bytes, 13, &got) == SLU_OK)
		continue;
	slu_bio_free(c);
	slu_wipe(bytes, SECRET);
	CHECK(search_everywhere(&text) == 0);
	CHECK(search_for_keys(&keys) == 0);
	slu_buf_free(&file);
}

/* At once, while nobody else has been given their memory. */
static void
a_list_wipes_its_secrets_when_it_is_freed(void **state)
{
	unsigned char words[2 * SECRET];
	slu_identities *ids = NULL;
	slu_recipients *r = NULL;
	struct secret passphrase;

	(void)state;
	skip_under_valgrind();
	draw(&passphrase, "the passphrase");
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_recipients_new(&r));
	reveal_twice(&passphrase, words);
	CHECK_OK(slu_identities_passphrase(ids, words, sizeof(words), 0));
	CHECK_OK(slu_recipients_passphrase(r, words, sizeof(words), 0));
	slu_wipe(words, sizeof(words));
	CHECK(search_everywhere(&passphrase) > 0);
	slu_identities_free(ids);
	slu_recipients_free(r);
	CHECK(search_everywhere(&passphrase) == 0);
}

static slu_status
answer(slu_buf *passphrase, void *arg)
{
	unsigned char words[2 * SECRET];
	slu_status st;

	reveal_twice(arg, words);
	st = slu_buf_add(passphrase, words, sizeof(words));
	slu_wipe(words, sizeof(words));
	return st;
}

static void
a_passphrase_that_was_asked_for_is_wiped(void **state)
{
	struct secret passphrase, text;
	slu_buf file = { .limit = PIECE };
	slu_identities *ids = NULL;
	unsigned char byte;
	slu_bio *c = NULL;
	size_t got;

	(void)state;
	skip_under_valgrind();
	draw(&passphrase, "the passphrase");
	draw(&text, "the plaintext");
	seal(&file, &passphrase, &text);
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_ask(ids, answer, &passphrase, 0));
	CHECK_OK(slu_view_open(&c, slu_buf_front(&file), file.len));
	CHECK_OK(slu_unseal(&c, ids, NULL));
	CHECK_OK(slu_bio_read(c, &byte, 1, &got));
	CHECK(search_everywhere(&passphrase) == 0);
	slu_bio_free(c);
	slu_identities_free(ids);
	slu_buf_free(&file);
}

struct job {
	slu_recipients *r;
	slu_buf file;
	size_t upto; /* bytes of the file that have arrived */
	slu_bio *c;
	slu_status st;
};

static void
begin_to_seal(void *arg)
{
	struct job *j = arg;

	j->st = slu_seal(&j->c, j->r, NULL);
}

/* A source that waits behind the payload's nonce. */
static slu_status
waiting_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct job *j = *(struct job **)self;

	(void)next;
	if (j->upto == 0)
		return SLU_WANT_READ;
	*got = cap < j->upto ? cap : j->upto;
	memcpy(buf, slu_buf_front(&j->file), *got);
	slu_buf_skip(&j->file, *got);
	j->upto -= *got;
	return SLU_OK;
}

static const slu_bio_ops waiting_ops = {
	.name = "waiting",
	.size = sizeof(struct job *),
	.read = waiting_read,
};

static void
begin_to_unseal(void *arg)
{
	struct job *j = arg;
	unsigned char byte;
	size_t got;

	j->st = slu_bio_read(j->c, &byte, 1, &got);
}

static ucontext_t here, there;
static void *current;
static void (*task)(void *arg);

static void
run_task(void)
{
	task(current);
}

/* Run on a stack of its own, which nothing overwrites afterwards. */
static void
run_on(void *stack, void (*run)(void *arg), void *arg)
{
	CHECK(getcontext(&there) == 0);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = STACK;
	there.uc_link = &here;
	current = arg;
	task = run;
	makecontext(&there, run_task, 0);
	CHECK(swapcontext(&here, &there) == 0);
}

static void *
make_stack(void)
{
	void *p = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	return p;
}

static void
seal_on(void *stack, struct job *j, const struct secret *passphrase)
{
	unsigned char words[2 * SECRET];

	CHECK_OK(slu_recipients_new(&j->r));
	reveal_twice(passphrase, words);
	CHECK_OK(slu_recipients_passphrase(j->r, words, sizeof(words), 10));
	slu_wipe(words, sizeof(words));
	CHECK_OK(slu_mem_open(&j->c, &j->file));
	run_on(stack, begin_to_seal, j);
	CHECK_OK(j->st);
	CHECK_OK(slu_bio_finish(j->c));
	slu_bio_free(j->c);
	slu_recipients_free(j->r);
	j->c = NULL;
}

static void
unseal_on(void *stack, struct job *j, const struct secret *passphrase)
{
	slu_identities *ids = identities(passphrase);
	struct job **source;

	j->upto = sealed_header_len(slu_buf_front(&j->file), j->file.len) +
		  SLU_PAYLOAD_NONCE;
	source = slu_bio_push(&j->c, &waiting_ops);
	CHECK(source != NULL);
	*source = j;
	CHECK_OK(slu_unseal(&j->c, ids, NULL));
	slu_identities_free(ids);
	run_on(stack, begin_to_unseal, j);
	CHECK_IS(SLU_WANT_READ, j->st);
	slu_bio_free(j->c);
}

static void
no_key_is_left_on_a_stack(void **state)
{
	struct job j = { .file = { .limit = PIECE } };
	struct secret passphrase;
	struct keys keys;
	void *one, *two;

	(void)state;
	skip_under_valgrind();
	one = make_stack();
	two = make_stack();
	draw(&passphrase, "the passphrase");
	seal_on(one, &j, &passphrase);
	learn_keys(&keys, &j.file, &passphrase);
	unseal_on(two, &j, &passphrase);
	CHECK(search_everywhere(&passphrase) == 0);
	CHECK(search_for_keys(&keys) == 0);
	slu_buf_free(&j.file);
	CHECK(munmap(one, STACK) == 0 && munmap(two, STACK) == 0);
}

/* Elements that are a secret, twice. */
struct deck {
	unsigned char cards[8][2 * SECRET];
};

static void
shuffle_deck(void *arg)
{
	struct deck *d = arg;

	slu_choice_shuffle(
	    NULL, d->cards, sizeof(d->cards) / sizeof(*d->cards), 2 * SECRET);
}

static void
no_element_that_was_shuffled_is_left_on_a_stack(void **state)
{
	struct secret card;
	struct deck d;
	void *stack;

	(void)state;
	skip_under_valgrind();
	stack = make_stack();
	draw(&card, "an element");
	for (size_t i = 0; i < sizeof(d.cards) / sizeof(*d.cards); i++)
		reveal_twice(&card, d.cards[i]);
	run_on(stack, shuffle_deck, &d);
	CHECK(find((const unsigned char *)d.cards, sizeof(d.cards), &card) > 0);
	slu_wipe(&d, sizeof(d));
	CHECK(search_everywhere(&card) == 0);
	CHECK(munmap(stack, STACK) == 0);
}

/*
 * What opens a file for the holder of a key: the key, its text, what it and
 * the file's share agree on, and the wrap key that is made of that.
 */
struct key_secrets {
	struct secret scalar, text, shared, wrap;
};

static size_t
search_for_key(const struct key_secrets *k)
{
	return search_everywhere(&k->scalar) + search_everywhere(&k->text) +
	       search_everywhere(&k->shared) + search_everywhere(&k->wrap);
}

/* A list of the key, and of its public half. */
static slu_identities *
make_key(struct key_secrets *k, const struct secret *drawn, slu_recipients **r)
{
	char text[SLU_X25519_SECRET_CHARS + 1];
	unsigned char scalar[2 * SECRET];
	slu_identities *ids = NULL;
	slu_buf public = { .limit = 100 };

	reveal_twice(drawn, scalar);
	/* OpenSSL changes the first and the last byte of its copies. */
	keep(&k->scalar, "the secret key", scalar + SECRET / 2);
	slu_bech32_encode(text, SLU_X25519_SECRET_NAME, scalar, sizeof(scalar));
	keep(&k->text, "its text", (unsigned char *)text + 30);
	slu_wipe(scalar, sizeof(scalar));
	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_identities_key(ids, text, strlen(text)));
	slu_wipe(text, sizeof(text));
	CHECK_OK(slu_identities_recipients(ids, &public));
	CHECK_OK(slu_recipients_new(r));
	CHECK_OK(slu_recipients_key(
	    *r, (const char *)slu_buf_front(&public), public.len - 1));
	slu_buf_free(&public);
	return ids;
}

static void
learn_shared(
    struct key_secrets *k, const slu_buf *file, const struct secret *drawn)
{
	unsigned char scalar[2 * SECRET], shared[SLU_POINT], key[SLU_KEY_SIZE];
	unsigned char salt[2 * SLU_POINT];
	slu_parser p = { 0 };
	size_t used;

	CHECK_OK(slu_parser_feed(&p, slu_buf_front(file), file->len, &used));
	CHECK(slu_raw64_decode_all(
	    salt, SLU_POINT, slu_stanza_arg(&p.header.stanzas[0], 1)));
	reveal_twice(drawn, scalar);
	CHECK_OK(slu_agree_public(salt + SLU_POINT, scalar));
	CHECK_OK(slu_agree(shared, scalar, salt));
	keep(&k->shared, "the shared secret", shared);
	CHECK_OK(slu_kdf_hkdf(key, sizeof(key), shared, sizeof(shared), salt,
	    sizeof(salt), "age-encryption.org/v1/X25519", 28));
	keep(&k->wrap, "the wrap key", key);
	slu_wipe(scalar, sizeof(scalar));
	slu_wipe(shared, sizeof(shared));
	slu_wipe(key, sizeof(key));
	slu_parser_free(&p);
}

static void
no_secret_key_and_nothing_made_of_it_outlives_its_list(void **state)
{
	struct job j = { .file = { .limit = PIECE } };
	struct key_secrets k;
	struct secret drawn;
	slu_identities *ids;
	struct job **source;
	void *one, *two;

	(void)state;
	skip_under_valgrind();
	one = make_stack();
	two = make_stack();
	draw(&drawn, "the secret key");
	ids = make_key(&k, &drawn, &j.r);
	CHECK_OK(slu_mem_open(&j.c, &j.file));
	run_on(one, begin_to_seal, &j);
	CHECK_OK(j.st);
	CHECK_OK(slu_bio_finish(j.c));
	slu_bio_free(j.c);
	slu_recipients_free(j.r);
	learn_shared(&k, &j.file, &drawn);
	CHECK(search_everywhere(&k.scalar) > 0);

	j.c = NULL;
	j.upto = sealed_header_len(slu_buf_front(&j.file), j.file.len) +
		 SLU_PAYLOAD_NONCE;
	source = slu_bio_push(&j.c, &waiting_ops);
	CHECK(source != NULL);
	*source = &j;
	CHECK_OK(slu_unseal(&j.c, ids, NULL));
	slu_identities_free(ids);
	run_on(two, begin_to_unseal, &j);
	CHECK_IS(SLU_WANT_READ, j.st);
	CHECK(search_for_key(&k) == 0);
	slu_bio_free(j.c);
	slu_buf_free(&j.file);
	CHECK(munmap(one, STACK) == 0 && munmap(two, STACK) == 0);
}

/* Read a file of keys, sealed or not, and use what is in it. */
static void
read_and_name(const slu_buf *file, struct secret *passphrase)
{
	const slu_identity_file_options options = { .ask = answer,
		.arg = passphrase };
	slu_buf public = { .limit = 1000 };
	slu_identities *ids = NULL;
	slu_bio *in = NULL;

	CHECK_OK(slu_identities_new(&ids));
	CHECK_OK(slu_view_open(&in, slu_buf_front(file), file->len));
	CHECK_OK(slu_identities_read(ids, in, &options));
	slu_bio_free(in);
	CHECK_OK(slu_identities_recipients(ids, &public));
	CHECK(public.len > 0);
	slu_buf_free(&public);
	slu_identities_free(ids);
}

static void
no_key_of_a_file_that_was_sealed_is_left(void **state)
{
	struct secret drawn, passphrase, scalar, spelt;
	char text[SLU_X25519_SECRET_CHARS + 1];
	unsigned char words[2 * SECRET];
	slu_buf file = { .limit = PIECE };
	slu_recipients *r = NULL;
	slu_bio *c = NULL;
	size_t put;

	(void)state;
	skip_under_valgrind();
	draw(&drawn, "the secret key");
	draw(&passphrase, "the passphrase");
	CHECK_OK(slu_recipients_new(&r));
	reveal_twice(&passphrase, words);
	CHECK_OK(slu_recipients_passphrase(r, words, sizeof(words), 10));
	CHECK_OK(slu_mem_open(&c, &file));
	CHECK_OK(slu_seal(&c, r, NULL));
	slu_recipients_free(r);
	reveal_twice(&drawn, words);
	keep(&scalar, "the secret key", words + SECRET / 2);
	slu_bech32_encode(text, SLU_X25519_SECRET_NAME, words, sizeof(words));
	slu_wipe(words, sizeof(words));
	keep(&spelt, "its text", (unsigned char *)text + 30);
	CHECK_OK(slu_bio_write_all(c, text, strlen(text), &put));
	slu_wipe(text, sizeof(text));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	read_and_name(&file, &passphrase);
	CHECK(search_everywhere(&passphrase) == 0);
	CHECK(search_everywhere(&scalar) == 0);
	CHECK(search_everywhere(&spelt) == 0);
	slu_buf_free(&file);
}

/* The bytes of a key of a seed, as its file has them in its second part. */
static void
make_pair(slu_buf *public, slu_buf *inside, const unsigned char *seed)
{
	unsigned char pair[4 * SECRET];
	size_t len = 2 * SECRET;
	EVP_PKEY *key;

	key = EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_ED25519, NULL, seed, 2 * SECRET);
	CHECK(EVP_PKEY_get_raw_public_key(key, pair + 2 * SECRET, &len) == 1);
	EVP_PKEY_free(key);
	memcpy(pair, seed, 2 * SECRET);
	CHECK_OK(slu_ssh_put(public, "ssh-ed25519", 11));
	CHECK_OK(slu_ssh_put(public, pair + 2 * SECRET, 2 * SECRET));
	CHECK_OK(slu_buf_add(inside, "samesame", 8));
	CHECK_OK(slu_buf_add(inside, slu_buf_front(public), public->len));
	CHECK_OK(slu_ssh_put(inside, pair, sizeof(pair)));
	CHECK_OK(slu_ssh_put(inside, "", 0));
	for (char c = 1; inside->len % SLU_SSH_BLOCK > 0; c++)
		CHECK_OK(slu_buf_add(inside, &c, 1));
	slu_wipe(pair, sizeof(pair));
}

/* What bcrypt makes of a passphrase and no salt to speak of. */
static void
derive_ssh(unsigned char key[3 * SECRET], const struct secret *passphrase)
{
	unsigned char words[2 * SECRET];
	slu_bcrypt b = { 0 };

	reveal_twice(passphrase, words);
	CHECK_OK(slu_bcrypt_load(&b));
	CHECK_OK(slu_bcrypt_derive(
	    &b, key, 3 * SECRET, words, sizeof(words), "salt", 4, 1));
	slu_wipe(words, sizeof(words));
	slu_bcrypt_free(&b);
}

static void
encrypt_ssh(slu_buf *inside, const struct secret *passphrase)
{
	unsigned char key[3 * SECRET];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char *at = inside->mem + inside->off;
	int n;

	derive_ssh(key, passphrase);
	CHECK(EVP_EncryptInit_ex2(
		  ctx, EVP_aes_256_ctr(), key, key + 2 * SECRET, NULL) == 1);
	CHECK(EVP_EncryptUpdate(ctx, at, &n, at, (int)inside->len) == 1);
	EVP_CIPHER_CTX_free(ctx);
	slu_wipe(key, sizeof(key));
}

/* What a file says of its protection, if there is any. */
static void
put_lock(slu_buf *file, bool locked)
{
	CHECK_OK(slu_buf_add(file, "openssh-key-v1", 15));
	if (locked) {
		CHECK_OK(slu_ssh_put(file, "aes256-ctr", 10));
		CHECK_OK(slu_ssh_put(file, "bcrypt", 6));
		CHECK_OK(slu_ssh_put(file, "\0\0\0\4salt\0\0\0\1", 12));
	} else {
		CHECK_OK(slu_ssh_put(file, "none", 4));
		CHECK_OK(slu_ssh_put(file, "none", 4));
		CHECK_OK(slu_ssh_put(file, "", 0));
	}
	CHECK_OK(slu_buf_add(file, "\0\0\0\1", 4));
}

/* A private key's file in OpenSSH's form, of a seed. */
static void
make_ssh(slu_buf *out, const unsigned char seed[2 * SECRET],
    const struct secret *passphrase)
{
	slu_buf public = { .limit = 1000 }, inside = { .limit = 1000 };
	slu_buf file = { .limit = 1000 };
	char text[4];

	make_pair(&public, &inside, seed);
	if (passphrase != NULL)
		encrypt_ssh(&inside, passphrase);
	put_lock(&file, passphrase != NULL);
	CHECK_OK(slu_ssh_put(&file, slu_buf_front(&public), public.len));
	CHECK_OK(slu_ssh_put(&file, slu_buf_front(&inside), inside.len));
	CHECK_OK(slu_buf_add(
	    out, SLU_SSH_PRIVATE "\n", strlen(SLU_SSH_PRIVATE) + 1));
	while (file.len > 0) {
		unsigned char group[3];
		size_t n = slu_buf_take(&file, group, sizeof(group));

		memset(text, '=', sizeof(text));
		slu_raw64_encode(text, group, n);
		CHECK_OK(slu_buf_add(out, text, sizeof(text)));
		slu_wipe(group, sizeof(group));
	}
	CHECK_OK(slu_buf_add(out, "\n-----END OPENSSH PRIVATE KEY-----\n", 35));
	slu_buf_free(&public);
	slu_buf_free(&inside);
	slu_buf_free(&file);
}

/* A file of a seed that was drawn, and what there is to look for. */
static void
draw_ssh(slu_buf *file, struct secret *seed, struct secret *scalar,
    const struct secret *passphrase)
{
	unsigned char words[2 * SECRET], digest[64];
	struct secret drawn;
	size_t len;

	draw(&drawn, "the seed");
	reveal_twice(&drawn, words);
	keep(seed, "the seed", words + SECRET / 2);
	CHECK(EVP_Q_digest(NULL, "SHA512", NULL, words, sizeof(words), digest,
		  &len) == 1);
	keep(scalar, "the scalar", digest + SECRET / 2);
	slu_wipe(digest, sizeof(digest));
	make_ssh(file, words, passphrase);
	slu_wipe(words, sizeof(words));
}

static void
nothing_of_an_ssh_key_is_left(void **state)
{
	slu_buf file = { .limit = PIECE };
	struct secret seed, scalar;

	(void)state;
	skip_under_valgrind();
	draw_ssh(&file, &seed, &scalar, NULL);
	read_and_name(&file, NULL);
	slu_buf_free(&file);
	CHECK(search_everywhere(&seed) == 0);
	CHECK(search_everywhere(&scalar) == 0);
}

/* The same key in PEM; what is in front of the seed is always the same. */
static void
make_pem(slu_buf *out, const unsigned char seed[2 * SECRET])
{
	static const unsigned char head[] = { 0x30, 0x2e, 0x02, 0x01, 0x00,
		0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
		0x20 };
	static const char begin[] = "-----BEGIN PRIVATE KEY-----\n";
	static const char end[] = "\n-----END PRIVATE KEY-----\n";
	unsigned char der[sizeof(head) + 2 * SECRET];
	char text[sizeof(der) * 4 / 3];

	memcpy(der, head, sizeof(head));
	memcpy(der + sizeof(head), seed, 2 * SECRET);
	slu_raw64_encode(text, der, sizeof(der));
	slu_wipe(der, sizeof(der));
	CHECK_OK(slu_buf_add(out, begin, sizeof(begin) - 1));
	CHECK_OK(slu_buf_add(out, text, sizeof(text)));
	CHECK_OK(slu_buf_add(out, end, sizeof(end) - 1));
	slu_wipe(text, sizeof(text));
}

static void
nothing_of_an_ssh_key_in_pem_is_left(void **state)
{
	slu_buf file = { .limit = PIECE };
	unsigned char words[2 * SECRET];
	struct secret drawn, seed;

	(void)state;
	skip_under_valgrind();
	draw(&drawn, "the seed");
	reveal_twice(&drawn, words);
	keep(&seed, "the seed", words + SECRET / 2);
	make_pem(&file, words);
	slu_wipe(words, sizeof(words));
	read_and_name(&file, NULL);
	slu_buf_free(&file);
	CHECK(search_everywhere(&seed) == 0);
}

/* Unlock the key, and let go of it. */
static void
unlock_ssh(const slu_buf *file, const struct secret *passphrase)
{
	slu_buf typed = { .limit = SLU_PASSPHRASE_MAX };
	unsigned char words[2 * SECRET];
	slu_key key = SLU_KEY_NONE;
	slu_bcrypt b = { 0 };
	slu_ssh_file f;

	reveal_twice(passphrase, words);
	CHECK_OK(slu_buf_add(&typed, words, sizeof(words)));
	slu_wipe(words, sizeof(words));
	CHECK_OK(slu_ssh_file_read(
	    &f, (const char *)slu_buf_front(file), file->len));
	CHECK_OK(slu_bcrypt_load(&b));
	CHECK_OK(slu_ssh_file_unlock(&f, &b, &typed, &key));
	slu_buf_free(&key.bytes);
	slu_buf_free(&typed);
	slu_bcrypt_free(&b);
	slu_ssh_file_free(&f);
}

static void
nothing_of_an_ssh_key_that_a_passphrase_protects_is_left(void **state)
{
	struct secret seed, scalar, passphrase, wrap;
	slu_buf file = { .limit = PIECE };
	unsigned char key[3 * SECRET];
	slu_bcrypt b = { 0 };

	(void)state;
	skip_under_valgrind();
	if (slu_bcrypt_load(&b) != SLU_OK) {
		print_message("skipped: %s\n", slu_error());
		skip();
	}
	slu_bcrypt_free(&b);
	draw(&passphrase, "the passphrase");
	draw_ssh(&file, &seed, &scalar, &passphrase);
	derive_ssh(key, &passphrase);
	keep(&wrap, "the key of the key", key);
	slu_wipe(key, sizeof(key));
	unlock_ssh(&file, &passphrase);
	slu_buf_free(&file);
	CHECK(search_everywhere(&passphrase) == 0);
	CHECK(search_everywhere(&wrap) == 0);
	CHECK(search_everywhere(&seed) == 0);
	CHECK(search_everywhere(&scalar) == 0);
}

/* A key in the stack's upper frames, which nothing deeper overwrites. */
struct attempt {
	slu_scrypt_stanza scrypt;
	unsigned char passphrase[2 * SECRET];
	unsigned char file_key[SLU_FILE_KEY];
	size_t allocations; /* that go well, of an attempt to unwrap */
	oom_hit hit;
	slu_status st;
};

static void
unwrap(void *arg)
{
	struct attempt *a = arg;

	oom_arm(a->allocations);
	a->st = slu_scrypt_unwrap(&a->scrypt, a->passphrase,
	    sizeof(a->passphrase), a->scrypt.work_factor, a->file_key);
	a->hit = oom_disarm();
}

/* The call that comes after one that failed is what would hide its traces. */
static void
no_wrap_key_is_left_wherever_memory_runs_out(void **state)
{
	struct attempt a = { .scrypt = { .work_factor = 1 } };
	struct secret passphrase, wrap;
	void *stack;

	(void)state;
	skip_under_valgrind();
	stack = make_stack();
	draw(&passphrase, "the passphrase");
	slu_rand_bytes(a.scrypt.salt, sizeof(a.scrypt.salt));
	learn_wrap_key(&wrap, &a.scrypt, &passphrase);
	do {
		reveal_twice(&passphrase, a.passphrase);
		run_on(stack, unwrap, &a);
		slu_wipe(a.passphrase, sizeof(a.passphrase));
		CHECK(search_everywhere(&passphrase) == 0);
		CHECK(search_everywhere(&wrap) == 0);
		a.allocations++;
	} while (a.hit != OOM_NONE);
	CHECK_IS(SLU_ERR_NO_MATCH, a.st);
	CHECK(a.allocations > 2);
	CHECK(munmap(stack, STACK) == 0);
}

static void
take_mac(void *arg)
{
	unsigned char mac[SLU_MAC_SIZE];
	struct attempt *a = arg;

	a->st = slu_kdf_mac(mac, a->file_key, "header", 6);
}

static void
no_key_of_a_mac_is_left_on_a_stack(void **state)
{
	struct secret file_key, mac;
	struct attempt a;
	void *stack;

	(void)state;
	skip_under_valgrind();
	stack = make_stack();
	draw(&file_key, "the file key");
	reveal(&file_key, a.file_key);
	learn_mac_key(&mac, a.file_key);
	run_on(stack, take_mac, &a);
	CHECK_OK(a.st);
	slu_wipe(a.file_key, sizeof(a.file_key));
	CHECK(search_everywhere(&file_key) == 0);
	CHECK(search_everywhere(&mac) == 0);
	CHECK(munmap(stack, STACK) == 0);
}

struct keyed {
	const char *name;
	unsigned char key[2 * SECRET];
	slu_status st;
};

/* Made, copied, and given up: neither is brought to an end. */
static void
use_keyed(void *arg)
{
	slu_hash *h = NULL, *copy = NULL;
	struct keyed *k = arg;

	k->st = slu_mac_new(&h, k->name, k->key, sizeof(k->key), NULL);
	if (k->st == SLU_OK)
		k->st = slu_hash_copy(&copy, h);
	if (k->st == SLU_OK)
		k->st = slu_hash_update(copy, "abc", 3);
	slu_hash_free(copy);
	slu_hash_free(h);
}

static void
no_key_is_left_of_a_mac_that_was_given_up(void **state)
{
	static const char *const names[] = { "hmac-sha256", "hmac-sha3-256",
		"kmac128", "blake2b", "blake2s" };
	struct secret key;
	struct keyed k;
	void *stack;

	(void)state;
	skip_under_valgrind();
	stack = make_stack();
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		k.name = names[i];
		draw(&key, names[i]);
		reveal_twice(&key, k.key);
		run_on(stack, use_keyed, &k);
		CHECK_OK(k.st);
		slu_wipe(k.key, sizeof(k.key));
		CHECK(search_everywhere(&key) == 0);
	}
	CHECK(munmap(stack, STACK) == 0);
}

struct phrase {
	slu_buf out;
	slu_status st;
};

static void
draw_words(void *arg)
{
	struct phrase *p = arg;

	p->st = slu_words_append(&p->out, 8, " ");
}

/* Of its end, since what is freed may lose its beginning to the allocator. */
static void
no_phrase_that_was_drawn_is_left(void **state)
{
	struct phrase p = { .out = { .limit = 1000 } };
	struct secret end;
	void *stack;

	(void)state;
	skip_under_valgrind();
	stack = make_stack();
	run_on(stack, draw_words, &p);
	CHECK_OK(p.st);
	keep(&end, "the phrase's end",
	    slu_buf_front(&p.out) + p.out.len - SECRET);
	slu_buf_free(&p.out);
	CHECK(search_everywhere(&end) == 0);
	CHECK(munmap(stack, STACK) == 0);
}

static void
a_queue_that_grew_leaves_nothing_behind(void **state)
{
	slu_buf queue = { .limit = PIECE };
	unsigned char bytes[SECRET];
	struct secret text;

	(void)state;
	skip_under_valgrind();
	draw(&text, "what was queued");
	reveal(&text, bytes);
	for (int i = 0; i < 5000; i++)
		CHECK_OK(slu_buf_add(&queue, bytes, SECRET));
	slu_wipe(bytes, SECRET);
	CHECK(search_everywhere(&text) == 5000);
	slu_buf_free(&queue);
	CHECK(search_everywhere(&text) == 0);
}

/* zlib's window holds the plain bytes, in memory that it frees itself. */
static void
compress_and_look(const struct secret *text, unsigned threads, slu_buf *packed)
{
	const slu_deflate_options options = { .threads = threads };
	unsigned char bytes[SECRET];
	slu_bio *c = NULL;
	size_t n;

	CHECK_OK(slu_mem_open(&c, packed));
	CHECK_OK(slu_deflate(&c, &options));
	reveal(text, bytes);
	for (int i = 0; i < 50000; i++)
		CHECK_OK(slu_bio_write_all(c, bytes, SECRET, &n));
	slu_wipe(bytes, SECRET);
	CHECK(search_everywhere(text) > 0);
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	CHECK(search_everywhere(text) == 0);
}

static void
nothing_compressed_outlives_its_chain(void **state)
{
	slu_buf packed = { .limit = PIECE };
	unsigned char bytes[SECRET];
	struct secret text;
	slu_bio *c = NULL;
	size_t n;

	(void)state;
	skip_under_valgrind();
	draw(&text, "the plaintext");
	compress_and_look(&text, 3, &packed);
	slu_buf_free(&packed);
	compress_and_look(&text, 0, &packed);

	CHECK_OK(slu_mem_open(&c, &packed));
	CHECK_OK(slu_inflate(&c, NULL));
	for (int i = 0; i < 100; i++)
		CHECK_OK(slu_bio_read(c, bytes, SECRET, &n));
	slu_wipe(bytes, SECRET);
	CHECK(search_everywhere(&text) > 0);
	slu_bio_free(c);
	slu_buf_free(&packed);
	CHECK(search_everywhere(&text) == 0);
}

/* A source of many times the same secret, which looks around at its end. */
struct spring {
	const struct secret *text; /* lent by the test */
	size_t left;               /* bytes */
	size_t found;
};

static slu_status
spring_read(void *self, slu_bio *next, void *buf, size_t cap, size_t *got)
{
	struct spring *s = *(struct spring **)self;
	unsigned char *p = buf;

	(void)next;
	if (s->left == 0) {
		s->found = search_everywhere(s->text);
		return SLU_EOF;
	}
	for (; *got + SECRET <= cap && s->left > 0; *got += SECRET) {
		reveal(s->text, p + *got);
		s->left -= SECRET;
	}
	return SLU_OK;
}

static const slu_bio_ops spring_ops = {
	.name = "spring",
	.size = sizeof(struct spring *),
	.read = spring_read,
};

/*
 * The first copy teaches malloc not to give so much memory back to the
 * system: after the second one it is there to be searched.
 */
static void
nothing_read_ahead_outlives_its_copy(void **state)
{
	struct secret text;

	(void)state;
	skip_under_valgrind();
	draw(&text, "the plaintext");
	for (int i = 0; i < 2; i++) {
		struct spring s = { .text = &text, .left = 8 * PIECE };
		slu_bio *src = NULL, *dst = NULL;
		struct spring **self;

		CHECK_OK(slu_null_open(&dst));
		self = slu_bio_push(&src, &spring_ops);
		CHECK(self != NULL);
		*self = &s;
		CHECK_OK(slu_bio_copy_ahead(dst, src));
		CHECK(s.found > 0);
		slu_bio_free(src);
		slu_bio_free(dst);
	}
	CHECK(search_everywhere(&text) == 0);
}

/* A password of letters and its NUL, for `s` to be looked for in. */
static void
draw_password(struct secret *s, char password[2 * SECRET + 1])
{
	s->name = "the password";
	for (int i = 0; i < SECRET; i++)
		s->masked[i] = (unsigned char)('a' + slu_rand_below(26)) ^ MASK;
	reveal_twice(s, (unsigned char *)password);
	password[2 * SECRET] = '\0';
}

/* Twelve bytes of the password, as base64 has them. */
static void
learn_base64(struct secret *s, const char *password)
{
	slu_buf text = { .limit = 100 };
	slu_bio *c = NULL;
	size_t put;

	CHECK_OK(slu_mem_open(&c, &text));
	CHECK_OK(slu_base64_encode(&c, NULL));
	CHECK_OK(slu_bio_write_all(c, password + 12, 12, &put));
	CHECK_OK(slu_bio_finish(c));
	slu_bio_free(c);
	CHECK(text.len == SECRET);
	keep(s, "the password in base64", slu_buf_front(&text));
	slu_buf_free(&text);
}

static void
no_password_for_a_proxy_outlives_its_login(void **state)
{
	static const char socks[] = "\5\2\1\0\5\0\0\1\177\0\0\1\4\322";
	static const char http[] = "HTTP/1.1 200 OK\r\n\r\n";
	char password[2 * SECRET + 1];
	const slu_socks_options to_socks = { .user = "ab",
		.password = password };
	const slu_http_proxy_options to_http = { .user = "ab",
		.password = password };
	struct secret plain, encoded;
	slu_bio *a = NULL, *b = NULL;
	size_t given;

	(void)state;
	skip_under_valgrind();
	draw_password(&plain, password);
	learn_base64(&encoded, password);
	CHECK_OK(endless_open(&a, "", socks, sizeof(socks) - 1, &given));
	CHECK_OK(slu_socks_connect(&a, "example.org", 443, &to_socks));
	CHECK_OK(endless_open(&b, "", http, sizeof(http) - 1, &given));
	CHECK_OK(slu_http_connect(&b, "example.org", 443, &to_http));
	slu_wipe(password, sizeof(password));
	CHECK(search_everywhere(&plain) > 0);
	CHECK(search_everywhere(&encoded) > 0);
	CHECK_OK(slu_bio_flush(a));
	CHECK_OK(slu_bio_flush(b));
	CHECK(search_everywhere(&plain) == 0);
	CHECK(search_everywhere(&encoded) == 0);
	slu_bio_free(a);
	slu_bio_free(b);
}

/*
 * Where libraries are bound at the first call of each function, the linker
 * puts all registers on the stack meanwhile, and whatever is in them: begin
 * again with all of them bound.  Under valgrind nothing is looked for.
 */
static void
bind_now(char **argv)
{
	if (getenv("LD_BIND_NOW") != NULL || getenv("SLUICE_TEST_SLOW") != NULL)
		return;
	if (setenv("LD_BIND_NOW", "1", 1) == 0)
		execv("/proc/self/exe", argv);
	perror("secrets_test: /proc/self/exe");
	exit(1);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_secret_outlives_its_owner),
		cmocka_unit_test(no_key_is_left_on_a_stack),
		cmocka_unit_test(
		    no_element_that_was_shuffled_is_left_on_a_stack),
		cmocka_unit_test(
		    no_secret_key_and_nothing_made_of_it_outlives_its_list),
		cmocka_unit_test(no_key_of_a_file_that_was_sealed_is_left),
		cmocka_unit_test(nothing_of_an_ssh_key_is_left),
		cmocka_unit_test(nothing_of_an_ssh_key_in_pem_is_left),
		cmocka_unit_test(
		    nothing_of_an_ssh_key_that_a_passphrase_protects_is_left),
		cmocka_unit_test(a_queue_that_grew_leaves_nothing_behind),
		cmocka_unit_test(nothing_compressed_outlives_its_chain),
		cmocka_unit_test(nothing_read_ahead_outlives_its_copy),
		cmocka_unit_test(no_password_for_a_proxy_outlives_its_login),
		cmocka_unit_test(a_list_wipes_its_secrets_when_it_is_freed),
		cmocka_unit_test(a_passphrase_that_was_asked_for_is_wiped),
		cmocka_unit_test(no_wrap_key_is_left_wherever_memory_runs_out),
		cmocka_unit_test(no_key_of_a_mac_is_left_on_a_stack),
		cmocka_unit_test(no_key_is_left_of_a_mac_that_was_given_up),
		cmocka_unit_test(no_phrase_that_was_drawn_is_left),
	};

	(void)argc;
	bind_now(argv);
	return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
