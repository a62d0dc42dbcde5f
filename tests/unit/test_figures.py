"""What a benchmark prints and writes."""

from benchmarks.figures import Section, as_json, figure, markdown

SECTIONS = [
    Section("Orders", (figure("post_p50_ms", "answered", "ms", [14.25, 12.0, 30.0]),)),
    Section(
        "Counts", (figure("usd.single", "a million", "USD", [1234.5]), figure("usd.mixed.by", "", "", [2])), "| a |"
    ),
]


def test_medians_and_spreads_stand_under_the_same_paths() -> None:
    assert as_json(SECTIONS) == {
        "post_p50_ms": 14.25,
        "usd": {"single": 1234.5, "mixed": {"by": 2}},
        "spread": {"post_p50_ms": [12.0, 30.0], "usd": {"single": [1234.5, 1234.5], "mixed": {"by": [2, 2]}}},
    }


def test_one_table_has_all_figures_and_what_is_counted_has_no_spread() -> None:
    assert markdown(SECTIONS, {"post_p50_ms": "at most 45"}) == (
        "| what | median | least to most | to reach |\n"
        "|---|---|---|---|\n"
        "| answered | 14.2 ms | 12.0 to 30.0 | at most 45 |\n"
        "| a million | 1,234 USD |  |  |\n"
        "|  | 2.00 |  |  |\n\n"
        "## Counts\n\n| a |"
    )
