# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# authority.bash: certificates of the test's own, as strict checks want them.

# A key and a certificate: NAME.key, NAME.pem.  What comes on standard input
# are its extensions; the rest are arguments of `openssl req`.
certify() {
	{
		printf '[req]\ndistinguished_name=dn\nx509_extensions=x\n[dn]\n[x]\n'
		cat
	} >"$1.cnf"
	openssl req -x509 -config "$1.cnf" -noenc -days 2 -subj "/CN=$1" \
		-newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		-keyout "$1.key" -out "$1.pem" "${@:2}" 2>"$1.log" ||
		{ cat "$1.log" && return 1; }
}

# A root: NAME.pem, NAME.key.
authority() {
	certify "$1" "${@:2}" <<-END
		basicConstraints=critical,CA:TRUE
		keyUsage=critical,keyCertSign,cRLSign
		subjectKeyIdentifier=hash
	END
}

# What ROOT signs for a server or a client: NAME.pem, NAME.key.  SAN is
# "DNS:a.test,IP:127.0.0.1", this machine unless told.
issue() {
	certify "$2" -CA "$1.pem" -CAkey "$1.key" "${@:4}" <<-END
		basicConstraints=critical,CA:FALSE
		keyUsage=critical,digitalSignature
		extendedKeyUsage=serverAuth,clientAuth
		subjectAltName=${3:-DNS:localhost,IP:127.0.0.1}
		subjectKeyIdentifier=hash
		authorityKeyIdentifier=keyid:always
	END
}
