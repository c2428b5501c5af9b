"""Training: the Rasa model is trained again only when something it is made of has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from bot.dialogue.agent import check_model, digest_file, model_digest

#: What a model is made of, relative to the project's root.
INGREDIENTS = ("config.yml", "domain.yml", "data", "bot/understanding")
KEPT_MODELS = 3


class TrainingFailed(RuntimeError):
    """`rasa train` ended with an error; the message holds the end of what it printed."""


def project_root() -> Path:
    """The folder that holds `config.yml` and `domain.yml`.

    Raises `TrainingFailed` when the package does not stand in its project.
    """
    root = Path(__file__).resolve().parents[2]
    if not (root / "config.yml").is_file():
        raise TrainingFailed("config.yml was not found; run backplan from its project folder (make setup).")
    return root


def fingerprint(root: Path) -> str:
    """A digest of everything that the trained model depends on."""
    digest = hashlib.sha256(f"rasa {version('rasa')}".encode())
    for path in _ingredients(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _ingredients(root: Path) -> Iterator[Path]:
    for name in INGREDIENTS:
        path = root / name
        if path.is_file():
            yield path
            continue
        for inner in sorted(path.rglob("*")):
            if inner.is_file() and inner.suffix in {".py", ".yml", ".yaml", ".json"}:
                yield inner


def trained_model(models: Path, root: Path) -> Path | None:
    """The model for the project as it stands, or None when it has to be trained."""
    model = models / f"backplan-{fingerprint(root)}.tar.gz"
    return model if model.is_file() and digest_file(model).is_file() else None


def train(models: Path, root: Path, *, force: bool = False, progress: Callable[[str], None]) -> Path:
    """Train if needed and return the model's path; `progress` is told each of Rasa's own steps."""
    model = trained_model(models, root)
    if model is not None and not force:
        check_model(model)
        return model
    models.mkdir(parents=True, exist_ok=True)
    name = f"backplan-{fingerprint(root)}"
    with tempfile.TemporaryDirectory(dir=models) as scratch:
        _rasa_train(root, Path(scratch), name, progress)
        built = Path(scratch) / f"{name}.tar.gz"
        model = models / built.name
        digest_file(model).write_text(model_digest(built) + "\n", encoding="ascii")
        built.replace(model)
    _drop_old(models, keep=model)
    return model


def _rasa_train(root: Path, out: Path, name: str, progress: Callable[[str], None]) -> None:
    command = [
        sys.executable, "-m", "rasa", "train", "--out", str(out), "--fixed-model-name", name,
        "--config", "config.yml", "--domain", "domain.yml", "--data", "data",
    ]  # fmt: skip
    environ = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONUNBUFFERED": "1"}
    environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(root), environ.get("PYTHONPATH", "")]))
    # Rasa writes its caches below the current folder; they belong beside the models.
    environ.setdefault("RASA_CACHE_DIRECTORY", str(out.parent / "cache"))
    tail: list[str] = []
    with subprocess.Popen(  # noqa: S603 - our own interpreter, fixed arguments
        command, cwd=root, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            tail = [*tail[-30:], line.rstrip()]
            progress(line.rstrip())
    if process.returncode != 0 or not (out / f"{name}.tar.gz").is_file():
        raise TrainingFailed("rasa train failed:\n" + "\n".join(tail))


def _drop_old(models: Path, keep: Path) -> None:
    others = sorted(
        (path for path in models.glob("backplan-*.tar.gz") if path != keep),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in others[KEPT_MODELS - 1 :]:
        path.unlink(missing_ok=True)
        digest_file(path).unlink(missing_ok=True)
