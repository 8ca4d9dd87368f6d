# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# helper.bash: what every bats file loads, with `load ../helper`.
#
#     ROOT      the source root
#     SLUICE    the program under test: the release build, unless told
#     VECTORS   set by `vectors`
#
# A test starts in an empty folder of its own, whose name has a space in it.

bats_require_minimum_version 1.5.0

# A program that fails at the head of a pipe fails the test.  Who looks for a
# line in a pipe then reads all of it: no `grep -q` there.
set -o pipefail

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
SLUICE=$(realpath -m "${SLUICE:-$ROOT/build/release/sluice}")
SLUICE_VECTORS=$(realpath -m "${SLUICE_VECTORS:-$ROOT/../shared/vectors}")
SLUICE_PEERS=$(realpath -m "${SLUICE_PEERS:-$ROOT/build/peers}")
export ROOT SLUICE SLUICE_VECTORS SLUICE_PEERS
export LC_ALL=C.UTF-8
unset NO_COLOR ALL_PROXY

# A file with a setup of its own calls this first in it.
workplace() {
	mkdir -p "$BATS_TEST_TMPDIR/a folder"
	cd "$BATS_TEST_TMPDIR/a folder" || return 1
}

setup() {
	workplace
}

# Whatever a test forbade, its folder can be removed; a teardown of one's own
# calls this last.
removable() {
	chmod -R u+rwX "$BATS_TEST_TMPDIR"
}

teardown() {
	removable
}

# The program, for at most a minute and with no terminal to ask on.
sluice() {
	setsid -w timeout -k 5 "${LIMIT:-60}" "$SLUICE" "$@"
}

# A command on a terminal: terminal [-t SECONDS] [PROMPT ANSWER]... -- COMMAND...
terminal() {
	/usr/bin/python3 "$ROOT/tests/terminal.py" "$@"
}

# The folder of some vectors goes into VECTORS; without them, skip.
vectors() {
	VECTORS=$SLUICE_VECTORS/$1
	[ -e "$VECTORS" ] || skip "no vectors: $1"
}

# Skip unless these commands are there.
need() {
	local command
	for command; do
		command -v "$command" >/dev/null || skip "no $command here"
	done
}

# A port of 127.0.0.1 on which nobody listens.
free_port() {
	/usr/bin/python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# Wait until a command succeeds, for at most ten seconds.
until_so() {
	local i
	for ((i = 0; i < 500; i++)); do
		if "$@"; then return 0; fi
		sleep 0.02
	done
	return 1
}
