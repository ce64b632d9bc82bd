"""Pair play: trajectories of two blocks, each moved once, one after the other.

Collected as `jouleplan collect-play` does, by the same player with the same noise; a
trajectory joins the segments of two blocks that follow one another.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from jouleplan.energy.meter import Meter
from jouleplan.planner.evaluate import Series, draw_problem, task_of
from jouleplan.planner.play.collect import EPISODE_STEPS, Player, Segment
from jouleplan.planner.run import build_scene
from jouleplan.skills.gcrl.option_state import kept_gripper, observe
from jouleplan.skills.gcrl.play import Play, join
from jouleplan.skills.gcrl.space import Floats
from jouleplan.skills.library import PolicySet, load_policies
from tests.benchmarks.horizon.pair_state import pair_of

_STREAM: Final = 5
"""As collect-play's, so that the same scene is played in the same way."""


@dataclass(slots=True)
class _WideSegment(Segment):
    """A segment with every block's observation (23,) at each step."""

    seen: list[dict[str, Floats]] = field(default_factory=list)


class PairPlayer(Player):
    """A player that observes every block at every step."""

    def _follow_block(self, name: str) -> Segment:
        return _WideSegment(name)

    def _note(self, action: npt.NDArray[np.float32]) -> None:
        self._see(self._segment)
        super()._note(action)

    def _close(self, segment: Segment) -> Segment:
        self._see(segment)
        return super()._close(segment)

    def _see(self, segment: Segment | None) -> None:
        assert isinstance(segment, _WideSegment)
        scene = self._scene
        segment.seen.append({name: observe(scene, name) for name in scene.movables})


def collect_pairs(
    series: Series,
    steps: int,
    seed: int,
    file: Path,
    report: Callable[[int], None] | None = None,
) -> Play:
    """Return play of pairs on ``series``, from ``file`` where it is collected already.

    Args:
        series: Whose scenes are played.
        steps: Control steps; each counts again in the next pair.
        seed: Of the first scene; each next one's is 1 more.
        file: The play, as arrays; ``.json`` beside it says what it took.
        report: Called with the steps so far, after each scene.
    """
    if file.is_file():
        with np.load(file, allow_pickle=False) as kept:
            return Play(kept["observations"], kept["actions"], kept["ends"])
    policies, meter, found = load_policies(), Meter(), list[tuple[Floats, Floats]]()
    done, scene = 0, seed
    while done < steps:
        with meter.phase("play"):
            segments = _play(series, scene, policies, meter)
        found += _pairs(segments)
        done += sum(len(segment.actions) for segment in segments)
        scene += 1
        if report is not None:
            report(done)
    play, used = join(found), meter.total()
    file.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "series": f"{series.domain} {series.name}",
        "seed": seed,
        "scenes": scene - seed,
        "control_steps": done,
        "pairs": len(found),
        "cpu_s": round(used.cpu_s, 1),
        "energy_j": used.energy_j,
        "energy_quality": used.quality,
    }
    file.with_suffix(".json").write_text(json.dumps(told, indent=1) + "\n")
    partial = file.with_suffix(".part.npz")
    np.savez(
        partial, observations=play.observations, actions=play.actions, ends=play.ends
    )
    partial.replace(file)
    return play


def _play(
    series: Series, seed: int, policies: PolicySet, meter: Meter
) -> list[_WideSegment]:
    rng = np.random.default_rng((seed, _STREAM))
    with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
        task = task_of(draw_problem(series, seed, Path(folder)))
        with build_scene(task, seed) as scene:
            player = PairPlayer(task, scene, policies, meter, rng)
            found = list(player.play(EPISODE_STEPS))
    assert all(isinstance(segment, _WideSegment) for segment in found)
    return found  # type: ignore[return-value]


def _pairs(segments: list[_WideSegment]) -> Iterator[tuple[Floats, Floats]]:
    """Yield (observations (t + 1, 38), actions (t, 4)) of neighbours of two blocks."""
    for one, other in pairwise(segments):
        first, second = one.block, other.block
        if first == second:
            continue
        # the first's closing moment is the second's opening one
        seen = [*one.seen[:-1], *other.seen]
        observations = pair_of(
            np.array([now[first] for now in seen]),
            np.array([now[second] for now in seen]),
        )
        actions = np.array([*one.actions, *other.actions])
        yield observations, kept_gripper(observations, actions)
