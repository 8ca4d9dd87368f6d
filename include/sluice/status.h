/* SPDX-License-Identifier: ISC */
/*
 * status.h: how every call of the library answers.
 *
 * A call returns one `slu_status`; whatever else it has to say goes out
 * through its last parameters.  The statuses fall into three bands, and
 * a caller mostly needs to tell only the bands apart:
 *
 *     SLU_OK                       the call did what it says
 *     SLU_WANT_READ and above      the call cannot move now, or ever again;
 *                                  this is how streams behave, not a fault
 *     SLU_ERR_USAGE and above      the call failed
 *
 * The few functions that cannot fail return what they make instead.
 *
 * A pointer may be NULL where its function says so, and nowhere else.  A
 * call may empty the thread's OpenSSL error queue: who keeps errors there
 * looks at them first.
 */
#ifndef SLUICE_STATUS_H
#define SLUICE_STATUS_H

#include <stdbool.h>

#if defined(__GNUC__)
#define SLU_CHECKED __attribute__((warn_unused_result))
#define SLU_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define SLU_EXPORT_ON _Pragma("GCC visibility push(default)")
#define SLU_EXPORT_OFF _Pragma("GCC visibility pop")
#else
#define SLU_CHECKED
#define SLU_PRINTF(fmt, args)
#define SLU_EXPORT_ON
#define SLU_EXPORT_OFF
#endif

/* Every public header declares between these two. */
#ifdef __cplusplus
#define SLU_BEGIN_DECLS \
	extern "C" { \
	SLU_EXPORT_ON
#define SLU_END_DECLS \
	SLU_EXPORT_OFF \
	}
#else
#define SLU_BEGIN_DECLS SLU_EXPORT_ON
#define SLU_END_DECLS SLU_EXPORT_OFF
#endif

SLU_BEGIN_DECLS

/* The numbers are part of the ABI; each band has room to grow. */
typedef enum slu_status {
	SLU_OK = 0,

	SLU_WANT_READ = 1,  /* call again once the transport can be read */
	SLU_WANT_WRITE = 2, /* call again once it can be written */
	SLU_EOF = 3,        /* the stream ended where it was meant to end */
	SLU_WANT_CERT = 4,  /* call again once you gave the answer you owe */

	SLU_ERR_USAGE = 32,     /* the caller broke the contract of the call */
	SLU_ERR_MEMORY = 33,    /* no memory */
	SLU_ERR_IO = 34,        /* the system or the transport failed */
	SLU_ERR_TRUNCATED = 35, /* the stream ended before it was complete */
	SLU_ERR_FORMAT = 36,    /* the input is not what it should be */
	SLU_ERR_LIMIT = 37,     /* the input is larger than we agreed to take */
	SLU_ERR_NO_MATCH = 38,  /* no key or passphrase at hand opens it */
	SLU_ERR_AUTH = 39,      /* it was forged or damaged on the way */
	SLU_ERR_PEER = 40,      /* the peer refused us, or was not reached */
	SLU_ERR_CRYPTO = 41,    /* OpenSSL failed where it should not */
} slu_status;

/* Tell whether `st` is a failure, rather than progress, a wait or an end. */
static inline bool
slu_failed(slu_status st)
{
	return st >= SLU_ERR_USAGE;
}

/* Name `st` in a word or two, for a message: "no match", "truncated". */
const char *slu_status_name(slu_status st);

/* The longest reason that `slu_error` gives, its NUL included. */
#define SLU_ERROR_MAX 512

/*
 * Say in one line why the latest failure on this thread happened: the room
 * that found it, a colon, and the cause ("base64: data after the padding").
 * The line is for people and never holds a secret.  It stays valid until
 * the next call that fails on this thread; "" before the first.
 */
const char *slu_error(void);

/*
 * Record the reason for a failure and return `st`, so that the place that
 * finds a fault reports it in one statement.  User BIOs report in the same
 * way.  Longer reasons are cut at SLU_ERROR_MAX.  `errno` is left alone.
 */
slu_status slu_fail(slu_status st, const char *fmt, ...) SLU_PRINTF(2, 3);

SLU_END_DECLS

#endif
