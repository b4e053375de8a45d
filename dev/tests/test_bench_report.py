"""The verdicts that the bench prints beside its figures."""

import pytest
from bench_report import FULL, _ratio


@pytest.mark.parametrize(
    ("value", "aim", "verdict"),
    [
        (40, {"most": 40}, "≤ 40  ok"),
        (41, {"most": 40}, "≤ 40  MISSED"),
        (50, {"least": 50}, "≥ 50  ok"),
        (49, {"least": 50}, "≥ 50  MISSED"),
        (0, {"most": 0}, "≤ 0  ok"),
    ],
)
def test_a_figure_beside_its_aim(value, aim, verdict):
    assert _ratio("a ratio", value, **aim).endswith(verdict)


def test_a_figure_without_an_aim():
    assert _ratio("a ratio", 1.5).split() == ["a", "ratio", "1.50"]


def test_an_aim_for_larger_books_says_so():
    line = _ratio("a ratio", 99, most=1, size=FULL - 1)
    assert "MISSED" not in line
    assert line.endswith(f"(the aim is for {FULL:,})")
