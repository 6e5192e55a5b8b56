"""One measured figure, and whether it reaches its bar."""

from dataclasses import asdict, dataclass
from math import isfinite
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure beside its bar. `part` is a size (`1e6`), a name (`lost`), `exponent`, `difference`, or begins with
    `control`: a run without the protection, which must show a loss. `how` says what was divided by what, and how often.
    """

    bar: str
    part: str
    value: float
    bound: float
    better: Literal["lower", "higher"]
    how: str

    @property
    def is_control(self) -> bool:
        """Return whether the figure is a loss that must be seen, or else the bar's other figures prove nothing."""
        return self.part.startswith("control")

    @property
    def holds(self) -> bool:
        """Return whether the bar is reached; what is not a number never reaches one."""
        if not isfinite(self.value):
            return False
        if self.is_control:
            return self.value > 0
        return self.value <= self.bound if self.better == "lower" else self.value >= self.bound

    def row(self) -> dict[str, object]:
        """Return it as it is written to the results."""
        return asdict(self)

    def sentence(self) -> str:
        """Return it as it is printed: the figure, its bar, and what was measured."""
        sign = ">" if self.is_control else "≤" if self.better == "lower" else "≥"
        bound = 0 if self.is_control else self.bound
        missed = "" if self.holds else "   SHOWS NO LOSS" if self.is_control else "   MISSED"
        return f"{self.bar:<4} {self.part:<18} {self.value:>12.6g}  {sign} {bound:<8.6g}{self.how}{missed}"


def control(*, bar: str, part: str, value: float, how: str) -> Figure:
    """Return the figure of a control: how much was lost where the protection was taken away."""
    if not part.startswith("control"):
        raise ValueError(f"“{part}” is no name of a control: it begins with “control”.")
    return Figure(bar=bar, part=part, value=value, bound=0, better="higher", how=how)
