# SPDX-License-Identifier: ISC
# A TLS client on standard input and output.

load ../helper
load ../tls
load cli

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	authority root
	certify root server DNS:localhost,DNS:example.org,IP:127.0.0.1
	certify root old DNS:localhost p256 20200101000000Z 20210101000000Z
	authority stranger
	certify stranger strange DNS:localhost
	certify root client DNS:client
	new_key alone
	openssl req -x509 -new -key alone.key -subj "/CN=localhost" -days 30 \
		-addext "basicConstraints=critical,CA:FALSE" \
		-addext "keyUsage=critical,digitalSignature" \
		-addext "subjectAltName=DNS:localhost" -out alone.pem
}

setup() {
	workplace
	cp "$BATS_FILE_TMPDIR"/*.{pem,key} .
}

teardown() {
	stop_servers
	removable
}

connect() {
	sluice connect --ca root.pem "$@"
}

# Somebody who speaks TLS as SCRIPT has it, to one client after another: `c` is
# the connection.  More words go to it as sys.argv[2] and so on.
serve_python() {
	serve /usr/bin/python3 -c '
import socket, ssl, sys, time
ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
ctx.load_cert_chain("server.pem", "server.key")
ctx.load_verify_locations("root.pem")
plain = "plain" in sys.argv[2:]
if "ask" in sys.argv[2:]:
    ctx.verify_mode = ssl.CERT_REQUIRED
for v in "1.2", "1.3":
    if v in sys.argv[2:]:
        ctx.minimum_version = ctx.maximum_version = getattr(
            ssl.TLSVersion, "TLSv" + v.replace(".", "_"))
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
def all_of(c):
    said = b""
    while piece := c.recv(65536):
        said += piece
    return said
while True:
    c, _ = server.accept()
    try:
        if not plain:
            c = ctx.wrap_socket(c, server_side=True, suppress_ragged_eofs=False)
        '"$1"'
    except OSError as e:
        print(e, flush=True)
    c.close()
' "$PORT" "${@:2}"
}

# The server says all back, once all was said, and good-bye.
ECHO='said = all_of(c); c.sendall(said); c.unwrap()'

@test "what is sent comes back, in both versions, after the input's end" {
	head -c 3000001 /dev/urandom >data
	for version in 1.2 1.3; do
		start python "$ECHO" $version
		run -0 --separate-stderr connect "localhost:$PORT" </dev/null
		said ""
		printed ""
		connect "localhost:$PORT" <data | cmp - data
		cat data | connect "127.0.0.1:$PORT" >got
		cmp got data
	done
}

@test "--no-wait quits at the input's end" {
	start python 'print(all_of(c), flush=True); time.sleep(50)'
	echo hello | connect --no-wait "localhost:$PORT"
	until_so grep hello "server-$PORT.log"
}

@test "--crlf ends lines with CR LF, once" {
	start python "$ECHO"
	printf 'a\nb\r\n\n\rc\n\n' | connect --crlf "localhost:$PORT" >got
	printf 'a\r\nb\r\n\r\n\rc\r\n\r\n' | cmp - got
	seq 100000 >lines
	connect --crlf "localhost:$PORT" <lines | cmp - <(sed 's/$/\r/' lines)
}

@test "a certificate by nobody who is trusted is refused" {
	start openssl strange
	run -8 --separate-stderr connect "localhost:$PORT" </dev/null
	said "sluice: localhost:$PORT: certificate of an unknown authority (CN=stranger)"
	start openssl server
	run -8 --separate-stderr sluice connect "localhost:$PORT" </dev/null
	said "sluice: localhost:$PORT: certificate of an unknown authority (CN=root)"
	SSL_CERT_FILE=root.pem run -0 sluice connect "localhost:$PORT" </dev/null
	start openssl alone
	run -8 --separate-stderr sluice connect "localhost:$PORT" </dev/null
	said "sluice: localhost:$PORT: self-signed certificate (use --ca FILE to trust it)"
	run -0 sluice connect --ca alone.pem "localhost:$PORT" </dev/null
}

@test "a certificate for another name, or out of date, is refused" {
	start openssl server
	run -8 --separate-stderr connect --name example.net "localhost:$PORT" \
		</dev/null
	said "sluice: localhost:$PORT: certificate is not valid for this name (has: localhost, example.org, 127.0.0.1)"
	run -8 --separate-stderr connect --name 127.0.0.2 "localhost:$PORT" \
		</dev/null
	said "sluice: localhost:$PORT: certificate is not valid for this address (has: localhost, example.org, 127.0.0.1)"
	run -0 connect --name example.org "127.0.0.1:$PORT" </dev/null
	start openssl old
	run -8 --separate-stderr connect "localhost:$PORT" </dev/null
	said "sluice: localhost:$PORT: certificate expired 2021-01-01"
}

@test "a client certificate is shown where it is asked for" {
	start python "$ECHO" ask
	echo hi | connect --cert client.pem --key client.key \
		"localhost:$PORT" | grep hi
	cat client.key >>client.pem
	chmod 600 client.pem
	echo hi | connect --cert client.pem "localhost:$PORT" | grep hi
	echo hi | connect --cert client.pem --key ./client.pem \
		"localhost:$PORT" | grep hi
	run -8 --separate-stderr connect "localhost:$PORT" <<<hi
	[[ $stderr == "sluice: localhost:$PORT: "* ]]
}

@test "who wants a certificate and gets none is heard by --info and --no-wait" {
	refused="refused by the peer: it wants a certificate of ours (alert certificate_required)"
	for version in 1.2 1.3; do
		start python 'c.unwrap()' ask $version
		for words in --info "--info --json"; do
			# shellcheck disable=SC2086
			run -8 --separate-stderr connect $words "localhost:$PORT"
			printed ""
			[[ $stderr == "sluice: localhost:$PORT: refused by the peer: "* ]]
		done
		# What was not sent can be sent elsewhere.
		echo hi | { run ! connect --no-wait "localhost:$PORT"; cat; } |
			grep -x hi
	done
	[[ $stderr == "sluice: localhost:$PORT: $refused" ]]
	start python 'said = c.recv(9); print(said, flush=True); c.unwrap()' \
		ask 1.3
	mine=(--cert client.pem --key client.key)
	run -0 connect "${mine[@]}" --info "localhost:$PORT"
	echo hi | connect "${mine[@]}" --no-wait "localhost:$PORT"
	until_so grep "hi" "server-$PORT.log"
	# What a server says first is not lost by that.
	start python 'c.sendall(b"welcome"); c.recv(9); c.unwrap()' ask 1.3
	run -0 connect "${mine[@]}" --info "localhost:$PORT"
	[[ $output == "version "* ]]
	run -0 connect "${mine[@]}" --no-wait "localhost:$PORT" <<<hi
	printed welcome
	start python 'c.unwrap()' ask 1.3
	run -0 connect "${mine[@]}" --info "localhost:$PORT"
	run -8 --separate-stderr connect --cert strange.pem --key strange.key \
		--info "localhost:$PORT"
	printed ""
}

@test "a server far away is heard for longer" {
	start python 'c.unwrap()' ask 1.3
	# Each way takes 0.4 s.
	start python 'import threading
        def carry(a, b):
            while piece := a.recv(65536):
                time.sleep(0.4)
                b.sendall(piece)
        far = socket.create_connection(("127.0.0.1", int(sys.argv[3])))
        threading.Thread(target=carry, args=(c, far), daemon=True).start()
        carry(far, c)' plain "$PORT"
	run -8 --separate-stderr connect --info "localhost:$PORT"
	[[ $stderr == *"it wants a certificate of ours"* ]]
}

# The pin of NAME.pem, as curl's manual makes it.
pin_of() {
	printf sha256//
	openssl x509 -in "$1.pem" -noout -pubkey | openssl pkey -pubin -outform DER |
		openssl dgst -sha256 -binary | base64
}

@test "--pin is seen to besides, and with --insecure alone" {
	start openssl server
	for name in server root; do
		run -0 connect --pin "$(pin_of stranger)" --pin "$(pin_of $name)" \
			"localhost:$PORT" </dev/null
	done
	run -8 --separate-stderr connect --pin "$(pin_of stranger)" \
		"localhost:$PORT" </dev/null
	[[ $stderr == "sluice: localhost:$PORT: "*pin* ]]
	start openssl old
	run -8 connect --pin "$(pin_of old)" "localhost:$PORT" </dev/null
	run -0 --separate-stderr sluice connect --insecure \
		--pin "$(pin_of old)" --name elsewhere.org "localhost:$PORT" </dev/null
	said ""
	run -8 sluice connect --insecure --pin "$(pin_of server)" \
		"localhost:$PORT" </dev/null
}

@test "--insecure checks nothing, and warns" {
	start openssl strange
	run -0 --separate-stderr sluice connect --insecure --name elsewhere.org \
		--info "localhost:$PORT"
	said "sluice: warning: --insecure: whoever is on the way can read and change all of it"
	[[ $output == *"verified       no: certificate of an unknown authority (CN=stranger)"* ]]
}

@test "--info --insecure tells why the server would not have been trusted" {
	while read -r kind name words; do
		start openssl "$kind"
		run -0 sluice connect -q --insecure --ca root.pem --name "$name" \
			--info "localhost:$PORT"
		grep -Fx "verified       no: $words" <<<"$output"
		run -0 sluice connect -q --insecure --ca root.pem --name "$name" \
			--info --json "localhost:$PORT"
		/usr/bin/python3 -c 'import json, sys
o = json.loads(sys.argv[1])
assert o["verified"] is False and o["doubt"] == sys.argv[2], o' \
			"$output" "$words"
	done <<-'END'
		strange localhost certificate of an unknown authority (CN=stranger)
		server example.net certificate is not valid for this name (has: localhost, example.org, 127.0.0.1)
		old localhost certificate expired 2021-01-01
		alone localhost self-signed certificate (use --ca FILE to trust it)
	END
}

@test "--info tells what was agreed on and who the server is" {
	start openssl server -tls1_3 -alpn http/1.1
	run -0 --separate-stderr connect --info --alpn h2,http/1.1 "localhost:$PORT"
	said ""
	for line in "version        TLS 1.3" "alpn           http/1.1" \
		"resumed        no" "verified       yes" "certificate 1" \
		"  names        localhost" "  pin          $(pin_of server)" \
		"  sha256       $(openssl x509 -in server.pem -outform DER |
			sha256sum | cut -c 1-64)"; do
		grep -Fx -- "$line" <<<"$output"
	done
	run -0 --separate-stderr connect --info --json "localhost:$PORT"
	/usr/bin/python3 -c '
import json, sys
o = json.loads(sys.argv[1])
assert o["peer"] == "localhost:" + sys.argv[2] and o["name"] == "localhost"
assert o["version"] == "TLS 1.3" and o["alpn"] is None
assert o["verified"] is True and o["doubt"] is None
assert o["resumed"] is False
assert o["chain"][0]["names"] == ["localhost", "example.org", "127.0.0.1"]
assert o["chain"][0]["pin"] == sys.argv[3] and len(o["chain"]) == 2
' "$output" "$PORT" "$(pin_of server)"
}

@test "--min-version refuses what is older" {
	start openssl server -tls1_2
	run -0 connect --min-version 1.2 --info "localhost:$PORT"
	[[ $output == *"TLS 1.2"* ]]
	run -8 --separate-stderr connect --min-version 1.3 "localhost:$PORT"
	[[ $stderr == "sluice: localhost:$PORT: "* ]]
}

@test "--session resumes, in both versions, and keeps the file to its owner" {
	for version in -tls1_2 -tls1_3; do
		rm -f kept
		start openssl server -www $version
		run -0 connect --session kept --info "localhost:$PORT"
		[[ $output == *"resumed        no"* ]]
		[ "$(stat -c %a kept)" = 600 ]
		run -0 connect --session kept --info "localhost:$PORT"
		[[ $output == *"resumed        yes"* ]]
		[[ $output == *"verified       yes"* ]]
		printf 'GET / HTTP/1.0\r\n\r\n' |
			connect --session kept "localhost:$PORT" | grep -a "^Reused"
		run -0 connect --session kept --name example.org --info \
			"localhost:$PORT"
		[[ $output == *"resumed        no"* ]]
	done
	echo "sluice-tls-session-0: of another version" >kept
	run -0 connect --session kept --info "localhost:$PORT"
	[[ $output == *"resumed        no"* ]]
	: >kept
	run -0 connect --session kept --info "localhost:$PORT"
	[ -s kept ]
}

@test "--session leaves alone what is no session" {
	umask 077
	start openssl server
	echo "milk, eggs" >notes.txt
	cp notes.txt before
	head -c 300000 /dev/zero >large
	mkfifo pipe
	mkdir folder
	for name in notes.txt large pipe folder; do
		run -6 --separate-stderr timeout 5 "$SLUICE" connect \
			--ca root.pem --session $name --info "localhost:$PORT"
		printed ""
		[[ $stderr == "sluice: $name: already exists, and is no session"* ]]
	done
	cmp notes.txt before
}

@test "--info --session hears nobody out for longer than allowed" {
	start python 'while True: c.sendall(b"x" * 10000)'
	run -0 --separate-stderr connect --connect-timeout 1 --info \
		--session kept "localhost:$PORT"
	[[ $output == "version "* ]]
	[ -s kept ]
}

@test "--keylog writes the keys to a file of its owner's" {
	start openssl server -tls1_3
	run -0 connect --keylog keys --info "localhost:$PORT"
	grep -c "^CLIENT_TRAFFIC_SECRET_0 [0-9a-f]\{64\} [0-9a-f]*$" keys
	[ "$(stat -c %a keys)" = 600 ]
	lines=$(wc -l <keys)
	connect --keylog keys --info "localhost:$PORT"
	[ "$(wc -l <keys)" -gt "$lines" ]
	run -0 --separate-stderr connect --keylog /dev/full --info "localhost:$PORT"
	said "sluice: warning: /dev/full: No space left on device"
	run -3 --separate-stderr connect --keylog no/such localhost:1
	said "sluice: no/such: No such file or directory"
}

@test "an end without close_notify is an error, after what came before it" {
	start python 'c.sendall(b"half"); c.recv(10)'
	run -8 --separate-stderr connect "localhost:$PORT" \
		< <(echo hi; sleep 2)
	printed half
	said "sluice: localhost:$PORT: closed without close_notify"
}

@test "who speaks no TLS is told so, and stalls for no longer than allowed" {
	start python 'c.sendall(b"220 smtp.example.org\r\n" * 3); c.recv(1000)' plain
	run -8 --separate-stderr connect "localhost:$PORT" </dev/null
	[[ $stderr == "sluice: localhost:$PORT: "* ]]
	start python 'time.sleep(50)' plain
	run -7 --separate-stderr connect --connect-timeout 1 "localhost:$PORT"
	said "sluice: localhost:$PORT: no handshake within 1 s"
}

@test "a server that ends the handshake is told to have done so" {
	start python 'c.recv(1000); c.sendall(b"\x15\3\3\0\2\1\0"); c.recv(1)' plain
	run -8 --separate-stderr connect "localhost:$PORT" </dev/null
	said "sluice: localhost:$PORT: refused by the peer: it ended the handshake (alert close_notify)"
}

@test "--idle-timeout gives up on who is silent" {
	start python 'c.sendall(b"hello"); time.sleep(50)'
	run -7 --separate-stderr connect --idle-timeout 1 "localhost:$PORT" \
		< <(sleep 10)
	printed hello
	said "sluice: localhost:$PORT: nothing moved for 1 s"
}

@test "who is not there is named" {
	port=$(free_port)
	run -7 --separate-stderr connect "localhost:$port"
	said "sluice: localhost:$port: connection refused"
	run -7 --separate-stderr connect unix:no-such-socket --name localhost
	[[ $stderr == "sluice: unix:no-such-socket: "*"no such file"* ]]
	run -7 --separate-stderr connect "no-such-host.invalid:443"
	[[ $stderr == "sluice: no-such-host.invalid:443: "* ]]
}

@test "a proxy that is none is named, and so is one that is not there" {
	start python 'c.sendall(b"HTTP/1.0 400 Bad\r\n\r\n"); c.recv(100)' plain
	run -7 --separate-stderr connect --proxy "127.0.0.1:$PORT" example.org:443
	said "sluice: proxy 127.0.0.1:$PORT: answered HTTP, not SOCKS5"
	port=$(free_port)
	ALL_PROXY=127.0.0.1:$port run -7 --separate-stderr connect example.org:443
	said "sluice: proxy 127.0.0.1:$port: connection refused"
	start python 'time.sleep(50)' plain
	run -7 --separate-stderr connect --connect-timeout 1 \
		--proxy "http://127.0.0.1:$PORT" example.org:443
	said "sluice: proxy 127.0.0.1:$PORT: no answer within 1 s"
}

@test "a proxy that wants a password, or that ALL_PROXY misspells, comes with the way out" {
	start python 'c.recv(999); c.sendall(b"HTTP/1.1 407 No\r\n\r\n")' plain
	run -7 --separate-stderr connect --proxy "http://127.0.0.1:$PORT" \
		example.org:443
	said "sluice: proxy 127.0.0.1:$PORT: asks for a user and a password
sluice: hint: --proxy-auth-file takes them from a file"
	ALL_PROXY=ftp://x:1 run -2 --separate-stderr connect example.org:443
	[[ $stderr == *"
sluice: hint: ALL_PROXY in the environment names it; --no-proxy passes it over" ]]
}

@test "a name that is none is named, and how it is written beyond ASCII" {
	run -2 --separate-stderr connect --name "a b" localhost:1
	said "sluice: a b: neither a host name nor an address"
	for words in "bücher.example:443" "localhost:1 --name bücher.example"; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr connect $words
		[[ $stderr == "sluice: bücher.example"*": neither a host name nor an address
sluice: hint: names are in ASCII here, as the DNS has them: xn--..." ]]
	done
}

@test "a socket in the file system is a place, and --name says who is there" {
	run -2 --separate-stderr connect unix:sock
	[[ $stderr == "sluice: unix:sock: --name has to say whose certificate it shows"* ]]
	openssl s_server -unix sock -cert server.pem -key server.key -quiet \
		-rev 3>&- >log 2>&1 &
	STARTED+=($!)
	until_so test -S sock
	{ echo abc; sleep 0.3; } |
		connect --no-wait unix:sock --name localhost | grep cba
}

@test "what is typed is sent line by line, and the peer's end is the end" {
	start python 'c.sendall(c.recv(100).upper()); c.unwrap()' 1.2
	run -0 terminal "" "hello" -- "$SLUICE" connect --ca root.pem \
		"localhost:$PORT"
	[[ $output == *HELLO* ]]
}

@test "SIGINT ends it at once, by that signal" {
	start python 'print("there", flush=True); time.sleep(50)'
	# bash has it ignored in the background.
	/usr/bin/python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' \
		"$SLUICE" connect --ca root.pem "localhost:$PORT" < <(sleep 20) 3>&- &
	pid=$!
	until_so grep there "server-$PORT.log"
	kill -INT "$pid"
	code=0
	wait "$pid" || code=$?
	[ "$code" = 130 ]
}

@test "who reads the output and goes ends it by SIGPIPE" {
	start python 'while True: c.sendall(b"x" * 10000)'
	run -0 bash -c 'sleep 20 | "$SLUICE" connect --ca root.pem "$1" |
		head -c 100000 | wc -c; [ "${PIPESTATUS[1]}" = 141 ]' - "localhost:$PORT"
	printed 100000
}

@test "a full disk is told, and so is an input that cannot be read" {
	start python 'c.sendall(b"x" * 1000000); c.unwrap()'
	run -3 --separate-stderr sh -c '"$SLUICE" connect --ca root.pem "$1" \
		</dev/null >/dev/full' - "localhost:$PORT"
	said "sluice: standard output: No space left on device"
	run -3 --separate-stderr sh -c \
		'"$SLUICE" connect --ca root.pem "$1" <&-' - "localhost:$PORT"
	[[ $stderr == "sluice: standard input: Bad file descriptor" ]]
}

@test "a reader that is slow gets all of it, and no memory goes for it" {
	plain
	start python 'for i in range(1000): c.sendall(bytes(100000))
        c.unwrap()'
	bash -c 'ulimit -v 300000; exec "$SLUICE" connect --ca root.pem "$1" \
		</dev/null' - "localhost:$PORT" |
		{ sleep 1; cat; } | wc -c >count
	[ "$(cat count)" -eq 100000000 ]
}

@test "what makes no sense is said before anything is connected to" {
	while IFS='|' read -r words want; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice connect $words
		[[ $stderr == "sluice: $want"* ]] || {
			echo "$words: $stderr"
			false
		}
	done <<'E'
|nobody to connect to is given
a:1 b:2|more than one to connect to
localhost|'localhost' is not HOST:PORT, [IPV6]:PORT or unix:PATH
:443|':443' is not HOST:PORT
a:0|'a:0' is not HOST:PORT
a:65536|'a:65536' is not HOST:PORT
::1:443|'::1:443' is not HOST:PORT
[::1:443|'[::1:443' is not HOST:PORT
a:1 -4 -6|-4 and -6 exclude each other
a:1 --connect-timeout 0|--connect-timeout: '0' is not a number from 1 to 86400
a:1 --proxy b:1 --no-proxy|--proxy and --no-proxy exclude each other
a:1 --proxy https://b:1|proxies of the kind 'https' are unknown
a:1 --proxy b|'b' is not HOST:PORT
a:1 --proxy http://u:p@b:1|--proxy: others can read a password there
a:1 --proxy-auth-file f|--proxy-auth-file: there is no proxy
a:1 --key k|--key needs --cert
a:1 --json|--json needs --info
a:1 --min-version 1.1|--min-version: '1.1' is not 1.2 or 1.3
a:1 --alpn h2,,x|--alpn: 'h2,,x' is not one to 16 names, of at most 255 bytes each, with commas between
a:1 --pin sha256//AAAA|--pin: 'sha256//AAAA' is not sha256// and 32 bytes in base64
a:1 --pin AAAA|--pin: 'AAAA' is not sha256// and 32 bytes in base64
unix:p --name n --proxy b:1|unix:p: no proxy leads there
E
}

@test "--ca adds up, and the last of what does not counts" {
	for kind in server strange; do
		start openssl $kind
		run -0 sluice connect --ca root.pem --ca stranger.pem \
			"localhost:$PORT" </dev/null
		run -0 sluice connect --ca stranger.pem --ca root.pem \
			"localhost:$PORT" </dev/null
		run -8 sluice connect --ca alone.pem --ca old.pem \
			"localhost:$PORT" </dev/null
	done
	run -0 sluice connect --ca stranger.pem --name elsewhere.org \
		--name localhost --cert missing.pem --cert client.pem \
		--key missing.key --key client.key --alpn a --alpn b \
		--min-version 1.2 --min-version 1.3 --info "127.0.0.1:$PORT"
	run -2 --separate-stderr sluice connect --ca={1..17} localhost:1
	[[ $stderr == "sluice: more than 16 files of who is trusted"* ]]
}

@test "a file of certificates that is none is named" {
	run -3 --separate-stderr sluice connect --ca missing.pem localhost:1
	[[ $stderr == "sluice: "*missing.pem* ]]
	echo nothing >empty.pem
	run -5 --separate-stderr sluice connect --ca empty.pem localhost:1
	[[ $stderr == "sluice: "*empty.pem* ]]
}

# The examples of the help, of the manual page and of README.md, as they stand.
lines_of_examples() {
	sluice help connect | sed -n '/^examples:$/,$ s/^  \([^#]\)/\1/p'
	grep "^sluice connect" "$ROOT/docs/sluice.1.scd"
	sed -n 's/^\$ \(sluice connect\)/\1/p' "$ROOT/README.md"
}

@test "each example runs as it stands, through real proxies" {
	need microsocks
	mkdir bin
	ln -s "$SLUICE" bin/sluice
	mapfile -t lines < <(lines_of_examples)
	[ ${#lines[@]} -ge 4 ]
	# shellcheck disable=SC2016
	LINES_TO_RUN=$(printf '%s\n' "${lines[@]}") on_an_island '
		PATH=$PWD/bin:$PATH:/usr/sbin
		microsocks -i 127.0.0.1 -p 9050 2>/dev/null &
		openssl s_server -accept 127.0.0.1:443 -cert server.pem \
			-key server.key -quiet -www </dev/null &
		trap "kill %1 %2" EXIT
		for port in 9050 443; do
			until (exec 4<>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do
				sleep 0.05
			done
		done
		while read -r line; do
			printf "GET / HTTP/1.0\r\n\r\n" |
				timeout 20 bash -c "$line" >got
			grep "200 ok\|verified  *yes" got
		done <<<"$LINES_TO_RUN"'
}
