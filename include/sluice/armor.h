/* SPDX-License-Identifier: ISC */
/*
 * armor.h: a sealed file as text (C2SP age, "ASCII armor").
 *
 * Armor is base64 in lines of 64 characters between a line that begins it
 * and one that ends it, for ways that only carry text: mail, a form, a
 * source file.  It is a third longer, and adds no secrecy.
 */
#ifndef SLUICE_ARMOR_H
#define SLUICE_ARMOR_H

#include "sluice/bio.h"

SLU_BEGIN_DECLS

/* Bytes of white space that may lie before the armor, and as many after. */
#define SLU_ARMOR_BLANKS_MAX 1024

/*
 * Put what is written above into armor.  Up to two bytes wait for their
 * group to fill; a flush leaves them waiting.  The finish writes the line
 * that ends the armor.
 */
slu_status slu_armor(slu_bio **top) SLU_CHECKED;

/*
 * Take the armor off what is read from below.  slu_unseal, slu_sealed_open and
 * slu_salvage do so by themselves where they meet armor.
 *
 * It is strict, so that a file has one armor only, but for its line ends (LF
 * or CRLF, each line its own) and for white space, blank lines above all,
 * before the line that begins it and after the one that ends it.  All lines
 * between have 64 characters, but for the last, which has at least a group
 * of four; padding is there where it belongs, and the bits behind the last
 * byte are zero.  The line that ends it may be the last one without a line
 * end.
 *
 *     SLU_ERR_FORMAT     not armor, malformed, or followed by anything but
 *                        white space; says at which byte of the text
 *     SLU_ERR_TRUNCATED  cut short; says after how many bytes of text
 *     SLU_ERR_LIMIT      more white space than SLU_ARMOR_BLANKS_MAX
 *
 * Bytes from before the fault may have been given out already.  The buffer
 * that a read is given may be used as scratch space; what lies there beyond
 * `*got` means nothing.
 */
slu_status slu_dearmor(slu_bio **top) SLU_CHECKED;

SLU_END_DECLS

#endif
