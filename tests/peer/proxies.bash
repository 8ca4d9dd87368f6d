# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# proxies.bash: proxies of others and a web server behind them, each on a free
# port of 127.0.0.1, for as long as a test takes.  What each `start_` has
# begun is reached at the port in PORT.

# shellcheck source-path=SCRIPTDIR
source "$ROOT/tests/servers.bash"

SIZE=3000001
THROUGH=${THROUGH:-$ROOT/build/release/examples/through}

PATH=$PATH:/usr/sbin # where danted is

# A name that is unknown is unknown soon.
export RES_OPTIONS="timeout:1 attempts:1"
unset http_proxy https_proxy all_proxy no_proxy HTTPS_PROXY NO_PROXY
unset PROXY_USER PROXY_PASSWORD

setup() {
	workplace
	need curl
	mkdir www
	head -c "$SIZE" /dev/urandom >www/plain
	start_web 127.0.0.1
	WEB=$PORT
}

# The same at ::1, where that is what `localhost` means first: those who ask
# for it by name, and try no second address, are to get there as well.
twin() {
	[[ $(getent ahosts localhost) != ::1* ]] || ADDRESS=::1 serve "$@"
}

serve_web() {
	local server=(/usr/bin/python3 -m http.server --directory www "$PORT")
	ADDRESS=$1 serve "${server[@]}" --bind "$1" || return 1
	[ "$1" != 127.0.0.1 ] || twin "${server[@]}" --bind ::1
}

# ADDRESS
start_web() {
	start web "$@"
}

# Somebody who says a line to whoever comes, and closes.
serve_banner() {
	serve /usr/bin/python3 -c 'import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    client, _ = server.accept()
    client.sendall(b"220 at once\n")
    client.close()' "$PORT"
}

start_banner() {
	start banner
}

# Somebody who writes to `heard` what is said until nothing more comes, in
# hexadecimal digits, a line for each who says something, and closes.
serve_recorder() {
	serve /usr/bin/python3 -c 'import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    client, _ = server.accept()
    client.settimeout(0.5)
    said = b""
    try:
        while piece := client.recv(1000):
            said += piece
    except socket.timeout:
        pass
    if said:
        with open("heard", "a") as heard:
            heard.write(said.hex() + "\n")
    client.close()' "$PORT"
}

start_recorder() {
	start recorder
}

serve_microsocks() {
	serve microsocks -i 127.0.0.1 -p "$PORT" "$@" &&
		twin microsocks -i ::1 -p "$PORT" "$@"
}

# [-u USER -P PASSWORD]
start_microsocks() {
	need microsocks
	start microsocks "$@"
}

# Dante's users are those of the system.  For it alone there is one more, and
# nobody else but whoever runs it, by libnss_wrapper: USER PASSWORD COMMAND...
serve_with_account() {
	local hash
	hash=$(openssl passwd -6 -stdin <<<"$2") || return 1
	mkdir -p accounts
	getent passwd "$(id -u)" >accounts/users || return 1
	getent group "$(id -g)" >accounts/groups || return 1
	echo "$1:x:65533:65533::/:/bin/false" >>accounts/users
	echo "$1:$hash:19000::::::" >accounts/secrets
	serve env LD_PRELOAD=libnss_wrapper.so \
		NSS_WRAPPER_PASSWD="$PWD/accounts/users" \
		NSS_WRAPPER_GROUP="$PWD/accounts/groups" \
		NSS_WRAPPER_SHADOW="$PWD/accounts/secrets" "${@:3}"
}

# Port 1 is forbidden there, by its rules.
serve_dante() {
	local method=none begin=(serve)
	[ $# -eq 0 ] || method=username begin=(serve_with_account "$1" "$2")
	cat >"dante-$PORT.conf" <<-END
		logoutput: stderr
		internal: 127.0.0.1 port = $PORT
		external.protocol: ipv4
		external: lo
		clientmethod: none
		socksmethod: $method
		user.privileged: $(id -un)
		user.unprivileged: $(id -un)
		client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
		socks block { from: 0.0.0.0/0 to: 0.0.0.0/0 port = 1 }
		socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
	END
	"${begin[@]}" danted -f "dante-$PORT.conf" -p "$PWD/dante-$PORT.pid"
}

# [USER PASSWORD]
start_dante() {
	need danted
	[ $# -eq 0 ] || [ -z "$(LD_PRELOAD=libnss_wrapper.so env true 2>&1)" ] ||
		skip "no libnss_wrapper here"
	start dante "$@"
}

# Only connections to ALLOWED are allowed, if it is not empty.
serve_tinyproxy() {
	cat >"tinyproxy-$PORT.conf" <<-END
		Listen 127.0.0.1
		Port $PORT
		Timeout 60
		MaxClients 20
		Allow 127.0.0.1
		${1:+BasicAuth $1 $2}
		${ALLOWED:+ConnectPort $ALLOWED}
	END
	serve tinyproxy -d -c "tinyproxy-$PORT.conf"
}

# [USER PASSWORD]
start_tinyproxy() {
	need tinyproxy
	start tinyproxy "$@"
}

through() {
	timeout -k 5 60 "$THROUGH" "$@"
}

# What `through` tells whichever proxy asks.
as_alice() {
	export PROXY_USER=alice PROXY_PASSWORD=s3cret
}

# Fetch /plain by our chain into `ours`, without the header.
fetch() {
	printf 'GET /plain HTTP/1.0\r\n\r\n' | through "$@" >answer
	head -n 1 answer | grep -a ' 200 ' >/dev/null
	tail -c "$SIZE" answer >ours
}

# The same with curl into `theirs`, from HOST; both are what is there.
same_as_curl() {
	curl -sS --fail --max-time 60 "$@" "http://${HOST:-127.0.0.1}:$WEB/plain" \
		-o theirs
	cmp ours theirs
	cmp ours www/plain
}

# Nothing is fetched, and this is why: REASON ARGUMENT...
refused() {
	local reason=$1
	run -1 --separate-stderr through "${@:2}" </dev/null
	# shellcheck disable=SC2154
	echo "$stderr"
	[ -z "$output" ]
	[ "$stderr" = "through: $reason" ]
}
