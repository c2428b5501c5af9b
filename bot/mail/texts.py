"""The words of the e-mails and of the page that stops them, from `texts.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import yaml


@lru_cache(maxsize=1)
def mail_texts() -> Mapping[str, str]:
    """key -> text, some with places to fill in"""
    file = resources.files("bot.mail") / "texts.yaml"
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {str(key): str(text) for key, text in document.items()}
