#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""
Run a command on a terminal of its own and answer what it asks.

    tests/terminal.py [-t SECONDS] [PROMPT ANSWER]... -- COMMAND [ARGUMENT]...

Each PROMPT is waited for in turn, as plain text, and its ANSWER typed with
Return; ^C, ^D, ^Z and ^\\ are typed as these keys, without.  All that the
terminal showed goes to stdout.  The exit code is the command's, or 128 and
the signal that ended it; 124 when the time was up, 125 when the command
ended without asking.
"""

import sys

import pexpect

KEYS = {"^C": "\x03", "^D": "\x04", "^Z": "\x1a", "^\\": "\x1c"}


def arguments(words):
    seconds = 60
    if words[:1] == ["-t"]:
        seconds = int(words[1])
        words = words[2:]
    if "--" not in words[::2] or words[-1:] == ["--"]:
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(2)
    end = 2 * words[::2].index("--")
    pairs = list(zip(words[0:end:2], words[1:end:2]))
    return seconds, pairs, words[end + 1:]


def answer(child, text):
    if text in KEYS:
        child.send(KEYS[text])
        return
    # Typed before the echo is off, a passphrase would be seen, or dropped.
    child.waitnoecho(timeout=1)
    child.send(text + "\r")


def converse(child, pairs):
    """0, or the exit code that says why not all was asked."""
    try:
        for prompt, text in pairs:
            child.expect_exact(prompt)
            answer(child, text)
        child.expect(pexpect.EOF)
    except pexpect.TIMEOUT:
        child.logfile_read.write("\nterminal: it took too long\n")
        return 124
    except pexpect.EOF:
        child.logfile_read.write("\nterminal: never asked: %s\n" % prompt)
        return 125
    return 0


def main():
    seconds, pairs, command = arguments(sys.argv[1:])
    try:
        child = pexpect.spawn(command[0], command[1:], timeout=seconds,
                              encoding="utf-8", codec_errors="replace")
    except pexpect.ExceptionPexpect as e:
        print("terminal: %s" % e.value)
        return 127
    child.logfile_read = sys.stdout
    code = converse(child, pairs)
    child.close(force=True)
    sys.stdout.flush()
    if code:
        return code
    if child.signalstatus:
        return 128 + child.signalstatus
    return child.exitstatus


if __name__ == "__main__":
    sys.exit(main())
