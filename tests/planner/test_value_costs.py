"""Value costs: operators that no episode shows are priced by an option's value."""

from __future__ import annotations

from pathlib import Path

import pytest

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.reading import Reading
from jouleplan.energy.records import EpisodeRecord, OperatorRecord
from jouleplan.planner.costs import read_costs
from jouleplan.planner.costs_file import costs_text
from jouleplan.planner.learned_costs import EPISODES, LearnedCosts, learn_costs
from jouleplan.planner.task import read_task
from jouleplan.planner.value_costs import add_value_costs
from jouleplan.skills.gcrl.calibration import Calibration
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.option import Option
from jouleplan.skills.gcrl.option_state import OBSERVATION_SIZE, SPACE
from jouleplan.skills.library import option_file

STEPS = Calibration(0.0, 1.0, -1e9, 0.1, 0.1, 50, 50, 0, 0)
"""What V says is taken as it is."""
SOURCE = "value of gcrl-flat"


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> LearnedCosts:
    """Return costs from an episode of one pick: 2 J in half a second."""
    path = tmp_path_factory.mktemp("costs") / "l.db"
    pick = OperatorRecord(
        "pick(d1)",
        "done",
        15,
        0,
        0.5,
        "pick",
        ("disk",),
        cpu_s=0.25,
        energy_j=1.5,
        mechanical_work_j=0.5,
    )
    energy = Reading(2.0, 0.5, 0.6, 3, "model", "estimated")
    with Ledger(path) as ledger:
        run_id = ledger.start_run("x", method="m", seed=0)
        record = EpisodeRecord(
            "hanoi", "p03", 0, "m", True, "", energy, 1.0, 1.0, 0, (pick,)
        )
        ledger.record_episode(run_id, record)
    network = OptionNetwork(
        option_file("gcrl-flat"), OBSERVATION_SIZE, SPACE.input_size
    )
    task = read_task("hanoi", "p03")
    return add_value_costs(learn_costs(path), task, Option(network, STEPS), SOURCE, 0)


def test_an_operator_without_an_episode_costs_what_its_value_says(
    learned: LearnedCosts,
) -> None:
    costs = {cost.key: cost for cost in learned.operators}
    place = costs["place"]
    assert place.source == SOURCE
    assert (place.tries, place.success) == (0, None)
    assert 0.3 < place.seconds.mean < 3.0
    assert place.energy_j.mean == pytest.approx(4.0 * place.seconds.mean)
    assert place.seconds.low <= place.seconds.mean <= place.seconds.high
    assert any(key.startswith("place(disk, ") for key in costs)


def test_what_episodes_show_is_left_as_it_is(learned: LearnedCosts) -> None:
    pick = learned.operators[0]
    assert (pick.key, pick.source) == ("pick", EPISODES)
    assert pick.energy_j.mean == pytest.approx(2.0)


def test_the_file_names_the_source_and_claims_no_failures(
    learned: LearnedCosts, tmp_path: Path
) -> None:
    file = tmp_path / "costs.toml"
    file.write_text(costs_text(learned, "learn-costs l.db --values gcrl-flat"))
    assert f'source = "{SOURCE}"' in file.read_text()
    assert {e.operator for e in read_costs(file).entries} == {"pick", "place"}
    assert {e.operator for e in read_costs(file, "failures").entries} == {"pick"}
