import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
LANGUAGES = ("bash", "console", "python")

# A page of the documents is read from its top: its blocks run in one folder, in order.
UNREAD = ("domains", "results", "rotation")
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "docs").rglob("*.md")
    if path.relative_to(ROOT).parts[1] not in UNREAD
)
# Of a block; the slowest takes 40 s.
LIMIT_S = 400
EXCUSE = re.compile("needs|takes|changes the environment")

# Only what changes this environment, or starts these tests again, is left out.
EXEMPT = re.compile(r"git clone |cd |make |(python -m )?pip install |\.venv/bin/|#")
BLOCK = re.compile(
    r"(?:^<!-- not run: (?P<reason>[^\n]+) -->\n\n?)?"
    r"^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: where it stands, its language, text and excuse, if any."""

    place: str
    language: str
    text: str
    reason: str | None


def read_blocks(document: str) -> list[Block]:
    text = (ROOT / document).read_text(encoding="utf-8")
    return [
        Block(
            f"{document}:{text.count(chr(10), 0, found.start('language')) + 1}",
            found["language"],
            found["text"],
            found["reason"],
        )
        for found in BLOCK.finditer(text)
        if found["language"] in LANGUAGES
    ]


def commands(block: Block) -> str:
    """Return what a reader types: of a console block, the lines after a prompt."""
    if block.language != "console":
        return block.text
    lines = block.text.splitlines()
    return "\n".join(line[2:] for line in lines if line.startswith("$ "))


BLOCKS = [block for document in DOCUMENTS for block in read_blocks(document)]
RUN = [block for block in BLOCKS if block.reason is None]
EXCUSED = [block for block in BLOCKS if block.reason is not None]


def makers(block: Block) -> list[Block]:
    """Return the earlier blocks that record the ledgers which ``block`` reads."""
    earlier = RUN[: RUN.index(block)]
    read = set(re.findall(r"[\w-]+\.db", block.text))
    return [
        other
        for other in earlier
        if any(f"--ledger {name}" in other.text for name in read)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("block", RUN, ids=lambda block: block.place)
def test_block_runs_as_printed(block: Block, tmp_path: Path) -> None:
    for other in (*makers(block), block):
        run(other, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if read_blocks(page)])
def test_blocks_of_the_page_run_as_printed_one_after_the_other(
    page: str, tmp_path: Path
) -> None:
    for block in read_blocks(page):
        if block.reason is None:
            run(block, tmp_path)


@pytest.mark.parametrize("page", PAGES)
def test_block_of_a_page_that_is_not_run_says_what_it_would_take(page: str) -> None:
    reasons = [block.reason for block in read_blocks(page) if block.reason is not None]
    assert [reason for reason in reasons if not EXCUSE.match(reason)] == []


def run(block: Block, folder: Path) -> None:
    if block.language == "python":
        command = [sys.executable, "-c", block.text]
    else:
        command = ["bash", "-e", "-o", "pipefail", "-c", commands(block)]
    # a group of its own, so that a block that hangs ends with all that it started
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said = f"{process.communicate()[0]}\nkilled after {LIMIT_S} s"
    assert process.returncode == 0, f"{block.text}\n{said}"


@pytest.mark.parametrize("block", EXCUSED, ids=lambda block: block.place)
def test_only_installation_and_make_are_not_run(block: Block) -> None:
    lines = [line for line in commands(block).splitlines() if line.strip()]
    assert lines
    assert [line for line in lines if not EXEMPT.match(line)] == []


def test_readme_shows_commands_that_run() -> None:
    assert any("jouleplan solve" in block.text for block in RUN)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_to_files_of_the_repository_hold(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("document", [*DOCUMENTS, *PAGES])
def test_every_figure_is_filled_in(document: str) -> None:
    assert "FILL" not in (ROOT / document).read_text(encoding="utf-8")
