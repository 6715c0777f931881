"""Polling beside the screen: when it is time, how far it has got, what came of it, and what went wrong."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from textual import on, work
from textual.message import Message

from otosata.mail.source import Progress
from otosata.store.errors import StoreError
from otosata.sync import PollReport
from tui.background import aside
from tui.desk import Desk
from tui.journal import Journal, broken, told
from tui.screens.toned import TonedScreen
from tui.widgets.health import Mailing, Syncing, TopLine
from tui.words import Words

TICK_SECONDS = 60
"""How often the clock is looked at while nothing happens."""


class PollingScreen(TonedScreen):
    """Base of the screen that polls; its `TopLine` says how that goes."""

    class Advanced(Message):
        """A poll running beside the screen has got further."""

        def __init__(self, account: str, progress: Progress) -> None:
            super().__init__()
            self.account = account
            self.progress = progress

    def __init__(self, desk: Desk, words: Words, interval: timedelta) -> None:
        super().__init__(desk, words)
        self.journal = Journal()
        """What has happened since the app was opened."""
        self.reports: dict[str, PollReport] = {}
        """The last poll of each mailbox."""
        self.poll_trouble: StoreError | None = None
        """Why the last poll could not write what it had read."""
        self._interval = interval

    async def read(self) -> None:
        """Read everything anew and show it."""
        raise NotImplementedError

    @work(exclusive=True, group="read")
    async def reload(self) -> None:
        """The same beside the screen, for instance after an act by hand; the cursor stays with its deal."""
        await self.read()

    def start_polling(self) -> None:
        """Poll now, and whenever it is time."""
        self.set_interval(TICK_SECONDS, self.tick)
        self.action_poll()

    def tick(self) -> None:
        """Let time pass on the screen; poll when it is time.

        By the clock, not by a timer: timers stand still while a computer sleeps. A clock set back polls at once.
        """
        self.reload()
        now, following = self.desk.now(), self.query_one(TopLine).mailing.next_poll
        if following is not None and not now < following <= now + self._interval:
            self.action_poll()

    def pace(self, interval: timedelta) -> None:
        """Poll that often from now on."""
        self._interval = interval

    def action_poll(self) -> None:
        """Ask every mailbox now, unless that is going on already."""
        self.poll()

    def poll(self, only: str = "") -> None:
        """Ask the mailbox of that name now, or every one."""
        top = self.query_one(TopLine)
        if top.mailing.syncing is None:
            following = top.mailing.next_poll
            top.mailing = Mailing(syncing=Syncing())
            self._poll(only, following)

    @work(exclusive=True, group="poll")
    async def _poll(self, only: str, following: datetime | None) -> None:
        try:
            reports = await aside(lambda: self.desk.poll(self._advance, only))
        except StoreError as error:
            self.poll_trouble = error
            self.journal.add(broken(error, self.desk.now()))
        else:
            self.poll_trouble = None
            self._remember(reports)
        await self.read()
        kept = following if only else None  # one mailbox alone changes nothing about the others
        self.query_one(TopLine).mailing = Mailing(next_poll=kept or self.desk.now() + self._interval)

    def _remember(self, reports: Sequence[PollReport]) -> None:
        """Keep what the poll has come to, for the screens that tell it."""
        for report in reports:
            self.reports[report.account] = report
            self.journal.add(*told(report, self.desk.now()))

    def _advance(self, account: str, progress: Progress) -> None:
        """Called on the thread of the poll; posting is the one thing allowed from there."""
        self.post_message(self.Advanced(account, progress))

    @on(Advanced)
    def _show_progress(self, message: Advanced) -> None:
        top = self.query_one(TopLine)
        if top.mailing.syncing is not None:
            top.mailing = Mailing(syncing=Syncing(message.account, message.progress.done, message.progress.total))
