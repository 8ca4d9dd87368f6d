# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# sealers.bash: three programs that seal and open, driven alike.  Each seals
# `plain` into plain.age, and opens that into `out`.

WORDS="correct horse battery staple"

setup() {
	workplace
	printf '%s\n' "$WORDS" >pass
}

# A file `plain` of so many random bytes.
plain() {
	head -c "$1" /dev/urandom >plain
}

here_seals() {
	rm -f plain.age
	sluice seal --passphrase-file pass --work-factor 12 plain
}

here_unseals() {
	rm -f out
	sluice unseal --passphrase-file pass -o out plain.age
}

age_seals() {
	rm -f plain.age
	terminal -t 60 "Enter passphrase" "$WORDS" "Confirm passphrase" "$WORDS" \
		-- age -p -o plain.age plain
}

age_unseals() {
	# age makes no file where there is nothing to put into it.
	: >out
	terminal -t 60 "Enter passphrase" "$WORDS" -- age -d -o out plain.age
}

typage() {
	typage_armor "$1" "$2" "$3" "$WORDS"
}

# What needs no passphrase.
typage_armor() {
	[ -d "$SLUICE_PEERS/node_modules/age-encryption" ] ||
		skip "no age-encryption below $SLUICE_PEERS"
	need node
	timeout -k 5 200 node "$ROOT/tests/peer/typage.mjs" "$1" "${4:--}" "$2" "$3"
}

typage_seals() {
	rm -f plain.age
	typage seal plain plain.age
}

typage_unseals() {
	rm -f out
	typage unseal plain.age out
}

# One seals, the other one opens, and what comes out is what went in.
there_and_back() {
	plain "$1"
	"$2"_seals
	"$3"_unseals
	cmp plain out
}
