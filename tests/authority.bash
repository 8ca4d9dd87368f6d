# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# authority.bash: certificates of the test's own, as strict checks want them.

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
