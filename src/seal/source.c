/* SPDX-License-Identifier: ISC */
#define _POSIX_C_SOURCE 200809L
#include "source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../bio/raw.h"
#include "opening.h"

#define PIECE 4096 /* bytes of the front at a time; more than most have */

slu_status
slu_source_read(
    const slu_sealed_source *source, uint64_t offset, void *buf, size_t len)
{
	slu_status st = source->read_at(source->arg, offset, buf, len);

	if (st == SLU_OK || slu_failed(st))
		return st;
	return slu_fail(
	    SLU_ERR_USAGE, "sealed: a source that neither read nor failed");
}

slu_status
slu_source_open(const slu_sealed_source *source, slu_identities *ids,
    const slu_unseal_options *options, unsigned char key[SLU_KEY_SIZE],
    uint64_t *begin)
{
	slu_status st = SLU_WANT_READ;
	unsigned char piece[PIECE];
	slu_opening o = { 0 };
	uint64_t left;
	size_t n, used;

	*begin = 0;
	slu_opening_begin(&o, ids, options);
	while (st == SLU_WANT_READ) {
		left = source->size - *begin;
		n = left < PIECE ? (size_t)left : PIECE;
		st = SLU_OK;
		if (n > 0)
			st = slu_source_read(source, *begin, piece, n);
		if (st)
			break;
		st = slu_opening_feed(&o, piece, n, &used, key);
		*begin += used;
		if (st == SLU_WANT_READ && n == left)
			st = slu_opening_cut(&o);
	}
	slu_opening_free(&o);
	return st;
}

static slu_status
read_file(void *arg, uint64_t offset, void *buf, size_t len)
{
	const int *fd = arg;
	size_t got;

	if (!slu_raw_read_at(*fd, (off_t)offset, buf, len, &got))
		return slu_raw_failed("sealed", "the file");
	if (got < len)
		return slu_fail(SLU_ERR_TRUNCATED,
		    "sealed: the file became shorter meanwhile");
	return SLU_OK;
}

slu_status
slu_source_file(slu_sealed_source *out, const char *path, int *fd)
{
	struct stat st;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*fd < 0 || fstat(*fd, &st) != 0)
		return slu_raw_failed("sealed", path);
	if (!S_ISREG(st.st_mode))
		return slu_raw_irregular("sealed", path, st.st_mode);
	*out = (slu_sealed_source){
		.read_at = read_file, .arg = fd, .size = (uint64_t)st.st_size
	};
	return SLU_OK;
}
