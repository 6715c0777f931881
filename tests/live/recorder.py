"""A relay on loopback that writes down every line a client sends to a server without TLS, and counts the bytes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Recording:
    """What went through the relay."""

    port: int = 0
    up: bytearray = field(default_factory=bytearray)
    down: int = 0
    connections: int = 0
    sockets: list[socket.socket] = field(default_factory=list)

    def cut(self) -> None:
        """Break every connection, as a network does."""
        for each in self.sockets[1:]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        del self.sockets[1:]

    def verbs(self) -> set[str]:
        """The commands sent, `UID` with what follows it; answers inside AUTHENTICATE are none."""
        found = set()
        for line in self.up.decode("ascii").splitlines():
            words = line.split(" ")
            if len(words) > 1:
                found.add(" ".join(words[1:3]) if words[1] == "UID" else words[1])
        return found


@contextmanager
def recorded(target: int) -> Iterator[Recording]:
    """Relay a free port to `target` for as long as the block lasts."""
    recording = Recording()
    listener = socket.create_server(("127.0.0.1", 0))
    recording.port = listener.getsockname()[1]
    recording.sockets.append(listener)

    def pump(source: socket.socket, sink: socket.socket, *, upwards: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(1 << 16):
                if upwards:
                    recording.up.extend(piece)
                else:
                    recording.down += len(piece)
                sink.sendall(piece)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                recording.connections += 1
                server = socket.create_connection(("127.0.0.1", target))
                recording.sockets.extend((client, server))
                for source, sink, upwards in ((client, server, True), (server, client, False)):
                    threading.Thread(target=pump, args=(source, sink), kwargs={"upwards": upwards}, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield recording
    finally:
        for each in recording.sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
