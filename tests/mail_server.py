"""A mail server that speaks as much of SMTP as is needed (RFC 5321, STARTTLS, AUTH PLAIN and LOGIN)."""

import base64
import email
import email.policy
import socket
import ssl
import threading
import time
from dataclasses import dataclass


@dataclass
class Mail:
    sender: str
    recipients: list
    text: bytes
    was_secure: bool
    user: str

    def message(self):
        return email.message_from_bytes(self.text, policy=email.policy.default)


class MailServer:
    """`certificate`: (file, key file) for STARTTLS; none: it does not offer it. `password`: needed where it is set."""

    def __init__(self, certificate=None, password=None, refuse_recipients=False):
        self.mails: list[Mail] = []
        self.lines: list[bytes] = []  # that came, in the clear or not
        self.context = None
        self.password = password
        self.refuse_recipients = refuse_recipients
        self.changed = threading.Condition()
        if certificate is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*certificate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            self._talk(connection)
        except (OSError, ValueError):
            pass
        finally:
            connection.close()

    def _talk(self, connection):
        file, secure, user, sender, recipients = connection.makefile("rb"), False, "", "", []

        def say(text):
            connection.sendall(text.encode() + b"\r\n")

        def ask(prompt):
            say(prompt)
            return base64.b64decode(file.readline().strip())

        say("220 ready")
        while line := file.readline():
            self.lines.append(line)
            command, _, rest = line.decode().strip().partition(" ")
            command = command.upper()
            if command in ("EHLO", "HELO"):
                offers = ["STARTTLS"] if self.context and not secure else []
                offers += ["AUTH PLAIN LOGIN"] if self.password else []
                lines = ["test", *offers]
                for each in lines[:-1]:
                    say(f"250-{each}")
                say(f"250 {lines[-1]}")
            elif command == "STARTTLS" and self.context:
                say("220 go on")
                file.close()
                connection = self.context.wrap_socket(connection, server_side=True)
                file, secure = connection.makefile("rb"), True
            elif command == "AUTH":
                mechanism, _, first = rest.partition(" ")
                if mechanism == "PLAIN":
                    _, user, password = (base64.b64decode(first) if first else ask("334 ")).decode().split("\0")
                else:
                    user = (base64.b64decode(first) if first else ask("334 VXNlcm5hbWU6")).decode()
                    password = ask("334 UGFzc3dvcmQ6").decode()
                say("235 welcome" if password == self.password else "535 no")
            elif command == "MAIL":
                sender = rest
                say("250 ok")
            elif command == "RCPT":
                if self.refuse_recipients:
                    say("550 nobody here")
                else:
                    recipients.append(rest.split("<", 1)[1].split(">", 1)[0])
                    say("250 ok")
            elif command == "DATA":
                say("354 go on")
                text = b""
                while (line := file.readline()) != b".\r\n":
                    text += line[1:] if line.startswith(b".") else line
                with self.changed:
                    self.mails.append(Mail(sender, recipients, text, secure, user))
                    self.changed.notify_all()
                say("250 kept")
            elif command == "QUIT":
                say("221 bye")
                return
            else:
                say("500 what?")

    def wait(self, count=1, seconds=30) -> list:
        end = time.monotonic() + seconds
        with self.changed:
            while len(self.mails) < count:
                assert time.monotonic() < end, f"{len(self.mails)} of {count} came"
                self.changed.wait(0.2)
            return self.mails[:count]

    def close(self):
        self.listener.close()
