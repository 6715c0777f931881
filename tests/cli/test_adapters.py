"""`adapters`: what is known of each platform, shown, tried and published."""

from pathlib import Path

import pytest

from tests.adapters.test_packages import install
from tests.adapters.test_reader import GOOD
from tests.cli.mailbox import mail
from tests.cli.program import ROOT, Program


def own(otosata: Program, text: str = GOOD, name: str = "bizseek.toml") -> Path:
    """A file in the user's folder of adapters."""
    path = otosata.folder / "adapters" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# ---------------------------------------------------------------------------------------------------------- list


def test_the_list_names_origin_evidence_and_state(otosata: Program) -> None:
    own(otosata)
    document = otosata("adapters", "list", "--json").document
    by_id = {adapter["id"]: adapter for adapter in document["adapters"]}
    assert by_id["lancers"]["origin"] == ["built-in"]
    assert by_id["bizseek"]["origin"] == ["user"]
    assert by_id["bizseek"]["rules"] == {"verbatim": 0, "fragment": 0, "inferred": 0, "user": 1}
    assert by_id["bizseek"]["last_checked"] == "2026-11-21"
    assert by_id["bizseek"]["state"] == "ok"
    lines = otosata.done("adapters").splitlines()
    assert lines[0].split()[:3] == ["id", "name", "from"]
    assert any(line.startswith("bizseek") and "your file" in line for line in lines)


def test_a_file_over_a_built_in_one_is_both(otosata: Program) -> None:
    own(otosata, '[stages.working]\nnotice = ["1d"]\n', "lancers.toml")
    (lancers,) = [one for one in otosata("adapters", "--json").document["adapters"] if one["id"] == "lancers"]
    assert lancers["origin"] == ["built-in", "user"]
    assert [Path(file).name for file in lancers["files"]] == ["lancers.toml", "lancers.toml"]


def test_a_broken_package_is_named_and_the_rest_goes_on(otosata: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    site = otosata.folder / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    install(site, "bizseek", "id = ")
    listed = otosata("adapters", "list", "--json")
    (broken,) = listed.document["broken"]
    assert broken["package"] == "brought_bizseek 1.0"
    assert "brought_bizseek 1.0" in listed.err
    checked = otosata("check", "--no-sync", "--json")
    assert checked.code == 3
    (problem,) = [one for one in checked.document["problems"] if one["code"] == "broken_package"]
    assert "brought_bizseek 1.0" in problem["message"]


# ---------------------------------------------------------------------------------------------------------- show


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("platform", ["crowdworks", "lancers", "coconala", "upwork", "fiverr", "freelancer"])
def test_a_platform_is_shown_with_evidence_and_sources(otosata: Program, platform: str, lang: str) -> None:
    text = otosata.done("--lang", lang, "adapters", "show", platform)
    document = otosata("adapters", "show", platform, "--json").document["document"]
    for rule, table in document["rules"].items():
        assert rule in text
        assert table["samples"][0]["subject"] in text
    assert all(f"  {stage}: " in text for stage in document["stages"])
    assert all(source in text for source in document["sources"])


def test_a_platform_that_is_not_there(otosata: Program) -> None:
    result = otosata("adapters", "show", "nobody")
    assert result.code == 2
    assert "crowdworks" in result.err


# ---------------------------------------------------------------------------------------------------------- test


def test_all_adapters_are_right(otosata: Program) -> None:
    result = otosata("adapters", "test")
    assert result.code == 0
    assert result.out.count("all right") == len(otosata("adapters", "--json").document["adapters"])


def test_a_file_is_tried_where_it_lies(otosata: Program, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert otosata("adapters", "test", str(path)).code == 0
    path.write_text(GOOD.replace('client = "山田"', 'client = "佐藤"'), encoding="utf-8")
    result = otosata("adapters", "test", str(path))
    assert result.code == 1
    assert "elsewhere.toml:17:" in result.out


def test_a_pattern_that_could_take_for_ever_is_refused_with_its_line(otosata: Program, tmp_path: Path) -> None:
    path = tmp_path / "slow.toml"
    path.write_text(GOOD.replace("(?P<client>.+)", "(?P<client>(?:.+ ?)+)"), encoding="utf-8")
    result = otosata("adapters", "test", str(path))
    assert result.code == 1
    assert f"{path}:10:1: subject: a repetition inside a repetition" in result.out


def test_a_file_of_the_users_that_cannot_be_read_is_found_wrong(otosata: Program) -> None:
    own(otosata, "id = ")
    result = otosata("adapters", "test")
    assert result.code == 1
    assert "bizseek.toml:1:" in result.out


def test_golden_mails_beside_the_file_are_run(otosata: Program) -> None:
    path = own(otosata)
    folder = path.parent / "bizseek"
    folder.mkdir()
    (folder / "a.eml").write_bytes(mail("山田さんからメッセージが来ました", sender="info@bizseek.example"))
    assert otosata("adapters", "test", "bizseek").code == 1
    assert otosata("adapters", "test", "bizseek", "--generate").code == 0
    assert (folder / "a.toml").read_text(encoding="utf-8") == 'event = "unrecognised"\nactor = "platform"\n'
    result = otosata("adapters", "test", "bizseek")
    assert result.code == 0
    assert "nearly: bizseek/message, but for subject" in result.out
    (report,) = otosata("adapters", "test", "bizseek", "--json").document["adapters"]
    assert report["golden"][0]["nearly"][0]["condition"] == "subject"
    assert report["right"] is True


def test_golden_mails_elsewhere_can_be_named(otosata: Program) -> None:
    golden = ROOT / "tests" / "mails" / "golden" / "fiverr"
    assert otosata("adapters", "test", "fiverr", "--mails", str(golden)).code == 0
    result = otosata("adapters", "test", "upwork", "--mails", str(golden))
    assert result.code == 1
    assert "rule should be 'fiverr/message', but is ''" in result.out


# ----------------------------------------------------------------------------------------------------- anonymise


def private(
    otosata: Program, subject: str = "[ランサーズ] 小鳥遊 さんから 紅茶の紹介文 のコメントが届いています"
) -> Path:
    """A mail with a client's name and title in a file."""
    path = otosata.folder / "mail.eml"
    path.write_bytes(mail(subject, "小鳥遊です。090-1234-5678 までお電話ください。"))
    return path


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_mail_is_made_public_beside_the_original(otosata: Program, lang: str) -> None:
    path = private(otosata)
    text = otosata.done("--lang", lang, "adapters", "anonymise", str(path))
    made = path.with_name("mail.public.eml")
    assert str(made) in text
    assert "lancers/comment" in text
    explained = otosata("explain", str(made), "--json").document[0]
    assert explained["rule"] == "lancers/comment"
    assert not {"小鳥遊", "紅茶の紹介文"} & {explained["client"], explained["title"]}
    assert "5678" not in made.read_bytes().decode()


def test_what_was_replaced_is_told_in_json(otosata: Program) -> None:
    folder = otosata.folder / "public"
    (report,) = otosata("adapters", "anonymise", str(private(otosata)), "--output", str(folder), "--json").document
    assert report["written"] == str(folder / "mail.public.eml")
    assert report["rule"] == report["rule_after"] == "lancers/comment"
    assert report["left"] == []
    assert report["replaced"]["numbers"] == 1
    assert report["places"]["To"] == {"addresses": 1}
    assert report["places"]["text/plain"] == {"words": 1, "numbers": 1}


def test_a_mail_in_which_a_private_word_would_be_left_is_not_written(otosata: Program) -> None:
    """Styles stay as they are: one that holds a name gives it away."""
    path = private(otosata)
    page = b'<p style="font-family: \xe5\xb0\x8f\xe9\xb3\xa5\xe9\x81\x8a">x</p>'
    path.write_bytes(path.read_bytes().replace(b"text/plain", b"text/html") + page)
    result = otosata("adapters", "anonymise", str(path))
    assert result.code == 1
    assert "still there: 小鳥遊 (part 0)" in result.out
    assert not path.with_name("mail.public.eml").exists()


def test_my_own_names_are_private(otosata: Program) -> None:
    otosata.configure('[platforms.lancers]\nmy_names = ["メール職人"]\n')
    path = private(otosata, "お知らせ メール職人")
    assert otosata("adapters", "anonymise", str(path)).code == 0
    assert "メール職人" not in otosata("explain", str(path.with_name("mail.public.eml"))).out


def test_what_is_no_mail_is_said(otosata: Program) -> None:
    path = otosata.folder / "empty.eml"
    path.touch()
    assert otosata("adapters", "anonymise", str(path)).code == 2
    assert otosata("adapters", "anonymise", str(otosata.folder / "nowhere.eml")).code == 2
