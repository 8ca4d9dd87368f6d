#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""
Build everything, run every test, sum up.

    tools/test [--quick] [NAME...]

NAME selects: a suite, or a part of a test's name.  --quick leaves out what
takes minutes: clang, sanitizers, valgrind, peers and fuzzing.
"""

import argparse
import glob
import os
import subprocess
import sys

import tap

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SANITIZED = "san=address,undefined"
FUZZ_SECONDS = 10
# The settings are the suites' own, whatever the user's shell exports.
OURS = {name: None for name in (
    "CC", "CFLAGS", "CPPFLAGS", "LDFLAGS", "PKG_CONFIG", "CMOCKA_TEST_ABORT")}
STRICT = dict(
    OURS,
    ASAN_OPTIONS="detect_leaks=1:strict_string_checks=1"
                 ":detect_stack_use_after_return=1",
    UBSAN_OPTIONS="print_stacktrace=1")
BUILDS = {
    "release": ["all", "tests"],
    "clang": ["cc=clang", "all", "tests"],
    "san": [SANITIZED, "all", "tests"],
    "san-clang": ["cc=clang", SANITIZED, "tests"],
    "san-thread": ["san=thread", "tests"],
    "fuzz": ["fuzz"],
    "examples": ["examples", "benches"],
    "clang-examples": ["cc=clang", "examples", "benches"],
}
QUICK = ("unit", "cli", "house")


def build(name):
    return tap.job("build/" + name, ["/usr/bin/scons", "-Q", "-s"]
                   + BUILDS[name], 900, OURS, tap=False)


def steady():
    """
    What runs a program at the same addresses each time, where that may be
    asked for: of the 32 bits that some kernels draw, the sanitizers of gcc 12
    and clang 14 bear 28.
    """
    under = ["setarch", "-R"]
    try:
        refused = subprocess.call(under + ["true"], stderr=subprocess.DEVNULL)
    except OSError:
        refused = True
    return [] if refused else under


def names(pattern):
    return sorted(glob.glob(pattern))


def stem(path):
    return os.path.splitext(os.path.basename(path))[0]


def unit(suite, folder, seconds=120, env=OURS, under=()):
    """Each program of tests/unit, run by another that `under` names."""
    for source in names("tests/unit/*_test.c"):
        program = "%s/tests/%s" % (folder, stem(source))
        yield tap.job("%s/%s" % (suite, stem(source)),
                      list(under) + [program], seconds, env)


def valgrind():
    return unit("valgrind", "build/release", 600,
                dict(OURS, SLUICE_TEST_SLOW="1"),
                ["valgrind", "-q", "--error-exitcode=99", "--vgdb=no",
                 "--leak-check=full", "--track-fds=no"])


def tsan(under):
    """Where threads meet, nothing is left to chance."""
    for source, j in zip(names("tests/unit/*_test.c"), unit(
            "tsan", "build/san-thread", 240,
            dict(OURS, SLUICE_TEST_SLOW="1", TSAN_OPTIONS="halt_on_error=1"),
            under)):
        with open(source, encoding="utf-8") as f:
            if "<pthread.h>" in f.read():
                yield j


def bats(suite, folder, env=OURS, under=()):
    for source in names(folder + "/*.bats"):
        yield tap.job("%s/%s" % (suite, stem(source)),
                      list(under) + ["bats", "--tap", source], 300, env)


def house():
    yield from bats("house", "tests/house")
    for source in names("tests/house/*.py"):
        yield tap.job("house/" + stem(source),
                      ["/usr/bin/python3", source], 300, OURS)


def fuzz(under):
    for source in names("tests/fuzz/*_fuzz.c"):
        target = stem(source)
        room = target[:-len("_fuzz")]
        command = ["build/fuzz/" + target, "-seed=1", "-timeout=10",
                   "-max_total_time=%d" % FUZZ_SECONDS, "-verbosity=0",
                   "-artifact_prefix=build/fuzz/%s-" % target]
        if os.path.exists("tests/fuzz/%s.dict" % room):
            command.append("-dict=tests/fuzz/%s.dict" % room)
        # What it finds goes to the first folder, away from the sources.
        command += [tap.SCRATCH] + names("tests/fuzz/corpus/" + room)
        yield tap.job("fuzz/" + room, under + command, 120, STRICT,
                      tap=False)


def suites():
    """Every suite, the builds it needs and its jobs; the longest first."""
    at_hand = dict(OURS, SLUICE="build/release/sluice")
    sanitized = dict(STRICT, SLUICE="build/san/sluice")
    under = steady()
    return {
        "valgrind": (["release"], valgrind()),
        "fuzz": (["fuzz"], fuzz(under)),
        "san-cli": (["release", "san"],
                    bats("san-cli", "tests/cli", sanitized, under)),
        "san": (["san"], unit("san", "build/san", 240, STRICT, under)),
        "san-clang": (["san-clang"], unit(
            "san-clang", "build/san-clang", 240, STRICT, under)),
        "tsan": (["san-thread"], tsan(under)),
        "house": (["release", "examples"], house()),
        "fault": (["release"], bats("fault", "tests/fault", at_hand)),
        "peer": (["release", "examples"], bats("peer", "tests/peer", at_hand)),
        "cli": (["release"], bats("cli", "tests/cli", at_hand)),
        "clang": (["clang", "clang-examples"], unit("clang", "build/clang")),
        "unit": (["release"], unit("unit", "build/release")),
    }


def select(wanted, quick):
    """What was asked for: (builds, job) pairs."""
    for suite, (needs, jobs) in suites().items():
        if quick and suite not in QUICK:
            continue
        for j in jobs:
            if (not wanted or suite in wanted
                    or any(w in j.name.split("/")[1] for w in wanted)):
                yield needs, j


def main():
    parser = argparse.ArgumentParser(
        prog="tools/test", description="Build everything, run every test.",
        epilog="suites: " + " ".join(sorted(suites())))
    parser.add_argument("--quick", action="store_true", help="leave out "
                        "clang, sanitizers, valgrind, peers, fuzzing")
    parser.add_argument("wanted", metavar="NAME", nargs="*",
                        help="a suite, or a part of a test's name")
    a = parser.parse_args()
    chosen = list(select(a.wanted, a.quick))
    needed = [b for b in BUILDS if any(b in needs for needs, _ in chosen)]
    results = tap.run([build(b) for b in needed], 1)
    broken = {j.name.split("/")[1] for j, r in results if r.failed}
    jobs = [j for needs, j in chosen if not broken.intersection(needs)]
    if len(jobs) < len(chosen):
        print("%d test programs are not run, since their build failed"
              % (len(chosen) - len(jobs)))
    results += tap.run(jobs, len(os.sched_getaffinity(0)))
    return tap.conclude(results)


if __name__ == "__main__":
    os.chdir(ROOT)
    tap.interruptible(main)
