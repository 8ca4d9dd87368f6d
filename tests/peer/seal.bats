# SPDX-License-Identifier: ISC
# Sealed files go back and forth between Sluice, age and typage.

load ../helper

SIZES="0 1 65535 65536 65537 1048579"
GIB=1073741824
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
	rm -f out
	terminal -t 60 "Enter passphrase" "$WORDS" -- age -d -o out plain.age
}

typage() {
	[ -d "$SLUICE_PEERS/node_modules/age-encryption" ] ||
		skip "no age-encryption below $SLUICE_PEERS"
	need node
	timeout -k 5 200 node "$ROOT/tests/peer/typage.mjs" "$1" "$WORDS" "$2" "$3"
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

@test "age opens what sluice sealed, at every size around a chunk's" {
	need age
	for size in $SIZES; do
		there_and_back "$size" here age
	done
}

@test "sluice opens what age sealed, at every size around a chunk's" {
	need age
	for size in $SIZES; do
		there_and_back "$size" age here
	done
}

@test "typage opens what sluice sealed, at every size around a chunk's" {
	for size in $SIZES; do
		there_and_back "$size" here typage
	done
}

@test "sluice opens what typage sealed, at every size around a chunk's" {
	for size in $SIZES; do
		there_and_back "$size" typage here
	done
}

@test "age opens a gibibyte that sluice sealed" {
	need age
	there_and_back $GIB here age
}

@test "sluice opens a gibibyte that age sealed" {
	need age
	there_and_back $GIB age here
}

@test "typage opens a gibibyte that sluice sealed" {
	there_and_back $GIB here typage
}

@test "sluice opens a gibibyte that typage sealed" {
	there_and_back $GIB typage here
}

@test "age opens a file of the default work factor" {
	need age
	plain 100
	sluice seal --passphrase-file pass plain
	head -2 plain.age | grep -a ' 18$'
	age_unseals
	cmp plain out
}

@test "age refuses with a wrong passphrase what sluice sealed" {
	need age
	plain 100
	here_seals
	run terminal "Enter passphrase" "not the words" -- age -d -o out plain.age
	[ "$status" -ne 0 ]
	[[ $output == *"incorrect passphrase"* ]]
	[ ! -s out ]
}
