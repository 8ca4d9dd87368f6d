#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""
The program ended, or failed, at any moment: what is there afterwards.

    tests/fault/crash.py [--program SLUICE] [--times N] MODE

    kill     at every system call of any thread, by SIGKILL
    fail     with every call on files failing in turn, for want of space, by
             a fault of the disk, and so on
    moments  at N random moments, by SIGKILL and SIGTERM in turn

Each is done to seal and to unseal, with an old file in the place of the
result and without, with threads and without, and to several small files, which
are under way at a time.  Afterwards there is the old file, or the whole new
one, and nothing beside it: only SIGKILL may leave the temporary file.  Exit
code 0 means the new one, and of several all the new ones.
"""

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SIZE = 1300000  # bytes: enough for threads
SMALL = 5  # files, of some bytes
OLD = b"what was there before"
CALLS = {
    "openat": ("ENOSPC", "EMFILE"),
    "read": ("EIO",),
    "pread64": ("EIO",),
    "write": ("ENOSPC", "EIO"),
    "pwrite64": ("ENOSPC", "EIO", "EDQUOT"),
    "sync_file_range": ("EIO",),
    "fchmod": ("EIO",),
    "fsync": ("EIO", "ENOSPC"),
    "close": ("EIO", "ENOSPC"),
    "renameat": ("EIO", "ENOSPC"),
    "renameat2": ("EIO", "ENOSPC"),
}


class Broken(Exception):
    """What must not be."""


class Case:
    """One command, and what may become of its output."""

    def __init__(self, program, folder, verb, threads, old):
        self.name = "%s -j %d, %s" % (
            verb, threads, "over an old file" if old else "to a new name")
        self.program = program
        self.work = os.path.join(folder, "work")
        self.verb, self.old = verb, old
        self.plain = os.path.join(folder, "plain")
        source = self.plain if verb == "seal" else self.plain + ".age"
        self.target = os.path.join(self.work, "result")
        self.command = [program, verb, "-q", "--passphrase-env", "SECRET",
                        "-j", str(threads), "-o", self.target]
        if verb == "seal":
            self.command += ["--work-factor", "10"]
        if old:
            self.command.append("-f")
        self.command.append(source)

        self.results = [(self.target, self.plain)]
        self.open_with = ["--passphrase-env", "SECRET"]

    def prepare(self):
        shutil.rmtree(self.work, ignore_errors=True)
        os.mkdir(self.work)
        for target, _ in self.results if self.old else ():
            with open(target, "wb") as f:
                f.write(OLD)

    def prepared(self):
        self.prepare()
        return self.command

    def start(self, under=()):
        return subprocess.Popen(list(under) + self.prepared(),
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def run(self, under):
        return self.start(under).wait(60)

    def is_new(self, target, plain):
        """Whether the new file is there, all of it; else the old one is."""
        try:
            with open(target, "rb") as f:
                there = f.read()
        except FileNotFoundError:
            if self.old:
                raise Broken("the old file is gone")
            return False
        if self.old and there == OLD:
            return False
        if self.verb == "seal":
            there = subprocess.run(
                [self.program, "unseal", "-c", *self.open_with, target],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                check=False).stdout
        with open(plain, "rb") as f:
            if there != f.read():
                raise Broken("what is there is neither old nor whole")
        return True

    def check(self, code, how, killed=False):
        try:
            new = [self.is_new(*result) for result in self.results]
            if code == 0 and not all(new):
                raise Broken("exit code 0 and no new file")
            names = [os.path.basename(target) for target, _ in self.results]
            beside = [n for n in os.listdir(self.work) if n not in names]
            if beside and not killed:
                raise Broken("left behind: " + " ".join(beside))
        except Broken as e:
            sys.exit("%s: %s, exit %d: %s" % (self.name, how, code, e))


class Several(Case):
    """The same for some small files, sealed for a key."""

    def __init__(self, program, folder, verb, old):
        super().__init__(program, folder, verb, 2, old)
        self.name = "several, " + self.name
        at = self.command.index("--passphrase-env")
        key = os.path.join(folder, "key")
        with open(key + ".pub", encoding="ascii") as f:
            public = f.read().strip()
        self.open_with = ["-i", key]
        self.command = self.command[:at] + ["-j", "2", "-O", self.work] + (
            ["-r", public] if verb == "seal" else self.open_with)
        if old:
            self.command.append("-f")
        self.results = []
        for i in range(SMALL):
            plain = os.path.join(folder, "small.%d" % i)
            target = os.path.join(self.work, "small.%d" % i)
            if verb == "seal":
                target += ".age"
            self.results.append((target, plain))
            self.command.append(plain + ("" if verb == "seal" else ".age"))


def prepare_small(program, folder):
    """The files that Several are about, and their key."""
    key = os.path.join(folder, "key")
    for argv, out in (["new"], key), (["public", key], key + ".pub"):
        with open(out, "wb") as f:
            subprocess.run([program, "key"] + argv, stdout=f, check=True,
                           stderr=subprocess.DEVNULL)
    for i in range(SMALL):
        plain = os.path.join(folder, "small.%d" % i)
        with open(plain, "wb") as f:
            f.write(os.urandom(i * 1000))
        subprocess.run([program, "seal", "-R", key + ".pub", plain],
                       check=True)


def strace(*inject, follow=False):
    return (["strace", "-qqq", "-o", "/dev/null"] + ["-f"] * follow
            + ["-e", "trace=all", "-e", "inject=" + ":".join(inject)])


def until_it_does_not_happen(case, under, how, killed):
    """Try it at the first call, the second, ...; how often it happened."""
    n = 0
    while True:
        code = case.run(under(n + 1))
        case.check(code, how % (n + 1), killed)
        if code == 0:
            return n
        n += 1


def calls_of(case):
    """The system calls that are made, by any thread."""
    seen = subprocess.run(
        ["strace", "-f", "-qqq", "-o", "/dev/stderr", "-e", "signal=none"]
        + case.prepared(), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True).stderr
    # What begins the program is strace's own, and the handlers are many.
    names = set(re.findall(r"^\d+ +(\w+)\(", seen.decode("ascii", "replace"),
                           re.M))
    return sorted(names - {"execve", "rt_sigaction"})


def kill(cases, _):
    for case in cases:
        # strace counts the calls of each name, and of each thread, apart.
        n = sum(until_it_does_not_happen(
            case, lambda k, call=call: strace(
                call, "signal=KILL", "when=%d" % k, follow=True),
            "killed at " + call + " %d", True) for call in calls_of(case))
        if n < 100:
            sys.exit("%s: only %d calls?" % (case.name, n))
        print("# %s: killed at each of %d calls" % (case.name, n))


def fail(cases, _):
    for case in cases:
        bad = 0
        for call, errors in CALLS.items():
            for error in errors:
                # Some failures do no harm: at most so many calls are tried.
                for k in range(1, 9):
                    code = case.run(strace(call, "error=" + error,
                                           "when=%d" % k, follow=True))
                    case.check(code, "%s: %s at %d" % (call, error, k))
                    bad += code != 0
                    if call in ("renameat", "renameat2", "fchmod"):
                        break
        if bad < 10:
            sys.exit("%s: only %d failures?" % (case.name, bad))
        print("# %s: failed in %d ways" % (case.name, bad))


def moments(cases, times):
    took = {}
    for case in cases:
        began = time.monotonic()
        case.check(case.run(()), "undisturbed")
        took[case] = time.monotonic() - began
    ended = 0
    for i in range(times):
        case = cases[i % len(cases)]
        sign = (signal.SIGKILL, signal.SIGTERM)[i // len(cases) % 2]
        child = case.start()
        time.sleep(random.uniform(0, took[case]))
        child.send_signal(sign)
        code = child.wait(60)
        ended += code != 0
        case.check(code, "%s at a random moment" % sign.name,
                   sign == signal.SIGKILL)
    print("# ended at %d of %d moments" % (ended, times))


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n", 2)[1])
    words.add_argument("--program", default="build/release/sluice")
    words.add_argument("--times", type=int, default=100)
    words.add_argument("mode", choices=("kill", "fail", "moments"))
    a = words.parse_args()
    os.environ["SECRET"] = "secret"
    program = os.path.abspath(a.program)
    with tempfile.TemporaryDirectory(prefix="sluice-crash.") as folder:
        plain = os.path.join(folder, "plain")
        with open(plain, "wb") as f:
            f.write(os.urandom(SIZE))
        subprocess.run([program, "seal", "--work-factor", "10",
                        "--passphrase-env", "SECRET", plain], check=True)
        ways = [(2, True), (1, False)] if a.mode != "moments" else [
            (2, True), (2, False), (1, True), (1, False)]
        cases = [Case(program, folder, verb, threads, old)
                 for verb in ("seal", "unseal") for threads, old in ways]
        prepare_small(program, folder)
        cases += [Several(program, folder, "seal", False),
                  Several(program, folder, "unseal", True)]
        globals()[a.mode](cases, a.times)


if __name__ == "__main__":
    main()
