"""Words as numbers."""

from jouleplan.skills.vla.prompt import MOST_WORDS, PADDING, UNKNOWN, Vocabulary

WORDS = Vocabulary.of(["Pick the red block.", "Place it on the red block!"])


def test_case_and_punctuation_do_not_count() -> None:
    assert (
        WORDS.encode("pick THE red, block") == WORDS.encode("Pick the red block.")
    ).all()


def test_unknown_words_share_a_number_and_the_rest_is_padding() -> None:
    numbers = WORDS.encode("Pick the mauve block.").tolist()
    assert len(numbers) == MOST_WORDS
    assert numbers[2] == UNKNOWN
    assert UNKNOWN not in (numbers[0], numbers[1], numbers[3])
    assert set(numbers[4:]) == {PADDING}


def test_the_order_of_words_is_kept() -> None:
    assert (WORDS.encode("red the") != WORDS.encode("the red")).any()
    assert max(WORDS.encode("Place it on the red block!")) < WORDS.size
