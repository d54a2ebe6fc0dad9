"""Matching rules: where they apply, and what they say in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick_contracts.rules import here, inside, read_path, read_rules, words_of


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("$", ()),
        ("$.items[0].id", ("items", 0, "id")),
        ("$.items[*]['full name']", ("items", None, "full name")),
        ('$["a.b"].*', ("a.b", None)),
        ("Content-Type", ("Content-Type",)),
    ],
)
def test_a_path_is_read_step_by_step(path: str, steps: tuple[Any, ...]) -> None:
    """Members, indexes and wildcards in any spelling are steps; the name of a header is one step."""
    assert read_path(path) == steps


@given(st.text())
def test_any_text_is_read_as_a_path(text: str) -> None:
    """A path from outside may be anything, and never stops a contract from being shown."""
    assert isinstance(read_path(text), tuple)


def test_both_forms_of_rules_are_read() -> None:
    """Specification 2 has full paths; 3 and 4 have a place, then paths, then matchers."""
    second = read_rules(
        {"matchingRules": {"$.body.id": {"match": "type"}, "$.headers.ETag": {"regex": "x+"}}}
    )
    third = read_rules(
        {
            "matchingRules": {
                "body": {"$.id": {"combine": "AND", "matchers": [{"match": "type"}]}},
                "header": {"ETag": {"matchers": [{"match": "regex", "regex": "x+"}]}},
            }
        }
    )
    assert [(rule.steps, rule.words) for rule in second["body"]] == [(("id",), "the same type")]
    assert [(rule.steps, rule.words) for rule in third["body"]] == [(("id",), "the same type")]
    assert words_of(second["header"]) == words_of(third["header"]) == ("matches x+",)


def test_a_rule_is_followed_to_its_value() -> None:
    """A wildcard leads to every item, a name to that member alone."""
    rules = read_rules({"matchingRules": {"$.body.items[*].id": {"match": "integer"}}})["body"]
    assert inside(rules, "other") == ()
    found = inside(inside(inside(rules, "items"), 3), "id")
    assert words_of(here(found)) == ("any integer",)
    assert here(inside(rules, "items")) == ()


@pytest.mark.parametrize(
    ("matcher", "words"),
    [
        ({"match": "type", "min": 1}, "the same type, at least 1"),
        ({"match": "type", "max": 3}, "the same type, at most 3"),
        ({"min": 1, "max": 3}, "the same type, 1 to 3 items"),
        ({"match": "datetime", "format": "yyyy-MM-dd"}, "a moment yyyy-MM-dd"),
        ({"match": "date"}, "a date"),
        ({"match": "statusCode", "status": "success"}, "the status is success"),
        ({"match": "include", "value": "tea"}, "contains tea"),
        ({"match": "eachKey", "rules": [{"match": "regex", "regex": "[a-z]+"}]}, "each name matches [a-z]+"),
        ({"match": "novelty"}, '{"match":"novelty"}'),
        ("odd", '"odd"'),
    ],
)
def test_a_matcher_is_told_in_words(matcher: Any, words: str) -> None:
    """Every matcher of the specifications has words; one that is unknown is shown as it is."""
    (rule,) = read_rules({"matchingRules": {"body": {"$": {"matchers": [matcher]}}}})["body"]
    assert rule.words == words


def test_several_matchers_are_combined() -> None:
    """What has to hold together is joined by and, what is enough alone by or."""
    spec = {"combine": "OR", "matchers": [{"match": "null"}, {"match": "integer"}]}
    (rule,) = read_rules({"matchingRules": {"body": {"$.a": spec}}})["body"]
    assert rule.words == "null or any integer"


def test_generators_are_rules_too() -> None:
    """A value that is made when the contract is verified is not the one that is written."""
    raw = {
        "generators": {
            "path": {"type": "ProviderState", "expression": "/x/${id}"},
            "body": {"$.a": {"type": "Uuid"}},
        }
    }
    found = read_rules(raw)
    assert words_of(found["path"]) == ("from the provider state: /x/${id}",)
    assert words_of(found["body"]) == ("generated: Uuid",)
