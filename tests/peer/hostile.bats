#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# TLS with peers that mean no good by it, in both roles and both versions.
#
# What a friend costs is measured first: whoever is hostile gets at most ALLOWED
# KiB more.

load ../helper
load ../tls

ALLOWED=3072

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	authority root
	certify root server DNS:localhost,IP:127.0.0.1
	cat server.key server.pem >hostile.pem
	new_key huge
	openssl req -x509 -new -key huge.key -subj "/CN=huge" -days 30 \
		-addext "nsComment=$(head -c 110000 /dev/zero | tr '\0' x)" \
		-out huge.pem
	chmod 600 hostile.pem
}

setup() {
	workplace
	cp "$BATS_FILE_TMPDIR"/*.{pem,key} .
}

# The hostile one shows as many certificates as a message has room for.
show_huge_chain() {
	local each
	each=$((3 + $(openssl x509 -in huge.pem -outform DER | wc -c)))
	echo "$((16777000 / each)) certificates of $each bytes"
	for ((i = 1; i < 16777000 / each; i++)); do
		cat huge.pem
	done >>hostile.pem
}

# VERSION DEED
serve_hostile() {
	serve /usr/bin/python3 "$ROOT/tests/peer/hostile.py" listen "$PORT" "$@"
}

hostile() {
	timeout 60 /usr/bin/python3 "$ROOT/tests/peer/hostile.py" connect \
		"$PORT" "$@" 3>&-
}

# Run the program as a client, and leave in `peak` the KiB that it took at most.
connect() {
	timeout -k 5 60 /usr/bin/time -q -f %M -o peak \
		"$SLUICE" connect --ca root.pem "$@" "localhost:$PORT"
}

# What a friend of this version costs a client.
befriend() {
	start hostile "$1" friend
	head -c 100000 /dev/zero | connect | wc -c >count
	[ "$(cat count)" -eq 100000 ]
	friendly=$(cat peak)
}

# Nobody cost more than a friend and what is allowed: KIB
cost() {
	echo "$1 KiB, a friend $friendly"
	[ "$1" -lt $((friendly + ALLOWED)) ]
}

@test "connect leaves a server that stalls, or says a byte now and then" {
	for version in 1.2 1.3; do
		befriend $version
		for deed in mute halfway shy; do
			start hostile $version $deed
			run -7 --separate-stderr connect --connect-timeout 1
			[ "$stderr" = "sluice: localhost:$PORT: no handshake within 1 s" ]
			cost "$(cat peak)"
		done
		start hostile $version idle
		run -7 --separate-stderr connect --idle-timeout 1 </dev/null
		[ "$stderr" = "sluice: localhost:$PORT: nothing moved for 1 s" ]
		cost "$(cat peak)"
	done
}

@test "connect understands a server that says a byte at a time" {
	head -c 2048 /dev/urandom >data
	for version in 1.2 1.3; do
		befriend $version
		start hostile $version drip
		connect <data | cmp - data
		cost "$(cat peak)"
	done
}

@test "connect takes a flood of records of one byte, and keeps none" {
	for version in 1.2 1.3; do
		befriend $version
		start hostile $version flood
		connect </dev/null | wc -c >count
		[ "$(cat count)" -eq 200000 ]
		cost "$(cat peak)"
	done
}

@test "connect reads no further than a server that never reads lets it send" {
	for version in 1.2 1.3; do
		befriend $version
		start hostile $version deaf
		run -7 --separate-stderr connect --idle-timeout 1 </dev/zero
		[ "$stderr" = "sluice: localhost:$PORT: nothing moved for 1 s" ]
		cost "$(cat peak)"
	done
}

count_what_comes() {
	connect --idle-timeout 1 </dev/zero | wc -c
}

@test "connect hears all of a server that never reads" {
	for version in 1.2 1.3; do
		befriend $version
		start hostile $version chatter
		run -7 --separate-stderr count_what_comes
		[ "$output" = $((64 << 20)) ]
		[ "$stderr" = "sluice: localhost:$PORT: nothing moved for 1 s" ]
		cost "$(cat peak)"
	done
}

@test "connect refuses a chain of 16 MiB before it has come" {
	for version in 1.2 1.3; do
		cp "$BATS_FILE_TMPDIR/hostile.pem" .
		befriend $version
		show_huge_chain
		start hostile $version idle
		run -8 --separate-stderr connect </dev/null
		[ "$stderr" = "sluice: localhost:$PORT: a message of the handshake is larger than we take" ]
		cost "$(cat peak)"
	done
}

# Our server, for many at a time.
begin_ours() {
	PORT=$(free_port)
	serve "$SLUICE" listen -k --cert server.pem --key server.key "$@" "$PORT"
	server=$(pgrep -P "${STARTED[-1]}")
}

# The same, with an echo; a friend has been there.
begin_echo() {
	begin_ours --echo "$@"
	hostile "$version" friend
	friendly=$(peak_of "$server")
}

peak_of() {
	sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$1/status"
}

# It is as well as ever.
see_how_it_is() {
	hostile "$version" friend
	cost "$(peak_of "$server")"
}

@test "listen leaves a client that stalls, or says a byte now and then" {
	stalling=() logs=()
	for version in 1.2 1.3; do
		begin_echo
		for deed in mute halfway shy; do
			hostile $version $deed &
			stalling+=($!)
		done
		see_how_it_is
		logs+=("server-$PORT.log")
		begin_echo --timeout 1
		hostile $version idle
		grep ": nothing moved for 1 s$" "server-$PORT.log"
		see_how_it_is
	done
	for pid in "${stalling[@]}"; do
		wait "$pid"
	done
	for log in "${logs[@]}"; do
		[ "$(grep -c ": no handshake within 10 s$" "$log")" = 3 ]
	done
}

@test "listen understands a client that says a byte at a time" {
	for version in 1.2 1.3; do
		begin_echo
		hostile $version drip
		see_how_it_is
	done
}

@test "listen echoes a flood of records of one byte, and keeps none" {
	for version in 1.2 1.3; do
		begin_echo
		hostile $version flood
		see_how_it_is
	done
}

@test "listen takes no more of a client that never reads than can be echoed" {
	for version in 1.2 1.3; do
		begin_echo --timeout 1
		hostile $version chatter
		see_how_it_is
	done
}

# Somebody who talks for ever, and hears nothing.
serve_talker() {
	serve /usr/bin/python3 -c '
import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    c, _ = server.accept()
    try:
        while True:
            c.sendall(bytes(65536))
    except OSError:
        c.close()' "$PORT"
}

@test "listen --forward takes no more than a client that never reads lets it" {
	for version in 1.2 1.3; do
		begin_echo
		start talker
		begin_ours --timeout 1 --forward "127.0.0.1:$PORT"
		hostile $version deaf &
		STARTED+=($!)
		until_so grep "nothing moved for 1 s" "server-$PORT.log"
		cost "$(peak_of "$server")"
	done
}

@test "listen reads no further than a client that never reads lets it send" {
	for version in 1.2 1.3; do
		begin_echo
		PORT=$(free_port)
		/usr/bin/time -q -f %M -o peak "$SLUICE" listen --cert server.pem \
			--key server.key --timeout 1 "$PORT" </dev/zero 2>said 3>&- &
		server=$!
		until_so listens
		hostile $version deaf &
		STARTED+=($!)
		code=0
		wait "$server" || code=$?
		[ $code = 7 ]
		grep ": nothing moved for 1 s$" said
		cost "$(cat peak)"
	done
}

@test "listen refuses a chain of 16 MiB before it has come" {
	for version in 1.2 1.3; do
		cp "$BATS_FILE_TMPDIR/hostile.pem" .
		begin_echo --client-ca root.pem
		cp hostile.pem friend.pem
		show_huge_chain
		run hostile $version idle # left, or refused
		grep ": a message of the handshake is larger than we take$" \
			"server-$PORT.log"
		cp friend.pem hostile.pem
		see_how_it_is
	done
}
