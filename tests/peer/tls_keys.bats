#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# Keys that both ends share, against the programs of OpenSSL and GnuTLS, and
# TLSA records, against OpenSSL's.

load ../helper
load ../authority
load proxies

KEY=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
WRONG=00112233445566778899aabbccddeeff00112233445566778899aabbccddeefe

setup_file() {
	export KEYS=$BATS_FILE_TMPDIR/tls_keys
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	gcc -Iinclude tests/peer/tls_keys.c build/release/libsluice.a \
		-lssl -lcrypto -lz -lm -pthread -o "$KEYS"
}

setup() {
	workplace
	need openssl
}

keys() {
	timeout -k 5 60 "$KEYS" "$@"
}

# Answers each line with the same one turned around.
serve_openssl() {
	serve openssl s_server -rev -accept "127.0.0.1:$PORT" "$@"
}

# With the keys in the file `shared`, and the groups that are told.
serve_gnutls() {
	serve gnutls-serv --echo --port "$PORT" --pskpasswd shared \
		--priority "$PSK_ONLY$1"
}
PSK_ONLY=NORMAL:-KX-ALL:+ECDHE-PSK:+DHE-PSK:-VERS-ALL:+VERS-TLS1.3
OTHER_GROUP=:-GROUP-ALL:+GROUP-SECP384R1 # another one than we begin with

serve_keys() {
	serve "$KEYS" listen "$PORT" "$@"
}

ask_with() {
	(echo hello && sleep 1) | timeout 20 openssl s_client -quiet \
		-connect "127.0.0.1:$PORT" -tls1_3 "$@" 2>&1
}

# GROUPS NAME KEY
ask_gnutls() {
	(echo hello && sleep 0.5) | timeout 20 gnutls-cli --port "$PORT" \
		--priority "$PSK_ONLY$1" --pskusername "$2" --pskkey "$3" \
		localhost 2>&1
}

# The data of a record: SHA-256 or SHA-512 of a certificate, or of its key.
data_of() {
	case $2 in
	0) openssl x509 -in "$1" -outform DER ;;
	1) openssl x509 -in "$1" -noout -pubkey |
		openssl pkey -pubin -outform DER ;;
	esac >der
	case $3 in
	0) od -An -v -tx1 der | tr -d ' \n' ;;
	1) sha256sum <der | cut -d' ' -f1 ;;
	2) sha512sum <der | cut -d' ' -f1 ;;
	esac
}

@test "a server of OpenSSL's is met with a shared key and nothing else" {
	start openssl -nocert -psk_identity alice -psk "$KEY" -tls1_3
	run -0 keys connect "$PORT" localhost psk alice "$KEY"
	[ "$output" = "od uoy od woh" ]
}

@test "a wrong key, and a wrong name, are refused by a server of OpenSSL's" {
	start openssl -nocert -psk_identity alice -psk "$KEY" -tls1_3
	run -1 keys connect "$PORT" localhost psk alice "$WRONG"
	[[ $output == "tls_keys: tls: refused by the peer"* ]]
	run -1 keys connect "$PORT" localhost psk bob "$KEY"
	[[ $output == "tls_keys: tls: refused by the peer"* ]]
}

@test "a certificate of OpenSSL's is no substitute for a shared key" {
	authority root
	certify root leaf DNS:localhost,IP:127.0.0.1
	start openssl -cert leaf.pem -key leaf.key
	SSL_CERT_FILE=root.pem run -1 keys connect "$PORT" localhost \
		psk alice "$KEY"
	[[ $output == *"does not have our shared key" ]]
}

@test "a client of OpenSSL's is known by its key, among several" {
	start keys psk alice "$KEY" psk bob "$WRONG"
	run ask_with -psk_identity alice -psk "$KEY"
	[[ $output == *"thank you"* ]]
	run ask_with -psk_identity bob -psk "$WRONG"
	[[ $output == *"thank you"* ]]
	grep "^from alice$" "server-$PORT.log"
	grep "^from bob$" "server-$PORT.log"
}

@test "a client of OpenSSL's with a wrong key or name is refused" {
	start keys psk alice "$KEY"
	run ask_with -psk_identity alice -psk "$WRONG"
	[[ $output != *"thank you"* ]]
	run ask_with -psk_identity mallory -psk "$KEY"
	[[ $output != *"thank you"* ]]
	run ! grep "^heard" "server-$PORT.log"
	grep "^refused.*no key that is known here" "server-$PORT.log"
}

@test "a server of GnuTLS's is met with a shared key, and with no other" {
	need gnutls-serv
	echo "alice:$KEY" >shared
	for groups in "" "$OTHER_GROUP"; do
		start gnutls "$groups"
		run -0 keys connect "$PORT" localhost psk alice "$KEY"
		[ "$output" = "how do you do" ]
		run -1 keys connect "$PORT" localhost psk alice "$WRONG"
		[[ $output == "tls_keys: tls: refused by the peer"* ]]
		run -1 keys connect "$PORT" localhost psk bob "$KEY"
		[[ $output == "tls_keys: tls: refused by the peer"* ]]
	done
}

@test "a client of GnuTLS's is known by its key, and refused without one" {
	need gnutls-cli
	start keys psk alice "$KEY" psk bob "$WRONG"
	for groups in "" "$OTHER_GROUP"; do
		run ask_gnutls "$groups" alice "$KEY"
		[[ $output == *"thank you"* ]]
		run ask_gnutls "$groups" bob "$WRONG"
		[[ $output == *"thank you"* ]]
		run ask_gnutls "$groups" alice "$WRONG"
		[[ $output != *"thank you"* ]]
		run ask_gnutls "$groups" mallory "$KEY"
		[[ $output != *"thank you"* ]]
	done
	[ "$(grep -c "^from alice$" "server-$PORT.log")" = 2 ]
	[ "$(grep -c "^from bob$" "server-$PORT.log")" = 2 ]
	[ "$(grep -c "^refused" "server-$PORT.log")" = 4 ]
}

@test "each form of TLSA record fits, and where openssl s_client says so" {
	authority root
	certify root leaf DNS:localhost,IP:127.0.0.1
	cat root.pem >>leaf.pem
	start openssl -cert leaf.pem -cert_chain root.pem -key leaf.key
	for usage in 2 3; do
		[ $usage = 2 ] && file=root.pem || file=leaf.pem
		for selector in 0 1; do
			for matching in 0 1 2; do
				data=$(data_of $file $selector $matching)
				timeout 20 openssl s_client -connect "127.0.0.1:$PORT" \
					-dane_tlsa_domain localhost -verify_return_error \
					-dane_tlsa_rrdata "$usage $selector $matching $data" \
					</dev/null >said 2>&1
				grep "Verify return code: 0 (ok)" said
				run -0 keys connect "$PORT" localhost \
					tlsa $usage $selector $matching "$data"
				[ "$output" = "od uoy od woh" ]
			done
		done
	done
}

@test "a record of another certificate refuses, as openssl s_client does" {
	authority root
	authority other
	certify root leaf DNS:localhost,IP:127.0.0.1
	start openssl -cert leaf.pem -cert_chain root.pem -key leaf.key
	for usage in 2 3; do
		data=$(data_of other.pem 1 1)
		run ! timeout 20 openssl s_client -connect "127.0.0.1:$PORT" \
			-dane_tlsa_domain localhost -verify_return_error \
			-dane_tlsa_rrdata "$usage 1 1 $data" </dev/null
		SSL_CERT_FILE=root.pem run -1 keys connect "$PORT" localhost \
			tlsa $usage 1 1 "$data"
		[[ $output == *certificate* ]]
	done
}
