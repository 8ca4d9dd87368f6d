# SPDX-License-Identifier: ISC
load ../helper
load cli

setup() {
	workplace
}

@test "bench tells the speed of each job, and how it compares" {
	run -0 --separate-stderr sluice bench random
	said ""
	[ ${#lines[@]} -ge 3 ]
	number=' +[0-9]+\.[0-9]{2}'
	for line in "${lines[@]}"; do
		[[ $line =~ ^random\ .*$number\ (GB|M)/s$number\ x\ RAND_bytes ]]
	done
}

@test "bench without a group runs all of them" {
	plain
	run -0 --separate-stderr sluice bench
	said ""
	[ "$(cut -d ' ' -f 1 <<<"$output" | uniq | tr '\n' ' ')" = \
		"bio seal hash random tls " ]
	[[ $output == *"key of a passphrase"*" s"* ]]
}

@test "bench tells of TLS how fast bytes and handshakes are, beside libssl" {
	run -0 --separate-stderr sluice bench tls
	said ""
	[[ ${lines[0]} =~ ^tls\ .*16\ KiB.*\ GB/s.*\ x\ libssl ]]
	[[ ${lines[1]} =~ ^tls\ .*handshakes.*\ [0-9]+\ /s.*\ x\ libssl ]]
}

@test "bench runs the groups that are named, once and in its own order" {
	run -0 sluice bench random hash random
	[ "$(cut -d ' ' -f 1 <<<"$output" | uniq | tr '\n' ' ')" = \
		"hash random " ]
}

@test "bench --json prints what a program can read" {
	run -0 --separate-stderr sluice bench --json random hash
	said ""
	python3 - <<-'P' "$output"
		import json, sys
		jobs = json.loads(sys.argv[1])
		assert {j["group"] for j in jobs} == {"hash", "random"}
		for j in jobs:
		    assert j["seconds"] > 0 and j["times"] > 0 and j["beside"]
		    assert j.get("bytes", 0) > 0 or j.get("calls", 0) > 0
	P
}

@test "bench knows its groups" {
	run -2 --separate-stderr sluice bench hsah
	said "sluice: unknown group 'hsah'; did you mean 'hash'?"
	run -2 --separate-stderr sluice bench random xyzzy
	said "sluice: unknown group 'xyzzy'"
	printed ""
}

@test "figures that nobody got are a failure" {
	run -3 --separate-stderr bash -c '"$1" bench random >/dev/full' - "$SLUICE"
	said "sluice: standard output: No space left on device"
}
