"""The colours of answers, lowest to highest, and what can be read on them."""

from __future__ import annotations

PALETTE = ("#CA5800", "#F0B57D", "#D9D9D9", "#9CC3E6", "#0B5394")


def pick_colours(answers: int) -> list[str]:
    """A colour per answer, lowest first: the palette, or evenly spread over it."""
    last = len(PALETTE) - 1
    places = [last * i / (answers - 1) if answers > 1 else last for i in range(answers)]
    return [_mix(PALETTE[int(p)], PALETTE[min(int(p) + 1, last)], p % 1) for p in places]


def _mix(first: str, second: str, part: float) -> str:
    mixed = (
        round(a + (b - a) * part) for a, b in zip(read_rgb(first), read_rgb(second), strict=True)
    )
    return "#" + "".join(f"{value:02X}" for value in mixed)


def read_rgb(colour: str) -> tuple[int, ...]:
    """Red, green and blue of '#rrggbb', each from 0 to 255."""
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def pick_ink(colour: str) -> str:
    """Black or white, whichever reads best on the colour."""
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ink, colour))


def contrast(first: str, second: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = make_linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def make_linear(colour: str) -> tuple[float, ...]:
    """Red, green and blue as amounts of light, each from 0 to 1."""
    values = (value / 255 for value in read_rgb(colour))
    return tuple(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
