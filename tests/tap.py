#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""
Run test programs that speak TAP, several at once, and sum up.

    tests/tap.py [-j JOBS] [-t SECONDS] PROGRAM...

A program passes when it kept its plan: every test it announced has a result,
none failed, and it exited with 0.  A test that was announced and never had a
result counts as failed; so does a program that announced none, that failed
in any other way, or that was killed when its time was up.  Whoever ends this
one ends what it runs.
"""

import argparse
import collections
import concurrent.futures
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

REAP = [sys.executable, "-IS",
        os.path.join(os.path.dirname(os.path.abspath(__file__)), "reap.py")]
SCRATCH = object()  # in a command: a folder that is empty and goes afterwards
Job = collections.namedtuple("Job", "name command seconds env tap")
Result = collections.namedtuple("Result", "passed failed skipped output took")

PLAN = re.compile(r"1\.\.(\d+)\s*$")
LINE = re.compile(r"(not )?ok (\d+)\b[ -]*(.*)")
# bats says "ok 2 name # skip reason"; cmocka 1.1.5 "not ok 2 # SKIP name",
# and what the test printed before is the reason.
SKIP = re.compile(r"(.*?)\s*# skip\s*(.*)$", re.IGNORECASE)


def job(name, command, seconds=120, env=None, tap=True):
    """A program to run; what `env` says is None is not in its environment."""
    return Job(name, command, seconds, env or {}, tap)


class Tally:
    """What a TAP stream says, line by line."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []
        self.announced = 0
        self.due = 0  # results still missing from the latest plan
        self.next = 1
        self.said = ""

    def line(self, text):
        plan = PLAN.match(text)
        result = LINE.match(text)
        if plan:
            self.close()
            self.due = int(plan.group(1))
            self.announced += self.due
            self.next = 1
        elif result and self.due and int(result.group(2)) == self.next:
            self.next += 1
            self.due -= 1
            self.result(result.group(1), result.group(3))
            self.said = ""
        elif text.strip() and not text.startswith("#"):
            self.said = text.strip()

    def result(self, is_not, name):
        skip = SKIP.match(name)
        if skip:
            why = skip.group(2) if skip.group(1) else self.said
            self.skipped.append(why or "no reason given")
        elif is_not:
            self.failed.append(name)
        else:
            self.passed += 1

    def close(self, end="no result"):
        """The stream or a plan ended: what is due will not come."""
        for i in range(self.due):
            self.failed.append("test %d: %s" % (self.next + i, end))
            end = "not reached"
        self.due = 0


def how_it_ended(code, late, seconds):
    if late:
        return "killed after %d s" % seconds
    if code < 0:
        try:
            return "killed by " + signal.Signals(-code).name
        except ValueError:
            return "killed by signal %d" % -code
    return "exit code %d" % code if code else ""


class Running:
    """All jobs at work, so that they can be ended at once."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reapers = set()
        self.over = False

    def started(self, reaper):
        with self.lock:
            self.reapers.add(reaper)
            if self.over:
                reaper.terminate()

    def done(self, reaper):
        with self.lock:
            self.reapers.discard(reaper)

    def end(self):
        with self.lock:
            self.over = True
            for reaper in self.reapers:
                reaper.terminate()


RUNNING = Running()


def execute(j, folder):
    """Run a job in a session of its own, of which nothing survives."""
    env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", TMPDIR=folder, **j.env)
    env = {k: v for k, v in env.items() if v is not None}
    command = [folder if word is SCRATCH else word for word in j.command]
    late = False
    with tempfile.TemporaryFile() as out:
        reaper = subprocess.Popen(
            REAP + command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            env=env, start_new_session=True)
        RUNNING.started(reaper)
        try:
            reaper.wait(j.seconds)
        except subprocess.TimeoutExpired:
            late = True
            reaper.terminate()
        reaper.wait()
        RUNNING.done(reaper)
        out.seek(0)
        return reaper.returncode, late, out.read().decode("utf-8", "replace")


def perform(j):
    """Run a job and judge it."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(
            prefix="sluice test.", ignore_cleanup_errors=True) as folder:
        code, late, output = execute(j, folder)
        left = os.listdir(folder) if SCRATCH not in j.command else []
    took = time.monotonic() - start
    end = how_it_ended(code, late, j.seconds)
    if left and not end:
        end = "left behind: " + ", ".join(sorted(left))
    tally = Tally()
    if j.tap:
        for text in output.splitlines():
            tally.line(text)
        tally.close(end or "no result")
        if not tally.announced and not end:
            end = "no test"
    elif not end:
        tally.passed = 1
    if end:
        output += "# %s: %s\n" % (j.name, end)
        if not tally.failed:
            tally.failed.append(end)
    return Result(tally.passed, tally.failed, tally.skipped, output, took)


def report(j, r):
    words = ["%d passed" % r.passed]
    if r.failed:
        words.append("%d FAILED" % len(r.failed))
    if r.skipped:
        words.append("%d skipped" % len(r.skipped))
    print("%-44s %s (%.1f s)" % (j.name, ", ".join(words), r.took))
    if r.failed:
        for text in r.output.splitlines():
            print("    " + text)
    sys.stdout.flush()


def run(jobs, at_once):
    """Run all jobs, so many at once; each is reported when it is done."""
    results = []
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        waiting = {pool.submit(perform, j): j for j in jobs}
        try:
            for done in concurrent.futures.as_completed(waiting):
                report(waiting[done], done.result())
                results.append((waiting[done], done.result()))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            RUNNING.end()
            raise
    return results


def interruptible(main):
    """
    Run main(); a signal that is to end us ends the jobs first.  One that we
    ignore, as under nohup, is caught all the same, so that the jobs do not:
    they have tests of what they die of.
    """
    def stop(number, _):
        raise SystemExit(128 + number)

    def ignore(*_):
        pass

    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT,
                   signal.SIGTERM):
        ignored = signal.getsignal(number) == signal.SIG_IGN
        signal.signal(number, ignore if ignored else stop)
    sys.exit(main())


def conclude(results):
    """Name what failed and what was skipped; the last line sums up."""
    passed = sum(r.passed for _, r in results)
    failed = [(j.name, what) for j, r in results for what in r.failed]
    skipped = collections.Counter(
        (j.name, why) for j, r in results for why in r.skipped)
    for (name, why), n in sorted(skipped.items()):
        print("skipped: %s: %s%s"
              % (name, why, " (%d tests)" % n if n > 1 else ""))
    for name, what in sorted(failed):
        print("FAILED: %s: %s" % (name, what))
    print("%d passed, %d failed, %d skipped"
          % (passed, len(failed), sum(skipped.values())))
    return 0 if passed and not failed else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("-j", type=int, dest="jobs",
                        default=len(os.sched_getaffinity(0)))
    parser.add_argument("-t", type=int, dest="seconds", default=120)
    parser.add_argument("programs", nargs="*")
    a = parser.parse_args()
    return conclude(run([job(os.path.basename(p), [p], a.seconds)
                         for p in a.programs], a.jobs))


if __name__ == "__main__":
    interruptible(main)
