# SPDX-License-Identifier: ISC
load ../helper
load cli

# So many bytes of random data as SIZE says.
gives() {
	[ "$(sluice random "$1" | wc -c)" = "$2" ]
}

@test "SIZE counts bytes, and takes K, M, G, T, kB, MB, GB, TB" {
	gives 0 0
	gives 1 1
	gives 100000 100000
	gives 3K 3072
	gives 2M 2097152
	gives 3kB 3000
	gives 2MB 2000000
	run -0 --separate-stderr sluice random 1G -v -o /dev/null
	said "sluice: $((8 << 30)).0 bits of entropy"
	run -0 --separate-stderr sluice random 1GB -v -o /dev/null
	said "sluice: 8000000000.0 bits of entropy"
	[ "$(sluice random 3T | head -c 5000000 | wc -c)" = 5000000 ]
	[ "$(sluice random 3TB | head -c 5000000 | wc -c)" = 5000000 ]
	run -2 sluice random 16777216T
	slow='| { sleep 1.3; head -c 5000000; } >/dev/null'
	run -0 --separate-stderr bash -c '"$SLUICE" --progress random 3T '"$slow"
	[[ $stderr == *" of 3.0 TiB, "* ]]
}

@test "without SIZE it is 32 bytes" {
	[ "$(sluice random | wc -c)" = 32 ]
	run -0 sluice random -x
	[ ${#output} = 64 ]
}

@test "inf has no end" {
	[ "$(sluice random inf | head -c 10000000 | wc -c)" = 10000000 ]
	[ "$(sluice random -x inf | head -c 100000 | tr -d 0-9a-f | wc -c)" = 0 ]
	[ "$(sluice random --chars digits inf | head -c 100000 |
		tr -d 0-9 | wc -c)" = 0 ]
}

@test "what is no size is refused" {
	for size in x -1 1.5 1k 1m 1t 1KB "" "1 K" 1KK 18446744073709551616 \
		99999999999G infinity; do
		run -2 --separate-stderr sluice random -- "$size"
		said "sluice: '$size' is not a size
sluice: hint: sizes are such as 32, 4K, 10MB or inf"
	done
	run -2 --separate-stderr sluice random 1 2
	said "sluice: '2': one size is enough"
}

@test "large sizes take constant memory" {
	plain
	[ "$(bash -c 'ulimit -v 100000; "$SLUICE" random 200M' | wc -c)" = 209715200 ]
	[ "$(bash -c 'ulimit -v 100000; "$SLUICE" random -b 100M' | wc -c)" = 139810137 ]
}

@test "what several threads make is as long as was asked for, and new" {
	for size in 8388607 8388608 8388609 20000001; do
		gives $size $size
		[ "$(taskset -c 0 "$SLUICE" random $size | wc -c)" = $size ]
	done
	sluice random 20000000 | /usr/bin/python3 -c 'import sys
all = sys.stdin.buffer.read()
assert len(set(all[i:i + 16] for i in range(0, len(all), 16))) == 1250000'
	[ "$(sluice random -x 20M | tr -d '0-9a-f' | wc -c)" = 1 ]
	[ "$(sluice random -b 20M | base64 -d | wc -c)" = 20971520 ]
}

@test "hex, base64 and base64url are lines of the right length" {
	for size in 0 1 2 3 4 100 49152 49153 200000; do
		run -0 sluice random -x "$size"
		[[ $output =~ ^[0-9a-f]*$ ]]
		[ ${#output} = $((size * 2)) ]
		run -0 sluice random --base64 "$size"
		[ "$(base64 -d <<<"$output" | wc -c)" = "$size" ]
		run -0 sluice random --base64url "$size"
		[[ $output =~ ^[A-Za-z0-9_-]*$ ]]
		[ ${#output} = $(((size * 4 + 2) / 3)) ]
	done
	[ "$(sluice random -x 3 | wc -l)" = 1 ]
}

@test "raw bytes are not sent to a terminal, unless -o - forces them" {
	run -6 terminal -- "$SLUICE" --color=never random
	[ "$output" = $'sluice: refusing to write binary data to the terminal\r
sluice: hint: use -o FILE, or -o - to force\r
sluice: hint: -x gives text\r' ]
	run -0 terminal -- "$SLUICE" random -o - 4
	run -0 terminal -- "$SLUICE" random -x
}

@test "progress is of all items, and of none that could not be counted" {
	slow='| { sleep 1.3; head -c 5000000; } >/dev/null'
	run -0 --separate-stderr bash -c \
		'"$SLUICE" --progress random -x 64K -n 32 '"$slow"
	[[ $stderr == "sluice: standard output: "*"%, "*" KiB of 2.0 MiB, "* ]]
	run -0 --separate-stderr bash -c \
		'"$SLUICE" --progress random -x 17000000000G -n 2 '"$slow"
	[[ $stderr == "sluice: standard output: "*" KiB, "*"iB/s" ]]
	[[ $stderr != *" of "* ]]
}

@test "words are of the list, 8 unless told" {
	list=$(sed 's/.*[[:space:]]//' "$ROOT/src/rand/eff_large_wordlist.txt")
	run -0 --separate-stderr sluice random --words --separator ' '
	[ "$(wc -w <<<"$output")" = 8 ]
	for word in $output; do
		grep -q -x -e "$word" <<<"$list"
	done
}

@test "the number of words may be joined or follow" {
	for form in -w6 -w=6 --words=6 "--words 6" "-w 6" "6 -w"; do
		# shellcheck disable=SC2086
		run -0 sluice random $form --separator ' '
		[ "$(wc -w <<<"$output")" = 6 ]
	done
	run -2 --separate-stderr sluice random -w6 7
	said "sluice: '7': the number of words was given already"
	for n in 0 1025 x; do
		run -2 --separate-stderr sluice random -w "$n"
		said "sluice: --words: '$n' is not a number from 1 to 1024"
	done
}

@test "a separator goes between words" {
	run -0 sluice random -w3 --separator ' <> '
	[[ $output =~ ^[a-z-]+' <> '[a-z-]+' <> '[a-z-]+$ ]]
	run -0 sluice random -w2 --separator ''
	[[ $output =~ ^[a-z-]+$ ]]
	run -2 --separate-stderr sluice random -x --separator x
	said "sluice: --separator goes with --words only"
	run -2 sluice random -w --separator "$(printf 'x%.0s' {1..65})"
}

@test "characters are of their set, and all of it comes" {
	while read -r name count chars; do
		run -0 sluice random --chars "$name" 20000
		[ ${#output} = 20000 ]
		[ -z "$(tr -d "$chars" <<<"$output")" ]
		[ "$(fold -w 1 <<<"$output" | sort -u | wc -l)" = "$count" ]
	done <<'E'
alnum 62 A-Za-z0-9
alpha 52 A-Za-z
digits 10 0-9
lower 26 a-z
safe 57 A-HJ-NP-Za-km-z2-9
printable 94 !-~
=xyz 3 xyz
E
}

@test "characters of a set are equally likely" {
	# 99,000 draws of 11: a count off by 6 deviations is no chance.
	run -0 sluice random --chars =abcdefghijk 99000
	counts=$(fold -w 1 <<<"$output" | sort | uniq -c)
	[ "$(wc -l <<<"$counts")" = 11 ]
	while read -r n _; do
		[ "$n" -gt 8458 ]
		[ "$n" -lt 9542 ]
	done <<<"$counts"
}

@test "a set may be any characters, each once" {
	run -0 sluice random --chars '=äöü€😀' 500
	[ ${#output} = 500 ]
	[ -z "$(sed 's/[äöü€😀]//g' <<<"$output")" ]
	[ "$(sluice random --chars $'=\xff\xfe' 100 | wc -c)" = 101 ]
	run -2 --separate-stderr sluice random --chars =abca
	[[ $stderr == "sluice: --chars: 'a' is there twice"* ]]
	for set in =a =ä; do
		run -2 --separate-stderr sluice random --chars "$set"
		[[ $stderr == "sluice: --chars: one character leaves nothing to chance"* ]]
	done
}

@test "an unknown set is named, with a near one" {
	run -2 --separate-stderr sluice random --chars alnm
	[[ $stderr == "sluice: unknown characters 'alnm'; did you mean 'alnum'?"* ]]
	run -2 --separate-stderr sluice random --chars xyzzy
	[[ $stderr == "sluice: unknown characters 'xyzzy'"* ]]
	[[ $stderr == *"hint: they are alnum, alpha, digits, lower, safe, printable or =CHARACTERS"* ]]
}

@test "whole numbers lie between their ends, which both come" {
	while read -r range want; do
		run -0 sluice random --int "$range" -n 300
		[ "$(sort -n <<<"$output" | uniq | paste -sd,)" = "$want" ]
	done <<'E'
1-3 1,2,3
-5--3 -5,-4,-3
-1-1 -1,0,1
7-7 7
0-0 0
E
	run -0 sluice random --int -9223372036854775808-9223372036854775807 -n 50
	[ "$(sort -u <<<"$output" | wc -l)" = 50 ]
	run -0 sluice random --int=9223372036854775806-9223372036854775807
}

@test "what is no range is refused" {
	for range in "" 6 1- -1 1-x x-1 1-2-3 1..6 \
		"1- 2" " 1-2" +1-2; do
		run -2 --separate-stderr sluice random --int "$range"
		[[ $stderr == "sluice: --int: '$range' is not two numbers, such as 1-6"* ]]
	done
	run -2 --separate-stderr sluice random --int 6-1
	[[ $stderr == "sluice: --int: 6 is more than 1"* ]]
}

@test "a UUID is one of version 4" {
	run -0 sluice random --uuid -n 200
	[ "$(sort -u <<<"$output" | wc -l)" = 200 ]
	[ "$(grep -c -E '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' \
		<<<"$output")" = 200 ]
}

@test "-n makes several, each on a line" {
	for form in "-x 4" "-b 4" "--base64url 4" "-w 2" "--chars alpha 5" \
		"--int 1-9" --uuid; do
		# shellcheck disable=SC2086
		[ "$(sluice random $form -n 7 | wc -l)" = 7 ]
	done
	[ "$(sluice random -x 16 -n 50000 | sort -u | wc -l)" = 50000 ]
	run -2 --separate-stderr sluice random -n 3 4
	said "sluice: --count goes with a form of text only, such as --hex"
	for n in 0 x -1; do
		run -2 sluice random -x -n "$n"
	done
}

@test "numbers and UUIDs have no size" {
	for form in "--int 1-6" --uuid; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice random $form 5
		said "sluice: '5': numbers and UUIDs have no size
sluice: hint: -n COUNT makes several"
	done
}

@test "only one form can be given" {
	for forms in "-x -b" "-w --uuid" "--int 1-2 --chars alpha"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice random $forms
		[[ $stderr == "sluice: only one form of output can be given"* ]]
	done
}

@test "-o makes a new file that is its owner's alone" {
	umask 000
	sluice random 1000 -o key
	[ "$(stat -c '%a %s' key)" = "600 1000" ]
	sluice random --words -o words
	[ "$(wc -l <words)" = 1 ]
	holds key words
}

@test "-o never overwrites" {
	echo old >key
	run -6 --separate-stderr sluice random -o key
	said "sluice: key: already exists"
	[ "$(cat key)" = old ]
	ln -s nowhere link
	run -6 --separate-stderr sluice random -o link
	run -2 --separate-stderr sluice random -f -o key
	run -3 --separate-stderr sluice random -o no/where
	said "sluice: no/where: No such file or directory"
	run -3 --separate-stderr sluice random -o /dev/full
	said "sluice: /dev/full: No space left on device"
	holds key link
}

@test "-v tells the entropy" {
	while read -r words; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr sluice random -v ${words%:*}
		said "sluice: ${words#*: }"
	done <<'E'
-x 16: 128.0 bits of entropy
16: 128.0 bits of entropy
--words 6: 77.5 bits of entropy
--chars alnum 20: 119.1 bits of entropy
--int 1-6: 2.6 bits of entropy
--uuid -n 3: 122.0 bits of entropy each
E
	run -0 --separate-stderr sluice random -x
	said ""
}

@test "nothing comes twice" {
	[ "$(for i in {1..30}; do sluice random -x 8; done | sort -u | wc -l)" = 30 ]
}

@test "numbers out of reach and characters that are none are named so" {
	for range in 1-99999999999999999999999 9223372036854775808-1 -99999999999999999999-1; do
		run -2 --separate-stderr sluice random --int "$range"
		[[ $stderr == "sluice: --int: '$range' goes beyond numbers of 64 bits"* ]]
	done
	run -2 --separate-stderr sluice random --chars =
	[[ $stderr == "sluice: --chars: there are none in '='"* ]]
}

@test "the lines of a file come in a random order, each once" {
	seq 500 >file
	for way in "--shuffle file" "file --shuffle" --shuffle=file; do
		# shellcheck disable=SC2086
		run -0 --separate-stderr sluice random $way
		[ "$(sort -n <<<"$output")" = "$(cat file)" ]
		[ "$output" != "$(cat file)" ]
		said ""
	done
	run -0 sluice random --shuffle <file
	[ "$(sort -n <<<"$output")" = "$(cat file)" ]
	run -0 sluice random --shuffle - <file
	[ "$(sort -n <<<"$output")" = "$(cat file)" ]
	run -0 sluice random --shuffle file -n 500
	[ "$(sort -n <<<"$output")" = "$(cat file)" ]
	[ "$output" != "$(cat file)" ]
}

@test "each order of lines, and each choice of them, is equally likely" {
	# Of 240 draws, a count off by 6 deviations is no chance.
	for way in "" "-n 2"; do
		for i in {1..240}; do
			# shellcheck disable=SC2086
			printf '%s\n' a b c | "$SLUICE" random --shuffle $way |
				paste -sd ' '
		done >orders
		sort orders | uniq -c >counts
		[ "$(wc -l <counts)" = 6 ]
		while read -r n _; do
			[ "$n" -gt 5 ]
			[ "$n" -lt 75 ]
		done <counts
	done
}

@test "all bytes of a line are kept, and the last one gets its newline" {
	printf 'a\0b\r\n\n\377\nlast' >file
	printf '\na\0b\r\nlast\n\377\n' >sorted
	for way in "" "-n 4" "-n 50"; do
		# shellcheck disable=SC2086
		sluice random --shuffle file $way | LC_ALL=C sort >got
		cmp got sorted
	done
	[ "$(sluice random --shuffle /dev/null | wc -c)" = 0 ]
	[ "$(sluice random --shuffle /dev/null -n 3 | wc -c)" = 0 ]
	[ "$(printf '\n' | sluice random --shuffle | wc -c)" = 1 ]
	head -c 300000 /dev/zero >line
	[ "$(sluice random --shuffle line | wc -c)" = 300001 ]
	[ "$(sluice random --shuffle -n 1 line | wc -c)" = 300001 ]
}

@test "so many lines as -n says are drawn, none twice" {
	seq 1000 >file
	for n in 1 2 63 64 65 999 1000 1001 1000000000; do
		run -0 sluice random --shuffle file -n "$n"
		want=$((n < 1000 ? n : 1000))
		[ "$(wc -l <<<"$output")" = "$want" ]
		[ "$(sort -u <<<"$output" | wc -l)" = "$want" ]
		[ "$(sort -n <<<"$output" | comm -23 <(sort <<<"$output") \
			<(sort file) | wc -l)" = 0 ]
	done
}

@test "as much memory is taken as the lines that are drawn need" {
	plain
	seq 3000000 >file
	run -0 bash -c 'ulimit -v 60000; "$SLUICE" random --shuffle file -n 5'
	[ "$(wc -l <<<"$output")" = 5 ]
	for way in "" "-n 2000000"; do
		run -5 --separate-stderr bash -c \
			'ulimit -v 60000; "$SLUICE" random --shuffle file '"$way"
		[[ $stderr =~ ^"sluice: file: lines of more than the "[0-9]+\
" bytes that memory has room for"$ ]]
		[ -z "$output" ]
	done
	head -c 50M /dev/zero >file
	run -5 --separate-stderr bash -c \
		'ulimit -v 60000; "$SLUICE" random --shuffle file -n 1'
	[[ $stderr =~ ^"sluice: file: lines of more than the "[0-9]+\
" bytes that memory has room for"$ ]]
}

@test "what cannot be shuffled is refused, and nothing is written" {
	seq 3 >file
	mkdir folder
	run -3 --separate-stderr sluice random --shuffle none -o out
	said "sluice: none: No such file or directory"
	run -6 --separate-stderr sluice random --shuffle folder -o out
	said "sluice: folder: is a directory"
	run -6 --separate-stderr sluice random --shuffle file -o file
	said "sluice: file: input and output are the same file"
	run -6 --separate-stderr bash -c '"$SLUICE" random --shuffle file >>file'
	said "sluice: standard output: input and output are the same file"
	run -2 --separate-stderr sluice random --shuffle file folder
	said "sluice: 'folder': one file is enough"
	run -2 --separate-stderr sluice random --shuffle=file folder
	said "sluice: 'folder': the file to shuffle was given already"
	run -2 --separate-stderr sluice random --shuffle -x file
	[[ $stderr == "sluice: only one form of output can be given"* ]]
	run -2 --separate-stderr sluice random --shuffle --separator , file
	said "sluice: --separator goes with --words only"
	holds file folder
	[ "$(cat file)" = $'1\n2\n3' ]
}

@test "shuffled lines go to a new file that is its owner's alone" {
	umask 000
	seq 30 >file
	sluice random --shuffle file -o out
	[ "$(stat -c '%a' out)" = 600 ]
	[ "$(sort -n out)" = "$(cat file)" ]
	run -6 --separate-stderr sluice random --shuffle file -o out
	said "sluice: out: already exists"
	run -3 --separate-stderr sluice random --shuffle file -o /dev/full
	said "sluice: /dev/full: No space left on device"
}

@test "lines that would disturb the terminal are not shown there" {
	printf 'a\n\033[2J\n' >file
	run -6 terminal -- "$SLUICE" --color=never random --shuffle file
	[ "$output" = $'sluice: refusing to write binary data to the terminal\r
sluice: hint: use -o FILE, or -o - to force\r' ]
	run -0 terminal -- "$SLUICE" random --shuffle file -o -
	seq 3 >file
	run -0 terminal -- "$SLUICE" random --shuffle file
	[ "$(sort <<<"$output")" = $'1\r\n2\r\n3\r' ]
}

@test "-v tells the entropy of an order, and of a choice" {
	seq 10 >file
	run -0 --separate-stderr sluice random -v --shuffle file
	said "sluice: at most 21.8 bits of entropy"
	run -0 --separate-stderr sluice random -v --shuffle file -n 3
	said "sluice: at most 9.5 bits of entropy"
	run -0 --separate-stderr sluice random -v --shuffle file -n 30
	said "sluice: at most 21.8 bits of entropy"
	echo one >file
	run -0 --separate-stderr sluice random -v --shuffle file
	said ""
}
