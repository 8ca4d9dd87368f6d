#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""How the sources read, as far as a script can tell; see docs/style.md."""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import promises

FOLDERS = ("include", "src", "tests", "examples", "bench")
SCRIPTS = ("tools", ".ci")
SHOWS = "README.md"  # what a terminal shows, blanks and all
WIDTH = 80
LATER = ("TODO", "FIXME", "XXX", "HACK")


def c_files():
    return promises.sources(*FOLDERS)


def scripts():
    return promises.sources(*SCRIPTS, ends=("",)) + promises.sources(
        "tests", "bench", "site_scons",
        ends=(".bats", ".bash", ".py")) + ["SConstruct"]


def texts():
    return c_files() + scripts() + promises.sources(
        "docs", "src", "tests", ends=(".md", ".scd", ".map")) + [
            name for name in os.listdir(".") if name.endswith((".md", ".in"))]


def pages():
    return promises.sources("docs", ends=(".scd",))


def lines(paths):
    for path in paths:
        for n, line in enumerate(promises.read(path).split("\n"), 1):
            yield "%s:%d" % (path, n), line


def clang_format_has_nothing_to_say():
    code, said = promises.tell("clang-format", "--dry-run", "-Werror",
                               *c_files())
    if code:
        yield said


def lines_of_c_fit_into_80_columns():
    for where, line in lines(c_files()):
        if len(line.expandtabs(8)) > WIDTH:
            yield where


def no_line_ends_in_blanks():
    for where, line in lines(texts()):
        if line != line.rstrip() and not where.startswith(SHOWS):
            yield where


def every_file_ends_with_one_newline():
    for path in texts():
        text = promises.read(path)
        if not text.endswith("\n") or text.endswith("\n\n"):
            yield path


def every_source_names_its_licence_first():
    for path in c_files() + scripts():
        head = promises.read(path).splitlines()[:2]
        # In two pieces, or else `reuse lint` takes it for this file's own.
        if not any("SPDX-License-" "Identifier: ISC" in line
                   for line in head):
            yield path


def nothing_is_left_for_later():
    later = re.compile(r"\b(%s)\b" % "|".join(LATER))
    for where, line in lines(c_files() + scripts()):
        if later.search(line) and not line.startswith("LATER"):
            yield "%s: %s" % (where, line.strip())


def there_is_no_ifdef_inside_a_function():
    for path in promises.sources("src", "include"):
        depth = 0
        for n, line in enumerate(promises.read(path).split("\n"), 1):
            if line == "{":
                depth = 1
            elif line == "}":
                depth = 0
            elif depth and re.match(r"\s*#\s*(if|else|elif|endif)", line):
                yield "%s:%d" % (path, n)


def functions_fit_a_screen():
    for path in promises.sources("src"):
        start = 0
        for n, line in enumerate(promises.read(path).split("\n"), 1):
            if line == "{":
                start = n
            elif line == "}" and start and n - start > 60:
                yield "%s:%d: %d lines" % (path, start, n - start)


def shellcheck_has_nothing_to_say():
    shell = [path for path in scripts() if path.startswith(SCRIPTS)]
    # Of tests, which quote for other shells and expand on purpose, errors.
    tests = [path for path in scripts() if path.endswith((".bats", ".bash"))]
    for command in (["shellcheck"] + shell,
                    ["shellcheck", "-S", "error"] + tests):
        code, said = promises.tell(*command)
        if code:
            yield said


def manual_pages_are_sound():
    for page in pages():
        code, made = promises.tell("scdoc", stdin=promises.read(page))
        if code:
            yield "%s: %s" % (page, made)
            continue
        _, said = promises.tell("mandoc", "-T", "lint", "-W", "warning",
                                stdin=made)
        # scdoc itself puts a paragraph too many before each list.
        said = [line for line in said.splitlines()
                if "skipping paragraph macro: PP" not in line]
        if said:
            yield "%s: %s" % (page, "\n".join(said))


promises.keep(clang_format_has_nothing_to_say, lines_of_c_fit_into_80_columns,
              no_line_ends_in_blanks, every_file_ends_with_one_newline,
              every_source_names_its_licence_first, nothing_is_left_for_later,
              there_is_no_ifdef_inside_a_function, functions_fit_a_screen,
              shellcheck_has_nothing_to_say, manual_pages_are_sound)
