"""HTML is read as a person would see it, however hostile it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otosata.mail.html import read


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>一行目</p><p>二行目</p>", "一行目\n\n二行目"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("a<br>b<br/><br>c", "a\nb\n\nc"),
        ("<b>太</b>字 と\n  折り返し", "太字 と 折り返し"),
        ("<table><tr><td>件名</td><td>椅子の修理</td></tr><tr><td>金額</td><td>3,000円</td></tr></table>",
         "件名  椅子の修理\n金額  3,000円"),
        ("<ul><li>一</li><li>二</li></ul>後", "一\n二\n\n後"),
        ("&lt;b&gt; &amp; &yen;&#x3042;&nbsp;.", "<b> & ¥あ\xa0."),
        ("<p>開いたまま<p>次", "開いたまま\n\n次"),
        ("", ""),
    ],
)  # fmt: skip
def test_text_is_laid_out_in_lines(source: str, text: str) -> None:
    assert read(source)[0] == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x</script>", "<style>x{}</style>", "<title>x</title>", "<!-- x -->", "<template>x</template>",
        '<div style="display:none">x</div>', '<div style="DISPLAY : none !important">x</div>', "<p hidden>x</p>",
        '<span style="visibility: hidden">x</span>',
        '<div style="mso-hide:all;">x</div>', '<div style="max-height:0;overflow:hidden">x</div>',
        '<div style="display:none"><a href="https://hidden.example/">x</a></div>',
    ],
)  # fmt: skip
def test_what_nobody_sees_is_left_out(hidden: str) -> None:
    text, links = read(f"<b>前</b>{hidden}<i>後</i>")
    assert (text.replace("\n", ""), links) == ("前後", ())


def test_small_is_not_hidden() -> None:
    assert read('<p style="font-size:0.8em;max-height:0.5em;opacity:0.9">小</p>')[0] == "小"


def test_layouts_that_set_no_font_size_outside_are_seen() -> None:
    assert read('<td style="font-size:0px"><div style="font-size:16px">本文</div></td>')[0] == "本文"


def test_a_head_that_is_never_closed_hides_nothing() -> None:
    assert read("<html><head><title>x</title><style>y</style><body><p>本文</p>")[0] == "本文"


def test_links_are_collected_in_order() -> None:
    source = """<a href="https://b.example/2">二</a> <A class=x HREF=' http://a.example/1?x=1&amp;y=2 '>一</A>
        <a href=https://c.example/3>三</a><a href="mailto:x@y.example">m</a>"""
    assert read(source)[1] == ("https://b.example/2", "http://a.example/1?x=1&y=2", "https://c.example/3")


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "", "//a.example"])
def test_only_web_links_are_links(target: str) -> None:
    assert read(f'<a href="{target}">x</a>')[1] == ()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a < b と c > d", "a < b と c > d"),
        ('<p title="1 > 0">x</p>', "x"),
        ("<p title='a\"b'>x</p>", "x"),
        ("<script>if (a</b) '<p>'</script>x", "x"),
        ("<SCRIPT>a</script >x", "x"),
        ("<!-- <p>a</p> -- > --><p>x</p>", "x"),
        ("<!DOCTYPE html><?xml a?><p>x", "x"),
        ("x<a href='never closed", "x"),
        ('x<div style="display:none">a<div>b</div>c</div>y', "x\ny"),
        ("<p hidden>a<p>x", "x"),
        ("x</div></p></x>y", "x\n\ny"),
    ],
)
def test_odd_markup_is_cut_as_a_browser_cuts_it(source: str, text: str) -> None:
    assert read(source)[0] == text


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 200_000, "<td>" * 200_000,
        "<" * 900_000, "<a " * 300_000, "<a href='" + "x" * 900_000,
        "&" * 900_000,
        "<p style='" + "font-size:0" * 80_000 + "'>x", "<br>" * 200_000, "<p " + "a=1 " * 200_000 + ">",
        "<!--" * 200_000,
        "<p hidden>" * 90_000, "<script>" * 100_000, "<a b='" * 140_000, "</" * 400_000,
        "<a =" * 200_000, " " * 900_000,
        "<a " + "=" * 900_000, "<a b =" + " " * 900_000, "<svg>" * 180_000,
    ],
    ids=range(19),
)  # fmt: skip
def test_hostile_html_comes_to_an_end(source: str) -> None:
    assert isinstance(read(source)[0], str)


@given(st.text(st.sampled_from("<>/=\"' abtdrpdivhref!-[]&#x;あ\n")))
def test_no_html_raises(source: str) -> None:
    text, links = read(source)
    assert isinstance(text, str)
    assert all(link.lower().startswith(("http://", "https://")) for link in links)
