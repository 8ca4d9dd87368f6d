# SPDX-License-Identifier: ISC
# Sealed files go back and forth between Sluice, age and typage.

load ../helper
load sealers

SIZES="0 1 65535 65536 65537 1048579"

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

@test "age opens armor of sluice's, and sluice opens armor of age's" {
	need age
	for size in 0 24 100000; do
		plain "$size"
		rm -f plain.age
		sluice seal -a --passphrase-file pass --work-factor 12 plain
		age_unseals
		cmp plain out
		rm plain.age
		terminal -t 60 "Enter passphrase" "$WORDS" \
			"Confirm passphrase" "$WORDS" -- age -p -a -o plain.age plain
		here_unseals
		cmp plain out
	done
}

@test "typage makes the same armor, and takes it off" {
	for size in 0 1 2 3 47 48 49 100000; do
		plain "$size"
		sluice pipe armor <plain >text
		typage_armor armor plain out
		cmp text out
		typage_armor dearmor text out
		cmp plain out
	done
}
