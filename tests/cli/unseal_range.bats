# SPDX-License-Identifier: ISC
load ../helper
load cli

setup() {
	workplace
	seq 40000 >f
	seal f
}

part() {
	unseal --range "$@"
}

# part OFFSET LEN of f, made by others.
want() {
	tail -c +$(($1 + 1)) f | head -c "$2" || true
}

@test "--range writes a part to standard output, and to a file if told" {
	for range in 0:10 65530:20 131072:1000 0:300000 228893:1 228894:9; do
		part "$range" f.age | cmp - <(want "${range%:*}" "${range#*:}")
	done
	part 64K:1K f.age | cmp - <(want 65536 1024)
	part 200000: f.age | cmp - <(want 200000 300000)
	part 5:3 <f.age | cmp - <(want 5 3)
	part 1:5 -o out f.age
	cmp out <(want 1 5)
	mkdir there
	part 1:5 -O there f.age
	cmp out there/f
	part 0:2 f.age f.age | cmp - <(want 0 2; want 0 2)
	holds f f.age out there there/f
}

@test "--range behind the end is 2, and at the end it is nothing" {
	[ "$(stat -c %s f)" -eq 228894 ]
	run -0 part 228894:5 f.age
	printed ""
	run -2 --separate-stderr part 228895: -o out f.age
	said "sluice: f.age: has 228894 bytes, and none from 228895 on"
	holds f f.age
}

@test "what is no range is named" {
	for range in 5 x:1 1:x :5 -1:5 1:2:3 "" ; do
		run -2 --separate-stderr part "$range" f.age
		[[ $stderr == "sluice: --range: '$range' is not OFFSET:LENGTH"* ]]
	done
	run -2 --separate-stderr part 0:1 -t f.age
	[[ $stderr == "sluice: -t sees to all of a file, --range to a part"* ]]
}

@test "--range needs a file that can be read out of order, without armor" {
	run -2 --separate-stderr part 0:1 < <(cat f.age)
	said "sluice: standard input: is not a regular file, which is read out of order"
	seal -a -o text f
	run -5 --separate-stderr part 0:1 text
	said "sluice: text: an age file in armor, which has to come off first
sluice: hint: sluice pipe dearmor <text takes it off"
	run -5 --separate-stderr unseal --salvage -t - <text
	said "sluice: standard input: an age file in armor, which has to come off first
sluice: hint: sluice pipe dearmor takes it off"
	mv text "my text"
	run -5 --separate-stderr part 0:1 "my text"
	[[ $stderr == *"hint: sluice pipe dearmor <'my text' takes it off" ]]
}

@test "--range and --salvage begin where standard input stands" {
	{ echo junk; cat f.age; } >behind
	{ dd of=/dev/null bs=5 count=1 status=none; part 5:3; } <behind |
		cmp - <(want 5 3)
	{ dd of=/dev/null bs=5 count=1 status=none; unseal --salvage; } \
		<behind | cmp - f
}

@test "--range sees to its own chunks and to the end" {
	python3 - <<'P'
data = bytearray(open("f.age", "rb").read())
data[70000] ^= 1
open("bad.age", "wb").write(data)
open("cut.age", "wb").write(data[:-100])
P
	part 0:65536 bad.age | cmp - <(want 0 65536)
	part 131072: bad.age | cmp - <(want 131072 300000)
	run -5 --separate-stderr part 65530:10 -o out bad.age
	said "sluice: bad.age: damaged at byte 65536: nothing was written"
	run -5 --separate-stderr part 0:1 -o out cut.age
	said "sluice: cut.age: damaged, cut short or added to at byte 196608: nothing was written"
	run -4 --separate-stderr sluice unseal --range 0:1 --passphrase-file <(echo no) f.age
	said "sluice: f.age: wrong passphrase"
	holds f f.age bad.age cut.age
}
