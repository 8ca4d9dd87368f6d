# SPDX-License-Identifier: ISC
# What both ends of a connection have to see alike, beside other people's
# programs: exported keys, the channel binding, what an authority says by OCSP.

load ../helper
load ../tls

setup_file() {
	export ENDS=$BATS_FILE_TMPDIR/tls_ends
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	gcc -Iinclude tests/peer/tls_ends.c build/release/libsluice.a \
		-lssl -lcrypto -lz -lm -pthread -o "$ENDS"
	cd "$BATS_FILE_TMPDIR" || return 1
	authority root
	certify root server DNS:localhost,IP:127.0.0.1
	respond V good
	respond R revoked
}

# What the root says of the certificate, into NAME.der: V|R NAME
respond() {
	local serial day dates
	serial=$(openssl x509 -in server.pem -noout -serial)
	day=$(date -u -d "+20 days" +%y%m%d%H%M%SZ)
	dates=$day$'\t'
	[ "$1" = V ] || dates+=$(date -u -d "-1 day" +%y%m%d%H%M%SZ)
	printf '%s\t%s\t%s\tunknown\t/CN=unused\n' "$1" "$dates" \
		"${serial#*=}" >index
	openssl ocsp -issuer root.pem -cert server.pem -reqout question.der
	openssl ocsp -index index -CA root.pem -rsigner root.pem \
		-rkey root.key -reqin question.der -respout "$2.der" -ndays 2
} >/dev/null 2>&1

setup() {
	workplace
	cp "$BATS_FILE_TMPDIR"/*.{pem,key,der} .
}

ends() {
	timeout -k 5 60 "$ENDS" "$@"
}

# Our server: VERSION [RESPONSE]
serve_ends() {
	serve "$ENDS" listen "$PORT" "$1" server.pem server.key "${@:2}"
}

# It tells what it exports only while its input lasts: VERSION [OPTION]...
serve_openssl() {
	[ -p silence ] || mkfifo silence
	serve bash -c 'exec openssl s_server "$@" <>silence' - \
		-accept "127.0.0.1:$PORT" -cert server.pem -key server.key \
		"-tls${1/./_}" "${@:2}"
}

# VERSION [OPTION]...
serve_gnutls() {
	serve gnutls-serv --echo --port "$PORT" --x509certfile server.pem \
		--x509keyfile server.key \
		--priority "NORMAL:-VERS-ALL:+VERS-TLS$1" "${@:2}"
}

serve_node() {
	serve node -e '
const [port, version] = process.argv.slice(1), fs = require("fs");
require("tls").createServer({ cert: fs.readFileSync("server.pem"),
	key: fs.readFileSync("server.key"), minVersion: version,
	maxVersion: version }, c => {
	for (const [name, ...context] of [["without"],
	    ["with", Buffer.from("sluice")]])
		console.log(name + ":", c.exportKeyingMaterial(32,
			"EXPORTER-sluice", ...context).toString("hex"));
	c.on("error", () => 0).resume();
}).listen(port, "127.0.0.1");' "$PORT" "TLSv$1"
}

# Clients of localhost:PORT, which stay for a moment: VERSION [OPTION]...
by_openssl() {
	sleep 0.5 | timeout 20 openssl s_client -connect "127.0.0.1:$PORT" \
		-servername localhost -CAfile root.pem "-tls${1/./_}" "${@:2}"
}

by_gnutls() {
	sleep 0.5 | timeout 20 gnutls-cli --x509cafile root.pem --port "$PORT" \
		--priority "NORMAL:-VERS-ALL:+VERS-TLS$1" "${@:2}" localhost
}

by_node() {
	timeout 20 node -e '
const [port, version] = process.argv.slice(1);
const c = require("tls").connect({ host: "localhost", port,
	ca: require("fs").readFileSync("root.pem"), minVersion: version,
	maxVersion: version }, () => {
	for (const [name, ...context] of [["without"],
	    ["with", Buffer.from("sluice")]])
		console.log(name + ":", c.exportKeyingMaterial(32,
			"EXPORTER-sluice", ...context).toString("hex"));
	c.end();
}).resume();' "$PORT" "TLSv$1"
}

# The key of this name that we told of, in FILE: NAME FILE
ours() {
	sed -n "s/^$1 \([0-9a-f]\{64\}\)$/\1/p" "$2" | grep .
}

# FILE has these words, in any case, or soon will: FILE WORDS
tells() {
	[ -n "$2" ] && until_so grep -a -i -- "$2" "$1"
}

# What the other end tells in FILE behind WORDS is the key of this name that we
# told of: NAME FILE OURS WORDS
agree() {
	local key
	until_so ours "$1" "$3"
	key=$(ours "$1" "$3")
	tells "$2" "$4$key"
}

# The binding has an empty context (RFC 9266), openssl none: in TLS 1.2 these
# differ.
@test "openssl exports the same key and the same channel binding, in both roles" {
	while read -r version what label; do
		export=(-keymatexport "$label" -keymatexportlen 32)
		start openssl "$version" "${export[@]}"
		ends connect "$PORT" "$version" root.pem >told
		agree "$what" "server-$PORT.log" told "material: "
		start ends "$version"
		by_openssl "$version" "${export[@]}" >said 2>&1
		agree "$what" said "server-$PORT.log" "material: "
	done <<-'END'
		1.2 key EXPORTER-sluice
		1.3 key EXPORTER-sluice
		1.3 binding EXPORTER-Channel-Binding
	END
}

@test "gnutls exports the same key and the same channel binding, in both roles" {
	need gnutls-serv gnutls-cli
	export=(--keymatexport EXPORTER-sluice --keymatexportsize 32)
	for version in 1.2 1.3; do
		start gnutls $version "${export[@]}"
		ends connect "$PORT" $version root.pem >told
		agree key "server-$PORT.log" told "Key material: "
		agree binding "server-$PORT.log" told "'tls-exporter': "
		start ends $version
		by_gnutls $version -V "${export[@]}" >said 2>&1
		agree key said "server-$PORT.log" "Key material: "
		agree binding said "server-$PORT.log" "'tls-exporter': "
	done
}

@test "node exports the same keys, with a context and without, in both roles" {
	need node
	for version in 1.2 1.3; do
		start node $version
		ends connect "$PORT" $version root.pem >told
		agree key "server-$PORT.log" told "without: "
		agree context "server-$PORT.log" told "with: "
		start ends $version
		by_node $version >said
		agree key said "server-$PORT.log" "without: "
		agree context said "server-$PORT.log" "with: "
	done
}

@test "what openssl and gnutls staple is required, believed, and missed" {
	need gnutls-serv
	for version in 1.2 1.3; do
		start openssl $version -status_file good.der
		ends connect "$PORT" $version root.pem require
		start gnutls $version --ocsp-response good.der
		ends connect "$PORT" $version root.pem require
		start openssl $version -status_file revoked.der
		run -1 ends connect "$PORT" $version root.pem require
		[[ $output == *revoked* ]]
		for who in openssl gnutls; do
			start $who $version
			ends connect "$PORT" $version root.pem
			run -1 ends connect "$PORT" $version root.pem require
			[[ $output == *OCSP* ]]
		done
	done
}

@test "what we staple reaches openssl and gnutls, and is what it was" {
	need gnutls-cli
	for version in 1.2 1.3; do
		start ends $version good.der
		by_openssl $version -status >said 2>&1
		grep -a "OCSP Response Status: successful" said
		grep -a "Cert Status: good" said
		grep -a "Verify return code: 0 (ok)" said
		by_gnutls $version --save-ocsp saved.der >said 2>&1
		cmp saved.der good.der
		start ends $version revoked.der
		by_openssl $version -status 2>&1 | grep -a "Cert Status: revoked"
		run by_gnutls $version --ocsp
		[[ $output == *revoked* ]]
		start ends $version
		by_openssl $version -status 2>&1 |
			grep -a "OCSP response: no response sent"
	done
}
