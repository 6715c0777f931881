"""A real Dovecot as an ordinary process on loopback: its own configuration, certificate, Maildirs and ports."""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from otosata.mail.account import ImapAccount

PASSWORD = '秘密 pass"word\\1'
MOST_BOXES = 200
INSTALL = "Dovecot is missing; install it with `apt-get install dovecot-imapd`, or set OTOSATA_NO_LIVE=1."

CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/server.pem
ssl_key = <{home}/server.key
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
mail_location = maildir:~/mail:INDEX=~/index:CONTROL=~/control
mail_fsync = never
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/boxes/%n
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
auth_failure_delay = 0
service stats {{
  chroot =
}}
import_environment = TZ
"""


@dataclass
class Dovecot:
    """A running server; each test gets a mailbox of its own on it."""

    home: Path
    port: int
    plain_port: int
    ca_file: Path
    boxes: int = 0

    def new_mailbox(self) -> "Mailbox":
        """An empty mailbox."""
        self.boxes += 1
        box = Mailbox(self, f"me{self.boxes}")
        for name in ("mail", "index", "control"):
            (box.home / name).mkdir(parents=True)
            box.own(box.home / name)
        return box


@dataclass
class Mailbox:
    """One user's mailbox, seen from the server's disk."""

    server: Dovecot
    name: str
    written: int = 0

    @property
    def home(self) -> Path:
        """Where mail, indexes and UID lists are."""
        return self.server.home / "boxes" / self.name

    @property
    def user(self) -> str:
        """The name to log in with."""
        return f"{self.name}@example.jp"

    def account(self, **changes: object) -> ImapAccount:
        """The mailbox as a user would configure it."""
        values: dict[str, object] = {
            "name": "live",
            "host": "localhost",
            "port": self.server.port,
            "user": self.user,
            "secret": lambda: PASSWORD,
            "ca_file": str(self.server.ca_file),
            "timeout_seconds": 20,
        }
        return ImapAccount(**{**values, **changes})  # type: ignore[arg-type]

    def deliver(self, mail: bytes, arrived: datetime, folder: str = "", *, into: str = "new") -> Path:
        """Put a mail into the Maildir as a delivery agent does; `arrived` becomes its INTERNALDATE."""
        place = self.home / "mail" / folder
        for name in ("cur", "new", "tmp"):
            (place / name).mkdir(parents=True, exist_ok=True)
        self.written += 1
        moment = int(arrived.timestamp())
        path = place / into / f"{moment}.M{self.written}.live{':2,S' if into == 'cur' else ''}"
        path.write_bytes(mail)
        os.utime(path, (moment, moment))
        self.own(path)
        return path

    def own(self, path: Path) -> None:
        """Give everything from the mailbox's top down to `path` to the user Dovecot reads mail as."""
        if os.geteuid() == 0:
            uid, gid = mail_user()
            while path != self.server.home:
                os.chown(path, uid, gid)
                path = path.parent

    def listing(self) -> dict[str, bytes]:
        """Every mail file with its flags (in the name) and its content."""
        top = self.home / "mail"
        return {
            str(path.relative_to(top)): path.read_bytes()
            for kind in ("cur", "new", "tmp")
            for path in top.glob(f"**/{kind}/*")
        }

    def forget_uids(self) -> None:
        """Lose indexes and UID list, as a restored backup does: every folder gets a new UIDVALIDITY."""
        for name in ("index", "control"):
            shutil.rmtree(self.home / name)
            (self.home / name).mkdir()
            self.own(self.home / name)
        time.sleep(1.1)  # Dovecot's UIDVALIDITY is the second in which it is made


def mail_user() -> tuple[int, int]:
    """Dovecot never reads mail as root, so root lends the mailbox to nobody."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_certificates(home: Path) -> Path:
    """A CA of our own and a certificate for localhost; returns the CA's file."""
    (home / "san").write_text("subjectAltName=DNS:localhost\nauthorityKeyIdentifier=keyid\n")
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    for command in (
        ["req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=otosata tests",
         "-addext", "keyUsage=critical,keyCertSign"],  # Python 3.13 refuses a CA that does not say so
        ["req", *new_key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost"],
        ["x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
         "-extfile", "san", "-out", "server.pem"],
    ):  # fmt: skip
        subprocess.run(["openssl", *command], cwd=home, check=True, capture_output=True)
    return home / "ca.pem"


def start(home: Path) -> tuple[Dovecot, "subprocess.Popen[bytes]"]:
    """Start a server in `home`, a folder that the mail user can enter."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        raise RuntimeError(INSTALL)
    uid, gid = mail_user()
    me = pwd.getpwuid(os.geteuid()).pw_name
    server = Dovecot(home, free_port(), free_port(), make_certificates(home))
    (home / "boxes").mkdir()
    (home / "state").mkdir()
    as_root = os.geteuid() == 0
    (home / "users").write_text("".join(f"me{n}@example.jp:{{PLAIN}}{PASSWORD}\n" for n in range(1, MOST_BOXES)))
    (home / "users").chmod(0o644)
    config = CONFIG.format(
        home=home,
        port=server.port,
        plain_port=server.plain_port,
        uid=uid,
        gid=gid,
        internal="dovecot" if as_root else me,
        internal_group="dovecot" if as_root else grp.getgrgid(os.getegid()).gr_name,
        login="dovenull" if as_root else me,
    )
    (home / "dovecot.conf").write_text(config)
    process = subprocess.Popen([program, "-F", "-c", str(home / "dovecot.conf")], stderr=subprocess.PIPE)
    wait_for(server, process)
    return server, process


def wait_for(server: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the port answers; a server that ends instead says why."""
    for _ in range(200):
        if process.poll() is not None:
            log = server.home / "dovecot.log"
            words = (process.stderr.read() if process.stderr else b"").decode(errors="replace")
            raise RuntimeError(f"Dovecot did not start: {words} {log.read_text() if log.exists() else ''}")
        try:
            socket.create_connection(("127.0.0.1", server.port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("Dovecot did not open its port within ten seconds")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End the server that `start` began, and wait for it."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
