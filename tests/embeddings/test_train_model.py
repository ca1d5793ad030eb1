"""Tokenizer, batches, network, loop, export and report, on tiny made data."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from embeddings.static import StaticEncoder, load_static
from embeddings.train.batches import Pool, Texts, draw, shares, to_pool, to_texts
from embeddings.train.data import Pair, Source
from embeddings.train.export import to_int8, write_model
from embeddings.train.fit import Plan, count_pieces, fit, restore, save, start_norms
from embeddings.train.measures import ndcg_at_10, nearest, retrieval, summary
from embeddings.train.network import (
    Grams,
    Network,
    Table,
    character_grams,
    contrast,
    shared_grams,
)
from embeddings.train.prepare import Count
from embeddings.train.recipe import Settings, WorkFolderDiffers, claim, weights_of
from embeddings.train.report import card, measure_table
from embeddings.train.store import load_pools, save_pools
from embeddings.train.tokenizer import folded, train_tokenizer, untrained_tokenizer, words_of

FOLDING = untrained_tokenizer().normalizer
ENGLISH = ["peace in the city", "war in the city", "the river runs", "the city sleeps"]
ARABIC = ["السلام في المدينة", "الحرب في المدينة", "النهر يجري", "المدينة تنام"]


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return train_tokenizer({"en": ENGLISH * 3, "ar": ARABIC * 3}, pieces=90, subwords=70)


@pytest.fixture(scope="module")
def pool(tokenizer: Any) -> Pool:
    pairs = tuple(Pair(a, b, "en", "ar") for a, b in zip(ENGLISH, ARABIC, strict=True))
    return to_pool(tokenizer, Source("own.sentences", "CC0", pairs))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("والتاريخية للتاريخ", ["▁وال", "▁تاريخيه", "▁لل", "▁تاريخ"]),
        ("ٱلْعَرَبِيَّة", ["▁ال", "▁عربيه"]),
        ("الله ال", ["▁الله", "▁ال"]),
        ("الالباني", ["▁ال", "▁الباني"]),
        ("Œuvre Straße İzmir", ["▁oeuvre", "▁strasse", "▁izmir"]),
        ("کتاب یک", ["▁كتاب", "▁يك"]),
        ("١٩٥٧ ۱۹ १९ ５", ["▁1957", "▁19", "▁19", "▁5"]),
        ("عـبـد", ["▁عبد"]),
        ("a\u200eb c\u00add", ["▁ab", "▁cd"]),
        ("…!?", []),
    ],
)
def test_folding_lives_in_the_tokenizer(text: str, words: list[str]) -> None:
    assert words_of(untrained_tokenizer(), text) == words


@pytest.mark.parametrize(
    ("character", "read"),
    [("٣", "3"), ("۳", "3"), ("३", "3"), ("³", "3"), ("É", "e"), ("ﻻ", "لا"), ("ي", "ي"), ("َ", "")],
)
def test_folding_of_one_character(character: str, read: str) -> None:
    assert folded(character) == read


# Not with a sign that takes up the room beside a letter: the map reads both as one, and knows of such
# a pair only the first, which nobody writes: «¸» before a Thai vowel.
@given(
    st.text(
        st.characters(
            max_codepoint=0x33FF,
            exclude_categories=["Cs", "Cn", "Co", "Cf", "Mc"],
            exclude_characters="\u0e33\u0eb3",
        )
    )
)
def test_the_map_folds_every_character_alone(text: str) -> None:
    assert FOLDING.normalize_str(text) == "".join(map(folded, text))


def test_frequent_words_are_whole_pieces(tokenizer: Any) -> None:
    assert tokenizer.encode("the city").tokens == ["▁the", "▁city"]
    assert tokenizer.token_to_id("[UNK]") == 0


def test_tokenizer_is_deterministic(tokenizer: Any) -> None:
    again = train_tokenizer({"en": ENGLISH * 3, "ar": ARABIC * 3}, pieces=90, subwords=70)
    assert again.to_str() == tokenizer.to_str()


def test_texts_are_taken_in_the_asked_order() -> None:
    texts = Texts(np.array([5, 6, 7, 8, 9], np.int32), np.array([0, 2, 2, 5]))
    ids, begins = texts.take(np.array([2, 0, 1]))
    assert ids.tolist() == [7, 8, 9, 5, 6]
    assert begins.tolist() == [0, 3, 5]


def test_unknown_pieces_are_left_out(tokenizer: Any) -> None:
    texts = to_texts(tokenizer, ["漢字 the", "漢"])
    assert texts.starts.tolist() == [0, 1, 1]


def test_pairs_without_known_pieces_are_left_out(tokenizer: Any) -> None:
    pairs = (Pair("the", "漢", "en", "ar"), Pair("the", "النهر", "en", "ar"))
    assert len(to_pool(tokenizer, Source("x", "CC0", pairs))) == 1


def test_shares_follow_size_and_weight(pool: Pool) -> None:
    """Equal sizes, weights 3 and 1: three quarters and one quarter."""
    other = Pool("other", pool.a, pool.b, pool.twins_a, pool.twins_b, pool.tongues)
    drawn = shares([pool, other], weights={"own.sentences": 3.0})
    assert drawn == pytest.approx([0.75, 0.25])


def test_draw_knows_equal_texts(pool: Pool) -> None:
    same = Pool("x", pool.a, pool.b, np.array([0, 0, 1, 2]), pool.twins_b, pool.tongues)
    batch = draw(same, size=10, dice=np.random.default_rng(0), one_tongue=False)
    assert np.argwhere(batch.same & ~np.eye(4, dtype=bool)).tolist() == [[0, 1], [1, 0]]


def test_draw_of_one_tongue(pool: Pool) -> None:
    mixed = Pool("x", pool.a, pool.b, pool.twins_a, pool.twins_b, np.array([0, 1, 0, 1]))
    batch = draw(mixed, size=10, dice=np.random.default_rng(0), one_tongue=True)
    assert len(batch.same) == 2


def test_pools_survive_the_disk(pool: Pool, tmp_path: Path) -> None:
    save_pools(tmp_path, [pool, pool])
    first, second = load_pools(tmp_path)
    assert first.name == second.name == "own.sentences"
    np.testing.assert_array_equal(first.a.ids, pool.a.ids)
    np.testing.assert_array_equal(second.tongues, pool.tongues)


def test_character_grams() -> None:
    assert list(character_grams("▁نهر", sizes=(3,))) == ["▁نه", "نهر", "هر<"]
    assert list(character_grams("▁1957")) == []
    assert list(character_grams("▁a")) == []


def test_only_shared_grams_have_rows() -> None:
    grams = shared_grams(["▁abcd", "▁abce", "▁x"])
    ids, begins = grams.of(torch.tensor([1, 2, 0]))
    assert grams.count == 1
    assert ids.tolist() == [0, 0]
    assert begins.tolist() == [0, 1, 1]


def test_adagrad_by_hand() -> None:
    """Gradient (3, 4): mean square 12.5, a first step of 0.1 / sqrt(12.5); then 0.1 / sqrt(25)."""
    table = Table(torch.zeros(2, 2))
    gradient = torch.tensor([[3.0, 4.0]])
    table.update(torch.tensor([1]), gradient, rate=0.1)
    first = -0.1 / 12.5**0.5
    torch.testing.assert_close(table.rows, torch.tensor([[0, 0], [3 * first, 4 * first]]))
    table.update(torch.tensor([1]), gradient, rate=0.1)
    both = first - 0.1 / 25**0.5
    torch.testing.assert_close(table.rows, torch.tensor([[0, 0], [3 * both, 4 * both]]))


def test_contrast_by_hand() -> None:
    """Scores scale x identity: loss = -log(e / (e + 1)) for scale 1."""
    rows = torch.eye(2)
    loss = contrast(rows, rows, same=torch.eye(2, dtype=torch.bool), scale=1.0)
    assert float(loss) == pytest.approx(-np.log(np.e / (np.e + 1)), abs=1e-6)
    twins = torch.ones(2, 2, dtype=torch.bool)
    assert float(contrast(rows, rows, same=twins, scale=1.0)) == pytest.approx(0, abs=1e-6)


def test_start_norms_by_hand() -> None:
    """smooth / (smooth + share): shares 0.999 and 0.001 give nearly 0 (so 0.1) and 1/2."""
    norms = start_norms(np.array([999, 1]), smooth=1e-3)
    assert norms.tolist() == pytest.approx([0.1, 0.5])


def new_network(tokenizer: Any, pool: Pool) -> tuple[Network, np.ndarray]:
    pieces = [p for p, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]
    drawn = shares([pool], weights={})
    counts = count_pieces([pool], drawn, pieces=len(pieces))
    return Network(start_norms(counts), shared_grams(pieces), dimension=16, seed=0), drawn


def encoder_of(network: Network, tokenizer: Any) -> StaticEncoder:
    return StaticEncoder(tokenizer, *to_int8(network.table()), name="tiny")


def test_training_brings_translations_together(tokenizer: Any, pool: Pool) -> None:
    network, drawn = new_network(tokenizer, pool)
    heard: list[str] = []
    fit(network, [pool], drawn, Plan(200, batch=4, dimension=16), hear=heard.append)
    encoder = encoder_of(network, tokenizer)
    assert nearest(encoder, ENGLISH, ARABIC) == nearest(encoder, ARABIC, ENGLISH) == 1
    assert retrieval(encoder, ENGLISH, ARABIC) == 1
    assert heard[-1].startswith("step 200/200")
    assert not network.table()[0].any()


def test_resumed_training_ends_where_unbroken_training_does(
    tokenizer: Any, pool: Pool, tmp_path: Path
) -> None:
    plan = Plan(20, batch=3, dimension=16)
    whole, drawn = new_network(tokenizer, pool)
    fit(whole, [pool], drawn, plan)
    kept = tmp_path / "checkpoint.pt"
    broken, _ = new_network(tokenizer, pool)
    halves = Halted(after=10)
    with pytest.raises(KeyboardInterrupt):
        fit_until(broken, pool, drawn, plan, kept, halves)
    resumed, _ = new_network(tokenizer, pool)
    fit(resumed, [pool], drawn, plan, checkpoint=kept)
    np.testing.assert_allclose(resumed.table(), whole.table(), atol=1e-6)


class Halted:
    """Counts steps and interrupts like a person at the keyboard."""

    def __init__(self, *, after: int) -> None:
        self.left = after

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt


def fit_until(
    network: Network,
    pool: Pool,
    drawn: np.ndarray,
    plan: Plan,
    kept: Path,
    halt: Callable[[], None],
) -> None:
    """`fit`, saving after every step, until `halt` interrupts it."""
    step, steps = network.step, itertools.count(1)

    def watched(*args: Any, **kwargs: Any) -> float:
        halt()
        loss = step(*args, **kwargs)
        save(network, kept, next(steps))
        return loss

    network.step = watched  # type: ignore[method-assign]
    fit(network, [pool], drawn, plan)


def test_nothing_to_restore(tokenizer: Any, pool: Pool, tmp_path: Path) -> None:
    network, _ = new_network(tokenizer, pool)
    assert restore(network, tmp_path / "none.pt") == 0


def test_int8_rows_are_near() -> None:
    table = np.array([[0, 0], [1, -2], [0.001, 0.0005]], dtype=np.float32)
    rows, scales = to_int8(table)
    assert rows.dtype == np.int8
    np.testing.assert_allclose(rows * scales[:, None], table, atol=2 / 127 / 2)
    assert rows[0].tolist() == [0, 0]
    assert np.abs(rows[1:]).max(axis=1).tolist() == [127, 127]


def test_written_model_is_read_back(tokenizer: Any, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    table = np.random.default_rng(0).normal(size=(tokenizer.get_vocab_size(), 8))
    table[0] = 0
    write_model(tmp_path / "m", tokenizer, table.astype(np.float32))
    ours = load_static(tmp_path / "m", name="m").encode_passages(ENGLISH)
    theirs = SentenceTransformer(str(tmp_path / "m"), device="cpu").encode(ENGLISH)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_ndcg_by_hand() -> None:
    """Right passages at ranks 1, 2 and 11: (1 + 1/log2(3) + 0) / 3."""
    scores = np.zeros((3, 12))
    scores[0, 4] = 1
    scores[1, [0, 7]] = [0.5, 1]
    scores[2, :10] = 1
    scores[2, 11] = 0.5
    expected = (1 + 1 / np.log2(3) + 0) / 3
    assert ndcg_at_10(scores, np.array([4, 0, 11])) == pytest.approx(expected)


def test_summary_weighs_kinds_alike() -> None:
    assert summary({"a x": 1.0, "a y": 0.0, "b z": 1.0}) == pytest.approx(0.75)


def test_weights_by_the_start_of_the_name(pool: Pool) -> None:
    names = ["own.words", "made.gloss.ar_en", "bible.bible"]
    pools = [Pool(n, pool.a, pool.b, pool.twins_a, pool.twins_b, pool.tongues) for n in names]
    assert list(weights_of(pools)) == names
    assert weights_of(pools)["bible.bible"] == 1.0
    assert weights_of(pools)["own.words"] > weights_of(pools)["made.gloss.ar_en"]


def test_a_work_folder_of_other_settings_is_refused(tmp_path: Path) -> None:
    claim(tmp_path, Settings(Plan(10)))
    claim(tmp_path, Settings(Plan(10)))
    with pytest.raises(WorkFolderDiffers, match="--work"):
        claim(tmp_path, Settings(Plan(20)))


def test_card_names_sources_licences_and_measures() -> None:
    counts = [Count("own.words", "CC0", 5, 4, 1, 0), Count("closed", "NC", licence_refused=True)]
    text = card({"tatoeba ar->en": 0.8}, counts, settings={"seed": 0})
    assert "| own.words | CC0 | 4 | 1 | 0 |" in text
    assert "| closed | NC | refused for its licence |" in text
    assert measure_table({"tatoeba ar->en": 0.8})[2].startswith(
        "| tatoeba ar->en | 0.800 | 0.826 |"
    )


def test_empty_grams() -> None:
    grams = Grams(torch.zeros(0, dtype=torch.long), torch.zeros(3, dtype=torch.long), 0)
    network = Network(torch.ones(2), grams, dimension=4, seed=0)
    assert network.table().shape == (2, 4)
