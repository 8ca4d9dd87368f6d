# SPDX-License-Identifier: ISC
load ../helper
load cli

KIT=AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0
KIT_PUBLIC=age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef

setup() {
	workplace
	umask 077
	echo hi >f
	echo $KIT >key.txt
	echo $KIT_PUBLIC >key.pub
}

# A file for the holder of key.txt.
for_key() {
	sluice seal -r $KIT_PUBLIC "$@" f
}

@test "key new writes a key in age-keygen's form, which is its owner's alone" {
	umask 022
	run -0 --separate-stderr sluice key new -o new.txt
	printed ""
	[ "$(stat -c %a new.txt)" = 600 ]
	[ "$(wc -l <new.txt)" = 3 ]
	grep -E '^# created: [0-9]{4}(-[0-9]{2}){2}T[0-9:]{8}Z$' new.txt
	grep -E '^# public key: age1[a-z0-9]{58}$' new.txt
	grep -E '^AGE-SECRET-KEY-1[A-Z0-9]{58}$' new.txt
	said "sluice: public key: $(sed -n 's/^# public key: //p' new.txt)"
	run -0 --separate-stderr sluice key public new.txt
	printed "$(sed -n 's/^# public key: //p' new.txt)"
	said ""
}

@test "no key is like another" {
	[ "$(sluice key new -q | tail -1)" != "$(sluice key new -q | tail -1)" ]
}

@test "key new overwrites nothing without -f" {
	echo old >key.old
	run -6 --separate-stderr sluice key new -o key.old
	said "sluice: key.old: already exists (use -f to overwrite)"
	[ "$(cat key.old)" = old ]
	sluice key new -q -f -o key.old
	[ "$(wc -l <key.old)" = 3 ]
	[ "$(stat -c %a key.old)" = 600 ]
}

@test "key new to a file that others can read is warned of" {
	umask 022
	: >open.txt
	run -0 --separate-stderr sh -c '"$SLUICE" key new >open.txt'
	[[ $stderr == *"sluice: warning: standard output: others can read it (its mode is 644)"* ]]
}

@test "key public names each key, of files and of standard input" {
	run -0 sluice key public key.txt
	printed $KIT_PUBLIC
	run -0 sluice key public <key.txt
	printed $KIT_PUBLIC
	run -0 sluice key public key.txt - <key.txt
	printed $KIT_PUBLIC$'\n'$KIT_PUBLIC
	run -6 --separate-stderr sluice key public -f -o key.txt key.txt
	said "sluice: key.txt: the output would overwrite a file of keys"
}

@test "key public opens a file that is sealed itself" {
	seal -o key.age key.txt
	run -0 sluice key public --passphrase-env SECRET key.age
	printed $KIT_PUBLIC
	run -0 terminal "passphrase for key.age: " secret -- \
		"$SLUICE" key public key.age
	[[ $output == *$KIT_PUBLIC* ]]
	P=other run -4 --separate-stderr sluice key public --passphrase-env P \
		key.age
	said "sluice: key.age: wrong passphrase"
}

@test "key takes new or public, and what belongs to them" {
	run -2 --separate-stderr sluice key
	[[ $stderr == "sluice: key: is it new or public?"* ]]
	run -2 --separate-stderr sluice key old
	[[ $stderr == "sluice: key: is it new or public?"* ]]
	run -2 --separate-stderr sluice key new x
	[[ $stderr == "sluice: key new takes no file; -o FILE writes one"* ]]
	run -2 --separate-stderr sluice key new --passphrase-env SECRET
	[[ $stderr == "sluice: key new takes no passphrase: seal the key"* ]]
	run -2 --separate-stderr sluice key public - - <key.txt
	[[ $stderr == "sluice: standard input can be read only once"* ]]
}

@test "what is sealed for a key opens with it and asks nothing" {
	run -0 --separate-stderr for_key
	said ""
	run -0 --separate-stderr sluice unseal -i key.txt -c f.age
	printed hi
	said ""
	sluice unseal -t -i key.txt f.age
}

@test "any of several holders opens the file" {
	sluice key new -q -o 2.txt
	sluice key new -q -o 3.txt
	sluice key public -o 2.pub 2.txt
	{
		echo "# friends"
		echo
		cat 2.pub
	} >friends
	for_key -R friends
	sluice unseal -i key.txt -c f.age | cmp - f
	sluice unseal -i 2.txt -c f.age | cmp - f
	sluice unseal -i 3.txt --identity=2.txt -c f.age | cmp - f
	run -4 --separate-stderr sluice unseal -i 3.txt -c f.age
	said "sluice: f.age: is sealed for: X25519; no key that is given opens it"
}

@test "without a key it says whom a file is for, and how to open it" {
	for_key
	run -4 --separate-stderr unseal -c f.age
	said "sluice: f.age: is sealed for: X25519
sluice: hint: -i FILE opens it with the secret key in FILE"
	printed ""
}

@test "keys and passphrases open several files in one run" {
	cp f g
	seal g
	for_key
	rm f g
	run -0 --separate-stderr unseal -i key.txt f.age g.age
	said ""
	cmp f g
	run -9 --separate-stderr sluice unseal -f -i key.txt f.age g.age
	said "sluice: no terminal to ask for a passphrase
sluice: hint: use --passphrase-file, --passphrase-fd or --passphrase-env"
}

@test "a key that is no key is said, without repeating a secret" {
	run -2 --separate-stderr sluice seal -r age1x f
	said "sluice: age1x: age1...: too short or too long
sluice: hint: sluice help seal explains the options" || \
		said "sluice: age1x: age1...: too short or too long"
	run -2 --separate-stderr sluice seal -r $KIT f
	said "sluice: -r: a secret key where a public one is to stand"
	run -2 --separate-stderr sluice seal -r bob f
	said "sluice: -r: not a public key: those begin with age1 or ssh-"
	run -5 --separate-stderr sluice seal -R key.txt f
	said "sluice: key.txt: line 1: a secret key where a public one is to stand"
	echo "-----BEGIN OPENSSH PRIVATE KEY-----" >id
	run -5 --separate-stderr sluice seal -R id f
	said "sluice: id: line 1: a secret key where a public one is to stand"
	rm id
	for_key
	run -5 --separate-stderr sluice unseal -i key.pub -c f.age
	said "sluice: key.pub: line 1: a public key where a secret one is to stand"
	: >none
	run -5 --separate-stderr sluice unseal -i none -c f.age
	said "sluice: none: no key is in it"
	run -3 --separate-stderr sluice unseal -i missing -c f.age
	said "sluice: missing: No such file or directory"
	run -3 --separate-stderr sluice seal -R missing -o x f
	said "sluice: missing: No such file or directory"
	holds f f.age key.pub key.txt none
}

@test "a secret key in place of its file is not repeated" {
	for_key
	for words in "unseal -i $KIT -c f.age" "key public $KIT" \
		"key public ${KIT,,}"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice $words
		said "sluice: a secret key where its file is to stand
sluice: hint: others can see a command line: put the key into a file, or on standard input (-)"
	done
	# A file may have any name.
	cp key.txt "$KIT"
	run -0 --separate-stderr sluice unseal -i "$KIT" -t f.age
	said ""
}

@test "a file in place of a key is told from a mistyped one" {
	run -2 --separate-stderr sluice seal -r key.pub f
	said "sluice: -r: not a public key: those begin with age1 or ssh-
sluice: hint: -R FILE seals for the keys in FILE"
	run -2 --separate-stderr sluice rekey -i key.txt -r key.pub f.age
	[[ $stderr == *"sluice: hint: -R FILE seals for the keys in FILE" ]]
}

@test "keys and a passphrase do not go together in sealing" {
	for words in "--passphrase-env SECRET" "-g" "-p"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr for_key $words
		[[ $stderr == "sluice: a file is sealed for keys or with a passphrase, not both"* ]]
	done
	run -2 --separate-stderr for_key --work-factor 10
	[[ $stderr == "sluice: --work-factor is for a passphrase"* ]]
	[ ! -e f.age ]
}

@test "keys may come from standard input, the data then not" {
	sluice seal -R - f <key.pub
	sluice unseal -i - -c f.age <key.txt | cmp - f
	run -2 --separate-stderr sluice seal -R - - <key.pub
	said "sluice: standard input cannot be both the data and the keys"
	run -2 --separate-stderr sluice unseal -i - <f.age
	said "sluice: standard input cannot be both the data and the keys"
	run -2 --separate-stderr sluice unseal -i - --passphrase-file - -c f.age \
		<key.txt
	said "sluice: standard input cannot be both the keys and the passphrase"
	run -2 --separate-stderr sluice key public --passphrase-file - - <key.txt
	said "sluice: standard input cannot be both the keys and the passphrase"
	run -2 --separate-stderr sluice seal -R - -R - f <key.pub
	said "sluice: standard input can be read only once"
}

@test "no file of keys is overwritten" {
	run -6 --separate-stderr sluice seal -R key.pub -f -o key.pub f
	said "sluice: key.pub: the output would overwrite a file of keys"
	for_key
	run -6 --separate-stderr sluice unseal -i key.txt -f -o key.txt f.age
	said "sluice: key.txt: the output would overwrite a file of keys"
	[ "$(cat key.txt)" = $KIT ]
}

@test "a file of keys that is sealed itself is opened once it is needed" {
	seal -o key.age key.txt
	seal -a -o key.asc key.txt
	for_key
	cp f.age g.age
	for keys in key.age key.asc; do
		rm -f f g
		run -0 terminal "passphrase for $keys: " secret -- \
			"$SLUICE" unseal -i $keys f.age g.age
		[[ $output != *passphrase*passphrase* ]]
		cmp f g
	done
	# A key that fits is there: nobody is asked.
	run -0 terminal -- "$SLUICE" unseal -f -i key.age -i key.txt f.age
	[[ $output != *passphrase* ]]
	unseal -i key.age -c f.age | cmp - f
	run -4 terminal "passphrase for key.age: " wrong -- \
		"$SLUICE" --color=never unseal -f -i key.age f.age g.age
	[[ $output == *"f.age: key.age: wrong passphrase"* ]]
	[[ $output == *"g.age: key.age: wrong passphrase"* ]]
}

@test "files of secrets that others can read are warned of" {
	for_key
	seal -o p.age f
	echo secret >pass
	for mode in 640 604 644; do
		chmod $mode key.txt pass
		run -0 --separate-stderr sluice unseal -i key.txt -c f.age
		said "sluice: warning: key.txt: others can read it (its mode is $mode)"
		run -0 --separate-stderr sluice unseal --passphrase-file pass \
			-c p.age
		said "sluice: warning: pass: others can read it (its mode is $mode)"
		run -0 --separate-stderr sluice unseal -q -i key.txt -c f.age
		said ""
	done
	chmod 600 key.txt pass
	run -0 --separate-stderr sluice unseal -i key.txt \
		--passphrase-file pass -t f.age p.age
	said ""
}

@test "a file of keys that is sealed itself may be readable by others" {
	for_key
	seal -o key.age key.txt
	seal -a -o key.asc key.txt
	chmod 644 key.age key.asc
	for keys in key.age key.asc; do
		run -0 --separate-stderr unseal -i $keys -t f.age
		said ""
		run -0 --separate-stderr sluice key public \
			--passphrase-env SECRET $keys
		said ""
	done
}

@test "a passphrase of letters with accents opens as it was spelt only" {
	P=$'caf\u00e9' sluice seal --work-factor 10 --passphrase-env P f
	P=$'caf\u00e9' sluice unseal --passphrase-env P -c f.age | cmp - f
	P=$'cafe\u0301' run -4 --separate-stderr sluice unseal \
		--passphrase-env P -c f.age
	said "sluice: f.age: wrong passphrase"
}

@test "ssh keys seal and open, and say which are not read" {
	need ssh-keygen
	ssh-keygen -q -t ed25519 -N '' -f ed
	ssh-keygen -q -t ecdsa -N '' -f ec
	sluice seal -r "$(cat ed.pub)" f
	sluice unseal -i ed -c f.age | cmp - f
	run -4 --separate-stderr sluice unseal -i key.txt -c f.age
	said "sluice: f.age: is sealed for: ssh-ed25519; no key that is given opens it"
	run -2 --separate-stderr sluice seal -r "$(cat ec.pub)" -o x f
	said "sluice: -r: an ssh key of type ecdsa-sha2-nistp256, not ssh-ed25519 or ssh-rsa"
	run -2 --separate-stderr sluice seal -r "ssh-ed25519 AAAA" -o x f
	said "sluice: ssh-ed25519 AAAA: ssh-ed25519: malformed"
	[ ! -e x ]
	run -5 --separate-stderr sluice unseal -q -i ed.pub -c f.age
	said "sluice: ed.pub: line 1: a public key where a secret one is to stand"
}

@test "a file of somebody's ssh keys seals for those that can be sealed for" {
	need ssh-keygen
	ssh-keygen -q -t ed25519 -N '' -f ed
	ssh-keygen -q -t ecdsa -N '' -f ec
	# As https://github.com/USER.keys has them.
	{
		cut -d ' ' -f 1,2 ec.pub
		cut -d ' ' -f 1,2 ed.pub
	} >user.keys
	run -0 --separate-stderr sluice seal -R user.keys f
	said "sluice: warning: user.keys: line 1: passed over: an ssh key of type ecdsa-sha2-nistp256, not ssh-ed25519 or ssh-rsa"
	run -0 --separate-stderr sluice inspect --json f.age
	[[ $output == *'"stanza_types":["ssh-ed25519"]'* ]]
	sluice unseal -i ed -c f.age | cmp - f
	run -0 --separate-stderr sluice seal -q -f -R user.keys f
	said ""
	run -0 --separate-stderr sluice seal -f -o f.age -R - f <user.keys
	said "sluice: warning: standard input: line 1: passed over: an ssh key of type ecdsa-sha2-nistp256, not ssh-ed25519 or ssh-rsa"
	run -0 --separate-stderr sluice rekey -i ed -R user.keys f.age
	[[ $stderr == *"sluice: warning: user.keys: line 1: passed over: "* ]]
	run -0 --separate-stderr sh -c '"$SLUICE" pipe seal -R user.keys <f |
		"$SLUICE" pipe unseal -i ed | cmp - f'
	said "sluice: warning: user.keys: line 1: passed over: an ssh key of type ecdsa-sha2-nistp256, not ssh-ed25519 or ssh-rsa"
}

@test "a file of ssh keys of which none can be sealed for is refused" {
	need ssh-keygen
	ssh-keygen -q -t ecdsa -N '' -f ec
	run -5 --separate-stderr sluice seal -R ec.pub -r $KIT_PUBLIC f
	said "sluice: warning: ec.pub: line 1: passed over: an ssh key of type ecdsa-sha2-nistp256, not ssh-ed25519 or ssh-rsa
sluice: ec.pub: no key in it is one to seal for"
	run -5 --separate-stderr sluice seal -q -R ec.pub f
	said "sluice: ec.pub: no key in it is one to seal for"
	[ ! -e f.age ]
}

@test "a recipient that cannot be sealed for is never passed over otherwise" {
	for key in age1pq1xmwwc06ly age1tag1xmwwc06ly age1yubikey1qwt50d05n; do
		printf '%s\n' $KIT_PUBLIC $key >friends
		run -5 --separate-stderr sluice seal -R friends f
		said "sluice: friends: line 2: hybrid keys and those of plugins are not supported"
		run -2 --separate-stderr sluice seal -r $KIT_PUBLIC -r $key f
		said "sluice: $key: hybrid keys and those of plugins are not supported"
	done
	printf '%s\n' $KIT_PUBLIC 'no-pty ssh-ed25519 AAAA' >friends
	run -5 --separate-stderr sluice seal -R friends f
	said "sluice: friends: line 2: not a public key: those begin with age1 or ssh-"
	[ ! -e f.age ]
}

HYBRID=AGE-SECRET-KEY-PQ-1HZLGZUPT4ETPKDEV8HSGFDCYZ4E522W0A7PU2LHT8EH9W6YLNC3SW78XKG
PLUGIN=AGE-PLUGIN-YUBIKEY-1QQQSYQCYU4YR5J

@test "keys of kinds that are not supported are passed over beside others" {
	for_key
	printf '%s\n' "# mine" $HYBRID $KIT $PLUGIN >all.txt
	run -0 --separate-stderr sluice unseal -i all.txt -c f.age
	printed hi
	said "sluice: warning: all.txt: line 2: passed over: a hybrid key, which is not supported
sluice: warning: all.txt: line 4: passed over: a key of the plugin yubikey, which is not supported"
	run -0 --separate-stderr sluice unseal -q -i all.txt -c f.age
	printed hi
	said ""
	# Once, however many files there are.
	cp f.age g.age
	run -0 --separate-stderr sluice unseal -t -i all.txt f.age g.age
	[ "$(grep -c "passed over" <<<"$stderr")" = 2 ]
}

@test "with such keys alone a file is for others, and it says why" {
	printf '%s\n' $HYBRID >pq.txt
	for_key
	run -4 --separate-stderr sluice unseal -i pq.txt -c f.age
	printed ""
	said "sluice: warning: pq.txt: line 1: passed over: a hybrid key, which is not supported
sluice: f.age: is sealed for: X25519; passed over: a hybrid key, which is not supported"
	run -4 --separate-stderr sluice unseal -q -i pq.txt -c f.age
	said "sluice: f.age: is sealed for: X25519; passed over: a hybrid key, which is not supported"
	echo ${HYBRID}Q >pq.txt
	run -5 --separate-stderr sluice unseal -i pq.txt -c f.age
	said "sluice: pq.txt: line 1: AGE-SECRET-KEY-PQ-1...: too short or too long"
	printf '%s\n' $KIT ${PLUGIN%J}Q >pq.txt
	run -5 --separate-stderr sluice unseal -i pq.txt -c f.age
	said "sluice: pq.txt: line 2: AGE-PLUGIN-...: the checksum does not agree: mistyped?"
}

@test "a file of such keys that is sealed itself tells of them once opened" {
	printf '%s\n' $HYBRID $KIT >all.txt
	seal -o all.age all.txt
	for_key
	run -0 --separate-stderr unseal -i all.age -c f.age f.age
	printed $'hi\nhi'
	said "sluice: warning: all.age: line 1: passed over: a hybrid key, which is not supported"
	run -5 --separate-stderr sluice key public --passphrase-env SECRET \
		all.age
	said "sluice: all.age: line 1: a hybrid key, which is not supported"
}

@test "key public names all keys of a file or none" {
	printf '%s\n' $KIT $PLUGIN >all.txt
	run -5 --separate-stderr sluice key public all.txt
	printed ""
	said "sluice: all.txt: line 2: a key of the plugin yubikey, which is not supported"
}

@test "the kit's files for hybrid keys are for others, with the kit's own keys" {
	vectors cctv-age
	run -0 grep -l '^identity: AGE-SECRET-KEY-PQ-1' "$VECTORS"/*
	[ "${#lines[@]}" -ge 19 ]
	for vector in "$VECTORS"/{hybrid,hybrid_no_match,hybrid_and_x25519}; do
		sed -n 's/^identity: //p' "$vector" >own.txt
		sed '1,/^$/d' "$vector" >f.age
		run -4 --separate-stderr sluice unseal -q -i own.txt -c f.age
		[[ $stderr == "sluice: f.age: is sealed for: "*"mlkem768x25519; passed over: a hybrid key, which is not supported" ]]
	done
}

# Keys ed and rsa, with the passphrase "secret", and a file for each.
locked() {
	need ssh-keygen
	ssh-keygen -q -t ed25519 -a 1 -N secret -f ed
	ssh-keygen -q -t rsa -b 2048 -a 1 -N secret -f rsa
	for key in ed rsa; do
		sluice seal -R $key.pub -o $key.age f
	done
}

@test "the passphrase of a key in PEM is asked for once no other key opens" {
	need ssh-keygen
	ssh-keygen -q -t rsa -b 2048 -m PEM -N secret -f pem
	ssh-keygen -q -t rsa -b 2048 -m PKCS8 -N secret -f pkcs8
	for_key
	mkdir out
	for key in pem pkcs8; do
		sluice seal -R $key.pub -o $key.age f
		run -0 --separate-stderr sluice unseal -i $key -i key.txt -c f.age
		said ""
		cp $key.age 2.age
		run -0 terminal "passphrase for $key: " secret -- \
			"$SLUICE" unseal -f -i $key -O out $key.age 2.age
		[[ $output != *passphrase*passphrase* ]]
		cmp out/$key f
		cmp out/2 f
		P=other run -4 --separate-stderr sluice unseal \
			--passphrase-env P -i $key -c $key.age
		said "sluice: $key.age: $key: wrong passphrase"
		# It may lie in a file that is sealed itself.
		P=outer sluice seal --work-factor 10 --passphrase-env P \
			-o $key.keys $key
		run -0 terminal "passphrase for $key.keys: " outer \
			"passphrase for the ssh key in $key.keys: " secret -- \
			"$SLUICE" unseal -f -i $key.keys -o out/x $key.age
		cmp out/x f
	done
	run -5 --separate-stderr sluice seal -R pem -o x f
	said "sluice: pem: line 1: a secret key where a public one is to stand"
}

@test "keys in PEM of other kinds are refused" {
	need openssl
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec
	for_key
	run -5 --separate-stderr sluice unseal -i ec -c f.age
	said "sluice: ec: a private key of another kind than RSA and Ed25519"
	openssl ec -in ec -out ec 2>/dev/null
	run -5 --separate-stderr sluice unseal -i ec -c f.age
	said "sluice: ec: neither in OpenSSH's form nor a private key of RSA or Ed25519 in PEM"
}

# Skip where nothing takes the passphrase off an ssh key.
botan() {
	/sbin/ldconfig -p | grep -F libbotan- >/dev/null ||
		skip "no libbotan here"
}

@test "the passphrase of an ssh key is asked for once, when a file is for it" {
	locked
	botan
	cp ed.age 1.age
	cp ed.age 2.age
	run -0 terminal "passphrase for ed: " secret -- \
		"$SLUICE" unseal -i rsa -i ed 1.age 2.age
	[[ $output != *passphrase*passphrase* ]]
	cmp 1 f
	cmp 2 f
}

@test "an ssh key's passphrase may come from where others do" {
	locked
	botan
	seal f
	run -0 --separate-stderr unseal -i rsa -i ed -c ed.age rsa.age f.age
	printed $'hi\nhi\nhi'
	said ""
	P=other run -4 --separate-stderr sluice unseal --passphrase-env P -i rsa \
		-c rsa.age
	said "sluice: rsa.age: rsa: wrong passphrase"
}

@test "nobody is asked for the passphrase of an ssh key that a file is not for" {
	locked
	for_key
	run -4 --separate-stderr sluice unseal -i rsa -c ed.age
	said "sluice: ed.age: is sealed for: ssh-ed25519; no key that is given opens it"
	run -0 --separate-stderr sluice unseal -i ed -i rsa -i key.txt -c f.age
	said ""
	run -0 --separate-stderr sluice key public ed rsa
	printed "$(cut -d ' ' -f 1,2 ed.pub rsa.pub)"
	said ""
}

@test "an ssh key's passphrase changes hands in rekey" {
	locked
	botan
	sluice rekey -q --passphrase-env SECRET -i ed -R rsa.pub ed.age
	unseal -i rsa -c ed.age | cmp - f
	run -4 --separate-stderr unseal -i ed -c ed.age
}

@test "an ssh key with a passphrase may lie in a file that is sealed itself" {
	locked
	botan
	for key in ed rsa; do
		P=outer sluice seal --work-factor 10 --passphrase-env P \
			-o $key.keys $key
		run -0 terminal "passphrase for $key.keys: " outer \
			"passphrase for the ssh key in $key.keys: " secret -- \
			"$SLUICE" unseal -f -i $key.keys -o out $key.age
		cmp out f
		run -4 terminal "passphrase for $key.keys: " outer \
			"passphrase for the ssh key in $key.keys: " outer -- \
			"$SLUICE" --color=never unseal -f -i $key.keys -o out \
			$key.age
		[[ $output == *"$key.age: the ssh key in $key.keys: wrong passphrase"* ]]
		# One that an option names is for both; its owner knows only one.
		P=outer run -4 --separate-stderr sluice unseal \
			--passphrase-env P -i $key.keys -c $key.age
		said "sluice: $key.age: the ssh key in $key.keys: wrong passphrase"
		seal -f -o same.keys $key
		unseal -i same.keys -c $key.age | cmp - f
	done
	# Of the public half the first one tells.
	run -0 terminal "passphrase for ed.keys: " outer -- \
		"$SLUICE" key public ed.keys
	[[ $output == *"$(cut -d ' ' -f 1,2 ed.pub)"* ]]
	for_key
	run -4 terminal "passphrase for ed.keys: " outer -- \
		"$SLUICE" --color=never unseal -i ed.keys -c f.age
	[[ $output == *"f.age: is sealed for: X25519; no key that is given opens it"* ]]
}

@test "without the library it says which, and asks nobody" {
	locked
	mkdir none
	for major in 2 3; do
		for minor in {0..29}; do
			: >none/libbotan-$major.so.$minor
		done
	done
	LD_LIBRARY_PATH=$PWD/none run -4 --separate-stderr sluice unseal \
		-i ed -c ed.age
	said "sluice: ed.age: ed: its passphrase takes Botan's library (in Debian libbotan-2-19), which is not here; ssh-keygen -p takes it off a copy of the key"
	# One that is there, and is something else.
	ln -sf "$(ldconfig -p | sed -n 's/.*libz\.so\.1 .*=> //p' | head -1)" \
		none/libbotan-2.so.19
	LD_LIBRARY_PATH=$PWD/none run -4 --separate-stderr sluice unseal \
		-i ed -c ed.age
	[[ $stderr == *"which is not here"* ]]
}
