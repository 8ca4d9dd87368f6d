#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# What tests/tap.py makes of test programs that fail in every way.

load ../helper

# Run a shell script as if it were a test program; its last line sums up.
judge() {
	printf '#!/usr/bin/env bash\n%s\n' "$1" >program
	chmod +x program
	run "$ROOT/tests/tap.py" -t "${2:-60}" "$PWD/program"
	last=${lines[-1]}
}

# Dead, whether or not somebody has asked how it died.
gone() {
	for _ in {1..50}; do
		[[ $(ps -o stat= -p "$1") == @(|Z*) ]] && return
		sleep 0.1
	done
	return 1
}

@test "a program that keeps its plan passes" {
	judge 'echo 1..2; echo ok 1 - a; echo ok 2 - b'
	[ "$status" -eq 0 ]
	[ "$last" = "2 passed, 0 failed, 0 skipped" ]
}

@test "several groups in one program have a plan each" {
	judge 'echo 1..1; echo ok 1 - a; echo 1..2; echo ok 1 - b; echo ok 2 - c'
	[ "$status" -eq 0 ]
	[ "$last" = "3 passed, 0 failed, 0 skipped" ]
}

@test "a failed test fails the run" {
	judge 'echo 1..2; echo not ok 1 - a; echo ok 2 - b; exit 1'
	[ "$status" -eq 1 ]
	[ "$last" = "1 passed, 1 failed, 0 skipped" ]
	[[ $output == *"FAILED: program: a"* ]]
}

@test "a crash fails the test that crashed and those that never ran" {
	judge 'echo 1..3; echo ok 1 - a; kill -SEGV $$'
	[ "$status" -eq 1 ]
	[ "$last" = "1 passed, 2 failed, 0 skipped" ]
	[[ $output == *"test 2: killed by SIGSEGV"*"test 3: not reached"* ]]
}

@test "a program that stops early and says that all is well fails" {
	judge 'echo 1..3; echo ok 1 - a; exit 0'
	[ "$status" -eq 1 ]
	[ "$last" = "1 passed, 2 failed, 0 skipped" ]
}

@test "a program that fails after its last test fails" {
	judge 'echo 1..1; echo ok 1 - a; exit 23'
	[ "$status" -eq 1 ]
	[ "$last" = "1 passed, 1 failed, 0 skipped" ]
	[[ $output == *"exit code 23"* ]]
}

@test "a program without a plan fails" {
	judge 'echo all is well'
	[ "$status" -eq 1 ]
	[ "$last" = "0 passed, 1 failed, 0 skipped" ]
}

@test "a program that announces no test fails" {
	judge 'echo 1..0'
	[ "$status" -eq 1 ]
	[ "$last" = "0 passed, 1 failed, 0 skipped" ]
}

@test "a program that cannot be started fails" {
	run -1 "$ROOT/tests/tap.py" ./no-such-program
	[ "${lines[-1]}" = "0 passed, 1 failed, 0 skipped" ]
}

@test "a program that hangs is killed, and what it started with it" {
	judge 'echo 1..2; echo ok 1 - a; sleep 1234 & echo $! >pid; wait' 1
	[ "$status" -eq 1 ]
	[ "$last" = "1 passed, 1 failed, 0 skipped" ]
	[[ $output == *"test 2: killed after 1 s"* ]]
	gone "$(cat pid)"
}

@test "what a program leaves running does not outlive it" {
	judge 'echo 1..1; echo ok 1 - a; sleep 1234 & echo $! >pid'
	[ "$status" -eq 0 ]
	gone "$(cat pid)"
}

@test "nor does what a program leaves in a session of its own, and below" {
	for end in 'exit 0' 'kill -SEGV $$' 'sleep 1234'; do
		rm -f pids
		judge "echo 1..1; echo ok 1 - a
			setsid env -i sh -c '
				setsid sleep 1234 & echo \$! \$\$ >pids; wait' &
			until [ -s pids ]; do sleep 0.1; done
			$end" 1
		for pid in $(<pids); do
			gone "$pid"
		done
	done
}

@test "the end of the run, however sudden, ends what it runs" {
	printf '#!/bin/sh\necho $$ >pid\nexec sleep 1234\n' >program
	chmod +x program
	TMPDIR=$PWD "$ROOT/tests/tap.py" ./program 3>&- &
	until [ -s pid ]; do
		sleep 0.1
	done
	kill -KILL $!
	gone "$(cat pid)"
}

@test "a program that a signal ends is said to have been, whichever it is" {
	for name in HUP INT PIPE TERM KILL ABRT; do
		judge "echo 1..1; trap - $name; kill -$name \$\$; sleep 1234"
		[[ $output == *"test 1: killed by SIG$name"* ]]
	done
}

@test "a signal that ends the run ends what it runs, and starts no more" {
	for name in one two; do
		printf '#!/bin/sh\necho $$ >%s.pid\nexec sleep 1234\n' $name >$name
		chmod +x $name
	done
	for pair in "TERM 143" "HUP 129"; do
		# shellcheck disable=SC2086
		set -- $pair
		rm -f one.pid
		"$ROOT/tests/tap.py" -j 1 ./one ./two >said 3>&- &
		for _ in {1..100}; do
			[ ! -s one.pid ] || break
			sleep 0.1
		done
		kill "-$1" $!
		code=0
		wait $! || code=$?
		[ "$code" = "$2" ]
		gone "$(cat one.pid)"
		[ ! -e two.pid ]
	done
}

@test "a signal that the run ignores is none that its programs ignore" {
	trap '' HUP INT QUIT TERM
	judge 'echo 1..1
		for s in HUP INT QUIT TERM; do
			sh -c "kill -$s \$\$; exit 3" && exit 1
			[ $? -ne 3 ] || exit 1
		done
		echo ok 1 - a'
	[ "$last" = "1 passed, 0 failed, 0 skipped" ]
}

@test "a file left behind is a failure" {
	# shellcheck disable=SC2016
	judge 'echo 1..1; echo ok 1 - a; touch "$TMPDIR/litter"'
	[ "$status" -eq 1 ]
	[[ $output == *"left behind: litter"* ]]
}

@test "the reason for skipping is bats's own or what cmocka printed before" {
	judge 'echo 1..2; echo "ok 1 a # skip no age here"
		echo no vectors; echo "not ok 2 # SKIP b"'
	[[ $output == *"skipped: program: no age here"* ]]
	[[ $output == *"skipped: program: no vectors"* ]]
	[ "$last" = "0 passed, 0 failed, 2 skipped" ]
}

@test "nothing passed is not a success" {
	judge 'echo 1..1; echo "ok 1 a # skip"'
	[ "$status" -eq 1 ]
	run -1 "$ROOT/tests/tap.py"
	[ "${lines[-1]}" = "0 passed, 0 failed, 0 skipped" ]
}
