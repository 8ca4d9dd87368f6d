/* SPDX-License-Identifier: ISC */
/*
 * mac.h: message authentication codes, which are digests with a key.
 *
 *     slu_hash *h = NULL;
 *     slu_mac_new(&h, "hmac-sha256", key, sizeof(key), NULL);
 *     slu_hash_update(h, data, len);
 *     slu_hash_final(h, mac, sizeof(mac), &n);
 *     slu_hash_free(h);
 *
 * A MAC is a slu_hash, and all that is done with one is done with it: it is
 * copied and goes two ways, starts afresh with its key once it was finished,
 * and digests a stream by slu_hash_tap.  A stream is held to a MAC, in
 * constant time, by slu_hash_expect; who compares one in memory takes
 * slu_equal, never memcmp.
 */
#ifndef SLUICE_MAC_H
#define SLUICE_MAC_H

#include <stddef.h>

#include "sluice/hash.h"
#include "sluice/status.h"

SLU_BEGIN_DECLS

#define SLU_MAC_MIN 10          /* bytes of the shortest MAC that is made */
#define SLU_MAC_KEY_MAX 1048576 /* bytes of the longest key, for HMAC */

/* Settings of a MAC; zero is what it has by itself. */
typedef struct slu_mac_options {
	/*
	 * Bytes of output, from SLU_MAC_MIN up to what the MAC gives.  HMAC is
	 * cut to its first bytes (RFC 2104, section 5); BLAKE2 and KMAC give
	 * others for each size.
	 */
	size_t size;
	/*
	 * What the MAC is for, so that one key serves several uses: KMAC's
	 * customization string (512 bytes at most), BLAKE2's personalization
	 * (16 bytes for blake2b, 8 for blake2s; a shorter one is filled up
	 * with zeros).  HMAC has none.
	 */
	const void *custom;
	size_t custom_len;
} slu_mac_options;

/*
 * Start a MAC with a key of `len` bytes, which is copied, and wiped with the
 * MAC.  In the names, as in those of digests, the case of letters, dashes
 * and underscores do not matter:
 *
 *     name          as in               key, bytes   gives, bytes
 *     "hmac-DIGEST" RFC 2104            any number   the digest's size
 *     "kmac128"     NIST SP 800-185     4 to 512     32, or any number
 *     "kmac256"     NIST SP 800-185     4 to 512     64, or any number
 *     "blake2b"     RFC 7693            1 to 64      64, or fewer
 *     "blake2s"     RFC 7693            1 to 32      32, or fewer
 *
 * The digest of an HMAC is any of a fixed size that slu_hash_new knows.  Its
 * key should be random, and as long as the digest; no key at all is allowed,
 * as the standard does.  Of KMAC, slu_hash_xof asks for other lengths than
 * its size, where any number means 1 to 2,097,151 (more: SLU_ERR_LIMIT); a
 * longer output does not begin with the shorter.
 *
 * What lies outside these bounds is SLU_ERR_USAGE, as is an unknown name,
 * for which the reason names a near one.  NULL options are all zeros.
 */
slu_status slu_mac_new(slu_hash **out, const char *name, const void *key,
    size_t len, const slu_mac_options *options) SLU_CHECKED;

/*
 * Make the MAC of one message in memory, with `size` bytes of output, as in
 * the options above.
 */
slu_status slu_mac(const char *name, const void *key, size_t key_len,
    const void *data, size_t len, void *mac, size_t size) SLU_CHECKED;

SLU_END_DECLS

#endif
