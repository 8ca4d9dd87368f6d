/* SPDX-License-Identifier: ISC */
/* identity_file.h: secret keys that stand in a file. */
#ifndef SLUICE_IDENTITY_FILE_H
#define SLUICE_IDENTITY_FILE_H

#include "sluice/bio.h"
#include "sluice/identity.h"

SLU_BEGIN_DECLS

/* What is done about a file of keys that a passphrase protects. */
typedef struct slu_identity_file_options {
	/*
	 * Asked for the passphrase, as slu_identities_ask has it.  NULL:
	 * such a file is SLU_ERR_NO_MATCH at once.
	 */
	slu_status (*ask)(slu_buf *passphrase, void *arg);
	/*
	 * Asked for that of an ssh key which lies in a sealed file of keys:
	 * what opened the file is seldom what opens the key.  NULL: `ask` is,
	 * once more.
	 */
	slu_status (*ask_inside)(slu_buf *passphrase, void *arg);
	/*
	 * Told of each line that has a key of a kind that is not supported, as
	 * slu_identities_key has it: when it is read, which in a sealed file is
	 * when that is opened.  `line` counts from 1, and `why` is in words for
	 * people, lent for the call.  SLU_OK: it is passed over.  A failure is
	 * that of the read.  NULL: all are passed over.
	 */
	slu_status (*passed_over)(size_t line, const char *why, void *arg);
	void *arg;                /* lent, for as long as the list lives */
	unsigned max_work_factor; /* as slu_identities_passphrase has it */
	const char *name; /* what words call the file; copied; may be NULL */
} slu_identity_file_options;

/*
 * Read `src` to its end, and add the secret key on each of its lines, as
 * slu_identities_key does.  Empty lines, and those that begin with #, are
 * passed over; so what age-keygen writes is read as it is.  The file may also
 * be that of an ssh key, as slu_identities_key has it.  A file without a key
 * is SLU_ERR_FORMAT, and so is a line that is none; the words say which.  A
 * file has at most 1 MiB, and its lines 8192 bytes.  Where it fails, the keys
 * before are in the list already.
 *
 * The file may be sealed with a passphrase.  Then it is only opened, once for
 * all, when a sealed file turns out to need a key, and none of those that
 * were at hand fits; a wrong passphrase is SLU_ERR_NO_MATCH from then on.
 *
 * So it is with an ssh key that a passphrase protects (by AES in CTR, CBC or
 * GCM mode, as ssh-keygen does it), but that is only opened for a file that
 * names it.  What takes the passphrase off is bcrypt_pbkdf, which libcrypto
 * does not have: Botan's library is loaded for it (libbotan-2 from 2.8 on, or
 * libbotan-3), and where that is not there, it is SLU_ERR_NO_MATCH before
 * anybody is asked for it.  Such a key may lie in a file that is sealed
 * itself; then two passphrases are asked for, that of the file first.  A key
 * of more than 10,000 rounds is SLU_ERR_LIMIT at once, and one that is
 * protected otherwise SLU_ERR_FORMAT.
 *
 * A key in PEM may have a passphrase too, by PBES2 with PBKDF2 (up to
 * 10,000,000 rounds, or it is SLU_ERR_LIMIT) or in OpenSSL's older way.
 * Nothing in it tells which key it is, so that it is opened as a sealed file
 * of keys is: when no key at hand fits.
 *
 * `options` may be NULL.
 */
slu_status slu_identities_read(slu_identities *ids, slu_bio *src,
    const slu_identity_file_options *options) SLU_CHECKED;

SLU_END_DECLS

#endif
