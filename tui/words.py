"""Says times, spans and countdowns in the user's language."""

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from config.texts.catalogue import Catalogue
from config.texts.complaints import translated
from otosata.deals.calendar import tokyo_date
from otosata.deals.clocks import Moment
from otosata.deals.limits import passed_at
from tui.cells import steady
from tui.speech import Speech

_DAY, _HOUR, _MINUTE = 86400, 3600, 60
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


class Words(Speech):
    """The texts of the screen, for one language and one time zone."""

    def __init__(self, catalogue: Catalogue, zone: tzinfo | None) -> None:
        super().__init__(catalogue)
        self.zone = zone

    @classmethod
    def of(cls, lang: str, timezone: str) -> "Words":
        """The words of a language, `ja` or `en`, with the times of a zone such as `Asia/Tokyo`."""
        return cls(Catalogue.of(lang), ZoneInfo(timezone))

    def said(self, text: str) -> str:
        """What an error says, in the user's language and drawn alike everywhere."""
        return steady(translated(text, self.lang))

    def span(self, seconds: float) -> str:
        """One unit: days from the first full day on, before that hours, then minutes."""
        seconds = max(int(seconds), 0)
        if seconds >= _DAY:
            return self("days", n=seconds // _DAY)
        if seconds >= _HOUR:
            return self("hours", n=seconds // _HOUR)
        return self("minutes", n=seconds // _MINUTE)

    def seconds(self, span: timedelta) -> str:
        """Of something quick: `0.4秒`."""
        return self("seconds", n=f"{span.total_seconds():.1f}")

    def long_span(self, seconds: int) -> str:
        """Two units where there are days: `7日 2時間`."""
        rest = seconds % _DAY // _HOUR
        return f"{self.span(seconds)} {self('hours', n=rest)}" if seconds >= _DAY and rest else self.span(seconds)

    def day(self, moment: Moment, *, year: bool = False) -> str:
        """`10/21`, `21 Oct`; with the year `2026/10/21`, `21 Oct 2026`."""
        on = self._local(moment)
        if self.lang == "ja":
            return f"{on.year}/{on.month}/{on.day}" if year else f"{on.month}/{on.day}"
        return f"{on.day} {_MONTHS[on.month - 1]}{f' {on.year}' if year else ''}"

    def weekday(self, day: int) -> str:
        """`月`, `Mon`; 0 is Monday."""
        return _WEEKDAYS[self.lang][day]

    def full(self, moment: Moment, now: datetime) -> str:
        """With the weekday, the year if it is another one, and the time where it is known: `10/21(水) 09:00`."""
        on = self._local(moment)
        weekday = _WEEKDAYS[self.lang][on.weekday()]
        day = self.day(moment, year=on.year != self._local(now).year)
        text = f"{day}({weekday})" if self.lang == "ja" else f"{weekday} {day}"
        return f"{text} {on:%H:%M}" if isinstance(on, datetime) else text

    def full_day(self, day: date, today: date) -> str:
        """With the weekday, and the year if it is another one: `10/21(水)`, `Wed 21 Oct`."""
        text = self.day(day, year=day.year != today.year)
        weekday = self.weekday(day.weekday())
        return f"{text}({weekday})" if self.lang == "ja" else f"{weekday} {text}"

    def letter_day(self, day: date) -> str:
        """As in a letter: `11月18日（水）`, `Wed 18 Nov`."""
        weekday = _WEEKDAYS[self.lang][day.weekday()]
        if self.lang == "ja":
            return f"{day.month}月{day.day}日（{weekday}）"
        return f"{weekday} {day.day} {_MONTHS[day.month - 1]}"

    def clock(self, at: datetime) -> str:
        """`09:00`"""
        return f"{self._local(at):%H:%M}"

    def countdown(self, limit: Moment, now: datetime, *, short: bool = False) -> str:
        """How long there still is, or that it has passed. A bare date counts in dates of Japan."""
        left = "short_left" if short else "time_left"
        if passed_at(limit) <= now:
            return self("limit_passed")
        if isinstance(limit, datetime):
            return self(left, span=self.span((limit - now) / timedelta(seconds=1)))
        days = (limit - tokyo_date(now)).days
        return self(left, span=self("days", n=days)) if days else self("today")

    def _local(self, moment: Moment) -> date:
        return moment.astimezone(self.zone) if isinstance(moment, datetime) else moment
