# SPDX-License-Identifier: ISC
# Sealed for keys: back and forth between Sluice, age and typage.

load ../helper
load sealers

SIZES="0 1 65536 200001"

setup() {
	workplace
	umask 077
	printf '%s\n' "$WORDS" >pass
	sluice key new -q -o ours.txt
	sluice key public -o ours.pub ours.txt
}

# A key that age made, in theirs.txt and theirs.pub.
theirs() {
	need age age-keygen
	age-keygen -o theirs.txt 2>/dev/null
	age-keygen -y theirs.txt >theirs.pub
}

secret() {
	grep '^AGE-SECRET-KEY-1' "$1"
}

@test "age-keygen and key name the same public key for each other's" {
	theirs
	[ "$(sluice key public theirs.txt)" = "$(cat theirs.pub)" ]
	[ "$(age-keygen -y ours.txt)" = "$(cat ours.pub)" ]
}

@test "age opens what sluice sealed for two keys, with either" {
	theirs
	for size in $SIZES; do
		plain "$size"
		sluice seal -f -R theirs.pub -r "$(cat ours.pub)" plain
		for key in ours.txt theirs.txt; do
			: >out # age makes no file where there is nothing to put into it
			age -d -i $key -o out plain.age
			cmp plain out
		done
	done
}

@test "sluice opens what age sealed for two keys, with either" {
	theirs
	for size in $SIZES; do
		plain "$size"
		age -R theirs.pub -r "$(cat ours.pub)" -o plain.age plain
		for key in ours.txt theirs.txt; do
			sluice unseal -i $key -f -o out plain.age
			cmp plain out
		done
	done
}

@test "in armor too" {
	theirs
	plain 5000
	sluice seal -a -R theirs.pub -o x plain
	age -d -i theirs.txt x | cmp plain -
	age -a -R ours.pub -o x plain
	sluice unseal -i ours.txt -c x | cmp plain -
}

@test "typage opens what sluice sealed for two keys, with either" {
	sluice key new -q -o more.txt
	for size in $SIZES; do
		plain "$size"
		sluice seal -f -R ours.pub -r "$(sluice key public more.txt)" plain
		for key in ours.txt more.txt; do
			WORDS=$(secret $key) typage_unseals
			cmp plain out
		done
	done
}

@test "sluice opens what typage sealed for two keys, with either" {
	sluice key new -q -o more.txt
	for size in $SIZES; do
		plain "$size"
		WORDS="$(cat ours.pub),$(sluice key public more.txt)" typage_seals
		for key in ours.txt more.txt; do
			sluice unseal -i $key -f -o out plain.age
			cmp plain out
		done
	done
}

@test "a file of keys that one sealed with a passphrase serves the other" {
	need age
	plain 1000
	sluice seal -R ours.pub plain
	sluice seal --passphrase-file pass --work-factor 12 -o ours.age ours.txt
	terminal -t 60 "Enter passphrase" "$WORDS" \
		-- age -d -i ours.age -o out plain.age
	cmp plain out
	terminal -t 60 "Enter passphrase" "$WORDS" "Confirm passphrase" "$WORDS" \
		-- age -p -a -o theirs.age ours.txt
	sluice unseal --passphrase-file pass -i theirs.age -c plain.age |
		cmp plain -
}

@test "a file for another key is refused by all" {
	theirs
	plain 10
	sluice seal -R ours.pub plain
	run ! age -d -i theirs.txt -o out plain.age
	[[ $output == *"no identity matched"* ]]
	age -R theirs.pub -o theirs.age plain
	run -4 sluice unseal -i ours.txt -c theirs.age
	[[ $output == *"is sealed for: X25519; no key that is given opens it" ]]
}

@test "ssh keys serve sluice and age alike" {
	need age ssh-keygen
	ssh-keygen -q -t ed25519 -N '' -f ed
	ssh-keygen -q -t rsa -b 3072 -N '' -f rsa
	plain 70000
	for key in ed rsa; do
		[ "$(sluice key public $key)" = "$(cut -d ' ' -f 1,2 $key.pub)" ]
		sluice seal -f -R $key.pub -R ours.pub plain
		age -d -i $key plain.age | cmp plain -
		sluice unseal -i $key -c plain.age | cmp plain -
		age -R $key.pub -R ours.pub -o theirs.age plain
		sluice unseal -i $key -c theirs.age | cmp plain -
		sluice unseal -i ours.txt -c theirs.age | cmp plain -
		rm theirs.age
	done
}

@test "ssh keys in PEM serve sluice and age alike" {
	need age ssh-keygen openssl
	plain 1000
	ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -f pem
	ssh-keygen -q -t rsa -b 2048 -m PKCS8 -N '' -f pkcs8
	for key in pem pkcs8; do
		[ "$(sluice key public $key)" = "$(cut -d ' ' -f 1,2 $key.pub)" ]
		sluice seal -f -R $key.pub plain
		age -d -i $key plain.age | cmp plain -
		age -R $key.pub -o theirs.age plain
		sluice unseal -i $key -c theirs.age | cmp plain -
		rm theirs.age
	done
	# OpenSSH neither writes such a key nor reads it; age does.
	openssl genpkey -algorithm ed25519 -out ed
	sluice key public -o ed.pub ed
	sluice seal -f -R ed.pub plain
	age -d -i ed plain.age | cmp plain -
	sluice unseal -i ed -c plain.age | cmp plain -
}

@test "the passphrases of ssh keys in PEM are those that ssh-keygen set" {
	need age ssh-keygen openssl
	plain 1000
	ssh-keygen -q -t rsa -b 2048 -m PEM -N "$WORDS" -f pem
	ssh-keygen -q -t rsa -b 2048 -m PKCS8 -N "$WORDS" -f pkcs8
	for key in pem pkcs8; do
		[ "$(sluice key public --passphrase-file pass $key)" = \
			"$(cut -d ' ' -f 1,2 $key.pub)" ]
		age -R $key.pub -o theirs.age plain
		sluice unseal --passphrase-file pass -i $key -c theirs.age |
			cmp plain -
		rm theirs.age
	done
	for how in "-v2 aes-256-cbc" "-v2 des3" "-v2prf hmacWithSHA512" \
		"-v2 aria-256-cbc -iter 100000"; do
		# shellcheck disable=SC2086
		openssl pkcs8 -topk8 -in pem -passin "pass:$WORDS" $how \
			-passout "pass:$WORDS" -out other
		sluice key public --passphrase-file pass other >other.pub
		[ "$(cat other.pub)" = "$(cut -d ' ' -f 1,2 pem.pub)" ]
	done
}

@test "of somebody's ssh keys age and sluice pass over the same" {
	need age ssh-keygen
	ssh-keygen -q -t ed25519 -N '' -f ed
	ssh-keygen -q -t ecdsa -N '' -f ec
	ssh-keygen -q -t rsa -b 1024 -N '' -f small
	cat ec.pub ed.pub small.pub >user.keys
	plain 1000
	run -0 --separate-stderr age -R user.keys -o theirs.age plain
	theirs=$(grep -o 'at line [0-9]*' <<<"$stderr" | grep -o '[0-9]*$')
	run -0 --separate-stderr sluice seal -R user.keys plain
	ours=$(grep -o 'line [0-9]*: passed over' <<<"$stderr" |
		grep -o '[0-9]*')
	[ "$ours" = "$theirs" ]
	[ "$ours" = $'1\n3' ]
	age -d -i ed plain.age | cmp plain -
	sluice unseal -i ed -c theirs.age | cmp plain -
	for keys in ec.pub small.pub; do
		run ! age -R $keys -o none plain
		run -5 sluice seal -R $keys -o none plain
	done
	for key in "$(cat ec.pub)" "$(cat small.pub)" "no-pty $(cat ed.pub)"; do
		run ! age -r "$key" -o none plain
		run -2 sluice seal -r "$key" -o none plain
	done
	# Options in front of a key are not what either takes.
	sed 's/^/no-pty /' ed.pub >options.keys
	run ! age -R options.keys -o none plain
	run -5 sluice seal -R options.keys -o none plain
	[ ! -e none ]
}

@test "ssh keys with passphrases serve sluice and age alike" {
	need age ssh-keygen
	/sbin/ldconfig -p | grep -F libbotan- >/dev/null ||
		skip "no libbotan here"
	plain 70000
	for type in ed25519 rsa; do
		for cipher in aes256-ctr aes256-cbc; do
			rm -f key key.pub theirs.age
			ssh-keygen -q -t $type -Z $cipher -N "$WORDS" -f key
			sluice seal -f -R key.pub plain
			: >out
			terminal -t 60 "Enter passphrase" "$WORDS" \
				-- age -d -i key -o out plain.age
			cmp plain out
			age -R key.pub -o theirs.age plain
			terminal "passphrase for key" "$WORDS" -- \
				"$SLUICE" unseal -i key -f -o out theirs.age
			cmp plain out
		done
	done
}

@test "ssh keys of all AES ciphers that ssh-keygen knows open what age sealed" {
	need age ssh-keygen
	/sbin/ldconfig -p | grep -F libbotan- >/dev/null ||
		skip "no libbotan here"
	plain 1000
	for cipher in aes128-ctr aes192-ctr aes256-ctr aes128-cbc aes192-cbc \
		aes256-cbc aes128-gcm@openssh.com aes256-gcm@openssh.com; do
		rm -f key key.pub theirs.age
		ssh-keygen -q -t ed25519 -a 2 -Z $cipher -N "$WORDS" -f key
		age -R key.pub -o theirs.age plain
		sluice unseal --passphrase-file pass -i key -c theirs.age |
			cmp plain -
	done
}
