# SPDX-License-Identifier: ISC
load ../helper
load cli

setup() {
	workplace
	umask 077 # files that others can read are warned of
	echo hi >f
	seal f
}

# Without a terminal, with its standard error where $1 says.
sluice_to() {
	setsid -w bash -c '"$SLUICE" "${@:2}"'" $1" bash "$@"
}

# Whether f.age opens with this passphrase.
opens_with() {
	P=$1 sluice unseal --passphrase-env P -c "${2:-f.age}" | cmp - f
}

@test "the first line of a file is the passphrase, without its end" {
	for text in 'secret' 'secret\n' 'secret\r\n' 'secret\nmore\n'; do
		printf "$text" >pass
		run -0 sluice unseal --passphrase-file pass -c f.age
		printed hi
	done
	for text in 'secret\r' 'secret \n' ' secret\n' 'secret\r\r\n'; do
		printf "$text" >pass
		run -4 sluice unseal --passphrase-file pass -c f.age
	done
}

@test "a passphrase is bytes, a NUL and what is no UTF-8 among them" {
	printf 'nul\0byte\xff\n' >pass
	sluice seal --work-factor 10 --passphrase-file pass -f f
	sluice unseal --passphrase-file pass -c f.age | cmp - f
	printf 'nul\n' >other
	run -4 sluice unseal --passphrase-file other -c f.age
}

@test "--passphrase-file - reads standard input" {
	echo secret | sluice unseal --passphrase-file - -c f.age | cmp - f
	echo other | sluice seal --work-factor 10 --passphrase-file=- -f f
	opens_with other
}

@test "--passphrase-file takes what the shell substitutes" {
	sluice unseal -c --passphrase-file <(echo secret) f.age | cmp - f
}

@test "standard input cannot be both the data and the passphrase" {
	for words in "--passphrase-file -" "--passphrase-fd 0"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice seal $words <<<secret
		said "sluice: standard input cannot be both the data and the passphrase"
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice unseal -t $words - f.age <<<secret
		said "sluice: standard input cannot be both the data and the passphrase"
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice pipe $words seal <<<secret
		said "sluice: standard input cannot be both the data and the passphrase"
	done
}

@test "--passphrase-fd reads a line from a descriptor, and no more" {
	exec 7<<<$'secret\nother\nthird'
	sluice unseal --passphrase-fd 7 -c f.age | cmp - f
	sluice seal --passphrase-fd 7 --work-factor 10 -f f
	read -r line <&7
	[ "$line" = third ]
	exec 7<&-
	opens_with other
}

@test "a passphrase is warned of where others can read it, whoever opened it" {
	echo horse >pass
	chmod 640 pass
	run -0 --separate-stderr sluice seal --work-factor 10 \
		--passphrase-fd 7 -o x f 7<pass
	said "sluice: warning: file descriptor 7: others can read it (its mode is 640)"
	run -0 --separate-stderr sluice unseal --passphrase-file - -t x <pass
	said "sluice: warning: standard input: others can read it (its mode is 640)"
	run -0 --separate-stderr sluice unseal --passphrase-file pass -t x
	said "sluice: warning: pass: others can read it (its mode is 640)"
	chmod 600 pass
	run -0 --separate-stderr sluice unseal --passphrase-fd 7 -t x 7<pass
	said ""
	run -0 --separate-stderr sluice unseal --passphrase-fd 7 -t x \
		7< <(echo horse)
	said ""
}

@test "--passphrase-fd of a pipe leaves the rest in it" {
	printf 'secret\nrest\n' | {
		sluice unseal --passphrase-fd 0 -c f.age | cmp - f
		read -r line
		[ "$line" = rest ]
	}
}

@test "a descriptor that is not open is a misuse" {
	run -2 --separate-stderr sluice unseal -t --passphrase-fd 77 f.age
	said "sluice: file descriptor 77: Bad file descriptor"
	for n in x -1 "" 3000000000; do
		run -2 --separate-stderr sluice unseal -t --passphrase-fd "$n" f.age
		[[ $stderr == "sluice: --passphrase-fd: '$n' is not a number"* ]]
	done
}

@test "--passphrase-env takes a variable, which must be there" {
	opens_with secret
	run -2 --separate-stderr sluice unseal -t --passphrase-env NO_SUCH f.age
	said "sluice: there is no environment variable 'NO_SUCH'"
	P= run -2 --separate-stderr sluice unseal -t --passphrase-env P f.age
	said "sluice: P: the passphrase is empty"
}

@test "the passphrase is not in the running program's environment, nor in a core file" {
	mkfifo in
	P=veryhidden "$SLUICE" seal --passphrase-env P --work-factor 10 \
		-o x in 3>&- &
	pid=$!
	exec 8>in
	until_so sh -c "! grep -q -z veryhidden /proc/$pid/environ"
	# Nor can it end up in a core file.
	grep -q '^Max core file size *0 ' "/proc/$pid/limits"
	exec 8>&-
	wait "$pid"
}

@test "nothing is sealed with a passphrase that nobody sees" {
	for to in '2>/dev/null' '2>/dev/zero' '2>&-'; do
		run -2 sluice_to "$to" seal -g --work-factor 10 -o x f
		run -2 sluice_to "$to" pipe -g --work-factor 10 seal -o x <f
		[ ! -e x ]
	done
	: >err
	run -0 sluice_to '2>>err' seal -g --work-factor 10 -o x f
	grep -q '^passphrase: ' err
}

# The user whose files in /proc the process has: root, where its memory is
# closed to others, else the one that runs it.
owner_is() {
	[ "$(stat -c %u "/proc/$1/environ")" = "$2" ]
}

@test "once there is a passphrase the memory is closed to the user's other processes" {
	[ "$(uname)" = Linux ] || skip "no Linux"
	user=$(id -u) as=()
	# Root owns them all.  A path may be closed to others, what is open not.
	if [ "$user" = 0 ]; then
		user=65534
		as=(setpriv --reuid=$user --clear-groups)
	fi
	mkfifo in
	exec 7<"$SLUICE"
	for closed in 0 1; do
		words=(hash)
		[ $closed = 0 ] ||
			words=(seal --passphrase-env P --work-factor 10)
		P=veryhidden "${as[@]}" /proc/self/fd/7 "${words[@]}" \
			<in >out 3>&- &
		pid=$!
		exec 8>in
		until_so owner_is $pid $((closed ? 0 : user))
		exec 8>&-
		wait $pid
		[ -s out ]
	done
}

@test "an empty passphrase is refused" {
	for text in '' '\n' '\r\n' '\nsecret\n'; do
		printf "$text" >pass
		run -2 --separate-stderr sluice seal --passphrase-file pass -o x f
		said "sluice: pass: the passphrase is empty"
	done
	run -2 --separate-stderr sluice unseal -t --passphrase-fd 0 f.age </dev/null
	said "sluice: file descriptor 0: the passphrase is empty"
	holds f f.age pass
}

@test "a passphrase may have 4096 bytes and no more" {
	for end in '' '\n' '\r\n'; do
		{ head -c 4096 /dev/zero | tr '\0' x; printf "$end"; } >pass
		sluice seal --work-factor 10 --passphrase-file pass -f f
		sluice unseal --passphrase-file pass -c f.age | cmp - f
		{ head -c 4097 /dev/zero | tr '\0' x; printf "$end"; } >pass
		run -2 --separate-stderr sluice seal --passphrase-file pass -o x f
		said "sluice: pass: the passphrase is longer than 4096 bytes"
	done
	LONG=$(cat pass) run -2 --separate-stderr sluice seal \
		--passphrase-env LONG -o x f
	said "sluice: LONG: the passphrase is longer than 4096 bytes"
	run -2 --separate-stderr sluice seal --passphrase-file /dev/zero -o x f
	said "sluice: /dev/zero: the passphrase is longer than 4096 bytes"
}

@test "a passphrase file that cannot be read is an error that names it" {
	run -3 --separate-stderr sluice seal --passphrase-file none -o x f
	said "sluice: none: No such file or directory"
	run -3 --separate-stderr sluice seal --passphrase-file . -o x f
	said "sluice: .: Is a directory"
	holds f f.age
}

@test "two sources of the passphrase are a misuse" {
	for words in "--passphrase-fd 3 --passphrase-env SECRET" \
		"--passphrase-file x --passphrase-file x" \
		"-g --passphrase-env SECRET"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice seal $words f
		[[ $stderr == "sluice: there is more than one source of the passphrase"* ]]
	done
}

@test "a passphrase is never a value on the command line" {
	for words in --passphrase=secret "--passphrase secret"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice seal $words f
		[[ $stderr == "sluice: unknown option '--passphrase'"* ]]
	done
}

@test "with no terminal and no source it says what to do" {
	run -2 --separate-stderr sluice seal -o x f
	said "sluice: no terminal to ask for a passphrase
sluice: hint: use --passphrase-file, --passphrase-fd or --passphrase-env"
	run -2 --separate-stderr sluice unseal -o x f.age
	said "sluice: no terminal to ask for a passphrase
sluice: hint: use --passphrase-file, --passphrase-fd or --passphrase-env"
	holds f f.age
}

@test "seal asks twice, unseen" {
	run -0 terminal "passphrase for f: " "horse staple" \
		"again: " "horse staple" -- \
		"$SLUICE" seal --work-factor 10 -f f
	[[ $output == *"passphrase for f: "*"again: "* ]]
	[[ $output != *horse* ]]
	opens_with "horse staple"
}

@test "unseal asks once, unseen" {
	run -0 terminal "passphrase for f.age: " secret -- \
		"$SLUICE" unseal -c f.age
	[ "$output" = $'passphrase for f.age: \r\nhi\r' ]
}

@test "the terminal is asked though the standard streams go elsewhere" {
	run -0 terminal "passphrase: " secret "again: " secret -- \
		sh -c '"$SLUICE" seal --work-factor 10 <f >x 2>err'
	opens_with secret x
	[ ! -s err ]
}

@test "seal offers to make a passphrase, unless -q" {
	run -0 terminal "passphrase for f: " a "again: " a -- \
		"$SLUICE" seal --work-factor 10 -f f
	[[ $output == "leave it empty, and one is made for you"* ]]
	run -0 terminal "passphrase for f: " a "again: " a -- \
		"$SLUICE" seal -q --work-factor 10 -f f
	[[ $output == "passphrase for f: "* ]]
}

@test "two passphrases that differ are refused, and nothing is written" {
	for second in other "" secrets; do
		run -2 terminal "passphrase for f: " secret "again: " "$second" \
			-- "$SLUICE" --color=never seal -o x f
		[[ $output == *"sluice: passphrases do not match"* ]]
	done
	holds f f.age
}

@test "an empty passphrase makes 8 words, which the terminal is shown" {
	run -0 terminal "passphrase for f: " "" -- sh -c \
		'"$SLUICE" seal --work-factor 10 -o x f >out 2>err'
	[ ! -s out ]
	grep -q '^sluice: hint: write it down' err
	words=$(sed -n 's/^passphrase: //p' <<<"$output" | tr -d '\r')
	[[ $words =~ ^([a-z]+(-[a-z]+)*)$ ]]
	[ "$(tr -cd - <<<"$words" | wc -c)" -ge 7 ]
	opens_with "$words" x
}

@test "-g makes a passphrase and asks nothing" {
	run -0 terminal -- sh -c '"$SLUICE" seal -g --work-factor 10 -o x f 2>err'
	words=$(sed -n 's/^passphrase: //p' <<<"$output" | tr -d '\r')
	opens_with "$words" x
}

@test "-g without a terminal shows the passphrase on standard error" {
	run -0 --separate-stderr sluice seal -g --work-factor 10 -o x f
	printed ""
	words=$(sed -n 's/^passphrase: //p' <<<"$stderr")
	opens_with "$words" x
}

@test "-g takes a number of words" {
	for form in -g5 --generate=5 -g=5; do
		run -0 --separate-stderr sluice seal "$form" --work-factor 10 \
			-f -o x f
		words=$(sed -n 's/^passphrase: //p' <<<"$stderr")
		dashes=$(tr -cd - <<<"$words" | wc -c)
		[ "$dashes" -ge 4 ]
		[ "$dashes" -le 9 ]
		opens_with "$words" x
	done
	for n in 0 3 65 x; do
		run -2 --separate-stderr sluice seal "-g$n" -o y f
		[[ $stderr == "sluice: --generate: '$n' is not a number from 4 to 64"* ]]
	done
}

@test "two passphrases that were made differ" {
	run -0 --separate-stderr sluice seal -g --work-factor 10 -fo x f
	one=$stderr
	run -0 --separate-stderr sluice seal -g --work-factor 10 -fo x f
	[ "$stderr" != "$one" ]
}

@test "one passphrase is asked for several files" {
	echo hi >g
	run -0 terminal "passphrase for 2 files: " horse "again: " horse -- \
		"$SLUICE" seal --work-factor 10 -f f g
	opens_with horse
	run -0 terminal "passphrase for 2 files: " horse -- \
		"$SLUICE" unseal -f f.age g.age
	[[ $output != *again* ]]
}

@test "the prompt counts the files that are left, and names the only one" {
	run -9 terminal "passphrase for f: " a "again: " a -- \
		"$SLUICE" seal --work-factor 10 -f nothing f .
	run -0 terminal "passphrase for f.age: " a -- "$SLUICE" unseal -c f.age
}

@test "a name in the prompt is made visible" {
	seal -o $'x\e[2J\n.age' f
	run -0 terminal 'passphrase for x\x1b[2J\n.age: ' secret -- \
		"$SLUICE" unseal -c $'x\e[2J\n.age'
}

@test "nobody is asked where no file is left to be sealed" {
	run -6 terminal -- "$SLUICE" seal f
	[[ $output != *passphrase* ]]
}

@test "unseal asks nothing about what is no sealed file" {
	run -5 terminal -- "$SLUICE" unseal -c f
	[[ $output != *passphrase* ]]
	run -5 terminal -- sh -c 'cat f | "$SLUICE" unseal >x'
	[[ $output != *passphrase* ]]
	head -c 40 f.age >cut
	run -5 terminal -- "$SLUICE" unseal -c cut
	[[ $output != *passphrase* ]]
	sed 's/ 10$/ 25/' f.age >dear
	run -5 terminal -- "$SLUICE" unseal -c dear
	[[ $output != *passphrase* ]]
}

@test "after the wrong passphrase it does not ask again" {
	run -4 terminal "passphrase for f.age: " wrong -- \
		"$SLUICE" --color=never unseal -o x f.age
	[[ $output == *"sluice: f.age: wrong passphrase"* ]]
	holds f f.age
}

@test "the wrong passphrase is reported for each file that it does not open" {
	P=other sluice seal --passphrase-env P --work-factor 10 -o b.age f
	mkdir out
	run -9 --separate-stderr unseal -O out f.age b.age
	said "sluice: b.age: wrong passphrase"
	[ "$(ls out)" = f ]
	run -4 --separate-stderr unseal -t b.age b.age
	said "sluice: b.age: wrong passphrase
sluice: b.age: wrong passphrase"
}

@test "an empty answer to unseal is refused" {
	run -2 terminal "passphrase for f.age: " "" -- \
		"$SLUICE" --color=never unseal -c f.age
	[[ $output == *"sluice: terminal: the passphrase is empty"* ]]
}

@test "^D at the prompt is no answer" {
	run -2 terminal "passphrase for f: " ^D -- \
		"$SLUICE" --color=never seal -o x f
	[[ $output == *"sluice: cancelled"* ]]
	run -2 terminal "passphrase for f: " secret "again: " ^D -- \
		"$SLUICE" --color=never seal -o x f
	[[ $output == *"sluice: cancelled"* ]]
	run -2 terminal "passphrase for 2 files: " ^D -- \
		"$SLUICE" --color=never unseal -t f.age f.age
	[ "$(grep -c cancelled <<<"$output")" = 1 ]
	holds f f.age
}

@test "^D after some letters is no answer either" {
	run -2 /usr/bin/python3 - <<'P'
import os, pexpect, sys
child = pexpect.spawn(os.environ["SLUICE"], ["unseal", "-t", "f.age"],
                      encoding="utf-8", timeout=20)
child.expect_exact("passphrase for f.age: ")
child.waitnoecho()
child.send("secr")
child.send("\x04\x04")
child.expect(pexpect.EOF)
child.close()
assert "cancelled" in child.before, child.before
sys.exit(child.exitstatus)
P
}

@test "what is too long for a terminal's line is refused, and not cut" {
	long=$(head -c 4094 /dev/zero | tr '\0' x)
	run -0 terminal "passphrase for f: " "$long" "again: " "$long" -- \
		"$SLUICE" seal --work-factor 10 -f f
	opens_with "$long"
	run -2 terminal "passphrase for f: " "${long}x" -- \
		"$SLUICE" --color=never seal --work-factor 10 -o x f
	[[ $output == *"sluice: the passphrase is longer than 4094 bytes"* ]]
	run -2 terminal "passphrase for f: " "$long$long" -- \
		"$SLUICE" --color=never seal --work-factor 10 -o x f
	[[ $output == *"sluice: the passphrase is longer than 4094 bytes"* ]]
	holds f f.age
}

# A shell that tells of the echo after the program ended, however it did.
then_echo='"$@"; rc=$?; stty -a | grep -o -e "-*echo "; exit $rc'

@test "echo is off at the prompt and on again after each way out" {
	run -0 terminal "passphrase for f.age: " secret -- \
		sh -c "$then_echo" sh "$SLUICE" unseal -t f.age
	[[ $output == *$'\necho '* ]]
	run -2 terminal "passphrase for f.age: " ^D -- \
		sh -c "$then_echo" sh "$SLUICE" unseal -t f.age
	[[ $output == *$'\necho '* ]]
	run -4 terminal "passphrase for f.age: " wrong -- \
		sh -c "$then_echo" sh "$SLUICE" unseal -t f.age
	[[ $output == *$'\necho '* ]]
}

@test "^C and ^\\ at the prompt end it by their signals, with the echo on" {
	for pair in "^C 130" "^\\ 131"; do
		set -- $pair
		run "-$2" terminal "passphrase for f.age: " "$1" -- \
			bash -c 'trap : INT QUIT; '"$then_echo" sh \
			"$SLUICE" unseal -t f.age
		[[ $output == *$'\necho '* ]]
	done
}

@test "killed at the prompt it gives the echo back, and dies by the signal" {
	for pair in "TERM 143" "HUP 129"; do
		set -- $pair
		run "-$2" terminal -- bash -c '
			trap : HUP
			"$SLUICE" unseal -t f.age &
			pid=$!
			until stty -a | grep -q -e "-echo "; do sleep 0.02; done
			kill -'"$1"' $pid
			wait $pid
			rc=$?
			stty -a | grep -o -e "-*echo "
			exit $rc'
		[[ $output == *$'\necho '* ]]
	done
}

@test "--passphrase is no option, and the nearest one is named" {
	run -2 --separate-stderr sluice seal --passphrase secret f
	[[ $stderr == "sluice: unknown option '--passphrase'; did you mean '--passphrase-file'?"* ]]
}

@test "a byte order mark is part of the passphrase" {
	printf '\xef\xbb\xbfhorse\n' >marked
	sluice seal --work-factor 10 --passphrase-file marked -f f
	run -4 sluice unseal -t --passphrase-fd 3 f.age 3< <(echo horse)
	opens_with $'\xef\xbb\xbfhorse'
}

@test "-q leaves out progress, unless --progress asks for it" {
	run -0 --separate-stderr sluice hash -q --progress f
	[[ $stderr == "sluice: f: "* ]]
	run -0 --separate-stderr sluice hash -q f
	[ -z "$stderr" ]
}
