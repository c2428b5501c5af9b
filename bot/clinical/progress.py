"""What a check-in means: the danger in it, how things have moved, and what it does to the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.clinical.facts import Facts, plain
from bot.clinical.follow_up import with_history
from bot.clinical.history import History
from bot.clinical.measures import Direction
from bot.clinical.medicines import with_listed_medicines
from bot.clinical.rulebook import Rulebook
from bot.clinical.rulebook.progress_rules import OptionAdded, ProgressRules
from bot.clinical.rules import Context
from bot.clinical.trends import Trend, trends
from bot.clinical.triage import Finding, Triage, combine, find, triage
from bot.clinical.urgency import Urgency

SUSPEND = "ADJ_SUSPEND_PLAN"
_WORSE = "FL_WORSENING"

#: a fact of these is told at check-ins only (clinical.md §0.1)
CHECK_IN_FIELDS = frozenset(
    {
        *("checkin_day", "nprs_now", "psfs_now", "gpe", "adherence_pct", "adverse_event"),
        *("low_adherence_count", "worse_count", "missed_checkins", "goal_reached"),
    }
)

#: of a settled finding, time has passed since; that alone does not unsettle it
_TIMES = frozenset(
    {"duration_weeks", "gestation_weeks", "leg_pain_onset_days", "leg_weakness_onset_days", "age"}
)


@dataclass(frozen=True)
class Progress:
    """What follows from one check-in.

    `triage` holds the red flags and what the check-in adds (`findings`), the worst first. `told` are the
    messages for the patient in order, besides the safety messages of the class; each has at most 45 words.
    `options` go into the plan, or before a clinician. `facts` are those of the check-in made whole.
    `rulebook` is the version of the rules.
    """

    triage: Triage
    findings: tuple[Finding, ...]
    trends: tuple[Trend, ...]
    told: tuple[str, ...]
    options: tuple[OptionAdded, ...]
    facts: Facts
    rulebook: str

    @property
    def flags(self) -> tuple[str, ...]:
        """Every flag of the picture."""
        return self.triage.flags

    @property
    def actions(self) -> tuple[str, ...]:
        """Every action of the picture."""
        return self.triage.actions

    @property
    def adjustments(self) -> tuple[str, ...]:
        """What happens to the plan."""
        return self.triage.adjustments

    @property
    def suspends_plan(self) -> bool:
        """Whether the plan pauses until a clinician has cleared what was told."""
        return SUSPEND in self.adjustments


def progress(facts: Facts, history: History, rulebook: Rulebook) -> Progress:
    """What a check-in means, given everything known today and what came before.

    `facts` are those of the whole episode with the answers of this check-in in them; call this when its
    questions are through. The red-flag rules are tried again on all facts (K1), then the rules of progress.yaml.
    An answer that is missing, declined, `unsure` or of an earlier day (`history.told`) is never read as good
    news. Source: clinical.md §6.3.
    """
    whole = with_listed_medicines(with_history(facts, history, rulebook), rulebook.contraindications)
    danger = _settle(triage(whole, rulebook), history)
    findings = progress_findings(whole, danger, rulebook, history)
    picture = danger.with_findings(*findings)
    moved = trends(whole, history, rulebook)
    return Progress(
        triage=picture,
        findings=findings,
        trends=moved,
        told=_told(findings, moved, rulebook.progress),
        options=options_added(findings, rulebook),
        facts=whole,
        rulebook=rulebook.version,
    )


def progress_findings(
    facts: Facts, triage: Triage, rulebook: Rulebook, history: History | None = None
) -> tuple[Finding, ...]:
    """What the rules of progress.yaml add to the red flags of the same facts, the worst first.

    Nothing when the facts are of no check-in. Works from the facts alone, as in the vignettes; what needs
    earlier check-ins to be known then stays quiet. Source: clinical.md §6.3.
    """
    if CHECK_IN_FIELDS.isdisjoint(facts):
        return ()
    context = Context(facts, triage.flags, triage.urgency, history=history)
    rules = rulebook.progress.index.candidates(facts)
    findings = [find(one.rule, context) for one in rules if one.rule.when.truth(context)]
    if any(SUSPEND in finding.adjustments for finding in findings):
        kept = rulebook.progress.kept_on_hold
        findings = [one for finding in findings if (one := _on_hold(finding, kept)) is not None]
    return combine(findings).findings


def options_added(findings: Iterable[Finding], rulebook: Rulebook) -> tuple[OptionAdded, ...]:
    """The options that these findings put into the plan or before a clinician, each once."""
    rules = (rulebook.progress.by_id(finding.rule) for finding in findings)
    return tuple(dict.fromkeys(option for rule in rules if rule is not None for option in rule.options))


def _on_hold(finding: Finding, kept: frozenset[str]) -> Finding | None:
    """The finding while the plan is suspended; None when nothing is left that anybody needs to know."""
    adjustments = tuple(one for one in finding.adjustments if one in kept)
    if not adjustments and not finding.flags and finding.urgency is Urgency.SELF_MANAGE:
        return None
    return finding if adjustments == finding.adjustments else replace(finding, adjustments=adjustments)


def _told(findings: tuple[Finding, ...], moved: Iterable[Trend], rules: ProgressRules) -> tuple[str, ...]:
    """The messages: when the plan is suspended, only why; else how things moved, then what to do."""
    on_hold = [one for one in findings if not rules.kept_on_hold.isdisjoint(one.adjustments)]
    if any(SUSPEND in finding.adjustments for finding in findings):
        first = sorted(on_hold, key=lambda finding: SUSPEND not in finding.adjustments)
        return tuple(finding.patient for finding in first)
    worse = any(_WORSE in finding.flags for finding in findings)
    numbers = [
        one.told
        for one in moved
        if one.told is not None and not (worse and one.direction is Direction.IMPROVED)
    ]
    spoken_for = {
        rule
        for finding in findings
        if (own := rules.by_id(finding.rule)) is not None
        for rule in own.instead_of
    }
    words = [finding.patient for finding in findings if finding.rule not in spoken_for]
    return (*numbers, *words)


def _settle(picture: Triage, history: History) -> Triage:
    """The picture with findings of urgent class that a clinician has seen, unchanged, made routine.

    Emergency and same-day findings stand until the facts themselves are cleared. Source: clinical.md §0.3.
    """
    if not history.settled:
        return picture
    return combine(
        replace(finding, urgency=Urgency.ROUTINE_FLAG) if _is_settled(finding, history) else finding
        for finding in picture.findings
    )


def _is_settled(finding: Finding, history: History) -> bool:
    seen = history.settled.get(finding.rule)
    if seen is None or finding.urgency is not Urgency.URGENT_DAYS:
        return False
    return _without_times(finding.facts_used) == _without_times(seen)


def _without_times(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _json(value) for name, value in values.items() if name not in _TIMES}


def _json(value: object) -> object:
    return plain(value) if isinstance(value, tuple) else value
