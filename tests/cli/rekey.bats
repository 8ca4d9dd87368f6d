# SPDX-License-Identifier: ISC
load ../helper
load cli

export FRESH=fresh
NOTE="sluice: who has a copy of what was there before, and could open it, still can"

setup() {
	workplace
	seq 30000 >f
	seal f
	cp f.age old.age
}
rekey() {
	sluice rekey --passphrase-env SECRET --new-passphrase-env FRESH \
		--work-factor 10 "$@"
}
fresh() {
	sluice unseal --passphrase-env FRESH "$@"
}

@test "rekey changes the passphrase, keeps the payload, and says what it does not" {
	chmod 640 f.age
	run -0 --separate-stderr rekey f.age
	said "$NOTE"
	fresh -c f.age | cmp - f
	run -4 --separate-stderr unseal -c f.age
	unseal -c old.age | cmp - f
	[ "$(stat -c %a f.age)" = 640 ]
	cmp <(tail -c 150000 f.age) <(tail -c 150000 old.age)
	holds f f.age old.age
	run -0 --separate-stderr rekey -q old.age
	said ""
}

@test "a wrong passphrase or a damaged header leaves the file as it was" {
	run -4 --separate-stderr sluice rekey --passphrase-env FRESH \
		--new-passphrase-env SECRET f.age
	said "sluice: f.age: wrong passphrase"
	cmp f.age old.age
	head -c 100 old.age >cut.age
	run -5 --separate-stderr rekey cut.age
	said "sluice: cut.age: truncated within the header"
	run -5 --separate-stderr rekey f
	said "sluice: f: not an age file"
	run -3 --separate-stderr rekey missing.age
	said "sluice: missing.age: No such file or directory"
	run -9 --separate-stderr rekey missing.age f.age
	fresh -t f.age
	holds f f.age old.age cut.age
}

@test "a file of whose payload nothing is left is not rekeyed" {
	header=$(sluice inspect --json f.age |
		sed 's/.*"header":\([0-9]*\),.*/\1/')
	for more in 0 15 31; do
		head -c $((header + more)) old.age >f.age
		cp f.age was.age
		run -5 --separate-stderr rekey f.age
		said "sluice: f.age: truncated after 0 bytes"
		cmp f.age was.age
	done
	holds f f.age old.age was.age
}

@test "rekey goes from a passphrase to keys and back, in armor or not" {
	sluice key new -o key.txt
	key=$(sluice key public key.txt)
	seal -a -o text.age f
	for file in f.age text.age; do
		rekey() { sluice rekey "$@" $file; }
		rekey --passphrase-env SECRET -r "$key"
		sluice unseal -i key.txt -c $file | cmp - f
		rekey -i key.txt --new-passphrase-env FRESH --work-factor 10
		fresh -c $file | cmp - f
	done
	head -1 text.age | grep -x -- '-----BEGIN AGE ENCRYPTED FILE-----'
}

@test "both passphrases are asked for, the old one first" {
	terminal "passphrase for f.age: " secret "new passphrase for f.age: " \
		fresh "again: " fresh -- "$SLUICE" rekey --work-factor 10 f.age
	fresh -t f.age
	run -2 sluice rekey f.age
	[[ $output == *"no terminal to ask for a passphrase"* ]]
	run -2 terminal "passphrase for f.age: " fresh "new passphrase" a \
		"again: " b -- "$SLUICE" rekey f.age
	[[ $output == *"passphrases do not match"* ]]
}

@test "the new passphrase is asked for, or made, once a file has opened" {
	run -4 terminal "passphrase for f.age: " wrong -- \
		"$SLUICE" --color=never rekey f.age
	[[ $output == *"sluice: f.age: wrong passphrase"* ]]
	[[ $output != *"new passphrase"* ]]
	run -4 --separate-stderr sluice rekey -g --passphrase-env FRESH f.age
	said "sluice: f.age: wrong passphrase"
	run -5 --separate-stderr sluice rekey -g --passphrase-env SECRET f
	said "sluice: f: not an age file"
	cmp f.age old.age
	run -9 --separate-stderr sluice rekey -g --work-factor 10 \
		--passphrase-env SECRET f f.age old.age
	[ "$(grep -c '^passphrase: ' <<<"$stderr")" = 1 ]
	[[ $stderr == "sluice: f: not an age file"$'\n'"passphrase: "* ]]
	words=$(sed -n 's/^passphrase: //p' <<<"$stderr")
	P=$words sluice unseal -t --passphrase-env P f.age old.age
}

# Make a passphrase for f.age, with a redirection.
rekey_to() {
	setsid -w sh -c '"$SLUICE" rekey -g --work-factor 10 \
		--passphrase-env SECRET f.age '"$1"
}

@test "nothing is rekeyed with a passphrase that nobody has seen" {
	small_disk 4
	head -c 4096 /dev/zero >small/full
	for to in '2>/dev/null' '2>/dev/full' '2>&-' '2>>small/full'; do
		run ! rekey_to "$to"
		cmp f.age old.age
	done
	# A pipe that nobody reads, and a terminal that was closed.
	mkfifo pipe
	exec 8<>pipe 9>pipe 8>&-
	run ! rekey_to '2>&9'
	exec 9>&-
	run -2 /usr/bin/python3 - <<-'P'
		import os, pty, signal, sys
		signal.signal(signal.SIGHUP, signal.SIG_IGN)
		pid, terminal = pty.fork()
		if pid:
		    os.read(terminal, 1)
		    os.close(terminal)
		    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
		os.write(1, b"x")
		try:
		    os.read(0, 1)
		except OSError:
		    pass
		os.execv(os.environ["SLUICE"], ["sluice", "rekey", "-g",
		         "--passphrase-env", "SECRET", "f.age"])
	P
	cmp f.age old.age
	holds f f.age old.age pipe small small/full
	rekey_to '2>seen'
	P=$(sed -n 's/^passphrase: //p' seen) sluice unseal --passphrase-env P \
		-c f.age | cmp - f
}

@test "without a key it says whom a file is for, and how to open it" {
	sluice key new -q -o key.txt
	sluice key public -o key.pub key.txt
	sluice seal -R key.pub -o k.age f
	for how in "-g --passphrase-env SECRET" -g "-R key.pub"; do
		# shellcheck disable=SC2086
		run -4 --separate-stderr sluice rekey $how k.age
		said "sluice: k.age: is sealed for: X25519
sluice: hint: -i FILE opens it with the secret key in FILE"
	done
	sluice key new -q -o other.txt
	run -4 --separate-stderr sluice rekey -g -i other.txt k.age
	said "sluice: k.age: is sealed for: X25519; no key that is given opens it"
	sluice unseal -i key.txt -c k.age | cmp - f
}

@test "rekey needs a file, and one that can be replaced" {
	run -2 --separate-stderr rekey
	[[ $stderr == "sluice: no file is given"* ]]
	run -2 --separate-stderr rekey - <f.age
	[[ $stderr == "sluice: standard input is no file that can be replaced"* ]]
	mkdir there
	run -6 --separate-stderr rekey there
	said "sluice: there: is a directory"
	mkfifo pipe
	for name in pipe /dev/null; do
		run -2 --separate-stderr rekey $name
		said "sluice: $name: is not a regular file, which can be replaced"
	done
	run -2 --separate-stderr rekey -r age1x f.age
	[[ $stderr == *"for keys or with a passphrase, not both"* ]]
	run -5 --separate-stderr rekey --max-work-factor 9 f.age
	said "sluice: f.age: work factor 10 needs 1 MiB of memory; limit is 9
sluice: hint: allow it with --max-work-factor 10"
}

@test "rekey replaces nothing that it reads beside, and nothing twice" {
	sluice key new -q -o key.txt
	key=$(sluice key public key.txt)
	seal -o key.age key.txt
	echo secret >pass
	chmod 600 pass
	ln -s key.age link.age
	ln pass other-pass
	ln f.age again.age
	sums=$(sha256sum -- *)
	refuses() {
		run -6 --separate-stderr sluice rekey "${@:2}"
		said "sluice: $1"
		[ "$(sha256sum -- *)" = "$sums" ]
	}
	why="the output would overwrite"
	for name in key.age link.age; do
		refuses "$name: $why a file of keys" -i key.age \
			--passphrase-file pass -r "$key" $name
	done
	refuses "key.age: $why a file of keys" -i - -r "$key" f.age key.age \
		<key.age
	refuses "f.age: $why a file of keys" -R f.age f.age
	refuses "pass: $why the passphrase's file" --passphrase-file pass pass
	refuses "other-pass: $why the passphrase's file" \
		--new-passphrase-file pass f.age other-pass
	refuses "pass: $why the passphrase's file" --passphrase-fd 9 pass 9<pass
	refuses "f.age: would be written twice" -i key.txt f.age f.age
	refuses "again.age: would be written twice" -i key.txt f.age again.age
	# Another passphrase for a file of keys is none of these.
	rekey key.age
	fresh -c key.age | cmp - key.txt
}

@test "standard input gives rekey one thing, or both passphrases" {
	sluice key new -q -o key.txt
	for words in "-i - -R -" "-i - -i -" "-R - -R -"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice rekey $words f.age <key.txt
		said "sluice: standard input can be read only once"
	done
	for words in "--passphrase-file - -R -" "--passphrase-fd 0 -R -" \
		"-i - --new-passphrase-file -"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice rekey $words f.age <key.txt
		said "sluice: standard input cannot be both the keys and the passphrase"
	done
	printf '%s\nother\n' "$SECRET" | sluice rekey -q --work-factor 10 \
		--passphrase-file - --new-passphrase-file - f.age
	sluice unseal -t --passphrase-file <(echo other) f.age
}

@test "the new passphrase may come from a descriptor" {
	sluice rekey -q --work-factor 10 --passphrase-fd 7 \
		--new-passphrase-fd 7 f.age 7< <(printf '%s\nother\n' "$SECRET")
	sluice unseal -t --passphrase-file <(echo other) f.age
	cp old.age f.age
	run -2 --separate-stderr sluice rekey --passphrase-env SECRET \
		--new-passphrase-fd 77 f.age
	said "sluice: file descriptor 77: Bad file descriptor"
	run -2 --separate-stderr sluice rekey --new-passphrase-fd x f.age
	[[ $stderr == "sluice: --new-passphrase-fd: 'x' is not a number"* ]]
	run -2 --separate-stderr sluice rekey --new-passphrase-fd 7 -g f.age
	[[ $stderr == *"more than one source of the passphrase"* ]]
	cmp f.age old.age
}

@test "who cannot be asked for a new passphrase is told how to give it" {
	run -2 --separate-stderr sluice rekey --passphrase-env SECRET f.age
	said "sluice: no terminal to ask for a passphrase
sluice: hint: use --new-passphrase-file, --new-passphrase-fd, --new-passphrase-env or -g"
	cmp f.age old.age
}

# s.age, sealed for the key in s.txt, and for two types that nobody knows.
strange() {
	echo AGE-SECRET-KEY-175TC9JL2KHQA5A42XU0P50HGECXU9KG75N952CX3WT5HNZT2MKMSM0V45H >s.txt
	chmod 600 s.txt
	cat >s.age <<-'A'
	-----BEGIN AGE ENCRYPTED FILE-----
	YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHBpdi1wMjU2IEFBQUEKZUhoNGVIaDRl
	SGg0ZUhoNGVIaDRlSGg0ZUhnCi0+IFgyNTUxOSBua1ZTTzRyYnNYVmRaUzF2RnVL
	SlFpWXI5N2hvNVFUVGZ2UjBWeWNVdGxNCnNOS0xYNVZWUFZaSDJlK2xzRXAwSkdM
	ZEI0UVVZSTBON09rTEJYeEI0SmMKLT4gOGgtZ3JlYXNlCgotLS0gK1VPQUdUUzls
	ckk1SG94UGdDNDVJWnRVczhoMW8rcWF3TlNuTnpUcUlpMArX+Oitr6pJI7ThmfoJ
	ORgSlmVF3ZGAmX1luTKGGd3oGTc/VM54Ow==
	-----END AGE ENCRYPTED FILE-----
	A
	cp s.age was.age
}
types() {
	sluice inspect --json "$1" | sed 's/.*"stanza_types":\(\[[^]]*\]\).*/\1/'
}

@test "stanzas of unknown types are carried over, and that is said" {
	strange
	sluice key new -q -o new.txt
	new=$(sluice key public new.txt)
	run -0 --separate-stderr sluice rekey -i s.txt -r "$new" s.age
	said "sluice: s.age: is still sealed for 2 of unknown types
$NOTE"
	[ "$(types s.age)" = '["X25519","piv-p256","8h-grease"]' ]
	[ "$(sluice unseal -i new.txt -c s.age)" = hello ]
	run -4 sluice unseal -i s.txt -t s.age
	run -0 --separate-stderr sluice rekey -q -i new.txt -r "$new" s.age
	said ""
	sluice pipe dearmor <s.age >new
	sluice pipe dearmor <was.age >was
	grep -axA 1 -e '-> piv-p256 AAAA' was >stanza
	[ "$(wc -l <stanza)" = 2 ]
	grep -axA 1 -e '-> piv-p256 AAAA' new | cmp - stanza
}

@test "unknown stanzas beside a passphrase are 6, unless they are dropped" {
	strange
	how=(-i s.txt --new-passphrase-env FRESH --work-factor 10)
	run -6 --separate-stderr sluice rekey "${how[@]}" s.age
	said "sluice: s.age: is also sealed for piv-p256, which cannot stand beside a passphrase
sluice: hint: --drop-unknown leaves it out"
	cmp s.age was.age
	run -0 --separate-stderr sluice rekey "${how[@]}" --drop-unknown s.age
	said "$NOTE"
	[ "$(types s.age)" = '["scrypt"]' ]
	[ "$(fresh -c s.age)" = hello ]
	sluice rekey -q -i s.txt -r "$(sluice key public s.txt)" \
		--drop-unknown was.age
	[ "$(types was.age)" = '["X25519"]' ]
	[ "$(sluice unseal -i s.txt -c was.age)" = hello ]
}

@test "a full disk leaves the old file" {
	small_disk 400
	cp f.age small/f.age
	head -c 100000 /dev/zero >small/filler
	run -3 --separate-stderr rekey small/f.age
	said "sluice: small/f.age: No space left on device"
	cmp small/f.age old.age
	[ "$(find small -type f | wc -l)" -eq 2 ]
}

# A file system whose files can share blocks, at ./small.
sharing_disk() {
	PATH=$PATH:/usr/sbin need mkfs.btrfs
	truncate -s 120M disk
	PATH=$PATH:/usr/sbin mkfs.btrfs -q disk >/dev/null
	mkdir small
	mount -o loop disk small 2>/dev/null || skip "not allowed to mount"
}

@test "where files can share blocks, the new one takes none for the payload" {
	sharing_disk
	key() { sluice key new -o "$1" && sluice key public "$1"; }
	old=$(key old.key)
	new=$(key new.key)
	head -c 10M /dev/urandom >f
	sluice seal -r "$old" -o small/f.age f
	ln small/f.age small/held.age
	sync -f small
	before=$(stat -f -c %f small)
	sluice rekey -i old.key -r "$new" small/f.age
	sync -f small
	after=$(stat -f -c %f small)
	# In blocks of 4 KiB.
	[ $((before - after)) -lt 500 ]
	sluice unseal -i new.key -c small/f.age | cmp - f
	sluice unseal -i old.key -c small/held.age | cmp - f
	# Headers of another length move the payload, which is copied then.
	sluice rekey -i new.key -r "$new" -r "$old" small/f.age
	sluice unseal -i old.key -c small/f.age | cmp - f
	sync -f small
	[ $((before - $(stat -f -c %f small))) -gt 2000 ]
}
