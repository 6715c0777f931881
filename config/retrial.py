"""Mail that waits in triage, judged anew when the rules about mail have changed since it came."""

import zlib
from collections.abc import Iterable
from datetime import datetime

from adapters.notice_rules import PARTS
from adapters.recognise import TomlAdapter
from otosata import __version__
from otosata.rejudge import WAITING, Court, Retrial, rejudge
from otosata.store.store import Store

_KEY = "judged by"


def retry_waiting(store: Store, court: Court, adapters: Iterable[TomlAdapter], now: datetime) -> Retrial:
    """Judge what waits once for each change of an adapter's file, of the configuration's rules, or of the program.

    What is in the ledger already stays: `otosata triage rejudge` judges it too.
    """
    mark = rules_mark(adapters)
    if store.meta(_KEY) == mark:
        return Retrial()
    done = rejudge(store, court, now, WAITING, about={"rules": mark})
    with store.writing() as writer:
        writer.set_meta(_KEY, mark)
    return done


def rules_mark(adapters: Iterable[TomlAdapter]) -> str:
    """Changes with what is known about mail."""
    known = [__version__]
    for adapter in adapters:
        root = adapter.document.root
        tables = [root.raw(part) for part in (*PARTS, "senders")]
        known.append(repr((adapter.id, tables, sorted(adapter.platform.my_names))))
    return f"{zlib.crc32(chr(10).join(known).encode('utf-8', 'surrogatepass')):08x}"
