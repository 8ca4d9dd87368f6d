#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""The shared library's face: what the headers declare, and nothing else."""

import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import promises

LIBRARY = "build/release/libsluice.so.0"
SYSTEM = {"libssl.so.3", "libcrypto.so.3", "libz.so.1", "libc.so.6", "libm.so.6"}


def declared():
    """Every function that a public header declares: {name: header}."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        listing = folder + "/declared"
        promises.tell("gcc", "-std=c11", "-Iinclude", "-fsyntax-only",
                      "-aux-info", listing, "-x", "c", "include/sluice.h")
        for line in promises.read(listing).splitlines():
            row = re.match(r"/\* include/sluice/(\S+?):\d+:\S* \*/ extern"
                           r".*?\b(slu_\w+) \(", line)
            if row:
                found[row.group(2)] = row.group(1)
    return found


def listed():
    text = promises.read("src/libsluice.map")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.findall(r"(\w+);", text.split("local:")[0])


def exported():
    _, said = promises.tell("nm", "-D", "--defined-only", LIBRARY)
    return {line.split()[-1] for line in said.splitlines()
            if line.split()[-2] != "A"}


def dynamic(tag):
    _, said = promises.tell("readelf", "-d", "-W", LIBRARY)
    return set(re.findall(r"\(%s\).*\[(.+)\]" % tag, said))


def every_function_of_the_headers_is_exported():
    symbols = exported()
    if not symbols:
        yield LIBRARY + " exports nothing"
    for name, header in sorted(declared().items()):
        if name + "@@SLUICE_0" not in symbols:
            yield "%s, of %s" % (name, header)


def nothing_else_is_exported():
    names = declared()
    for symbol in sorted(exported()):
        if symbol.split("@")[0] not in names:
            yield symbol


def the_list_of_exports_names_each_function_once():
    names = listed()
    for name in sorted(set(names) ^ set(declared())):
        yield "%s: in %s only" % (name, "the list" if name in names
                                  else "the headers")
    for name in sorted(n for n in set(names) if names.count(n) > 1):
        yield "%s: more than once" % name


def the_library_is_known_by_its_abi():
    if dynamic("SONAME") != {"libsluice.so.0"}:
        yield "SONAME is %s" % dynamic("SONAME")


def a_library_whose_threads_still_end_is_not_unloaded():
    _, said = promises.tell("readelf", "-d", "-W", LIBRARY)
    if not re.search(r"\(FLAGS_1\).*\bNODELETE\b", said):
        yield LIBRARY


def the_library_needs_only_what_it_says():
    for name in sorted(dynamic("NEEDED") - SYSTEM):
        if not name.startswith("ld-linux"):
            yield name


def hidden_names_are_prefixed_too():
    """The static library shares one space of names with its users."""
    _, said = promises.tell("nm", "--defined-only", "--extern-only",
                            "build/release/libsluice.a")
    for line in said.splitlines():
        row = re.match(r"[0-9a-f]+ [A-Z] (\w+)$", line)
        if row and not row.group(1).startswith("slu_"):
            yield row.group(1)


promises.keep(every_function_of_the_headers_is_exported,
              nothing_else_is_exported,
              the_list_of_exports_names_each_function_once,
              the_library_is_known_by_its_abi,
              a_library_whose_threads_still_end_is_not_unloaded,
              the_library_needs_only_what_it_says,
              hidden_names_are_prefixed_too)
