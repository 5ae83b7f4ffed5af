"""Report of a figure: ours, the rival's, their ratio and the target."""

from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Figure:
    """One line of the report. `ratio` is ours by the rival's."""

    what: str
    ours: str
    rival: str
    ratio: float | None
    target: str

    def line(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return f"{self.what:<44} {self.ours:>18} {self.rival:>18} {ratio:>7}  {self.target}"


HEADER = (
    Figure("", "ours", "rival", None, "target").line().replace("       target", "ratio  target")
)


def milliseconds(seconds: list[float]) -> str:
    """Median and 95th percentile."""
    return f"{1000 * median(seconds):.1f} / {1000 * quantiles(seconds, n=20)[-1]:.1f} ms"
