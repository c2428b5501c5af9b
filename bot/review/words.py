"""The published codes in words for clinicians: values, flags, classes, statuses, channels, consents."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.clinical.fields import FIELDS, UNSURE
from bot.clinical.urgency import Urgency
from bot.review.labels import LABELS

#: urgency -> (name, who acts by when, what the class does to the plan); clinical.md §0.3
TRIAGE: Mapping[str, tuple[str, str, str]] = {
    Urgency.EMERGENCY_NOW.value: (
        "Emergency now",
        "The patient was told to call or go now.",
        "No treatment plan. The questions stopped.",
    ),
    Urgency.SAME_DAY.value: (
        "Same day",
        "A clinician must speak with the patient today.",
        "No treatment plan until a clinician clears it; safety advice only.",
    ),
    Urgency.URGENT_DAYS.value: (
        "Urgent, within days",
        "A clinician within about three working days; for cancer signs within two weeks where the local "
        "pathway says so.",
        "Interim plan only: explanation, gentle activity, warmth if nothing forbids it. Nothing manual, no "
        "new medicine, no needles.",
    ),
    Urgency.ROUTINE_FLAG.value: (
        "Routine review",
        "A clinician must look at it in the normal queue.",
        "Full draft plan, waiting for review.",
    ),
    Urgency.SELF_MANAGE.value: (
        "Self-manage",
        "No flag was raised.",
        "Full draft plan, still a draft.",
    ),
}
NOT_TRIAGED = ("Not triaged yet", "The answers so far gave no triage.", "No plan.")

EPISODE_STATUS: Mapping[str, str] = {
    "consent": "Waiting for consent",
    "intake": "Intake under way",
    "emergency": "Ended by an emergency",
    "held": "Held for a clinician",
    "planned": "Draft plan, not reviewed",
    "reviewed": "Reviewed",
    "declined": "Consent declined",
    "withdrawn": "Consent withdrawn",
    "stopped": "Stopped by the patient",
    "closed": "Closed",
}
#: statuses in which questions may still be open
UNDER_WAY = frozenset({"consent", "intake"})
#: statuses in which the questions ended before their end
CUT_SHORT = frozenset({"emergency", "declined", "withdrawn", "stopped"})

OPTION_STATUS: Mapping[str, str] = {
    "recommend": "Recommended",
    "consider": "Consider",
    "clinician_only": "Clinician only",
    "withheld": "Withheld",
    "not_offered": "Not offered",
}

FAMILY: Mapping[str, str] = {
    "education": "Education",
    "physical": "Movement and exercise",
    "manual": "Manual therapy",
    "pain": "Pain relief and medicines",
    "alternative": "Complementary and psychological",
    "lifestyle": "Lifestyle",
    "not_offered_list": "Devices, imaging and rest",
}

#: status of a rule -> what it asks of the reader; clinical.md, "How to read the marks"
RULE_MARK: Mapping[str, str] = {
    "cited": "",
    "design": "our design, awaits sign-off",
    "to_verify": "to be verified",
}
#: keys that stand in a list of sources and are no source
SOURCE_MARK: Mapping[str, str] = {"DESIGN": "design", "GK": "general knowledge, to be verified"}

CHANNEL: Mapping[str, str] = {"web": "Web chat", "telegram": "Telegram", "terminal": "Terminal"}

SHARE_WITH_CLINICIAN = "share_with_clinician"
CONSENT: Mapping[str, str] = {
    "keep_answers": "Keep the answers",
    SHARE_WITH_CLINICIAN: "Show them to a clinician",
    "check_ins": "Send check-in messages",
    "email_reminders": "Send reminders by e-mail",
    "research": "Use them for research",
}

CHECK_IN_STATUS: Mapping[str, str] = {
    "planned": "planned",
    "claimed": "being sent",
    "asked": "asked, no answer yet",
    "answered": "answered",
    "missed": "missed",
    "cancelled": "cancelled",
}

DECISION: Mapping[str, str] = {
    "accept": "accepted",
    "amend": "to be changed",
    "reject": "rejected",
    "call_in": "called in",
}

FLAG: Mapping[str, str] = {
    "FL_RED_CES": "Suspected cauda equina",
    "FL_CES_UNCERTAIN": "Cauda equina not ruled out",
    "FL_CES_LONGSTANDING": "Long-standing cauda equina symptom",
    "FL_RED_FRACTURE": "Fracture signs",
    "FL_RED_CANCER": "Cancer signs",
    "FL_RED_INFECTION": "Infection signs",
    "FL_RED_AXSPA": "Axial spondyloarthritis signs",
    "FL_RED_VASCULAR": "Vascular signs",
    "FL_RED_VISCERAL": "Visceral signs",
    "FL_RED_NEURO": "Neurological deficit",
    "FL_PREGNANCY": "Pregnancy",
    "FL_AGE_UNDER_18": "Under 18",
    "FL_AGE_70_PLUS": "Aged 70 or over",
    "FL_MH_SUICIDE": "Suicidal thoughts",
    "FL_MH_LOW_MOOD": "Low mood or anxiety screen positive",
    "FL_OVERDOSE": "Overdose",
    "FL_SAFEGUARDING": "Safeguarding",
    "FL_MED_INTERACTION": "Medicine conflict",
    "FL_OPIOID_USE": "Takes an opioid",
    "FL_RADICULAR": "Radicular leg symptoms",
    "FL_STENOSIS_POSSIBLE": "Possible stenosis",
    "FL_HIGH_RISK_CHRONICITY": "High risk of lasting pain (not a validated score)",
    "FL_WORK_ABSENCE": "Off work",
    "FL_WORSENING": "Getting worse",
    "FL_PLATEAU": "No progress",
    "FL_ADVERSE": "Bad effect of treatment",
    "FL_NONADHERENCE": "Plan hardly done",
    "FL_NO_REPLY": "No reply to check-ins",
    "FL_GOAL_REACHED": "Goal reached",
    "FL_INCOMPLETE": "Danger questions incomplete",
    # No clinical flags: what the patient asked for, and what became of messages.
    "REQ_PERSON": "Asks to talk to a person",
    "REQ_DELETE": "Asks to have the data deleted",
    "REQ_COPY": "Asks for a copy of the data",
    "REQ_LANGUAGE": "Asks for another language",
    "FL_PROXY": "Somebody else answers for the patient",
    "FL_REFUSED": "Does not follow the advice to get help",
    "UNREACHABLE": "Messages do not arrive",
}

_VALUES: Mapping[str, str] = {
    "worsening": "getting worse",
    "longstanding_stable": "long-standing, unchanged",
    "above_knee": "above the knee",
    "below_knee": "below the knee",
    "mild_one": "mild, one leg",
    "severe_one": "severe, one leg",
    "undisclosed": "prefers not to say",
    "passive": "passive thoughts",
    "active": "active thoughts",
    "plan_or_intent": "plan or intent",
    "moderate_severe": "moderate or severe",
    "tolerates_nsaid": "yes, tolerates NSAIDs",
    "unknown_nsaid": "yes, NSAID tolerance not known",
    "nsaid_sensitive": "yes, made worse by NSAIDs",
    "coughing_sneezing": "coughing or sneezing",
    "none_known": "no known cause",
    "flare_over_48h": "flare of more than 48 h",
    "gi_upset": "stomach upset",
    "black_stool_or_blood": "black stool or blood",
    "free": "free things only",
    "any": "no limit",
}
_VALUES_OF: Mapping[tuple[str, str], str] = {
    ("leg_numbness", "one"): "one leg",
    ("leg_numbness", "both"): "both legs",
    ("leg_weakness", "both"): "both legs",
    ("leg_side", "both"): "both legs",
    ("pain_side", "both"): "both sides",
    ("pain_side", "middle"): "in the middle",
    ("peptic_ulcer", "active"): "active",
    ("pregnant", "possible"): "possibly",
}

#: values that say "no"
_NO = frozenset({"no", "none"})


def value_words(field: str, value: object, option_names: Mapping[str, str] | None = None) -> str:
    """A stored value in words. Words of open lists and activities come out as the patient gave them."""
    form = LABELS[field].form if field in LABELS else "{}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return number_words(form, value)
    if isinstance(value, (list, tuple)):
        names = option_names or {}
        return "; ".join(_item_words(field, item, names) for item in value) or "none"
    return _word(field, str(value))


def number_words(form: str, value: int | float) -> str:
    """A number in the form of its field, such as "{} weeks"; 1 takes the singular."""
    words = form.format(value if "{:" in form else f"{value:g}")
    return re.sub(r"^1 ([a-z]+)s\b", r"1 \1", words)


def is_no(value: object) -> bool:
    """Whether the value says that the thing asked about is not there."""
    return value is False or (isinstance(value, str) and value in _NO)


def _item_words(field: str, item: object, option_names: Mapping[str, str]) -> str:
    if isinstance(item, Mapping):
        score = item.get("score")
        return f"{item.get('activity')} ({'not scored' if score is None else f'{score}/10'})"
    return option_names.get(str(item), _word(field, str(item)))


def _word(field: str, value: str) -> str:
    if value != UNSURE and (field not in FIELDS or value not in FIELDS[field].values):
        return value
    return _VALUES_OF.get((field, value)) or _VALUES.get(value) or value.replace("_", " ")


def plain_code(code: str, words: Mapping[str, str]) -> str:
    """The words for a code, or the code itself when it is newer than this table."""
    return words.get(code, code.replace("_", " "))
