# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# servers.bash: servers on free ports of this machine for as long as a test
# takes.  What `start` has begun is reached at the port in PORT.  A setup of
# one's own calls `workplace` first, a teardown of one's own `stop_servers`
# before anything else.

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

# Whether somebody listens on PORT; in IPv6, where ADDRESS has colons.  The
# kernel is asked: to connect would be to be the server's first customer.
listens() {
	local tables=(/proc/net/tcp6)
	[[ ${ADDRESS:-} == *:* ]] || tables+=(/proc/net/tcp)
	grep -q -E "$(printf ':%04X 0+:0000 0A ' "$PORT")" "${tables[@]}" 2>/dev/null
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
