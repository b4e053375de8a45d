"""The store page and the README show pictures that are there."""

import ast
import re

import pytest
from ground.core import ADDON, CLONE

PAGE = CLONE / ADDON / "static" / "description" / "index.html"
LARGEST = 200_000  # bytes


def pictures():
    """Each picture that a page or the manifest names."""
    page = PAGE.read_text()
    for name in re.findall(r'src="([^"]+)"', page):
        yield PAGE.parent / name
    for name in re.findall(
        r"!\[[^\]]*\]\(([^)]+)\)", (CLONE / "README.md").read_text()
    ):
        yield CLONE / name
    manifest = ast.literal_eval((CLONE / ADDON / "__manifest__.py").read_text())
    for name in ["static/description/icon.png", *manifest["images"]]:
        yield CLONE / ADDON / name


@pytest.mark.parametrize("picture", sorted(set(pictures())), ids=lambda p: p.name)
def test_picture_is_there_and_light(picture):
    assert picture.is_file(), "take it with make screenshots"
    assert picture.stat().st_size <= LARGEST


def test_page_needs_nothing_from_elsewhere():
    page = PAGE.read_text()
    assert not re.search(r"https?://|<script|<link|<style", page)
