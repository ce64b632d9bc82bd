"""The HTML of a report: whole, self-contained, and every name escaped."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from jouleplan.energy.records import TrainingShare
from jouleplan.energy.report.document import Report
from tests.energy.report.episodes import MODEL, Build, Episodes, attributed, measured

EVIL = "<script>alert(1)</script>\"' onload='x'\n|`{{7*7}}\x00\u202e&amp;"
VOID = {"meta", "img", "br", "link", "input", "hr", "source"}


class Page(HTMLParser):
    """Checks that elements close in order; keeps tags, text and table rows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.tables: list[list[int]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append(0)
        if tag in ("td", "th"):
            self.tables[-1][-1] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


@pytest.fixture
def hostile(build: Build) -> str:
    share = TrainingShare(EVIL, EVIL, 10, 5.0, 20.0, "estimated", EVIL, 5.0)
    mixed = Episodes("mixed", [3.0, 4.0], [True, False])
    path = build(
        Episodes(
            EVIL,
            [3.0, 4.0, 5.0],
            [True, False, False],
            domain=EVIL,
            problem=EVIL,
            cause=EVIL,
            command=EVIL,
            label=EVIL,
            training=(share,),
            hardware={EVIL: EVIL},
            settings={EVIL: EVIL},
        ),
        Episodes(
            "rival", [2.0] * 3, [True] * 3, domain=EVIL, problem=EVIL, training=()
        ),
        mixed,
        Episodes("shared", [3.0, 4.0], [True] * 2, reading=measured, part=attributed),
        name="l&<b>.sqlite",
    )
    return Report.of(path).html()


def test_page_is_well_formed_and_its_tables_are_rectangular(hostile: str) -> None:
    page = Page(hostile)
    assert len(page.tables) > 8
    for rows in page.tables:
        assert len(set(rows)) == 1


def test_nothing_outside_the_file_is_asked_for(hostile: str) -> None:
    page = Page(hostile)
    assert not {"script", "link", "iframe", "object", "base"} & {
        t for t, _ in page.tags
    }
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("src", "href", "srcset", "action", "poster", "xlink:href"):
            value = attributes.get(name) or "#"
            assert value.startswith(("#", "data:image/png;base64,")), value
    assert not re.search(r"url\(|@import|https?://", hostile)


def test_hostile_names_are_shown_as_text(hostile: str) -> None:
    words = "".join(Page(hostile).words)
    assert "<script>alert(1)</script>\"' onload='x' |`{{7*7}} &amp;" in words
    assert "\u202e" not in hostile
    assert "\x00" not in hostile


def test_every_drawing_is_xml_that_names_what_it_shows(hostile: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", hostile, re.DOTALL)
    assert len(drawings) > 8
    for drawing in drawings:
        assert ElementTree.fromstring(drawing).get("aria-label")


def test_headings_go_down_one_level_at_a_time(hostile: str) -> None:
    levels = [
        int(tag[1]) for tag, _ in Page(hostile).tags if re.fullmatch("h[1-6]", tag)
    ]
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_cells_of_tables_say_what_they_head(hostile: str) -> None:
    heads = [attributes for tag, attributes in Page(hostile).tags if tag == "th"]
    assert heads
    assert {a.get("scope") for a in heads} == {"row", "col"}


def test_same_ledger_gives_the_same_page(build: Build) -> None:
    path = build(Episodes("a", [3.0, 4.0, 9.0], [True, False, True]))
    assert Report.of(path).html() == Report.of(path).html()


def test_notebook_shows_the_page_without_its_frame(build: Build) -> None:
    path = build(Episodes("a", [3.0, 4.0], [True, True], training=(_share(),)))
    shown = Report.of(path)._repr_html_()
    Page(shown)
    assert "<body" not in shown
    assert "Hardware and quality" in shown


def _share() -> TrainingShare:
    return TrainingShare("pick", "TD3", 10, 5.0, 20.0, "estimated", MODEL, 5.0)
