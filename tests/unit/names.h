/* SPDX-License-Identifier: ISC */
/*
 * names.h: a name service of the test's own.
 *
 * The linker hands getaddrinfo, as our own objects call it, to this room
 * (--wrap).  One name is answered for here; addresses in numbers, and all
 * other names, are the system's business.
 */
#ifndef SLUICE_TESTS_NAMES_H
#define SLUICE_TESTS_NAMES_H

#include <stddef.h>

/* Let `host` have these addresses, in numbers; "" ends the list. */
void names_set(const char *host, const char *const *addresses);

/* Let it have none, for the reason `error` (EAI_...). */
void names_fail(const char *host, int error);

/* From now on whoever asks for it waits; until this lets them go. */
void names_hold(void);
void names_release(void);

/* Wait until everybody who asked has been answered. */
void names_settle(void);

#endif
