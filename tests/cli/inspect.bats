# SPDX-License-Identifier: ISC
load ../helper
load cli

setup() {
	workplace
	head -c 100000 /dev/zero >f
	seal f
}

@test "inspect tells what is to be seen, without a passphrase" {
	run -0 sluice inspect f.age
	printed "f.age
  version       age-encryption.org/v1
  sealed for    scrypt
  work factor   10, 1 MiB of memory
  post-quantum  yes
  header        $(($(stat -c %s f.age) - 100048)) bytes
  overhead      48 bytes
  payload       100000 bytes"
	run -0 sluice inspect <f.age
	[[ $output == "standard input"*"payload       100000 bytes" ]]
}

@test "inspect --json has the names of age-inspect, and what a passphrase costs" {
	seal -a -o 'a "b"' f
	sluice inspect --json f.age 'a "b"' >found
	python3 - <<'P'
import json, os
raw, text = (json.loads(line) for line in open("found"))
assert raw["file"] == "f.age" and text["file"] == 'a "b"'
assert list(raw) == ["file", "version", "postquantum", "armor",
    "stanza_types", "work_factor", "scrypt_mib", "sizes"], raw
assert list(raw["sizes"]) == ["header", "armor", "overhead", "min_payload",
    "max_payload", "min_padding", "max_padding"], raw
assert raw["version"] == "age-encryption.org/v1"
assert raw["postquantum"] == "yes" and raw["stanza_types"] == ["scrypt"]
assert raw["work_factor"] == 10 and raw["scrypt_mib"] == 1
assert raw["armor"] is False and text["armor"] is True
for found in raw, text:
    sizes = found["sizes"]
    assert sizes["min_payload"] == sizes["max_payload"] == 100000
    assert (sizes["header"] + sizes["armor"] + sizes["overhead"]
            + sizes["min_payload"] == os.path.getsize(found["file"]))
P
}

@test "inspect --json says any name, and any memory" {
	cp f.age $'a\x80\n\e\\\u00e4'
	sed 's/ 10$/ 1/' f.age >one
	sed 's/ 10$/ 63/' f.age >much
	sed 's/ 10$/ 64/' f.age >more
	sluice inspect --json $'a\x80\n\e\\\u00e4' one much more >found
	python3 - <<'P'
import base64, json
name, one, much, more = (json.loads(line) for line in open("found"))
assert name["file"] == "a\ufffd\n\x1b\\\u00e4", name
assert base64.b64decode(name["file_base64"]) == b"a\x80\n\x1b\\\xc3\xa4"
assert "file_base64" not in one
assert one["scrypt_mib"] == 1 / 512
assert much["scrypt_mib"] == 2 ** 53
assert "scrypt_mib" not in more and "work_factor" not in more
P
	run -0 sluice inspect more
	[[ $output == *"work factor   over 63"* ]]
	run -0 sluice inspect one
	[[ $output == *"work factor   1, 2 KiB of memory"* ]]
	run -0 sluice inspect much
	[[ $output == *"work factor   63, 8 ZiB of memory"* ]]
	sed 's/ 10$/ 25/' f.age >quite
	run -0 sluice inspect quite
	[[ $output == *"work factor   25, 32 GiB of memory"* ]]
}

@test "many stanzas of a type are counted" {
	for type in a b b b a; do
		printf -- '-> %s\n\n' $type
	done >stanzas
	{
		echo age-encryption.org/v1
		cat stanzas
		printf -- '--- %043d\n%032d' 0 0 | tr 0 A
	} >many
	run -0 sluice inspect many
	[[ $output == *"  sealed for    a
                b, 3 times
                a
  post-quantum "* ]]
	sluice inspect --json many | python3 -c 'import json, sys
assert json.load(sys.stdin)["stanza_types"] == ["a", "b", "b", "b", "a"]'
}

@test "standard input is looked into once" {
	run -2 --separate-stderr sluice inspect - - <f.age
	said "sluice: standard input can be read only once"
}

@test "what is not whole, or no age file, is 5, and others are told of all the same" {
	head -c 160 f.age >cut
	echo hello >text
	run -9 --separate-stderr sluice inspect text f.age
	said "sluice: text: not an age file"
	[[ $output == "f.age"* ]]
	run -5 --separate-stderr sluice inspect text cut
	[[ $stderr == *"sluice: cut: truncated "* ]]
	run -3 --separate-stderr sluice inspect missing
	said "sluice: missing: No such file or directory"
	run -6 --separate-stderr sluice inspect .
	said "sluice: .: is a directory"
}

@test "a type of stanza is not sent to a terminal as it is" {
	printf 'age-encryption.org/v1\n-> a"\\\n\n--- %043d\n%032d' 0 0 | tr 0 A >odd
	sluice inspect --json odd | python3 -c 'import json, sys
assert json.load(sys.stdin)["stanza_types"] == ["a\"\\"]'
	run -0 sluice inspect odd
	[[ $output == *'sealed for    a"\'* ]]
}
