"""Simulated patients on the trained model: what must hold in every conversation, and how failures are shown."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.dialogue import training
from tests.chat_server import ROOT
from tests.dialogue.scenario import Step
from tests.dialogue.simulated.plan import plan
from tests.dialogue.simulated.run import Failure, Outcome, clinic, converse
from tests.dialogue.simulated.walk import Broken, Clinic

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:rasa", "ignore::DeprecationWarning")  # not ours

CONVERSATIONS = 60
PLAIN = 5  #: uncomplicated acute patients whose questions are counted
MOST_QUESTIONS = 32
FIRST = 20_000  #: seeds of the test run; `make soak` takes others


@pytest.fixture(scope="module")
def place(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    model = training.trained_model(models, ROOT)
    assert model is not None
    with clinic(model, tmp_path_factory.mktemp("simulated")) as opened:
        yield opened


def test_every_invariant_holds_in_every_conversation(place: Clinic) -> None:
    outcomes = [converse(place, seed) for seed in range(FIRST, FIRST + CONVERSATIONS)]
    failures = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    assert not failures, "\n\n".join(map(str, failures))


def test_an_uncomplicated_acute_patient_is_asked_at_most_32_questions(place: Clinic) -> None:
    seeds = (seed for seed in range(FIRST, FIRST + 200) if _is_uncomplicated(place, seed))
    outcomes = [converse(place, seed, detours=False) for seed in itertools.islice(seeds, PLAIN)]
    assert len(outcomes) == PLAIN
    for outcome in outcomes:
        assert isinstance(outcome, Outcome), str(outcome)
        assert outcome.status == "planned"
        assert outcome.questions <= MOST_QUESTIONS, outcome.plan.seed


def _is_uncomplicated(place: Clinic, seed: int) -> bool:
    """Acute pain and no other illness, medicine or heavy burden: the patient that the limit is meant for."""
    someone = plan(seed, place.rulebook, place.phrases).someone
    truth = someone.truth
    return (
        someone.kind == "acute"
        and not truth["anticoagulant"]
        and not truth["current_nsaid"]
        and all(truth[name] == "none" for name in ("hypertension", "asthma", "kidney_disease"))
        and max(int(str(truth[name])) for name in ("fear_of_movement", "sleep_problem", "stress")) < 6
        and int(str(truth["recovery_expectation"])) > 4
    )


def test_a_seed_always_gives_the_same_plan(place: Clinic) -> None:
    plans = [plan(7, place.rulebook, place.phrases) for _ in range(2)]
    assert plans[0] == plans[1]
    assert plan(8, place.rulebook, place.phrases) != plans[0]


def test_a_failure_is_shown_as_a_short_scenario_that_can_be_played(place: Clinic) -> None:
    class Forgetful:
        """A bot that breaks down as soon as somebody asks for help."""

        async def play(self, turn: object) -> None:
            if getattr(turn, "inbound", None) is not None and turn.inbound.text == "help":  # type: ignore[attr-defined]
                raise RuntimeError("no help")
            await place.player.play(turn)  # type: ignore[arg-type]

    broken = Clinic(place.store, place.database, Forgetful(), place.rulebook, place.phrases)
    seeds = (seed for seed in range(FIRST, FIRST + 200) if _asks_for_help(place, seed))
    results = (converse(broken, seed) for seed in seeds)
    failure = next(result for result in results if isinstance(result, Failure))
    assert failure.broken.rule == "nothing is raised"
    [document] = yaml.safe_load(failure.reproduction)
    steps = [Step.from_yaml(step) for step in document["steps"]]
    assert steps[-1].what == "help"
    assert sum(step.what == "help" for step in steps) == 1


def _asks_for_help(place: Clinic, seed: int) -> bool:
    return any(detour.text == "help" for detour in plan(seed, place.rulebook, place.phrases).detours)


def test_a_broken_invariant_can_be_sent_from_another_process() -> None:
    sent = pickle.loads(pickle.dumps(Broken("nothing is asked twice", "fever at hello")))
    assert (sent.rule, str(sent)) == ("nothing is asked twice", "nothing is asked twice: fever at hello")
