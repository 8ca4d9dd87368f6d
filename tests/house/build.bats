#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
#
# The build and what it installs, tried on a copy of the tree whose path has
# a space in it.

load ../helper

setup_file() {
	unset CC CFLAGS CPPFLAGS LDFLAGS PKG_CONFIG
	local tree="$BATS_FILE_TMPDIR/a tree"
	mkdir "$tree"
	(cd "$BATS_TEST_DIRNAME/../.." && cp -r SConstruct site_scons \
		sluice.pc.in include src docs examples tests "$tree")
	cd "$tree" || return 1
	build CFLAGS='-O1 -g' >"$BATS_FILE_TMPDIR/log" 2>&1
}

setup() {
	workplace
	cd "$BATS_FILE_TMPDIR/a tree" || return 1
	DEST="$BATS_TEST_TMPDIR/dest dir"
	SO=build/release/libsluice.so
}

build() {
	/usr/bin/scons -Q "$@"
}

version() {
	sed -n 's/^#define SLU_VERSION "\(.*\)"/\1/p' include/sluice/version.h
}

@test "scons builds the program and both libraries" {
	[ -x build/release/sluice ]
	[ -f build/release/libsluice.a ]
	[ -f "$SO.$(version)" ]
	[ "$(readlink "$SO.0")" = "${SO##*/}.$(version)" ]
	[ "$(readlink "$SO")" = "${SO##*/}.0" ]
	run -0 build/release/sluice -V
	[[ $output == *"$(version)"* ]]
}

@test "a second scons has nothing to do" {
	run -0 build
	[[ $output != *"gcc -o"* ]]
}

@test "compile_commands.json names every source of the library" {
	run -0 /usr/bin/python3 - <<-'END'
		import glob, json
		named = {row["file"] for row in json.load(open("compile_commands.json"))}
		assert named >= set(glob.glob("src/*/*.c")), named
	END
}

@test "an unknown variable stops the build" {
	run -2 build CFLAG=-O3
	[[ $output == *"unknown variable CFLAG"* ]]
}

@test "an unknown target stops the build" {
	run -2 build instal
	[[ $output == *"unknown target 'instal'"* ]]
	run -2 build tests/
}

@test "a compiler that is not there is named" {
	run -2 build cc=no-such-cc
	[[ $output == *"no compiler 'no-such-cc'"* ]]
	[ ! -e build/no-such-cc ]
}

@test "other flags than the folder's stop the build" {
	run -2 build CFLAGS=-O3
	[[ $output == *"was built with CFLAGS='-O1 -g'"* ]]
	CFLAGS=-O3 run -2 build install DESTDIR="$DEST"
	[ ! -e "$DEST" ]
}

@test "flags of one's own come on top of the house's" {
	sed -i '1s/$/ /' src/base/version.c
	run -0 build
	[[ $output == *"-std=c11 "*"-Werror "*" -O1 -g "*"src/base/version.c"* ]]
	[[ $output == *"-fvisibility=hidden"*"-fstack-protector-strong"* ]]
}

@test "install takes what was built, with the flags it was built with" {
	run -0 build install DESTDIR="$DEST" PREFIX=/usr
	[[ $output != *"gcc -o"* ]]
	[[ $output == *"keeps CFLAGS='-O1 -g'"* ]]
	cmp build/release/sluice "$DEST/usr/bin/sluice"
}

@test "install does not build anew for another compiler" {
	run -2 build cc=clang install DESTDIR="$DEST"
	[[ $output == *"build/clang is not built"* ]]
}

@test "installed files are readable by all, whatever the umask" {
	umask 077
	build install DESTDIR="$DEST"
	[ -z "$(find "$DEST" -type f ! -perm 644 ! -perm 755)" ]
	[ -z "$(find "$DEST/usr" -type d ! -perm 755)" ]
	[ "$(stat -c %a "$DEST/usr/local/bin/sluice")" = 755 ]
}

@test "install repairs what somebody changed" {
	build install DESTDIR="$DEST"
	echo broken >"$DEST/usr/local/bin/sluice"
	build install DESTDIR="$DEST"
	cmp build/release/sluice "$DEST/usr/local/bin/sluice"
}

@test "every public header is installed, and none other" {
	build install DESTDIR="$DEST"
	diff -r include "$DEST/usr/local/include"
}

@test "the manual pages are installed" {
	need scdoc mandoc
	build install DESTDIR="$DEST" PREFIX=/usr
	for page in docs/*.scd; do
		page=$(basename "$page" .scd)
		mandoc -T lint -W error "$DEST/usr/share/man/man${page##*.}/$page"
	done
}

# A program that is built from what is installed, in a folder of its own.
against_installed() {
	local flags
	build install PREFIX="$DEST"
	cp examples/seal_file.c "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR" || return 1
	flags=$(PKG_CONFIG_PATH=$DEST/lib/pkgconfig \
		pkg-config "$@" --cflags --libs sluice)
	eval "gcc seal_file.c -o seal_file $flags ${*/#--/-}"
	echo hello >in
	PASSPHRASE=secret LD_LIBRARY_PATH=$DEST/lib ./seal_file in out
	head -n 1 out | grep "^age-encryption.org/v1$" >/dev/null
}

@test "a program builds with pkg-config and the shared library" {
	against_installed
	readelf -d seal_file | grep 'NEEDED.*\[libsluice.so.0\]' >/dev/null
}

@test "a program builds with pkg-config --static and the static library" {
	against_installed --static
	[[ $(readelf -d seal_file) == *"no dynamic section"* ]]
}

# A C++ program with an engine of TLS, whose first bytes are a handshake's.
tls_against_installed() {
	build install PREFIX="$DEST"
	cd "$BATS_TEST_TMPDIR" || return 1
	cat >hello.cc <<-'END'
		#include <sluice.h>
		int main()
		{
			slu_tls_config *cfg = nullptr;
			slu_tls *tls = nullptr;
			unsigned char wire[4096];
			size_t len = 0;
			bool good = slu_tls_config_new(&cfg) == SLU_OK &&
			    slu_tls_client(&tls, cfg, "example.org") == SLU_OK &&
			    slu_tls_drain(tls, wire, sizeof(wire), &len) == SLU_OK &&
			    len > 5 && wire[0] == 22;
			slu_tls_free(tls);
			slu_tls_config_free(cfg);
			return good ? 0 : 1;
		}
	END
	flags=$(PKG_CONFIG_PATH=$DEST/lib/pkgconfig \
		pkg-config "$@" --cflags --libs sluice)
	eval "g++ -Wall -Wextra -Werror hello.cc -o hello $flags ${*/#--/-}"
	LD_LIBRARY_PATH=$DEST/lib ./hello
}

@test "a C++ program with TLS builds with the shared library" {
	need g++
	tls_against_installed
}

@test "a C++ program with TLS builds with the static library" {
	need g++
	tls_against_installed --static
	readelf -d hello | grep "no dynamic section"
}

@test "a static program finds the mathematics that distributions need" {
	build install PREFIX="$DEST"
	cd "$BATS_TEST_TMPDIR"
	cat >draw.c <<-'END'
		#include <sluice.h>
		int main(void) { double x; return slu_rand_weibull(NULL, 2, 1, &x); }
	END
	flags=$(PKG_CONFIG_PATH=$DEST/lib/pkgconfig \
		pkg-config --static --cflags --libs sluice)
	eval "gcc draw.c -o draw $flags -static"
	./draw
}

@test "the .pc file tells the version of the header" {
	build install DESTDIR="$DEST" PREFIX=/opt/sluice
	PKG_CONFIG_PATH="$DEST/opt/sluice/lib/pkgconfig"
	export PKG_CONFIG_PATH
	[ "$(pkg-config --modversion sluice)" = "$(version)" ]
	[ "$(pkg-config --variable=prefix sluice)" = /opt/sluice ]
	[[ $(pkg-config --print-requires-private sluice) == *"libcrypto >= 3.0"* ]]
}

@test "scons -c install takes everything away again, and keeps the build" {
	build install DESTDIR="$DEST" PREFIX=/usr
	echo mine >"$DEST/usr/lib/libother.so"
	run -0 build -c install DESTDIR="$DEST" PREFIX=/usr
	[ "$(find "$DEST" ! -type d)" = "$DEST/usr/lib/libother.so" ]
	[ ! -e "$DEST/usr/include/sluice" ]
	[ -x build/release/sluice ]
}

@test "the same sources in another folder build the same bytes" {
	local other="$BATS_TEST_TMPDIR/somewhere else"
	mkdir "$other"
	cp -r SConstruct site_scons sluice.pc.in include src "$other"
	(cd "$other" && build CFLAGS='-O1 -g')
	for made in sluice libsluice.a "libsluice.so.$(version)"; do
		cmp "build/release/$made" "$other/build/release/$made"
	done
}

@test "another list of exports makes another library" {
	cp src/libsluice.map kept
	before=$(sha256sum <"$SO")
	sed -i '/slu_version;/d' src/libsluice.map
	build
	after=$(sha256sum <"$SO")
	mv kept src/libsluice.map
	[ "$before" != "$after" ]
	names=$(nm -D --defined-only "$SO")
	[[ $names == *slu_error@* ]]
	[[ $names != *slu_version@* ]]
	build
}

@test "the program and the library are hardened" {
	for made in build/release/sluice "$SO"; do
		readelf -d "$made" | grep BIND_NOW >/dev/null
		readelf -l "$made" | grep GNU_RELRO >/dev/null
		readelf -lW "$made" | grep 'GNU_STACK.*RW ' >/dev/null
		nm -D "$made" | grep __stack_chk_fail >/dev/null
	done
	readelf -h build/release/sluice | grep 'Type:.*DYN' >/dev/null
}

@test "scons -c leaves nothing of the build" {
	cp -r "$PWD" "$BATS_TEST_TMPDIR/copy"
	cd "$BATS_TEST_TMPDIR/copy"
	build -c
	[ ! -e build/release ]
	[ ! -e compile_commands.json ]
}
