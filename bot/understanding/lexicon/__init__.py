"""The words patients use for clinical facts: YAML patterns, compiled once, with a cheap first look.

Every pattern reads *plain text* (see `plain_text`): lower case, no apostrophes ("cant", "im"), digits for
number words. `<name>` stands for a macro of macros.yaml.
"""

from __future__ import annotations

from bot.understanding.lexicon.answer_words import AnswerWords
from bot.understanding.lexicon.loading import Lexicon, LexiconError, load_lexicon
from bot.understanding.lexicon.phrase import Phrase

__all__ = ["AnswerWords", "Lexicon", "LexiconError", "Phrase", "load_lexicon"]
