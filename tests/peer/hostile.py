#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""
A peer that speaks TLS, and means no good by it.

    hostile.py listen|connect PORT 1.2|1.3 DEED

It is a server for one client after another, or a client of localhost; with
the certificate in hostile.pem, and trusts root.pem.  DEED is what it does:

    mute     says nothing at all
    halfway  says half of what it has to say first
    shy      says as much, and then the rest, too slowly
    idle     shakes hands, and says nothing more
    drip     says a byte at a time; what it hears, it says back
    flood    sends RECORDS records of one byte, and says goodbye
    deaf     shakes hands, and never reads again
    chatter  never reads again either, and says CHATTER bytes
    friend   means well: what it hears, it says back

A client that means well, drips or floods wants to hear the same again, all of
it; another one wants to be left, and its exit code tells whether it was.
"""
import socket
import ssl
import sys
import time

RECORDS = 200000
CHATTER = 64 << 20
SLOWLY = 0.2  # seconds for each byte
PATIENCE = 40  # seconds


class Peer:
    """TLS over a socket, whose bytes are ours to spoil."""

    def __init__(self, sock, ctx, deed):
        self.sock, self.deed = sock, deed
        sock.settimeout(PATIENCE)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = ctx.protocol == ssl.PROTOCOL_TLS_SERVER
        self.come, self.gone = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = ctx.wrap_bio(self.come, self.gone, server_side=server,
                                server_hostname=None if server
                                else "localhost")

    def say(self):
        """What TLS has to say, as the deed has it."""
        data = self.gone.read()
        if self.deed == "drip":
            for byte in data:
                self.sock.send(bytes([byte]))
        elif self.deed in ("halfway", "shy") and data:
            self.sock.sendall(data[:len(data) // 2])
            for byte in data[len(data) // 2:] if self.deed == "shy" else ():
                time.sleep(SLOWLY)
                self.sock.send(bytes([byte]))
            self.wait()
        else:
            self.sock.sendall(data)

    def do(self, operation, *words):
        """One thing, however much has to come for it."""
        while True:
            try:
                return operation(*words)
            except ssl.SSLWantReadError:
                self.say()
                data = self.sock.recv(65536)
                self.come.write(data) if data else self.come.write_eof()
            finally:
                self.say()

    def wait(self):
        """Until the other has had enough: it is to close."""
        try:
            while self.sock.recv(65536):
                pass
        except ConnectionResetError:
            pass
        raise EOFError

    def hear(self):
        """What comes next; nothing at the end."""
        try:
            return self.do(self.tls.read, 65536)
        except ssl.SSLZeroReturnError:
            return b""

    def back(self):
        while data := self.hear():
            self.do(self.tls.write, data)
        self.do_end()

    def do_end(self):
        try:
            self.do(self.tls.unwrap)
        except (ssl.SSLError, OSError):
            pass

    def ask(self, data):
        """All of it is to come back."""
        self.do(self.tls.write, data)
        said = b""
        while len(said) < len(data):
            said += self.hear()
        assert said == data
        self.do_end()

    def flood(self, answered):
        """Records of one byte; as fast as they go, and are answered."""
        got = 0
        for some in range(0, RECORDS, 1000):
            for _ in range(1000):
                self.tls.write(b"x")
            self.say()
            while answered and got < some:
                got += len(self.hear())
        while answered and got < RECORDS:
            got += len(self.hear())
        self.do_end()

    def chatter(self):
        """As much as there is to say, whoever answers."""
        for _ in range(CHATTER // 16384):
            self.tls.write(bytes(16384))
            self.say()

    def act(self):
        if self.deed == "mute":
            self.wait()
        self.do(self.tls.do_handshake)
        client = not self.tls.server_side
        if self.deed == "idle":
            self.wait()
        elif self.deed == "flood":
            self.flood(client)
        elif self.deed == "deaf":
            time.sleep(PATIENCE)
        elif self.deed == "chatter":
            self.chatter()
            time.sleep(PATIENCE)
        elif client:
            self.ask(bytes(range(256)) * 8)
        else:
            self.back()


def context(role, version):
    server = role == "listen"
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server
                         else ssl.PROTOCOL_TLS_CLIENT)
    ctx.minimum_version = ctx.maximum_version = getattr(
        ssl.TLSVersion, "TLSv" + version.replace(".", "_"))
    ctx.load_verify_locations("root.pem")
    ctx.load_cert_chain("hostile.pem")
    return ctx


def meet(sock, ctx, deed):
    try:
        Peer(sock, ctx, deed).act()
    except (EOFError, ConnectionError):
        pass  # left
    finally:
        sock.close()


def main():
    role, port, version, deed = sys.argv[1:]
    if role == "connect":
        ctx = context(role, version)
        meet(socket.create_connection(("127.0.0.1", int(port))), ctx, deed)
        return
    server = socket.create_server(("127.0.0.1", int(port)))
    ctx = context(role, version)  # which takes its time
    while True:
        try:
            meet(server.accept()[0], ctx, deed)
        except (OSError, ssl.SSLError) as e:
            print(deed, e, flush=True)


main()
