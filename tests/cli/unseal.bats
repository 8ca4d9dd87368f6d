# SPDX-License-Identifier: ISC
load ../helper
load cli

# Three chunks and a bit; HEAD is where the first one begins in f.age.
setup() {
	workplace
	head -c 200000 /dev/zero | tr '\0' m >f
	seal f
	HEAD=$(python3 -c '
data = open("f.age", "rb").read()
print(data.index(b"\n", data.index(b"\n--- ") + 1) + 1 + 16)')
	CHUNK=65552
}

# Change the byte at an offset of a copy of f.age.
flip() {
	python3 - "$1" <<'P'
import sys
data = bytearray(open("f.age", "rb").read())
data[int(sys.argv[1])] ^= 1
open("bad.age", "wb").write(data)
P
}

# unseal refuses bad.age: refuses CODE WORDS...
refuses() {
	local code=$1 before
	shift
	run "-$code" --separate-stderr unseal bad.age
	said "sluice: bad.age: $*"
	holds f f.age bad.age
}

@test "a flipped bit is damage at its chunk, and nothing is written" {
	flip $((HEAD))
	refuses 5 "damaged at byte 0: nothing was written"
	flip $((HEAD + CHUNK - 1))
	refuses 5 "damaged at byte 0: nothing was written"
	flip $((HEAD + CHUNK))
	refuses 5 "damaged at byte 65536: nothing was written"
	flip $((HEAD + 3 * CHUNK - 1))
	refuses 5 "damaged at byte 131072: nothing was written"
	flip $((HEAD + 3 * CHUNK))
	refuses 5 "damaged, cut short or added to at byte 196608: nothing was written"
	flip $(($(stat -c %s f.age) - 1))
	refuses 5 "damaged, cut short or added to at byte 196608: nothing was written"
}

@test "a flipped bit of the nonce is damage at the first byte" {
	flip $((HEAD - 1))
	refuses 5 "damaged at byte 0: nothing was written"
	flip $((HEAD - 16))
	refuses 5 "damaged at byte 0: nothing was written"
}

@test "a file that is cut at a border is truncated after so many bytes" {
	for n in 0 1 2 3; do
		head -c $((HEAD + n * CHUNK)) f.age >bad.age
		refuses 5 "truncated after $((n * 65536)) bytes: nothing was written"
		head -c $((HEAD + n * CHUNK + 15)) f.age >bad.age
		refuses 5 "truncated after $((n * 65536)) bytes: nothing was written"
	done
}

@test "a file that is cut within a chunk is damaged, cut short or added to" {
	for n in 0 1 2 3; do
		for m in 16 17 3000; do
			head -c $((HEAD + n * CHUNK + m)) f.age >bad.age
			refuses 5 "damaged, cut short or added to at byte $((n * 65536)): nothing was written"
		done
	done
	head -c -1 f.age >bad.age
	refuses 5 "damaged, cut short or added to at byte 196608: nothing was written"
}

@test "a file that is cut at each byte of its header is refused" {
	: >bad.age
	refuses 5 "not an age file: it is empty"
	for ((n = 1; n < HEAD; n += 7)); do
		head -c "$n" f.age >bad.age
		refuses 5 "truncated within the header: nothing was written"
	done
}

@test "bytes behind the end are refused" {
	{ cat f.age; printf x; } >bad.age
	run -5 --separate-stderr unseal bad.age
	[[ $stderr == "sluice: bad.age: "*": nothing was written" ]]
	cat f.age f.age >bad.age
	run -5 --separate-stderr unseal bad.age
	holds f f.age bad.age
	# Behind a last chunk that is full, too.
	head -c 65536 f >g
	seal g
	{ cat g.age; printf x; } >bad.age
	rm g g.age
	size=$(($(stat -c %s bad.age) - 1))
	refuses 5 "data after the end, at byte $size: nothing was written"
}

@test "chunks that changed places are damage" {
	python3 - "$HEAD" <<'P'
import sys
head, chunk = int(sys.argv[1]), 65552
data = open("f.age", "rb").read()
one, two = data[head:head + chunk], data[head + chunk:head + 2 * chunk]
open("bad.age", "wb").write(data[:head] + two + one + data[head + 2 * chunk:])
P
	refuses 5 "damaged at byte 0: nothing was written"
}

@test "a header whose MAC was changed is refused" {
	python3 - <<'P'
data = open("f.age", "rb").read()
at = data.index(b"\n--- ") + 5
c = b"B" if data[at:at + 1] == b"A" else b"A"
open("bad.age", "wb").write(data[:at] + c + data[at + 1:])
P
	refuses 5 "the header was forged or damaged: nothing was written"
}

@test "damage found late: standard output got what is intact before it, and is told so" {
	flip $((HEAD + 2 * CHUNK))
	run -5 --separate-stderr sh -c \
		'"$SLUICE" unseal --passphrase-env SECRET -c bad.age >got'
	said "sluice: bad.age: damaged at byte 131072: the bytes before it were written"
	cmp got <(head -c 131072 f)
	run -5 --separate-stderr sh -c \
		'"$SLUICE" unseal --passphrase-env SECRET <bad.age >got'
	said "sluice: standard input: damaged at byte 131072: the bytes before it were written"
	cmp got <(head -c 131072 f)
	head -c $((HEAD + CHUNK)) f.age >bad.age
	run -5 --separate-stderr sh -c \
		'"$SLUICE" unseal --passphrase-env SECRET -o - bad.age >got'
	said "sluice: bad.age: truncated after 65536 bytes: these were written"
	cmp got <(head -c 65536 f)
}

@test "damage found at once: standard output got nothing, and is told so" {
	flip "$HEAD"
	run -5 --separate-stderr unseal -c bad.age
	printed ""
	said "sluice: bad.age: damaged at byte 0: nothing was written"
}

@test "a FIFO gets what is intact too, and is told so" {
	flip $((HEAD + CHUNK))
	mkfifo out
	cat out >got &
	run -5 --separate-stderr unseal -o out bad.age
	said "sluice: bad.age: damaged at byte 65536: the bytes before it were written"
	wait
	cmp got <(head -c 65536 f)
}

@test "a wrong passphrase is 4, and nothing is written" {
	run -4 --separate-stderr env SECRET=wrong "$SLUICE" unseal \
		--passphrase-env SECRET -o x f.age
	said "sluice: f.age: wrong passphrase"
	holds f f.age
}

@test "what is not an age file is 5" {
	echo "milk, eggs" >bad.age
	refuses 5 "not an age file"
	head -c 100000 /dev/urandom >bad.age
	refuses 5 "not an age file"
	run -5 --separate-stderr unseal </dev/null
	said "sluice: standard input: not an age file: it is empty"
}

@test "a work factor over the limit is refused, with how to allow it" {
	sed 's/ 10$/ 24/' f.age >bad.age
	run -5 --separate-stderr unseal bad.age
	said "sluice: bad.age: work factor 24 needs 16 GiB of memory; limit is 22
sluice: hint: allow it with --max-work-factor 24"
	run -5 --separate-stderr unseal --max-work-factor 9 -o x f.age
	said "sluice: f.age: work factor 10 needs 1 MiB of memory; limit is 9
sluice: hint: allow it with --max-work-factor 10"
	run -0 unseal --max-work-factor 10 -t f.age
	sed 's/ 10$/ 99/' f.age >bad.age
	refuses 5 "work factor of 60 or more; limit is 22"
	for n in 0 31 x; do
		run -2 --separate-stderr unseal --max-work-factor "$n" f.age
		[[ $stderr == "sluice: --max-work-factor: '$n' is not a number from 1 to 30"* ]]
	done
}

@test "armor comes off by itself" {
	seal -a -o text f
	head -1 text | grep -x -- '-----BEGIN AGE ENCRYPTED FILE-----'
	tail -1 text | grep -x -- '-----END AGE ENCRYPTED FILE-----'
	sed '/^-/d' text | base64 -d | unseal | cmp - f
	unseal <text | cmp - f
	{ printf '\n \n'; sed 's/$/\r/' text; echo; } >text.age
	unseal -t text.age
	unseal -o out text.age
	cmp out f
}

@test "damage to armor is named, with its place" {
	seal -a f -o text
	head -c 100 text >bad.age
	rm text
	refuses 5 "truncated within the armor, after 100 bytes: nothing was written"
	tr D '*' <bad.age >x
	mv x bad.age
	refuses 5 "not an age file"
	printf '%s\n\n' '-----BEGIN AGE ENCRYPTED FILE-----' >bad.age
	refuses 5 "damaged armor at byte 35: an empty line"
}

@test "what is sealed for a key is 4, and names the kind" {
	cat >bad.age <<'A'
age-encryption.org/v1
-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc
EmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U
--- Vn+54jqiiUCE+WZcEVY3f1sqHjlu/z1LCQ/T7Xm7qI0
A
	refuses 4 "is sealed for: X25519
sluice: hint: -i FILE opens it with the secret key in FILE"
}

@test "what only other programs open is told to take one of them" {
	hint="sluice: hint: it takes another program: sluice opens scrypt, X25519, ssh-ed25519 and ssh-rsa"
	echo secret >pass
	chmod 600 pass
	sluice key new -q -o key.txt
	for type in mlkem768x25519 "p256tag a b"; do
		printf 'age-encryption.org/v1\n-> %s\n\n--- %043d\n%032d' \
			"$type" 0 0 >f.age
		for how in "unseal -t" "unseal -c" "unseal --salvage -t" \
			"unseal --range 0:1" rekey; do
			# shellcheck disable=SC2086
			run -4 --separate-stderr sluice $how \
				--passphrase-file pass f.age
			said "sluice: f.age: is sealed for: ${type%% *}
$hint"
			# shellcheck disable=SC2086
			run -4 --separate-stderr sluice $how -i key.txt f.age
			said "sluice: f.age: is sealed for: ${type%% *}; no key that is given opens it
$hint"
		done
		run -4 --separate-stderr sluice pipe -i key.txt unseal <f.age
		[[ $stderr == *"opens it"$'\n'"$hint" ]]
	done
}

@test "a name without .age wants -o" {
	cp f.age sealed
	run -2 --separate-stderr unseal sealed
	said "sluice: sealed: unknown suffix, not .age
sluice: hint: use -o FILE"
	cp f.age .age
	run -2 --separate-stderr unseal .age
	said "sluice: .age: there is no name in front of .age
sluice: hint: use -o FILE"
	run -2 --separate-stderr unseal ./.age
	cp f.age x.age.bak
	run -2 --separate-stderr unseal x.age.bak
	holds .age f f.age sealed x.age.bak
	unseal -o g sealed
	cmp f g
}

@test "an output that exists is refused, and outlives a failed -f" {
	echo old >f
	run -6 --separate-stderr unseal f.age
	said "sluice: f: already exists (use -f to overwrite)"
	[ "$(cat f)" = old ]
	flip $((HEAD + 2 * CHUNK))
	run -5 unseal -f bad.age -o f
	[ "$(cat f)" = old ]
	run -4 env SECRET=wrong "$SLUICE" unseal --passphrase-env SECRET -f f.age
	[ "$(cat f)" = old ]
	unseal -f f.age
	[ "$(stat -c %s f)" = 200000 ]
}

@test "the same file in and out is refused" {
	ln f.age g
	run -6 --separate-stderr unseal -f -o g f.age
	said "sluice: g: input and output are the same file"
	run -6 --separate-stderr unseal -f -o f.age <f.age
	said "sluice: f.age: input and output are the same file"
	run -6 --separate-stderr sh -c \
		'"$SLUICE" unseal --passphrase-env SECRET <f.age >>f.age'
	said "sluice: standard output: input and output are the same file"
	cmp g f.age
}

@test "-t verifies, writes nothing and says nothing" {
	cp f.age any-name
	run -0 --separate-stderr unseal -t f.age any-name
	printed ""
	said ""
	run -0 --separate-stderr unseal -t <f.age
	holds any-name f f.age
	flip $((HEAD + CHUNK))
	run -5 --separate-stderr unseal --test bad.age
	said "sluice: bad.age: damaged at byte 65536"
	run -9 --separate-stderr unseal -t f.age bad.age
	run -4 --separate-stderr env SECRET=wrong "$SLUICE" unseal \
		--passphrase-env SECRET -t f.age
	for option in "-o x" "-O ." -c; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr unseal -t $option f.age
		said "sluice: -t writes nothing: leave out -o, -O and -c"
	done
}

@test "several files: each is opened or reported" {
	rm f
	cp f.age g.age
	cp f.age bad.age
	truncate -s 100000 bad.age
	run -9 --separate-stderr unseal f.age bad.age nothing.age g.age
	said "sluice: nothing.age: No such file or directory
sluice: bad.age: damaged, cut short or added to at byte 65536: nothing was written"
	cmp f g
	[ ! -e bad ]
}

@test "several files on standard output follow each other" {
	unseal -c f.age f.age | cmp - <(cat f f)
}

@test "text goes to a terminal, and binary data does not, unless forced" {
	printf 'hello\n\twörld\n' >t
	seal t
	run -0 terminal -- "$SLUICE" unseal --passphrase-env SECRET -c t.age
	[ "$output" = $'hello\r\n\twörld\r' ]
	printf 'x\e[2J' >t
	seal -f t
	run -6 terminal -- "$SLUICE" --color=never unseal \
		--passphrase-env SECRET -c t.age
	[ "$output" = $'sluice: refusing to write binary data to the terminal\r
sluice: hint: use -o FILE, or -o - to force\r' ]
	run -0 terminal -- "$SLUICE" unseal --passphrase-env SECRET -o - t.age
	[[ $output == *$'x\e[2J'* ]]
}

@test "a control character split between two chunks does not reach a terminal" {
	{ head -c 65535 /dev/zero | tr '\0' a; printf '\xc2\x9b2J'; } >t
	seal t
	run -6 terminal -- "$SLUICE" unseal --passphrase-env SECRET -c t.age
	[[ $output == a*"refusing to write binary data to the terminal"* ]]
	[[ $(tr -d '\000-\177' <<<"$output" | od -An -tx1) != *9b* ]]
}

@test "bytes that 8-bit terminals obey are not sent to any" {
	printf '\x9b2J' >t
	seal t
	run -6 terminal -- "$SLUICE" unseal --passphrase-env SECRET -c t.age
}

@test "an empty file comes back empty" {
	: >e
	seal e
	rm e
	unseal e.age
	[ -f e ]
	[ ! -s e ]
}

@test "an output appears only at the end" {
	mkfifo in
	unseal -o x <in &
	exec 8>in
	head -c 100000 f.age >&8
	sleep 0.3
	[ ! -e x ]
	tail -c +100001 f.age >&8
	exec 8>&-
	wait
	cmp x f
	holds f f.age in x
}

@test "verified chunks leave a pipe as soon as they are there" {
	mkfifo in
	unseal <in >got &
	exec 8>in
	head -c $((HEAD + CHUNK + 100)) f.age >&8
	until_so [ -s got ]
	cmp got <(head -c 65536 f)
	tail -c +$((HEAD + CHUNK + 101)) f.age >&8
	exec 8>&-
	wait
	cmp got f
}
