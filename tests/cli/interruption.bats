# SPDX-License-Identifier: ISC
load ../helper
load cli

setup() {
	workplace
	head -c 300000 /dev/urandom >f
	mkfifo in
}

# Start sealing `in` to x.age, with half of f on the way; its number is PID.
# Closing descriptor 8 ends the input.
begin() {
	"$SLUICE" seal --work-factor 10 --passphrase-env SECRET -o x.age \
		"$@" in 3>&- 2>said &
	PID=$!
	exec 8>in
	head -c 150000 f >&8
	until_so sh -c 'ls .x.age.*.tmp >/dev/null 2>&1'
}

# End it by a signal: its exit code goes into CODE.
end_by() {
	kill "-$1" "$PID"
	CODE=0
	wait "$PID" || CODE=$?
	exec 8>&-
}

@test "a signal that ends it leaves nothing behind, and is what it dies of" {
	for pair in "INT 130" "TERM 143" "HUP 129" "QUIT 131" "ALRM 142" \
		"PIPE 141" "ABRT 134" "TRAP 133" "SYS 159" "USR2 140" \
		"VTALRM 154" "PROF 155" "XCPU 152" "IO 157" "PWR 158" \
		"STKFLT 144" "RTMIN 162" "RTMAX 192"; do
		set -- $pair
		# A shell without job control has its children ignore these.
		trap : INT QUIT
		if [ "$1" = INT ] || [ "$1" = QUIT ]; then
			run "-$2" interrupted "$1"
		else
			begin
			end_by "$1"
			[ "$CODE" = "$2" ]
		fi
		holds f in said
		[ ! -s said ]
	done
}

# The same, with the signal as it is by default.
interrupted() {
	python3 - "$1" <<'P'
import os, signal, subprocess, sys, time
number = getattr(signal, "SIG" + sys.argv[1])
def default():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
said = open("said", "w")
p = subprocess.Popen([os.environ["SLUICE"], "seal", "--work-factor", "10",
    "--passphrase-env", "SECRET", "-o", "x.age", "in"], stderr=said,
    preexec_fn=default)
with open("in", "wb") as pipe:
    pipe.write(open("f", "rb").read(150000))
    pipe.flush()
    while not [n for n in os.listdir(".") if n.startswith(".x.age.")]:
        time.sleep(0.02)
    p.send_signal(number)
    code = p.wait(10)
sys.exit(128 - code if code < 0 else code)
P
}

@test "killed outright it leaves no output, and an existing one as it was" {
	begin
	end_by KILL
	[ "$CODE" = 137 ]
	[ ! -e x.age ]
	rm -f .x.age.*.tmp
	echo old >x.age
	begin -f
	end_by KILL
	[ "$(cat x.age)" = old ]
	rm -f .x.age.*.tmp
	holds f in said x.age
}

@test "a signal during an overwrite leaves the old file as it was" {
	echo old >x.age
	begin -f
	end_by TERM
	[ "$CODE" = 143 ]
	[ "$(cat x.age)" = old ]
	holds f in said x.age
}

@test "a signal that is ignored stays ignored" {
	trap '' HUP
	begin
	kill -HUP "$PID"
	tail -c +150001 f >&8
	exec 8>&-
	wait "$PID"
	trap - HUP
	unseal -c x.age | cmp - f
}

@test "a signal takes away all files of a pipe" {
	"$SLUICE" pipe tee=a gzip tee=b -o c <in 3>&- &
	PID=$!
	exec 8>in
	head -c 150000 f >&8
	until_so sh -c 'ls .c.*.tmp >/dev/null 2>&1'
	[ "$(ls .*.tmp | wc -l)" = 3 ]
	end_by TERM
	[ "$CODE" = 143 ]
	holds f in
}

@test "a reader that goes away leaves nothing behind either" {
	run -0 bash -c '"$SLUICE" pipe tee=copy <f | true
		[ "${PIPESTATUS[0]}" = 141 ]'
	holds f in
}

@test "a disk that is full is 3, names the output and leaves nothing" {
	small_disk 64
	run -3 --separate-stderr seal -o small/x f
	said "sluice: small/x: No space left on device"
	seal f
	run -3 --separate-stderr unseal -o small/x f.age
	said "sluice: small/x: No space left on device"
	run -3 --separate-stderr sluice random 100K -o small/x
	said "sluice: small/x: No space left on device"
	[ -z "$(ls -A small)" ]
	echo old >small/x
	run -3 --separate-stderr seal -f -o small/x f
	[ "$(cat small/x)" = old ]
	[ "$(ls -A small)" = x ]
}

@test "a file that may grow no further is 3, and leaves nothing" {
	run -3 --separate-stderr bash -c 'ulimit -f 64; "$SLUICE" seal \
		--work-factor 10 --passphrase-env SECRET f'
	said "sluice: f.age: File too large"
	holds f in
}

@test "two at once on one output: one wins, the other is refused" {
	for i in 1 2 3; do
		code1=0 code2=0
		seal -o x f 2>e1 &
		one=$!
		seal -o x f 2>e2 &
		two=$!
		wait $one || code1=$?
		wait $two || code2=$?
		[ "$((code1 + code2))" = 6 ]
		[ "$(cat e1 e2)" = "sluice: x: already exists (use -f to overwrite)" ]
		unseal -c x | cmp - f
		rm x
	done
	rm e1 e2
	holds f in
}

@test "an output that appears meanwhile is not overwritten" {
	begin
	echo mine >x.age
	exec 8>&-
	CODE=0
	wait "$PID" || CODE=$?
	[ "$CODE" = 6 ]
	[ "$(cat said)" = "sluice: x.age: already exists (use -f to overwrite)" ]
	[ "$(cat x.age)" = mine ]
	holds f in said x.age
}

@test "two at once with -f: a whole file of one of them is there" {
	for i in 1 2 3; do
		seal -f -o x f &
		seal -f -o x f &
		wait
		unseal -c x | cmp - f
	done
	holds f in x
}

@test "standard streams that do not block are waited for" {
	python3 - <<'P'
import fcntl, os, subprocess, time
def free(fd):
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)
ir, iw = os.pipe()
outr, outw = os.pipe()
free(ir)
free(outw)
p = subprocess.Popen([os.environ["SLUICE"], "pipe", "base64=0", "unbase64"],
                     stdin=ir, stdout=outw)
os.close(ir)
os.close(outw)
data = open("f", "rb").read()
if os.fork() == 0:
    os.close(outr)
    for i in range(0, len(data), 60000):
        os.write(iw, data[i:i + 60000])
        time.sleep(0.02)
    os._exit(0)
os.close(iw)
time.sleep(0.3)
got = b""
while part := os.read(outr, 65536):
    got += part
assert p.wait() == 0
assert got == data
P
}

@test "stopped at the prompt it gives the echo back, and asks again" {
	seal f
	run -0 terminal "passphrase for f.age: " ^Z "echo is on" x \
		"passphrase for f.age: " secret -- bash -c 'set -m
		"$SLUICE" unseal -t f.age
		stty -a | grep -q " echo " && echo echo is on
		stty -echo
		read -r line
		stty echo
		fg >/dev/null'
}

# Feed f in two halves, a second and a half apart, to a command.
slowly='{ head -c 150000 f; sleep 1.5; tail -c +150001 f; }'

@test "after a second a terminal is told of progress, in a line that goes" {
	seal f
	run -0 terminal -- bash -c "$slowly"' | "$SLUICE" hash >sum; echo end'
	[[ $output == *$'\r\e[K'*"292.7 KiB"*", "*"/s  standard input"*$'\r\e[Kend'* ||
		$output == *$'\r\e[K'*" KiB, "*"KiB/s  standard input"*$'\r\e[Kend'* ]]
	[ "$(cat sum)" = "$(sha256sum <f)" ]
}

@test "no word of progress before a second, off a terminal, or if told so" {
	run -0 terminal -- bash -c '"$SLUICE" hash f >sum'
	[ "$output" = "" ]
	run -0 --separate-stderr bash -c "$slowly"' | "$SLUICE" hash'
	said ""
	run -0 terminal -- bash -c "$slowly"' | tee \
		>("$SLUICE" -q hash >a) >("$SLUICE" --no-progress hash >b) \
		>(TERM=dumb "$SLUICE" hash >c) >/dev/null; sleep 0.3'
	[ "$output" = "" ]
	[ -s a ]
	[ -s b ]
	[ -s c ]
}

@test "--progress prints lines wherever standard error goes" {
	run -0 --separate-stderr sluice --progress hash f
	[[ $stderr == "sluice: f: 100%, 293.0 KiB of 293.0 KiB, "*"/s, 0:00 left" ]]
	run -0 --separate-stderr bash -c "$slowly"' | "$SLUICE" hash --progress'
	[ "$(wc -l <<<"$stderr")" = 2 ]
	[[ $stderr == "sluice: standard input: "*" KiB, "*"KiB/s"* ]]
}

@test "SIGUSR1 is answered with one line of progress" {
	begin
	kill -USR1 "$PID"
	sleep 0.1
	tail -c +150001 f >&8
	exec 8>&-
	wait "$PID"
	[ "$(wc -l <said)" = 1 ]
	grep -q '^sluice: in: .* KiB, .*/s$' said
	unseal -c x.age | cmp - f
}
