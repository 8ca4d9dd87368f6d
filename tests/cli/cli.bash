# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# cli.bash: what these files share beside helper.bash, with `load cli`.

# Seal and unseal in milliseconds, with a passphrase that nobody types.
export SECRET=secret
seal() {
	sluice seal --work-factor 10 --passphrase-env SECRET "$@"
}
unseal() {
	sluice unseal --passphrase-env SECRET "$@"
}

# The one line that was said, or all of it.
said() {
	[ "$stderr" = "$1" ] || {
		printf 'said: %s\nnot:  %s\n' "$stderr" "$1"
		return 1
	}
}
printed() {
	[ "$output" = "$1" ] || {
		printf 'printed: %s\nnot:     %s\n' "$output" "$1"
		return 1
	}
}

# The folder holds these files and nothing else, no temporary one either.
holds() {
	local have want
	have=$(find . -mindepth 1 -printf '%P\n' | sort)
	want=$(printf '%s\n' "$@" | sort)
	[ "$have" = "$want" ] || {
		printf 'there is:\n%s\nnot:\n%s\n' "$have" "$want"
		return 1
	}
}

# The program, held to permissions even where root runs the tests.
mere_user() {
	local drop=()
	[ "$(id -u)" != 0 ] ||
		drop=(setpriv --bounding-set=-dac_override,-dac_read_search)
	setsid -w "${drop[@]}" "$SLUICE" "$@"
}

# Skip where the program brings a sanitizer, which takes memory of its own.
plain() {
	! grep -q __asan_init "$SLUICE" || skip "a sanitizer takes memory"
}

# A file system with so many KiB of room, at ./small.
small_disk() {
	mkdir small
	mount -t tmpfs -o "size=${1}k" tmpfs small 2>/dev/null ||
		skip "not allowed to mount"
}

teardown() {
	cd /
	! mountpoint -q "$BATS_TEST_TMPDIR/a folder/small" ||
		umount "$BATS_TEST_TMPDIR/a folder/small"
	removable
}
