"""What the scripted bot of the browser tests says: one question of each kind, a plan, and danger."""

from __future__ import annotations

from collections.abc import Sequence

from tests.channels.fakes import Heard, Line

GREETING = Line("Hello, I am a computer program. I ask about your back pain.")
SITE = Line("Where is the pain?", "question", "pain_site", "choice", ("Lower back", "Leg", "Not sure"))
WORSE = Line(
    "What makes it worse?",
    "question",
    "aggravated_by",
    "multi_choice",
    ("Sitting", "Bending", "Coughing or sneezing", "None of these"),
)
WORST = Line(
    "How bad was it at its worst?",
    "question",
    "pain_worst",
    "scale",
    ("0 (no pain)", *map(str, range(1, 10)), "10 (as bad as you can imagine)"),
)
AREAS = Line(
    "Where does it go?",
    "question",
    "pain_areas",
    "body_map",
    (
        "Lower back",
        "The whole back",
        "Left buttock",
        "Right buttock",
        "Left leg",
        "Right leg",
        "None of these",
    ),
)
LASTED = Line(
    "How long has it lasted?", "question", "duration_weeks", "choice", ("Less than a week", "1 to 2 weeks")
)
READ_BACK = Line(
    "Which answer should we change?",
    "question",
    "read_back",
    "choice",
    ("You are 34 years old", "Pain 5 out of 10", "Nothing"),
)
DANGER = Line(
    "This can be an emergency. Please call 999 now, or NHS 111 if you cannot get through. Do not drive.",
    "safety",
)
PLAN = (
    Line("Here is your draft plan. No clinician has checked it yet.", "plan"),
    Line("Stay active. Most backs settle better when people keep moving.", "plan"),
    Line("Heat. Some people find that a warm pack helps.", "plan"),
)
CARDS = (
    Line("Here is your draft plan. No clinician has checked it yet.", "plan"),
    Line("Heat\nSome people find that a warm pack helps.", "plan"),
    Line("Left out: Pills\nYou told us that you do not want any.", "plan"),
    Line("I keep this draft for your clinic.", "plan"),
)


def intake_script(heard: Heard | None) -> Sequence[Line]:
    """Where, what, how bad, then the plan; "numb" is danger at any time, other words are repeated."""
    if heard is None:
        return (GREETING, SITE)
    words = heard.words
    if "numb" in words:
        return (DANGER,)
    if words in SITE.labels:
        return (Line("Thank you."), WORSE)
    if words in WORST.labels:
        return PLAN
    if heard.labels and set(heard.labels) <= set(WORSE.labels):
        return (WORST,)
    if words == "where does it go":
        return (AREAS,)
    if words == "how long":
        return (LASTED,)
    return (Line(f"You said: {words}"),)
