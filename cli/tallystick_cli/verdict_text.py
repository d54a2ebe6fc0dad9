"""A verdict in words: the table of results, the answer, and what to do about it."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from tallystick_cli.output import STYLES, make_printable, write, write_notices
from tallystick_client import Party, Question, Reason, Row, Verdict

SUCCESS = {True: "true", False: "false", None: "unknown"}
CLEARING = {
    True: "This may clear by itself, when the result comes in.",
    False: "This does not clear by itself.",
}
COLUMNS = ("CONSUMER", "C.VERSION", "PROVIDER", "P.VERSION", "SUCCESS?", "RESULT")


def write_verdict(console: Console, verdict: Verdict, sentence: str) -> None:
    """Write the whole verdict for reading, with the answer in one sentence."""
    if verdict.rows:
        console.print(_make_table(verdict.rows))
        _write_links(console, verdict)
    style = "bold green" if verdict.deployable is True else "bold red"
    write(console, sentence, style)
    if not verdict.reasons:
        write_notices(console, verdict.notices)
    write_reasons(console, verdict.reasons)
    write_page(console, verdict.page)


def describe_verdict(question: Question, deployable: bool | None) -> str:
    """Return the answer as one sentence."""
    subject = " and ".join(selector.describe() for selector in question.selectors)
    together = " together" if len(question.selectors) > 1 else ""
    if question.environment is not None:
        action = f"be deployed{together} to {question.environment}"
    elif question.tag is not None:
        action = f"be deployed{together} beside the latest versions tagged {question.tag}"
    elif together:
        action = "be deployed together"
    else:
        action = "be deployed beside the latest version of everything else"
    if deployable is None:
        return f"NOT YET: it is not known whether {subject} can {action}."
    return f"YES: {subject} can {action}." if deployable else f"NO: {subject} cannot {action}."


def write_reasons(console: Console, reasons: Sequence[Reason]) -> None:
    """Write what blocks, numbered, and then what does not."""
    for number, reason in enumerate((each for each in reasons if each.blocks), 1):
        write_reason(console, f"{number}. ", reason)
    for reason in reasons:
        if not reason.blocks:
            write_reason(console, "", reason)


def write_reason(console: Console, mark: str, reason: Reason) -> None:
    """Write a reason after a mark: what failed, who was asked, what to do about it, and where to see more."""
    indent = len(mark)
    console.print()
    _write_item(console, mark, reason.text, STYLES.get(reason.type, "") if not reason.blocks else "")
    for interaction in reason.interactions:
        write(console, f'Interaction "{interaction.description}":', indent=indent)
        for mismatch in interaction.mismatches:
            _write_item(console, "- ", mismatch, "red", indent + 2)
    if reason.asked:
        write(console, reason.asked, indent=indent)
    if reason.clears_by_itself is not None:
        write(console, CLEARING[reason.clears_by_itself], indent=indent)
    for advice in reason.next:
        _write_item(console, "Next: ", advice, indent=indent)
    if reason.link:
        write(console, f"See:  {reason.link}", indent=indent)


def write_page(console: Console, page: str | None) -> None:
    """Write where a page shows the same, if one does."""
    if page:
        write(console, f"\nOn a page: {page}")


def _make_table(rows: Sequence[Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in COLUMNS:
        table.add_column(column, overflow="fold")
    for number, row in enumerate(rows, 1):
        success = SUCCESS[row.success] + (" [ignored]" if row.ignored else "")
        cells = (*_name(row.consumer), *_name(row.provider), success, str(number) if row.url else "")
        table.add_row(*map(make_printable, cells), style=_colour(row))
    return table


def _name(party: Party) -> tuple[str, str]:
    return party.name, party.version or "-"


def _colour(row: Row) -> str:
    if row.ignored:
        return "dim"
    return {True: "green", False: "red", None: "yellow"}[row.success]


def _write_links(console: Console, verdict: Verdict) -> None:
    links = [(number, row.url) for number, row in enumerate(verdict.rows, 1) if row.url]
    if links:
        write(console, "VERIFICATION RESULTS")
    for number, url in links:
        write(console, f"{number}. {url}")
    listed = sum(row.success is not None and not row.ignored for row in verdict.rows)
    if verdict.success + verdict.failed > listed:
        write(console, f"... and {verdict.success + verdict.failed - listed} more, which are not listed.")
    if links:
        console.print()


def _write_item(console: Console, mark: str, text: str, style: str = "", indent: int = 0) -> None:
    """Write a text after a mark, its further lines beneath the first."""
    hanging = " " * len(mark)
    write(console, mark + text.replace("\n", f"\n{hanging}"), style, indent)
