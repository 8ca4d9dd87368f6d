/* SPDX-License-Identifier: ISC */
/*
 * base64_internal.h: what both filters share, and each of them by a path
 * that is told, so that tests can run all that the processor can take.
 */
#ifndef SLUICE_BIO_BASE64_INTERNAL_H
#define SLUICE_BIO_BASE64_INTERNAL_H

#include "base64_path.h"

/* SLU_ERR_USAGE where an enumeration holds what is none of it. */
slu_status slu_base64_options_check(
    const slu_base64_options *options) SLU_CHECKED;

slu_status slu_base64_encode_by(slu_bio **top,
    const slu_base64_options *options, const slu_base64_path *path) SLU_CHECKED;

slu_status slu_base64_decode_by(slu_bio **top,
    const slu_base64_options *options, const slu_base64_path *path) SLU_CHECKED;

#endif
