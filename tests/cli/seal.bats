# SPDX-License-Identifier: ISC
load ../helper
load cli

@test "FILE becomes FILE.age, FILE stays as it is, and unseal brings it back" {
	printf 'milk\neggs' >notes.txt
	touch -d '2001-02-03 04:05:06' notes.txt
	before=$(stat -c '%Y %a %s' notes.txt)
	run -0 --separate-stderr seal notes.txt
	printed ""
	said ""
	holds notes.txt notes.txt.age
	[ "$(stat -c '%Y %a %s' notes.txt)" = "$before" ]
	[ "$(head -n 1 notes.txt.age)" = age-encryption.org/v1 ]
	mv notes.txt was
	run -0 --separate-stderr unseal notes.txt.age
	said ""
	holds was notes.txt notes.txt.age
	cmp was notes.txt
}

@test "encrypt and decrypt are other names of seal and unseal" {
	echo hi >f
	sluice encrypt --work-factor 10 --passphrase-env SECRET f
	run -0 sluice decrypt --passphrase-env SECRET -c f.age
	printed hi
}

@test "sizes around the border of a chunk come back the same" {
	for size in 0 1 65535 65536 65537 131072 200000; do
		head -c "$size" /dev/urandom >f
		seal -f f
		[ "$(stat -c %s f.age)" -eq $((size + 16 * ((size + 65535) / 65536 \
			+ (size == 0)) + $(header_size f.age) + 16)) ]
		unseal -c f.age | cmp - f
	done
}

# The bytes of the header, the MAC's line included.
header_size() {
	grep -a -m 1 -b '^--- ' "$1" | python3 -c \
		'import sys; o, l = sys.stdin.buffer.readline().split(b":", 1)
print(int(o) + len(l))'
}

@test "the default work factor is 18, and --work-factor sets another" {
	echo hi >f
	sluice seal --passphrase-env SECRET f
	head -n 2 f.age | grep -a '^-> scrypt .* 18$' >/dev/null
	sluice seal --passphrase-env SECRET --work-factor 11 -f f
	head -n 2 f.age | grep -a '^-> scrypt .* 11$' >/dev/null
}

@test "a work factor out of range is a misuse" {
	echo hi >f
	for n in 9 23 0 -1 x "" 99999999999999999999 1e1; do
		run -2 --separate-stderr sluice seal --work-factor "$n" f
		[[ $stderr == "sluice: --work-factor: '$n' is not a number from 10 to 22"* ]]
	done
	holds f
}

@test "without FILE, or for -, it reads standard input and writes standard output" {
	head -c 100000 /dev/urandom >f
	seal <f >a.age
	seal - <f >b.age
	unseal <a.age | cmp - f
	unseal - <b.age | cmp - f
}

@test "a pipe of seal and unseal gives what went in" {
	head -c 3000000 /dev/urandom >f
	seal <f | unseal | cmp - f
}

@test "-o names the output, - is standard output" {
	echo hi >f
	seal -o x f
	holds f x
	seal -o - f >y
	cmp <(unseal -o - x) f
	cmp <(unseal -o - y) f
	unseal -o g x
	cmp f g
	seal -o z <f
	cmp <(unseal -c z) f
}

@test "-c and --stdout write to standard output" {
	echo hi >f
	seal -c f >x
	seal --stdout f >y
	holds f x y
	unseal -c x y | cmp - <(echo hi; echo hi)
}

@test "-O puts files into a folder, under their own names" {
	mkdir in out plain
	echo a >in/a
	echo b >in/b
	seal -O out in/a in/b
	[ "$(ls out)" = $'a.age\nb.age' ]
	unseal -O plain out/a.age out/b.age
	[ "$(cat plain/a plain/b)" = $'a\nb' ]
	seal -O out/ -f in/a
}

@test "-O wants a folder" {
	echo hi >f
	run -3 --separate-stderr seal -O nowhere f
	said "sluice: nowhere: No such file or directory"
	run -3 --separate-stderr seal -O f f
	said "sluice: f: Not a directory"
	mkdir out
	run -2 --separate-stderr seal -O out <f
	said "sluice: standard input has no name for a file in out"
}

@test "only one of -o, -O and -c can be given" {
	echo hi >f
	mkdir d
	for words in "-o x -c" "-o x -O d" "-O d -c"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr seal $words f
		said "sluice: only one of -o, -O and -c can be given"
	done
	holds d f
}

@test "several files cannot go into one sealed output" {
	echo a >a
	echo b >b
	run -2 --separate-stderr seal -o x a b
	said "sluice: -o x takes one file only
sluice: hint: -O DIR takes several"
	run -2 --separate-stderr seal -c a b
	said "sluice: several sealed files cannot share one output"
	run -2 --separate-stderr seal - - </dev/null
	said "sluice: standard input can be read only once"
	holds a b
}

@test "an output that exists is refused and stays as it is" {
	echo hi >f
	echo old >f.age
	run -6 --separate-stderr seal f
	said "sluice: f.age: already exists (use -f to overwrite)"
	[ "$(cat f.age)" = old ]
	run -6 --separate-stderr seal -o f.age - <f
	said "sluice: f.age: already exists (use -f to overwrite)"
	holds f f.age
}

@test "an output that exists is refused before anybody is asked for a passphrase" {
	echo hi >f
	echo old >f.age
	run -6 terminal -- "$SLUICE" seal f
	[[ $output != *passphrase* ]]
}

@test "a dangling link is a name that is taken" {
	echo hi >f
	ln -s nowhere f.age
	run -6 --separate-stderr seal f
	said "sluice: f.age: already exists (use -f to overwrite)"
	[ ! -e nowhere ]
}

@test "-f overwrites, through a symbolic link too, which stays" {
	echo hi >f
	echo old >f.age
	seal -f f
	unseal -c f.age | cmp - f
	mkdir d
	echo old >d/target
	ln -s d/target link
	seal -f -o link f
	[ -L link ]
	unseal -c d/target | cmp - f
	holds d d/target f f.age link
}

@test "the same file in and out is refused, whatever names it has" {
	echo hi >f
	ln f hard
	ln -s f soft
	mkdir d
	for out in f ./f d/../f hard soft; do
		run -6 --separate-stderr seal -f -o "$out" f
		said "sluice: $out: input and output are the same file"
	done
	run -6 --separate-stderr seal -f -o f soft
	said "sluice: f: input and output are the same file"
	[ "$(cat f)" = hi ]
	run -6 --separate-stderr seal -f -o f <f
	said "sluice: f: input and output are the same file"
	run -6 --separate-stderr sh -c '"$SLUICE" seal <f 1<>f'
	said "sluice: standard output: input and output are the same file"
	[ "$(cat f)" = hi ]
}

@test "a directory is refused with a hint at tar" {
	mkdir photos
	run -6 --separate-stderr seal photos
	said "sluice: photos: is a directory
sluice: hint: tar c photos | sluice seal -o photos.tar.age"
	run -6 --separate-stderr seal photos/
	said "sluice: photos/: is a directory
sluice: hint: tar c photos | sluice seal -o photos.tar.age"
	run -6 --separate-stderr unseal -o x photos
	said "sluice: photos: is a directory"
	run -6 --separate-stderr seal -o photos /dev/null
	said "sluice: photos: is a directory
sluice: hint: -O photos puts files into it"
	holds photos
}

@test "a hint names a file so that it can be pasted, or is left out" {
	names=("my dir" -d "it's" '$HOME' "ünï" '-a b' '~')
	hints=("tar c 'my dir' | sluice seal -o 'my dir.tar.age'"
		"tar c ./-d | sluice seal -o ./-d.tar.age"
		"tar c 'it'\\''s' | sluice seal -o 'it'\\''s.tar.age'"
		"tar c '\$HOME' | sluice seal -o '\$HOME.tar.age'"
		"tar c 'ünï' | sluice seal -o 'ünï.tar.age'"
		"tar c './-a b' | sluice seal -o './-a b.tar.age'"
		"tar c '~' | sluice seal -o '~.tar.age'")
	mkdir bin
	ln -s "$SLUICE" bin/sluice
	for at in "${!names[@]}"; do
		mkdir -- "${names[at]}"
		run -6 --separate-stderr seal -- "${names[at]}"
		said "sluice: ${names[at]}: is a directory
sluice: hint: ${hints[at]}"
		PATH=$PWD/bin:$PATH setsid -w sh -c "${hints[at]} -g" 2>err
		[ -s "./${names[at]}.tar.age" ]
	done
	run -6 --separate-stderr seal -o "my dir" /dev/null
	said "sluice: my dir: is a directory
sluice: hint: -O 'my dir' puts files into it"
	mkdir d $'new\nline'
	for name in . .. / d/.. ./ $'new\nline' $'new\nline/'; do
		run -6 --separate-stderr seal "$name"
		[[ $stderr == "sluice: "*": is a directory" ]]
	done
	run -6 --separate-stderr seal <d
	said "sluice: standard input: is a directory"
}

@test "what has no name of its own wants -o" {
	echo hi >f
	mkfifo p
	for name in /dev/stdin /dev/fd/0 /proc/self/fd/0 /dev/null p; do
		run -2 --separate-stderr seal "$name" <f
		said "sluice: $name: is not a regular file that could name its result
sluice: hint: use -o FILE"
	done
	seal -o x /dev/stdin <f
	seal -c /dev/stdin <f >y
	mkdir d
	seal -O d /dev/stdin <f
	unseal -c x y d/stdin.age | cmp - <(cat f f f)
	holds d d/stdin.age f p x y
}

@test "-g 8 is told how it is counted" {
	echo hi >f
	run -9 --separate-stderr sluice seal --work-factor 10 -g 8 f
	[[ $stderr == "sluice: 8: No such file or directory
sluice: hint: -g8 or --generate=8 makes so many words
passphrase: "* ]]
	run -3 --separate-stderr sluice seal -g eight
	said "sluice: eight: No such file or directory"
	run -3 --separate-stderr seal 8
	said "sluice: 8: No such file or directory"
}

@test "sealing without the memory for it is 3, with how to take less" {
	plain
	echo hi >f
	run -3 --separate-stderr bash -c 'ulimit -v 100000
		"$SLUICE" seal --passphrase-env SECRET f'
	[[ $stderr == "sluice: f: work factor 18 needs 256 MiB of memory; "*" MiB are available
sluice: hint: a smaller --work-factor takes less" ]]
	run -3 --separate-stderr bash -c 'ulimit -v 100000
		"$SLUICE" pipe seal --passphrase-env SECRET <f'
	[[ $stderr == "sluice: seal: work factor 18 needs 256 MiB of memory; "*" MiB are available
sluice: hint: a smaller --work-factor takes less" ]]
	holds f
}

@test "a file that is not there, or cannot be read, is an error that names it" {
	run -3 --separate-stderr seal nothing
	said "sluice: nothing: No such file or directory"
	run -3 --separate-stderr seal ""
	said "sluice: '': No such file or directory"
	run -3 --separate-stderr seal -O "" x
	said "sluice: '': No such file or directory"
	run -3 --separate-stderr seal -o "" /dev/null
	said "sluice: '': No such file or directory"
	holds
	echo hi >f
	chmod 0 f
	run -3 --separate-stderr mere_user seal f -o x
	said "sluice: f: Permission denied"
	holds f
}

@test "an output in a folder that is not there is found before the passphrase" {
	echo hi >f
	run -3 terminal -- "$SLUICE" --color=never seal f -o no/where
	[[ $output == *"sluice: no/where: No such file or directory"* ]]
	[[ $output != *passphrase* ]]
}

@test "sealed bytes are not sent to a terminal, unless -o - forces them" {
	echo hi >f
	for words in "" "-c"; do
		# shellcheck disable=SC2086
		run -6 terminal -- sh -c \
			'"$SLUICE" seal --passphrase-env SECRET $1 <f' sh "$words"
		[ "$output" = $'\e[31msluice:\e[0m refusing to write binary data to the terminal\r
\e[36msluice:\e[0m hint: use -o FILE, or -o - to force\r' ]
	done
	run -0 terminal -- "$SLUICE" seal --work-factor 10 \
		--passphrase-env SECRET -o - f
	[[ $output == age-encryption.org/v1* ]]
}

@test "-a seals to text, which a terminal may be sent" {
	echo hi >f
	seal -a f
	[ "$(head -1 f.age)" = "-----BEGIN AGE ENCRYPTED FILE-----" ]
	unseal <f.age | grep -x hi
	echo secret >pass
	run -0 terminal -- "$SLUICE" seal --armor -c --work-factor 10 \
		--passphrase-file pass f
	[[ $output == *"-----END AGE ENCRYPTED FILE-----"* ]]
}

@test "what is sealed already is sealed again, with a warning" {
	echo hi >f
	seal f
	run -0 --separate-stderr seal f.age
	said "sluice: warning: f.age: is sealed already"
	run -0 --separate-stderr seal -o x <f.age
	said "sluice: warning: standard input: is sealed already"
	run -0 --separate-stderr seal -q -f f.age
	said ""
	printf -- '-----BEGIN AGE ENCRYPTED FILE-----\n' >armored
	run -0 --separate-stderr seal armored
	[[ $stderr == "sluice: warning: armored: is sealed already"* ]]
	# In time to change one's mind.
	run -2 terminal "passphrase for f.age: " ^D -- "$SLUICE" seal -f f.age
	[[ $output == *"is sealed already"*"passphrase for f.age"* ]]
}

@test "several files: each is done or reported" {
	echo a >a
	echo b >b
	mkdir d
	run -9 --separate-stderr seal a d nothing b
	said "sluice: d: is a directory
sluice: hint: tar c d | sluice seal -o d.tar.age
sluice: nothing: No such file or directory"
	holds a a.age b b.age d
	run -6 --separate-stderr seal a b
	run -9 --separate-stderr seal a nothing
	unseal -c a.age b.age | cmp - <(cat a b)
}

@test "two results for one name are refused before any is written" {
	mkdir a b out
	echo a >a/x
	echo b >b/x
	run -9 --separate-stderr seal -f -O out a/x b/x
	said "sluice: out/x.age: would be written twice"
	unseal -c out/x.age | cmp - a/x
	echo f >f
	run -9 --separate-stderr seal f ./a/../f f
	said "sluice: ./a/../f.age: would be written twice
sluice: f.age: would be written twice"
	unseal -c f.age | cmp - f
}

@test "two results for one file are refused, whatever names it has" {
	echo one >f
	echo two >g
	ln -s f.age g.age
	for again in "to nothing yet" "to a file"; do
		run -9 --separate-stderr seal -f f g
		said "sluice: g.age: would be written twice"
		[ "$(unseal -c f.age)" = one ]
	done
	rm g.age
	ln f.age g.age
	run -9 --separate-stderr seal -f f g
	said "sluice: g.age: would be written twice"
	mkdir d
	ln -s . d/here
	ln -s d e
	echo three >d/f
	echo four >e/here/g
	rm -f f.age g.age
	ln -s ../d/f.age e/g.age
	run -9 --separate-stderr seal -f d/f e/f ./d/here/f "$PWD/d/f" d/g
	said "sluice: e/f.age: would be written twice
sluice: ./d/here/f.age: would be written twice
sluice: $PWD/d/f.age: would be written twice
sluice: d/g.age: would be written twice"
	[ "$(unseal -c d/f.age)" = three ]
}

@test "standard output and a file are not the same file either" {
	echo one >f
	for order in "- f" "f -"; do
		# shellcheck disable=SC2086
		run -9 --separate-stderr sh -c '"$SLUICE" seal --work-factor 10 \
			--passphrase-env SECRET -f '"$order"' <f >f.age'
		[[ $stderr == "sluice: "*": would be written twice" ]]
		[ "$(unseal -c f.age)" = one ]
	done
}

@test "an input is not what another input is sealed to" {
	echo precious >f.age
	echo more >f
	run -9 --separate-stderr seal -f f f.age
	said "sluice: f.age: the output would overwrite another input"
	[ "$(cat f.age)" = precious ]
	[ "$(unseal -c f.age.age)" = precious ]
	rm f.age.age
	run -9 --separate-stderr seal -f f.age f
	said "sluice: f.age: the output would overwrite another input"
	ln -s f.age g.age
	echo g >g
	run -9 --separate-stderr seal -f g f.age
	said "sluice: g.age: the output would overwrite another input"
	[ "$(cat f.age)" = precious ]
}

@test "the file that the passphrase is in is no output" {
	echo horse >pw
	echo hi >f
	echo horse >f.age
	ln pw hard
	ln -s pw soft
	for out in pw ./pw hard soft; do
		run -6 --separate-stderr sluice seal --passphrase-file pw -f -o "$out" f
		said "sluice: $out: the output would overwrite the passphrase's file"
	done
	run -6 --separate-stderr sluice seal --passphrase-file f.age -f f
	said "sluice: f.age: the output would overwrite the passphrase's file"
	run -6 --separate-stderr sh -c \
		'"$SLUICE" seal --passphrase-fd 3 -f -o pw f 3<pw'
	said "sluice: pw: the output would overwrite the passphrase's file"
	run -6 --separate-stderr sh -c \
		'"$SLUICE" seal --passphrase-file - -f -o pw f <pw'
	said "sluice: pw: the output would overwrite the passphrase's file"
	run -6 --separate-stderr sh -c \
		'"$SLUICE" seal --passphrase-file pw -c f 1<>pw'
	said "sluice: standard output: the output would overwrite the passphrase's file"
	sluice seal --work-factor 10 --passphrase-file pw -o x.age f
	run -6 --separate-stderr sluice unseal --passphrase-file pw -f -o pw x.age
	said "sluice: pw: the output would overwrite the passphrase's file"
	for words in "-o pw" "tee=pw" "hash=md5:soft"; do
		# shellcheck disable=SC2086
		run -6 --separate-stderr sluice pipe -f --passphrase-file pw seal \
			$words <f
		said "sluice: ${words##*[ =:]}: the output would overwrite the passphrase's file"
	done
	[ "$(cat pw f.age)" = $'horse\nhorse' ]
	# It may well be what is sealed.
	sluice seal --work-factor 10 --passphrase-file pw pw
	[ "$(sluice unseal --passphrase-file pw -c pw.age)" = horse ]
}

@test "names may be anything" {
	names=("a b" "ünï" $'new\nline' $'inv\xff\xc3alid' "quo'te" 'back\slash'
		$'tab\t' "*" '$HOME' "-dash" "a.age.b")
	for name in "${names[@]}"; do
		echo "$name" >"./$name"
		seal -- "$name"
		unseal -c -- "$name.age" | cmp - "./$name"
		rm "./$name"
		unseal -- "$name.age"
		[ -s "./$name" ]
	done
}

@test "the longest names work" {
	name=$(printf 'n%.0s' {1..251})
	echo hi >"$name"
	seal "$name"
	unseal -c "$name.age" | cmp - "$name"
	echo hi >"${name}x"
	run -3 --separate-stderr seal "${name}x"
	said "sluice: ${name}x.age: File name too long"
}

@test "a sealed file takes the permissions of its input" {
	umask 077
	for mode in 600 644 640 444 777 755; do
		echo hi >f
		chmod "$mode" f
		seal f
		[ "$(stat -c %a f.age)" = "$mode" ]
		rm -f f f.age
	done
	echo hi >f
	chmod 4755 f
	seal f
	[ "$(stat -c %a f.age)" = 755 ]
}

@test "what is sealed from standard input obeys the umask" {
	for mask in 022 077 027; do
		(umask $mask && echo hi | seal -f -o x)
		[ "$(stat -c %a x)" = "$(printf '%o' $((0666 & ~mask)))" ]
	done
}

@test "what is unsealed is its owner's alone" {
	umask 000
	echo hi >f
	chmod 666 f
	seal f
	rm f
	unseal f.age
	[ "$(stat -c %a f)" = 600 ]
	echo old >f
	chmod 644 f
	unseal -f f.age
	[ "$(stat -c %a f)" = 600 ]
}

@test "--preserve keeps the time, and the permissions" {
	echo hi >f
	chmod 640 f
	touch -d '2001-02-03 04:05:06.789' f
	seal --preserve f
	[ "$(stat -c '%a %y' f.age)" = "$(stat -c '%a %y' f)" ]
	mv f was
	unseal --preserve f.age
	[ "$(stat -c '%a %y' f)" = "$(stat -c '%a %y' was)" ]
	unseal f.age -o g
	[ "$(stat -c %Y g)" != "$(stat -c %Y was)" ]
}

@test "a FIFO is read and written as it is" {
	mkfifo in out
	head -c 300000 /dev/urandom >f
	cat f >in &
	seal in -o sealed
	wait
	unseal sealed -o out &
	cmp out f
	wait
	[ -p out ]
	holds f in out sealed
}

@test "devices are read and written as they are" {
	seal /dev/null -o empty
	unseal -c empty | cmp - /dev/null
	seal empty -o /dev/null -q
	[ -c /dev/null ]
	run -3 --separate-stderr seal empty -q -o /dev/full
	said "sluice: /dev/full: No space left on device"
}

@test "-p is accepted, and does nothing" {
	echo hi >f
	seal -p f
	run -0 unseal -p -c f.age
	printed hi
}

@test "-v says what became of each file" {
	echo hi >f
	run -0 --separate-stderr seal -v f
	said "sluice: f: sealed to f.age"
	rm f
	run -0 --separate-stderr unseal -v f.age
	said "sluice: f.age: unsealed to f"
	run -0 --separate-stderr unseal -v -t f.age
	said "sluice: f.age: is intact"
}

@test "an input that grows or shrinks meanwhile is what was read" {
	head -c 100000 /dev/zero >f
	{ head -c 50000 f; sleep 0.2; head -c 50000 f; } | seal -o x
	unseal -c x | cmp - f
}

@test "a folder that cannot be written is an error before the passphrase" {
	mkdir d
	echo hi >d/f
	chmod 555 d
	run --separate-stderr mere_user seal d/f
	chmod 755 d # or else none but root can remove it
	[ "$status" -eq 3 ]
	said "sluice: d/f.age: Permission denied"
}
