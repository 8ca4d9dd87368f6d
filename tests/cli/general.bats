# SPDX-License-Identifier: ISC
load ../helper
load cli

@test "without a command it shows the commands on standard error and exits 2" {
	run -2 --separate-stderr sluice
	printed ""
	[[ $stderr == *"usage: sluice COMMAND"* ]]
	[[ $stderr == *"  seal "* ]]
}

@test "help, -h and --help print the same on standard output" {
	run -0 --separate-stderr sluice help
	[[ $output == "usage: sluice COMMAND"* ]]
	said ""
	help=$output
	run -0 sluice -h
	printed "$help"
	run -0 sluice --help
	printed "$help"
}

@test "help of a command is the same in all its forms, by its alias too" {
	run -0 sluice help seal
	[[ $output == "usage: sluice seal "* ]]
	help=$output
	for words in "help encrypt" "seal -h" "seal --help" "-h seal" \
		"encrypt -h" "seal no-such-file -h"; do
		# shellcheck disable=SC2086
		run -0 sluice $words
		printed "$help"
	done
}

@test "no help line is wider than a terminal" {
	for command in "" seal unseal inspect rekey hash random pipe connect listen \
		bench help; do
		# shellcheck disable=SC2086
		run -0 sluice help $command
		while read -r line; do
			[ ${#line} -le 80 ] || {
				echo "$command: $line"
				false
			}
		done <<<"$output"
	done
}

@test "help takes one command, and knows which" {
	run -2 --separate-stderr sluice help seal hash
	said "sluice: help: one command at a time"
	run -2 --separate-stderr sluice help cert
	[[ $stderr == "sluice: unknown command 'cert'"* ]]
}

@test "-V and --version print the version" {
	want="sluice $(sed -n 's/.*SLU_VERSION "\(.*\)"/\1/p' \
		"$ROOT/include/sluice/version.h")"
	run -0 --separate-stderr sluice -V
	printed "$want"
	run -0 sluice --version
	printed "$want"
	run -0 sluice seal -V
	printed "$want"
}

@test "an unknown command is named, with a near one" {
	run -2 --separate-stderr sluice encrytp
	said "sluice: unknown command 'encrytp'; did you mean 'encrypt'?
sluice: hint: sluice help lists the commands"
	run -2 --separate-stderr sluice sael
	[[ $stderr == "sluice: unknown command 'sael'; did you mean 'seal'?"* ]]
	run -2 --separate-stderr sluice xyzzy
	said "sluice: unknown command 'xyzzy'
sluice: hint: sluice help lists the commands"
}

@test "commands have no abbreviations" {
	for command in s se sea uns has rand; do
		run -2 sluice "$command"
	done
}

@test "commands of other versions are unknown" {
	for command in cert completion; do
		run -2 --separate-stderr sluice "$command"
		[[ $stderr == "sluice: unknown command '$command'"* ]]
	done
}

@test "options of other versions are unknown" {
	while read -r command options; do
		for option in $options; do
			run -2 --separate-stderr sluice "$command" "$option" x
			[[ $stderr == "sluice: unknown option '$option'"* ]]
		done
	done <<'E'
seal -i --json
unseal -a -r
random --json
pipe --json
connect --dtls -k
listen --dtls --exec
E
}

@test "a very long name loses its middle in a message, and not the reason" {
	name=$(head -c 10000 /dev/zero | tr '\0' x)
	run -3 --separate-stderr sluice hash "a$name"
	[[ $stderr == "sluice: axxx"*"xxx...xxx"*"xxx: File name too long" ]]
	[ ${#stderr} -lt 9100 ]
	run -3 --separate-stderr sluice seal --passphrase-file "a$name" -c /dev/null
	[[ $stderr == "sluice: axxx"*"xxx...xxx"*"xxx: File name too long" ]]
	run -2 --separate-stderr sluice "b$name"
	[[ $stderr == "sluice: unknown command 'bxxx"*"xxx...xxx"*"xxx'"* ]]
	name=$(head -c 4000 /dev/zero | tr '\0' x)
	run -3 --separate-stderr sluice hash "a$name"
	said "sluice: a$name: File name too long"
}

@test "an unknown option is named, with a near one" {
	run -2 --separate-stderr sluice seal --forec x
	said "sluice: unknown option '--forec'; did you mean '--force'?
sluice: hint: sluice help seal explains the options"
	run -2 --separate-stderr sluice hash -Q
	said "sluice: unknown option '-Q'
sluice: hint: sluice help hash explains the options"
	run -2 --separate-stderr sluice --json
	[[ $stderr == "sluice: unknown option '--json'"* ]]
}

@test "options have no abbreviations" {
	run -2 --separate-stderr sluice seal --forc x
	[[ $stderr == "sluice: unknown option '--forc'; did you mean"* ]]
	run -2 sluice hash --algo md5
}

@test "an option's value may be joined by =, or follow, or be joined to its letter" {
	echo hi >f
	want=$(md5sum f)
	for form in "--algorithm=md5" "--algorithm md5" "-a md5" "-amd5"; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr sluice hash $form f
		printed "$want"
	done
}

@test "an option that lacks its value is named" {
	run -2 --separate-stderr sluice hash --algorithm
	[[ $stderr == "sluice: option --algorithm needs a value"* ]]
	run -2 --separate-stderr sluice hash -a
	[[ $stderr == "sluice: option -a needs a value"* ]]
}

@test "an option that takes no value refuses one" {
	run -2 --separate-stderr sluice seal --force=yes x
	[[ $stderr == "sluice: option --force takes no value"* ]]
}

@test "options and operands come in any order, letters joined" {
	echo hi >f
	seal f -f
	seal -fq f
	seal f -qfo g.age
	cmp <(unseal -c g.age) f
	run -0 sluice -q hash f
	run -0 sluice --color never hash f
}

@test "after -- all words are operands" {
	echo hi >-a
	run -0 sluice hash -- -a
	printed "$(sha256sum -- -a)"
	run -0 sluice -- hash ./-a
	seal -- -a
	holds -a -a.age
}

@test "-q silences hints and warnings, and no error" {
	run -2 --separate-stderr sluice -q encrytp
	said "sluice: unknown command 'encrytp'; did you mean 'encrypt'?"
}

@test "--color is auto, always or never" {
	run -2 --separate-stderr sluice --color=red encrytp
	[[ $stderr == "sluice: --color: 'red' is not auto, always or never"* ]]
	run -2 --separate-stderr sluice --color=always encrytp
	[[ $stderr == $'\033'*"unknown command"* ]]
	run -2 --separate-stderr sluice --color=never encrytp
	[[ $stderr != *$'\033'* ]]
}

@test "a terminal gets colour, unless NO_COLOR, TERM or --color say no" {
	run -2 terminal -- "$SLUICE" encrytp
	[[ $output == *$'\033[31msluice:'* ]]
	run -2 terminal -- env NO_COLOR=1 "$SLUICE" encrytp
	[[ $output != *$'\033'* ]]
	run -2 terminal -- env TERM=dumb "$SLUICE" encrytp
	[[ $output != *$'\033'* ]]
	run -2 terminal -- "$SLUICE" --color never encrytp
	[[ $output != *$'\033'* ]]
}

@test "what is said shows control characters, and obeys none" {
	run -3 --separate-stderr sluice hash $'\033[2J\n\x9b\xc2\x85\xe2\x80\xae'
	said 'sluice: \x1b[2J\n\x9b\xc2\x85\xe2\x80\xae: No such file or directory'
}

# The program with its standard output as it stands.
full() {
	run -3 --separate-stderr sh -c '"$SLUICE" "$@" >/dev/full' sh "$@"
	said "sluice: standard output: No space left on device"
}

@test "every command says that standard output is full" {
	echo hi >f
	seal f
	full -V
	full help
	full help seal
	full hash f
	full hash --raw f
	full hash -a list
	full random
	full random -x
	full random --words
	full seal -c f --passphrase-env SECRET --work-factor 10
	full unseal -c f.age --passphrase-env SECRET
	sha256sum f >sums
	run -3 --separate-stderr sh -c '"$SLUICE" hash -c sums >/dev/full'
	said "sluice: 1 OK
sluice: standard output: No space left on device"
	run -3 --separate-stderr sh -c '"$SLUICE" pipe gzip <f >/dev/full'
	said "sluice: standard output: No space left on device"
}

@test "standard output that came closed is an error to write to" {
	echo hi >f
	run -3 --separate-stderr sh -c '"$SLUICE" -V >&-'
	said "sluice: standard output: Bad file descriptor"
	run -3 --separate-stderr sh -c '"$SLUICE" hash f >&-'
	run -3 --separate-stderr sh -c '"$SLUICE" random >&-'
	run -3 --separate-stderr sh -c '"$SLUICE" pipe gzip <f >&-'
	run -3 --separate-stderr sh -c \
		'"$SLUICE" seal -c f --passphrase-env SECRET >&-'
}

@test "standard output that came closed does not matter to who does not write it" {
	echo hi >f
	run -0 --separate-stderr sh -c \
		'"$SLUICE" seal f --work-factor 10 --passphrase-env SECRET >&-'
	cmp <(unseal -c f.age) f
}

@test "standard input that came closed is an error to read" {
	run -3 --separate-stderr sh -c '"$SLUICE" hash <&-'
	said "sluice: standard input: Bad file descriptor"
	run -3 --separate-stderr sh -c \
		'"$SLUICE" seal --passphrase-env SECRET -o x.age <&-'
	holds
}

@test "no output lands in a file instead of a standard error that came closed" {
	echo hi >f
	run -6 sh -c '"$SLUICE" seal f -o f --passphrase-env SECRET 2>&-'
	printed ""
	[ "$(cat f)" = hi ]
}

@test "all three closed, it still does its work" {
	echo hi >f
	sh -c '"$SLUICE" seal f --work-factor 10 --passphrase-env SECRET \
		<&- >&- 2>&-'
	cmp <(unseal -c f.age) f
}

@test "a reader that goes away ends the program by SIGPIPE" {
	run -0 bash -c '"$SLUICE" random inf | head -c 100000 | wc -c
		[ "${PIPESTATUS[0]}" = 141 ]'
	printed 100000
}

@test "a FIFO whose reader went away is an error that names it" {
	mkfifo fifo
	head -c 100000 fifo >there &
	run -3 --separate-stderr sluice random inf -o fifo
	wait
	said "sluice: fifo: Broken pipe"
	[ "$(wc -c <there)" = 100000 ]
}

@test "where SIGPIPE is ignored, a reader that went away is an error" {
	run -0 --separate-stderr bash -c 'trap "" PIPE
		"$SLUICE" random inf | true; [ "${PIPESTATUS[0]}" = 3 ]'
	said "sluice: standard output: Broken pipe"
}
