"""A name server on loopback, UDP and TCP, that hands out invented names, fails as told, and transfers its zones."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

Records = Mapping[str, Mapping[str, list[str]]]  # name -> kind -> texts; a name `*.zone` stands for every other
Change = Callable[[list[bytes]], list[bytes]]


class NameServer:
    """Answers for `records`; `fails` names get SERVFAIL, `silent` ones no answer, all else NXDOMAIN.

    `zones` are transferred: zone -> its delegated names. `change` may alter the messages of a transfer. `asked` are
    the questions, in order.
    """

    def __init__(
        self,
        records: Records | None = None,
        *,
        fails: tuple[str, ...] = (),
        silent: tuple[str, ...] = (),
        zones: Mapping[str, list[str]] | None = None,
        change: Change = lambda messages: messages,
    ) -> None:
        self.records = {name: dict(kinds) for name, kinds in (records or {}).items()}
        self.fails, self.silent = fails, silent
        self.zones = dict(zones or {})
        self.serial = 2026112201
        self.change = change
        self.asked: list[tuple[str, str]] = []
        self._tcp = _Tcp(("127.0.0.1", 0), _TcpLine)
        self.port: int = self._tcp.server_address[1]
        self._udp = _Udp(("127.0.0.1", self.port), _UdpLine)
        for server in (self._tcp, self._udp):
            server.names = self
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        for server in (self._tcp, self._udp):
            server.shutdown()
            server.server_close()

    def answers(self, wire: bytes) -> list[bytes]:
        """The messages that answer one."""
        question = dns.message.from_wire(wire)
        name = question.question[0].name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.question[0].rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return []
        if kind == "AXFR":
            return self.change(list(self._transfer(question, name)))
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        if name in self.fails:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif kind == "SOA" and name in self.zones:
            answer.answer.append(self._soa(name))
        else:
            self._fill(answer, name, kind)
        return [answer.to_wire()]

    def _fill(self, answer: dns.message.Message, name: str, kind: str) -> None:
        known = self.records.get(name, self.records.get(f"*.{name.partition('.')[2]}"))
        if known is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif texts := known.get(kind):
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *texts))

    def _soa(self, zone: str) -> dns.rrset.RRset:
        text = f"ns.{zone}. hostmaster.{zone}. {self.serial} 1800 1800 864000 7200"
        return dns.rrset.from_text(f"{zone}.", 60, "IN", "SOA", text)

    def _transfer(self, question: dns.message.Message, zone: str) -> Iterator[bytes]:
        if zone not in self.zones:
            refusal = dns.message.make_response(question)
            refusal.set_rcode(dns.rcode.REFUSED)
            yield refusal.to_wire()
            return
        names = self.zones[zone]
        for start in range(0, max(len(names), 1), 100):
            part = dns.message.make_response(question)
            if not start:
                part.answer.append(self._soa(zone))
            for name in names[start : start + 100]:
                part.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "NS", "ns1.host.test.", "ns2.host.test."))
                part.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "DS", "1 13 2 " + "ab" * 32))
            if start + 100 >= len(names):
                # dnspython would join the closing SOA with the first: written in the next section, counted here
                part.authority.append(self._soa(zone))
                wire = part.to_wire(max_size=65535)
                count = int.from_bytes(wire[6:8], "big") + 1
                yield wire[:6] + count.to_bytes(2, "big") + bytes(2) + wire[10:]
                return
            yield part.to_wire(max_size=65535)


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    names: NameServer


class _Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True
    names: NameServer


class _TcpLine(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        line: socket.socket = self.request
        with suppress(OSError):
            size = int.from_bytes(line.recv(2, socket.MSG_WAITALL), "big")
            for message in self.server.names.answers(line.recv(size, socket.MSG_WAITALL)):  # type: ignore[attr-defined]
                line.sendall(len(message).to_bytes(2, "big") + message)


class _UdpLine(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        wire, line = self.request
        for message in self.server.names.answers(wire):  # type: ignore[attr-defined]
            line.sendto(message, self.client_address)


@contextmanager
def name_server(records: Records | None = None, **more: object) -> Iterator[NameServer]:
    """A name server for the length of a block."""
    server = NameServer(records, **more)  # type: ignore[arg-type]
    try:
        yield server
    finally:
        server.stop()
