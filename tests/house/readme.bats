#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# What README.md shows is so.

load ../helper

PROGRAM="$ROOT/build/release/examples/seal_file"

setup() {
	workplace
	mkdir bin
	ln -s "$SLUICE" bin/sluice
	export PATH="$PWD/bin:$PATH"
	echo "milk, eggs, the second law" >notes.txt
	sha256sum notes.txt >SHA256SUMS
}

# The commands that README.md shows, without their comments.
shown() {
	sed -n 's/^\$ //p' "$ROOT/README.md" | sed 's/  *#.*//'
}

# Run one of them, as it stands there.
try() {
	shown | grep -Fx -- "$1" >/dev/null || return 125 # `run` goes on after a failure
	eval "setsid -w timeout 60 bash -o pipefail -c '$1'"
}

# The lines that README.md shows below a command, a pattern.
answer() {
	sed -n "/^\$ $1\$/,/^[\$\`]/p" "$ROOT/README.md" | grep -v '^[$`]'
}

# Those lines are in $output.
as_answered() {
	local line n=0
	while IFS= read -r line; do
		[[ $output == *"$line"* ]]
		n=$((n + 1))
	done < <(answer "$1")
	[ "$n" -gt 1 ]
}

@test "the program is examples/seal_file.c" {
	# shellcheck disable=SC2016
	sed -n '/^```c$/,/^```$/p' "$ROOT/README.md" | sed '1d;$d' >shown.c
	grep -v SPDX "$ROOT/examples/seal_file.c" | diff shown.c -
}

@test "the program seals a file, and sluice opens it" {
	PASSPHRASE=secret "$PROGRAM" notes.txt out.age
	sluice unseal --passphrase-fd 3 -o - out.age 3< <(echo secret) |
		cmp notes.txt -
}

@test "the program says how it is used" {
	for words in "" "notes.txt" "notes.txt out.age more"; do
		# shellcheck disable=SC2086
		PASSPHRASE=secret run -1 "$PROGRAM" $words
		[ "$output" = "seal_file: usage: PASSPHRASE=X seal_file IN OUT" ]
	done
	unset PASSPHRASE
	run -1 "$PROGRAM" notes.txt out.age
	[ "$output" = "seal_file: usage: PASSPHRASE=X seal_file IN OUT" ]
	[ ! -e out.age ]
}

@test "the program leaves nothing behind when it fails" {
	PASSPHRASE=secret run -1 "$PROGRAM" missing.txt out.age
	[[ $output == "seal_file: "*"missing.txt"* ]]
	[ ! -e out.age ]
}

@test "what sluice seals, sluice and age open, as shown" {
	need age
	(umask 077 && echo "by the light of the moon" >secret)
	run -0 try "sluice seal --passphrase-file secret notes.txt"
	[ -z "$output" ]
	run -0 try "sluice unseal --passphrase-file secret --stdout notes.txt.age"
	[ "$output" = "$(answer "sluice unseal .*")" ]
	run -0 terminal "Enter passphrase: " "by the light of the moon" -- \
		age -d notes.txt.age
	as_answered "age -d notes.txt.age"
}

@test "at the terminal the passphrase is asked for, or made" {
	run -0 terminal "passphrase for notes.txt: " secret "again: " secret -- \
		sluice seal notes.txt
	[[ $output != *secret* ]]
	run -0 terminal "passphrase for notes.txt: " "" -- \
		sluice seal -o other.age notes.txt
	[[ $output =~ [a-z]+(-[a-z]+){7} ]]
}

@test "two digests in one read" {
	run -0 try "sluice hash -a sha256,blake2b512 notes.txt"
	[[ $output == *"$(sha256sum notes.txt | cut -c 1-64)"* ]]
	[[ $output == *"$(b2sum notes.txt | cut -c 1-128)"* ]]
}

@test "a list is checked" {
	run -0 try "sluice hash -c SHA256SUMS"
	echo more >>notes.txt
	run -1 try "sluice hash -c SHA256SUMS"
}

@test "a passphrase has eight words" {
	run -0 try "sluice random --words 8"
	[[ $output =~ ^[a-z]+([ -][a-z]+){7,}$ ]]
}

@test "a line is drawn by lot" {
	printf '%s\n' bread salt wine >>notes.txt
	run -0 try "sluice random --shuffle notes.txt -n 1"
	grep -Fx -- "$output" notes.txt
}

@test "random bytes go through a pipe of filters" {
	try "sluice random 1M | sluice pipe gzip base64=76 -o noise.txt"
	[ "$(base64 -d noise.txt | gunzip | wc -c)" -eq 1048576 ]
}

@test "there is help" {
	run -0 try "sluice help seal"
	[[ $output == *--work-factor* ]]
}

@test "every command shown is tried, here or in another test" {
	# What the manual page shows of a network, connect.bats and listen.bats try.
	diff <(shown | sort) <(sort <<-END
		tools/demo
		tools/test
		sluice seal --passphrase-file secret notes.txt
		sluice unseal --passphrase-file secret --stdout notes.txt.age
		age -d notes.txt.age
		sluice hash -a sha256,blake2b512 notes.txt
		sluice hash -c SHA256SUMS
		sluice random --words 8
		sluice random --shuffle notes.txt -n 1
		sluice random 1M | sluice pipe gzip base64=76 -o noise.txt
		sluice help seal
		$(grep -h "^sluice connect\|^sluice listen" "$ROOT/docs/sluice.1.scd")
		scons install PREFIX=/usr/local
		ldconfig
		cc seal_file.c -o seal_file \$(pkg-config --cflags --libs sluice)
	END
	)
}

@test "links lead to files" {
	/usr/bin/python3 - "$ROOT" <<-'END'
		import glob, os, re, sys
		os.chdir(sys.argv[1])
		dead = []
		for page in glob.glob("*.md") + glob.glob("*/*.md"):
		    for to in re.findall(r"\]\(([^)#]+)", open(page).read()):
		        path = os.path.join(os.path.dirname(page), to)
		        if "://" not in to and not os.path.exists(path):
		            dead.append((page, to))
		assert not dead, dead
	END
}

@test "the demo seals this README and opens it again" {
	run -0 timeout 100 "$ROOT/tools/demo"
	[[ $output == *"age-encryption.org/v1"* ]]
	[ "${lines[-1]}" = "the same, byte for byte" ]
}
