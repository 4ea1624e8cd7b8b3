"""Pairs among many: whoever shares a key is compared once, a filler does not make the work square."""

from portal.bench.duplicating import population, rightness, told_as_one
from portal.bench.labelled_pairs import labelled_pairs
from portal.domain.fields import Person
from portal.domain.pairs import PairKind, traits_of
from portal.matching import pairs
from portal.matching.pairs import find_pairs


def test_labelled_pairs_are_told_apart_with_precision_098_and_recall_095() -> None:
    figures = {each.name: each.value for each in rightness()}
    assert figures["duplicates.precision"] >= 0.98
    assert figures["duplicates.recall"] >= 0.95


def test_the_labelled_set_tries_every_kind_of_slip_and_lookalike_with_a_fixed_seed() -> None:
    first, again = list(labelled_pairs()), list(labelled_pairs())
    assert first == again
    assert sum(each.is_one for each in first) == 1_000
    assert len({each.tries for each in first if not each.is_one}) == 6
    assert len({each.tries.split("+")[0] for each in first if each.is_one}) == 12


def test_a_pair_is_told_once_and_among_limits_it_to_the_asked() -> None:
    one = traits_of(Person("015079991001", "Lò Văn Thưởng", "03/04/1979", "nam", "0999990001", "1599900001"))
    found = list(find_pairs([one, one, one]))
    assert sorted((each.one, each.other) for each in found) == [(0, 1), (0, 2), (1, 2)]
    assert {(each.one, each.other) for each in find_pairs([one, one, one], among=[2])} == {(0, 2), (1, 2)}


def test_a_number_that_thousands_share_costs_no_square() -> None:
    many = [
        traits_of(Person("015079991001", f"Người {'ABCDEFGHIJ'[n % 10]} Số {n}", str(1930 + n % 90), "nam"))
        for n in range(2_000)
    ]
    told = [each for each in find_pairs(many) if each.judgement.kind is PairKind.SHARED_NUMBER]
    assert len(told) <= len(many) * pairs.MOST_COMPARED * 2


def test_a_filler_in_place_of_a_number_says_nothing() -> None:
    one, other = (Person("111111111111", name, year) for name, year in (("Lò Văn A", "1950"), ("Bùi Thị B", "1990")))
    assert list(find_pairs([traits_of(one), traits_of(other)])) == []


def test_precision_falls_when_the_rules_are_lax() -> None:
    """The measure can fail: with a threshold of nothing namesakes and twins are told too."""
    labelled = list(labelled_pairs(200))
    strict = told_as_one(labelled)
    from portal.domain import pairs as rules

    usual = rules.LIKELY_FROM
    rules.LIKELY_FROM = 0.0
    try:
        assert len(told_as_one(labelled)) > len(strict)
    finally:
        rules.LIKELY_FROM = usual


def test_a_population_has_one_in_twenty_twice() -> None:
    told = {(each.one, each.other) for each in find_pairs(population(2_000))}
    doubled = {(place, 1_900 + place) for place in range(100)}
    assert len(told & doubled) >= 95
