/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "signals.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

/*
 * Signals that do not end a program unless told, that we have another use
 * for, or that say that nothing in the program can be relied on any more.
 */
static const int not_ours[] = {
	SIGCHLD,
	SIGCONT,
	SIGTSTP,
	SIGTTIN,
	SIGTTOU,
	SIGURG,
	SIGWINCH,
	SIGUSR1,
	SIGXFSZ,
	SIGSEGV,
	SIGBUS,
	SIGILL,
	SIGFPE,
};

#define NNOT_OURS (sizeof(not_ours) / sizeof(not_ours[0]))

static struct {
	slu_file_pending file;
	bool taken;
} files[SIGNALS_FILES];

static struct termios terminal_was;
static volatile sig_atomic_t terminal = -1;
static volatile sig_atomic_t line_stands;
static volatile sig_atomic_t asked;

void
signals_line_clear(void)
{
	static const char clear[] = "\r\033[K";

	if (!line_stands)
		return;
	line_stands = 0;
	if (write(STDERR_FILENO, clear, sizeof(clear) - 1) < 0)
		return;
}

static void
terminal_restore(int fd)
{
	/* The interrupted prompt's line has no end yet. */
	if (tcsetattr(fd, TCSAFLUSH, &terminal_was) == 0 &&
	    write(fd, "\n", 1) < 0)
		return;
}

static void
clean_up(int sig)
{
	for (size_t i = 0; i < SIGNALS_FILES; i++)
		slu_file_abandon(&files[i].file);
	if (terminal >= 0)
		terminal_restore(terminal);
	signals_line_clear();
	/* SA_RESETHAND put the default back: this ends us on return. */
	raise(sig);
}

static void
take_note(int sig)
{
	(void)sig;
	asked = 1;
}

static bool
is_ours(int sig)
{
	for (size_t i = 0; i < NNOT_OURS; i++)
		if (not_ours[i] == sig)
			return false;
	return true;
}

void
signals_catch(void)
{
	struct sigaction act = { .sa_flags = (int)SA_RESETHAND }, old;

	/* Those that nobody can catch are refused here. */
	act.sa_handler = clean_up;
	sigfillset(&act.sa_mask);
	for (int sig = 1; sig <= SIGRTMAX; sig++)
		if (is_ours(sig) && sigaction(sig, NULL, &old) == 0 &&
		    old.sa_handler == SIG_DFL)
			(void)sigaction(sig, &act, NULL);

	act = (struct sigaction){ .sa_flags = SA_RESTART };
	sigemptyset(&act.sa_mask);
	act.sa_handler = take_note;
	(void)sigaction(SIGUSR1, &act, NULL);
	/* A write past the limit of file sizes then fails with EFBIG. */
	act.sa_handler = SIG_IGN;
	(void)sigaction(SIGXFSZ, &act, NULL);
}

slu_file_pending *
signals_file(void)
{
	for (size_t i = 0; i < SIGNALS_FILES; i++)
		if (!files[i].taken) {
			files[i].taken = true;
			return &files[i].file;
		}
	return NULL;
}

void
signals_file_done(slu_file_pending *pending)
{
	for (size_t i = 0; i < SIGNALS_FILES; i++)
		if (&files[i].file == pending)
			files[i].taken = false;
}

void
signals_terminal(int fd, const struct termios *saved)
{
	terminal = -1;
	atomic_signal_fence(memory_order_seq_cst);
	terminal_was = *saved;
	atomic_signal_fence(memory_order_seq_cst);
	terminal = fd;
}

void
signals_terminal_done(void)
{
	terminal = -1;
}

void
signals_line(void)
{
	line_stands = 1;
}

bool
signals_asked(void)
{
	bool was = asked != 0;

	asked = 0;
	return was;
}
