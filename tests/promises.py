# SPDX-License-Identifier: ISC
"""
What the scripts in tests/house are written with: a promise is a function
that answers with a list of what breaks it, and its name is the promise.
"""

import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def keep(*promises):
    """Check each from the source root, and report in TAP."""
    os.chdir(ROOT)
    broken = 0
    print("1..%d" % len(promises))
    for i, promise in enumerate(promises, 1):
        faults = list(promise())
        broken += bool(faults)
        print("%sok %d - %s" % ("not " if faults else "", i,
                                promise.__name__.replace("_", " ")))
        for fault in faults:
            print("\n".join("# " + line for line in fault.splitlines()))
        sys.stdout.flush()
    sys.exit(1 if broken else 0)


def sources(*folders, ends=(".c", ".h")):
    """All files with these endings below these folders, sorted."""
    return sorted(os.path.join(folder, name) for top in folders
                  for folder, _, found in os.walk(top) for name in found
                  if name.endswith(ends))


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def includes(path, pattern=r'"([^"]+)"'):
    """What a file includes by quotes, as (line number, name)."""
    for n, line in enumerate(read(path).splitlines(), 1):
        found = re.match(r"\s*#\s*include\s*" + pattern, line)
        if found:
            yield n, found.group(1)


def tell(*command, stdin=None):
    """A command's exit code and all that it said."""
    done = subprocess.run(command, input=stdin, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout
