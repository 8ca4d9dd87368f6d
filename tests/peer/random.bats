# SPDX-License-Identifier: ISC
# Random bytes as other people's statistics see them.  Each bound is passed
# by fair bytes but once in a thousand million runs.
load ../helper

@test "rngtest counts no more failures than chance has" {
	need rngtest
	# One block of 2500 bytes in 1200 or so fails, by FIPS 140-2's bounds.
	sluice random -o blocks 6M
	run rngtest -c 2000 <blocks
	failures=$(sed -n 's/.*FIPS 140-2 failures: //p' <<<"$output")
	[ "$(sed -n 's/.*FIPS 140-2 successes: //p' <<<"$output")" = $((2000 - failures)) ]
	[ "$failures" -lt 20 ]
}

@test "ent finds bytes even, and nothing in one of the next" {
	need ent
	run -0 bash -o pipefail -c '"$SLUICE" random 16M | ent -t'
	IFS=, read -r _ n entropy chi mean pi serial <<<"${lines[1]}"
	[ "$n" = 16777216 ]
	awk -v e="$entropy" -v c="$chi" -v m="$mean" -v p="$pi" -v s="$serial" '
		BEGIN { exit !(e > 7.99998 && c > 109 && c < 442 &&
			m > 127.389 && m < 127.611 && p > 3.1354 && p < 3.1478 &&
			s > -0.0015 && s < 0.0015) }'
}
