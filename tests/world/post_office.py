"""A receiver of mail on this machine, as far as RFC 5321 goes for a test: it keeps each letter, and may refuse."""

import email
import email.policy
import socketserver
import threading
from contextlib import contextmanager


class PostOffice(socketserver.ThreadingTCPServer):
    """Takes letters on a free port; `refuses` holds addresses whose letters are not taken."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Counter)
        self.letters, self.refuses = [], set()

    @property
    def port(self):
        """Return the port on which it listens."""
        return self.server_address[1]


class _Counter(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT" and any(each in line for each in self.server.refuses):
                self._say("550 nobody of that name")
            elif verb == "DATA":
                self._say("354 go on")
                self.server.letters.append(self._letter())
                self._say("250 kept")
            else:
                self._say("221 goodbye" if verb == "QUIT" else "250 fine")
            if verb == "QUIT":
                return

    def _letter(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return email.message_from_bytes(b"".join(lines), policy=email.policy.default)

    def _say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def post_office(settings):
    """Give a post office to which this installation hands its mail."""
    with PostOffice() as office:
        threading.Thread(target=office.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        yield office
        office.shutdown()
