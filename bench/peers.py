#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""The program beside its peers, on the command line.

Every job is run by each contender in turn, round after round and every other
one in reverse, so that what else the machine does, and what they leave
behind, meets them all alike; the medians are compared.  Times are wall clock,
from start to exit, with the input in the page cache and the output into
/dev/null, or a new file where that is said: on the disk when sluice and sync
are done, in the page cache after cp and age.  Peak memory is what the kernel says of the process,
which counts what this script had when it started it: the floor is told, and
a peak at the floor is at most that.

    bench/peers.py [--size MIB] [--files N] [--rounds N] [--only PART]...
                   [--json] [--sluice PROGRAM]
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def run(argv, out, source="/dev/null"):
    """Seconds and peak KiB of one run; a failing one ends the program."""
    began = time.monotonic()
    with open(source, "rb") as of, open(out, "wb") as to:
        child = subprocess.Popen(argv, stdin=of, stdout=to)
        _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"bench: {' '.join(argv)}: exit {child.returncode}")
    return seconds, usage.ru_maxrss


def speed(digest, size):
    """
    Seconds for `size` MiB at the rate that `openssl speed` tells of 16 KiB in
    the cache, digested again and again: what the processor can do.
    """
    said = subprocess.run(
        ["openssl", "speed", "-mr", "-seconds", "1", "-bytes", "16384",
         "-evp", digest], check=True, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL).stdout
    return (size << 20) / float(said.split(":")[-1]), 0


def compare(title, contenders, rounds, source="/dev/null", made=None):
    """
    Run the contenders in turn; a row for each, ours first.  What they make at
    `made`, a file or a folder, is removed before each run.  A contender is a
    command, or a function that says what `run` does.
    """
    out = "/dev/null"

    def once(argv):
        if callable(argv):
            return argv()
        if made and os.path.isdir(made):
            shutil.rmtree(made)
            os.mkdir(made)
        elif made and os.path.exists(made):
            os.unlink(made)
        return run(argv, out, source)

    seen = {name: [] for name, _ in contenders}
    _, floor = run(["true"], out)
    if rounds > 1:
        for name, argv in contenders:
            once(argv)
    for number in range(rounds):
        for name, argv in contenders[::-1 if number % 2 else 1]:
            seen[name].append(once(argv))
    rows = []
    ours = statistics.median(s for s, _ in seen[contenders[0][0]])
    for name, _ in contenders:
        seconds = statistics.median(s for s, _ in seen[name])
        rows.append({
            "job": title, "who": name, "seconds": round(seconds, 4),
            "times_ours": round(seconds / ours, 3),
            "peak_mib": round(max(m for _, m in seen[name]) / 1024, 1),
            "peak_floor_mib": round(floor / 1024, 1)})
    return rows


def scatter(tree):
    """Make 20,000 files of 16 KiB, in twenty folders."""
    for folder in range(20):
        os.makedirs(f"{tree}/{folder}")
        for name in range(1000):
            with open(f"{tree}/{folder}/{name}", "wb") as small:
                small.write(os.urandom(16 << 10))
    return tree


def alone(who, argv):
    """The same contender with one processor to itself, where one can say so."""
    if not shutil.which("taskset"):
        return []
    last = max(os.sched_getaffinity(0))
    return [(f"{who}, one core", ["taskset", "-c", str(last), *argv])]


def shell(words, *args):
    """A command for sh, which finds its arguments in $1, $2, ..."""
    return ["sh", "-c", words, "sh", *args]


def keys(at):
    """A key of age's that opens, in a file, and its public half."""
    if not os.path.exists(at("key")):
        subprocess.run(["age-keygen", "-o", at("key")], check=True,
                       stderr=subprocess.DEVNULL)
    return subprocess.run(["age-keygen", "-y", at("key")], check=True,
                          stdout=subprocess.PIPE, text=True).stdout.strip()


def sealing(sluice, at, size, rounds):
    """Sealing beside age: a large file, and its memory."""
    who = keys(at)
    run(["age", "-r", who, at("plain")], at("sealed"))
    result = at("result")
    open_with = ["-i", at("key"), "-o"]
    yield compare("seal", [
        ("sluice", [sluice, "seal", "-c", "-r", who, at("plain")]),
        ("sluice -j 1", [sluice, "seal", "-c", "-j1", "-r", who, at("plain")]),
        ("age", ["age", "-r", who, at("plain")])], rounds)
    yield compare("unseal", [
        ("sluice", [sluice, "unseal", "-c", "-i", at("key"), at("sealed")]),
        ("sluice -j 1", [sluice, "unseal", "-c", "-j1", "-i", at("key"),
                         at("sealed")]),
        ("age", ["age", "-d", "-i", at("key"), at("sealed")])], rounds)
    copies = [("cp", ["cp", at("plain"), result]),
              ("cp and sync", shell('cp "$1" "$2" && sync "$2"',
                                    at("plain"), result))]
    yield compare("seal, file to file", [
        ("sluice", [sluice, "seal", "-r", who, "-o", result, at("plain")]),
        ("age", ["age", "-r", who, "-o", result, at("plain")])] + copies,
        rounds, made=result)
    yield compare("unseal, file to file", [
        ("sluice", [sluice, "unseal", *open_with, result, at("sealed")]),
        ("age", ["age", "-d", *open_with, result, at("sealed")])] + copies,
        rounds, made=result)
    yield compare("rekey, over an old file", [
        ("sluice", [sluice, "rekey", "-q", "-i", at("key"), "-r", who,
                    at("sealed")]),
        ("cp", ["cp", at("sealed"), result]),
        ("cp and sync", shell('cp "$1" "$2" && sync "$2"', at("sealed"),
                              result))], rounds)
    for name, times in (("sparse", 1), ("ten times", 10)):
        with open(at(name), "wb") as sparse:
            sparse.truncate(times * size << 20)
    yield compare("seal, sparse", [
        (name, [sluice, "seal", "-c", "-j2", "-r", who, at(name)])
        for name in ("sparse", "ten times")], min(rounds, 3))


def small(sluice, at, files, rounds):
    """
    Many small files, sealed in one go and by a loop of age, which takes most
    of a minute for 10,000 of them: two rounds, unless one is asked for.
    """
    who = keys(at)
    os.mkdir(at("small"))
    os.mkdir(at("made"))
    names = [os.path.join(at("small"), str(i)) for i in range(files)]
    for name in names:
        with open(name, "wb") as one:
            one.write(os.urandom(4096))
    yield compare(f"seal, {files} files of 4 KiB", [
        ("sluice", [sluice, "seal", "-r", who, "-O", at("made"), *names]),
        ("age", shell('for f in "$1"/*; do'
                      ' age -r "$3" -o "$2/${f##*/}.age" "$f"; done',
                      at("small"), at("made"), who))],
                  min(rounds, 2), made=at("made"))


def starting(sluice, at, rounds):
    """What nothing takes: to start, and to derive a key."""
    with open(at("pass"), "w", encoding="ascii") as passphrase:
        os.chmod(at("pass"), 0o600)
        passphrase.write("correct horse battery staple\n")
    source = ["--passphrase-file", at("pass")]
    seal = [sluice, "seal", "-c", *source, "--work-factor"]
    open(at("empty"), "wb").close()

    yield compare("start, scrypt 2^10, empty file",
                  [("sluice", seal + ["10", at("empty")])], rounds)
    yield compare("scrypt 2^18, empty file",
                  [("sluice", seal + ["18", at("empty")])], rounds)


def hashing(sluice, at, size, rounds):
    """Digests of a large file, and of many."""
    ours = [sluice, "hash", at("plain")]
    theirs = ["openssl", "dgst", "-sha256", at("plain")]
    yield compare("sha256", [
        ("sluice", ours), ("openssl dgst", theirs),
        ("sha256sum", ["sha256sum", at("plain")]),
        ("openssl speed", lambda: speed("sha256", size)),
        *alone("sluice", ours), *alone("openssl", theirs)], rounds)
    three = ["sha256", "sha512", "blake2b512"]
    yield compare("three digests in one reading", [
        ("sluice", [sluice, "hash", "-a", ",".join(three), at("plain")])] + [
        (f"only {a}", [sluice, "hash", "-a", a, at("plain")])
        for a in three], rounds)
    tree = scatter(at("tree"))
    yield compare("sha256, 20,000 files of 16 KiB", [
        ("sluice", [sluice, "hash", "-r", tree]),
        ("sluice -j 1", [sluice, "hash", "-r", "-j", "1", tree]),
        ("sha256sum", ["sh", "-c", 'find "$0" -type f -print0 | '
                       'xargs -0 sha256sum', tree])], rounds)


def coding(sluice, at, size, rounds):
    """Random bytes, and base64."""
    run(["base64"], at("text"), at("plain"))
    yield compare("random", [
        ("sluice", [sluice, "random", f"{size}M"]),
        ("openssl rand", ["openssl", "rand", str(size << 20)]),
        ("/dev/urandom", ["head", "-c", str(size << 20), "/dev/urandom"])],
        rounds)
    yield compare("base64", [
        ("sluice", [sluice, "pipe", "base64"]), ("base64", ["base64"]),
        ("openssl base64", ["openssl", "base64"])], rounds, at("plain"))
    yield compare("unbase64", [
        ("sluice", [sluice, "pipe", "unbase64"]), ("base64", ["base64", "-d"]),
        ("openssl base64", ["openssl", "base64", "-d"])], rounds, at("text"))


PARTS = ("start", "seal", "small", "hash", "code")


def jobs(args, folder):
    """Yield the rows of each job in the parts that are asked for."""
    def at(name):
        return os.path.join(folder, name)

    parts = args.only or PARTS
    if not shutil.which("age"):
        parts = [p for p in parts if p not in ("seal", "small")]
    if {"seal", "hash", "code"}.intersection(parts):
        with open(at("plain"), "wb") as plain:
            for _ in range(args.size):
                plain.write(os.urandom(1 << 20))
    how = {
        "start": lambda: starting(args.sluice, at, args.rounds),
        "seal": lambda: sealing(args.sluice, at, args.size, args.rounds),
        "small": lambda: small(args.sluice, at, args.files, args.rounds),
        "hash": lambda: hashing(args.sluice, at, args.size, args.rounds),
        "code": lambda: coding(args.sluice, at, args.size, args.rounds),
    }
    for part in parts:
        yield from how[part]()


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    words.add_argument("--size", type=int, default=1024, help="MiB")
    words.add_argument("--files", type=int, default=10000)
    words.add_argument("--rounds", type=int, default=7)
    words.add_argument("--only", action="append", choices=PARTS,
                       help="a part of it; may be given several times")
    words.add_argument("--json", action="store_true")
    words.add_argument("--sluice", default="build/release/sluice")
    args = words.parse_args()

    rows = []
    with tempfile.TemporaryDirectory(prefix="sluice-bench.") as folder:
        if not args.json:
            print(f"{args.size} MiB, {args.rounds} rounds, medians\n\n"
                  f"{'job':32} {'who':17} {'seconds':>8} {'x ours':>7} "
                  f"{'peak MiB':>9}")
        for group in jobs(args, folder):
            rows += group
            for r in group if not args.json else []:
                at_most = r["peak_mib"] <= r["peak_floor_mib"] + 0.5
                peak = f"{'<= ' if at_most else ''}{r['peak_mib']:.1f}"
                print(f"{r['job']:32} {r['who']:17} {r['seconds']:8.3f} "
                      f"{r['times_ours']:7.2f} {peak:>9}", flush=True)
    if args.json:
        json.dump(rows, sys.stdout, indent=1)
        print()


if __name__ == "__main__":
    main()
