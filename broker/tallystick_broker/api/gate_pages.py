"""The addresses of the pages that show what the gate was asked."""

from dataclasses import dataclass
from urllib.parse import urlencode

from tallystick_broker.api.hal import Json, link, url
from tallystick_broker.gate.question import Question, Selector


@dataclass(frozen=True)
class Asked:
    """A version in the form of a page: by its number, as the head of a branch, or else of the main branch."""

    name: str
    number: str = ""
    branch: str = ""

    def select(self, *, removed: bool) -> Selector:
        """Return the selector; what is taken away is every version there when no number is given."""
        if self.number or removed:
            return Selector(self.name, self.number or None)
        return Selector(self.name, branch=self.branch or None, main_branch=not self.branch, latest=True)


def link_to_page(question: Question, *, removes: bool = False) -> Json:
    """Return the links of an answer: to the page that was asked the same, if the form of a page can ask it."""
    asked = [Asked(each.participant, each.version or "", each.branch or "") for each in question.selectors]
    place = question.target.environment
    same = tuple(each.select(removed=removes) for each in asked) == question.selectors
    if not place or not same or (removes and len(asked) > 1):
        return {}
    rows = [("", asked[0]), *(("with[]", each) for each in asked[1:])]
    rows += [("ignore[]", Asked(each.participant, each.version or "")) for each in question.ignore]
    query = [field for prefix, each in rows for field in _name(prefix, each)]
    query += [("environment", place)]
    query += [("requireContracts", "true")] if question.require_contracts else []
    return links_to_page(f"{url('can-i-undeploy' if removes else 'can-i-deploy')}?{urlencode(query)}")


def links_to_page(address: str) -> Json:
    """Return the links of an answer that a page at this address shows."""
    return {"_links": {"alternate": link(address, type="text/html", title="The same on a page")}}


def _name(prefix: str, asked: Asked) -> list[tuple[str, str]]:
    """Return the fields that name a version in a form; in a row, each name has brackets around it."""
    fields = {"pacticipant": asked.name, "version": asked.number, "branch": asked.branch}
    return [(f"{prefix}[{name}]" if prefix else name, value) for name, value in fields.items() if value]
