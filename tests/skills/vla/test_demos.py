"""What is stored is what is read, and what is damaged is told."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from jouleplan.skills.vla.demos import (
    Demo,
    DemoOperator,
    episode_files,
    read_about,
    read_demo,
    read_demos,
    write_demo,
)
from jouleplan.skills.vla.errors import DemosError

OPERATORS = (
    DemoOperator("pick(d1, peg1)", "Pick the red block.", False, "operator"),
    DemoOperator("pick(d1, peg1)", "Pick the red block.", True, "operator"),
    DemoOperator("place(d1, d2)", "Place it on the blue block.", True, "operator"),
)


def made(seed: int, n: int = 5, side: int = 16) -> Demo:
    rng = np.random.default_rng(seed)
    pictures = rng.integers(0, 256, (2, n, side, side, 3), dtype=np.uint8)
    return Demo(
        seed,
        "hanoi",
        "p03",
        "Play Towers of Hanoi.",
        True,
        OPERATORS,
        ("d1", "d2", "peg1"),
        scene=pictures[0],
        wrist=pictures[1],
        state=rng.normal(size=(n, 8)).astype(np.float32),
        closed=rng.integers(0, 2, n).astype(bool),
        action=rng.uniform(-1, 1, (n, 7)).astype(np.float32),
        operator=np.sort(rng.integers(0, 3, n)).astype(np.int16),
        step=np.arange(n, dtype=np.int32) * 3,
        poses=rng.normal(size=(n, 3, 7)).astype(np.float32),
    )


def test_an_episode_is_read_as_it_was_written(tmp_path: Path) -> None:
    demo = made(3)
    file = write_demo(demo, tmp_path, {"cause": "none"})
    read = read_demo(file)
    for field in fields(Demo):
        mine, theirs = getattr(demo, field.name), getattr(read, field.name)
        if isinstance(mine, np.ndarray):
            assert mine.dtype == theirs.dtype
            assert np.array_equal(mine, theirs)
        else:
            assert mine == theirs
    assert read_about(file)["more"] == {"cause": "none"}
    assert read.objects_of(2) == ("d1", "d2")


def test_episodes_come_in_the_order_of_their_seeds(tmp_path: Path) -> None:
    for seed in (10, 9, 100):
        write_demo(made(seed), tmp_path, {})
    assert [demo.seed for demo in read_demos([tmp_path])] == [9, 10, 100]


def test_a_file_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    file = write_demo(made(1), tmp_path, {})
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(DemosError, match="is no episode"):
        read_demo(file)


def test_arrays_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    demo = made(1)
    short = write_demo(replace(demo, state=demo.state[:-1]), tmp_path, {})
    with pytest.raises(DemosError, match="state has the shape"):
        read_demo(short)
    beyond = write_demo(replace(demo, operator=demo.operator + 3), tmp_path, {})
    with pytest.raises(DemosError, match="which it does not name"):
        read_demo(beyond)


def test_an_empty_folder_and_mixed_pictures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DemosError, match="jouleplan collect"):
        read_demos([tmp_path])
    write_demo(made(1, side=16), tmp_path, {})
    write_demo(made(2, side=32), tmp_path, {})
    with pytest.raises(DemosError, match="16 and 32 pixels"):
        read_demos([tmp_path])


def test_a_file_that_was_not_finished_is_no_episode(tmp_path: Path) -> None:
    (tmp_path / "episode-7.h5.part").write_bytes(b"cut short")
    assert episode_files(tmp_path) == []
