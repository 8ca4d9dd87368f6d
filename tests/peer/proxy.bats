# SPDX-License-Identifier: ISC
# Tunnels through other people's proxies, and what curl gets through them.

load ../helper
load proxies

@test "microsocks leads to what curl gets there, names resolved by it" {
	start_microsocks
	fetch 127.0.0.1 "$PORT" socks5 localhost "$WEB"
	HOST=localhost same_as_curl --proxy "socks5h://127.0.0.1:$PORT"
	fetch 127.0.0.1 "$PORT" socks5 127.0.0.1 "$WEB"
	same_as_curl --proxy "socks5://127.0.0.1:$PORT"
}

@test "microsocks with a password takes ours, and no other" {
	start_microsocks -u alice -P s3cret
	refused "socks: asks for a user and a password" \
		127.0.0.1 "$PORT" socks5 127.0.0.1 "$WEB"
	as_alice
	fetch 127.0.0.1 "$PORT" socks5 127.0.0.1 "$WEB"
	same_as_curl --proxy "socks5h://alice:s3cret@127.0.0.1:$PORT"
	PROXY_PASSWORD=s3cre refused "socks: refused the user and the password" \
		127.0.0.1 "$PORT" socks5 127.0.0.1 "$WEB"
}

@test "microsocks without a password takes us with one as well" {
	start_microsocks
	as_alice
	fetch 127.0.0.1 "$PORT" socks5 127.0.0.1 "$WEB"
	cmp ours www/plain
}

@test "microsocks says what it could not do, and we repeat it" {
	start_microsocks
	closed=$(free_port)
	refused "socks: connection refused (SOCKS 5) for 127.0.0.1:$closed" \
		127.0.0.1 "$PORT" socks5 127.0.0.1 "$closed"
	refused "socks: general failure of the proxy (SOCKS 1) for no-such-host.invalid:80" \
		127.0.0.1 "$PORT" socks5 no-such-host.invalid 80
	refused "socks: answered SOCKS5, not SOCKS4" \
		127.0.0.1 "$PORT" socks4a 127.0.0.1 "$WEB"
	refused "http_proxy: answered SOCKS5, not HTTP" \
		127.0.0.1 "$PORT" http 127.0.0.1 "$WEB"
}

@test "dante leads to what curl gets there, in either version" {
	start_dante
	fetch 127.0.0.1 "$PORT" socks5 localhost "$WEB"
	HOST=localhost same_as_curl --proxy "socks5h://127.0.0.1:$PORT"
	fetch 127.0.0.1 "$PORT" socks4a 127.0.0.1 "$WEB"
	same_as_curl --proxy "socks4://127.0.0.1:$PORT"
}

@test "dante says what it could not or would not do, and we repeat it" {
	start_dante
	closed=$(free_port)
	refused "socks: connection refused (SOCKS 5) for 127.0.0.1:$closed" \
		127.0.0.1 "$PORT" socks5 127.0.0.1 "$closed"
	refused "socks: forbidden by the proxy's rules (SOCKS 2) for 127.0.0.1:1" \
		127.0.0.1 "$PORT" socks5 127.0.0.1 1
	refused "socks: host unreachable (SOCKS 4) for no-such-host.invalid:80" \
		127.0.0.1 "$PORT" socks5 no-such-host.invalid 80
	refused "socks: rejected or failed (SOCKS 91) for 127.0.0.1:$closed" \
		127.0.0.1 "$PORT" socks4a 127.0.0.1 "$closed"
}

@test "dante with a password takes ours, and no other" {
	start_dante alice s3cret
	refused "socks: asks for a user and a password" \
		127.0.0.1 "$PORT" socks5 127.0.0.1 "$WEB"
	as_alice
	fetch 127.0.0.1 "$PORT" socks5 127.0.0.1 "$WEB"
	same_as_curl --proxy "socks5h://alice:s3cret@127.0.0.1:$PORT"
	PROXY_PASSWORD=s3cre refused "socks: refused the user and the password" \
		127.0.0.1 "$PORT" socks5 127.0.0.1 "$WEB"
}

# Dante knows no names in version 4: it takes 0.0.0.1 for an address.
@test "a proxy of version 4 is told a name as curl tells it" {
	start_recorder
	run curl -s --max-time 10 --proxy "socks4a://alice@127.0.0.1:$PORT" \
		http://example.org:8080/
	as_alice
	refused "socks: closed without an answer for example.org:8080" \
		127.0.0.1 "$PORT" socks4a example.org 8080
	cat heard
	[ "$(wc -l <heard)" -eq 2 ]
	[ "$(uniq heard | wc -l)" -eq 1 ]
}

@test "tinyproxy leads to what curl gets there" {
	start_tinyproxy
	fetch 127.0.0.1 "$PORT" http localhost "$WEB"
	HOST=localhost same_as_curl -p --proxy "http://127.0.0.1:$PORT"
	fetch 127.0.0.1 "$PORT" http 127.0.0.1 "$WEB"
	same_as_curl -p --proxy "http://127.0.0.1:$PORT"
}

@test "tinyproxy with a password takes ours, and no other" {
	start_tinyproxy alice s3cret
	refused "http_proxy: asks for a user and a password" \
		127.0.0.1 "$PORT" http 127.0.0.1 "$WEB"
	as_alice
	fetch 127.0.0.1 "$PORT" http 127.0.0.1 "$WEB"
	same_as_curl -p --proxy "http://alice:s3cret@127.0.0.1:$PORT"
	PROXY_PASSWORD=s3cre refused "http_proxy: refused the user and the password" \
		127.0.0.1 "$PORT" http 127.0.0.1 "$WEB"
}

@test "tinyproxy says what it could not or would not do, and we repeat it" {
	closed=$(free_port)
	ALLOWED=$closed start_tinyproxy
	refused "http_proxy: answered 403 Access violation for 127.0.0.1:$WEB" \
		127.0.0.1 "$PORT" http 127.0.0.1 "$WEB"
	refused "http_proxy: answered 500 Unable to connect for 127.0.0.1:$closed" \
		127.0.0.1 "$PORT" http 127.0.0.1 "$closed"
	refused "http_proxy: answered 500 Unable to connect for no-such-host.invalid:$closed" \
		127.0.0.1 "$PORT" http no-such-host.invalid "$closed"
}

@test "an address of IPv6 is reached by its number" {
	/usr/bin/python3 -c 'import socket
socket.socket(socket.AF_INET6).bind(("::1", 0))' || skip "no IPv6 here"
	start_microsocks
	socks=$PORT
	start_tinyproxy
	http=$PORT
	start_web ::1
	six=$PORT
	fetch 127.0.0.1 "$socks" socks5 ::1 "$six"
	cmp ours www/plain
	fetch 127.0.0.1 "$http" http "[::1]" "$six"
	cmp ours www/plain
}

@test "SOCKS leads through SOCKS, HTTP and HTTP through SOCKS" {
	start_microsocks -u alice -P s3cret
	one=$PORT
	start_dante
	two=$PORT
	start_tinyproxy
	three=$PORT
	as_alice
	fetch 127.0.0.1 "$one" socks5 127.0.0.1 "$two" socks5 localhost "$WEB"
	cmp ours www/plain
	fetch 127.0.0.1 "$one" socks5 127.0.0.1 "$three" http localhost "$WEB"
	HOST=localhost same_as_curl -p --proxy "http://127.0.0.1:$three" \
		--preproxy "socks5h://alice:s3cret@127.0.0.1:$one"
	fetch 127.0.0.1 "$three" http 127.0.0.1 "$two" socks4a 127.0.0.1 "$WEB"
	cmp ours www/plain
	fetch 127.0.0.1 "$three" http localhost "$one" socks5 127.0.0.1 "$two" \
		socks5 localhost "$WEB"
	cmp ours www/plain
}

@test "what a proxy within a tunnel refuses is told as its own" {
	start_microsocks
	one=$PORT
	start_tinyproxy
	closed=$(free_port)
	refused "http_proxy: answered 500 Unable to connect for 127.0.0.1:$closed" \
		127.0.0.1 "$one" socks5 127.0.0.1 "$PORT" http 127.0.0.1 "$closed"
	refused "socks: connection refused (SOCKS 5) for 127.0.0.1:$closed" \
		127.0.0.1 "$PORT" http localhost "$one" socks5 127.0.0.1 "$closed"
}

@test "what the far end says first is not lost behind the proxy's answer" {
	start_microsocks
	socks=$PORT
	start_tinyproxy
	http=$PORT
	start_banner
	for _ in {1..10}; do
		[ "$(through 127.0.0.1 "$socks" socks5 127.0.0.1 "$PORT" </dev/null)" = \
			"220 at once" ]
		[ "$(through 127.0.0.1 "$http" http 127.0.0.1 "$PORT" </dev/null)" = \
			"220 at once" ]
	done
}
