# SPDX-License-Identifier: ISC
load ../helper
load cli

# The program where getrandom fails: traced ERROR[:when=CALLS] ARGUMENT...
traced() {
	timeout -k 5 60 strace -f -o trace -e trace=getrandom,openat \
		-e inject=getrandom:error="$1" "$SLUICE" "${@:2}"
}

setup() {
	workplace
	! grep -q __asan_init "$SLUICE" || skip "a sanitizer is not traced"
	need strace
	strace -o trace true || skip "nothing can be traced here"
}

@test "without entropy nothing comes out, and there is no other source" {
	while read -r error words; do
		run -134 --separate-stderr traced "$error" random 64
		[ -z "$output" ]
		said "sluice: no random numbers: getentropy: $words"
		[ "$(grep -c -E '"/dev/(u?random|hwrng)' trace)" = 0 ]
	done <<-'E'
		ENOSYS Function not implemented
		EAGAIN Resource temporarily unavailable
		EPERM Operation not permitted
	E
}

@test "entropy that ends while numbers are made ends the program" {
	run -134 --separate-stderr traced ENOSYS:when=5+ random --uuid -n 1000
	[[ $stderr == "sluice: no random numbers: getentropy: Function not implemented" ]]
	[ "${#lines[@]}" -lt 1000 ]
}

@test "a signal while entropy is awaited changes nothing" {
	run -0 --separate-stderr traced EINTR:when=1..9 random -x
	[ ${#output} = 64 ]
	[ "$(grep -c 'EINTR.*INJECTED' trace)" = 9 ]
}

@test "without entropy nothing is sealed" {
	echo hello >a
	export SECRET
	run -134 --separate-stderr traced ENOSYS seal -c --work-factor 10 \
		--passphrase-env SECRET a
	said "sluice: no random numbers: getentropy: Function not implemented"
	[ -z "$output" ]
}
