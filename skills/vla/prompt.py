"""Prompt: the words of an instruction as numbers; unknown ones are one number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

PADDING: Final = 0
UNKNOWN: Final = 1
MOST_WORDS: Final = 16
"""Words of a prompt that are read."""
_FIRST: Final = 2
_WORD: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a policy was trained on.

    Attributes:
        words: In the order of their numbers, of which the first is 2.
    """

    words: tuple[str, ...]

    @classmethod
    def of(cls, prompts: Iterable[str]) -> Vocabulary:
        """Return the vocabulary of prompts, in alphabetical order."""
        return cls(tuple(sorted({word for one in prompts for word in split(one)})))

    @property
    def size(self) -> int:
        """Numbers that there are, padding and the unknown word included."""
        return len(self.words) + _FIRST

    def encode(self, prompt: str) -> npt.NDArray[np.int64]:
        """Return the numbers (16,) of a prompt's words, padded behind."""
        known = {word: number for number, word in enumerate(self.words, _FIRST)}
        numbers = [known.get(word, UNKNOWN) for word in split(prompt)[:MOST_WORDS]]
        numbers += [PADDING] * (MOST_WORDS - len(numbers))
        return np.array(numbers, np.int64)


def split(prompt: str) -> list[str]:
    """Return the words of a prompt in small letters, without punctuation."""
    return _WORD.findall(prompt.lower())
