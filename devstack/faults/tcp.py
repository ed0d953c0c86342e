"""A TCP proxy that can be stalled, cut and made to refuse."""

import contextlib
import selectors
import socket
import struct
import threading
from pathlib import Path

from devstack.faults.processes import LOOPBACK


class TcpProxy:
    """A local port that hands everything on to a server, until told to stall, cut or refuse.

    `target` is (host, port), or the path of a unix socket. `port` is where clients connect, at 127.0.0.1.
    """

    def __init__(self, target: tuple[str, int] | str | Path) -> None:
        self.target = target
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._flows = threading.Event()
        self._flows.set()
        self._is_open = True
        self._ended = False
        self._lock = threading.Lock()
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        """Pass nothing on, and keep the connections: what a hung server or a lost route looks like."""
        self._flows.clear()

    def cut(self) -> None:
        """Reset every connection there is; new ones work."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for side in pair:
                _reset(side)

    def refuse(self) -> None:
        """Cut, and reset every new connection too: what a dead server looks like."""
        self._is_open = False
        self.cut()

    def mend(self) -> None:
        """Work again."""
        self._is_open = True
        self._flows.set()

    def stop(self) -> None:
        """End the proxy and its connections."""
        self._ended = True
        self._flows.set()
        _close(self._listener)
        self.refuse()

    def _accept(self) -> None:
        while not self._ended:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                if not self._is_open:
                    raise ConnectionRefusedError
                server = self._connect()
            except OSError:
                _reset(client)
                continue
            with self._lock:
                self._pairs.append((client, server))
            threading.Thread(target=self._pass_on, args=(client, server), daemon=True).start()

    def _connect(self) -> socket.socket:
        if isinstance(self.target, tuple):
            return socket.create_connection(self.target, timeout=5)
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(self.target))
        return server

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        other = {client: server, server: client}
        server.settimeout(None)
        with selectors.DefaultSelector() as selector, contextlib.suppress(OSError, ValueError, KeyError):
            for side in other:
                selector.register(side, selectors.EVENT_READ)
            while not self._ended and client.fileno() >= 0:
                for key, _ in selector.select(0.5):
                    data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    self._flows.wait()
                    if not data:
                        return _close(client, server)
                    other[key.fileobj].sendall(data)  # type: ignore[index]
        return _close(client, server)


def _reset(connection: socket.socket) -> None:
    """Close with a TCP reset instead of a goodbye."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _close(*sockets: socket.socket) -> None:
    for item in sockets:
        with contextlib.suppress(OSError):
            item.shutdown(socket.SHUT_RDWR)
        item.close()
