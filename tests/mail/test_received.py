"""A mail's time: the mailbox decides, the mail can only make it earlier, and never is it later than now."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otosata.mail.received import parse, time_of
from otosata.mail.structure import Head

NOW = datetime(2025, 10, 20, 12, tzinfo=UTC)
HOP = b"from a by b; Tue, 14 Oct 2025 09:30:01 +0900 (JST)"
DATE = b"Tue, 14 Oct 2025 09:30:00 +0900"
SENT = datetime(2025, 10, 14, 0, 30, 1, tzinfo=UTC)


def head(received: bytes = b"", date: bytes = b"") -> Head:
    return Head((("received", received), ("received", b"from x by y; 1 Jan 2001 00:00:00 +0000"), ("date", date)))


def test_the_mailbox_decides_where_the_mail_says_nothing_earlier() -> None:
    arrived = datetime(2025, 10, 14, 0, 30, tzinfo=UTC)
    assert time_of(head(HOP, DATE), arrived, NOW) == arrived


def test_a_mailbox_that_was_moved_keeps_the_time_on_which_received_and_date_agree() -> None:
    assert time_of(head(HOP, DATE), datetime(2025, 10, 19, tzinfo=UTC), NOW) == SENT


@pytest.mark.parametrize(
    "date", [b"Mon, 13 Oct 2025 09:30:00 +0900", b"Thu, 01 Jan 1970 00:00:00 +0000", b"no date", b""]
)
def test_received_alone_does_not_outvote_the_mailbox(date: bytes) -> None:
    arrived = datetime(2025, 10, 19, tzinfo=UTC)
    assert time_of(head(HOP, date), arrived, NOW) == arrived


def test_the_time_of_a_copied_file_is_only_the_latest_it_can_be() -> None:
    copied = datetime(2025, 10, 19, tzinfo=UTC)
    assert time_of(head(date=DATE), copied, NOW, copied=True) == SENT - timedelta(seconds=1)
    assert time_of(head(HOP, b"Mon, 13 Oct 2025 09:30:00 +0900"), copied, NOW, copied=True) == SENT
    assert time_of(head(HOP, DATE), SENT - timedelta(days=3), NOW, copied=True) == SENT - timedelta(days=3)
    assert time_of(head(date=b"Thu, 01 Jan 1970 00:00:00 +0000"), copied, NOW, copied=True) == copied


def test_without_a_mailbox_received_comes_before_date() -> None:
    assert time_of(head(HOP, b"Mon, 13 Oct 2025 09:30:00 +0900"), None, NOW) == SENT
    assert time_of(head(b"from a by b; nonsense", DATE), None, NOW) == SENT - timedelta(seconds=1)
    assert time_of(head(), None, NOW) is None


def test_nothing_is_later_than_now() -> None:
    assert time_of(head(), NOW + timedelta(days=400), NOW) == NOW
    assert time_of(head(date=b"Tue, 21 Oct 2025 00:00:00 +0900"), None, NOW) == NOW


@pytest.mark.parametrize("date", [b"Fri, 21 Nov 2035 10:00:00 +0900", b"Thu, 01 Jan 1970 00:00:00 +0000"])
def test_a_date_beyond_belief_is_no_time(date: bytes) -> None:
    assert time_of(head(date=date), None, NOW) is None


def test_a_time_without_a_zone_counts_as_utc() -> None:
    assert time_of(head(), datetime(2025, 10, 14), NOW) == datetime(2025, 10, 14, tzinfo=UTC)  # noqa: DTZ001 (the case)


@pytest.mark.parametrize(
    ("value", "time"),
    [
        (b"14 Oct 2025 09:30 GMT", datetime(2025, 10, 14, 9, 30, tzinfo=UTC)),
        (b"Tue,14 oct 2025 9:30:60 JST", datetime(2025, 10, 14, 0, 30, 59, tzinfo=UTC)),
        (b"Tue, 14 Oct 2025 09:30:00 -0730", datetime(2025, 10, 14, 17, 0, tzinfo=UTC)),
        (b"14-Oct-2025 09:30:00 +0900", datetime(2025, 10, 14, 0, 30, tzinfo=UTC)),
        (b"Mon, 99 Foo 20999999999999 99:99:99 +9999999", None),
        (b"Tue, 31 Feb 2025 09:30:00 +0900", None),
        (b"Tue, 14 Oct 2025 09:30:00 +9999", None),
        (b"01 Jan 0001 00:00:00 +0900", None),
        (b"", None),
    ],
)
def test_dates_are_read_or_left(value: bytes, time: datetime | None) -> None:
    assert parse(value) == time


@given(st.binary(), st.binary())
def test_no_header_raises_or_reaches_the_future(received: bytes, date: bytes) -> None:
    time = time_of(head(received, date), None, NOW)
    assert time is None or time <= NOW
