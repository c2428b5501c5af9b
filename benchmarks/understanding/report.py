"""The scores of a set in words: the figures that issue 4 asks for, and the failures for those who want them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks.understanding.score import Example, Scores, Understood


def figures(scores: Scores, seconds: Sequence[float]) -> str:
    """One line for each figure, with what is asked of it."""
    facts = scores.facts
    lines = [
        f"{scores.messages} messages, parsed in {1000 * statistics.median(seconds):.1f} ms in the median",
        f"facts micro F1          {facts.f1:.3f}   (>= 0.85; precision {facts.precision:.3f}, recall "
        f"{facts.recall:.3f})",
        f"intents macro recall    {scores.macro_recall:.3f}   (>= 0.85)",
        f"yes and no turned round {scores.failed('polarity')}   (0)",
        f"emergencies missed      {scores.failed('missed emergencies')} of {scores.emergencies}   (0)",
        f"danger missed           {scores.failed('missed danger')} of {scores.dangers}, same day or worse",
        _share("harmless alarmed", scores, "false alarms", scores.harmless, "<= 2 %"),
        _share("out of scope let in", scores, "out of scope let in", scores.strange, "<= 10 %"),
        _share("in scope rejected", scores, "in scope rejected", scores.belonging, "<= 3 %"),
    ]
    return "\n".join(lines)


def _share(name: str, scores: Scores, kind: str, of: int, wanted: str) -> str:
    share = 100 * scores.share(kind, of)
    return f"{name:23} {share:.1f} %, {scores.failed(kind)} of {of}   ({wanted})"


def failures(scores: Scores, examples: Sequence[Example], understood: Sequence[Understood]) -> str:
    """Every message that failed, by kind, and the recall of each intent."""
    by_id = {example.id: (example, got) for example, got in zip(examples, understood, strict=True)}
    lines = [f"recall of {name:18} {recall:.2f}" for name, recall in scores.recall.items() if recall < 1]
    for kind, ids in scores.failures.items():
        lines.append(f"\n== {kind}: {len(ids)}")
        lines += [_failure(kind, *by_id[one]) for one in ids]
    return "\n".join(lines)


def _failure(kind: str, example: Example, got: Understood) -> str:
    said = f"{example.id} [{example.asks}] {example.text!r}"
    if kind == "intents" or "scope" in kind:
        return f"{said}\n    {'/'.join(example.intents)} -> {got.intent}"
    if kind in ("facts", "polarity"):
        return f"{said}\n    {dict(example.facts[0])} -> {dict(got.facts)}"
    return f"{said}\n    {example.safety} -> {got.safety} {dict(got.facts)}"
