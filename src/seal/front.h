/* SPDX-License-Identifier: ISC */
/*
 * front.h: all of a sealed file that is in front of its chunks: the header
 * and the payload's nonce (C2SP age, "Header" and "Payload").
 */
#ifndef SLUICE_SEAL_FRONT_H
#define SLUICE_SEAL_FRONT_H

#include "sluice/buf.h"
#include "sluice/recipient.h"

#include "aead.h"
#include "header.h"
#include "kdf.h"

/*
 * Append `h` to `out`, a zero queue, as text, with the MAC that it takes.
 * SLU_ERR_LIMIT where that is more than SLU_HEADER_MAX.
 */
slu_status slu_front_encode(slu_header *h,
    const unsigned char file_key[SLU_FILE_KEY], slu_buf *out) SLU_CHECKED;

/*
 * Draw a new file's secrets, append its front to `out`, which is a zero
 * queue, and give the key of its payload.
 */
slu_status slu_front_make(const slu_recipients *r, slu_buf *out,
    unsigned char key[SLU_KEY_SIZE]) SLU_CHECKED;

#endif
