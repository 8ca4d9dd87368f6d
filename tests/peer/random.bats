# SPDX-License-Identifier: ISC
# Random bytes as other people's statistics see them: a part of what
# tests/statistics looks at.
load ../helper

@test "rngtest counts no more failures than chance has" {
	need rngtest
	run -0 "$ROOT/tests/statistics" rngtest 16
	[[ $output == "rngtest, failed of 6710 "* ]]
}

@test "ent finds bytes even, and nothing in one of the next" {
	need ent
	run -0 "$ROOT/tests/statistics" ent 16
	[ ${#lines[@]} = 5 ]
}

@test "dieharder finds nothing in what two of its tests read" {
	need dieharder
	run -0 "$ROOT/tests/statistics" dieharder 16
	[ ${#lines[@]} = 2 ]
}

# What gives no random bytes at all, as the program's stand-in.
@test "bytes that are not random are found out" {
	need rngtest
	need ent
	need dieharder
	cat >fake <<-'END'
		#!/bin/sh
		exec tr '\0' 'x' </dev/zero | head -c 200000000
	END
	chmod +x fake
	for program in rngtest dieharder; do
		SLUICE=$PWD/fake run -1 "$ROOT/tests/statistics" "$program" 6
		[[ $output == *" ODD"* ]]
	done
	SLUICE=$PWD/fake run -1 "$ROOT/tests/statistics" ent 6
}
