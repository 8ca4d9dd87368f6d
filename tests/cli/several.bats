# SPDX-License-Identifier: ISC
load ../helper
load cli

# Small files, 1 to N, and a key.
setup() {
	workplace
	sluice key new >key 2>/dev/null
	chmod 600 key
	key=$(sluice key public key)
	mkdir in sealed out
}

small() {
	local i
	for ((i = 1; i <= $1; i++)); do
		head -c "$((i * 97))" /dev/urandom >in/"$i"
		in+=(in/"$i")
		sealed+=(sealed/"$i".age)
	done
}

# What -v says of each of these, in order.
told() {
	local verb=$1 from
	shift
	for from; do
		if [ "$verb" = sealed ]; then
			echo "sluice: in/$from: sealed to sealed/$from.age"
		else
			echo "sluice: sealed/$from.age: unsealed to out/$from"
		fi
	done
}

@test "small files are sealed and opened, and told of in the order of their names" {
	small 70
	run -0 --separate-stderr sluice seal -v -r "$key" -O sealed "${in[@]}"
	said "$(told sealed {1..70})"
	printed ""
	run -0 --separate-stderr sluice unseal -v -i key -O out "${sealed[@]}"
	said "$(told unsealed {1..70})"
	diff -r in out
	[ "$(find sealed -type f | wc -l)" = 70 ]
	run -0 --separate-stderr sluice unseal -t -v -i key "${sealed[@]}"
	said "$(printf 'sluice: %s: is intact\n' "${sealed[@]}")"
}

@test "they take what was there before, with -f and not without" {
	small 5
	sluice seal -r "$key" -O sealed "${in[@]}"
	cp -r sealed before
	run -6 --separate-stderr sluice seal -r "$key" -O sealed "${in[@]}"
	[ "${#stderr_lines[@]}" = 5 ]
	diff -r before sealed
	sluice seal -f -r "$key" -O sealed "${in[@]}"
	run -1 diff -rq before sealed
	sluice unseal -i key -O out "${sealed[@]}"
	diff -r in out
}

@test "what goes wrong with one of them is said in its turn, and not done" {
	small 50
	sluice seal -r "$key" -O sealed "${in[@]}"
	truncate -s -1 sealed/7.age
	echo nonsense >sealed/31.age
	run -9 --separate-stderr sluice unseal -v -i key -O out "${sealed[@]}"
	said "$(
		told unsealed {1..6}
		echo "sluice: sealed/7.age: damaged, cut short or added to" \
			"at byte 0: nothing was written"
		told unsealed {8..30}
		echo "sluice: sealed/31.age: not an age file"
		told unsealed {32..50}
	)"
	rm in/7 in/31
	diff -r in out
}

@test "a large file among them has its turn" {
	small 4
	head -c 1500000 /dev/urandom >in/2
	run -0 --separate-stderr sluice seal -v -r "$key" -O sealed "${in[@]}"
	said "$(told sealed 1 2 3 4)"
	run -0 --separate-stderr sluice unseal -v -i key -O out "${sealed[@]}"
	said "$(told unsealed 1 2 3 4)"
	diff -r in out
}

@test "as text, and with the input's permissions, as if alone" {
	small 3
	chmod 640 in/2
	touch -d "2001-02-03 04:05:06" in/*
	sluice seal -a --preserve -r "$key" -O sealed "${in[@]}"
	[[ $(head -n 1 sealed/2.age) == "-----BEGIN AGE"* ]]
	[ "$(stat -c "%a %Y" sealed/2.age)" = "$(stat -c "%a %Y" in/2)" ]
	sluice unseal --preserve -i key -O out "${sealed[@]}"
	[ "$(stat -c "%a %Y" out/2)" = "$(stat -c "%a %Y" in/2)" ]
	diff -r in out
}

@test "few descriptors are enough" {
	plain
	small 40
	(
		ulimit -n 22
		sluice seal -r "$key" -O sealed "${in[@]}"
		sluice unseal -i key -O out "${sealed[@]}"
	)
	diff -r in out
}

@test "they wait for the disk together" {
	plain
	need strace
	strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
	small 20
	# One after the other it would be 8 seconds.
	SECONDS=0
	strace -f -o /dev/null -e trace=fsync \
		-e inject=fsync:delay_enter=200000 \
		"$SLUICE" seal -r "$key" -j 2 -O sealed "${in[@]}"
	[ "$SECONDS" -lt 5 ]
	sluice unseal -i key -O out "${sealed[@]}"
	diff -r in out
}

@test "a file of keys that is sealed is asked for once, and has them opened in order" {
	small 30
	sluice seal -r "$key" -O sealed "${in[@]}"
	seal -o key.age key
	run -0 terminal "passphrase for key.age: " secret -- \
		"$SLUICE" unseal -v -i key.age -O out "${sealed[@]}"
	diff -r in out
	[ "$(grep -c "passphrase for" <<<"$output")" = 1 ]
	[ "$(grep "unsealed to" <<<"$output" | tr -d '\r')" = \
		"$(told unsealed {1..30})" ]
}

@test "those with a passphrase among them ask once, and have their turn" {
	small 9
	sluice seal -r "$key" -O sealed "${in[@]}"
	for i in 3 8; do
		seal -f -o sealed/$i.age in/$i
	done
	run -0 terminal "passphrase for 9 files: " secret -- \
		"$SLUICE" unseal -v -i key -O out "${sealed[@]}"
	[ "$(grep "unsealed to" <<<"$output" | tr -d '\r')" = \
		"$(told unsealed {1..9})" ]
	diff -r in out
}

@test "where nobody can be asked, those that take no passphrase are opened" {
	small 9
	sluice seal -r "$key" -O sealed "${in[@]}"
	for i in 3 8; do
		seal -f -o sealed/$i.age in/$i
	done
	run -9 --separate-stderr sluice unseal -v -i key -O out "${sealed[@]}"
	said "$(
		told unsealed 1 2
		echo "sluice: no terminal to ask for a passphrase"
		echo "sluice: hint: use --passphrase-file, --passphrase-fd" \
			"or --passphrase-env"
		told unsealed 4 5 6 7 9
	)"
	rm in/3 in/8
	diff -r in out
}

@test "--progress tells of each of them" {
	small 3
	run -0 --separate-stderr sluice seal --progress -r "$key" -O sealed \
		"${in[@]}"
	for i in 1 2 3; do
		[[ ${stderr_lines[i - 1]} == \
			"sluice: in/$i: 100%, $((i * 97)) B of $((i * 97)) B"* ]]
	done
}
