# SPDX-License-Identifier: ISC
# TLS with other people's programs, in both roles.

load ../helper
load proxies
load ../tls

KINDS="rsa p256 p384 ed25519"

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	authority root
	for kind in $KINDS; do
		certify root "$kind" DNS:localhost,IP:127.0.0.1 "$kind"
	done
	certify root client DNS:client.example
	authority other
	certify other stranger DNS:client.example
	cp p256.pem server.pem
	cp p256.key server.key
}

setup() {
	workplace
	cp "$BATS_FILE_TMPDIR"/*.{pem,key} .
	head -c 1000001 /dev/urandom >page
}

teardown() {
	stop_servers
	removable
}

# Fetch /page with our client, and see that it is what is there.
ours() {
	printf 'GET /page HTTP/1.0\r\nHost: localhost\r\n\r\n' |
		sluice connect --ca root.pem "$@" >answer
	tail -c 1000001 answer | cmp - page
}

# Begin our server, with an echo, for as long as the test takes: NAME [OPTION]...
begin_ours() {
	PORT=$(free_port)
	serve "$SLUICE" listen -q -k --cert "$1.pem" --key "$1.key" "${@:2}" "$PORT"
}

serve_gnutls() {
	serve gnutls-serv --quiet --echo --port "$PORT" --x509certfile "$1.pem" \
		--x509keyfile "$1.key" "${@:2}"
}

# KIND VERSION [LINE]
serve_nginx() {
	mkdir -p nginx
	cat >nginx.conf <<-END
		daemon off;
		master_process off;
		pid "$PWD/nginx/pid";
		error_log stderr;
		events {}
		http {
			access_log off;
			client_body_temp_path "$PWD/nginx/a";
			proxy_temp_path "$PWD/nginx/b";
			fastcgi_temp_path "$PWD/nginx/c";
			uwsgi_temp_path "$PWD/nginx/d";
			scgi_temp_path "$PWD/nginx/e";
			server {
				listen 127.0.0.1:$PORT ssl;
				ssl_certificate "$PWD/$1.pem";
				ssl_certificate_key "$PWD/$1.key";
				ssl_protocols $2;
				root "$PWD";
				${3:-}
			}
		}
	END
	serve nginx -e stderr -c "$PWD/nginx.conf"
}

serve_node() {
	serve node -e '
const [port, kind, version, alpn, ask] = process.argv.slice(1);
const fs = require("fs");
require("https").createServer({
	cert: fs.readFileSync(kind + ".pem"), key: fs.readFileSync(kind + ".key"),
	ca: fs.readFileSync("root.pem"), requestCert: !!ask, rejectUnauthorized: !!ask,
	minVersion: version, maxVersion: version,
	ALPNProtocols: alpn ? alpn.split(",") : undefined,
}, (q, r) => r.end(fs.readFileSync("page"))).listen(port, "127.0.0.1");' \
		"$PORT" "$@"
}

serve_python() {
	serve /usr/bin/python3 -c '
import socket, ssl, sys
port, kind, version, alpn, ask = (sys.argv[1:] + ["", ""])[:5]
ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
ctx.load_cert_chain(kind + ".pem", kind + ".key")
ctx.minimum_version = ctx.maximum_version = ssl.TLSVersion[version]
if alpn:
    ctx.set_alpn_protocols(alpn.split(","))
if ask:
    ctx.load_verify_locations("root.pem")
    ctx.verify_mode = ssl.CERT_REQUIRED
server = socket.create_server(("127.0.0.1", int(port)))
while True:
    try:
        c = ctx.wrap_socket(server.accept()[0], server_side=True)
        while c.recv(65536):
            pass
        c.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + open("page", "rb").read())
        c.unwrap().close()
    except OSError as e:
        print(e, flush=True)' "$PORT" "$@"
}

@test "openssl s_server serves us, with each kind of key and in both versions" {
	for kind in $KINDS; do
		for version in -tls1_2 -tls1_3; do
			start openssl "$kind" -WWW "$version"
			ours "localhost:$PORT"
		done
	done
}

@test "gnutls-serv serves us, with each kind of key and in both versions" {
	need gnutls-serv
	for kind in $KINDS; do
		for version in 1.2 1.3; do
			start gnutls "$kind" --priority \
				"NORMAL:-VERS-ALL:+VERS-TLS$version"
			echo "hello there" | sluice connect --ca root.pem --no-wait \
				--crlf "localhost:$PORT"
			{ echo "hello there"; sleep 0.5; } |
				sluice connect --ca root.pem --no-wait \
					"localhost:$PORT" >got
			grep "hello there" got
		done
	done
}

@test "nginx serves us, with each kind of key and in both versions" {
	need nginx
	for kind in $KINDS; do
		for version in TLSv1.2 TLSv1.3; do
			start nginx "$kind" "$version"
			ours "localhost:$PORT"
		done
	done
}

@test "node serves us, with each kind of key and in both versions" {
	need node
	for kind in $KINDS; do
		for version in TLSv1.2 TLSv1.3; do
			start node "$kind" "$version"
			ours "localhost:$PORT"
		done
	done
}

@test "python serves us, with each kind of key and in both versions" {
	for kind in $KINDS; do
		for version in TLSv1_2 TLSv1_3; do
			start python "$kind" "$version"
			ours "localhost:$PORT"
		done
	done
}

@test "openssl, gnutls, nginx, node and python let us in by our certificate" {
	need gnutls-serv nginx node
	mine=(--cert client.pem --key client.key)
	for version in 1.2 1.3; do
		start openssl p256 -WWW -Verify 1 -CAfile root.pem \
			-verify_return_error "-tls${version/./_}"
		ours "${mine[@]}" "localhost:$PORT"
		run -8 sluice connect --ca root.pem "localhost:$PORT" <page
		start gnutls p256 --require-client-cert --verify-client-cert \
			--x509cafile root.pem \
			--priority "NORMAL:-VERS-ALL:+VERS-TLS$version"
		{ echo "hello there"; sleep 0.5; } |
			sluice connect --ca root.pem --no-wait "${mine[@]}" \
				"localhost:$PORT" | grep "hello there"
		start nginx p256 "TLSv$version" \
			"ssl_verify_client on; ssl_client_certificate \"$PWD/root.pem\";"
		ours "${mine[@]}" "localhost:$PORT"
		start node p256 "TLSv$version" '' ask
		ours "${mine[@]}" "localhost:$PORT"
		run -8 sluice connect --ca root.pem "localhost:$PORT" <page
		start python p256 "TLSv${version/./_}" '' ask
		ours "${mine[@]}" "localhost:$PORT"
		run -8 sluice connect --ca root.pem "localhost:$PORT" <page
	done
}

# The server at PORT refuses us, with these options, and we know it.
refused() {
	local how
	for how in --info --no-wait; do
		run -8 sluice connect --ca root.pem $how "$@" "localhost:$PORT" \
			<page
	done
}

@test "openssl, gnutls, node and python refuse us, and we wait to hear it" {
	need gnutls-serv node
	strange=(--cert stranger.pem --key stranger.key)
	for version in 1.2 1.3; do
		start openssl p256 -WWW -Verify 1 -CAfile root.pem \
			-verify_return_error "-tls${version/./_}"
		refused
		refused "${strange[@]}"
		start gnutls p256 --require-client-cert --verify-client-cert \
			--x509cafile root.pem \
			--priority "NORMAL:-VERS-ALL:+VERS-TLS$version"
		refused
		refused "${strange[@]}"
		start node p256 "TLSv$version" '' ask
		refused
		refused "${strange[@]}"
		start python p256 "TLSv${version/./_}" '' ask
		refused
		refused "${strange[@]}"
	done
}

@test "a protocol is agreed on with openssl, gnutls, nginx, node and python" {
	need gnutls-serv nginx node
	for version in 1.2 1.3; do
		start openssl p256 -alpn "else,http/1.1" "-tls${version/./_}"
		agree
		start gnutls p256 --alpn else --alpn http/1.1 \
			--priority "NORMAL:-VERS-ALL:+VERS-TLS$version"
		agree
		start nginx p256 "TLSv$version"
		agree
		start node p256 "TLSv$version" "else,http/1.1"
		agree
		start python p256 "TLSv${version/./_}" "else,http/1.1"
		agree
	done
}

# What we see is agreed on with a server that has a protocol of ours.
agree() {
	sluice connect --ca root.pem --alpn ours,http/1.1 --info \
		"localhost:$PORT" >info
	grep -Fx "version        TLS $version" info
	grep -Fx "alpn           http/1.1" info
}

@test "openssl s_client, with each kind of key and in both versions" {
	for kind in $KINDS; do
		begin_ours "$kind" --echo
		for version in -tls1_2 -tls1_3; do
			{ echo "hello there"; sleep 0.3; } |
				timeout 20 openssl s_client -connect "127.0.0.1:$PORT" \
					-servername localhost -verify_hostname localhost \
					-verify_return_error -CAfile root.pem -quiet -no_ign_eof \
					"$version" 2>said | grep "hello there"
		done
	done
}

@test "gnutls-cli, with each kind of key and in both versions" {
	need gnutls-cli
	for kind in $KINDS; do
		begin_ours "$kind" --echo
		for version in 1.2 1.3; do
			{ echo "hello there"; sleep 0.3; } |
				timeout 20 gnutls-cli --x509cafile root.pem \
					--priority "NORMAL:-VERS-ALL:+VERS-TLS$version" \
					--port "$PORT" localhost >said
			grep "^hello there" said
		done
	done
}

@test "curl, python and node, with each kind of key and in both versions" {
	need curl node
	start web
	web=$PORT
	for kind in $KINDS; do
		begin_ours "$kind" --forward "127.0.0.1:$web"
		for version in 1.2 1.3; do
			curl -sS --fail --max-time 20 --cacert root.pem \
				"--tlsv$version" --tls-max "$version" \
				"https://localhost:$PORT/page" | cmp - page
			/usr/bin/python3 -c '
import http.client, ssl, sys
ctx = ssl.create_default_context(cafile="root.pem")
ctx.minimum_version = ctx.maximum_version = ssl.TLSVersion[sys.argv[2]]
c = http.client.HTTPSConnection("localhost", int(sys.argv[1]), context=ctx)
c.request("GET", "/page")
sys.stdout.buffer.write(c.getresponse().read())' \
				"$PORT" "TLSv${version/./_}" | cmp - page
			node -e '
const [port, version] = process.argv.slice(1);
require("https").get({ host: "localhost", port, path: "/page",
	ca: require("fs").readFileSync("root.pem"),
	minVersion: version, maxVersion: version },
	r => r.pipe(process.stdout));' "$PORT" "TLSv$version" | cmp - page
		done
	done
}

serve_web() {
	serve /usr/bin/python3 -m http.server --bind 127.0.0.1 "$PORT" "$@"
}

# Each of them as a client of localhost:PORT, which says "hello there", hears it
# again, and tells what was agreed on: VERSION [CERTIFICATE]
by_openssl() {
	{ echo "hello there"; sleep 0.5; } | timeout 20 openssl s_client \
		-connect "127.0.0.1:$PORT" -servername localhost -CAfile root.pem \
		-verify_hostname localhost -verify_return_error -no_ign_eof \
		"-tls${1/./_}" -alpn else,http/1.1 ${2:+-cert "$2.pem" -key "$2.key"}
}

by_gnutls() {
	{ echo "hello there"; sleep 0.5; } | timeout 20 gnutls-cli \
		--x509cafile root.pem --port "$PORT" --alpn else --alpn http/1.1 \
		--priority "NORMAL:-VERS-ALL:+VERS-TLS$1" \
		${2:+--x509certfile "$2.pem" --x509keyfile "$2.key"} localhost
}

# It hears what the web server has.
by_curl() {
	PORT=$web curl -vsS --fail --max-time 20 --cacert root.pem --http1.1 \
		"--tlsv$1" --tls-max "$1" ${2:+--cert "$2.pem" --key "$2.key"} \
		"https://localhost:$web/greeting"
}

by_python() {
	timeout 20 /usr/bin/python3 -c '
import socket, ssl, sys
port, version, name = (sys.argv[1:] + [""])[:3]
ctx = ssl.create_default_context(cafile="root.pem")
ctx.minimum_version = ctx.maximum_version = ssl.TLSVersion[version]
ctx.set_alpn_protocols(["else", "http/1.1"])
if name:
    ctx.load_cert_chain(name + ".pem", name + ".key")
c = ctx.wrap_socket(socket.create_connection(("127.0.0.1", int(port))),
                    server_hostname="localhost")
c.sendall(b"hello there")
print(c.recv(100), c.selected_alpn_protocol())
c.unwrap()' "$PORT" "TLSv${1/./_}" "${@:2}"
}

by_node() {
	timeout 20 node -e '
const [port, version, name] = process.argv.slice(1), fs = require("fs");
const c = require("tls").connect({ host: "localhost", port,
	ca: fs.readFileSync("root.pem"), minVersion: version, maxVersion: version,
	cert: name && fs.readFileSync(name + ".pem"),
	key: name && fs.readFileSync(name + ".key"),
	ALPNProtocols: ["else", "http/1.1"] }, () => c.write("hello there"));
c.on("data", d => { console.log(String(d), c.alpnProtocol); c.end(); });
c.on("error", e => { console.log(e); process.exit(1); });' \
		"$PORT" "TLSv$1" "${@:2}"
}

# Our server with these options, as an echo at PORT and before a web server at
# `web`.
begin_both() {
	mkdir www
	echo "hello there" >www/greeting
	start web --directory www
	begin_ours p256 --forward "127.0.0.1:$PORT" "$@"
	web=$PORT
	begin_ours p256 --echo "$@"
}

@test "openssl, gnutls, curl, python and node are let in by their certificate" {
	need gnutls-cli curl node
	begin_both --client-ca root.pem
	for version in 1.2 1.3; do
		for who in openssl gnutls curl python node; do
			"by_$who" "$version" client >said 2>&1
			grep -a "hello there" said
			run "by_$who" "$version"
			echo "$output"
			[[ $output != *"hello there"* ]]
		done
	done
}

@test "openssl, gnutls, curl, python and node agree on a protocol with us" {
	need gnutls-cli curl node
	begin_both --alpn ours,http/1.1
	for version in 1.2 1.3; do
		for who in openssl gnutls curl python node; do
			"by_$who" "$version" >said 2>&1
			grep -a "hello there" said
			grep -a -i "\(protocol:\|accepted\|hello there.*\) http/1.1" said
		done
	done
}

@test "through microsocks, with a password or without, names resolved there" {
	start openssl p256 -WWW
	server=$PORT
	start_microsocks
	ours --proxy "127.0.0.1:$PORT" "localhost:$server"
	ours --proxy "socks5://127.0.0.1:$PORT" "localhost:$server"
	ALL_PROXY=socks5h://127.0.0.1:$PORT ours "localhost:$server"
	ALL_PROXY=127.0.0.1:1 ours --no-proxy "localhost:$server"
	start_microsocks -u alice -P "s3:cret"
	(umask 077 && echo "alice:s3:cret" >auth && echo alice:other >wrong)
	ours --proxy "127.0.0.1:$PORT" --proxy-auth-file auth "localhost:$server"
	ALL_PROXY="socks5h://alice:s3%3Acret@127.0.0.1:$PORT" \
		ours "localhost:$server"
	run -7 --separate-stderr sluice connect --proxy "127.0.0.1:$PORT" \
		--proxy-auth-file wrong --ca root.pem "localhost:$server" </dev/null
	[ "$stderr" = "sluice: proxy 127.0.0.1:$PORT: refused the user and the password" ]
	run -7 --separate-stderr sluice connect --proxy "127.0.0.1:$PORT" \
		--ca root.pem "localhost:$server" </dev/null
	[ "$stderr" = "sluice: proxy 127.0.0.1:$PORT: asks for a user and a password
sluice: hint: --proxy-auth-file takes them from a file" ]
}

@test "through dante, by name or by address, and what it could not reach" {
	need danted
	start openssl p256 -WWW
	server=$PORT
	start_dante
	ours --proxy "127.0.0.1:$PORT" "localhost:$server"
	ours --proxy "socks4a://127.0.0.1:$PORT" "127.0.0.1:$server"
	closed=$(free_port)
	run -7 --separate-stderr sluice connect --proxy "127.0.0.1:$PORT" \
		--ca root.pem "localhost:$closed" </dev/null
	[ "$stderr" = "sluice: proxy 127.0.0.1:$PORT: connection refused (SOCKS 5) for localhost:$closed" ]
	run -7 --separate-stderr sluice connect --proxy "127.0.0.1:$PORT" \
		--ca root.pem no-such-host.invalid:443 </dev/null
	[ "$stderr" = "sluice: proxy 127.0.0.1:$PORT: host unreachable (SOCKS 4) for no-such-host.invalid:443" ]
}

@test "through dante with a user and a password, and with no others" {
	start openssl p256 -WWW
	server=$PORT
	start_dante alice "s3:cret"
	(umask 077 && echo "alice:s3:cret" >auth && echo alice:s3cret >wrong &&
		echo "$(id -un):s3:cret" >other)
	for kind in socks5 socks5h; do
		ours --proxy "$kind://127.0.0.1:$PORT" --proxy-auth-file auth \
			"localhost:$server"
		ALL_PROXY="$kind://alice:s3%3Acret@127.0.0.1:$PORT" \
			ours "localhost:$server"
		ALL_PROXY="$kind://alice:s3cret@127.0.0.1:$PORT" \
			run -7 --separate-stderr sluice connect --ca root.pem \
			"localhost:$server" </dev/null
		[ "$stderr" = "sluice: proxy 127.0.0.1:$PORT: refused the user and the password" ]
	done
	for file in wrong other; do
		run -7 --separate-stderr sluice connect --proxy "127.0.0.1:$PORT" \
			--proxy-auth-file $file --ca root.pem "localhost:$server" </dev/null
		[ "$stderr" = "sluice: proxy 127.0.0.1:$PORT: refused the user and the password" ]
	done
	run -7 --separate-stderr sluice connect --proxy "127.0.0.1:$PORT" \
		--ca root.pem "localhost:$server" </dev/null
	[ "$stderr" = "sluice: proxy 127.0.0.1:$PORT: asks for a user and a password
sluice: hint: --proxy-auth-file takes them from a file" ]
}

@test "through tinyproxy, with a password or without" {
	start openssl p256 -WWW
	server=$PORT
	start_tinyproxy
	ours --proxy "http://127.0.0.1:$PORT" "localhost:$server"
	start_tinyproxy alice s3cret
	(umask 077 && echo alice:s3cret >auth)
	ours --proxy "http://127.0.0.1:$PORT/" --proxy-auth-file auth \
		"localhost:$server"
}

@test "one proxy through the other, each with its own password" {
	start openssl p256 -WWW
	server=$PORT
	start_microsocks -u alice -P one
	one=$PORT
	start_tinyproxy alice two
	two=$PORT
	start_dante
	(umask 077 && echo alice:one >auth1 && echo alice:two >auth2)
	ours --proxy "127.0.0.1:$one" --proxy-auth-file auth1 \
		--proxy "http://localhost:$two" --proxy-auth-file auth2 \
		--proxy "localhost:$PORT" "localhost:$server"
	run -7 --separate-stderr sluice connect --proxy "127.0.0.1:$PORT" \
		--proxy "127.0.0.1:$one" --ca root.pem "localhost:$server" </dev/null
	[ "$stderr" = "sluice: proxy 127.0.0.1:$one: asks for a user and a password
sluice: hint: --proxy-auth-file takes them from a file" ]
}
