# SPDX-License-Identifier: ISC
load ../helper
load cli

setup() {
	workplace
	{ seq 20000; head -c 100000 /dev/urandom; } >f
}
pipe() {
	sluice pipe "$@"
}
sealing() {
	sluice pipe --passphrase-env SECRET --work-factor 10 "$@"
}
opening() {
	sluice pipe --passphrase-env SECRET "$@"
}

@test "gzip and gunzip talk with gzip(1)" {
	pipe gzip <f | gzip -d | cmp - f
	gzip <f | pipe gunzip | cmp - f
	{ gzip <f; gzip <f; } | pipe gunzip | cmp - <(cat f f)
	for level in 1 9; do
		pipe gzip=$level <f >$level.gz
		gzip -d <$level.gz | cmp - f
	done
	# The header tells (RFC 1952, XFL).
	[ "$(od -An -tu1 -j8 -N1 9.gz)" -eq 2 ]
	[ "$(od -An -tu1 -j8 -N1 1.gz)" -eq 4 ]
}

@test "one processor compresses as several do, for whoever decompresses" {
	seq 300000 >big
	one=$(taskset -cp $$ | sed 's/.*[ ,-]//')
	for stage in gzip zlib; do
		pipe $stage <big >big.$stage
		taskset -c "$one" "$SLUICE" pipe $stage <big | cmp - big.$stage
	done
	pipe gunzip <big.gzip | cmp - big
	pipe unzlib <big.zlib | cmp - big
	gzip -t <big.gzip
	pigz -t <big.gzip
	for packed in big.gzip big.zlib; do
		python3 -c 'import sys, zlib
stream = zlib.decompressobj(47)
sys.stdout.buffer.write(stream.decompress(sys.stdin.buffer.read()))
sys.exit(not stream.eof or len(stream.unused_data))' <$packed | cmp - big
	done
}

@test "zlib and unzlib talk with Python's" {
	pipe zlib <f | python3 -c 'import sys, zlib
sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read()))' | cmp - f
	python3 -c 'import sys, zlib
sys.stdout.buffer.write(zlib.compress(sys.stdin.buffer.read(), 1))' <f |
		pipe unzlib | cmp - f
}

@test "armor and dearmor go around what is sealed, and unseal needs no dearmor" {
	sealing seal armor <f >text
	head -1 text | grep -x -- '-----BEGIN AGE ENCRYPTED FILE-----'
	[ "$(sed '1d;$d' text | head -1 | wc -c)" -eq 65 ]
	opening dearmor unseal <text | cmp - f
	opening unseal <text | cmp - f
	pipe dearmor <text | unseal | cmp - f
	echo hi | pipe armor | pipe dearmor | grep -x hi
	run -5 --separate-stderr pipe dearmor <f
	said "sluice: dearmor: not an age file in armor"
	{ head -c 2000 /dev/zero | tr '\0' '\n'; cat text; } >blanks
	run -5 --separate-stderr pipe dearmor <blanks
	said "sluice: dearmor: more than 1024 bytes of white space"
}

@test "base64 and unbase64 talk with base64(1)" {
	pipe base64 <f | cmp - <(base64 f)
	pipe base64=64 <f | cmp - <(base64 -w 64 f)
	pipe base64=0 <f | cmp - <(base64 -w 0 f)
	base64 f | pipe unbase64 | cmp - f
	base64 -w 0 f | pipe unbase64 | cmp - f
}

@test "seal and unseal talk with sluice seal and unseal" {
	sealing seal <f | unseal | cmp - f
	seal <f | opening unseal | cmp - f
}

@test "stages follow each other from left to right, and undo each other" {
	sealing gzip seal base64 <f >x
	base64 -d x | unseal | gzip -d | cmp - f
	opening unbase64 unseal gunzip <x | cmp - f
	all=(gzip zlib base64 seal zlib=9 base64=0 gzip=1)
	back=(gunzip unbase64 unzlib unseal unbase64 unzlib gunzip)
	sealing "${all[@]}" <f | opening "${back[@]}" | cmp - f
	sealing "${all[@]}" "${back[@]}" <f | cmp - f
}

@test "an empty stream goes through all stages" {
	sealing gzip zlib base64 seal </dev/null >x
	opening unseal unbase64 unzlib gunzip <x | cmp - /dev/null
	pipe gzip </dev/null | gzip -d | cmp - /dev/null
}

@test "count prints how many bytes pass its place" {
	run -0 --separate-stderr sh -c '"$SLUICE" pipe count gzip count <f >x'
	said "sluice: stage 1: $(stat -c %s f) bytes
sluice: stage 3: $(stat -c %s x) bytes"
	run -0 --separate-stderr sh -c '"$SLUICE" pipe -q count </dev/null'
	said "sluice: stage 1: 0 bytes"
}

@test "hash prints the digest of what passes its place" {
	run -0 --separate-stderr sh -c \
		'"$SLUICE" pipe hash=sha256 gzip hash=md5 <f >x'
	said "$(sha256sum <f)
$(md5sum <x)"
}

@test "hash writes a line to its file, with the name of the file that it is of" {
	pipe hash=sha256:f.sum tee=copy gzip hash=sha512:x.sum \
		base64 hash=md5:y.sum -o y <f
	[ "$(cat f.sum)" = "$(sha256sum copy)" ]
	sha256sum -c --status f.sum
	md5sum -c --status y.sum
	[ "$(cat x.sum)" = "$(pipe gzip <f | sha512sum)" ]
	holds copy f f.sum x.sum y y.sum
}

@test "tee writes what passes its place to a file" {
	pipe tee=a gzip tee=b base64 -o c <f
	cmp a f
	gzip -d <b | cmp - f
	base64 -d <c | cmp - b
	holds a b c f
}

@test "-o names the output, which is standard output without it" {
	pipe gzip -o x <f
	pipe gzip -o - <f | cmp - x
	pipe gzip <f | cmp - x
}

@test "a failing stage leaves no file at all, and is named" {
	gzip <f >x.gz
	size=$(stat -c %s x.gz)
	head -c $((size - 4)) x.gz >cut
	run -5 --separate-stderr sh -c '"$SLUICE" pipe tee=a gunzip tee=b \
		hash=sha256:s base64 hash=md5 count -o y <cut'
	[[ $stderr == "sluice: gunzip: "* ]]
	[ "$(wc -l <<<"$stderr")" = 1 ]
	holds cut f x.gz
	echo '####' >junk
	run -5 --separate-stderr sh -c '"$SLUICE" pipe tee=a unbase64 gzip -o y <junk'
	[[ $stderr == "sluice: unbase64: "* ]]
	rm junk
	seal <f >sealed
	truncate -s -1 sealed
	run -5 --separate-stderr sh -c '"$SLUICE" pipe unseal gzip base64 -o y \
		--passphrase-env SECRET <sealed'
	[[ $stderr == "sluice: unseal: damaged, cut short or added to at byte "* ]]
	run -4 --separate-stderr sh -c 'SECRET=x "$SLUICE" pipe unseal gzip -o y \
		--passphrase-env SECRET <sealed'
	said "sluice: unseal: wrong passphrase"
	holds cut f sealed x.gz
}

@test "each fault of a compressed stream is its own" {
	gzip <f >x.gz
	head -c 1000 x.gz | run -5 --separate-stderr pipe gunzip
	{ cat x.gz; echo junk; } | {
		run -5 --separate-stderr pipe gunzip
		[[ $stderr == "sluice: gunzip: "*"after the end"* ]]
	}
	echo hello | {
		run -5 --separate-stderr pipe gunzip
		[[ $stderr == "sluice: gunzip: "* ]]
	}
}

@test "what grows too much is refused, with how to allow it" {
	head -c 100000000 /dev/zero | gzip >zeros.gz
	run -5 --separate-stderr sh -c '"$SLUICE" pipe gunzip -o y <zeros.gz'
	said "sluice: gunzip: more than 250 bytes for each one read
sluice: hint: gunzip=RATIO lets more pass, and gunzip=1032 any amount"
	holds f zeros.gz
	[ "$(pipe gunzip=1032 <zeros.gz | wc -c)" = 100000000 ]
	run -5 --separate-stderr sh -c '"$SLUICE" pipe gunzip=2 <zeros.gz >/dev/null'
	[[ $stderr == "sluice: gunzip=2: more than 2 bytes for each one read"* ]]
}

@test "a disk that is full leaves no file at all" {
	small_disk 64
	run -3 --separate-stderr sh -c \
		'"$SLUICE" pipe tee=small/a hash=sha256:s gzip -o y <f'
	[[ $stderr == "sluice: small/a: No space left on device" ]]
	[ -z "$(ls -A small)" ]
	run -3 --separate-stderr sh -c '"$SLUICE" pipe tee=a hash=md5:s \
		base64 -o small/y <f'
	said "sluice: small/y: No space left on device"
	[ -z "$(ls -A small)" ]
	holds f small
	head -c 65536 /dev/zero >small/full || true
	run -3 --separate-stderr sh -c '"$SLUICE" pipe tee=a \
		hash=sha256:small/s gzip -o y <f'
	holds f small small/full
}

@test "an unknown stage is named, with a near one" {
	run -2 --separate-stderr pipe gzap </dev/null
	said "sluice: unknown stage 'gzap'; did you mean 'gzip'?"
	run -2 --separate-stderr pipe gzip xyzzy=3 </dev/null
	said "sluice: unknown stage 'xyzzy'"
	run -2 --separate-stderr pipe
	said "sluice: no stage is given"
	run -2 pipe "" </dev/null
	run -2 pipe = </dev/null
}

@test "the values of stages are looked at before anything is done" {
	while read -r stage words; do
		run -2 --separate-stderr pipe tee=a "$stage" </dev/null
		[[ $stderr == "sluice: $words"* ]]
	done <<'E'
gzip=0 gzip: '0' is not a number from 1 to 9
gzip=10 gzip: '10' is not a number from 1 to 9
zlib= zlib: '' is not a number from 1 to 9
gunzip=1033 gunzip: '1033' is not a number from 1 to 1032
unzlib=0 unzlib: '0' is not a number from 1 to 1032
base64=x base64: 'x' is not a number from 0 to 1000000
unbase64=1 stage unbase64 takes no value
seal=x stage seal takes no value
unseal=x stage unseal takes no value
count=1 stage count takes no value
tee stage tee needs a value: tee=FILE
tee= stage tee needs a value: tee=FILE
hash stage hash needs a value: hash=sha256
hash= stage hash needs a value: hash=sha256
hash=sha255 unknown digest 'sha255'; did you mean 'sha256'?
hash=sha256: hash=sha256:: names no file
hash=:x unknown digest
E
	holds f
	run -2 --separate-stderr pipe $(printf 'count %.0s' {1..33}) </dev/null
	said "sluice: more than 32 stages"
	pipe -q $(printf 'count %.0s' {1..32}) </dev/null 2>&1
}

@test "files that exist are refused before anything is read, unless -f" {
	for words in "tee=old" "hash=md5:old" "gzip -o old" \
		"tee=new tee=old" "hash=md5:new tee=old"; do
		echo old >old
		# shellcheck disable=SC2086
		run -6 --separate-stderr pipe $words </dev/null
		said "sluice: old: already exists (use -f to overwrite)"
		[ "$(cat old)" = old ]
		holds f old
		# shellcheck disable=SC2086
		sluice pipe -f $words </dev/null
		rm -f new old
	done
}

@test "one file is not written twice, nor is the input" {
	for words in "tee=x tee=x" "tee=x -o x" "hash=md5:x tee=x"; do
		# shellcheck disable=SC2086
		run -6 --separate-stderr pipe -f $words </dev/null
		said "sluice: x: would be written twice"
	done
	ln f g
	for words in "tee=g" "gzip -o f" "hash=md5:g"; do
		# shellcheck disable=SC2086
		run -6 --separate-stderr pipe -f $words <f
		[[ $stderr == *": input and output are the same file" ]]
	done
	holds f g
}

@test "one file is not written twice, whatever names it has" {
	ln -s t4 l4
	mkdir d
	ln -s ../d d/d
	for words in "tee=./A gzip -o A" "tee=A gzip -o d/../A" "tee=l4 tee=t4" \
		"tee=t4 hash=md5:l4" "tee=s1 hash=md5:./s1" "tee=d/x gzip -o d/d/x"; do
		for f in "" -f; do
			# shellcheck disable=SC2086
			run -6 --separate-stderr pipe $f $words <f
			[[ $stderr =~ ^"sluice: "[^:]*": "("would be written twice"|"already exists"[^:]*)$ ]]
			holds d d/d f l4
		done
	done
	echo old >t4
	run -6 --separate-stderr pipe -f tee=l4 tee=t4 <f
	said "sluice: t4: would be written twice"
	[ "$(cat t4)" = old ]
}

@test "what standard output is sent to is written once, too" {
	run -6 --separate-stderr sh -c '"$SLUICE" pipe hash=md5:s1 -f >s1 <f'
	said "sluice: standard output: would be written twice"
	[ ! -s s1 ]
	run -6 --separate-stderr sh -c '"$SLUICE" pipe tee=/dev/stdout -f >>s1 <f'
	said "sluice: standard output: would be written twice"
	# A device is no store.
	pipe tee=/dev/null hash=md5:/dev/null -o /dev/null <f
}

@test "compressed or sealed bytes are not sent to a terminal" {
	for stages in gzip zlib seal "base64 gzip" "gzip count"; do
		run -6 terminal -- sh -c '"$SLUICE" --color=never pipe '"$stages <f"
		[[ $output == "sluice: refusing to write binary data to the terminal"* ]]
	done
	run -0 terminal -- sh -c 'echo hi | "$SLUICE" pipe gzip base64 unbase64 gunzip'
	[ "$output" = $'hi\r' ]
	run -6 terminal -- sh -c 'gzip <f | "$SLUICE" --color=never pipe gunzip'
	run -0 terminal -- sh -c '"$SLUICE" pipe gzip -o - </dev/null'
}

@test "one passphrase serves all stages; it is asked for as seal does" {
	run -0 terminal "passphrase: " horse "again: " horse -- \
		sh -c '"$SLUICE" pipe --work-factor 10 seal <f >x'
	run -0 terminal "passphrase: " horse -- \
		sh -c '"$SLUICE" pipe --work-factor 10 unseal gzip seal <x >y'
	P=horse sluice pipe unseal gunzip --passphrase-env P <y | cmp - f
	run -0 --separate-stderr sh -c '"$SLUICE" pipe -g --work-factor 10 seal <f >z'
	words=$(sed -n 's/^passphrase: //p' <<<"$stderr")
	P=$words sluice pipe unseal --passphrase-env P <z | cmp - f
}

# A key in k and k.pub, and another one in l and l.pub.
keys() {
	for name in k l; do
		sluice key new -q -o $name
		sluice key public -o $name.pub $name
	done
}

@test "stages seal for keys and open with them, as the commands do" {
	keys
	pipe -r "$(cat k.pub)" gzip seal -R l.pub <f >x
	for name in k l; do
		pipe -i $name unseal gunzip <x | cmp - f
		sluice unseal -i $name <x | gunzip | cmp - f
	done
	sluice seal -R k.pub <f | pipe unseal --identity=k | cmp - f
	sluice key new -q -o other
	run -4 --separate-stderr sh -c '"$SLUICE" pipe -i other unseal <x'
	said "sluice: unseal: is sealed for: X25519; no key that is given opens it"
	run -4 --separate-stderr sh -c '"$SLUICE" pipe unseal <x'
	said "sluice: unseal: is sealed for: X25519
sluice: hint: -i FILE opens it with the secret key in FILE"
}

@test "what a passphrase sealed is sealed for keys in one go, and back" {
	keys
	sealing seal <f >x
	opening unseal seal -R k.pub <x >y
	run -4 sh -c '"$SLUICE" pipe --passphrase-env SECRET unseal <y'
	pipe unseal -i k <y | cmp - f
	sealing -i k unseal seal <y >z
	opening unseal <z | cmp - f
	# A new one is typed twice, and may be made.
	run -0 terminal "passphrase: " horse "again: " horse -- \
		sh -c '"$SLUICE" pipe --work-factor 10 -i k unseal seal <y >z'
	P=horse sluice pipe --passphrase-env P unseal <z | cmp - f
	pipe -g --work-factor 10 -i k unseal seal <y >z 2>said
	P=$(sed -n 's/^passphrase: //p' said) pipe --passphrase-env P unseal \
		<z | cmp - f
}

@test "keys that are sealed themselves, and nobody asked for what is not needed" {
	keys
	seal -o k.age k
	pipe -R k.pub seal <f >x
	run -0 terminal "passphrase for k.age: " secret -- \
		sh -c '"$SLUICE" pipe -i k.age unseal <x >y'
	cmp y f
	run -0 terminal -- sh -c '"$SLUICE" pipe -i k.age -i k unseal <x >y'
	[[ $output != *passphrase* ]]
	run -5 --separate-stderr pipe unseal <f
	said "sluice: unseal: not an age file"
	run -2 --separate-stderr sh -c 'seq 3 | "$SLUICE" pipe \
		--passphrase-env SECRET --work-factor 10 seal | \
		setsid -w "$SLUICE" pipe unseal'
	[[ $stderr == "sluice: no terminal to ask for a passphrase"* ]]
}

@test "options for keys that make no sense are refused" {
	keys
	run -2 --separate-stderr pipe gzip -R k.pub <f
	said "sluice: -r and -R are for stage seal"
	run -2 --separate-stderr pipe seal -i k -R k.pub <f
	said "sluice: -i is for stage unseal"
	run -2 --separate-stderr pipe seal -R k.pub --passphrase-env SECRET <f
	said "sluice: a file is sealed for keys or with a passphrase, not both"
	run -2 --separate-stderr pipe seal -R k.pub -p <f
	said "sluice: a file is sealed for keys or with a passphrase, not both"
	run -2 --separate-stderr pipe seal -R k.pub --work-factor 10 <f
	said "sluice: --work-factor is for a passphrase"
	run -2 --separate-stderr pipe seal -R - <k.pub
	said "sluice: standard input cannot be both the data and the keys"
	run -2 --separate-stderr pipe unseal -i - <k
	said "sluice: standard input cannot be both the data and the keys"
	run -6 --separate-stderr pipe seal -R k.pub -f -o k.pub <f
	said "sluice: k.pub: the output would overwrite a file of keys"
	run -2 --separate-stderr pipe seal -r bob <f
	said "sluice: -r: not a public key: those begin with age1 or ssh-"
}

@test "passphrase options that make no sense are refused" {
	run -2 --separate-stderr pipe gzip --passphrase-env SECRET </dev/null
	said "sluice: none of the stages takes a passphrase"
	run -2 --separate-stderr pipe unseal -g </dev/null
	said "sluice: stage unseal needs the passphrase that there is"
	run -2 --separate-stderr pipe seal </dev/null
	[[ $stderr == "sluice: no terminal to ask for a passphrase"* ]]
	run -5 --separate-stderr sh -c '"$SLUICE" pipe seal --work-factor 12 \
		--passphrase-env SECRET <f | "$SLUICE" pipe unseal \
		--max-work-factor 11 --passphrase-env SECRET'
	said "sluice: unseal: work factor 12 needs 4 MiB of memory; limit is 11
sluice: hint: allow it with --max-work-factor 12"
}

@test "what is outside a seal is its owner's alone, the rest obeys the umask" {
	umask 022
	mode() { stat -c %a "$@" | paste -sd' '; }
	sealing tee=a gzip tee=b seal tee=c base64 -o d <f
	[ "$(mode a b c d)" = "600 600 644 644" ]
	opening tee=e unseal tee=g gunzip -o h <c
	[ "$(mode e g h)" = "644 600 600" ]
	pipe gzip tee=i -o j <f
	[ "$(mode i j)" = "644 644" ]
}

@test "the input is read once and as it comes" {
	mkfifo in
	pipe base64=4 <in >got &
	exec 8>in
	printf 'abc' >&8
	sleep 0.2
	printf 'def' >&8
	exec 8>&-
	wait
	[ "$(cat got)" = $'YWJj\nZGVm' ]
}

@test "a digest or a count that nobody can be told is a failure" {
	for stage in hash=sha256 count; do
		run -3 sh -c '"$SLUICE" pipe '"$stage"' tee=a -o b <f 2>/dev/full'
		run -3 sh -c '"$SLUICE" pipe '"$stage"' <f >/dev/null 2>&-'
	done
	holds f
	run -0 sh -c '"$SLUICE" pipe hash=sha256:s tee=a -o b <f 2>/dev/full'
}

@test "a file called - is meant by ./- only" {
	for stage in tee=- hash=md5:-; do
		run -2 --separate-stderr pipe "$stage" <f
		said "sluice: $stage: standard output is where the stream goes
sluice: hint: a file of that name is ./-"
	done
	pipe tee=./- -o x <f
	cmp ./- x
}

@test "several digests are several stages" {
	run -2 --separate-stderr pipe hash=sha256,md5 <f
	said "sluice: hash=sha256,md5: a stage makes one digest
sluice: hint: a stage for each is such as hash=sha256 hash=md5"
	run -0 --separate-stderr pipe hash=sha256 hash=md5:a,b -o x <f
	holds a,b f x
}

@test "options for a stage that is not there are refused" {
	run -2 --separate-stderr pipe gzip --work-factor 10 <f
	said "sluice: --work-factor is for stage seal"
	run -2 --separate-stderr sealing unseal <f
	said "sluice: --work-factor is for stage seal"
	run -2 --separate-stderr pipe seal --max-work-factor 10 <f
	said "sluice: --max-work-factor is for stage unseal"
	run -2 --separate-stderr pipe gzip -g <f
	said "sluice: none of the stages takes a passphrase"
}

@test "damage found late: standard output got what came before, and is told so" {
	head -c 200000 f >g
	seal g
	truncate -s -1 g.age
	run -5 --separate-stderr sh -c '"$SLUICE" pipe unseal \
		--passphrase-env SECRET <g.age >o'
	said "sluice: unseal: damaged, cut short or added to at byte 196608: what came before was written"
	head -c 196608 g | cmp - o
	gzip g
	head -c 90000 g.gz >cut.gz
	run -5 --separate-stderr sh -c '"$SLUICE" pipe gunzip <cut.gz >o'
	[[ $stderr == "sluice: gunzip: "*": what came before was written" ]]
	run -5 --separate-stderr sh -c '"$SLUICE" pipe gunzip -o p <cut.gz'
	[[ $stderr == "sluice: gunzip: "* && $stderr != *written* ]]
	[ ! -e p ]
}
