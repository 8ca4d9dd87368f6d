# SPDX-License-Identifier: ISC
load ../helper
load cli

setup() {
	workplace
	printf 'milk, eggs' >f
	head -c 300000 /dev/urandom >g
	(umask 077 && : >empty)
	(umask 077 && printf 'Jefe' >key && printf 'other' >wrong)
}

# The HMAC that OpenSSL makes of a file, with the text "Jefe" as the key.
hmac() {
	openssl dgst -r "-$1" -hmac Jefe "$2" | cut -d' ' -f1
}

@test "--hmac-key-file makes HMACs, as OpenSSL does" {
	printf 'what do ya want for nothing?' >q
	run -0 --separate-stderr sluice hash --hmac-key-file key q
	printed "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843  q"
	said ""
	for a in md5 sha1 sha224 sha384 sha512 sha3-256 sha512-256 blake2b512; do
		for file in f g empty; do
			run -0 sluice hash --hmac-key-file key -a "$a" "$file"
			printed "$(hmac "$a" "$file")  $file"
		done
	done
}

@test "several HMACs of one file are named as what they are" {
	for threads in 1 2; do
		run -0 sluice hash -j $threads --hmac-key-file key -a sha256,sha1 g
		printed "HMAC-SHA256 (g) = $(hmac sha256 g)
HMAC-SHA1 (g) = $(hmac sha1 g)"
	done
	run -0 sluice hash --hmac-key-file key --json f
	[[ $output == *"\"hmac-sha256\": \"$(hmac sha256 f)\""* ]]
}

@test "HMACs of many files, and of a folder, are those of each" {
	mkdir d
	for i in 1 2 3 4 5 6 7 8 9; do
		echo $i >d/$i
	done
	want=$(for i in d/*; do
		echo "$(hmac sha256 "$i")  $i"
	done)
	run -0 sluice hash -j 2 --hmac-key-file key d/*
	printed "$want"
	run -0 sluice hash -r --hmac-key-file key d
	printed "$want"
}

@test "the key is all bytes of its file, or of standard input" {
	(umask 077 && printf 'a\0b\n' >binary)
	want=$(openssl dgst -r -sha256 -mac HMAC -macopt hexkey:6100620a f | cut -d' ' -f1)
	run -0 sluice hash --hmac-key-file binary f
	printed "$want  f"
	run -0 sluice hash --hmac-key-file - f <binary
	printed "$want  f"
}

@test "standard input is not both the data and the key" {
	for operands in "" "-" "f -" "-c" "--files0-from -"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice hash --hmac-key-file - $operands <key
		said "sluice: standard input cannot be both the data and the key"
	done
}

@test "a key that is empty, too long, missing or open to others is told of" {
	run -2 --separate-stderr sluice hash --hmac-key-file empty f
	said "sluice: empty: the key is empty"
	(umask 077 && head -c 1048577 /dev/zero >long)
	run -2 --separate-stderr sluice hash --hmac-key-file long f
	said "sluice: long: a key of more than 1048576 bytes"
	truncate -s 1048576 long
	run -0 --separate-stderr sluice hash --hmac-key-file long f
	said ""
	run -3 --separate-stderr sluice hash --hmac-key-file none f
	said "sluice: none: No such file or directory"
	run -6 sluice hash --hmac-key-file . f
	chmod 644 key
	run -0 --separate-stderr sluice hash --hmac-key-file key f
	[[ $stderr == *"key: others can read it"* ]]
}

@test "-l has no meaning for HMACs, nor has a digest of any length" {
	run -2 --separate-stderr sluice hash --hmac-key-file key -l 128 f
	[[ $stderr == "sluice: the length of hmac-sha256 is fixed"* ]]
	run -2 --separate-stderr sluice hash --hmac-key-file key -a shake128 f
	[[ $stderr == "sluice: HMAC needs a digest of a fixed size, which shake128 is not"* ]]
	run -2 --separate-stderr sluice hash --hmac-key-file key -a sha265 f
	[[ $stderr == "sluice: unknown digest 'sha265'; did you mean 'sha256'?"* ]]
}

@test "-c checks lists of HMACs: ours, and those of OpenSSL 1.1 and 3" {
	sluice hash --hmac-key-file key f g empty >plain
	sluice hash --hmac-key-file key --tag -a sha512 f g >tagged
	openssl dgst -sha256 -hmac Jefe f g >openssl3
	sed 's/SHA2-/SHA/' openssl3 >openssl1
	for list in plain tagged openssl3 openssl1; do
		run -0 --separate-stderr sluice hash -c --hmac-key-file key $list
		[[ $output == "f: OK"* ]]
		run -1 sluice hash -c --hmac-key-file wrong $list
		[[ $output == *"f: FAILED"* ]]
		# Without the key they are no digests of these files.
		run -1 sluice hash -c $list
	done
	cat plain tagged openssl3 openssl1 >all
	run -0 sluice hash -c --hmac-key-file key all
}

@test "with a key, a digest without one proves nothing" {
	sluice hash --tag f >list
	run -1 --separate-stderr sluice hash -c --hmac-key-file key list
	[[ $stderr == "sluice: list:1: no HMAC with a digest we know: SHA256"* ]]
	sluice hash f >list
	run -1 sluice hash -c --hmac-key-file key list
	[[ $output == *"f: FAILED"* ]]
}
