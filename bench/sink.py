"""A mail server that accepts everything as cheaply as Python can, and counts: `VRFY counts` says connections and mails.

It runs as a process of its own (`python -m bench.sink`), so that its work is not counted as ours.
"""

import socketserver
import sys

counts = {"connections": 0, "mails": 0}


class Conversation(socketserver.StreamRequestHandler):
    """Says yes until the client leaves."""

    def handle(self) -> None:
        self.say(b"220 sink")
        is_client = False
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say(b"354 go on")
                while self.rfile.readline() != b".\r\n":
                    pass
                counts["mails"] += 1
                self.say(b"250 accepted")
            elif verb == b"VRFY":
                self.say(b"252 %d %d" % (counts["connections"], counts["mails"]))
            elif verb == b"EHLO":
                self.say(b"250-sink\r\n250 PIPELINING")
            elif verb == b"QUIT":
                self.say(b"221 bye")
                return
            else:
                if verb == b"MAIL" and not is_client:
                    is_client = True
                    counts["connections"] += 1
                self.say(b"250 ok")

    def say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


def main() -> None:
    """Serve on a free port, which is printed, until the process is ended."""
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever(0.05)


if __name__ == "__main__":
    main()
