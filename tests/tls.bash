# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# tls.bash: certificates that pass strict checks, and servers on free ports of
# 127.0.0.1 for as long as a test takes, with `load ../tls`.  What `start` has
# begun is reached at the port in PORT.  A setup of one's own calls `workplace`
# first, a teardown of one's own `stop_servers` before anything else.

STARTED=()

stop_servers() {
	local pid
	for pid in "${STARTED[@]}"; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
}

teardown() {
	stop_servers
	removable
}

# Whether somebody listens on PORT.  The kernel is asked: to connect would be
# to be the server's first customer.
listens() {
	grep -E "$(printf ':%04X 0+:0000 0A ' "$PORT")" /proc/net/tcp{,6} >/dev/null
}

# Run a command until the test ends, once it listens on PORT; false if it does
# not, since it ended, or takes too long.
serve() {
	local i pid
	timeout -k 5 250 "$@" >"server-$PORT.log" 2>&1 3>&- </dev/null &
	pid=$!
	STARTED+=("$pid")
	for ((i = 0; i < 200; i++)); do
		kill -0 "$pid" 2>/dev/null || return 1
		listens && return 0
		sleep 0.02
	done
	return 1
}

# Begin a server, `serve_NAME ARGUMENT...`, on another port if somebody was
# faster.
start() {
	local i
	for ((i = 0; i < 5; i++)); do
		PORT=$(free_port)
		"serve_$1" "${@:2}" && return 0
	done
	cat "server-$PORT.log"
	return 1
}

# A private key into NAME.key: NAME [rsa|p256|p384|ed25519]
new_key() {
	case ${2:-p256} in
	rsa) openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 ;;
	p256) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 ;;
	p384) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 ;;
	ed25519) openssl genpkey -algorithm ED25519 ;;
	esac 2>/dev/null >"$1.key"
	chmod 600 "$1.key"
}

# A root, NAME.pem and NAME.key: NAME [TYPE]
authority() {
	new_key "$1" "${2:-}"
	openssl req -x509 -new -key "$1.key" -subj "/CN=$1" -days 30 \
		-addext "keyUsage=critical,keyCertSign,cRLSign" -out "$1.pem"
}

# A certificate by a root, and its key: ROOT NAME SAN [TYPE [FROM TO]]
# SAN as in "DNS:example.org,IP:127.0.0.1"; FROM and TO as in 20200101000000Z.
certify() {
	local root=$1 name=$2
	new_key "$name" "${4:-}"
	openssl req -new -key "$name.key" -subj "/CN=unused" -out "$name.csr"
	cat >"$name.cnf" <<-END
		[ca]
		default_ca = here
		[here]
		new_certs_dir = .
		database = $name.db
		rand_serial = yes
		default_md = default
		default_days = 30
		policy = any
		x509_extensions = leaf
		[any]
		commonName = supplied
		[leaf]
		basicConstraints = critical,CA:FALSE
		keyUsage = critical,digitalSignature
		extendedKeyUsage = serverAuth,clientAuth
		subjectAltName = $3
		subjectKeyIdentifier = hash
		authorityKeyIdentifier = keyid:always
	END
	: >"$name.db"
	openssl ca -batch -notext -config "$name.cnf" -cert "$root.pem" \
		-keyfile "$root.key" -in "$name.csr" -out "$name.pem" \
		${5:+-startdate "$5" -enddate "$6"} 2>"$name.log" ||
		{ cat "$name.log" && return 1; }
	rm -f "$name".{csr,cnf,db,db.attr,db.old,db.attr.old,log} \
		[0-9A-F]*[0-9A-F].pem
}

# openssl's server for NAME.pem, with more options: NAME [OPTION]...
serve_openssl() {
	serve openssl s_server -accept "127.0.0.1:$PORT" -cert "$1.pem" \
		-key "$1.key" -quiet "${@:2}"
}

# Run a script of bash on a network of its own, where example.org is 127.0.0.1
# and every port is free.
on_an_island() {
	unshare -rmn true 2>/dev/null || skip "no network of one's own here"
	echo "127.0.0.1 localhost example.org" >hosts
	unshare -rmn bash -e -o pipefail -c '
		mount --bind hosts /etc/hosts
		/usr/bin/python3 -c "import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack(\"16sh\", b\"lo\", 0x49))"
		eval "$1"' bash "$1"
}
