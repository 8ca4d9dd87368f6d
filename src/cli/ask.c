/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "say.h"
#include "signals.h"
#include "sluice/secret.h"

/* The kernel's line editor drops what is typed beyond this, in silence. */
#define TYPED_MAX 4094

static const int stopping[] = { SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT };

#define NSTOPPING (sizeof(stopping) / sizeof(stopping[0]))

static volatile sig_atomic_t stopped; /* the latest of these, or 0 */

static void
take_note(int sig)
{
	stopped = sig;
}

/* The signals as they were, while ours take note only inside of ppoll. */
struct stops {
	sigset_t mask;
	struct sigaction actions[NSTOPPING];
};

static void
stops_hold(struct stops *s)
{
	struct sigaction act = { .sa_handler = take_note };
	sigset_t held;

	sigemptyset(&act.sa_mask);
	sigemptyset(&held);
	for (size_t i = 0; i < NSTOPPING; i++)
		sigaddset(&held, stopping[i]);
	stopped = 0;
	(void)sigprocmask(SIG_BLOCK, &held, &s->mask);
	for (size_t i = 0; i < NSTOPPING; i++) {
		(void)sigaction(stopping[i], NULL, &s->actions[i]);
		if (s->actions[i].sa_handler != SIG_IGN)
			(void)sigaction(stopping[i], &act, NULL);
	}
}

static void
stops_let_go(const struct stops *s)
{
	for (size_t i = 0; i < NSTOPPING; i++)
		(void)sigaction(stopping[i], &s->actions[i], NULL);
	(void)sigprocmask(SIG_SETMASK, &s->mask, NULL);
}

static bool
write_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, text, len);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return true;
}

/*
 * Read a line; 0 where the input ends before the line does.  -1 with errno;
 * EINTR stands for a signal that is to stop us, or did.
 */
static ssize_t
read_line(int tty, const sigset_t *mask, char *line, size_t cap)
{
	struct pollfd one = { .fd = tty, .events = POLLIN };
	size_t len = 0;
	ssize_t n;

	while (len < cap && (len == 0 || line[len - 1] != '\n')) {
		if (ppoll(&one, 1, NULL, mask) < 0) {
			if (errno != EINTR || stopped != 0)
				return -1;
			continue;
		}
		n = read(tty, line + len, cap - len);
		if (n <= 0)
			return n;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

/* One attempt, with the echo off; as read_line. */
static ssize_t
attempt(int tty, const char *prompt, char *line, size_t cap)
{
	struct termios saved, silent;
	struct stops stops;
	ssize_t n = -1;
	int failure;

	/* In the background the terminal's modes are someone else's. */
	if (tcgetpgrp(tty) != getpgrp())
		raise(SIGTTOU);
	if (tcgetattr(tty, &saved) != 0)
		return -1;
	silent = saved;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	silent.c_lflag |= ICANON | ISIG;
	silent.c_iflag |= ICRNL;
	stops_hold(&stops);
	signals_terminal(tty, &saved);
	if (tcsetattr(tty, TCSAFLUSH, &silent) == 0 &&
	    write_all(tty, prompt, strlen(prompt)))
		n = read_line(tty, &stops.mask, line, cap);
	failure = errno;
	(void)tcsetattr(tty, TCSAFLUSH, &saved);
	signals_terminal_done();
	(void)write_all(tty, "\n", 1);
	stops_let_go(&stops);
	errno = failure;
	return n;
}

/* Attempt it again for as long as somebody stops us and lets us go on. */
static ssize_t
attempts(int tty, const char *prompt, char *line, size_t cap)
{
	ssize_t n;

	for (;;) {
		n = attempt(tty, prompt, line, cap);
		if (n >= 0 || errno != EINTR || stopped == 0)
			return n;
		if (stopped != SIGCONT)
			raise((int)stopped);
	}
}

static exit_code
no_terminal(const char *instead)
{
	exit_code code =
	    say_fail(EXIT_MISUSED, "no terminal to ask for a passphrase");

	say_hint("use %s", instead);
	return code;
}

exit_code
ask_secret(const char *prompt, const char *instead, slu_buf *out)
{
	char line[TYPED_MAX + 2];
	exit_code code = EXIT_DONE;
	ssize_t n;
	int tty;

	tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty < 0)
		return no_terminal(instead);
	n = attempts(tty, prompt, line, sizeof(line));
	if (n < 0)
		code = say_fail(EXIT_IO, "terminal: %s", strerror(errno));
	else if (n == 0)
		code = say_fail(EXIT_MISUSED, "cancelled");
	else if (line[n - 1] != '\n' || n - 1 > TYPED_MAX)
		code = say_fail(EXIT_MISUSED,
		    "the passphrase is longer than %d bytes", TYPED_MAX);
	else
		code = say_status(
		    slu_buf_add(out, line, (size_t)n - 1), "passphrase");
	slu_wipe(line, sizeof(line));
	close(tty);
	return code;
}

/* A device that is no terminal, such as /dev/null, shows nobody anything. */
static bool
is_nowhere(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && !isatty(fd);
}

/*
 * Who sends it to a file finds it there, even if the machine stops after what
 * it seals is written.
 */
static bool
stays(int fd)
{
	struct stat st;

	return fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || fsync(fd) == 0;
}

exit_code
ask_show(const void *text, size_t len)
{
	int tty = open("/dev/tty", O_WRONLY | O_NOCTTY | O_CLOEXEC);
	int fd = tty >= 0 ? tty : STDERR_FILENO;
	exit_code code = EXIT_DONE;

	say_passing_gone();
	if (is_nowhere(fd))
		code = say_fail(
		    EXIT_MISUSED, "no terminal to show the passphrase on");
	else if (!write_all(fd, text, len) || !stays(fd))
		code = say_fail(EXIT_IO, "terminal: %s", strerror(errno));
	if (tty >= 0)
		close(tty);
	return code;
}
