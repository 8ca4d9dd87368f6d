# SPDX-License-Identifier: ISC
load ../helper
load cli

setup() {
	workplace
	printf 'milk, eggs' >f
	head -c 300000 /dev/urandom >g
	sha256sum f g >sums
}

# Those lists check, whose lines come on standard input.
checks() {
	run -0 --separate-stderr sluice hash -c
	printed "$1"
}

@test "a list of sha256sum checks, with a line for each file and a summary" {
	run -0 --separate-stderr sluice hash -c sums
	printed $'f: OK\ng: OK'
	said "sluice: 2 OK"
}

@test "lists of every kind of writer check" {
	for a in md5 sha1 sha224 sha256 sha384 sha512; do
		"${a}sum" f g | checks $'f: OK\ng: OK'
		"${a}sum" -b f g | checks $'f: OK\ng: OK'
		"${a}sum" --tag f g | checks $'f: OK\ng: OK'
		cksum --untagged -a "$a" f | checks "f: OK"
		openssl dgst "-$a" f g | checks $'f: OK\ng: OK'
		openssl dgst -r "-$a" f | checks "f: OK"
	done
	b2sum --tag f | checks "f: OK"
	# Those of cksum's that it checks itself.
	for a in md5 sha1 sha224 sha256 sha384 sha512 blake2b sm3; do
		cksum -a "$a" f g | checks $'f: OK\ng: OK'
	done
	cksum --untagged -a sm3 f >list
	run -0 sluice hash -c -a sm3 list
	for a in sha3-256 blake2b512 blake2s256 sha512-256 ripemd160; do
		openssl dgst "-$a" f | checks "f: OK"
	done
	openssl dgst -shake256 -xoflen 40 f | checks "f: OK"
}

@test "lists of RHash check, plain and of BSD's form" {
	need rhash
	for a in md5 sha1 sha224 sha256 sha384 sha512; do
		rhash "--$a" f g | checks $'f: OK\ng: OK'
	done
	for a in md5 sha1 sha256 sha512 sha3-256 sha3-512 blake2b blake2s \
		ripemd160; do
		rhash --bsd "--$a" f g | checks $'f: OK\ng: OK'
	done
	rhash --sha3-256 f >list
	run -0 sluice hash -c -a sha3-256 list
}

@test "lists of RHash's own form, SFV, check" {
	need rhash
	cp f "with some blanks"
	cp f "deadbeef"
	cp f "00000000 deadbeef"
	rhash f g "with some blanks" deadbeef "00000000 deadbeef" >list
	run -0 --separate-stderr sluice hash -c list
	printed $'f: OK\ng: OK\nwith some blanks: OK\ndeadbeef: OK\n00000000 deadbeef: OK'
	sed 's/$/\r/' list | checks "$output"
	rhash -p '%p  \t%C\n' f | checks "f: OK"
	rhash --crc32 --bsd f | checks "f: OK"
	rhash --crc32 --simple f >list
	run -0 sluice hash -c -a crc32 list
	echo other >f
	echo "f 2AD99099" >list
	run -1 --separate-stderr sluice hash -c list
	printed "f: FAILED"
}

@test "what is nearly a line of SFV is none" {
	for line in "f 2AD9909" "f 2AD990999" "f2AD99099" "2AD99099" \
		" 2AD99099" "f 2AD9909G" "f 2AD99099 " "f  "; do
		{ sha256sum g; printf '%s\n' "$line"; } >list
		run -1 --separate-stderr sluice hash -c list
		said "sluice: list:2: not a checksum line
sluice: 1 OK, 1 not understood"
	done
	# With a key there is no CRC, and a digest goes before one.
	echo secret >key
	chmod 600 key
	echo "f 2AD99099" >list
	run -1 --separate-stderr sluice hash -c --hmac-key-file key list
	[[ $stderr == "sluice: list:1: not a checksum line"* ]]
	echo hi >2AD99099
	sha256sum 2AD99099 | sed 's/  / /' | checks "2AD99099: OK"
	sluice hash --base64 2AD99099 | checks "2AD99099: OK"
}

@test "crc32 is that of gzip, and of rhash" {
	[ "$(sluice hash -a crc32 g)" = "$(rhash --crc32 --simple g)" ]
	[ "$(sluice hash -a crc32,md5 g | head -1)" = "$(rhash --crc32 --bsd g)" ]
	run -0 sluice hash -j 2 -a md5,CRC32,sha1 --json g
	[[ $output == *'"crc32": "'"$(rhash -p %c g)"'"'* ]]
}

@test "lists whose lines end in NUL check with -z, whatever the names" {
	echo hi >$'new\nline\r'
	echo hi >'\back'
	echo hi >'a  b'
	set -- f $'new\nline\r' '\back' 'a  b' g
	for style in "" --tag; do
		# shellcheck disable=SC2086
		sha256sum -z $style -- "$@" >list
		run -0 --separate-stderr sluice hash -z -c list
		printed $'f: OK\n\\new\\nline\\r: OK\n\\\\\\back: OK\na  b: OK\ng: OK'
		said "sluice: 5 OK"
	done
	sluice hash -z -a sha1,md5 -- "$@" >list
	run -0 --separate-stderr sluice hash --zero -c list
	said "sluice: 10 OK"
	# The last line need not have an end.
	printf '%s  f' "$(sha256sum f | cut -d' ' -f1)" >list
	run -0 sluice hash -zc list
	head -c 20000 /dev/zero | tr '\0' a >long
	{ cat long; printf '\0'; sha256sum -z f; } >list
	run -1 --separate-stderr sluice hash -zc list
	printed "f: OK"
	said "sluice: list:1: the line is too long
sluice: 1 OK, 1 not understood"
}

@test "where lines end in NUL, -z is hinted at" {
	sha256sum -z f g >list
	run -1 --separate-stderr sluice hash -c list
	said "sluice: list:1: not a checksum line
sluice: hint: -z reads lists whose lines end in NUL
sluice: list: no checksum line in it
sluice: 1 not understood"
}

@test "a list of 100,000 lines checks" {
	: >empty
	for ((i = 0; i < 100; i++)); do sha256sum empty; done >some
	for ((i = 0; i < 1000; i++)); do cat some; done >list
	run -0 --separate-stderr sluice hash -q -c list
	said ""
	printed ""
	sed -i '77777s/0/1/;99999s/.*/junk/' list
	run -1 --separate-stderr sluice hash -q -c list
	printed "empty: FAILED"
	said "sluice: list:99999: not a checksum line
sluice: 99998 OK, 1 FAILED, 1 not understood"
}

@test "files are told of in the order of the list, whatever they take" {
	head -c 5000000 /dev/urandom >large
	for ((i = 0; i < 200; i++)); do echo "$i" >"n$i"; done
	sha256sum large n? large n?? large n??? >list
	sed -i 's/  n7$/  n8/; s/  n150$/  none/' list
	for j in 1 2 7; do
		run -1 --separate-stderr sluice hash -j $j -c list
		printed "$(sed 's/.*  //; s/$/: OK/' list | sed '/^none: /s/OK/FAILED open or read/' |
			awk '/^n8: OK/ && !seen++ { sub("OK", "FAILED") } 1')"
		said "sluice: none: No such file or directory
sluice: 201 OK, 1 FAILED, 1 not read"
	done
	{ sha256sum n1 n2; echo junk; echo "$(printf '%064d' 0)  none"; echo junk; } >list
	run -1 --separate-stderr sluice hash -c list
	said "sluice: list:3: not a checksum line
sluice: none: No such file or directory
sluice: list:5: not a checksum line
sluice: 2 OK, 1 not read, 2 not understood"
}

@test "lists of our own check, in every style" {
	for style in "" --tag --base64 "--tag --base64" --sri \
		"--sri -a sha384,sha512" \
		"-a shake128" "-a shake128,sha3-512,blake2b512,md5-sha1" \
		"-a shake256 -l 88 --tag"; do
		algorithm=
		[ "$style" != "-a shake128" ] || algorithm="-a shake128"
		# shellcheck disable=SC2086
		sluice hash $style f g >list
		# shellcheck disable=SC2086
		run -0 sluice hash -c $algorithm list
	done
}

@test "lines of OpenSSL 1.1, of OpenSSL 3 and of BSD are known" {
	hex=$(sha256sum f | cut -d' ' -f1)
	for line in "SHA256(f)= $hex" "SHA2-256(f)= $hex" "SHA256 (f) = $hex" \
		"sha256 (f) = $hex" "$hex  f" "$hex *f" "$hex f" "$hex	f" \
		"  $hex  f" "${hex^^}  f"; do
		printf '%s\n' "$line" | checks "f: OK"
		printf '%s' "$line" | checks "f: OK"
		printf '%s\r\n' "$line" | checks "f: OK"
		printf '\xef\xbb\xbf%s\r\n' "$line" | checks "f: OK"
	done
}

@test "one list may mix them all, with comments and blank lines" {
	{
		echo "# sums of today"
		echo
		sha256sum f
		md5sum --tag g
		openssl dgst -sha1 f
		printf '\r\n'
		sha512sum f | sed 's/  / /'
	} | checks $'f: OK\ng: OK\nf: OK\nf: OK'
}

@test "names that look like something else are found" {
	for name in "a b" " a" "*a" "a) = b" "MD5 (x) = 00" $'a\nb' 'a\nb' \
		$'a\rb' '\' "ü" $'inv\xff' "(" ")" "#a" "=" "a= b"; do
		echo hi >"$name"
		sha256sum -- "$name" >list
		run -0 sluice hash -c list
		sha256sum --tag -- "$name" >list
		run -0 sluice hash -c list
		sluice hash -a sha256,md5 -- "$name" >list
		run -0 sluice hash -c list
		rm -- "$name"
	done
}

@test "a name with a newline is one line of the answer" {
	echo hi >$'a\nb'
	sha256sum $'a\nb' | checks '\a\nb: OK'
}

@test "a file that differs is 1, and said" {
	echo other >f
	run -1 --separate-stderr sluice hash -c sums
	printed $'f: FAILED\ng: OK'
	said "sluice: 1 OK, 1 FAILED"
}

@test "a file that is missing is 1, and said" {
	rm g
	run -1 --separate-stderr sluice hash -c sums
	printed $'f: OK\ng: FAILED open or read'
	said "sluice: g: No such file or directory
sluice: 1 OK, 1 not read"
	mkdir g
	run -1 --separate-stderr sluice hash -c sums
	printed $'f: OK\ng: FAILED open or read'
}

@test "--ignore-missing passes over files that are missing, not over all of them" {
	rm g
	run -0 --separate-stderr sluice hash -c --ignore-missing sums
	printed "f: OK"
	said "sluice: 1 OK"
	rm f
	run -1 --separate-stderr sluice hash -c --ignore-missing sums
	said "sluice: sums: no file was verified"
	ln -s f f
	run -1 --separate-stderr sluice hash -c --ignore-missing sums
	printed "f: FAILED open or read"
}

@test "a line that is no checksum is 1, unless --no-strict" {
	{ cat sums; echo "not a sum"; } >list
	run -1 --separate-stderr sluice hash -c list
	printed $'f: OK\ng: OK'
	said "sluice: list:3: not a checksum line
sluice: 2 OK, 1 not understood"
	run -0 --separate-stderr sluice hash -c --no-strict list
	said "sluice: 2 OK, 1 not understood"
	run -0 --separate-stderr sluice hash -c --no-strict -w list
	said "sluice: list:3: not a checksum line
sluice: 2 OK, 1 not understood"
	run -1 --separate-stderr sluice hash -c <list
	[[ $stderr == "sluice: standard input:3: not a checksum line"* ]]
}

@test "what is nearly a line is none" {
	hex=$(sha256sum f | cut -d' ' -f1)
	for line in "$hex" "$hex  " "$hex " "${hex}f" "${hex%?}  f" \
		"${hex}0  f" "${hex%?}g  f" "SHA256 (f) = ${hex%?}" \
		"SHA256 (f) = ${hex}00" "SHA256 (f) $hex" "SHA256 f = $hex" \
		"SHA256 () = $hex" "SHA256 (f) =" "(f) = $hex" \
		"MD5 (f) = $hex" "\\$hex  a\\x" \
		"\\$hex  a\\" "SHA256 (f) = $hex trailing"; do
		{ sha256sum g; printf '%s\n' "$line"; } >list
		run -1 --separate-stderr sluice hash -c list
		said "sluice: list:2: not a checksum line
sluice: 1 OK, 1 not understood"
	done
	{ cat sums; printf '%s  f\0x\n' "$hex"; } >list
	run -1 --separate-stderr sluice hash -c list
	[[ $stderr == "sluice: list:3: not a checksum line"* ]]
}

# What is behind a line of 20,000 bytes, from the list of these files.
behind_a_long_line() {
	head -c 20000 /dev/zero | tr '\0' a
	echo
	sha256sum "$@"
}

@test "a line that is too long is 1, and those behind it are checked" {
	behind_a_long_line f g >list
	for mode in "" -w --no-strict "--no-strict -w" "--ignore-missing"; do
		# shellcheck disable=SC2086
		run -1 --separate-stderr sluice hash -c $mode list
		printed $'f: OK\ng: OK'
		said "sluice: list:1: the line is too long
sluice: 2 OK, 1 not understood"
	done
	run -1 --separate-stderr sluice hash -c --status --no-strict list
	printed ""
	said ""
	run -1 --separate-stderr sluice hash -c -q --no-strict list
	said "sluice: list:1: the line is too long
sluice: 2 OK, 1 not understood"
}

@test "a file that differs behind a line that is too long is found" {
	behind_a_long_line f g >list
	echo other >g
	run -1 --separate-stderr sluice hash -c --no-strict list
	printed $'f: OK\ng: FAILED'
	said "sluice: list:1: the line is too long
sluice: 1 OK, 1 FAILED, 1 not understood"
}

@test "lines keep their numbers behind one that is too long" {
	{ behind_a_long_line f; echo junk; behind_a_long_line g; } >list
	run -1 --separate-stderr sluice hash -c list
	said "sluice: list:1: the line is too long
sluice: list:3: not a checksum line
sluice: list:4: the line is too long
sluice: 2 OK, 3 not understood"
	head -c 20000 /dev/zero >>list
	run -1 --separate-stderr sluice hash -c --no-strict list
	printed $'f: OK\ng: OK'
	said "sluice: list:1: the line is too long
sluice: list:4: the line is too long
sluice: list:6: the line is too long
sluice: 2 OK, 4 not understood"
}

@test "a list of nothing but a line that is too long is 1" {
	head -c 20000 /dev/zero >list
	run -1 --separate-stderr sluice hash -c --no-strict list
	printed ""
	said "sluice: list:1: the line is too long
sluice: 1 not understood"
}

@test "a list without a checksum is 1" {
	: >list
	run -1 --separate-stderr sluice hash -c list
	said "sluice: list: no checksum line in it"
	printf '# nothing\n\n' >list
	run -1 --separate-stderr sluice hash -c list
	said "sluice: list: no checksum line in it"
	echo nothing >list
	run -1 --separate-stderr sluice hash -c --no-strict list
	said "sluice: list: no checksum line in it
sluice: 1 not understood"
	run -1 --separate-stderr sluice hash -c sums /dev/null
	said "sluice: /dev/null: no checksum line in it
sluice: 2 OK"
}

@test "-q and --quiet leave out what is OK" {
	for q in -q --quiet; do
		run -0 --separate-stderr sluice hash -c $q sums
		printed ""
		said ""
	done
	echo other >f
	run -1 --separate-stderr sluice hash -c --quiet sums
	printed "f: FAILED"
	said "sluice: 1 OK, 1 FAILED"
}

@test "--status says nothing but the exit code" {
	run -0 --separate-stderr sluice hash -c --status sums
	printed ""
	said ""
	echo other >f
	run -1 --separate-stderr sluice hash -c --status sums
	printed ""
	said ""
	run -1 --separate-stderr sluice hash -c --status /dev/null
	said ""
	echo junk >list
	run -1 --separate-stderr sluice hash -c --status list
	said ""
}

@test "-a says what lines are that do not" {
	sluice hash -a sha3-256 f >list
	run -1 sluice hash -c list
	run -0 sluice hash -c -a sha3-256 list
	b2sum f >list
	run -1 sluice hash -c list
	run -0 sluice hash -c -a blake2b512 list
	# A tag is an answer of its own.
	md5sum --tag f >list
	run -0 sluice hash -c -a sha256 list
	run -2 --separate-stderr sluice hash -c -a md5,sha1 sums
	said "sluice: -c takes one digest with -a"
	run -2 --separate-stderr sluice hash -c -a nosuch sums
}

@test "several lists are checked, and one that is not there is 3 or 9" {
	md5sum f >more
	run -0 --separate-stderr sluice hash -c sums more
	printed $'f: OK\ng: OK\nf: OK'
	said "sluice: 3 OK"
	run -3 --separate-stderr sluice hash -c none
	said "sluice: none: No such file or directory"
	run -9 --separate-stderr sluice hash -c none sums
	run -6 --separate-stderr sluice hash -c .
	echo other >f
	run -1 --separate-stderr sluice hash -c none sums
}

@test "- in a list is standard input, unless the list is" {
	sha256sum <g >list
	run -0 --separate-stderr sluice hash -c list <g
	printed "-: OK"
	run -1 --separate-stderr sluice hash -c <list
	said "sluice: standard input is the list, and not to be checked
sluice: 1 not read"
}

@test "a terminal is shown names without control characters" {
	echo hi >$'\x1b[2J'
	sha256sum $'\x1b[2J' >list
	run -0 terminal -- "$SLUICE" --color=never hash -c list
	[[ $output != *$'\x1b'* ]]
}

@test "what failed is red where there is colour" {
	echo other >f
	run -1 --separate-stderr sluice hash -c --color=always sums
	printed $'f: \e[31mFAILED\e[0m\ng: OK'
}

@test "a list of many files is checked in constant memory" {
	plain
	for i in {1..2000}; do echo "$i" >"n$i"; done
	sha256sum n* >list
	run -0 bash -c 'ulimit -v 100000; "$SLUICE" hash -q -c list'
}

@test "digests are no HMACs, which is said where there is a key" {
	echo key >key
	chmod 600 key
	sha256sum f g >list
	run -1 --separate-stderr sluice hash -c --hmac-key-file key list
	said "sluice: hint: judged by its length to be hmac-sha256; without \
--hmac-key-file it is a digest
sluice: 2 FAILED"
}

@test "a list of b2sum wants its name, which is said, and is whole with it" {
	b2sum f g >list
	run -1 --separate-stderr sluice hash -c list
	said "sluice: hint: judged by its length to be sha512; -a names another
sluice: 2 FAILED"
	run -0 --separate-stderr sluice hash -a blake2b512 -c list
	b2sum --tag f g >list
	run -0 --separate-stderr sluice hash -c list
	# Where some are right, those that failed have changed.
	sha256sum f g >list
	echo more >>g
	run -1 --separate-stderr sluice hash -c list
	said "sluice: 1 OK, 1 FAILED"
	sha256sum --tag g >list
	echo more >>g
	run -1 --separate-stderr sluice hash -c list
	said "sluice: 1 FAILED"
}

@test "a digest that nobody here knows is named" {
	b2sum -l 256 --tag f >list
	run -1 --separate-stderr sluice hash -c list
	said "sluice: list:1: unknown digest BLAKE2b-256
sluice: list: no checksum line in it
sluice: 1 not understood"
}

@test "ours are read by sha256sum, cksum and b2sum" {
	sluice hash f g | sha256sum -c --strict --quiet
	sluice hash --tag f g | sha256sum -c --strict --quiet
	sluice hash -a sha512,md5,blake2b512,sm3 f g | cksum -c --strict --quiet
	sluice hash -a blake2b512 f g | b2sum -c --strict --quiet
	mkdir -p t/a
	echo hi >$'t/a/new\nline'
	echo hi >'t/a/back\slash'
	sluice hash -r t | sha256sum -c --strict --quiet
}

@test "--no-extra reports the files of a folder that no list names" {
	mkdir -p t/a/b
	for name in one a/two a/b/three; do echo "$name" >"t/$name"; done
	sluice hash -r t >list
	run -0 --separate-stderr sluice hash -c --no-extra t list
	said "sluice: 3 OK"
	echo new >t/a/new
	ln -s new t/a/link
	echo new >$'t/a/b/odd\nname'
	run -1 --separate-stderr sluice hash -c --no-extra t list
	printed $'t/a/b/three: OK\nt/a/two: OK\nt/one: OK
\\t/a/b/odd\\nname: NOT LISTED\nt/a/new: NOT LISTED'
	said "sluice: 3 OK, 2 not listed"
	run -1 --separate-stderr sluice hash -c -q --no-extra=t/a list
	printed $'\\t/a/b/odd\\nname: NOT LISTED\nt/a/new: NOT LISTED'
	run -1 --separate-stderr sluice hash -c --status --no-extra t list
	printed ""
	said ""
	# Several lists are one.
	sluice hash t/a/new $'t/a/b/odd\nname' >more
	run -0 sluice hash -c --no-extra t list more
}

@test "--no-extra knows a file by any of its names, and the lists themselves" {
	mkdir -p t/a
	echo one >t/one
	echo two >t/a/two
	sha256sum t/a/../one "$PWD/t/a/two" >t/LIST
	ln -s t u
	for folder in t ./t t/ u "$PWD/t" t/a/..; do
		run -0 --separate-stderr sluice hash -c --no-extra "$folder" t/LIST
		said "sluice: 2 OK"
	done
	run -1 --separate-stderr sluice hash -c --no-extra t <t/LIST
	printed "t/a/../one: OK
$PWD/t/a/two: OK
t/LIST: NOT LISTED"
	# A file that is missing or differs is listed all the same.
	echo other >t/one
	rm t/a/two
	run -1 --separate-stderr sluice hash -c --no-extra t t/LIST
	[[ $stderr == *$'\nsluice: 1 FAILED, 1 not read' ]]
	run -1 --separate-stderr sluice hash -c --ignore-missing --no-extra t \
		t/LIST
	[[ $stderr == *$'\nsluice: 1 FAILED' ]]
}

@test "--no-extra wants a folder, and all of the lists" {
	run -9 --separate-stderr sluice hash -c --no-extra none sums
	said "sluice: none: No such file or directory
sluice: 2 OK"
	run -9 --separate-stderr sluice hash -c --no-extra f sums
	said "sluice: f: Not a directory
sluice: 2 OK"
	mkdir t
	echo new >t/new
	run -9 --separate-stderr sluice hash -c --no-extra t sums none
	said "sluice: none: No such file or directory
sluice: 2 OK"
	run -2 --separate-stderr sluice hash --no-extra t f
	said "sluice: --no-extra has no meaning without -c"
}
