/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "sluice/rekey.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../bio/copy_internal.h"
#include "../bio/file_internal.h"
#include "../bio/raw.h"
#include "armor_internal.h"
#include "front.h"
#include "key_text.h"
#include "match.h"
#include "recipient_internal.h"
#include "scrypt.h"
#include "sluice/copy.h"
#include "sluice/secret.h"

/*
 * A block of any file system: what is read of the payload with the header
 * then ends where blocks begin, so that those behind can be shared.
 */
#define PIECE 4096

/* Behind a header there are a nonce and the tag of a chunk, at the least. */
#define PAYLOAD_LEAST (SLU_PAYLOAD_NONCE + SLU_TAG_SIZE)

/* A sealed file, read up to its payload, and some of that. */
struct old {
	slu_parser parser;
	unsigned char piece[2 * PIECE];
	size_t used, got; /* of the piece: the header's end, and all */
};

static slu_status
read_old(struct old *old, slu_bio *src)
{
	slu_status st;

	do {
		st = slu_copy_read(src, old->piece, PIECE, &old->got);
		if (st == SLU_EOF)
			return slu_parser_cut(&old->parser);
		if (st)
			return st;
		st = slu_parser_feed(
		    &old->parser, old->piece, old->got, &old->used);
	} while (st == SLU_WANT_READ);
	return st;
}

/* Whether the rest can be opened is not looked at; here nothing is left. */
static slu_status
read_payload(struct old *old, slu_bio *src)
{
	slu_status st = SLU_OK;
	size_t more;

	while (st == SLU_OK && old->got - old->used < PAYLOAD_LEAST) {
		st = slu_copy_read(src, old->piece + old->got,
		    sizeof(old->piece) - old->got, &more);
		if (st == SLU_OK)
			old->got += more;
	}
	if (st == SLU_EOF)
		return slu_fail(
		    SLU_ERR_TRUNCATED, "rekey: truncated after 0 bytes");
	return st;
}

/* Stanzas that the new recipients take the place of. */
static bool
is_replaced(const char *type)
{
	return strcmp(type, SLU_SCRYPT_TYPE) == 0 ||
	       slu_key_kind_of(type) != NULL;
}

static slu_status
carry_stanza(slu_header *to, const slu_stanza *from)
{
	slu_stanza *s;
	slu_status st;

	st = slu_header_add(to, &s);
	if (st == SLU_OK)
		st = slu_buf_add(
		    &s->args, slu_buf_front(&from->args), from->args.len);
	if (st == SLU_OK && from->body.len > 0)
		st = slu_buf_add(
		    &s->body, slu_buf_front(&from->body), from->body.len);
	return st;
}

/* A passphrase has to be alone; nobody is asked for one that could not be. */
static slu_status
check_alone(const slu_header *from)
{
	const char *type;

	for (size_t i = 0; i < from->nstanzas; i++) {
		type = slu_stanza_arg(&from->stanzas[i], 0);
		if (!is_replaced(type))
			return slu_fail(SLU_ERR_USAGE,
			    "rekey: is also sealed for %.32s, which cannot "
			    "stand beside a passphrase",
			    type);
	}
	return SLU_OK;
}

/* Add to the header what is carried over of the old one. */
static slu_status
carry(slu_header *to, const slu_header *from, size_t *carried)
{
	slu_status st = SLU_OK;

	for (size_t i = 0; i < from->nstanzas && st == SLU_OK; i++) {
		if (is_replaced(slu_stanza_arg(&from->stanzas[i], 0)))
			continue;
		st = carry_stanza(to, &from->stanzas[i]);
		++*carried;
	}
	return st;
}

static slu_status
make_header(slu_buf *out, const struct old *old,
    const unsigned char file_key[SLU_FILE_KEY], const slu_recipients *r,
    const slu_rekey_options *options)
{
	bool carries = options->unknown == SLU_REKEY_CARRY;
	slu_status st = SLU_OK;
	slu_header h = { 0 };
	size_t carried = 0;

	if (carries && slu_recipients_have_passphrase(r))
		st = check_alone(&old->parser.header);
	if (st == SLU_OK)
		st = slu_recipients_wrap(r, &h, file_key);
	if (st == SLU_OK && carries)
		st = carry(&h, &old->parser.header, &carried);
	if (st == SLU_OK)
		st = slu_front_encode(&h, file_key, out);
	if (st == SLU_OK && options->carried != NULL)
		*options->carried = carried;
	slu_header_free(&h);
	return st;
}

static void
tell(const slu_rekey_options *options, const slu_match_told *found)
{
	if (options != NULL && options->over_limit != NULL)
		*options->over_limit = found->over_limit;
	if (options != NULL && options->foreign != NULL)
		*options->foreign = found->foreign;
}

/* Read what there is, open it, and make the header that takes its place. */
static slu_status
make_new(slu_buf *out, struct old *old, slu_bio *src, slu_identities *ids,
    const slu_recipients *r, const slu_rekey_options *options)
{
	unsigned char file_key[SLU_FILE_KEY];
	slu_match_told found;
	slu_status st;

	st = read_old(old, src);
	if (st == SLU_OK)
		st = read_payload(old, src);
	if (st)
		return st;
	st = slu_match(ids, &old->parser, file_key, &found);
	tell(options, &found);
	if (st)
		return st;
	st = make_header(out, old, file_key, r, options);
	slu_wipe(file_key, sizeof(file_key));
	return st;
}

slu_status
slu_rekey(slu_bio *dst, slu_bio *src, slu_identities *ids,
    const slu_recipients *r, const slu_rekey_options *options)
{
	static const slu_rekey_options defaults = { 0 };
	slu_buf header = { 0 };
	struct old old = { .used = 0 };
	slu_status st;

	if (options == NULL)
		options = &defaults;
	tell(options, &(slu_match_told){ 0 });
	st = make_new(&header, &old, src, ids, r, options);
	if (st == SLU_OK)
		st = slu_copy_write(dst, slu_buf_front(&header), header.len);
	if (st == SLU_OK)
		st = slu_copy_write(
		    dst, old.piece + old.used, old.got - old.used);
	if (st == SLU_OK)
		st = slu_bio_copy(dst, src);
	slu_parser_free(&old.parser);
	slu_buf_free(&header);
	return st;
}

/* Whether the file is in armor, by its first line. */
static slu_status
is_armored(const char *path, bool *armored)
{
	unsigned char first;
	slu_bio *c = NULL;
	slu_status st;
	size_t got;

	st = slu_file_open(&c, path);
	if (st == SLU_OK)
		st = slu_dearmor_if(&c, armored);
	if (st == SLU_OK)
		st = slu_bio_read(c, &first, 1, &got);
	slu_bio_free(c);
	return st == SLU_EOF ? SLU_OK : st;
}

/* Open the file, which has to be a regular one. */
static slu_status
open_old(slu_bio **src, const char *path, struct stat *was)
{
	slu_status st;

	/* To open what is none might be to wait. */
	if (stat(path, was) != 0)
		return slu_raw_failed("rekey", path);
	if (!S_ISREG(was->st_mode))
		return slu_raw_irregular("rekey", path, was->st_mode);
	st = slu_file_open(src, path);
	if (st == SLU_OK && fstat(slu_file_source(*src), was) != 0)
		st = slu_raw_failed("rekey", path);
	return st;
}

/* Give the new file to whom the old one belongs, as far as we may. */
static void
keep_owner(slu_bio *dst, const struct stat *was)
{
	int fd = slu_file_target(dst);

	if (fchown(fd, was->st_uid, was->st_gid) != 0 &&
	    fchown(fd, (uid_t)-1, was->st_gid) != 0)
		return;
}

slu_status
slu_rekey_file(const char *path, slu_identities *ids, const slu_recipients *r,
    const slu_rekey_options *options)
{
	slu_file_options file = { .existing = SLU_FILE_REPLACE };
	slu_bio *src = NULL, *dst = NULL;
	bool armored = false;
	struct stat was;
	slu_status st;

	if (options != NULL)
		file.pending = options->pending;
	tell(options, &(slu_match_told){ 0 });
	st = open_old(&src, path, &was);
	if (st == SLU_OK)
		st = is_armored(path, &armored);
	if (st == SLU_OK && armored)
		st = slu_dearmor(&src);
	/* With its kind, no permissions at all are not the default. */
	if (st == SLU_OK) {
		file.mode = was.st_mode & ~(mode_t)07000;
		st = slu_file_create(&dst, path, &file);
	}
	if (st == SLU_OK)
		keep_owner(dst, &was);
	if (st == SLU_OK && armored)
		st = slu_armor(&dst);
	if (st == SLU_OK)
		st = slu_rekey(dst, src, ids, r, options);
	if (st == SLU_OK)
		st = slu_bio_finish(dst);
	slu_bio_free(src);
	slu_bio_free(dst);
	return st;
}
