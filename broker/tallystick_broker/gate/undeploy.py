"""Can a version be taken away from an environment?"""

from sqlalchemy.orm import Session

from tallystick_broker.gate.facts import Facts
from tallystick_broker.gate.live import hold_all, read_circumstances
from tallystick_broker.gate.matrix import arrange, face
from tallystick_broker.gate.question import Question
from tallystick_broker.gate.records import read_others
from tallystick_broker.gate.removal import find_bereft, find_left, find_removed, judge_removal
from tallystick_broker.gate.selection import resolve
from tallystick_broker.gate.verdict import Verdict


def ask_undeploy(session: Session, question: Question) -> Verdict:
    """Return whether the version that is asked about may be taken away from the target environment.

    Without a version it is about all of the participant's versions there. Raises UnknownNames as `ask` does.
    """
    selection = resolve(session, question)
    asked = selection.specified[0]
    providers = {asked.participant_id: asked.participant}
    live, expected = read_others(session, question.target, set(providers), providers, history=False)
    removed = find_removed(selection.specified, live)
    left = find_left(removed, live, asked)
    held, known = hold_all(
        session, question, face(find_bereft((each.row for each in expected), removed), left)
    )
    facts = Facts(
        question,
        (*selection.specified, *left),
        arrange(held, question, selection.ignored),
        ignored=selection.ignored,
        unknown_ignored=selection.unknown_ignored,
        last=known.last,
    )
    return judge_removal(read_circumstances(session, facts, known, selection), removed)
