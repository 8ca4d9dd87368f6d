# SPDX-License-Identifier: ISC
load ../helper

crash() {
	/usr/bin/python3 "$ROOT/tests/fault/crash.py" --program "$SLUICE" "$@"
}

# A container may forbid what strace needs.
traced() {
	need strace
	strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
}

@test "killed at any system call: the old file or the whole new one" {
	traced
	crash kill
}

@test "whatever fails: the old file or the whole new one, and nothing else" {
	traced
	crash fail
}

@test "ended at any moment: the old file or the whole new one" {
	crash --times 100 moments
}
