"""A mail server that accepts everything as cheaply as Python can, and counts: `VRFY counts` says connections and mails.

It runs as a process of its own (`python -m bench.sink`), so that its work is not counted as ours.
"""

import socketserver
import sys

counts = {"connections": 0, "mails": 0}


class Conversation(socketserver.BaseRequestHandler):
    """Says yes until the client leaves. Several commands that come at once are answered at once, as Postfix does it."""

    def handle(self) -> None:
        self.is_client = self.is_body = False
        self.request.sendall(b"220 sink\r\n")
        rest = b""
        while heard := self.request.recv(1 << 16):
            rest += heard
            answers = []
            end = b"\r\n.\r\n" if self.is_body else b"\r\n"
            while end in rest:
                said, rest = rest.split(end, 1)
                answers.append(self.answer(said))
                end = b"\r\n.\r\n" if self.is_body else b"\r\n"
            if answers:
                self.request.sendall(b"".join(answers))
            if answers and answers[-1].startswith(b"221"):
                return

    def answer(self, said: bytes) -> bytes:
        """Return the answer to a command, or to a whole mail."""
        if self.is_body:
            self.is_body = False
            counts["mails"] += 1
            return b"250 accepted\r\n"
        verb = said[:4].upper()
        if verb == b"DATA":
            self.is_body = True
            return b"354 go on\r\n"
        if verb == b"VRFY":
            return b"252 %d %d\r\n" % (counts["connections"], counts["mails"])
        if verb == b"EHLO":
            return b"250-sink\r\n250 PIPELINING\r\n"
        if verb == b"QUIT":
            return b"221 bye\r\n"
        if verb == b"MAIL" and not self.is_client:
            self.is_client = True
            counts["connections"] += 1
        return b"250 ok\r\n"


def main() -> None:
    """Serve on a free port, which is printed, until the process is ended."""
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever(0.05)


if __name__ == "__main__":
    main()
