"""What is asked of a server: windows without gaps, one search for all senders, groups of bounded size."""

from datetime import UTC, datetime, timedelta

import pytest

from otosata.mail.windows import Senders, Window, by_weight, imap_date, search, sender_words, windows_back

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize("days", [1, 29, 30, 31, 180, 4000])
@pytest.mark.parametrize("begun", [None, NOW - 3 * DAY])
def test_windows_join_without_a_gap_back_to_the_limit(days, begun):
    since = NOW - days * DAY
    windows = list(windows_back(begun, since, NOW))
    if begun and begun <= since:
        assert windows == []
        return
    assert windows[0].end == begun
    assert windows[-1].start == since
    assert [w.end for w in windows[1:]] == [w.start for w in windows[:-1]]
    assert len(windows) < 20


def test_the_newest_month_comes_first_and_windows_grow():
    assert [(NOW - w.start).days for w in windows_back(None, NOW - 180 * DAY, NOW)] == [30, 90, 180]


def test_dates_reach_a_day_further_because_imap_compares_them_without_a_zone():
    window = Window(datetime(2026, 1, 1, 23, tzinfo=UTC), datetime(2026, 1, 31, 23, tzinfo=UTC))
    assert search(window, ("a@b.example",)) == 'SINCE 31-Dec-2025 BEFORE 02-Feb-2026 FROM "a@b.example"'


def test_all_senders_are_searched_at_once_and_a_domain_covers_its_addresses():
    words = sender_words(("x@other.example", "@b.example", "noreply@b.example", "A@Third.example"))
    assert words == ("a@third.example", "b.example", "x@other.example")
    assert search(Window(NOW, None), words) == (
        'SINCE 28-Feb-2026 OR FROM "a@third.example" OR FROM "b.example" FROM "x@other.example"'
    )


def test_months_are_english_whatever_the_locale():
    assert imap_date(datetime(2026, 12, 9, tzinfo=UTC)) == "09-Dec-2026"


@pytest.mark.parametrize(
    ("header", "known"),
    [
        (b"From: noreply@b.example", True),
        (b"From: =?utf-8?q?=E3=81=82?= <NoReply@B.EXAMPLE>", True),
        (b"From: x\r\n <x@mail.c.example>", True),
        (b"From: x@c.example.", True),
        (b"From: other@b.example", False),
        (b"From: x@notc.example", False),
        (b"From: x@c.example.evil.example", False),
        (b"From: ", False),
        (b"", False),
    ],
)
def test_a_known_sender_is_told_by_address_or_domain(header, known):
    assert Senders.of(("noreply@b.example", "@c.example")).match(header) is known


def test_an_odd_from_that_names_a_known_sender_reaches_the_judgement():
    assert Senders.of(("@c.example",)).match(b'From: "x@c.example" <x@evil.example>')


def test_groups_keep_to_both_limits_and_a_giant_goes_alone():
    sizes = [(1, 10), (2, 10), (3, 10), (4, 500), (5, 10)]
    assert list(by_weight(sizes, most=2, heaviest=100)) == [(1, 2), (3,), (4,), (5,)]
