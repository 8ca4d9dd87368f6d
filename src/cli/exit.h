/* SPDX-License-Identifier: ISC */
/*
 * exit.h: the exit codes, which scripts rely on.
 *
 * A function of the program that can fail says why on standard error at the
 * place that finds the fault, and returns one of these.
 */
#ifndef SLUICE_CLI_EXIT_H
#define SLUICE_CLI_EXIT_H

typedef enum exit_code {
	EXIT_DONE = 0,
	EXIT_NO = 1,        /* the answer is no: a mismatch, a missing file */
	EXIT_MISUSED = 2,   /* of the command line; no way to a passphrase */
	EXIT_IO = 3,        /* the system failed: a disk that is full */
	EXIT_NO_MATCH = 4,  /* a wrong passphrase */
	EXIT_BAD_INPUT = 5, /* malformed, damaged, truncated, over a limit */
	EXIT_REFUSED = 6,   /* would destroy or spoil something */
	EXIT_NETWORK = 7,   /* nobody was reached, or the way there broke */
	EXIT_TLS = 8,    /* the peer is not who it should be, or breaks off */
	EXIT_SOME = 9,   /* of several files, some failed */
	EXIT_FAULT = 70, /* ours */
} exit_code;

#endif
