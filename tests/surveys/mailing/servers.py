"""Mail servers to test against: a real one, and one that hangs up wherever it is told to."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


class Mailroom:
    """What came in. `refusals`: what the server says to a recipient in place of yes."""

    def __init__(self, refusals: Mapping[str, str] | None = None) -> None:
        self.refusals = refusals or {}
        self.received: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.received.append(envelope)
        return f"250 2.0.0 Taken as number {len(self.received)}"


class _AnyPort(Controller):
    """On a port that the system picks."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serve(mailroom: Mailroom, **options: Any) -> Iterator[int]:
    """A real SMTP server on this machine; gives its port."""
    controller = _AnyPort(mailroom, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


HANG_UP = b""

# What the scripted server says at the start, to each command, and to the dot after the content.
USUAL = {
    "hello": b"220 scripted",
    "EHLO": b"250 scripted",
    "MAIL": b"250 OK",
    "RCPT": b"250 OK",
    "DATA": b"354 Go on",
    "content": b"read on",  # is not said
    ".": b"250 Taken",
    "RSET": b"250 OK",
    "QUIT": b"221 Bye",
}


class ScriptedServer:
    """Says what it is told at each step, or hangs up there. `taken` counts the whole mails."""

    def __init__(self, script: Mapping[str, bytes]) -> None:
        self._script = USUAL | dict(script)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(30)  # else a test that never connects would hang
        self.port: int = self._listener.getsockname()[1]
        self.taken = 0

    @contextmanager
    def running(self) -> Iterator[ScriptedServer]:
        thread = Thread(target=self._serve)
        thread.start()
        try:
            yield self
        finally:
            thread.join()

    def _serve(self) -> None:
        with self._listener, self._listener.accept()[0] as line, line.makefile("rb") as commands:
            if not self._say(line, "hello"):
                return
            for command in commands:
                step = command.split()[0].decode().upper()
                if not self._say(line, step) or step == "QUIT":
                    return
                if step == "DATA" and self._script["DATA"].startswith(b"354"):
                    if self._script["content"] == HANG_UP:
                        return
                    while commands.readline() != b".\r\n":
                        pass
                    self.taken += 1
                    if not self._say(line, "."):
                        return

    def _say(self, line: socket.socket, step: str) -> bool:
        words = self._script[step]
        if words:
            line.sendall(words + b"\r\n")
        return bool(words)


def make_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that nobody signed but itself, and a server's use of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    shown, both = folder / "certificate.pem", folder / "key.pem"
    shown.write_bytes(certificate.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    both.write_bytes(secret + shown.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return shown, context
