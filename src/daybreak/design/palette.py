"""The colours of the product, read from the one file that the styles are built from."""

import json
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "tokens.json"
SEQUENCE = ("blue", "dawn", "good", "violet", "grey")


@cache
def palette(name: str = "light") -> dict[str, str]:
    """This function will return the colours of "light" or "dark" as hexadecimal words by token name."""
    tokens: dict[str, dict[str, str]] = json.loads(_FILE.read_text())
    return tokens[name]


def contrast(one: str, other: str) -> float:
    """This function will return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
