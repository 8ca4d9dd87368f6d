#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""Public headers stand alone, in C and in C++, with every warning on."""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import promises

STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-Iinclude",
          "-fsyntax-only"]


def headers():
    return ["include/sluice.h"] + promises.sources("include/sluice")


def compile_alone(*compiler):
    for header in headers():
        # Twice, since it must also bear to be included again.
        name = os.path.relpath(header, "include")
        code, said = promises.tell(*compiler, *STRICT, "-",
                                   stdin='#include "%s"\n' % name * 2)
        if code:
            yield "%s\n%s" % (header, said)


def each_compiles_alone_as_c11_with_gcc():
    return compile_alone("gcc", "-std=c11", "-x", "c")


def each_compiles_alone_as_c11_with_clang():
    return compile_alone("clang", "-std=c11", "-x", "c")


def each_compiles_alone_as_cplusplus17_with_gcc():
    return compile_alone("g++", "-std=c++17", "-x", "c++")


def each_compiles_alone_as_cplusplus17_with_clang():
    return compile_alone("clang++", "-std=c++17", "-x", "c++")


def sluice_h_includes_them_all():
    named = {name for _, name in promises.includes("include/sluice.h")}
    for header in promises.sources("include/sluice"):
        if os.path.relpath(header, "include") not in named:
            yield header


def each_declares_between_the_two_marks():
    for header in promises.sources("include/sluice"):
        text = promises.read(header)
        for mark in ("SLU_BEGIN_DECLS", "SLU_END_DECLS"):
            if not re.search(r"^%s$" % mark, text, re.MULTILINE):
                yield "%s: no %s" % (header, mark)


def each_guard_is_named_after_its_header():
    for header in headers():
        words = os.path.relpath(header, "include")[:-2].upper()
        guard = re.sub(r"\W", "_", words) + "_H"
        lines = promises.read(header).splitlines()
        for wanted in ("#ifndef " + guard, "#define " + guard):
            if wanted not in lines:
                yield "%s: no %s" % (header, wanted)


promises.keep(each_compiles_alone_as_c11_with_gcc,
              each_compiles_alone_as_c11_with_clang,
              each_compiles_alone_as_cplusplus17_with_gcc,
              each_compiles_alone_as_cplusplus17_with_clang,
              sluice_h_includes_them_all,
              each_declares_between_the_two_marks,
              each_guard_is_named_after_its_header)
