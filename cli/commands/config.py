"""`config`: where the configuration is, what it says, what is wrong with it."""

from cli.errors import FOUND, OK, UsageError
from cli.parser import Subparsers, add_command, argument
from cli.session import Session


def register(commands: Subparsers) -> None:
    """Add `config`."""
    config = add_command(commands, "config", run_show, "show the configuration, each value with its origin")
    below = config.add_subparsers(dest="config_command", metavar="path|init|show|get|set|unset|check")
    add_command(below, "path", run_path, "where the files are")
    add_command(below, "init", run_init, "write config.toml with every key explained; never over an existing one")
    add_command(below, "show", run_show, "the merged values, each with its origin")
    add_command(below, "check", run_check, "say all that is wrong; 1 if anything is")
    key = argument("key", metavar="KEY", help="for example calendar.country")
    add_command(below, "get", run_get, "one value", key)
    value = argument("value", metavar="VALUE", help="TOML; a bare word is a string")
    add_command(below, "set", run_set, "set a value in settings.toml", key, value)
    add_command(below, "unset", run_unset, "take back what `set` said", key)


def run_path(session: Session) -> int:
    """Each file and whether it is there."""
    places = session.places
    for name, path in (
        ("config", places.config_file),
        ("settings", places.settings_file),
        ("adapters", places.adapters_dir),
        ("ledger", places.database),
    ):
        session.print(f"{name}\t{path}\t{'' if path.exists() else '-'}".rstrip())
    return OK


def run_init(session: Session) -> int:
    """Write the file once."""
    from config.texts.catalogue import language  # noqa: PLC0415 - only here
    from config.write import create_config  # noqa: PLC0415 - only here

    session.print(str(create_config(session.places, language(session.options.lang, environ=session.environ))))
    return OK


def run_show(session: Session) -> int:
    """Every value, defaults too."""
    from config.layers import dotted  # noqa: PLC0415 - only here

    for path, value in session.assembly.loaded.values.items():
        session.print(f"{dotted(path)} = {_toml(value.raw)}  # {value.origin}")
    return OK


def run_check(session: Session) -> int:
    """All problems in one run."""
    from config.problems import ConfigError  # noqa: PLC0415 - only here

    try:
        session.print(session.t("config.fine"))
    except ConfigError as error:
        for problem in error.problems:
            session.print(str(problem))
        return FOUND
    return OK


def run_get(session: Session) -> int:
    """One value as TOML."""
    from config.layers import split_key  # noqa: PLC0415 - only here

    value = session.assembly.loaded.values.get(split_key(session.args.key))
    if value is None:
        raise UsageError(f"{session.args.key} is not set", "`otosata config show` lists what is")
    session.print(_toml(value.raw))
    return OK


def run_set(session: Session) -> int:
    """Set, after trying it out."""
    session.settings_writer().set(session.args.key, session.args.value)
    return OK


def run_unset(session: Session) -> int:
    """Take it back."""
    if not session.settings_writer().unset(session.args.key):
        session.say(session.t("config.not_set", key=session.args.key))
        return FOUND
    return OK


def _toml(raw: object) -> str:
    import tomli_w  # noqa: PLC0415 - only here

    value = list(raw) if isinstance(raw, tuple) else raw
    return tomli_w.dumps({"x": value}).partition("=")[2].strip() if value is not None else '""'
