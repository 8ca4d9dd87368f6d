# SPDX-License-Identifier: ISC
load ../helper
load cli

# Four chunks and a bit.
setup() {
	workplace
	seq 50000 >all
	head -c 270000 all >f
	rm all
	seal -o whole.age f
	HEAD=$(($(stat -c %s whole.age) - 270000 - 5 * 16))
	CHUNK=65552
}

# A copy of whole.age in which the bytes at these offsets are others.
damage() {
	python3 - "$@" <<'P'
import sys
data = bytearray(open("whole.age", "rb").read())
for at in sys.argv[1:]:
    data[int(at)] ^= 1
open("bad.age", "wb").write(data)
P
}

# f, with zeros for the chunks of these numbers.
zeroed() {
	python3 - "$@" <<'P'
import sys
data = bytearray(open("f", "rb").read())
for i in map(int, sys.argv[1:]):
    data[i * 65536:(i + 1) * 65536] = bytes(65536)
sys.stdout.buffer.write(data)
P
}

@test "a whole file is written whole, and that is 0" {
	run -0 --separate-stderr unseal --salvage -o out whole.age
	said ""
	cmp out f
}

@test "what is damaged is zeros, and each hole is named" {
	damage $((HEAD + CHUNK + 5)) $((HEAD + 3 * CHUNK))
	run -5 --separate-stderr unseal --salvage -o out bad.age
	said "sluice: bad.age: lost 65536 bytes at byte 65536
sluice: bad.age: lost 65536 bytes at byte 196608
sluice: bad.age: 138928 bytes are intact"
	cmp out <(zeroed 1 3)
	unseal --salvage -c bad.age 2>/dev/null | cmp - out || [ "${PIPESTATUS[0]}" = 5 ]
	run -5 unseal bad.age -o other
	run -5 --separate-stderr unseal --salvage -t -q bad.age
	said "sluice: bad.age: lost 65536 bytes at byte 65536
sluice: bad.age: lost 65536 bytes at byte 196608"
	holds f whole.age bad.age out
}

# Of 24 chunks ten are damaged, two and three of them side by side.
@test "of a file with ten damaged chunks every other byte comes back" {
	head -c $((23 * 65536 + 777)) /dev/urandom >f
	seal -f -o whole.age f
	HEAD=$(($(stat -c %s whole.age) - 23 * CHUNK - 777 - 16))
	lost="0 2 5 6 9 13 14 15 18 22"
	at=()
	for i in $lost; do
		at+=($((HEAD + i * CHUNK + i * 2900)))
	done
	damage "${at[@]}"
	run -5 --separate-stderr unseal --salvage -o out bad.age
	# shellcheck disable=SC2086
	cmp out <(zeroed $lost)
	said "sluice: bad.age: lost 65536 bytes at byte 0
sluice: bad.age: lost 65536 bytes at byte 131072
sluice: bad.age: lost 131072 bytes at byte 327680
sluice: bad.age: lost 65536 bytes at byte 589824
sluice: bad.age: lost 196608 bytes at byte 851968
sluice: bad.age: lost 65536 bytes at byte 1179648
sluice: bad.age: lost 65536 bytes at byte 1441792
sluice: bad.age: 852745 bytes are intact"
	unseal --salvage --json -f -o out bad.age >found 2>/dev/null || [ $? = 5 ]
	# shellcheck disable=SC2086
	cmp out <(zeroed $lost)
	python3 - <<'P'
import json
found = json.load(open("found"))
assert found["size"] == 23 * 65536 + 777 and found["end"] == "whole"
assert found["intact"] == found["size"] - 10 * 65536
assert [(h["offset"] // 65536, h["length"] // 65536)
        for h in found["holes"]] == [(0, 1), (2, 1), (5, 2), (9, 1),
                                     (13, 3), (18, 1), (22, 1)]
P
}

@test "--json says the same for programs" {
	damage $((HEAD + CHUNK + 5)) $((HEAD + 3 * CHUNK))
	run -5 unseal --salvage --json -o out bad.age
	unseal --salvage --json -t bad.age whole.age >found || [ $? = 9 ]
	python3 - <<'P'
import json
bad, whole = (json.loads(line) for line in open("found"))
assert bad == {"file": "bad.age", "size": 270000, "intact": 138928,
    "front": 0, "added": 0, "extra": 0, "end": "whole", "holes": [
    {"offset": 65536, "length": 65536},
    {"offset": 196608, "length": 65536}]}, bad
assert whole["holes"] == [] and whole["intact"] == whole["size"] == 270000
P
	cp whole.age $'w\x80'
	unseal --salvage --json -t $'w\x80' | python3 -c 'import base64, json, sys
found = json.load(sys.stdin)
assert found["file"] == "w\ufffd" and found["size"] == 270000
assert base64.b64decode(found["file_base64"]) == b"w\x80"'
	run -2 --separate-stderr unseal --salvage --json -c bad.age
	[[ $stderr == "sluice: --json and the data cannot share standard output"* ]]
	run -2 --separate-stderr unseal --json bad.age
	[[ $stderr == "sluice: --json is for --salvage"* ]]
}

@test "a tail that is missing, lost or too long is named" {
	head -c $((HEAD + 2 * CHUNK)) whole.age >bad.age
	run -5 --separate-stderr unseal --salvage -o out bad.age
	said "sluice: bad.age: what came after 131072 bytes is missing
sluice: bad.age: 131072 bytes are intact"
	cmp out <(head -c 131072 f)
	head -c $((HEAD + 2 * CHUNK + 116)) whole.age >bad.age
	run -5 --separate-stderr unseal --salvage -f -o out bad.age
	said "sluice: bad.age: lost 100 bytes at byte 131072
sluice: bad.age: its end is lost, and what may have come after it
sluice: bad.age: 131072 bytes are intact"
	cmp out <(head -c 131072 f)
	{ cat whole.age; echo more; } >bad.age
	run -5 --separate-stderr unseal --salvage -f -o out bad.age
	said "sluice: bad.age: 5 bytes behind its end were left out
sluice: bad.age: 270000 bytes are intact"
	cmp out f
}

@test "an empty chunk behind others is left out, since unseal refuses it" {
	vectors cctv-age
	python3 - "$VECTORS/stream_last_chunk_empty" <<'P'
import sys, zlib
head, file = open(sys.argv[1], "rb").read().split(b"\n\n", 1)
told = dict(line.split(b": ", 1) for line in head.split(b"\n"))
if told.get(b"compressed") == b"zlib":
    file = zlib.decompress(file)
open("odd.age", "wb").write(file)
open("key.txt", "wb").write(told[b"identity"] + b"\n")
P
	chmod 600 key.txt
	run -5 sluice unseal -i key.txt -t odd.age
	run -5 --separate-stderr sluice unseal -i key.txt --salvage -o out odd.age
	[ "$(stat -c %s out)" -gt 0 ]
	said "sluice: odd.age: 16 bytes behind its end were left out
sluice: odd.age: $(stat -c %s out) bytes are intact"
}

@test "a front that was cut off is named, and what is behind it comes back" {
	{ head -c "$HEAD" whole.age; tail -c +$((HEAD + CHUNK + 1)) whole.age; } >bad.age
	run -5 --separate-stderr unseal --salvage -o out bad.age
	said "sluice: bad.age: lost 65536 bytes at byte 0
sluice: bad.age: the front of its payload was cut off
sluice: bad.age: 204464 bytes are intact"
	cmp out <(zeroed 0)
	{ head -c "$HEAD" whole.age; tail -c +$((HEAD + 1001)) whole.age; } >bad.age
	run -5 --separate-stderr unseal --salvage -f -o out bad.age
	said "sluice: bad.age: lost 65536 bytes at byte 0
sluice: bad.age: the front of its payload was cut off
sluice: bad.age: 204464 bytes are intact"
	cmp out <(zeroed 0)
	# The next one is damaged, too.
	damage $((HEAD + CHUNK + 900))
	{ head -c "$HEAD" bad.age; tail -c +$((HEAD + CHUNK + 1)) bad.age; } >cut.age
	mv cut.age bad.age
	run -5 --separate-stderr unseal --salvage -f -o out bad.age
	said "sluice: bad.age: lost 131072 bytes at byte 0
sluice: bad.age: the front of its payload was cut off
sluice: bad.age: 138928 bytes are intact"
	cmp out <(zeroed 0 1)
}

@test "bytes that were dropped or put in cost the chunk that they were in" {
	at=$((HEAD + CHUNK + 30000))
	{ head -c $at whole.age; tail -c +$((at + 2)) whole.age; } >bad.age
	run -5 --separate-stderr unseal --salvage -o out bad.age
	said "sluice: bad.age: lost 65536 bytes at byte 65536
sluice: bad.age: 204464 bytes are intact"
	cmp out <(zeroed 1)
	{ head -c $at whole.age; echo more; tail -c +$((at + 1)) whole.age; } >bad.age
	run -5 --separate-stderr unseal --salvage -f -o out bad.age
	said "sluice: bad.age: lost 65536 bytes at byte 65536
sluice: bad.age: 5 bytes between its parts were left out
sluice: bad.age: 204464 bytes are intact"
	cmp out <(zeroed 1)
	# A whole chunk twice.
	at=$((HEAD + 2 * CHUNK))
	{ head -c $at whole.age; tail -c +$((at - CHUNK + 1)) whole.age; } >bad.age
	unseal --salvage --json -f -o out bad.age >found 2>/dev/null || [ $? = 5 ]
	python3 -c 'import json; f = json.load(open("found"))
assert f["added"] == 65552 and f["holes"] == [] and f["extra"] == 0'
	cmp out f
}

@test "a damaged header is no obstacle to salvage, and to nothing else" {
	sluice key new -o key.txt
	sluice key new -o other.txt
	sluice seal -f -r "$(sluice key public key.txt)" -r "$(sluice key public other.txt)" -o keyed.age f
	# The MAC, and then the stanza of the other key.
	for byte in 3 "$(head -2 keyed.age | wc -c)"; do
		[ "$byte" != 3 ] || byte=$(grep -abo -m 1 '^--- ' keyed.age | cut -d: -f1)
		python3 - "$byte" <<'P'
import sys
data = bytearray(open("keyed.age", "rb").read())
data[int(sys.argv[1]) + 20] ^= 1
open("bad.age", "wb").write(data)
P
		run -5 sluice unseal -i key.txt -i other.txt -f -o out bad.age
		run -5 --separate-stderr sluice unseal -i key.txt -i other.txt --salvage -f -o out bad.age
		said "sluice: bad.age: its header is damaged; what opened it is not
sluice: bad.age: 270000 bytes are intact"
		cmp out f
	done
	sluice unseal -i key.txt -i other.txt --salvage --json -t bad.age 2>/dev/null >found || [ $? = 5 ]
	python3 -c 'import json
assert json.load(open("found"))["header"] == "damaged"'
}

@test "where the nonce is damaged, or the passphrase another one, nothing is written" {
	head -c 1000 whole.age >f
	seal -f -o whole.age f
	damage $((HEAD - 1))
	run -5 --separate-stderr unseal --salvage -o out bad.age
	[[ $stderr == "sluice: bad.age: nothing is intact: it is damaged all over, or the front of the payload is damaged or was cut off"* ]]
	run -4 --separate-stderr sluice unseal --salvage \
		--passphrase-file <(echo no) -o out bad.age
	said "sluice: bad.age: wrong passphrase"
	holds f whole.age bad.age
}

# A copy of text.age, which is in armor, changed by this line of Python.
spoil() {
	python3 - "$1" <<'P'
import sys
text = bytearray(open("text.age", "rb").read())
exec(sys.argv[1])
open("bad.age", "wb").write(text)
P
}

# Where in text.age the byte at $1 of chunk $2 is.
place() {
	local at=$((HEAD + $2 * CHUNK + $1))
	echo $((35 + at / 48 * 65 + at % 48 / 3 * 4))
}

@test "what is intact of a file in armor comes back, whatever became of its lines" {
	sluice pipe armor <whole.age >text.age
	run -0 --separate-stderr unseal --salvage -o out text.age
	said ""
	cmp out f
	spoil "del text[$(place 99 3)]; text[$(place 70 1)] = 0"
	run -5 unseal -t bad.age
	run -5 --separate-stderr unseal --salvage -f -o out bad.age
	said "sluice: bad.age: lost 65536 bytes at byte 65536
sluice: bad.age: lost 65536 bytes at byte 196608
sluice: bad.age: its armor is damaged
sluice: bad.age: 138928 bytes are intact"
	cmp out <(zeroed 1 3)
	unseal --salvage --json -t bad.age text.age >found 2>/dev/null || [ $? = 9 ]
	python3 - <<'P'
import json
bad, text = (json.loads(line) for line in open("found"))
assert bad == {"file": "bad.age", "size": 270000, "intact": 138928,
    "front": 0, "added": 0, "extra": 0, "end": "whole", "armor": "damaged", "holes": [
    {"offset": 65536, "length": 65536},
    {"offset": 196608, "length": 65536}]}, bad
assert text["holes"] == [] and text["intact"] == 270000
assert "armor" not in text
P
}

@test "armor that lost its first line, its last, or both still gives all" {
	sluice pipe armor <whole.age >text.age
	for how in "del text[:20]" "del text[-32:]" "del text[:35]; del text[-5:]" \
		"text = b'Hello,\n\n' + text + b'Bye\n'" \
		"text = text.replace(b'\n', b' \r\n\r\n')"; do
		spoil "$how"
		run -5 unseal -t bad.age
		run -5 --separate-stderr unseal --salvage -f -o out bad.age
		said "sluice: bad.age: its armor is damaged
sluice: bad.age: 270000 bytes are intact"
		cmp out f
	done
	spoil "del text[-50:]"
	run -5 --separate-stderr unseal --salvage -f -o out bad.age
	[[ $stderr == *"its end is lost, and what may have come after it"* ]]
	cmp out <(head -c 262144 f)
	spoil "text = text.replace(b'\n', b'\r\n')"
	run -0 unseal --salvage -f -o out bad.age
	cmp out f
}

@test "of armor the line that the file begins with is needed" {
	sluice pipe armor <whole.age >text.age
	spoil "text[40] = 0"
	run -5 --separate-stderr unseal --salvage -o out bad.age
	said "sluice: bad.age: damaged armor at byte 40: not a base64 character"
	spoil "text[110] = 0"
	run -5 --separate-stderr unseal --salvage -o out bad.age
	[[ $stderr == "sluice: bad.age: damaged header at byte "* ]]
	[ ! -e out ]
}
