#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A TLS server in front of a port that has none, beside stunnel and socat.

Each contender takes bytes by TLS 1.3 and hands them on over TCP, all on
loopback; the client (`sluice connect`) and whoever counts what arrives are the
same for all.  They run in turn, round after round, every other one in
reverse, and the medians are compared: seconds from the client's start until
all has arrived, and the processor's seconds of the contender alone.

    bench/tunnel.py [--size MIB] [--rounds N] [--json] [--sluice PROGRAM]
"""
import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

SAN = "subjectAltName=DNS:localhost"


def certificate(at):
    """A certificate that trusts itself, with its key in the same file."""
    subprocess.run([
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
        "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
        "-addext", SAN, "-addext", "keyUsage=critical,digitalSignature,"
        "keyCertSign", "-keyout", at("key"), "-out", at("root")], check=True,
                   stderr=subprocess.DEVNULL)
    with open(at("both"), "w", encoding="ascii") as both:
        for name in "key", "root":
            with open(at(name), encoding="ascii") as part:
                both.write(part.read())
    os.chmod(at("both"), 0o600)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def contenders(sluice, at, sink):
    """Who is there: a name, and a command for a port."""
    yield "sluice", lambda port: [
        sluice, "listen", "-q", "--cert", at("both"), "-k", "--forward",
        f"127.0.0.1:{sink}", str(port)]
    if shutil.which("stunnel4"):
        def stunnel(port):
            with open(at("stunnel.conf"), "w", encoding="ascii") as conf:
                conf.write(f"foreground = yes\npid =\nsyslog = no\n"
                           f"debug = 0\n[tunnel]\naccept = 127.0.0.1:{port}\n"
                           f"connect = 127.0.0.1:{sink}\n"
                           f"cert = {at('both')}\n")
            return ["stunnel4", at("stunnel.conf")]
        yield "stunnel", stunnel
    if shutil.which("socat"):
        for name, block in ("socat", []), ("socat -b 65536", ["-b", "65536"]):
            yield name, lambda port, block=block: [
                "socat", *block,
                f"OPENSSL-LISTEN:{port},bind=127.0.0.1,reuseaddr,verify=0,"
                f"cert={at('both')}", f"TCP:127.0.0.1:{sink}"]


class Sink:
    """Takes what comes, and tells how much that was."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]

    def take(self, told):
        c, _ = self.server.accept()
        room, all_of_it = bytearray(1 << 20), 0
        while n := c.recv_into(room):
            all_of_it += n
        c.close()
        told.append((all_of_it, time.monotonic()))


def listening(port):
    want = f":{port:04X} 00000000:0000 0A"
    for _ in range(500):
        with open("/proc/net/tcp", encoding="ascii") as table:
            if any(want in row for row in table):
                return
        time.sleep(0.01)
    sys.exit("bench: nobody listens")


def once(command, sluice, at, sink, size):
    """Seconds that `size` bytes took, and those of the contender."""
    port = free_port()
    with subprocess.Popen(command(port), stderr=subprocess.DEVNULL) as server:
        listening(port)
        told = []
        counter = threading.Thread(target=sink.take, args=(told,))
        counter.start()
        began = time.monotonic()
        with open(at("data"), "rb") as data:
            client = subprocess.run([
                sluice, "connect", "-q", "--ca", at("root"), "--no-wait",
                f"localhost:{port}"], stdin=data, check=False,
                stdout=subprocess.DEVNULL)
        counter.join()
        mine = os.times()
        server.terminate()
        server.wait()
    after = os.times()
    got, ended = told[0]
    if client.returncode != 0 or got != size:
        sys.exit(f"bench: {command(port)[0]}: {got} bytes arrived")
    cpu = (after.children_user - mine.children_user
           + after.children_system - mine.children_system)
    return ended - began, cpu


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    words.add_argument("--size", type=int, default=1024, help="MiB")
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--json", action="store_true")
    words.add_argument("--sluice", default="build/release/sluice")
    args = words.parse_args()
    size = args.size << 20
    with tempfile.TemporaryDirectory() as folder:
        def at(name):
            return os.path.join(folder, name)
        certificate(at)
        with open(at("data"), "wb") as data:
            for _ in range(args.size):
                data.write(os.urandom(1 << 20))
        sink = Sink()
        who = list(contenders(args.sluice, at, sink.port))
        seen = {name: [] for name, _ in who}
        for number in range(args.rounds):
            for name, command in who[::-1 if number % 2 else 1]:
                seen[name].append(
                    once(command, args.sluice, at, sink, size))
    rows = []
    for name, _ in who:
        seconds, cpu = (statistics.median(column)
                        for column in zip(*seen[name]))
        rows.append({"job": "tunnel", "who": name,
                     "seconds": round(seconds, 3), "cpu": round(cpu, 3)})
        rows[-1]["times_ours"] = round(seconds / rows[0]["seconds"], 2)
        rows[-1]["cpu_times_ours"] = round(cpu / rows[0]["cpu"], 2)
    if args.json:
        print(json.dumps(rows, indent=1))
        return
    print(f"{'tunnel, ' + str(args.size) + ' MiB':24}{'s':>8}{'times':>8}"
          f"{'cpu s':>8}{'times':>8}")
    for row in rows:
        print(f"  {row['who']:22}{row['seconds']:8.3f}"
              f"{row['times_ours']:8.2f}{row['cpu']:8.3f}"
              f"{row['cpu_times_ours']:8.2f}")


main()
