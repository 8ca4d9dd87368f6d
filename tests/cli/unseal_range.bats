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

@test "--range needs a file that can be read out of order" {
	run -2 --separate-stderr part 0:1 < <(cat f.age)
	said "sluice: standard input: is not a regular file, which is read out of order"
	seal -a -o text f
	run -2 --separate-stderr part 0:1 < <(cat text)
	said "sluice: standard input: is not a regular file, which is read out of order"
}

@test "--range reads armor as what is in it" {
	seal -a -o text f
	sed 's/$/\r/' text >crlf
	for file in text crlf; do
		for range in 0:10 65530:20 131072:1000 0:300000 228893:1 228894:9; do
			part "$range" "$file" | cmp - <(want "${range%:*}" "${range#*:}")
		done
		part 5:3 <"$file" | cmp - <(want 5 3)
	done
	run -2 --separate-stderr part 228895: text
	said "sluice: text: has 228894 bytes, and none from 228895 on"
	{ echo "junk!"; cat text; } >behind
	{ dd of=/dev/null bs=6 count=1 status=none; part 5:3; } <behind |
		cmp - <(want 5 3)
}

@test "--range is strict about both ends of armor, and about what it reads" {
	seal -a -o text f
	python3 - <<'P'
text = bytearray(open("text", "rb").read())
def keep(name, data):
    open(name, "wb").write(data)
keep("cut", text[:-40])
keep("more", text + b"x")
keep("begin", b"-----BEGIN AGE ENCRYPTED FILE----\n" + text[35:])
text[120000] = ord("*")
keep("bad", text)
P
	run -5 --separate-stderr part 0:1 cut
	said "sluice: cut: truncated within the armor, after $(stat -c %s cut) bytes: nothing was written"
	run -5 --separate-stderr part 0:1 more
	said "sluice: more: damaged armor at byte $(stat -c %s text): data after its end"
	run -5 --separate-stderr part 0:1 begin
	said "sluice: begin: not an age file"
	part 0:65536 bad | cmp - <(want 0 65536)
	part 131072: bad | cmp - <(want 131072 300000)
	run -5 --separate-stderr part 65536:10 -o out bad
	said "sluice: bad: damaged armor at byte 120000: not a base64 character"
	for file in cut more begin bad; do
		run -5 unseal -t "$file"
	done
	[ ! -e out ]
}

@test "armor whose lines end in different ways is read in order only" {
	seal -a -o "my text" f
	sed -i '5s/$/\r/' "my text"
	unseal -c "my text" | cmp - f
	run -5 --separate-stderr part 0:1 "my text"
	said "sluice: my text: the lines of its armor differ in length or in how they end; it has to come off to be read out of order
sluice: hint: sluice pipe dearmor <'my text' takes it off"
	sluice pipe dearmor <'my text' >off
	part 5:3 off | cmp - <(want 5 3)
	unseal --salvage -c "my text" | cmp - f
	run -5 --separate-stderr part 0:1 - <"my text"
	[[ $stderr == *"hint: sluice pipe dearmor takes it off" ]]
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
