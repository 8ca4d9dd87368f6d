/* SPDX-License-Identifier: ISC */
/*
 * packed.h: compressed streams by the rooms under test and by plain zlib.
 */
#ifndef SLUICE_TESTS_PACKED_H
#define SLUICE_TESTS_PACKED_H

#include "sluice/deflate.h"
#include "trial.h"

#define MIB ((size_t)1 << 20)

/* Every format; where a format is asked for by number, its place here. */
extern const slu_deflate_format packed_formats[3];

/* For the contract suite; what `arg` points to is slu_deflate_options. */
slu_status packed_push_deflate(slu_bio **top, void *arg);
slu_status packed_push_inflate(slu_bio **top, void *arg);

/* Chains that write to `queue` as base64 of a stream, and that read it. */
slu_bio *packed_text_writer(slu_buf *queue);
slu_bio *packed_text_reader(slu_buf *queue);

/* Compress with the room under test, and add the stream to `out`. */
void packed_make(const void *plain, size_t len, slu_deflate_format format,
    int level, slu_buf *out);

/* The same with all that can be chosen, at that pace. */
void packed_make_with(const void *plain, size_t len,
    const slu_deflate_options *options, const trial_pace *pace, slu_buf *out);

/* Decompress with the room under test: SLU_EOF, or the fault. */
slu_status packed_read(const void *data, size_t len,
    const slu_inflate_options *options, const trial_pace *pace, slu_buf *out);

/* The same by plain zlib: one stream, or gzip members to the last byte. */
slu_status packed_model(const void *data, size_t len, int bits, slu_buf *out);

/*
 * The room under test must judge what it reads as plain zlib does, with no
 * limit on the ratio, and give the same bytes.  Returns the verdict.
 */
slu_status packed_check(const void *data, size_t len, size_t format);

/* Put the bytes that `hex` spells at `out`; returns how many. */
size_t packed_unhex(unsigned char *out, const char *hex);

#endif
