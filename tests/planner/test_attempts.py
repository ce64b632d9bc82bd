"""Attempts: engines side by side, and how waiting for them ends."""

from __future__ import annotations

import threading
import time
from typing import Any, cast

from jouleplan.planner.attempts import Attempts


def test_a_lane_that_has_just_ended_is_not_waited_for() -> None:
    unused = cast("Any", None)
    attempts = Attempts(unused, unused, unused, None, 1, unused, time.perf_counter())
    ended = threading.Event()
    ended.set()
    attempts._watch([ended], 1.0)
    assert not attempts._stop.is_set()
