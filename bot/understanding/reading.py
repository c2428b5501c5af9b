"""Reads facts, the answer and danger out of one message: deterministic, without Rasa or a model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.clinical.facts import FIELDS, UNSURE, FactValue, FieldKind
from bot.clinical.urgency import Urgency
from bot.understanding.answers import NO, SKIP, YES, Answer, read_answer, wants_yes_or_no
from bot.understanding.asked_values import answered, named_values, no_to, tapped_in_words
from bot.understanding.beside_the_point import to_the_point
from bot.understanding.comings_and_goings import only_says_hello_again
from bot.understanding.concepts import concepts
from bot.understanding.corrections import Correction, read_correction, speaks_of_correcting
from bot.understanding.countries import read_country
from bot.understanding.counts import read_counts
from bot.understanding.danger import Danger, danger_in, urgency_of
from bot.understanding.lasting import when_a_yes_began
from bot.understanding.lexicon import load_lexicon
from bot.understanding.medicines import read_medicines
from bot.understanding.mentions import Mention, is_red_flag, mention, settle
from bot.understanding.onsets import read_onsets
from bot.understanding.own_words import OWN_WORDS, read_own_words
from bot.understanding.past_treatments import read_past_treatments
from bot.understanding.people import read_people
from bot.understanding.polite_beginning import polite_beginning
from bot.understanding.progress_told import read_progress
from bot.understanding.proxies import patient_written_for
from bot.understanding.read_fact import ANSWER, VOLUNTEERED, ReadFact
from bot.understanding.remainder import words_left
from bot.understanding.scores import SCORE_FIELDS, read_scores
from bot.understanding.second_thoughts import said_last, what_was_put
from bot.understanding.sides import read_sides, tells_of_both
from bot.understanding.spelling import Spell
from bot.understanding.treatments import read_treatments
from bot.understanding.utterance import Utterance
from bot.understanding.what_changes_it import what_changes_it

__all__ = ["Danger", "Reading", "read"]


_ASKS_WHY = re.compile(
    r" ?(?:sorry |but |and |hm+ |um+ |ok )?(?:why|what for|how come|y)"
    r"(?: (?:on earth |the hell )?(?:do|are|would|did) (?:you|u)(?: even)? (?:ask\w*|need\w*|want\w*)[^.?!]{0,40}"
    r"| does (?:it|that|this) matter| that| this)?[ ]?[?!.,]"
    r"| ?(?:and |but |so )?(?:whats?|what has|what have|how is|hows)\b.{0,40}\b(?:got )?to do with\b"
)
#: "No others" ends a list and does not empty it.
_NO_OTHERS = re.compile(
    r" ?(?:no+|nope|nah)?,? ?(?:no |not any |none )?(?:others?|more|other \w+|thats (?:it|all))\b"
)
#: A command in the form in which taps used to be sent. Nobody says this; it tells nothing.
_COMMAND = re.compile(r"/\w{1,40}\s{0,3}\{[^{}]{0,600}\}?")
#: "Not gonna lie" denies nothing.
_CANDOUR = re.compile(
    r"\b(?:(?:i(?:'| a)?m )?not (?:gonna|gunna|going to) lie|i (?:can|won)['\u2019]?t lie|no lie|no word of a lie|"
    r"not being funny|not (?:even )?(?:joking|kidding)|no joke|no messing)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r" ?(?:(?:well|oh|um+|er+|hm+|actually|honestly)[ ,.]+)*(?:(?:no|not|nope|nah|never|none|nothing|"
    r"nobody|neither|zero|"
    r"doesnt|dont|havent|hasnt|isnt|arent|wouldnt|didnt|wasnt|cant say)\b|[^\d.,;]{1,34}[.! ]*$)"
)
#: An answer begins the message when it stands within so many characters.
_FIRST = 8
#: "Yes, but I am on a diet" is no to weight loss without a reason.
_EXPLAINED = "weight_loss_unexplained"


@dataclass(frozen=True)
class Reading:
    """What one message says.

    `answer` is yes, no, unsure or skip when the message answers the question that was asked. `safety` is
    set from same day upwards. `whole` means that the message is nothing but its answer and facts, and
    `left` counts the telling words that it has beyond them;
    `outright` that it tells facts beyond a bare yes, no or "not sure"; `takes_back` that it plainly
    corrects an earlier answer; `asks_why` that it asks first why we ask; `answers_first` that it begins
    with the answer; `denies` that it begins with a "no" to something or is too short to give reasons;
    `corrects` that it speaks of correcting something; `asked` that a question was open.
    """

    facts: tuple[ReadFact, ...] = ()
    answer: str | None = None
    safety: Danger | None = None
    whole: bool = False
    left: int = 0
    outright: bool = False
    takes_back: bool = False
    asks_why: bool = False
    answers_first: bool = False
    denies: bool = False
    corrects: bool = False
    asked: bool = False
    written_for: str | None = None  #: the relative who is the patient, if somebody else writes

    @property
    def says_something(self) -> bool:
        return bool(self.facts) or self.answer is not None


def read(
    text: str,
    asks: str | None,
    today: date | None = None,
    before: str | None = None,
    patient: str | None = None,
) -> Reading:
    """Read `text` as the answer to `asks`, the field that was asked last; `before` is the one asked before it.

    Facts are in the vocabulary of clinical.md §0.1 and come from anywhere in the message. `today` is the
    patient's date; without it weekdays and dates are not read. `patient` is the relative whom earlier messages
    were written for (`Reading.written_for`): then "she" is the patient. Never raises, whatever was typed.
    """
    plain = _COMMAND.sub(lambda command: " " * len(command.group()), text)
    plain = _CANDOUR.sub(lambda idiom: " " * len(idiom.group()), plain)
    if only_says_hello_again(plain):
        # "Hi again" does not say that the pain has been there before.
        return Reading(asked=asks is not None, written_for=patient)
    skipped = polite_beginning(plain)
    if not skipped:
        return _read_all(plain, asks, today, before, patient)
    found = _read_all(plain[skipped:], asks, today, before, patient)
    moved = tuple(replace(fact, start=fact.start + skipped, end=fact.end + skipped) for fact in found.facts)
    return replace(found, facts=moved)


def _read_all(
    text: str, asks: str | None, today: date | None, before: str | None, patient: str | None
) -> Reading:
    spelling = load_lexicon().spelling
    found = _read_as(text, asks, today, before, patient, spelling.right)
    if urgency_of(found.safety) is Urgency.EMERGENCY_NOW:
        return found
    for around, spell in spelling.other_ways(text):
        # "fver" is taken for "over" at first; the danger of "fever" must not be lost by that.
        other = _read_as(around, asks, today, before, patient, spell)
        if urgency_of(other.safety) > urgency_of(found.safety):
            found = _read_as(text, asks, today, before, patient, spell)
    return found


def _read_as(
    text: str, asks: str | None, today: date | None, before: str | None, patient: str | None, spell: Spell
) -> Reading:
    utterance = Utterance.of(text, asks, today, spell, patient)
    found = _read_one(text, utterance, asks, before)
    told = [fact for fact in found.facts if fact.field != "sex_at_birth"]
    if utterance.written_for and not told and patient_written_for(utterance.text):
        # "It's not for me, it's for my nan" says no to nothing.
        found = replace(found, answer=None, whole=False)
    return replace(found, written_for=utterance.written_for)


def _read_one(text: str, utterance: Utterance, asks: str | None, before: str | None) -> Reading:
    first = _Pass.over(utterance)
    for target in dict.fromkeys((before, asks)):
        asked = utterance if target == asks else replace(utterance, asks=target)
        last = said_last(asked, _told_to_the_question) if target is not None else None
        if last is not None:
            # "41. no wait, 42": the last value counts, and all else as it was read.
            put = tuple(what_was_put(utterance.text))
            told = {
                field: one
                for field, one in first.told.items()
                if (target == asks or field != asks) and not any(a <= one.start < b for a, b in put)
            }
            mended = replace(first, told={**told, last.field: last}, answer=None)
            return mended.reading(text, still_asked=target == asks)
    correction = read_correction(utterance.text)
    if correction is None:
        return first.reading(text)
    corrected = _blanked(utterance, correction)
    for target in _targets(correction, asks, before):
        found = _Pass.over(replace(corrected, asks=target)).with_danger_of(first)
        if found.answers_its_question:
            reading = found.reading(text, still_asked=target == asks)
            return replace(reading, takes_back=correction.sure)
    return _Pass.over(corrected).with_danger_of(first).reading(text)


def _told_to_the_question(utterance: Utterance) -> Mention | None:
    return settle(tuple(_mentions(utterance))).get(utterance.asks or "")


def _targets(correction: Correction, asks: str | None, before: str | None) -> Iterator[str]:
    order = (correction.field, before, asks) if correction.sure else (correction.field, asks, before)
    yield from dict.fromkeys(target for target in order if target is not None)


def _blanked(utterance: Utterance, correction: Correction) -> Utterance:
    """The same message with what is taken back read over; every offset stays."""
    characters = list(utterance.plain.original)
    for start, end in correction.taken_back:
        begin, stop = utterance.plain.source(start, end)
        characters[begin:stop] = " " * (stop - begin)
    return Utterance.of(
        "".join(characters), utterance.asks, utterance.today, utterance.spell, utterance.written_for
    )


@dataclass(frozen=True)
class _Pass:
    """One pass of every reader over one message."""

    utterance: Utterance
    told: Mapping[str, Mention]
    answer: Answer | None
    spans: tuple[tuple[int, int], ...]
    outright: bool
    answered: frozenset[str]  #: fields that only a yes, no or "not sure" fills

    @classmethod
    def over(cls, utterance: Utterance) -> _Pass:
        mentions = tuple(_mentions(utterance))
        told = settle(mentions)
        if told.keys() & OWN_WORDS and _danger(told, utterance.asks) is not None:
            told = {field: one for field, one in told.items() if field not in OWN_WORDS}
        told = _without_words_of_danger(utterance, told)
        answer = read_answer(utterance)
        if (
            answer is not None
            and answer.kind == UNSURE
            and utterance.asks not in told
            and _danger(told, utterance.asks)
        ):
            # "I keep soiling myself and can't feel it" is not unsure about what was asked.
            answer = None
        if (
            answer is not None
            and answer.kind == YES
            and _is_explained(answer, told.get(utterance.asks or ""))
        ):
            answer = None
        if answer is not None and answer.faint and _is_denied(told.get(utterance.asks or "")):
            answer = None
        spans = [(one.start, one.end) for one in mentions]
        if answer is not None:
            spans.append((answer.start, answer.end))
        answered = _from_answer(utterance, answer, told)
        outright = bool(told)
        if answer is not None and (
            (utterance.asks in answered and _outdoes(answer, told.get(utterance.asks or "")))
            or _is_only_hinted(utterance, answer, told.get(utterance.asks or ""))
        ):
            told = {field: one for field, one in told.items() if field != utterance.asks}
        if answer is not None and answer.kind == YES:
            told = {
                field: one
                for field, one in told.items()
                if not _denied_by_mistake(one, answered) or _all_is_well(utterance, answer, one)
            }
        bare = frozenset(answered.keys() - told.keys())
        return cls(utterance, {**answered, **told}, answer, tuple(spans), outright, bare)

    def with_danger_of(self, other: _Pass) -> _Pass:
        """This pass with the danger that was told outright in `other`: no correction may hide it."""
        kept = {
            field: one
            for field, one in other.told.items()
            if one.dangerous and field not in self.told and field not in other.answered
        }
        return replace(self, told={**self.told, **kept}) if kept else self

    @property
    def answers_its_question(self) -> bool:
        return self.utterance.asks in self.told

    def reading(self, said: str, *, still_asked: bool = True) -> Reading:
        """The result, quoting from `said`, the message before anything was read over."""
        answer = self.answer.kind if self.answer is not None and still_asked else None
        left = words_left(self.utterance.text, self.spans)
        return Reading(
            facts=tuple(
                self._fact(one, said) for one in sorted(self.told.values(), key=lambda one: one.start)
            ),
            answer=answer,
            safety=_danger(self.told, self.utterance.asks),
            whole=bool(self.spans) and left == 0,
            left=left,
            outright=self.outright,
            corrects=speaks_of_correcting(self.utterance.text),
            asked=self.utterance.asks is not None,
            denies=_DENIES.match(self.utterance.text) is not None,
            answers_first=answer is not None and self.answer is not None and self.answer.start <= _FIRST,
            asks_why=_ASKS_WHY.match(self.utterance.text) is not None
            or (self.utterance.text.strip() == "y" and not wants_yes_or_no(self.utterance.asks)),
        )

    def _fact(self, one: Mention, said: str) -> ReadFact:
        start, end = self.utterance.plain.source(one.start, one.end)
        return ReadFact(
            field=one.field,
            value=one.value,
            words=said[start:end],
            start=start,
            end=end,
            about=one.about,
            source=ANSWER if one.field == self.utterance.asks else VOLUNTEERED,
        )


#: "8. but an elephant sits on my chest": the first piece is the answer.
_ENDS_A_PIECE = re.compile(r"[,.;!?](?!\d)")


#: "9 and now I've been leaking": the number is the answer.
_A_SCORE_FIRST = re.compile(
    r"\W*(?:(?:its|about|an?|like|maybe|probably|say|easily) )*\d\d?(?:/10)?(?: ?(?:$|[,.;])| (?:and|but|so|now|"
    r"because|also)\b)"
)


def _without_words_of_danger(utterance: Utterance, told: dict[str, Mention]) -> dict[str, Mention]:
    """ "Both legs have gone weak today", asked about a red eye: the "today" is the legs' and answers nothing.

    In a message that tells danger elsewhere the asked field keeps its value where it stands in a piece in which
    no danger is told, or where it is told without the question too.
    """
    asked = told.get(utterance.asks or "")
    others = {field: one for field, one in told.items() if one is not asked}
    danger = _danger(others, None) if asked is not None else None
    if asked is None or danger is None or not danger.interrupts:
        return told
    if utterance.asks in SCORE_FIELDS and _A_SCORE_FIRST.match(utterance.text):
        return told
    begin = asked.start - len(_ENDS_A_PIECE.split(utterance.text[: asked.start])[-1])
    stop = asked.end + len(_ENDS_A_PIECE.split(utterance.text[asked.end :], maxsplit=1)[0])
    if not any(one.dangerous and one.start < stop and begin < one.end for one in others.values()):
        return told
    unasked = settle(tuple(_mentions(replace(utterance, asks=None))))
    return told if asked.field in unasked else others


def _danger(told: Mapping[str, Mention], asks: str | None) -> Danger | None:
    return danger_in({field: one.value for field, one in told.items()}, asks)


def _mentions(utterance: Utterance) -> Iterator[Mention]:
    tapped = list(tapped_in_words(utterance))
    yield from tapped
    settled = {one.field for one in tapped}
    yield from (one for one in _read(utterance) if one.field not in settled)


def _read(utterance: Utterance) -> Iterator[Mention]:
    told = list(what_changes_it(utterance).sifted(_read_by_each(utterance)))
    yield from to_the_point(utterance, told)


def _read_by_each(utterance: Utterance) -> Iterator[Mention]:
    lexicon = load_lexicon()
    told = list(concepts(utterance, lexicon))
    yield from told
    yield from read_scores(utterance)
    yield from read_onsets(utterance)
    yield from read_people(utterance)
    yield from read_counts(utterance)
    yield from read_progress(utterance)
    yield from read_medicines(utterance, lexicon)
    yield from read_sides(utterance, both_told=tells_of_both(told))
    yield from read_treatments(utterance)
    yield from read_past_treatments(utterance)
    yield from read_country(utterance)
    yield from read_own_words(utterance)
    if utterance.asks not in {one.field for one in told} or _is_list(utterance.asks):
        yield from named_values(utterance)


def _from_answer(
    utterance: Utterance, answer: Answer | None, told: Mapping[str, Mention]
) -> dict[str, Mention]:
    """What yes, no or "not sure" adds to what was told outright."""
    if answer is None or utterance.asks is None:
        return {}
    if _is_list(utterance.asks) and _NO_OTHERS.match(utterance.text):
        return {}
    if answer.hedged and is_red_flag(utterance.asks):
        answer = replace(answer, kind=UNSURE)
    if utterance.asks in told and answer.kind == UNSURE and not _comforts(told[utterance.asks]):
        return {}
    if answer.narrow:
        none = mention(utterance.asks, no_to(utterance.asks), answer.start, answer.end)
        return {} if none is None else {none.field: none}
    return {
        field: Mention(field, _in_time(utterance, value, answer), answer.start, answer.end)
        for field, value in answered(utterance.asks, answer).items()
    }


#: What is neither a yes nor a no says more than either: "yes, but tablets keep it OK".
_BETWEEN = frozenset({"controlled", "mild", "tolerates_nsaid"})


def _outdoes(answer: Answer, told: Mention | None) -> bool:
    """Whether the answer says it better than the words: "fell off a roof, so yes" agrees with the fall."""
    if answer.kind == NO and told is not None and told.value in _BETWEEN:
        return False
    if answer.concludes and answer.kind == YES:
        return told is not None and not told.dangerous
    return answer.kind == UNSURE or answer.concludes


def _in_time(utterance: Utterance, value: FactValue, answer: Answer) -> FactValue:
    """A yes to a cauda equina question may go on: "yes, but it's been like that for years"."""
    if value != "new":
        return value
    return when_a_yes_began(utterance.text, answer.end)


def _denied_by_mistake(one: Mention, answered: Mapping[str, Mention]) -> bool:
    """A yes to a danger sign stands against a "no" read further on, unless that explains it away."""
    if one.field == _EXPLAINED or one.field not in answered:
        return False
    return answered[one.field].dangerous and not one.dangerous


def _all_is_well(utterance: Utterance, answer: Answer, one: Mention) -> bool:
    """ "Yes I can pee fine, thank you": the comfort follows at once, and nothing takes it back."""
    between = utterance.text[answer.end : one.start] if one.start >= answer.end else ""
    return (
        one.field == utterance.asks
        and one.start <= answer.end + _AT_ONCE
        and _SAYS_ALL_IS_WELL.fullmatch(between) is not None
        and not _NOT_QUITE.search(utterance.text, one.end)
    )


_AT_ONCE = 20
_SAYS_ALL_IS_WELL = re.compile(
    r"[ ,.!]*(?:(?:i|it|its|it is|they|theyre|all|everything|still|can|do|am|is|are) ?)*"
)


def _is_explained(answer: Answer, told: Mention | None) -> bool:
    """ "A bit bunged up from the codeine" begins like a yes, and the whole of it is a no."""
    return told is not None and _comforts(told) and told.start <= answer.start and answer.end < told.end


#: After a "no" these may say that it is not quite one.
_NOT_QUITE = re.compile(
    r"\b(?:but|except|apart|only|just|though|although|until|till|unless|bit|little|slight\w*|sometimes|"
    r"occasional\w*|now|today|yesterday|since|lately|started|cant|cannot|couldnt|not|less|numb\w*|tingl\w*|dead|"
    r"(?:hang on|hold on|wait|tell a lie|actually),? (?:yes|i (?:did|do|have|am|was|cant)))\b"
)


#: What one has had stands against the "no" before it.
_HAD = frozenset({"fever", "cancer_history"})
_IT_JUST = re.compile(r"\bit (?:just|only|does|is)\b")
_A_SIGN = re.compile(r"(?:it )?(?:numb\w*|tingl\w*|pins|weak\w*|dead|leak\w*|dribbl\w*|drag\w*|slap\w*)")
_I_HAD = re.compile(r"\b(?:i|ive|i have) (?:had|got|have)\b")


def _is_only_hinted(utterance: Utterance, answer: Answer, told: Mention | None) -> bool:
    """ "Nope feels normal when I wipe", "skip, I'd not say": the answer says more than a hint beside its question."""
    if told is None or not told.hinted or not told.dangerous or answer.kind not in (NO, SKIP):
        return False
    if told.field in _HAD and _I_HAD.search(utterance.text, answer.end, max(answer.end, told.start)):
        return False  # "no, I had 39 last night"
    between = utterance.text[answer.end : max(answer.end, told.start)]
    if _IT_JUST.search(between) and _A_SIGN.match(utterance.text, told.start):
        return False  # "no weakness, it just tingles"
    skipped = answer.kind == SKIP and told.start < answer.end
    comes_first = answer.start <= _FIRST and (answer.end <= told.start or skipped)
    return comes_first and not _NOT_QUITE.search(utterance.text, answer.end)


def _is_denied(told: Mention | None) -> bool:
    """ "Just a bit of dandruff, no psoriasis": the amount was of something else."""
    return told is not None and (told.value is False or told.value in ("no", "none"))


def _comforts(one: Mention) -> bool:
    """A "no" to a danger sign in the same breath as "not sure" is no more than "not sure"."""
    return is_red_flag(one.field) and _is_denied(one)


def _is_list(field: str | None) -> bool:
    known = FIELDS.get(field or "")
    return known is not None and known.kind is FieldKind.LIST
