"""An IMAP server inside the program: on loopback, in a thread, its mails in memory, so that the demo needs nothing."""

import asyncio
import logging
import secrets
import ssl
import threading
from argparse import Namespace
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl import SASLAuth
from pysasl.hashing import Cleartext
from pysasl.mechanism.plain import PlainMechanism

from demo.mails import DemoMail

HOST = "127.0.0.1"
USER = "tsubasa@demo.example"
START_SECONDS = 30
"""A start takes a fifth of a second; a machine that needs longer than this will not get there."""
SETTLE_SECONDS = 0.01
"""A connection taken a moment ago must become a conversation first: closed between, asyncio would lose its socket."""
CLOSE_SECONDS = 1
"""How long a client may take to hear the last words."""
_log = logging.getLogger(__name__)


class _Config(Config):
    """pymap's settings without what reaches out of this program (DNS, environment, CPU threads) or costs time."""

    def __init__(self, password: str) -> None:
        super().__init__(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=HOST,
            port=0,
            demo_data=False,
            demo_user=USER,
            demo_password=password,
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
            tls_enabled=False,
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
        )

    @property
    def initial_auth(self) -> SASLAuth:
        """PLAIN as it is: pymap's own way searches all installed packages for it, 20 ms at each connection."""
        return SASLAuth([PlainMechanism()])

    @property
    def tls_auth(self) -> SASLAuth:
        """The same: what pymap offers to connections from this machine."""
        return self.initial_auth

    @property
    def greeting(self) -> bytes:
        """Without the machine's name: looking that up can ask a name server and take seconds."""
        return b"otosata demo"


class DemoServer:
    """`with DemoServer(mails) as server:` a mailbox that `server.user` can read at `server.host`:`server.port`.

    Each has a port and a password of its own, so several may run at once. It is up when the block begins, and gone,
    thread included, when it ends.
    """

    host = HOST
    user = USER

    def __init__(self, mails: Sequence[DemoMail]) -> None:
        self.password = secrets.token_urlsafe(16)
        self.port = 0
        self._mails = tuple(mails)
        self._ready: Future[tuple[int, asyncio.AbstractEventLoop]] = Future()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="demo IMAP server", daemon=True)

    def __enter__(self) -> Self:
        """Return once the server takes connections. Raises OSError where no port of this machine can be had."""
        self._thread.start()
        self.port, self._loop = self._ready.result(START_SECONDS)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Close every connection and wait for the thread."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: _log.debug("demo server: %s", context))  # the screen is not ours
        config = _Config(self.password)
        config.apply_context()
        login = Login(config)
        await self._fill(config, login)
        imap = IMAPServer(login, config)
        talks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

        def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            talk = loop.create_task(imap(reader, writer, SocketInfo.get(writer, None)))
            talks[talk] = writer
            talk.add_done_callback(lambda ended: talks.pop(ended, None))

        # asyncio sets TCP_NODELAY; without it each of pymap's small writes would wait 40 ms for an acknowledgement.
        server = await asyncio.start_server(welcome, HOST, 0)
        self._ready.set_result((server.sockets[0].getsockname()[1], loop))
        await self._stop.wait()
        await asyncio.sleep(SETTLE_SECONDS)
        server.close()
        await _end(dict(talks))

    async def _fill(self, config: Config, login: Login) -> None:
        """Put the mails in without a socket: faster, and each keeps its INTERNALDATE."""
        owner = login.demo_user_identity
        await owner.set(UserMetadata(config, USER, password=self.password))
        async with owner.new_session() as session:
            inbox = await session.mailbox_set.get_mailbox("INBOX")
            # pymap takes the numbers in `UID SEARCH 1:60` for UIDs although they are places (RFC 3501, 6.4.8);
            # with UIDs from 1 up both are the same.
            inbox._max_uid = 0
            for mail in self._mails:
                await inbox.append(AppendMessage(mail.data, mail.arrived, frozenset()))


async def _end(talks: Mapping[asyncio.Task[None], asyncio.StreamWriter]) -> None:
    """Let each conversation say BYE and wait until its socket is gone; one that nobody listens to is cut off."""
    for talk in talks:
        talk.cancel()
    await asyncio.gather(*talks, return_exceptions=True)
    for writer in talks.values():
        writer.close()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await writer.wait_closed()
        except (OSError, TimeoutError):
            writer.transport.abort()
