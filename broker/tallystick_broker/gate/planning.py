"""Facts for a plan: candidates held against each other, and against what is live where they go."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallystick_broker.gate.facts import Facts, Resolved, Row
from tallystick_broker.gate.live import read_circumstances
from tallystick_broker.gate.matrix import Faced, arrange, hold_each
from tallystick_broker.gate.plan import Plan, make_plan
from tallystick_broker.gate.question import Question, Selector
from tallystick_broker.gate.records import read_others, read_published
from tallystick_broker.gate.results import read_results
from tallystick_broker.gate.selection import resolve
from tallystick_broker.models import Branch, BranchHead, Participant


def ask_plan(session: Session, question: Question) -> Plan:
    """Return in which order the versions that are asked about can go to the target environment.

    There is at most one version of each participant. Raises UnknownNames as `ask` does.
    """
    selection = resolve(session, question)
    asked = selection.specified
    published = read_published(session, asked, history=False)
    names = {each.participant_id: each.participant for each in asked}
    providers = {each.provider_id: each.row.provider.name for each in published}
    live, expected = read_others(session, question.target, set(names), providers | names, history=False)
    selected = (*asked, *live, *_find_absent(asked, live, question))
    faced = list(_face((each.row for each in (*published, *expected)), selected))
    pairs = [
        (row.content_id, each.version_id)
        for row, versions in faced
        for each in versions
        if each.version_id is not None
    ]
    known = read_results(session, [row for row, _ in faced], pairs, (), history=False)
    facts = Facts(
        question,
        selected,
        arrange(hold_each(faced, known.results), question, selection.ignored),
        ignored=selection.ignored,
        unknown_ignored=selection.unknown_ignored,
        last=known.last,
    )
    return make_plan(read_circumstances(session, facts, known, selection))


def find_main_heads(session: Session) -> list[Selector]:
    """Return the selectors of the heads of all main branches."""
    on_main = (Branch.participant_id == Participant.id) & (Branch.name == Participant.main_branch)
    wanted = select(Participant.name).join(Branch, on_main)
    wanted = wanted.join(BranchHead, BranchHead.branch_id == Branch.id).order_by(Participant.name)
    return [Selector(name, main_branch=True, latest=True) for name in session.scalars(wanted)]


def _find_absent(
    asked: Iterable[Resolved], live: Iterable[Resolved], question: Question
) -> Iterator[Resolved]:
    """Yield that nothing is live of a participant that was asked about, where nothing is."""
    there = {each.participant_id for each in live}
    for each in asked:
        if each.participant_id not in there:
            place = question.target.of(each.participant)
            yield Resolved(each.participant, each.participant_id, place, missing=True, inferred=True)


def _face(contracts: Iterable[Row], selected: Sequence[Resolved]) -> Iterator[Faced]:
    """Yield each contract with all versions of its provider, old and new, and with none if nothing of it is live."""
    versions: dict[str, list[Resolved]] = defaultdict(list)
    for each in selected:
        versions[each.participant].append(each)
    for row in contracts:
        met = [each for each in versions[row.provider.name] if each.version_id is not None or each.inferred]
        yield row, met
