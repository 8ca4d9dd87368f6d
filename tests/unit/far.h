/* SPDX-License-Identifier: ISC */
/*
 * far.h: the far end of a network that reaches no further than this machine.
 *
 * Ports are the system's to choose.  Whatever goes wrong here fails the
 * running test.
 */
#ifndef SLUICE_TESTS_FAR_H
#define SLUICE_TESTS_FAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Listen at `host`, an address in numbers, at any port. */
int far_listen(const char *host, uint16_t *port);

/* Take the next connection, which comes within 10 seconds. */
int far_accept(int listener);

/* A port of `host` that nobody listens at, and nobody is given, until the
 * socket is closed. */
int far_closed(const char *host, uint16_t *port);

/* A listener whose backlog is full: who connects hears nothing. */
typedef struct far_hole {
	int listener;
	int waiting[8];
	uint16_t port;
} far_hole;

void far_hole_open(far_hole *h, const char *host);
void far_hole_close(far_hole *h);

/* The same address as the system wants it. */
socklen_t far_address(
    struct sockaddr_storage *out, const char *host, uint16_t port);

/* Whether the machine has such addresses; says so if not. */
bool far_has(const char *host);

/* What an option of a socket, a whole number, is set to. */
int far_option(int fd, int level, int name);

/* Close with a reset instead of an end. */
void far_reset(int fd);

/* Wait for `events`, 10 seconds at the most. */
void far_wait(int fd, short events);

/* How many descriptors are open. */
size_t far_descriptors(void);

/* Milliseconds of a clock that nobody sets. */
int64_t far_clock(void);

#endif
