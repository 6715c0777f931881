"""From bytes to a Mail: what is chosen, what is collected, what is refused, and that nothing raises."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otosata.mail import structure
from otosata.mail.model import Mail, RawMail, Trust, Verdict
from otosata.mail.parse import parse

NOW = datetime(2025, 10, 20, tzinfo=UTC)
TRUST = Trust(frozenset({"mx.post.example"}))
HEADER = (
    b"From: news@engawa.example\nSubject: s\nMessage-ID: <1@engawa.example>\nDate: Tue, 14 Oct 2025 09:30:00 +0900\n"
)


def read(data: bytes) -> Mail:
    return parse(RawMail(data), now=NOW, trust=TRUST)


def multipart(kind: str, *parts: tuple[str, str]) -> bytes:
    body = "".join(f"--=b\nContent-Type: {content_type}; charset=utf-8\n\n{text}\n" for content_type, text in parts)
    return HEADER + f'Content-Type: multipart/{kind}; boundary="=b"\n\npreamble\n{body}--=b--\nepilogue'.encode()


def test_where_it_lay_and_when_it_came_stay_with_the_mail() -> None:
    raw = RawMail(HEADER + b"\nx", datetime(2025, 10, 14, 0, 30, 5, tzinfo=UTC), "受信トレイ", 7, 99)
    mail = parse(raw, now=NOW, trust=TRUST)
    assert (mail.folder, mail.uid, mail.uidvalidity) == ("受信トレイ", 7, 99)
    assert mail.received == datetime(2025, 10, 14, 0, 30, 5, tzinfo=UTC)
    assert (mail.message_id, mail.problem) == ("<1@engawa.example>", None)


def test_plain_text_is_preferred_and_links_come_from_both() -> None:
    mail = read(multipart("alternative", ("text/plain", "本文 https://engawa.example/1。"),
                          ("text/html", '<p>HTML</p><a href="https://engawa.example/2">x</a>'
                                        '<a href="https://engawa.example/1">x</a>')))  # fmt: skip
    assert mail.text == "本文 https://engawa.example/1。"
    assert mail.links == ("https://engawa.example/1", "https://engawa.example/2")


@pytest.mark.parametrize(
    "stub",
    ["", " \n ", "このメールはHTML形式です。HTMLを表示できるメールソフトでご覧ください。",
     "Please view this email in an HTML capable client.",
     "https://engawa.example/view"],
)  # fmt: skip
def test_html_is_taken_where_the_text_is_a_stub(stub: str) -> None:
    mail = read(multipart("alternative", ("text/plain", stub), ("text/html", "<p>こちらが本文です</p>")))
    assert mail.text == "こちらが本文です"


def test_a_long_text_that_mentions_html_is_no_stub() -> None:
    text = "HTMLメールが表示できない場合のお知らせです。" + "椅子の修理について、" * 30
    assert read(multipart("alternative", ("text/plain", text), ("text/html", "<p>x</p>"))).text == text


def test_mixed_parts_are_joined_and_attachments_left_out() -> None:
    data = multipart("mixed", ("text/plain", "一"), ("text/html", "<p>二</p>"), ("application/pdf", "%PDF"))
    attached = data.replace(b"--=b--", b"--=b\nContent-Type: text/plain\nContent-Disposition: attachment\n\nno\n--=b--")
    assert read(attached).text == "一\n二"


def test_a_multipart_that_was_cut_off_is_read_as_far_as_it_goes() -> None:
    assert (
        read(multipart("alternative", ("text/plain", "一"), ("text/html", "<p>二")).partition(b"--=b--")[0]).text
        == "一"
    )


def test_a_mail_that_was_cut_off_before_its_text_says_so() -> None:
    data = HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n\n" + b"x" * 1000
    assert parse(RawMail(data, truncated=True), now=NOW, trust=TRUST).problem is not None
    assert parse(RawMail(data), now=NOW, trust=TRUST).problem is None


@pytest.mark.parametrize("top", [b"From news@engawa.example Tue Oct 14 09:30:00 2025\n", b" " * 80 + b"\n"])
def test_what_programs_write_on_top_of_saved_mails_is_passed_over(top: bytes) -> None:
    assert (read(top + HEADER + b"\nx").sender, read(top + HEADER + b"\nx").text) == ("news@engawa.example", "x")


def test_a_multipart_without_its_boundary_shows_its_body() -> None:
    assert read(HEADER + b"Content-Type: multipart/mixed; boundary=gone\n\nhello\n").text == "hello"


def test_html_names_its_own_charset() -> None:
    body = '<meta charset="Shift_JIS"><p>縁側の猫</p>'.encode("cp932")
    assert read(HEADER + b"Content-Type: text/html\n\n" + body).text == "縁側の猫"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("（https://engawa.example/a）", "https://engawa.example/a"),
        ("(https://engawa.example/a).", "https://engawa.example/a"),
        ("https://engawa.example/a_(b)", "https://engawa.example/a_(b)"),
        ("https://engawa.example/a?b=1&c=2#d、", "https://engawa.example/a?b=1&c=2#d"),
        ("<https://engawa.example/a>", "https://engawa.example/a"),
        ("「https://engawa.example/a」を見る", "https://engawa.example/a"),
    ],
)
def test_a_link_ends_where_the_sentence_goes_on(text: str, link: str) -> None:
    assert read(HEADER + b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode()).links == (link,)


@pytest.mark.parametrize(
    ("line", "bulk"),
    [(b"List-Unsubscribe: <https://engawa.example/u>\n", True), (b"List-Id: <n.engawa.example>\n", True),
     (b"Precedence: Bulk\n", True), (b"Precedence: first-class\n", False), (b"", False)],
)  # fmt: skip
def test_bulk_mail_says_so(line: bytes, bulk: bool) -> None:
    assert read(HEADER + line + b"\nx").bulk is bulk


def test_a_few_headers_are_kept_decoded() -> None:
    mail = read(HEADER + b"To: =?utf-8?B?44G144G/?= <fumi@home.example>\nX-Other: 1\nReply-To: a@engawa.example\n\nx")
    assert mail.headers == (("to", "ふみ <fumi@home.example>"), ("reply-to", "a@engawa.example"))


# --- the digest -----------------------------------------------------------------------------------------------------


def test_the_digest_survives_a_move_to_another_mailbox() -> None:
    here = read(b"Received: from a by b; x\nAuthentication-Results: c; none\n" + HEADER + b"\nbody\n")
    there = read((HEADER + b"X-Moved: yes\n\nbody\n").replace(b"\n", b"\r\n").replace(b"Subject: s", b"Subject:\r\n s"))
    cut_off = parse(RawMail(HEADER + b"\n" + b"body \n" * 5000, truncated=True), now=NOW, trust=TRUST)
    assert here.digest == there.digest
    assert cut_off.digest == read(HEADER + b"\n" + b"body \n" * 9000).digest


@pytest.mark.parametrize(
    "change", [(b"<1@", b"<2@"), (b"09:30", b"09:31"), (b"Subject: s", b"Subject: t"), (b"body", b"nobody")]
)
def test_another_mail_has_another_digest(change: tuple[bytes, bytes]) -> None:
    data = HEADER + b"\nbody\n"
    assert read(data).digest != read(data.replace(*change)).digest


BARE = b"From: news@engawa.example\nSubject: s\n"
RECEIVED = b"Received: from a.example by b.example; Tue, 14 Oct 2025 09:30:00 +0900\n"
LATER = datetime(2025, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize("head", [RECEIVED + BARE, BARE])
def test_two_notices_with_the_same_words_and_no_message_id_are_two(head: bytes) -> None:
    first = RawMail(head + b"\nx", datetime(2025, 10, 14, 0, 30, tzinfo=UTC))
    second = RawMail(head.replace(b"14 Oct", b"15 Oct") + b"\nx", LATER)
    digests = [parse(raw, now=NOW, trust=TRUST).digest for raw in (first, second, first)]
    assert digests[0] == digests[2] != digests[1]


# --- limits and damage ----------------------------------------------------------------------------------------------


def nested(depth: int) -> bytes:
    return HEADER + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(depth)
    ) + b"\nx"  # fmt: skip


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"Subject: " + b"x" * structure.HEADER_BYTES + b"\n\nbody", "the header is longer than 256 KiB"),
        (b"X-A: 1\n" * 1001 + HEADER + b"\nbody", "the header has more than 1000 fields"),
        (multipart("mixed", *[("text/plain", "x")] * 201), "the mail has more than 200 parts"),
        (nested(12), "the parts are nested deeper than 10"),
    ],
    ids=["header", "fields", "parts", "depth"],
)
def test_a_mail_that_breaks_a_limit_says_so(data: bytes, problem: str) -> None:
    mail = read(data)
    assert mail.problem == problem
    assert mail.text == ""


def test_a_mail_with_too_many_parts_still_shows_its_header() -> None:
    mail = read(multipart("mixed", *[("text/plain", "x")] * 201))
    assert (mail.subject, mail.sender) == ("s", "news@engawa.example")


def test_a_header_that_breaks_a_limit_belongs_to_nobody() -> None:
    mail = read(HEADER + b"X-A: 1\n" * 1001 + b"\n")
    assert mail.sender is None
    assert (mail.authentication.verdict, mail.authentication.refused) == (Verdict.FAILED, True)


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"\r\r\r", b"\0" * 1000, b"From", b"From:", b"just text", b": x\n\n", b"\r" * 300_000, b"\n" * 300_000,
     b"Subject: =?utf-8?B?" + b"=?utf-8?B?" * 20_000, HEADER + b"\n" + b"\x1b$B" * 100_000,
     HEADER + b"Content-Type: text/plain; charset=euc-jp\n\n" + b"\x8f\xff" * 100_000,
     HEADER + b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n" * 100_000,
     HEADER + b"Content-Type: text/html\n\n" + b"<a href=http://a.example/))))))))>" * 20_000,
     HEADER + b"Authentication-Results: " + b"(" * 16_000 + b"\n\n",
     HEADER + b"\n" + b"https://a.example/" + b")" * 100_000],
    ids=range(17),
)  # fmt: skip
def test_damaged_and_hostile_mails_come_out_as_mails(data: bytes) -> None:
    assert isinstance(read(data), Mail)


field = st.sampled_from(
    b"From Subject Content-Type Content-Transfer-Encoding Received Date Reply-To X-Forwarded-For "
    b"Authentication-Results ARC-Authentication-Results".split()
)
scrap = st.sampled_from(
    [
        *(b"=?utf-8?B? ?= < > @ ( ; a.example text/html; iso-2022-jp base64 mx.post.example; dmarc=pass Fwd:".split()),
        *(b'"', b"\n--a\n", b"\x1b$B", b"\r", b"\n ", b"\n\n", "雨".encode(), b"\0", b" "),
        *(b"multipart/mixed; boundary=a", b"text/html; charset=", b"14 Oct 2025 09:30:00"),
    ]
)
value = st.lists(st.one_of(scrap, st.binary(max_size=8)), max_size=8).map(b"".join)
mails = st.tuples(st.lists(st.tuples(field, value), max_size=8), value).map(
    lambda mail: b"".join(name + b": " + content + b"\n" for name, content in mail[0]) + b"\n" + mail[1]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(mails, st.binary()))
def test_no_bytes_raise_and_no_reader_gives_up(data: bytes) -> None:
    mail = read(data)
    assert not (mail.problem or "").startswith("the mail could not be read")
    assert mail.received is None or mail.received <= NOW
    assert "\x1b" not in mail.subject + mail.text + mail.sender_name + "".join(mail.links)
