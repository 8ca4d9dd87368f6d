#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# The programs in examples/ that talk TLS, to each other and to others; what
# else is there is tried in proxy.bats and house/readme.bats.

load ../helper
load ../authority
load proxies

EXAMPLES=$ROOT/build/release/examples

setup() {
	workplace
	need openssl
	authority root
	authority other
	certify root leaf DNS:localhost,IP:127.0.0.1
}

example() {
	timeout -k 5 60 "$EXAMPLES/$1" "${@:2}"
}

serve_crowd() {
	serve "$EXAMPLES/crowd" listen "$PORT" leaf.pem leaf.key
}

serve_uv() {
	serve "$EXAMPLES/uv_echo" "$PORT" leaf.pem leaf.key
}

start_uv() {
	[ -x "$EXAMPLES/uv_echo" ] || skip "no libuv here"
	start uv
}

# A web server, as far as it goes, which tells the version of TLS.
serve_openssl() {
	serve openssl s_server -www -accept "127.0.0.1:$PORT" \
		-cert leaf.pem -key leaf.key "$@"
}

ask() {
	printf 'GET / HTTP/1.0\r\n\r\n' | example "$@"
}

@test "tls_socks is TLS through a SOCKS5 proxy, in forty lines" {
	[ "$(wc -l <"$ROOT/examples/tls_socks.c")" -le 40 ]
	start_microsocks
	socks=$PORT
	for version in 1_2 1_3; do
		start openssl "-tls$version"
		ask tls_socks 127.0.0.1 "$socks" localhost "$PORT" root.pem >said
		grep "^HTTP/1.0 200" said
		grep "Protocol.*TLSv${version/_/.}" said
	done
}

@test "tls_socks says nothing to whom it does not trust" {
	start_microsocks
	socks=$PORT
	start openssl
	for roots in other.pem ""; do
		# shellcheck disable=SC2086
		run -1 --separate-stderr ask tls_socks \
			127.0.0.1 "$socks" localhost "$PORT" $roots
		[ -z "$output" ]
		# shellcheck disable=SC2154
		[[ $stderr == "tls_socks: tls: "*certificate* ]]
	done
	run -1 ask tls_socks 127.0.0.1 "$socks" localhost "$socks" root.pem
	[[ $output == "tls_socks: tls: "* ]]
}

@test "by_hand talks to openssl s_server" {
	start openssl
	ask by_hand localhost "$PORT" root.pem >said
	grep "^HTTP/1.0 200" said
	run -1 ask by_hand localhost "$PORT" other.pem
	[[ $output == "by_hand: tls: "*certificate* ]]
}

@test "by_hand talks to uv_echo, both ways at once" {
	start_uv
	head -c "$SIZE" /dev/urandom >words
	example by_hand localhost "$PORT" root.pem <words >said
	cmp said words
}

@test "crowd: a thousand connections, one thread on either side" {
	[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 1200 ] ||
		skip "too few descriptors"
	ulimit -Sn "$(ulimit -Hn)"
	start crowd
	run -0 example crowd connect localhost "$PORT" root.pem 1000
	[ "$output" = "1000 done, 0 failed" ]
}

@test "crowd: others are answered too" {
	start crowd
	(echo hello && sleep 1) | timeout 30 openssl s_client -quiet -no_ign_eof \
		-CAfile root.pem -verify_return_error -verify_hostname localhost \
		-connect "localhost:$PORT" >said 2>said.log
	[ "$(cat said)" = hello ]
}

@test "crowd: who is somebody else is told so, and the others go on" {
	start crowd
	run -1 --separate-stderr example crowd connect localhost "$PORT" other.pem 3
	[ "$output" = "0 done, 3 failed" ]
	[[ $stderr == *"crowd: tls: "*certificate* ]]
	run -0 example crowd connect localhost "$PORT" root.pem 3
}

@test "uv_echo: a thousand connections in a libuv loop" {
	[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 1200 ] ||
		skip "too few descriptors"
	ulimit -Sn "$(ulimit -Hn)"
	start_uv
	run -0 example crowd connect localhost "$PORT" root.pem 1000
	[ "$output" = "1000 done, 0 failed" ]
}

@test "the servers end when they are told to" {
	start crowd
	example crowd connect localhost "$PORT" root.pem 3
	kill "${STARTED[-1]}"
	wait "${STARTED[-1]}"
	grep "^3 done" "server-$PORT.log"
	start_uv
	kill "${STARTED[-1]}"
	wait "${STARTED[-1]}"
}

# Send `words` through queues of the kernel's, which have names for all to see.
# The sender trusts $1.
through_queues() {
	local name="sluice-test-$$-$BATS_TEST_NUMBER" i
	example tls_mq receive "$name" leaf.pem leaf.key >got 2>receiver.log &
	for ((i = 0; i < 100; i++)); do
		example tls_mq send "$name" localhost "$1" <words 2>sender.log
		grep "mq: .*No such file" sender.log || break
		sleep 0.05
	done
	wait $!
}

@test "tls_mq: a file goes through message queues" {
	[ -e /proc/sys/fs/mqueue ] || skip "no message queues here"
	head -c "$SIZE" /dev/urandom >words
	run -0 through_queues root.pem
	cmp got words
	[ ! -s sender.log ]
	[ ! -s receiver.log ]
}

@test "tls_mq: nothing goes to another receiver" {
	[ -e /proc/sys/fs/mqueue ] || skip "no message queues here"
	echo secret >words
	run -1 through_queues other.pem
	grep "^tls_mq: tls: .*certificate" sender.log
	grep "^tls_mq: tls: .*peer" receiver.log
	[ ! -s got ]
}

@test "digest shows what went by" {
	head -c "$SIZE" /dev/urandom >words
	example digest <words >got 2>seen
	cmp got words
	[ "$(cat seen)" = "$(sha256sum <words | cut -c 1-64)" ]
	run -1 example digest sha2566 <words
	[[ $output == "digest: "*"sha256"* ]]
}

@test "lots draws some, and nobody twice" {
	run -0 example lots 3 anna bea carl dora
	[ "${#lines[@]}" -eq 3 ]
	for name in "${lines[@]}"; do
		[[ $name =~ ^(anna|bea|carl|dora)\ [a-z-]+$ ]]
	done
	[ "$(printf '%s\n' "${lines[@]%% *}" | sort -u | wc -l)" -eq 3 ]
	run -1 example lots 5 anna bea carl dora
	[ "$output" != "${output#lots: }" ]
	run -1 example lots
	[ "$output" = "lots: usage: lots COUNT NAME..." ]
}
