/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* RTLD_NODELETE */
#include "bcrypt.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "../base/stack.h"
#include "sluice/secret.h"

#define BOTAN_OUT_OF_MEMORY (-21)

/*
 * Botan's sonames count its minor versions.  The function is there since 2.8,
 * and newer ones than these are expected to come.
 */
static const struct {
	unsigned major, newest, oldest;
} versions[] = { { 3, 29, 0 }, { 2, 19, 8 } };

static void *
load(void)
{
	char name[40];
	void *library = NULL;

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		for (unsigned minor = versions[i].newest + 1;
		     library == NULL && minor-- > versions[i].oldest;) {
			snprintf(name, sizeof(name), "libbotan-%u.so.%u",
			    versions[i].major, minor);
			/* To unload C++ in a process of others is a risk. */
			library =
			    dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
		}
	return library;
}

slu_status
slu_bcrypt_load(slu_bcrypt *b)
{
	void *found = NULL;

	b->library = load();
	if (b->library != NULL)
		found = dlsym(b->library, "botan_pwdhash");
	/* C has no cast from one to the other; POSIX says they are alike. */
	_Static_assert(sizeof(found) == sizeof(b->derive), "as POSIX has it");
	memcpy(&b->derive, &found, sizeof(found));
	if (b->derive != NULL)
		return SLU_OK;
	slu_bcrypt_free(b);
	return slu_fail(SLU_ERR_NO_MATCH,
	    "keys: its passphrase takes Botan's library (in Debian "
	    "libbotan-2-19), which is not here; ssh-keygen -p takes it off a "
	    "copy of the key");
}

slu_status
slu_bcrypt_derive(const slu_bcrypt *b, unsigned char *out, size_t len,
    const void *passphrase, size_t passphrase_len, const void *salt,
    size_t salt_len, uint32_t rounds)
{
	int failed;

	failed = b->derive("Bcrypt-PBKDF", rounds, 0, 0, out, len, passphrase,
	    passphrase_len, salt, salt_len);
	slu_wipe_stack();
	if (failed == 0)
		return SLU_OK;
	slu_wipe(out, len);
	if (failed == BOTAN_OUT_OF_MEMORY)
		return slu_fail(SLU_ERR_MEMORY, "keys: out of memory");
	return slu_fail(
	    SLU_ERR_CRYPTO, "keys: Botan failed with its error %d", failed);
}

void
slu_bcrypt_free(slu_bcrypt *b)
{
	if (b->library != NULL)
		(void)dlclose(b->library);
	*b = (slu_bcrypt){ 0 };
}
