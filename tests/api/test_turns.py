"""One thing at a time, in order, and something slow holds up none of the others."""

from collections.abc import Iterator
from concurrent.futures import CancelledError
from threading import Event, current_thread

import pytest

from api.turns import Turns

MOST = 3


@pytest.fixture
def turns() -> Iterator[Turns]:
    turns = Turns(MOST)
    yield turns
    turns.close()


def test_what_is_given_or_raised_is_told(turns: Turns) -> None:
    assert turns.submit(lambda: 5).result() == 5
    with pytest.raises(ZeroDivisionError):
        turns.submit(lambda: 1 // 0).result()
    assert turns.submit(lambda: 6).result() == 6


def test_all_begin_in_the_order_in_which_they_came(turns: Turns) -> None:
    begun: list[int] = []
    for future in [turns.submit(lambda n=n: begun.append(n)) for n in range(200)]:
        future.result()
    assert begun == list(range(200))


@pytest.mark.parametrize("slow", range(1, MOST))
def test_the_slow_hold_up_no_other(turns: Turns, slow: int) -> None:
    release = Event()
    stuck = [turns.submit(release.wait) for _ in range(slow)]
    assert [turns.submit(lambda n=n: n).result() for n in range(20)] == list(range(20))
    waiting = [turns.submit(lambda n=n: n) for n in range(20)]
    assert [future.result() for future in waiting] == list(range(20))
    assert not any(future.done() for future in stuck)
    release.set()
    assert all(future.result() for future in stuck)


def test_no_more_than_so_many_are_worked_on(turns: Turns) -> None:
    release, threads = Event(), set[str]()

    def work() -> None:
        threads.add(current_thread().name)
        release.wait()

    held = [turns.submit(work) for _ in range(MOST + 1)]
    while len(threads) < MOST:
        pass
    assert sum(future.running() for future in held) == MOST
    release.set()
    for future in held:
        future.result()
    assert len(threads) == MOST


def test_what_was_cancelled_or_had_not_begun_at_the_end_never_begins() -> None:
    turns, release, begun = Turns(1), Event(), Event()
    held = turns.submit(release.wait)
    while not held.running():
        pass
    cancelled, last = turns.submit(begun.set), turns.submit(begun.set)
    assert cancelled.cancel()
    turns.close()
    release.set()
    assert held.result()
    with pytest.raises(CancelledError):
        last.result()
    assert not begun.is_set()
