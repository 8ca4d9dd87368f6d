#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Random numbers beside those of Python's SystemRandom, which are secure too.

rand_bench and Python take turns, every other round in reverse; the medians
of what a number takes are compared.  Python's loop is timeit's, which adds
as little as a loop can; what it calls is the generator's own method.

    bench/draws.py [--draws N] [--rounds N] [--json] [--bench PROGRAM]
"""
import argparse
import json
import random
import statistics
import subprocess
import sys
import timeit

# What rand_bench calls it, and what Python draws: of gauss, the next of two.
JOBS = [
    ("u64", "getrandbits(64)"),
    ("below 6", "randrange(6)"),
    ("real", "random()"),
    ("normal", "gauss(0, 1)"),
    ("normal", "normalvariate(0, 1)"),
]
DRAW = 8  # bytes, of which rand_bench's --size counts


def draw_ours(program, seen):
    mib = 16
    said = subprocess.run([program, "--size", str(mib), "--rounds", "1",
                           "--json"], check=True, stdout=subprocess.PIPE)
    for row in json.loads(said.stdout):
        seen.setdefault(row["job"], []).append(
            row["seconds"] / ((mib << 20) / DRAW))


def draw_theirs(draws, seen):
    system = random.SystemRandom()
    for _, call in JOBS:
        method, arguments = call.split("(", 1)
        seconds = timeit.timeit("draw(" + arguments, number=draws,
                                globals={"draw": getattr(system, method)})
        seen.setdefault(call, []).append(seconds / draws)


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    words.add_argument("--draws", type=int, default=200000, help="by Python")
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--json", action="store_true")
    words.add_argument("--bench", default="build/release/bench/rand_bench")
    args = words.parse_args()

    seen = {}
    for number in range(args.rounds):
        turns = [lambda: draw_ours(args.bench, seen),
                 lambda: draw_theirs(args.draws, seen)]
        for turn in turns[::-1 if number % 2 else 1]:
            turn()
    ns = {name: statistics.median(all_) * 1e9 for name, all_ in seen.items()}
    rows = [{"job": ours, "ns": round(ns[ours], 2), "python": theirs,
             "python_ns": round(ns[theirs], 1),
             "times": round(ns[theirs] / ns[ours], 1)}
            for ours, theirs in JOBS]
    if args.json:
        json.dump(rows, sys.stdout, indent=1)
        print()
        return
    print(f"Python {sys.version.split()[0]}, {args.rounds} rounds, medians\n")
    for r in rows:
        print(f"{r['job']:10} {r['ns']:6.2f} ns   {r['python']:20}"
              f"{r['python_ns']:8.1f} ns  {r['times']:6.1f} times ours")


if __name__ == "__main__":
    main()
