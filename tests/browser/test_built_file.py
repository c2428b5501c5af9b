"""The widget's built file is what its source gives, and small."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "bot" / "widget"
BUILT = WIDGET / "dist" / "backplan-chat.js"


def checked(widget: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["node", "build.mjs", "--check"], cwd=widget, capture_output=True, text=True)


def test_the_committed_file_is_what_the_source_gives() -> None:
    ran = checked(WIDGET)
    assert ran.returncode == 0, ran.stderr


def test_a_source_that_was_changed_without_building_is_noticed(tmp_path: Path) -> None:
    copy = tmp_path / "widget"
    shutil.copytree(WIDGET, copy, ignore=shutil.ignore_patterns("node_modules"))
    (copy / "node_modules").symlink_to(WIDGET / "node_modules")
    strings = copy / "src" / "strings.js"
    strings.write_text(strings.read_text(encoding="utf-8").replace("Front", "Fore"), encoding="utf-8")
    ran = checked(copy)
    assert ran.returncode == 1
    assert "npm run build" in ran.stderr


def test_the_widget_weighs_at_most_15_kilobytes_packed() -> None:
    assert len(gzip.compress(BUILT.read_bytes(), 9, mtime=0)) <= 15 * 1024


def test_the_lock_of_the_npm_packages_names_no_registry() -> None:
    assert '"resolved"' not in (WIDGET / "package-lock.json").read_text(encoding="utf-8")
