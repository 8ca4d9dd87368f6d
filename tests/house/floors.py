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
WITH_OPENSSL = ("src/bio/openssl.c",)  # the adapter; else bio knows no crypto


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


def arrows_run_down_only():
    for path in files():
        for n, name in promises.includes(path):
            room = room_of(target(path, name))
            if room is None:
                yield "%s:%d: %s belongs to no floor" % (path, n, name)
            elif floor(room) not in BELOW[floor(path)] + [floor(path)]:
                yield "%s:%d: %s may not see %s (%s)" % (
                    path, n, floor(path), floor(room), name)


def owners():
    """A header without a .c that one room alone includes is that room's."""
    users = {}
    for path in files():
        for _, name in promises.includes(path):
            room = room_of(target(path, name))
            if room and not os.path.exists(room + ".c"):
                users.setdefault(room, set()).add(room_of(path))
    return {room: who.pop() for room, who in users.items() if len(who) == 1}


def arrows():
    """Who includes whom, room by room."""
    own = owners()
    graph = {}
    for path in files() + promises.sources("include/sluice"):
        here = own.get(room_of(path), room_of(path))
        for _, name in promises.includes(path):
            there = room_of(target(path, name))
            there = own.get(there, there)
            if here and there and here != there:
                graph.setdefault(here, set()).add(there)
    return graph


def there_are_no_circles():
    graph = arrows()
    state = {}

    def visit(room, way):
        if state.get(room) == "done":
            return
        if room in way:
            yield " -> ".join(way[way.index(room):] + [room])
            return
        for below in sorted(graph.get(room, ())):
            yield from visit(below, way + [room])
        state[room] = "done"

    for room in sorted(graph):
        yield from visit(room, [])


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
              what_is_included_is_there, arrows_run_down_only,
              there_are_no_circles, bio_knows_no_cryptography,
              examples_use_what_is_installed)
