"""What is seen of the traders while they trade: a table that moves on a terminal, a line now and then elsewhere."""

from types import TracebackType
from typing import Self

from rich.live import Live
from rich.table import Table

from ops.console import console
from traffic.traders.tally import KINDS, Interval, refusals


class Display:
    """Shows a session that lasts so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._live = Live(console=console, auto_refresh=False, transient=True) if console.is_terminal else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def show(self, seconds: float, total: Interval) -> None:
        """On a terminal: all so far."""
        if self._live:
            title = f"{clock(min(seconds, self._seconds))} of {clock(self._seconds)}, Ctrl-C ends it"
            self._live.update(table(total, seconds, title), refresh=True)

    def line(self, seconds: float, length: float, interval: Interval, megabytes: int | None) -> None:
        """Off a terminal: what came in the last so many seconds."""
        if not self._live:
            memory = "" if megabytes is None else f", {megabytes:,} MB"
            times = interval.times()
            console.print(
                f"  {clock(seconds)}  {interval.made / length:.1f} orders and changes/s, "
                f"all calls p50 {times.p50:.0f} ms, p99 {times.p99:.0f} ms{memory}, "
                f"refused: {refusals(interval.refused)}",
                markup=False,
            )


def table(total: Interval, seconds: float, title: str | None = None) -> Table:
    """Calls by kind, with rates and times, and refusals by reason."""
    shown = Table(
        "call",
        *("number", "a second", "p50, ms", "p99, ms"),
        title=title,
        title_justify="left",
        caption=f"refused: {refusals(total.refused)}",
        caption_justify="left",
        box=None,
        padding=(0, 2, 0, 0),
    )
    for column in shown.columns[1:]:
        column.justify = "right"
    for kind in (*KINDS, None):
        times = total.times(kind)
        rate = times.calls / seconds if seconds else 0.0
        numbers = (f"{times.calls:,}", f"{rate:.1f}", f"{times.p50:.1f}", f"{times.p99:.1f}")
        shown.add_row(kind or "all", *numbers, style=None if kind else "bold")
    return shown


def clock(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
