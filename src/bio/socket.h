/* SPDX-License-Identifier: ISC */
/*
 * socket.h: sockets as this library makes them, none of which a program that
 * is started inherits; and how what fails on one is told.
 */
#ifndef SLUICE_BIO_SOCKET_H
#define SLUICE_BIO_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

#include "address.h"

/* A socket that does not block; -1 says `errno`. */
int slu_socket_new(int family, int type);

/* Two sockets that are connected, and do not block; -1 says `errno`. */
int slu_socket_pair(int ends[2]);

/* Take a connection, whose end here does not block; -1 says `errno`. */
int slu_socket_accept(int listener, slu_address *peer);

/* Let a socket's calls wait; false says `errno`. */
bool slu_socket_block(int fd);

/* Send what is written at once, however little it is. */
bool slu_socket_undelayed(int fd);

/*
 * Probe a peer that is silent for `seconds`, and give it up after as many
 * more in which it answers nothing.
 */
bool slu_socket_keep_alive(int fd, int seconds);

/* Fail with SLU_ERR_IO: "tcp: example.org:80: connection reset by peer". */
slu_status slu_socket_failed(const char *room, const char *name);

#endif
