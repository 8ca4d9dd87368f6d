# SPDX-License-Identifier: ISC
load ../helper
load cli

setup() {
	workplace
	# The examples as they are, but for the time that a work factor takes.
	mkdir ../bin
	cat >../bin/sluice <<-'S'
		#!/bin/sh
		case " $* " in
		*" -r "* | *" -R "*) ;;
		*" seal "* | *" rekey "*) set -- "$@" --work-factor 10 ;;
		esac
		exec "$SLUICE" "$@"
	S
	chmod +x ../bin/sluice
	PATH=$(realpath ../bin):$PATH
	PAGE=$ROOT/docs/sluice.1.scd
}

# The commands that the help of $1 shows as examples.
examples() {
	sluice help "$1" | sed -n '/^examples:$/,$ s/^  \([^#]\)/\1/p'
}

# What the examples are about.
things() {
	echo "milk, eggs" >notes.txt
	echo "sleep" >todo.txt
	echo secret >pass.txt
	mkdir photos sealed
	head -c 100000 /dev/urandom >photos/one
	sluice key new -q -o key.txt
	sluice key public -o key.pub key.txt
	chmod 600 pass.txt
}

# Run each line on a terminal where "secret" is the answer to all questions.
run_each() {
	/usr/bin/python3 - "$@" <<'P'
import sys
import pexpect
for command in sys.argv[1:]:
    child = pexpect.spawn("bash", ["-o", "pipefail", "-c", command],
                          encoding="utf-8", timeout=60)
    child.delaybeforesend = None
    while child.expect(["passphrase[^\n]*: $", "again: $", pexpect.EOF]) < 2:
        child.waitnoecho()
        child.sendline("secret")
    child.close()
    if child.exitstatus != 0:
        sys.exit("%s: %s\n%s" % (command, child.exitstatus, child.before))
P
}

@test "each example of seal's help runs" {
	things
	mapfile -t lines < <(examples seal)
	[ ${#lines[@]} -ge 4 ]
	run_each "${lines[@]}"
	[ "$(ls sealed)" = $'notes.txt.age\ntodo.txt.age' ]
	P=secret sluice unseal -t --passphrase-env P notes.txt.age sealed/*
	P=secret sluice unseal -c --passphrase-env P photos.tar.age | tar t
}

@test "each example of key's help runs" {
	things
	rm key.txt key.pub
	mapfile -t lines < <(examples key)
	[ ${#lines[@]} -ge 5 ]
	run_each "${lines[@]}"
	sluice unseal -i key.txt -c notes.txt.age | cmp notes.txt -
	P=secret sluice key public --passphrase-env P key.age | grep '^age1'
}

@test "each example of unseal's help runs" {
	things
	sluice seal --work-factor 10 --passphrase-file pass.txt notes.txt
	sluice seal -R key.pub -o key-notes.age notes.txt
	tar c photos | seal -o photos.tar.age
	mv photos was
	mv notes.txt was.txt
	mapfile -t lines < <(examples unseal)
	[ ${#lines[@]} -ge 3 ]
	run_each "${lines[@]}"
	cmp notes.txt was.txt
	cmp photos/one was/one
}

@test "each example of inspect's help runs" {
	things
	sluice seal --passphrase-file pass.txt notes.txt
	mapfile -t lines < <(examples inspect)
	[ ${#lines[@]} -ge 2 ]
	run_each "${lines[@]}"
}

@test "each example of rekey's help runs" {
	things
	sluice seal --passphrase-file pass.txt notes.txt
	mapfile -t lines < <(examples rekey)
	[ ${#lines[@]} -ge 2 ]
	run_each "${lines[@]}"
}

@test "each example of the help of hash and random runs" {
	things
	for command in hash random; do
		mapfile -t lines < <(examples "$command")
		[ ${#lines[@]} -ge 4 ]
		run_each "${lines[@]}"
	done
	[ "$(stat -c %s noise.bin)" = 1048576 ]
}

@test "each example of pipe's help runs" {
	things
	mapfile -t lines < <(examples pipe)
	[ ${#lines[@]} -ge 4 ]
	run_each "${lines[@]}"
	sha256sum -c photos.sum
}

@test "each example of bench's help runs" {
	mapfile -t lines < <(examples bench)
	[ ${#lines[@]} -ge 2 ]
	run_each "${lines[@]}"
}

@test "each example of the manual page runs" {
	things
	rm key.txt key.pub
	# Those over a network are in connect.bats and listen.bats.
	mapfile -t lines < <(awk '/^```/ { on = !on; next } on' "$PAGE" |
		grep -v "^sluice connect\|^sluice listen")
	[ ${#lines[@]} -ge 10 ]
	run_each "${lines[@]}"
	cmp notes.copy notes.txt
}

# Names of options in a text: "-o" and "--output".
options_in() {
	grep -o -E -e '(^|[^a-z0-9A-Z-])--?[a-zA-Z][a-z0-9-]*' |
		sed 's/^[^-]//' | sort -u
}

@test "help and manual page tell of the same options" {
	for command in seal unseal inspect rekey hash random pipe connect \
		listen bench; do
		# A section of the page, without its examples of prose.
		page=$(sed -n "/^# ${command^^}$/,/^# /p" "$PAGE" |
			grep -E '^\*' | tr -d '*' | options_in)
		help=$(sluice help "$command" |
			sed -n '/^options:$/,/^options of every/p' |
			grep -E '^ {2,6}-' | cut -c 1-27 | options_in)
		[ -n "$page" ]
		diff <(echo "$page") <(echo "$help")
	done
	page=$(sed -n '/^# OPTIONS OF EVERY COMMAND$/,/^# SEAL/p' "$PAGE" |
		grep -E '^\*' | tr -d '*' | options_in)
	help=$(sluice help | sed -n '/^options of every/,$p' |
		grep -E '^ {2,6}-' | cut -c 1-27 | options_in)
	[ -n "$page" ]
	diff <(echo "$page") <(echo "$help")
}

# Whether a command knows an option.  None is to do its work for that: bench
# would measure for minutes, and is told to measure what it does not know.
is_taken() {
	local of=() said
	[ "$1" != bench ] || of=(nothing)
	said=$(sluice "$1" "$2" "${of[@]}" 2>&1 >/dev/null </dev/null) || true
	[[ $said != *"unknown option"* ]]
}

@test "each option that the help tells of is taken" {
	for command in seal unseal inspect rekey hash random pipe connect \
		listen bench help; do
		for option in $(sluice help "$command" | sed -n '/^options/,$p' |
			grep -E '^ {2,6}-' | cut -c 1-27 | options_in); do
			[ "$option" != -h ] && [ "$option" != --help ] || continue
			is_taken "$command" "$option"
		done
	done
	run ! is_taken seal --no-such-option
	run ! is_taken bench --no-such-option
}

@test "help tells of all stages" {
	mapfile -t stages < <(sed -n 's/^\t{ "\([a-z0-9]*\)", STAGE_.*/\1/p' \
		"$ROOT/src/cli/stage.c")
	[ ${#stages[@]} -ge 13 ]
	run -0 sluice help pipe
	for stage in "${stages[@]}"; do
		[[ $output == *" $stage"* ]]
		grep -q -e "^\*$stage\*\|, \*$stage\*" "$PAGE"
	done
}

@test "the manual page tells of all exit codes" {
	mapfile -t codes < <(sed -n 's/^\tEXIT_[A-Z_]* = \([0-9]*\),.*/\1/p' \
		"$ROOT/src/cli/exit.h")
	[ ${#codes[@]} -ge 9 ]
	for code in "${codes[@]}"; do
		grep -q -F "*$code*" "$PAGE"
	done
}
