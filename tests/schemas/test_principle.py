"""Would the service take it? Each rule of an upload file, broken one at a time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tribonian.schemas.finding import CODES
from tribonian.schemas.principle import FEW_SECTIONS, MAX_DEPTH, MAX_FILE_SIZE, check_upload
from tribonian.schemas.upload import UploadNode

STEADY = settings(derandomize=True, deadline=None, max_examples=150)

Found = list[tuple[str, str, str]]


def node(level: int, label: str, *children: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {
        "label": label,
        "content": f"What {label} says.",
        "children": list(children),
        "level": str(level),
        **other,
    }


def good() -> dict[str, Any]:
    """A root with four sections: the least that the service's guide advises."""
    return node(0, "Lantern law", *(node(1, f"§ 100.{n}") for n in range(1, 5)))


def check(tree: object, **options: Any) -> tuple[int, Found]:
    number, findings = check_upload(json.dumps(tree).encode(), "principles.json", **options)
    assert all(finding.document == "principles.json" for finding in findings)
    assert all(finding.message.endswith(".") for finding in findings)
    return number, [(f.code, f.severity, f.locator) for f in findings]


def test_a_file_that_keeps_every_rule_has_no_finding() -> None:
    assert check(good()) == (5, [])


def test_the_example_of_the_service_is_taken_but_for_its_few_sections() -> None:
    # facts/seekrflow.md, the shape of the upload file
    tree = node(0, "Branch lending policy", node(1, "Who may apply"), node(1, "Limits"))

    assert check(tree) == (3, [("few-sections", "warning", "/")])


# (what is changed in a good tree, the path of the one finding, its code)
ROOT_RULES: list[tuple[str, dict[str, Any], str]] = [
    ("a number for a level", {"level": 0}, "wrong-level"),
    ("a level that is not the depth", {"level": "1"}, "wrong-level"),
    ("a level with a nought before it", {"level": "00"}, "wrong-level"),
    ("a level with space around it", {"level": " 0"}, "wrong-level"),
    ("no level", {"level": None}, "wrong-level"),
    ("an empty label", {"label": ""}, "empty-label"),
    ("a label of spaces", {"label": " \n"}, "empty-label"),
    ("an empty content", {"content": ""}, "empty-content"),
    ("a content of spaces", {"content": "\t"}, "empty-content"),
    ("a space before the label", {"label": " Lantern law"}, "not-trimmed"),
    ("a line feed after the content", {"content": "Text.\n"}, "not-trimmed"),
    ("a no-break space after the content", {"content": "Text.\u00a0"}, "not-trimmed"),
    ("a fifth key", {"citation": "99 CFR 100.1"}, "wrong-keys"),
    ("a label that is no string", {"label": 100}, "wrong-type"),
    ("a content that is null", {"content": None}, "wrong-type"),
    ("a content that is a list", {"content": ["Text."]}, "wrong-type"),
]


@pytest.mark.parametrize(
    ("change", "code"),
    [(change, code) for _, change, code in ROOT_RULES],
    ids=[name for name, _, _ in ROOT_RULES],
)
def test_a_rule_broken_at_the_root_is_one_error_there(change: dict[str, Any], code: str) -> None:
    assert check({**good(), **change})[1] == [(code, "error", "/")]


@pytest.mark.parametrize("change", [change for _, change, _ in ROOT_RULES if "level" not in change])
def test_the_same_rule_broken_further_down_has_the_path_of_its_node(change: dict[str, Any]) -> None:
    tree = good()
    tree["children"][2]["children"] = [{**node(2, "(a)"), **change}]

    [(_, severity, path)] = check(tree)[1]

    assert (severity, path) == ("error", "/children/2/children/0")


@pytest.mark.parametrize("key", ["label", "content", "children", "level"])
def test_each_of_the_four_keys_is_required(key: str) -> None:
    tree = good()
    del tree["children"][1][key]

    errors = [found for found in check(tree)[1] if found[1] == "error"]

    assert errors == [("wrong-keys", "error", "/children/1")]


def test_a_missing_and_a_foreign_key_are_named_in_one_sentence() -> None:
    tree = good()
    del tree["content"]
    tree["text"] = "Text."

    _, findings = check_upload(json.dumps(tree).encode())

    assert [finding.code for finding in findings] == ["wrong-keys"]
    assert "content" in findings[0].message
    assert "text" in findings[0].message


@pytest.mark.parametrize("children", [None, {}, "§ 100.1", 4])
def test_children_that_are_no_array_are_a_wrong_type(children: object) -> None:
    assert ("wrong-type", "error", "/") in check({**good(), "children": children})[1]


@pytest.mark.parametrize("child", [None, "§ 100.1", 7, ["§ 100.1"]])
def test_a_child_that_is_no_object_is_a_wrong_type(child: object) -> None:
    tree = good()
    tree["children"].append(child)

    assert check(tree)[1] == [("wrong-type", "error", "/children/4")]


@pytest.mark.parametrize("tree", [[good()], [], None, "text", 1, True])
def test_the_top_must_be_one_object(tree: object) -> None:
    assert check(tree) == (0, [("not-one-root", "error", "/")])


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"not json", b"\xff\xfe{}", b'{"label": NaN}', json.dumps(good()).encode("utf-16")],
    ids=["empty", "cut off", "words", "not UTF-8", "NaN", "UTF-16"],
)
def test_what_is_not_json_in_utf_8_is_one_error(data: bytes) -> None:
    number, findings = check_upload(data)

    assert number == 0
    assert [(f.code, f.severity) for f in findings] == [("not-json", "error")]


def test_a_byte_order_mark_is_an_error_and_the_rest_is_checked_all_the_same() -> None:
    tree = good()
    tree["children"][0]["label"] = ""

    number, findings = check_upload(b"\xef\xbb\xbf" + json.dumps(tree).encode())

    assert number == 5
    assert [(f.code, f.locator) for f in findings] == [
        ("not-json", "/"),
        ("empty-label", "/children/0"),
    ]


def chain(levels: int) -> dict[str, Any]:
    tree = node(levels - 1, f"level {levels - 1}")
    for level in range(levels - 2, -1, -1):
        tree = node(level, f"level {level}", tree)
    return tree


def test_six_levels_are_allowed_and_the_seventh_is_too_deep() -> None:
    # the Markdown twin has six headings; level "5" is the deepest (interface.md, --max-depth)
    assert MAX_DEPTH == 6
    assert check(chain(6))[1] == []
    assert check(chain(7))[1] == [("too-deep", "error", "/children/0" * 6)]


def test_the_depth_allowed_is_an_option() -> None:
    assert check(chain(7), max_depth=7)[1] == []
    assert ("too-deep", "error", "/children/0" * 3) in check(chain(6), max_depth=3)[1]


def test_a_tree_nested_a_thousand_deep_is_an_error_and_no_crash() -> None:
    data = b'{"label":"a","content":"b","level":"0","children":['.ljust(51) * 1000
    data += b"]}" * 1000

    _, findings = check_upload(data)

    assert "error" in {finding.severity for finding in findings}


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not() -> None:
    assert MAX_FILE_SIZE == 100_000_000  # interface.md, --max-file-size: 100 MB
    size = len(json.dumps(good()).encode())

    assert check(good(), max_file_size=size)[1] == []
    assert check(good(), max_file_size=size - 1)[1] == [("too-large", "error", "/")]


def test_size_is_counted_in_bytes_and_not_in_characters() -> None:
    tree = {**good(), "content": "§" * 1000}
    data = json.dumps(tree, ensure_ascii=False).encode()
    limit = len(data.decode())

    _, findings = check_upload(data, max_file_size=limit)

    assert [finding.code for finding in findings] == ["too-large"]


@pytest.mark.parametrize(("sections", "findings"), [(4, 0), (3, 1), (1, 1)])
def test_fewer_than_four_sections_are_a_warning(sections: int, findings: int) -> None:
    assert FEW_SECTIONS == 4  # "at least 4 cohesive sections", facts/seekrflow.md
    tree = node(0, "Lantern law", *(node(1, f"§ {n}") for n in range(sections)))

    assert check(tree)[1] == [("few-sections", "warning", "/")] * findings


def test_a_root_without_children_is_one_section() -> None:
    assert check(node(0, "Lantern law")) == (1, [("few-sections", "warning", "/")])


def test_a_label_that_two_siblings_share_is_a_warning_at_their_parent() -> None:
    tree = good()
    tree["children"][3]["label"] = tree["children"][0]["label"]

    assert check(tree)[1] == [("same-label", "warning", "/")]


def test_the_same_label_under_two_parents_is_no_finding() -> None:
    tree = good()
    tree["children"][0]["children"] = [node(2, "(a)")]
    tree["children"][1]["children"] = [node(2, "(a)")]

    assert check(tree) == (7, [])


def count_letters(texts: Any) -> list[int]:
    return [len(text) for text in texts]


def test_a_content_over_the_budget_is_an_error_with_its_path() -> None:
    tree = good()
    tree["children"][1]["content"] = "x" * 41

    found = check(tree, count_all=count_letters, max_tokens=40)[1]

    assert found == [("over-budget", "error", "/children/1")]


def test_a_content_of_exactly_the_budget_is_within_it() -> None:
    tree = {**good(), "content": "x" * 40}

    assert check(tree, count_all=count_letters, max_tokens=40)[1] == []


def test_contents_are_not_measured_without_a_budget() -> None:
    tree = {**good(), "content": "x" * 10_000}

    assert check(tree, count_all=count_letters)[1] == []
    assert check(tree, max_tokens=1)[1] == []


def test_every_broken_rule_is_reported_and_not_only_the_first() -> None:
    tree = good()
    tree["level"] = 0
    tree["children"][0]["content"] = " "
    tree["children"][3]["level"] = "7"

    assert sorted(check(tree)[1]) == [
        ("empty-content", "error", "/children/0"),
        ("wrong-level", "error", "/"),
        ("wrong-level", "error", "/children/3"),
    ]


labels = st.text(alphabet="§ab(1) é²", min_size=1, max_size=8).filter(lambda t: t == t.strip())


@st.composite
def upload_trees(draw: st.DrawFn, level: int = 0) -> dict[str, Any]:
    """Trees that keep every rule: labels unique among siblings, at most six levels."""
    most = 4 if level == 0 else 2
    names = draw(st.lists(labels, unique=True, max_size=most if level < MAX_DEPTH - 1 else 0))
    children = []
    for name in names:
        child = draw(upload_trees(level=level + 1))
        child["label"] = name
        children.append(child)
    return {
        "label": draw(labels),
        "content": draw(labels),
        "children": children,
        "level": str(level),
    }


def size(tree: dict[str, Any]) -> int:
    return 1 + sum(size(child) for child in tree["children"])


@STEADY
@given(upload_trees())
def test_any_tree_that_keeps_the_rules_is_written_read_and_taken(tree: dict[str, Any]) -> None:
    data = json.dumps(tree, ensure_ascii=False).encode()

    number, findings = check_upload(data)

    assert number == size(tree)
    assert [f for f in findings if f.severity == "error"] == []
    assert {f.code for f in findings} <= {"few-sections"}
    assert UploadNode.model_validate_json(data).model_dump() == tree


@STEADY
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["label", "content", "children", "level", "x"]), inner),
    max_leaves=15,
))  # fmt: skip
def test_no_json_value_whatever_raises(value: object) -> None:
    number, findings = check_upload(json.dumps(value).encode())

    assert number >= 0
    assert findings  # nothing of this kind is a sound upload tree
    assert all(finding.code in CODES and finding.locator.startswith("/") for finding in findings)


@pytest.mark.parametrize("change", [{"label": " x"}, {"content": ""}, {"level": 0}, {"extra": 1}])
def test_the_published_schema_refuses_what_the_check_refuses(change: dict[str, Any]) -> None:
    tree = {**good(), **change}

    assert "error" in {severity for _, severity, _ in check(tree)[1]}
    with pytest.raises(ValidationError):
        UploadNode.model_validate(tree)
