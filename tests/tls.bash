# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# tls.bash: servers, certificates for them, and a network to try them in, with
# `load ../tls`.

# shellcheck source-path=SCRIPTDIR
source "$ROOT/tests/servers.bash"
source "$ROOT/tests/authority.bash"

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
