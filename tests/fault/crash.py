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
are under way at a time; and to rekey, from a passphrase to another one, to a
key, and in armor.  Afterwards there is the old file, or the whole new one, and
nothing beside it: only SIGKILL may leave the temporary file.  Exit code 0 means
the new one, and of several all the new ones.
"""

import argparse
import collections
import concurrent.futures
import os
import queue
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
LANES = 4  # runs at a time, which mostly wait for the disk
CALLS = {
    "openat": ("ENOSPC", "EMFILE"),
    "read": ("EIO",),
    "pread64": ("EIO",),
    "write": ("ENOSPC", "EIO"),
    "pwrite64": ("ENOSPC", "EIO", "EDQUOT"),
    "sync_file_range": ("EIO",),
    "copy_file_range": ("EIO", "ENOSPC", "EXDEV"),
    "fchmod": ("EIO",),
    "fchown": ("EPERM", "EIO"),
    "fsync": ("EIO", "ENOSPC"),
    "close": ("EIO", "ENOSPC"),
    "renameat": ("EIO", "ENOSPC"),
    "renameat2": ("EIO", "ENOSPC"),
}


class Broken(Exception):
    """What must not be."""


class Case:
    """One command, and what may become of its output."""

    def __init__(self, program, folder, lane):
        self.program, self.folder = program, folder
        self.plain = os.path.join(folder, "plain")
        self.work = os.path.join(folder, "work%d" % lane)
        self.target = os.path.join(self.work, "result")
        self.results = [(self.target, self.plain)]
        self.key = ["--passphrase-env", "SECRET"]  # opens what is new

    def prepare(self):
        shutil.rmtree(self.work, ignore_errors=True)
        os.mkdir(self.work)
        for target, _ in self.results if self.old is not None else ():
            with open(target, "wb") as f:
                f.write(self.old)

    def start(self, under=()):
        self.prepare()
        return subprocess.Popen(list(under) + self.command,
                                stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def run(self, under=()):
        return self.start(under).wait(60)

    def opened(self, target, _):
        """What is sealed in a target; nothing where it does not open."""
        return subprocess.run(
            [self.program, "unseal", "-c"] + self.key + [target],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            check=False).stdout

    def is_new(self, target, plain):
        """Whether the new file is there, all of it; else the old one is."""
        try:
            with open(target, "rb") as f:
                there = f.read()
        except FileNotFoundError:
            if self.old is not None:
                raise Broken("the old file is gone")
            return False
        if there == self.old:
            return False
        with open(plain, "rb") as f:
            if self.opened(target, there) != f.read():
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


class Sealing(Case):
    """seal or unseal."""

    def __init__(self, program, folder, lane, verb, threads, old):
        super().__init__(program, folder, lane)
        self.name = "%s -j %d, %s" % (
            verb, threads, "over an old file" if old else "to a new name")
        self.verb, self.old = verb, OLD if old else None
        self.command = [program, verb, "-q", "-j", str(threads)] + (
            ["-f"] * old + self.what())

    def what(self):
        """What is done with which files."""
        how = self.key + ["-o", self.target]
        if self.verb == "unseal":
            return how + [self.plain + ".age"]
        return how + ["--work-factor", "10", self.plain]

    def opened(self, target, there):
        if self.verb == "unseal":
            return there
        return super().opened(target, there)


class Several(Sealing):
    """The same for some small files, sealed for a key."""

    def what(self):
        self.name = "several, " + self.name
        secret = os.path.join(self.folder, "key")
        self.key = ["-i", secret]
        end = {"seal": ("", ".age"), "unseal": (".age", "")}[self.verb]
        small = [os.path.join(self.folder, "small.%d" % i)
                 for i in range(SMALL)]
        self.results = [
            (os.path.join(self.work, os.path.basename(plain) + end[1]), plain)
            for plain in small]
        how = self.key if self.verb == "unseal" else ["-R", secret + ".pub"]
        return how + ["-O", self.work] + [plain + end[0] for plain in small]


class Rekeying(Case):
    """rekey, in the place of the old file."""

    def __init__(self, program, folder, lane, to, armored):
        super().__init__(program, folder, lane)
        self.name = "rekey to %s%s" % (to, ", in armor" * armored)
        with open(self.plain + (".asc" if armored else ".age"), "rb") as f:
            self.old = f.read()
        self.command = [program, "rekey", "-q"] + self.key
        secret = os.path.join(folder, "key")
        if to == "a key":
            self.command += ["-R", secret + ".pub", self.target]
            self.key = ["-i", secret]
        else:
            self.command += ["--new-passphrase-env", "NEXT",
                             "--work-factor", "10", self.target]
            self.key = ["--passphrase-env", "NEXT"]


def strace(*inject, follow=False):
    return (["strace", "-qqq", "-o", "/dev/null"] + ["-f"] * follow
            + ["-e", "trace=all", "-e", "inject=" + ":".join(inject)])


def in_lanes(lanes, runs):
    """Do `run(case)` for each of the runs, several at a time."""
    free = queue.SimpleQueue()
    for case in lanes:
        free.put(case)

    def one(run):
        case = free.get()
        try:
            return run(case)
        finally:
            free.put(case)

    with concurrent.futures.ThreadPoolExecutor(len(lanes)) as pool:
        return [f.result() for f in [pool.submit(one, run) for run in runs]]


def calls_of(case):
    """How often a run makes each system call in the thread that does most."""
    log = case.work + ".log"
    case.check(case.run(["strace", "-f", "-qqq", "-o", log]), "undisturbed")
    with open(log, encoding="ascii", errors="replace") as f:
        calls = [re.match(r"(\d+) +(\w+)\(", line) for line in f]
    times = collections.Counter(c.groups() for c in calls if c)
    # What begins the program is strace's own, and the handlers are many.
    return {name: max(n for (_, other), n in times.items() if other == name)
            for _, name in times if name not in ("execve", "rt_sigaction")}


def killed_at(call, k):
    def run(case):
        code = case.run(strace(call, "signal=KILL", "when=%d" % k,
                               follow=True))
        case.check(code, "killed at %s %d" % (call, k), True)
        return code != 0
    return run


def kill(cases, _):
    for lanes in cases:
        # strace counts the calls of each name, and of each thread, apart.
        calls = calls_of(lanes[0])
        n = sum(in_lanes(lanes, [killed_at(call, k) for call in calls
                                 for k in range(1, calls[call] + 1)]))
        # Threads do not share their work as they did before.
        for call, k in calls.items():
            while killed_at(call, k + 1)(lanes[0]):
                k, n = k + 1, n + 1
        if n < 100:
            sys.exit("%s: only %d calls?" % (lanes[0].name, n))
        print("# %s: killed at each of %d calls" % (lanes[0].name, n))


def failed_at(call, error, k):
    def run(case):
        code = case.run(strace(call, "error=" + error, "when=%d" % k,
                               follow=True))
        case.check(code, "%s: %s at %d" % (call, error, k))
        return code != 0
    return run


def fail(cases, _):
    for lanes in cases:
        runs = []
        for call, errors in CALLS.items():
            # Some failures do no harm: at most so many calls are tried.
            times = range(1, 9)
            if call in ("renameat", "renameat2", "fchmod", "fchown"):
                times = (1,)
            elif call == "openat":
                times = range(5, 17)  # behind most libraries
            runs += [failed_at(call, error, k)
                     for error in errors for k in times]
        bad = sum(in_lanes(lanes, runs))
        if bad < 10:
            sys.exit("%s: only %d failures?" % (lanes[0].name, bad))
        print("# %s: failed in %d ways" % (lanes[0].name, bad))


def time_of(case):
    began = time.monotonic()
    code = case.run()
    took = time.monotonic() - began
    case.check(code, "undisturbed")
    return took


def moments(cases, times):
    cases = [lanes[0] for lanes in cases]
    took = {case: min(time_of(case) for _ in range(3)) for case in cases}
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


def make_files(program, plain):
    """Files, the same sealed, and a key."""
    with open(plain, "wb") as f:
        f.write(os.urandom(SIZE))
    seal = [program, "seal", "--work-factor", "10", "--passphrase-env",
            "SECRET"]
    key = os.path.join(os.path.dirname(plain), "key")
    for command in (seal + [plain], seal + ["-a", "-o", plain + ".asc", plain],
                    [program, "key", "new", "-q", "-o", key],
                    [program, "key", "public", "-o", key + ".pub", key]):
        subprocess.run(command, check=True)
    for i in range(SMALL):
        small = os.path.join(os.path.dirname(plain), "small.%d" % i)
        with open(small, "wb") as f:
            f.write(os.urandom(i * 1000))
        subprocess.run([program, "seal", "-R", key + ".pub", small],
                       check=True)


def make_cases(program, folder, mode):
    """For each case a list: the same in as many places as there are lanes."""
    ways = [(2, True), (1, False)]
    if mode == "moments":
        ways = [(2, True), (2, False), (1, True), (1, False)]
    kinds = [(Sealing, (verb, threads, old))
             for verb in ("seal", "unseal") for threads, old in ways]
    kinds += [(Several, ("seal", 2, False)), (Several, ("unseal", 2, True))]
    kinds += [(Rekeying, ("a passphrase", False)), (Rekeying, ("a key", False)),
              (Rekeying, ("a key", True))]
    return [[kind(program, folder, lane, *how) for lane in range(LANES)]
            for kind, how in kinds]


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n", 2)[1])
    words.add_argument("--program", default="build/release/sluice")
    words.add_argument("--times", type=int, default=100)
    words.add_argument("mode", choices=("kill", "fail", "moments"))
    a = words.parse_args()
    os.environ["SECRET"], os.environ["NEXT"] = "secret", "next"
    program = os.path.abspath(a.program)
    with tempfile.TemporaryDirectory(prefix="sluice-crash.") as folder:
        make_files(program, os.path.join(folder, "plain"))
        globals()[a.mode](make_cases(program, folder, a.mode), a.times)


if __name__ == "__main__":
    main()
