/* SPDX-License-Identifier: ISC */
/* thread.h: threads of the library's own, which a program need not know of. */
#ifndef SLUICE_BASE_THREAD_H
#define SLUICE_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/*
 * Start a thread, with all signals blocked but those that a thread brings
 * upon itself: the program's handlers run where they ran before.  False
 * where there is no thread to be had.
 */
bool slu_thread_start(pthread_t *thread, void *(*run)(void *), void *arg);

#endif
