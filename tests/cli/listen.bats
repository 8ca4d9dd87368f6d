# SPDX-License-Identifier: ISC
# A TLS server for standard input and output, for an echo, for another port.

load ../helper
load ../tls
load cli

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	authority root
	certify root server DNS:localhost,DNS:example.org,IP:127.0.0.1,IP:::1
	certify root client DNS:client
	authority stranger
	certify stranger strange DNS:client
	new_key alone
	openssl req -x509 -new -key alone.key -subj "/CN=client" -days 30 \
		-addext "basicConstraints=critical,CA:FALSE" \
		-addext "keyUsage=critical,digitalSignature" -out alone.pem
	openssl pkcs8 -topk8 -in server.key -passout pass:secret -out locked.key
	chmod 600 locked.key
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

# Begin to listen, for as long as the test takes; once it does, PORT is known,
# SERVER is its process, and `said` what it says.
begin() {
	: >said
	"$SLUICE" listen --cert server.pem --key server.key "$@" 2>said 3>&- <&0 &
	SERVER=$!
	STARTED+=("$SERVER")
	until_so grep -q '^sluice: listening at ' said
	PORT=$(sed -n '1 s/.*://p' said)
}

# The server's end comes, with this exit code.
ended() {
	local code=0
	wait "$SERVER" || code=$?
	[ "$code" = "$1" ] || {
		echo "exit code $code, not $1"
		cat said
		return 1
	}
}

@test "a file arrives, as it was, though nothing is sent back" {
	head -c 3000001 /dev/urandom >data
	begin 0 </dev/null >got
	connect "localhost:$PORT" <data
	ended 0
	cmp got data
	begin 0 </dev/null >got
	cat data | connect "localhost:$PORT"
	ended 0
	cmp got data
	begin 0 <data >got
	connect "localhost:$PORT" </dev/null | cmp - data
	ended 0
	[ ! -s got ]
}

@test "it listens at 127.0.0.1 unless told, and says where" {
	begin 0 </dev/null
	[ "$(cat said)" = "sluice: listening at 127.0.0.1:$PORT" ]
	[ "$(listens_at)" = 0100007F ]
	kill "$SERVER"
	begin 0.0.0.0:0 </dev/null
	[ "$(cat said)" = "sluice: listening at 0.0.0.0:$PORT" ]
	[ "$(listens_at)" = 00000000 ]
	begin -k --echo "localhost:0"
	echo hi | connect "localhost:$PORT" | grep hi
}

@test "a port that the system chose is told even with -q, and nothing else is" {
	begin -q -k --echo 0 </dev/null
	[ "$(cat said)" = "sluice: listening at 127.0.0.1:$PORT" ]
	echo hi | connect "localhost:$PORT" | grep hi
	port=$(free_port)
	PORT=$port serve "$SLUICE" listen -q --cert server.pem \
		--key server.key --echo "$port"
	[ ! -s "server-$port.log" ]
}

# Which addresses of IPv4 are listened at PORT.
listens_at() {
	sed -n "s/^ *[0-9]*: \(.*\):$(printf %04X "$PORT") 00000000:0000 0A .*/\1/p" \
		/proc/net/tcp
}

@test "only the first who connects is let in, and its end is the end" {
	begin --echo 0
	"$SLUICE" connect --ca root.pem "localhost:$PORT" < <(sleep 5) 3>&- &
	until_so eval '! listens'
	run -7 --separate-stderr connect "localhost:$PORT"
	said "sluice: localhost:$PORT: connection refused"
	kill "$!"
	ended 8
	grep ": closed without close_notify" said
}

@test "the first who connects and speaks no TLS is the end, with exit code 8" {
	begin 0 </dev/null
	echo "GET / HTTP/1.0" >"/dev/tcp/127.0.0.1/$PORT"
	ended 8
	[ "$(wc -l <said)" = 2 ]
	grep "^sluice: 127.0.0.1:" said
}

@test "many are served at a time, whatever one of them does" {
	begin -k --echo 0
	# One stalls before the handshake, one in it, one reads nothing, one sends
	# a byte now and then.
	exec 5<>"/dev/tcp/127.0.0.1/$PORT" 6<>"/dev/tcp/127.0.0.1/$PORT"
	printf '\x16\x03\x01\x02\x00\x01' >&6
	connect "localhost:$PORT" </dev/zero | sleep 20 &
	(for _ in {1..100}; do printf x; sleep 0.1; done) |
		connect "localhost:$PORT" >/dev/null &
	head -c 1000001 /dev/urandom >data
	for i in 1 2 3 4 5; do
		connect "localhost:$PORT" <data >"got$i" &
		waited[i]=$!
	done
	for i in 1 2 3 4 5; do
		wait "${waited[i]}"
		cmp "got$i" data
	done
	exec 5>&- 6>&-
	kill -0 "$SERVER"
	# shellcheck disable=SC2046
	kill $(jobs -p)
}

@test "a hundred are served, with bounded memory for each" {
	plain
	begin -k --echo 0
	cat >crowd.py <<-'END'
		import socket, ssl, sys
		ctx = ssl.create_default_context(cafile="root.pem")
		def one():
		    plain = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
		    return ctx.wrap_socket(plain, server_hostname="localhost")
		crowd = [one() for i in range(100)]
		for i, c in enumerate(crowd):
		    c.sendall(b"%3d" % i)
		for i, c in enumerate(crowd):
		    assert c.recv(100) == b"%3d" % i
		for c in crowd:  # who never reads cannot make it hold much
		    c.settimeout(0.05)
		    try:
		        while True:
		            c.sendall(bytes(65536))
		    except TimeoutError:
		        pass
	END
	/usr/bin/python3 crowd.py "$PORT" 3>&-
	peak=$(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$SERVER/status")
	echo "$peak KiB"
	[ "$peak" -lt 60000 ]
	echo hi | connect "localhost:$PORT" | grep hi
}

@test "past --max, others wait, and get their turn" {
	begin -k --echo --max 1 0
	{ echo one; sleep 2; } | connect "localhost:$PORT" >one &
	until_so grep one one
	echo two | connect --connect-timeout 20 "localhost:$PORT" >two
	wait "$!"
	[ "$(cat one two)" = $'one\ntwo' ]
}

@test "--timeout lets go who moves nothing" {
	begin -k --echo --timeout 1 0
	run -8 --separate-stderr connect "localhost:$PORT" < <(echo hi; sleep 10)
	printed hi
	until_so grep "nothing moved for 1 s" said
	begin --timeout 1 0 </dev/null
	sleep 5 | connect "localhost:$PORT" &
	ended 7
	grep "nothing moved for 1 s" said
}

@test "--forward carries bytes both ways, each way to its own end" {
	port=$(free_port)
	PORT=$port serve /usr/bin/python3 -c '
import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    c, _ = server.accept()
    said = b""
    while piece := c.recv(65536):
        said += piece
    c.sendall(said)
    c.close()' "$port"
	begin -k --forward "127.0.0.1:$port" 0
	head -c 3000001 /dev/urandom >data
	connect "localhost:$PORT" <data | cmp - data
}

@test "--forward hands on an end that was said, and resets where none was" {
	cat >ends.py <<-'END'
		import os, socket, ssl, subprocess, sys
		server = socket.create_server(("127.0.0.1", 0))
		listen = subprocess.Popen([*sys.argv[1:], "--forward",
		    "127.0.0.1:%d" % server.getsockname()[1], "0"],
		    stderr=subprocess.PIPE)
		port = int(listen.stderr.readline().rsplit(b":", 1)[1])
		ctx = ssl.create_default_context(cafile="root.pem")
		def ends(say):
		    plain = socket.create_connection(("127.0.0.1", port), 20)
		    c = ctx.wrap_socket(plain, server_hostname="localhost")
		    c.sendall(b"half")
		    beyond = server.accept()[0]
		    assert beyond.recv(4, socket.MSG_WAITALL) == b"half"
		    if say:
		        try:
		            c.settimeout(0.1)
		            c.unwrap()
		        except TimeoutError:
		            pass
		    else:
		        socket.socket(fileno=os.dup(c.fileno())).shutdown(2)
		    try:
		        return beyond.recv(4)
		    except ConnectionResetError:
		        return "reset"
		try:
		    assert ends(True) == b""
		    assert ends(False) == "reset"
		finally:
		    listen.kill()
	END
	/usr/bin/python3 ends.py "$SLUICE" listen --cert server.pem \
		--key server.key -k 3>&-
}

@test "those who never read hold up nobody, however few descriptors there are" {
	cat >crowd.py <<-'END'
		import resource, socket, ssl, subprocess, sys, threading
		def pour(c):
		    try:
		        while True:
		            c.sendall(bytes(65536))
		    except OSError:
		        pass
		def accept(server):
		    while True:
		        threading.Thread(target=pour, args=(server.accept()[0],),
		            daemon=True).start()
		def few():
		    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
		server = socket.create_server(("127.0.0.1", 0), backlog=100)
		threading.Thread(target=accept, args=(server,), daemon=True).start()
		listen = subprocess.Popen([*sys.argv[1:], "--forward",
		    "127.0.0.1:%d" % server.getsockname()[1], "0"],
		    stderr=subprocess.PIPE, preexec_fn=few)
		port = int(listen.stderr.readline().rsplit(b":", 1)[1])
		ctx = ssl.create_default_context(cafile="root.pem")
		def connect():
		    plain = socket.create_connection(("127.0.0.1", port), 20)
		    return ctx.wrap_socket(plain, server_hostname="localhost")
		try:
		    crowd = [connect() for i in range(25)]
		    got = 0
		    while got < 30000000:
		        got += len(crowd[0].recv(65536))
		finally:
		    listen.kill()
	END
	/usr/bin/python3 crowd.py "$SLUICE" listen --cert server.pem \
		--key server.key -k 3>&-
}

@test "--forward to nobody ends that connection, and says why" {
	port=$(free_port)
	begin -k --forward "127.0.0.1:$port" 0
	run -8 --separate-stderr connect "localhost:$PORT" </dev/null
	until_so grep "^sluice: 127.0.0.1:$port: connection refused$" said
	begin --forward "127.0.0.1:$port" 0
	run -8 --separate-stderr connect "localhost:$PORT" </dev/null
	ended 7
}

@test "--client-ca lets in who shows a certificate by it, and nobody else" {
	begin -k --echo --client-ca root.pem 0
	echo hi | connect --cert client.pem --key client.key "localhost:$PORT" |
		grep hi
	run -8 --separate-stderr connect "localhost:$PORT" <<<hi
	[[ $stderr == "sluice: localhost:$PORT: "* ]]
	run -8 --separate-stderr connect --cert strange.pem --key strange.key "localhost:$PORT" <<<hi
	printed ""
	[ "$(wc -l <said)" = 3 ]
	run -8 connect --cert alone.pem --key alone.key "localhost:$PORT" <<<hi
	until_so grep ": self-signed certificate (use --client-ca FILE to trust it)$" said
}

@test "--client-ca adds up" {
	for order in "root stranger" "stranger root"; do
		read -r one other <<<"$order"
		begin -k --echo --client-ca "$one.pem" --client-ca "$other.pem" 0
		for who in client strange; do
			echo hi | connect --cert $who.pem --key $who.key \
				"localhost:$PORT" | grep hi
		done
		run -8 connect --cert alone.pem --key alone.key \
			"localhost:$PORT" <<<hi
	done
}

@test "--alpn, --min-version and --sessions hold" {
	begin -k --echo --alpn h2,http/1.1 --min-version 1.3 0
	run -0 connect --alpn http/1.1,h2 --info "localhost:$PORT"
	[[ $output == *"alpn           h2"* ]]
	run -8 connect --alpn spdy "localhost:$PORT"
	run -1 openssl s_client -connect "127.0.0.1:$PORT" -tls1_2 </dev/null
	connect --session kept --info "localhost:$PORT"
	run -0 connect --session kept --info "localhost:$PORT"
	[[ $output == *"resumed        yes"* ]]
	begin -k --echo --sessions none 0
	connect --session none --info "localhost:$PORT"
	run -0 connect --session none --info "localhost:$PORT"
	[[ $output == *"resumed        no"* ]]
}

@test "a socket in the file system is a place, and goes with the program" {
	begin -k --echo unix:sock
	[ "$(cat said)" = "sluice: listening at unix:sock" ]
	echo hi | connect --name localhost unix:sock | grep hi
	begin -k --forward unix:sock unix:other
	kill "$SERVER"
	ended 143
	[ ! -e other ]
	begin --echo unix:other
	echo hi | connect --name localhost unix:other | grep hi
	ended 0
	[ ! -e other ]
}

@test "SIGUSR1 tells how many are connected, SIGINT ends it" {
	begin -k --echo 0
	{ echo hi; sleep 5; } | connect "localhost:$PORT" >got &
	until_so test -s got
	kill -USR1 "$SERVER"
	until_so grep "^sluice: 1 connected$" said
	kill -TERM "$SERVER"
	ended 143
}

@test "a key that is encrypted is opened by a file, or on the terminal" {
	(umask 077 && echo secret >pass.txt && echo wrong >wrong.txt)
	begin --key locked.key --key-passphrase-file pass.txt --echo 0
	echo hi | connect "localhost:$PORT" | grep hi
	run -4 --separate-stderr sluice listen --cert server.pem \
		--key locked.key --key-passphrase-file wrong.txt 0
	[[ $stderr == "sluice: "*locked.key* ]]
	run -2 --separate-stderr sluice listen --cert server.pem \
		--key locked.key 0
	said "sluice: no terminal to ask for a passphrase
sluice: hint: use --key-passphrase-file"
	run -124 terminal "passphrase for locked.key: " secret -- \
		timeout 2 "$SLUICE" listen --cert server.pem --key locked.key \
		-k --echo 0
	[[ $output == *"listening at"* ]]
	[[ $output != *secret* ]]
}

@test "what makes no sense is said before anybody is let in" {
	while IFS='|' read -r words want; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr sluice listen $words
		[[ $stderr == "sluice: $want"* ]] || {
			echo "$words: $stderr"
			false
		}
	done <<'E'
|no port to listen at is given
--cert server.pem 1 2|more than one port to listen at
1|--cert has to say who the server is
--cert server.pem -k 0|standard input and output are for one who connects
--cert server.pem --max 3 0|standard input and output are for one who connects
--cert server.pem --echo --forward a:1 0|--echo and --forward exclude each other
--cert server.pem --forward 8080 0|'8080' is not HOST:PORT, [IPV6]:PORT or unix:PATH
--cert server.pem x|'x' is not PORT, ADDRESS:PORT, [IPV6]:PORT or unix:PATH
--cert server.pem 65536|'65536' is not PORT
--cert server.pem --sessions file:x 0|--sessions: 'file:x' is not memory or none
--cert server.pem --echo --max 0 1|--max: '0' is not a number from 1 to 65535
E
}

@test "a port that is taken is told, and so are files that do not fit" {
	begin -k --echo 0
	run -7 --separate-stderr sluice listen --cert server.pem \
		--key server.key "$PORT"
	[[ $stderr == "sluice: "*"$PORT: address already in use" ]]
	run -5 --separate-stderr sluice listen --cert server.pem \
		--key root.key 0
	[[ $stderr == "sluice: "*root.key* ]]
	run -3 --separate-stderr sluice listen --cert missing.pem 0
	[[ $stderr == "sluice: "*missing.pem* ]]
}

# The examples of the help, of the manual page and of README.md, as they stand.
lines_of_examples() {
	sluice help listen | sed -n '/^examples:$/,$ s/^  \([^#]\)/\1/p'
	grep "^sluice listen" "$ROOT/docs/sluice.1.scd"
	sed -n 's/^\$ \(sluice listen\)/\1/p' "$ROOT/README.md"
}

@test "each example runs as it stands" {
	need curl
	mkdir bin www
	ln -s "$SLUICE" bin/sluice
	echo "here it is" >www/page
	cat server.key >>server.pem
	chmod 600 server.pem
	mapfile -t lines < <(lines_of_examples)
	[ ${#lines[@]} -ge 5 ]
	# shellcheck disable=SC2016
	LINES_TO_RUN=$(printf '%s\n' "${lines[@]}") on_an_island '
		PATH=$PWD/bin:$PATH
		/usr/bin/python3 -m http.server --bind 127.0.0.1 \
			--directory www 8080 2>/dev/null &
		web=$!
		trap "kill $web" EXIT
		listening() {
			for i in {1..200}; do
				grep ":$(printf %04X $1) .* 0A " /proc/net/tcp \
					>/dev/null && return
				sleep 0.05
			done
			false
		}
		listening 8080
		while read -r line; do
			timeout 20 bash -c "exec $line" &
			served=$!
			case $line in
			*"got.bin"*)
				listening 4711
				echo "here it is" |
					sluice connect --ca root.pem localhost:4711
				wait $served
				grep "here it is" got.bin ;;
			*8443*)
				listening 8443
				curl -sS --cacert root.pem https://localhost:8443/page |
					grep "here it is"
				kill $served ;;
			*echo*)
				listening 4712
				echo "here it is" |
					sluice connect --ca root.pem localhost:4712 |
					grep "here it is"
				kill $served ;;
			*) false ;;
			esac
			wait $served || true
		done <<<"$LINES_TO_RUN"'
}
