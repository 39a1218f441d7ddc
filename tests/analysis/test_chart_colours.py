"""Colours can be told apart, also by who sees no red or no green, and texts on them be read."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.charts.canvas import AFTER, BEFORE, DARK, MUTED
from analysis.charts.palette import PALETTE, contrast, make_linear, pick_colours, pick_ink

# Machado, Oliveira & Fernandes (2009), IEEE Transactions on Visualization and Computer Graphics
# 15(6): 1291-1298, table 1, severity 1.0: what is left of linear red, green and blue.
SIGHTS = {
    "all": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
# sRGB to CIE XYZ, and the white of D65 (IEC 61966-2-1)
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
JUST_NOTICEABLE = 2.3  # in CIE Lab, of colours side by side (Mahy e.a. 1994)


def see(colour: str, sight: str) -> NDArray[np.float64]:
    """The colour in CIE Lab, as it is seen."""
    light = np.clip(SIGHTS[sight] @ np.array(make_linear(colour)), 0, 1)
    ratio = (XYZ @ light) / WHITE
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(first: str, second: str, sight: str) -> float:
    return float(np.linalg.norm(see(first, sight) - see(second, sight)))


def test_the_distance_is_that_of_cie_lab() -> None:
    assert see("#FFFFFF", "all") == pytest.approx([100, 0, 0], abs=0.01)
    assert see("#FF0000", "all") == pytest.approx([53.24, 80.09, 67.20], abs=0.01)
    red, green = "#E00000", "#508000"  # what the simulation is for: far apart, but not for all
    assert distance(red, green, "all") > 3 * distance(red, green, "protanopia")


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("answers", range(2, 8))
def test_neighbouring_answers_stay_apart(answers: int, sight: str) -> None:
    for first, second in pairwise(pick_colours(answers)):
        assert distance(first, second, sight) > 5 * JUST_NOTICEABLE


@pytest.mark.parametrize("sight", SIGHTS)
def test_two_waves_stay_apart(sight: str) -> None:
    assert distance(BEFORE, AFTER, sight) > 10 * JUST_NOTICEABLE


def test_colours_are_the_palette_and_texts_on_them_can_be_read() -> None:
    assert pick_colours(5) == list(PALETTE)
    assert pick_colours(3) == [PALETTE[0], PALETTE[2], PALETTE[4]]
    for answers in range(1, 8):
        for colour in pick_colours(answers):
            assert contrast(pick_ink(colour), colour) >= 4.5


def test_texts_and_marks_stand_out_from_the_page() -> None:
    for text in (DARK, MUTED):
        assert contrast(text, "#FFFFFF") >= 4.5
    assert contrast(AFTER, "#FFFFFF") >= 3  # marks; BEFORE has a line in MUTED
