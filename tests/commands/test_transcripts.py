"""The transcripts in the documentation are what the trained model says today."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.transcripts import FOLDER, SCRIPTS, pages, scripts
from bot.dialogue import training
from tests.chat_server import ROOT


@pytest.mark.filterwarnings("ignore::UserWarning:rasa")  # not ours
def test_every_transcript_is_current(models: Path) -> None:
    model = training.trained_model(models, ROOT)
    assert model is not None
    folder = ROOT / FOLDER
    written = dict(pages(model, scripts(folder / SCRIPTS)))
    assert len(written) == 5
    stale = [name for name, page in written.items() if (folder / f"{name}.md").read_text("utf-8") != page]
    assert not stale, f"run `backplan transcripts` and read what changed: {stale}"
