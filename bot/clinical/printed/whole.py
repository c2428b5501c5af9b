"""The whole document: every file of the rulebook, one table a group."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from bot.clinical.printed import options, rules, words
from bot.clinical.rulebook.loader import load_rulebook, read_documents

COMMAND = "backplan rulebook document -o docs/rulebook.md"

_HEAD = """# The rulebook

<!-- Made from bot/clinical/rulebook/*.yaml by `{command}`; edit those, not this. -->

Version {version}. These are all the rules by which Backplan classes danger, drafts a plan and follows it up. Every
plan is a draft until a clinician has signed it. Each rule says since when it holds and where it was read. Status:
“cited” has a source that was read, at least in part; “our proposal” is ours and awaits a clinician's sign-off;
“**to be verified**” is general knowledge for which no source has been found yet.
"""
_SECTIONS = (
    *(rules.red_flags, options.options, rules.contraindications, rules.personalisation, words.goals),
    *(
        words.questions,
        words.wording,
        words.check_ins,
        words.check_in_questions,
        rules.progress,
        words.measures,
    ),
    *(rules.definitions, words.phone_numbers, words.option_names, words.sources),
)


def rulebook_document(directory: Path | None = None) -> str:
    """The rulebook of `directory` (default: the one that ships) in Markdown. Raises RulebookError at a fault."""
    version = load_rulebook(directory).version
    documents = read_documents(directory)
    parts = chain.from_iterable(section(documents) for section in _SECTIONS)
    return "\n".join((_HEAD.format(command=COMMAND, version=version), *parts))
