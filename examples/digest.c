/* SPDX-License-Identifier: ISC */
/*
 * digest: standard input to standard output, and its digest, made on the way,
 * to standard error:
 *
 *     digest [ALGORITHM] <disk.img | ssh elsewhere 'cat >disk.img'
 */
#include <sluice.h>
#include <stdio.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	unsigned char d[SLU_HASH_MAX];
	slu_bio *in = NULL, *out = NULL;
	slu_hash *h = NULL;
	size_t n = 0;
	int bad = slu_hash_new(&h, argc > 1 ? argv[1] : "sha256") ||
		  slu_fd_open(&in, STDIN_FILENO) ||
		  slu_fd_open(&out, STDOUT_FILENO) || slu_hash_tap(&out, h) ||
		  slu_bio_copy(out, in) || slu_bio_finish(out) ||
		  slu_hash_final(h, d, sizeof(d), &n);

	if (bad)
		fprintf(stderr, "digest: %s", slu_error());
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "%02x", d[i]);
	fprintf(stderr, "\n");
	slu_bio_free(out); /* before the digest that is lent to it */
	slu_bio_free(in);
	slu_hash_free(h);
	return bad;
}
