# SPDX-License-Identifier: ISC
# File systems whose files can share blocks, in images that are mounted.

load ../helper

teardown() {
	cd /
	! mountpoint -q "$BATS_TEST_TMPDIR/a folder/disk" ||
		umount "$BATS_TEST_TMPDIR/a folder/disk"
	removable
}

# A file system of that kind, at ./disk.
disk() {
	need "mkfs.$1" filefrag
	truncate -s 320M image
	"mkfs.$1" -q image >/dev/null
	mkdir disk
	mount -o loop image disk 2>/dev/null || skip "not allowed to mount $1"
}

# How many blocks a file has, or has in common with another one.
blocks() {
	filefrag -e -b4096 "$1" | awk -v which="${2:-:}" -F: \
		'/^ +[0-9]+:/ && $0 ~ which { n += $4 } END { print n + 0 }'
}

# Rekeyed to another passphrase, a header has the length that it had.
shares() {
	disk "$1"
	head -c 5000000 /dev/urandom >disk/f
	A=one sluice seal --work-factor 10 --passphrase-env A disk/f
	cp disk/f.age old.age
	ln disk/f.age disk/kept.age # which is to keep its blocks
	sync
	[ "$(blocks disk/f.age shared)" = 0 ]
	A=one B=two sluice rekey -q --passphrase-env A --new-passphrase-env B \
		--work-factor 10 disk/f.age
	sync
	cmp old.age disk/kept.age
	B=two sluice unseal --passphrase-env B -c disk/f.age | cmp disk/f -
	# All but the first, with the header in it.
	[ "$(blocks disk/f.age shared)" -ge $(($(blocks disk/f.age) - 1)) ]
}

@test "rekey shares the payload's blocks on btrfs" {
	shares btrfs
}

@test "rekey shares the payload's blocks on xfs" {
	shares xfs
}
