#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""The arrows of docs/design.md: what is on a floor sees what is below it."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import promises

BELOW = {
    "base": [],
    "bio": ["base"],
    "hash": ["bio", "base"],
    "rand": ["bio", "base"],
    "tls": ["rand", "hash", "bio", "base"],
    "seal": ["rand", "hash", "bio", "base"],
    "cli": ["tls", "seal", "rand", "hash", "bio", "base"],
}
BUILT = "build/release/src"
# The adapters; else bio knows no cryptography.
WITH_OPENSSL = tuple("src/bio/openssl%s.c" % part
                     for part in ("", "_bio", "_error"))


def files():
    return promises.sources("src")


def floor(path):
    return path.split("/")[1]


def face_of(header):
    """The room that a public header is the face of: src/<floor>/<room>."""
    room = os.path.splitext(os.path.basename(header))[0]
    for name in BELOW:
        if os.path.exists("src/%s/%s.c" % (name, room)):
            return "src/%s/%s" % (name, room)
    return None


def target(path, name):
    """The file that `path` means by including "name"."""
    if name.startswith("sluice/"):
        return "include/" + name
    beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
    return beside if os.path.exists(beside) else "src/" + name


def room_of(path):
    if path.startswith("include/"):
        return face_of(path)
    room = os.path.splitext(path)[0]
    return room.removesuffix("_internal")  # the room's face for its floor


def every_folder_is_a_floor():
    for name in sorted(os.listdir("src")):
        if os.path.isdir("src/" + name) and name not in BELOW:
            yield "src/%s is no floor" % name


def every_public_header_is_the_face_of_a_room():
    for header in promises.sources("include/sluice"):
        if face_of(header) is None:
            yield "%s: no .c of that name in src" % header


def what_is_included_is_there():
    for path in files():
        for n, name in promises.includes(path):
            if not os.path.exists(target(path, name)):
                yield '%s:%d: no "%s"' % (path, n, name)


def includes_run_down_only():
    for path in files():
        for n, name in promises.includes(path):
            room = room_of(target(path, name))
            if room is None:
                yield "%s:%d: %s belongs to no floor" % (path, n, name)
            elif floor(room) not in BELOW[floor(path)] + [floor(path)]:
                yield "%s:%d: %s may not see %s (%s)" % (
                    path, n, floor(path), floor(room), name)


def circles(graph):
    """Every way that comes back to where it began."""
    done = set()

    def visit(node, way):
        if node in way:
            yield " -> ".join(way[way.index(node):] + [node])
        elif node not in done:
            for below in sorted(graph.get(node, ())):
                yield from visit(below, way + [node])
            done.add(node)

    for node in sorted(graph):
        yield from visit(node, [])


def calls():
    """Which room uses what another one defines, as the linker sees it."""
    defined, used = {}, {}
    for path in promises.sources(BUILT, ends=(".os",)):
        room = "src" + path[len(BUILT):-len(".os")]
        if not any(os.path.exists(source) for source in
                   (room + ".c", path[:-len(".os")] + ".c")):
            continue  # built before its source went
        _, said = promises.tell("nm", path)
        for row in said.splitlines():
            kind, name = row.split()[-2:]
            if kind == "U":
                used.setdefault(room, set()).add(name)
            elif kind.isupper():
                defined[name] = room
    return {room: {defined[name] for name in names if name in defined}
            for room, names in used.items()}


def calls_run_down_only():
    graph = calls()
    if not graph:
        yield "nothing is built in " + BUILT
    for room, others in sorted(graph.items()):
        for other in sorted(others):
            if floor(other) not in BELOW[floor(room)] + [floor(room)]:
                yield "%s calls %s" % (room, other)


def no_room_calls_one_that_calls_it():
    return circles(calls())


def no_header_includes_one_that_includes_it():
    return circles({
        path: {target(path, name) for _, name in promises.includes(path)}
        for path in files() + promises.sources("include/sluice")})


def bio_knows_no_cryptography():
    for path in files():
        if floor(path) in ("base", "bio") and path not in WITH_OPENSSL:
            for n, name in promises.includes(path, r"<(openssl/[^>]+)>"):
                # Erasing and comparing secrets are libcrypto's to do.
                if path != "src/base/secret.c":
                    yield "%s:%d: <%s>" % (path, n, name)


def examples_use_what_is_installed():
    for path in promises.sources("examples"):
        for n, name in promises.includes(path):
            yield '%s:%d: "%s"' % (path, n, name)


promises.keep(every_folder_is_a_floor,
              every_public_header_is_the_face_of_a_room,
              what_is_included_is_there, includes_run_down_only,
              calls_run_down_only, no_room_calls_one_that_calls_it,
              no_header_includes_one_that_includes_it,
              bio_knows_no_cryptography, examples_use_what_is_installed)
