# SPDX-License-Identifier: ISC
load ../helper
load cli

setup() {
	workplace
	mkdir -p t/a/b t/a-b t/a.c t/empty
	for name in a/one a/b/two a-b/three a.c/four "a/ five" a/b.six z; do
		echo "$name" >"t/$name"
	done
	: >t/nothing
}

# All files below the given folders, sorted by their whole names.
files_below() {
	find "$@" -type f -print0 | LC_ALL=C sort -z
}

@test "-r digests all files of a folder, sorted by their whole names" {
	run -0 --separate-stderr sluice hash -r t
	printed "$(files_below t | xargs -0 sha256sum)"
	said ""
	run -0 sluice hash --recursive t/
	printed "$(files_below t/ | xargs -0 sha256sum)"
	run -0 sluice hash -r .
	printed "$(files_below . | xargs -0 sha256sum)"
	sluice hash -r t | sha256sum -c --strict --quiet
}

@test "-r takes files and folders as they come" {
	echo hi >f
	run -0 sluice hash -r f t/a f t/a-b
	printed "$(sha256sum f
		files_below t/a | xargs -0 sha256sum
		sha256sum f t/a-b/three)"
	run -0 --separate-stderr sluice hash -r t/empty
	printed ""
	said ""
}

@test "-r leaves out symbolic links, FIFOs and sockets, but follows an operand" {
	all=$(sluice hash -r t)
	ln -s a/one t/link
	ln -s . t/a/loop
	ln -s none t/dangling
	mkfifo t/pipe
	run -0 --separate-stderr sluice hash -r t
	printed "$all"
	said ""
	run -0 --separate-stderr sluice hash -r -v t
	[[ $stderr == *"sluice: t/link: left out, no regular file"* ]]
	[[ $stderr == *"sluice: t/pipe: left out, no regular file"* ]]
	ln -s t u
	run -0 sluice hash -r u
	printed "${all//  t\//  u/}"
}

@test "without -r a folder is refused, and -r wants one" {
	run -9 --separate-stderr sluice hash t t/z
	said "sluice: t: is a directory"
	printed "$(sha256sum t/z)"
	run -2 --separate-stderr sluice hash -r
	said "sluice: -r wants a folder"
}

@test "a folder that cannot be read is 3 and told, and the others are digested" {
	chmod 0 t/a-b
	run -9 --separate-stderr mere_user hash -r t
	said "sluice: t/a-b: Permission denied"
	printed "$(find t -type f -not -path 't/a-b/*' -print0 |
		LC_ALL=C sort -z | xargs -0 sha256sum)"
	chmod 700 t/a-b
	chmod 0 t/z
	run -3 --separate-stderr mere_user hash t/z
	said "sluice: t/z: Permission denied"
	run -9 --separate-stderr mere_user hash -r t
	said "sluice: t/z: Permission denied"
}

@test "the number of threads does not show" {
	mkdir many
	for ((i = 0; i < 3000; i++)); do echo "$i" >"many/$i"; done
	head -c 3000000 /dev/urandom >many/1000
	rm many/2000
	ln -s none many/2000
	files_below many | xargs -0 sha256sum >want
	for j in 1 2 3 64; do
		sluice hash -r -j $j many | cmp - want
	done
	run -9 --separate-stderr sluice hash --threads 2 many/1999 many/2000 \
		many/2001 many
	said "sluice: many/2000: No such file or directory
sluice: many: is a directory"
	printed "$(sha256sum many/1999 many/2001)"
	for j in 1 2; do
		sluice hash -r -j $j -a sha512,md5,sha3-256 many >"want.$j"
	done
	cmp want.1 want.2
	for j in 0 65 x; do
		run -2 --separate-stderr sluice hash -j $j t/z
		[[ $stderr == "sluice: --threads: '$j' is not a number from 1 to 64"* ]]
	done
}

@test "where no thread can be had, files are digested all the same" {
	plain
	need prlimit
	sluice hash -r t >want
	# Nobody counts those of root.
	drop=()
	[ "$(id -u)" != 0 ] || drop=(setpriv --reuid 65534 --clear-groups)
	chmod -R a+rX "$BATS_TEST_TMPDIR"
	# Where root has built it, nobody may be kept out.
	install -m 755 "$SLUICE" program
	run -0 "${drop[@]}" prlimit --nproc=1 ./program hash -r -j 8 t
	printed "$(cat want)"
}

@test "--files0-from reads names from a file or a pipe, in their order" {
	files_below t >list
	want=$(xargs -0 sha256sum <list)
	run -0 sluice hash --files0-from list
	printed "$want"
	run -0 sluice hash --files0-from - <list
	printed "$want"
	run -0 sluice hash --files0-from=<(cat list)
	printed "$want"
	printf 't/z\0t/nothing' >list
	run -0 sluice hash --files0-from list
	printed "$(sha256sum t/z t/nothing)"
	echo hi >$'new\nline'
	printf 'new\nline\0' >list
	run -0 sluice hash --files0-from list
	printed "$(sha256sum $'new\nline')"
	printf 't/a\0t/z' >list
	run -0 sluice hash -r --files0-from list
	printed "$(files_below t/a | xargs -0 sha256sum
		sha256sum t/z)"
}

@test "names of --files0-from that name nothing are 3, or 9 beside others" {
	printf 't/z\0\0none\0' >list
	run -9 --separate-stderr sluice hash --files0-from list
	said "sluice: '': No such file or directory
sluice: none: No such file or directory"
	printed "$(sha256sum t/z)"
	printf 't/z\0-\0' >list
	run -0 --separate-stderr sluice hash --files0-from list <t/nothing
	printed "$(sha256sum t/z - <t/nothing)"
	run -9 --separate-stderr sluice hash --files0-from - <list
	said "sluice: standard input is the list, and not to be digested"
	: >list
	run -0 --separate-stderr sluice hash --files0-from list
	printed ""
	run -3 --separate-stderr sluice hash --files0-from none
	said "sluice: none: No such file or directory"
	run -2 --separate-stderr sluice hash --files0-from list t/z
	said "sluice: --files0-from has the names: no FILE beside it"
}

@test "a name that no path is as long as ends a list of names" {
	{ printf 't/z\0'; head -c 10000 /dev/zero | tr '\0' a; } >list
	run -9 --separate-stderr sluice hash --files0-from list
	said "sluice: list: a name of more than 4095 bytes"
	printed "$(sha256sum t/z)"
}

@test "standard input is read once" {
	run -2 --separate-stderr sluice hash - t/z - </dev/null
	said "sluice: standard input can be read only once"
}

# Touch a file all the time, while something else is done.
restless() {
	local file=$1 busy
	shift
	while :; do touch "$file"; sleep 0.005; done &
	busy=$!
	"$@"
	kill $busy
	wait $busy || true
}

@test "a file that changes while it is read has no digest, and that is 3" {
	truncate -s 400M big
	restless big run -3 --separate-stderr sluice hash big
	said "sluice: big: changed while it was read"
	printed ""
	restless big run -9 --separate-stderr sluice hash -j 2 big t/z
	said "sluice: big: changed while it was read"
	printed "$(sha256sum t/z)"
	restless big run -3 --separate-stderr bash -c '"$SLUICE" hash <big'
	said "sluice: standard input: changed while it was read"
	echo "$(printf '%064d' 0)  big" >list
	restless big run -1 --separate-stderr sluice hash -c list
	said "sluice: big: changed while it was read
sluice: 1 not read"
	printed "big: FAILED open or read"
}

@test "progress is told of all files together, and how long it still takes" {
	truncate -s 600M t/big
	run -0 --separate-stderr sluice --progress hash -r t
	[[ ${stderr##*$'\n'} == "sluice: t: 100%, 600.0 MiB of 600.0 MiB, "*" left" ]]
	run -0 --separate-stderr sluice --no-progress hash -r t
	said ""
	sluice hash -r t >list
	run -0 --separate-stderr sluice --progress hash -q -c list
	[[ ${stderr##*$'\n'} == "sluice: all files: 100%, 600.0 MiB of 600.0 MiB, "*" left" ]]
	run -0 --separate-stderr sluice --progress hash -q -c <list
	[[ ${stderr##*$'\n'} == "sluice: all files: 600.0 MiB, "*"/s" ]]
}
