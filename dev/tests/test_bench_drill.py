"""What the failure drill of the bench accepts, and what it does not."""

from collections import Counter

from bench_drill import Outcome

ANN, BEN, EVE = "ann@example.com", "ben@example.com", "eve@example.com"


def outcome(states, *received, broken=()):
    return Outcome(
        due=frozenset((ANN, BEN)),
        states=tuple(states.items()),
        received=Counter(received),
        broken=frozenset(broken),
    )


def test_one_mail_each():
    assert not list(outcome({ANN: "sent", BEN: "sent"}, ANN, BEN).problems())


def test_a_failure_that_is_shown_is_no_loss():
    told = outcome({ANN: "sent", BEN: "failed"}, ANN, broken=[BEN])
    assert not list(told.problems())


def test_unknown_may_have_left_or_not():
    for received in ([ANN], [ANN, BEN]):
        states = {ANN: "sent", BEN: "unknown"}
        assert not list(outcome(states, *received).problems())


def test_more_than_one_process_leaves_behind():
    (problem,) = outcome({ANN: "unknown", BEN: "unknown"}).problems()
    assert "at most one" in problem


def test_twice():
    (problem,) = outcome({ANN: "sent", BEN: "sent"}, ANN, BEN, BEN).problems()
    assert problem == f"1 customers got two mails: {BEN}"


def test_lost():
    for states in ({ANN: "sent"}, {ANN: "sent", BEN: "cancelled"}):
        (problem,) = outcome(states, ANN).problems()
        assert problem == f"1 customers got none, and nobody is told: {BEN}"


def test_sent_that_never_came():
    problems = list(outcome({ANN: "sent", BEN: "sent"}, ANN).problems())
    assert any("something else than the addon says" in text for text in problems)


def test_arrived_though_it_failed():
    problems = list(outcome({ANN: "sent", BEN: "failed"}, ANN, BEN).problems())
    assert any("something else than the addon says" in text for text in problems)


def test_a_mail_to_a_broken_customer():
    states = {ANN: "sent", BEN: "sent", EVE: "sent"}
    (problem,) = outcome(states, ANN, BEN, EVE, broken=[EVE]).problems()
    assert "could not be written or delivered" in problem


def test_a_drill_that_shows_nothing():
    nobody = Outcome(frozenset(), (), Counter(), frozenset())
    assert list(nobody.problems())
