# SPDX-License-Identifier: ISC
load ../helper
load cli

setup() {
	workplace
	printf 'milk, eggs' >f
	head -c 300000 /dev/urandom >g
	: >empty
}

@test "lines are those of sha256sum" {
	run -0 --separate-stderr sluice hash f g empty
	printed "$(sha256sum f g empty)"
	said ""
	sluice hash f g empty | sha256sum -c --strict
}

@test "each digest is what other programs make of the same file" {
	for a in md5 sha1 sha224 sha256 sha384 sha512; do
		run -0 sluice hash -a "$a" f g empty
		printed "$("${a}sum" f g empty)"
	done
	run -0 sluice hash -a blake2b512 g
	printed "$(b2sum g)"
	for a in sha3-256 sha3-512 sha512-256 ripemd160 sm3 blake2s256; do
		run -0 sluice hash -a "$a" g
		[ "${output%% *}" = "$(openssl dgst -r "-$a" g | cut -d' ' -f1)" ]
	done
}

@test "without FILE, or for -, it reads standard input" {
	run -0 sluice hash <g
	printed "$(sha256sum <g)"
	run -0 sluice hash f - <g
	printed "$(sha256sum f - <g)"
}

@test "what is long is digested alike from a file, a pipe and a list" {
	head -c 9000000 /dev/urandom >long
	run -0 sluice hash long g
	printed "$(sha256sum long g)"
	sluice hash long g | sluice hash -c
	run -0 sluice hash -a sha1,md5 - < <(cat long)
	printed "SHA1 (-) = $(sha1sum <long | cut -d' ' -f1)
MD5 (-) = $(md5sum <long | cut -d' ' -f1)"
}

@test "several digests are made in one reading, and their lines name them" {
	run -0 sluice hash -a sha256,md5 -a sha1 <g
	printed "SHA256 (-) = $(sha256sum <g | cut -d' ' -f1)
MD5 (-) = $(md5sum <g | cut -d' ' -f1)
SHA1 (-) = $(sha1sum <g | cut -d' ' -f1)"
}

@test "--tag makes the lines of BSD, which cksum reads" {
	run -0 sluice hash --tag f g
	printed "$(sha256sum --tag f g)"
	for a in md5 sha1 sha224 sha256 sha384 sha512 sm3; do
		run -0 sluice hash --tag -a "$a" f
		printed "$(cksum --tag -a "$a" f)"
	done
	run -0 sluice hash --tag -a blake2b512 f
	printed "$(b2sum --tag f)"
	sluice hash -a sha256,blake2b512,md5 f g | cksum -c --strict
}

@test "names with newlines, returns and backslashes are escaped as sha256sum does" {
	for name in $'a\nb' $'a\rb' 'a\b' $'\n' '\'; do
		echo hi >"$name"
		run -0 sluice hash -- "$name"
		printed "$(sha256sum -- "$name")"
		run -0 sluice hash --tag -- "$name"
		printed "$(sha256sum --tag -- "$name")"
		sluice hash -- "$name" | sha256sum -c --strict --status
	done
}

@test "names of any bytes are printed as they are" {
	for name in "a b" ' *' "ü" $'inv\xff' $'\x1b[2J' "a  b"; do
		echo hi >"$name"
		sluice hash "$name" | cmp - <(sha256sum "$name")
	done
}

@test "a terminal is shown names without control characters" {
	echo hi >$'\x1b[2J'
	run -0 terminal -- "$SLUICE" hash $'\x1b[2J'
	[[ $output != *$'\x1b'* ]]
	[[ $output == *'\\x1b[2J'* ]]
}

@test "-z ends lines with NUL and escapes no name" {
	echo hi >$'a\nb'
	sluice hash -z $'a\nb' f | cmp - <(sha256sum -z $'a\nb' f)
	sluice hash --zero --tag f | cmp - <(sha256sum -z --tag f)
}

@test "--raw is the bytes of the digest" {
	sluice hash --raw g | cmp - <(openssl dgst -sha256 -binary g)
	sluice hash --raw -a shake256 -l 4096 g |
		cmp - <(openssl dgst -shake256 -xoflen 512 -binary g)
}

@test "--raw is for one digest of one file, and no terminal" {
	run -2 --separate-stderr sluice hash --raw f g
	said "sluice: --raw is for one digest of one file"
	run -2 --separate-stderr sluice hash --raw -a md5,sha1 f
	said "sluice: --raw is for one digest of one file"
	mkdir d
	run -2 --separate-stderr sluice hash --raw -r d
	said "sluice: --raw is for one digest of one file"
	run -6 terminal -- "$SLUICE" --color=never hash --raw f
	[ "$output" = $'sluice: refusing to write binary data to the terminal\r
sluice: hint: use --base64, or write it to a file or a pipe\r' ]
}

@test "--base64 writes digests in base64" {
	want=$(openssl dgst -sha256 -binary g | base64 -w0)
	run -0 sluice hash --base64 g
	printed "$want  g"
	run -0 sluice hash --base64 --tag g
	printed "SHA256 (g) = $want"
}

@test "-l sets the length of shake128 and shake256" {
	for bits in 8 128 256 1000 524288; do
		run -0 sluice hash -a shake128 -l "$bits" g
		printed "$(openssl dgst -r -shake128 -xoflen $((bits / 8)) g |
			cut -d' ' -f1)  g"
	done
	run -0 sluice hash -a shake256,shake128 -l 16 f
	[ ${#lines[@]} = 2 ]
}

@test "without -l the length of shake keeps its full strength" {
	run -0 sluice hash -a shake128 f
	printed "$(openssl dgst -r -shake128 -xoflen 32 f | cut -d' ' -f1)  f"
	run -0 sluice hash -a shake256 f
	printed "$(openssl dgst -r -shake256 -xoflen 64 f | cut -d' ' -f1)  f"
}

@test "-l wants whole bytes, and a digest whose length is free" {
	run -2 --separate-stderr sluice hash -a shake128 -l 12 f
	[[ $stderr == "sluice: --length: 12 bits are no whole bytes"* ]]
	run -2 --separate-stderr sluice hash -l 128 f
	said "sluice: the length of sha256 is fixed; that of shake128 and shake256 is not"
	for n in 0 524296 x; do
		run -2 --separate-stderr sluice hash -a shake128 -l "$n" f
		[[ $stderr == "sluice: --length: '$n' is not a number from 8 to 524288"* ]]
	done
}

@test "-a list lists every digest, and each of them works" {
	run -0 --separate-stderr sluice hash -a list
	[[ $'\n'$output$'\n' == *$'\nsha256\n'* ]]
	[[ $'\n'$output$'\n' == *$'\ncrc32\n'* ]]
	[ "$output" = "$(LC_ALL=C sort -u <<<"$output")" ]
	for a in $output; do
		sluice hash -a "$a" f >/dev/null
	done
}

@test "an unknown digest with a very long name is named, in short" {
	for n in 64 65 100 100000; do
		name=$(head -c $n /dev/zero | tr '\0' x)
		for words in "hash -a $name f" "hash -a md5,$name f" \
			"pipe hash=$name" "pipe hash=$name:out"; do
			# shellcheck disable=SC2086
			run -2 --separate-stderr sluice $words </dev/null
			[[ $stderr == "sluice: unknown digest 'xxxxxxxxxxxxxxxxxxxx"* ]]
			[[ $stderr == *"hint: sluice hash -a list names them all"* ]]
			[ ${#stderr} -lt 200 ]
		done
	done
}

@test "an unknown digest is named, with a near one" {
	run -2 --separate-stderr sluice hash -a sha255 f
	said "sluice: unknown digest 'sha255'; did you mean 'sha256'?
sluice: hint: sluice hash -a list names them all"
	for list in "" , sha256, ,sha256 "sha256,,md5" xyzzy; do
		run -2 --separate-stderr sluice hash -a "$list" f
		[[ $stderr == "sluice: unknown digest"* ]]
		printed ""
	done
}

@test "crc32 is no digest for an HMAC, which is said" {
	echo key >k
	chmod 600 k
	run -2 --separate-stderr sluice hash --hmac-key-file k -a crc32 f
	[[ $stderr == "sluice: HMAC takes a digest, and crc32 is none"* ]]
	printed ""
}

@test "names of digests may be written as others write them" {
	[ "$(sluice hash -a CRC-32 f)" = "$(sluice hash -a crc32 f)" ]
	for a in SHA256 SHA-256 SHA2-256 sha256; do
		run -0 sluice hash -a "$a" f
		printed "$(sha256sum f)"
	done
}

@test "a file that is not there is 3, a directory 6, some of several 9" {
	mkdir d
	run -3 --separate-stderr sluice hash none
	said "sluice: none: No such file or directory"
	printed ""
	run -6 --separate-stderr sluice hash d
	said "sluice: d: is a directory"
	run -9 --separate-stderr sluice hash f none g
	said "sluice: none: No such file or directory"
	printed "$(sha256sum f g)"
	run -9 sluice hash none d
}

@test "options of checking have no meaning without -c, those of printing none with it" {
	for option in --no-strict --status --ignore-missing --warn; do
		run -2 --separate-stderr sluice hash "$option" f
		said "sluice: $option has no meaning without -c"
	done
	for option in --tag --raw --base64 --sri --json --tee \
		--recursive "--files0-from x" "--length 8"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice hash -c $option f
		said "sluice: ${option% *} has no meaning with -c"
	done
}

@test "a FIFO and a device are read" {
	mkfifo p
	cat g >p &
	run -0 sluice hash p
	printed "$(sha256sum <g | sed 's/-$/p/')"
	wait
	run -0 sluice hash /dev/null
	printed "$(sha256sum /dev/null)"
}

@test "--raw is for bytes, and refuses what is for lines" {
	for option in --tag --base64 -z --sri --json --tee; do
		run -2 --separate-stderr sluice hash --raw "$option" f
		said "sluice: --raw is bytes only: leave out --tag, --base64, --sri, --json, --tee and -z"
		printed ""
	done
}

@test "--sri writes digests as HTML has them, sha256, sha384 and sha512" {
	for n in 256 384 512; do
		run -0 sluice hash --sri -a "sha$n" g
		printed "sha$n-$(openssl dgst "-sha$n" -binary g |
			base64 -w0)  g"
	done
	run -0 sluice hash --sri -a sha384,sha512 f
	printed "sha384-$(openssl dgst -sha384 -binary f | base64 -w0)  f
sha512-$(openssl dgst -sha512 -binary f | base64 -w0)  f"
	run -2 --separate-stderr sluice hash --sri -a sha256,md5 f
	said "sluice: --sri is of sha256, sha384 and sha512, not of md5"
	printed ""
	for option in --tag --base64 --json; do
		run -2 --separate-stderr sluice hash --sri $option f
		said "sluice: --sri is a form of its own: leave out --tag, --base64 and --json"
	done
}

# What a program of Python, with arguments, says of the JSON in standard input.
of_json() {
	/usr/bin/python3 -c "import json, sys
all = json.load(sys.stdin)
$1" "${@:2}"
}

@test "--json is an array with name, size and digests of each file" {
	run -0 --separate-stderr sluice hash --json -a sha256,md5 f g
	said ""
	[ "$(of_json 'for file in all:
	print(file["digests"]["sha256"], "", file["name"])' <<<"$output")" = \
		"$(sha256sum f g)" ]
	[ "$(of_json 'for file in all:
	print(file["digests"]["md5"], "", file["name"])' <<<"$output")" = \
		"$(md5sum f g)" ]
	[ "$(of_json 'print([file["size"] for file in all])' <<<"$output")" = \
		"[10, 300000]" ]
	run -0 sluice hash --json --base64 f
	printed "[
{\"name\": \"f\", \"size\": 10, \"digests\": {\"sha256\": \"$(
		openssl dgst -sha256 -binary f | base64 -w0)\"}}
]"
	run -9 --separate-stderr sluice hash --json f none g
	of_json 'assert [file["name"] for file in all] == ["f", "g"]' \
		<<<"$output"
	run -3 --separate-stderr sluice hash --json none
	printed "[]"
	for option in --tag -z; do
		run -2 --separate-stderr sluice hash --json $option f
		said "sluice: --json is a form of its own: leave out --tag and -z"
	done
}

@test "--json tells names of any bytes, as text and, if they are none, exactly" {
	for name in 'a"b' 'a\b' $'a\nb' $'\x1b\x7f' "ü€😀" $'\xc2\x85'; do
		echo hi >"$name"
		sluice hash --json "$name" >out
		of_json 'assert all[0]["name"] == sys.argv[1]
assert "name_base64" not in all[0]' "$name" <out
		run -1 grep -a -q '[^ -~]' out
	done
	echo hi >$'a\xffb'
	sluice hash --json $'a\xffb' | of_json 'import base64
assert all[0]["name"] == "a\ufffdb"
assert base64.b64decode(all[0]["name_base64"]) == b"a\xffb"'
}

@test "--tee copies the file to standard output, digests go to standard error" {
	sluice hash --tee g >out 2>said
	cmp out g
	cmp said <(sha256sum g)
	sluice hash --tee -a sha1,blake2b512 <g >out 2>said
	cmp out g
	[ "$(cat said)" = "SHA1 (-) = $(sha1sum <g | cut -d' ' -f1)
BLAKE2b (-) = $(b2sum <g | cut -d' ' -f1)" ]
	head -c 9000000 /dev/urandom >long
	for a in sha256 sha256,sha512,md5; do
		sluice hash --tee -a $a long 2>said | cmp - long
		cmp said <(sluice hash -a $a long)
	done
	sluice hash --tee --json f 2>said | cmp - f
	of_json 'assert all[0]["size"] == 10' <said
}

@test "--tee is for one file, which is not the output" {
	run -2 --separate-stderr sluice hash --tee f g
	said "sluice: --tee is for one file"
	run -2 --separate-stderr sluice hash --tee -r .
	said "sluice: --tee is for one file"
	cp g h
	run -6 --separate-stderr bash -c '"$SLUICE" hash --tee h >>h'
	[[ $stderr == *"same file"* ]]
	cmp g h
	run -3 --separate-stderr sluice hash --tee none
	said "sluice: none: No such file or directory"
}

@test "--tee writes no binary data to a terminal, and says no digest of it" {
	run -6 terminal -- "$SLUICE" --color=never hash --tee g
	[[ $output == *"sluice: refusing to write binary data to the terminal"* ]]
	[[ $output == *"hint: write it to a file or a pipe"* ]]
	[[ $output != *"$(sha256sum <g | cut -d' ' -f1)"* ]]
	run -0 terminal -- "$SLUICE" --color=never hash --tee f
	[[ $output == "milk, eggs"*"$(sha256sum f)"* ]]
}

@test "a disk that is full is 3, with --tee and without" {
	[ -w /dev/full ] || skip "no /dev/full"
	run -3 --separate-stderr bash -c '"$SLUICE" hash --tee g >/dev/full'
	said "sluice: standard output: No space left on device"
	run -3 --separate-stderr bash -c '"$SLUICE" hash g >/dev/full'
	said "sluice: standard output: No space left on device"
}
