"""Known kernelspecs, by what people's servers list, and by how starts went."""

import json

from jigsaw_service.jupyter.servers import Owner
from jigsaw_service.jupyter.specs import Failure, KnownSpecs, record_start

ANN, BOB = Owner("ann", ""), Owner("bob", "")
SESSION = json.dumps({"path": "p", "kernel": {"name": "scheme"}}).encode()
GONE = json.dumps({"message": "No such file: '/gone/python'", "reason": None}).encode()


def test_nobody_is_alone_with_a_kernel_while_no_other_person_is_known() -> None:
    known = KnownSpecs()
    known.listed(ANN, frozenset({"python3", "own"}))

    assert not known.only_of(ANN, "own")
    assert not list(known.of_one_person())


def test_a_kernel_that_no_other_person_lists_is_of_one() -> None:
    known = KnownSpecs()
    known.listed(ANN, frozenset({"python3", "own"}))
    known.listed(BOB, frozenset({"python3"}))

    assert known.only_of(ANN, "own")
    assert not known.only_of(ANN, "python3")
    assert list(known.of_one_person()) == [("own", "ann", 2)]


def test_two_servers_of_one_person_are_one_person() -> None:
    known = KnownSpecs()
    known.listed(ANN, frozenset({"python3", "own"}))
    known.listed(Owner("ann", "", "second"), frozenset({"python3"}))

    assert not known.only_of(ANN, "own")
    assert not list(known.of_one_person())


def test_a_start_that_failed_is_known_with_its_reason_until_the_kernel_speaks() -> None:
    known = KnownSpecs()

    record_start(known, ANN, SESSION, 500, GONE)
    refused = Failure("refused", "No such file: '/gone/python'")
    assert known.failure(ANN, "scheme") == refused
    assert known.failure(BOB, "scheme") is None
    assert list(known.failures()) == [("scheme", "ann", "No such file: '/gone/python'")]
    assert known.has_failures(ANN) and not known.has_failures(BOB)

    # Its program runs, which isn't to say that it is a kernel.
    record_start(known, ANN, SESSION, 201, b"{}")
    assert known.failure(ANN, "scheme") == refused

    known.started(ANN, "scheme")
    assert known.failure(ANN, "scheme") is None
    assert not known.has_failures(ANN)


def test_a_failure_is_forgotten_with_the_kernel() -> None:
    known = KnownSpecs()
    record_start(known, ANN, SESSION, 500, GONE)

    known.listed(ANN, frozenset({"python3"}))

    assert known.failure(ANN, "scheme") is None


def test_what_was_heard_is_kept_for_its_time() -> None:
    known = KnownSpecs(kept_seconds=-1)
    record_start(known, ANN, SESSION, 500, GONE)
    known.listed(BOB, frozenset({"own"}))

    assert known.failure(ANN, "scheme") is None
    assert not known.only_of(ANN, "scheme")


def test_a_refusal_that_is_not_the_kernels_fault_is_not_held_against_it() -> None:
    known = KnownSpecs()

    for status in 400, 403, 501, 503:
        record_start(known, ANN, SESSION, status, GONE)
    record_start(known, ANN, b"not json", 500, b"neither")

    assert known.failure(ANN, "scheme") is None


def test_what_is_kept_of_a_server_is_bounded() -> None:
    known = KnownSpecs()
    names = {f"kernel{number}" for number in range(1000)} | {"x" * 1000, "a b"}

    known.listed(ANN, frozenset(names))
    for name in names:
        known.failed(ANN, name, "x" * 10_000)
    known.listed(BOB, frozenset({"python3"}))

    assert len(list(known.of_one_person())) <= 101
    failures = list(known.failures())
    assert len(failures) <= 100
    assert max(len(name) + len(why) for name, _, why in failures) < 500
