/* SPDX-License-Identifier: ISC */
/* stream_internal.h: what choices and distributions draw from. */
#ifndef SLUICE_RAND_STREAM_INTERNAL_H
#define SLUICE_RAND_STREAM_INTERNAL_H

#include "draw.h"
#include "sluice/stream.h"

/* The source that is a stream, or for NULL this thread's secure generator. */
slu_draw *slu_stream_draw(slu_stream *s);

#endif
