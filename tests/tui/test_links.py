"""A link is opened in a browser only where there is one, and only if it is a web address."""

import webbrowser

import pytest

from tui.links import has_browser, open_link


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "", "-h", "ftp://example.com"])
def test_only_web_addresses_are_opened(url: str) -> None:
    assert not open_link(url, {"DISPLAY": ":0"})


def test_without_a_display_there_is_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert not has_browser({})
    assert not open_link("https://example.com", {})


@pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"])
def test_with_a_display_the_system_is_asked(monkeypatch: pytest.MonkeyPatch, display: str) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(webbrowser, "get", object)
    assert has_browser({display: ":0"})

    def none() -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert not has_browser({display: ":0"})
