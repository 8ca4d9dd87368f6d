#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""
Run a program; nothing that it starts outlives it, whatever session it is in.

    tests/reap.py PROGRAM [ARG...]

This one ends as the program ends.  SIGTERM, or the end of the process that
started this one, ends them all.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 1, 4, 36
# Blocked from the start, so that none is missed.
AWAITED = {signal.SIGTERM, signal.SIGCHLD}
# Python ignores these; a program that it starts should not.
DEFAULT = (signal.SIGPIPE, signal.SIGXFSZ)


def prctl(option, value):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def children():
    """Orphans of the program's are ours, too."""
    for name in os.listdir("/proc"):
        try:
            with open("/proc/%s/stat" % name, encoding="latin-1") as f:
                after_name = f.read().rpartition(")")[2].split()
        except OSError:
            continue
        if name.isdigit() and int(after_name[1]) == os.getpid():
            yield int(name)


def end_all():
    """A child that is gone may leave children of its own to us."""
    while True:
        for pid in children():
            os.kill(pid, signal.SIGKILL)
        try:
            os.wait()
        except ChildProcessError:
            return


def ended(program):
    """Wait; how the program ended, or None when it is to be ended."""
    while signal.sigwait(AWAITED) == signal.SIGCHLD:
        pid = 1
        while pid:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == program:
                return status
    return None


def end_like(status):
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        prctl(PR_SET_DUMPABLE, 0)  # one core is enough
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    return code


def main():
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    command = sys.argv[1:]
    try:
        program = os.posix_spawnp(
            command[0], command, os.environ, setsid=True, setsigmask=(),
            setsigdef=DEFAULT)
    except OSError as e:
        sys.stderr.write("%s: %s\n" % (command[0], e.strerror))
        return 127
    status = ended(program)
    end_all()
    return 128 + signal.SIGTERM if status is None else end_like(status)


if __name__ == "__main__":
    sys.exit(main())
