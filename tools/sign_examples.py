"""What the second look learns from a set of messages that was read: `python -m tools.sign_examples NAME`.

NAME is a file of tests/understanding/development. Its messages go to a file of the same name in
bot/understanding/sign_examples/later_sets, each with the red flags that it tells or denies. Harmless ones that the
second look holds for harmless without them are left out: they teach nothing and make the training longer.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import yaml

from benchmarks.understanding.score import Example, load_set
from bot.clinical.facts import FIELDS
from bot.understanding.second_look import FOLDER, SecondLook, fit, load_examples
from bot.understanding.sentence_encoder import SentenceEncoder, shared_encoder

DEVELOPMENT = Path(__file__).parents[1] / "tests" / "understanding" / "development"
LATER_SETS = FOLDER / "later_sets"
#: A harmless message that is less likely danger than this teaches nothing.
FAR_FROM_DANGER = 0.1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help="a file of tests/understanding/development, without .yaml")
    name = parser.parse_args().name
    source, target = DEVELOPMENT / f"{name}.yaml", LATER_SETS / f"{name}.yaml"
    target.unlink(missing_ok=True)  # it is not judged by what it taught before
    encoder = shared_encoder()
    model = fit(load_examples(), encoder.encode_all)
    rows = list(_worth_learning(load_set(source), model, encoder))
    head = f"# Red flags that the messages of tests/understanding/development/{name}.yaml tell or deny.\n"
    target.write_text(head + "".join(map(_line, rows)), encoding="utf-8")
    print(f"{len(rows)} messages in {target.name}")
    return 0


def red_flags(example: Example) -> dict[str, object]:
    """The red-flag facts of a labelled message."""
    return {
        name: value for name, value in example.facts[0].items() if name in FIELDS and FIELDS[name].red_flag
    }


def _worth_learning(
    examples: list[Example], model: SecondLook, encoder: SentenceEncoder
) -> Iterator[dict[str, object]]:
    for one in examples:
        suspicion = model.at(one.text, one.asks, encoder.encode(one.text))
        if one.safety is None and suspicion.danger < FAR_FROM_DANGER:
            continue
        asks = {"asks": one.asks} if one.asks else {}
        facts = {"facts": told} if (told := red_flags(one)) else {}
        yield {**asks, "text": one.text, **facts}


def _line(row: dict[str, object]) -> str:
    dumped = yaml.safe_dump(row, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6)
    return f"- {dumped}"


if __name__ == "__main__":
    raise SystemExit(main())
