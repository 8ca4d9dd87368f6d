/* SPDX-License-Identifier: ISC */
/*
 * race.h: the addresses of one name, of which the first that connects wins
 * (RFC 8305, "happy eyeballs", section 5).
 *
 * An attempt is begun every so many milliseconds, and at once when the one
 * before has failed; those under way go on.  The winner's socket is handed
 * over and all others are closed.  Nothing here waits: a step does what can
 * be done now.
 */
#ifndef SLUICE_BIO_RACE_H
#define SLUICE_BIO_RACE_H

#include <stdbool.h>

#include "address.h"
#include "sluice/wait.h"

#define SLU_RACE_STAGGER 250 /* milliseconds between two attempts */

typedef struct slu_race_rules {
	const char *room;    /* lent: what a reason begins with */
	const char *name;    /* lent: what it is about, "example.org:80" */
	int type;            /* SOCK_STREAM or SOCK_DGRAM */
	uint16_t local_port; /* bind to it before; 0: to any */
	int stagger_ms;
	int limit_ms; /* for the words: what `end` was made of */
	int64_t end;  /* the moment, by slu_clock_ms, when all is too late */
} slu_race_rules;

/* How far it has come with one address. */
typedef enum slu_race_stage {
	SLU_RACE_NOT_BEGUN = 0,
	SLU_RACE_UNDER_WAY,
	SLU_RACE_TO_REPEAT, /* its backlog was full */
	SLU_RACE_NO_SOCKET, /* from here on it is over */
	SLU_RACE_NOT_BOUND,
	SLU_RACE_NOT_CONNECTED,
} slu_race_stage;

typedef struct slu_race_attempt {
	slu_race_stage stage;
	int fd;    /* owned; -1 where there is none */
	int error; /* the errno of what failed */
} slu_race_attempt;

typedef struct slu_race {
	slu_race_rules rules;
	slu_addresses list;
	slu_race_attempt at[SLU_ADDRESSES_MAX];
	size_t begun;     /* attempts */
	int64_t begin_at; /* the moment for the next one */
} slu_race;

/* Get ready; nothing is begun before the first step. */
void slu_race_start(
    slu_race *r, const slu_race_rules *rules, const slu_addresses *list);

/*
 * SLU_OK with a connected socket, which does not block and is the caller's;
 * or SLU_WANT_WRITE.  SLU_ERR_PEER where no address was reached in time, in
 * words of what each of them answered; SLU_ERR_IO where not even a socket
 * could be had.
 */
slu_status slu_race_step(slu_race *r, int *fd) SLU_CHECKED;

/* What it takes for the next step to go further. */
slu_status slu_race_wait(const slu_race *r, slu_waits *w) SLU_CHECKED;

/* Close what is open.  A race that was never started is to be all zero. */
void slu_race_stop(slu_race *r);

#endif
