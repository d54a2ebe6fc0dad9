"""Lists of pacts: the versions of a pair's, a provider's, and everybody's newest."""

from collections.abc import Callable

from flask import Blueprint, Response
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tallystick_broker import contracts, publications
from tallystick_broker.api.boundary import View, route
from tallystick_broker.api.contracts import DELETED, PAIR, answer_deletion
from tallystick_broker.api.hal import Json, curies, gone, here, link, moment, reply, url
from tallystick_broker.api.operations import GONE, shown
from tallystick_broker.api.pact import address_of, contract_url, name_of
from tallystick_broker.api.paging import MOST_LISTED, PAGES, Page, asked_page, fetch_page
from tallystick_broker.api.shapes import MOMENT, PAGE, STAMPS, TEXT, fields, links_to, listing, many, resource
from tallystick_broker.models import Branch, Publication
from tallystick_broker.participants import get_participant
from tallystick_broker.publications import Found, Place, select_publications

routes = Blueprint("contract_lists", __name__)
PROVIDER = "/pacts/provider/<name:provider>"
VERSION = resource({"number": TEXT}, links_to("self"))
DEPRECATED = "DEPRECATED - please use the pb:pacts relation"
"""A name on the wire, word for word: clients may look for it."""


PACT = resource(STAMPS, links_to("self"), embedded=fields({"consumerVersion": VERSION}))
LIST = listing(
    "pacts",
    PACT,
    links_to(
        *("self", "pb:consumer", "pb:provider", "consumer", "provider"),
        lists=["pb:pact-versions", "pact-versions", "pb:pacts"],
        optional=["previous", "next"],
    ),
)
LINKS = resource(
    {},
    links_to(
        *("self", "pb:provider", "provider"), lists=["pb:pacts", "pacts"], optional=["previous", "next"]
    ),
    optional={"page": PAGE},
)
LATEST = resource(
    {
        "pacts": many(
            fields(
                {
                    "createdAt": MOMENT,
                    "_embedded": fields(
                        {
                            "consumer": resource(
                                {"name": TEXT}, links_to("self"), embedded=fields({"version": VERSION})
                            ),
                            "provider": resource({"name": TEXT}, links_to("self")),
                        }
                    ),
                    "_links": links_to(lists=["self"]),
                }
            )
        )
    },
    links_to("self", lists=["pb:pacts", "pacts", "curies"], optional=["previous", "next"]),
    optional={"page": PAGE},
)


def of_pair(rule: str, method: str = "GET") -> Callable[[View], View]:
    """Return a decorator that serves a view which lists the pacts of a pair, or deletes them."""
    if method == "GET":
        return route(routes, f"{PAIR}{rule}", answers=shown(LIST), query=PAGES)
    return route(routes, f"{PAIR}{rule}", method, answers=DELETED)


@of_pair("/versions")
def list_all(session: Session, provider: str, consumer: str) -> Response:
    """Answer the pair's pacts, newest first."""
    return _list(session, provider, consumer, Place(), newest_first=True)


@route(routes, f"{PAIR}/versions", "DELETE", answers=GONE)
def delete_all(session: Session, provider: str, consumer: str) -> Response:
    """Delete the pair's pacts."""
    _delete(session, provider, consumer, Place())
    return gone()


@of_pair("/tag/<name:tag>")
def list_tagged(session: Session, provider: str, consumer: str, tag: str) -> Response:
    """Answer the pacts of the versions with the tag, newest first."""
    return _list(session, provider, consumer, Place(tag=tag), newest_first=True)


@of_pair("/tag/<name:tag>", "DELETE")
def delete_tagged(session: Session, provider: str, consumer: str, tag: str) -> Response:
    """Delete the pacts of the versions with the tag."""
    return _delete(session, provider, consumer, Place(tag=tag))


@of_pair("/branch")
@of_pair("/branch/versions")
def list_on_main_branch(session: Session, provider: str, consumer: str) -> Response:
    """Answer the pacts of the versions on the consumer's main branch."""
    return _list(session, provider, consumer, Place(main_branch=True))


@of_pair("/branch", "DELETE")
@of_pair("/branch/versions", "DELETE")
def delete_on_main_branch(session: Session, provider: str, consumer: str) -> Response:
    """Delete the pacts of the versions on the consumer's main branch."""
    return _delete(session, provider, consumer, Place(main_branch=True))


@of_pair("/branch/latest/versions")
def list_main_head(session: Session, provider: str, consumer: str) -> Response:
    """Answer the pact at the head of the consumer's main branch, if there is one."""
    return _list(session, provider, consumer, Place(main_branch=True, head=True))


@of_pair("/branch/latest/versions", "DELETE")
def delete_main_head(session: Session, provider: str, consumer: str) -> Response:
    """Delete the pact at the head of the consumer's main branch, if there is one."""
    return _delete(session, provider, consumer, Place(main_branch=True, head=True))


@of_pair("/branch/<name:branch>")
def list_on_branch(session: Session, provider: str, consumer: str, branch: str) -> Response:
    """Answer the pacts of the versions on the branch."""
    return _list(session, provider, consumer, _named(session, consumer, branch))


@of_pair("/branch/<name:branch>", "DELETE")
def delete_on_branch(session: Session, provider: str, consumer: str, branch: str) -> Response:
    """Delete the pacts of the versions on the branch."""
    return _delete(session, provider, consumer, _named(session, consumer, branch))


@of_pair("/branch/<name:branch>/latest/versions")
def list_head(session: Session, provider: str, consumer: str, branch: str) -> Response:
    """Answer the pact at the head of the branch, if there is one."""
    return _list(session, provider, consumer, Place(branch=branch, head=True))


@of_pair("/branch/<name:branch>/latest/versions", "DELETE")
def delete_head(session: Session, provider: str, consumer: str, branch: str) -> Response:
    """Delete the pact at the head of the branch, if there is one."""
    return _delete(session, provider, consumer, Place(branch=branch, head=True))


@route(routes, PROVIDER, answers=shown(LINKS), query=PAGES)
def list_of_provider(session: Session, provider: str) -> Response:
    """Answer links to all pacts with the provider."""
    return _list_links(session, provider, Place())


@route(routes, f"{PROVIDER}/tag/<name:tag>", answers=shown(LINKS), query=PAGES)
def list_tagged_of_provider(session: Session, provider: str, tag: str) -> Response:
    """Answer links to the pacts with the provider of all versions with the tag."""
    return _list_links(session, provider, Place(tag=tag))


@route(routes, f"{PROVIDER}/branch", answers=shown(LINKS), query=PAGES)
def list_main_of_provider(session: Session, provider: str) -> Response:
    """Answer links to the pacts with the provider of all versions on their consumer's main branch."""
    return _list_links(session, provider, Place(main_branch=True))


@route(routes, f"{PROVIDER}/branch/latest", answers=shown(LINKS), query=PAGES)
def list_main_heads_of_provider(session: Session, provider: str) -> Response:
    """Answer a link to the pact at the head of each consumer's main branch."""
    return _list_links(session, provider, Place(main_branch=True, head=True))


@route(routes, f"{PROVIDER}/branch/<name:branch>", answers=shown(LINKS), query=PAGES)
def list_branch_of_provider(session: Session, provider: str, branch: str) -> Response:
    """Answer links to the pacts with the provider of all versions on the branch."""
    return _list_links(session, provider, Place(branch=branch))


@route(routes, f"{PROVIDER}/branch/<name:branch>/latest", answers=shown(LINKS), query=PAGES)
def list_heads_of_provider(session: Session, provider: str, branch: str) -> Response:
    """Answer a link to the pact at the head of each consumer's branch of this name."""
    return _list_links(session, provider, Place(branch=branch, head=True))


@route(routes, f"{PROVIDER}/latest", answers=shown(LINKS), query=PAGES)
def list_latest_of_provider(session: Session, provider: str) -> Response:
    """Answer a link to the newest pact of each consumer."""
    return _list_links(session, provider, Place(), newest=True)


@route(routes, f"{PROVIDER}/latest/<name:tag>", answers=shown(LINKS), query=PAGES)
def list_latest_tagged_of_provider(session: Session, provider: str, tag: str) -> Response:
    """Answer a link to the newest pact with the tag of each consumer."""
    return _list_links(session, provider, Place(tag=tag), newest=True)


@route(routes, "/pacts/latest", answers=shown(LATEST), query=PAGES)
def list_latest(session: Session) -> Response:
    """Answer the newest pact of each pair."""
    page = fetch_page(session, select_publications(newest=True), asked_page(), None)
    found = publications.describe(session, page.items)
    links = [link(contract_url(each.pair, "latest"), title=name_of(each)) for each in found]
    self = link(url("pacts", "latest"), title="Latest pacts")
    deprecated = [each | {"name": DEPRECATED} for each in links]
    members = {"self": self, "pb:pacts": links, "pacts": deprecated, "curies": curies("pacts")}
    return _reply(page, {"pacts": [_represent_latest(each) for each in found]}, members)


def _named(session: Session, consumer: str, branch: str) -> Place:
    """Return the place that the last segment of an address names.

    The official client says `latest` for the head of the main branch, so it is that where no branch is called so.
    """
    participant = get_participant(session, consumer, "consumer")
    named = exists().where(Branch.participant_id == participant.id, Branch.name == branch)
    if branch == "latest" and not session.scalar(select(named)):
        return Place(main_branch=True, head=True)
    return Place(branch=branch)


def _delete(session: Session, provider: str, consumer: str, place: Place) -> Response:
    pair = contracts.get_pair(session, provider, consumer)
    wanted = select_publications(place, consumer=pair.consumer, provider=pair.provider)
    publications.delete_publications(session, pair, session.scalars(wanted))
    return answer_deletion(session, pair)


def _list(
    session: Session, provider: str, consumer: str, place: Place, *, newest_first: bool = False
) -> Response:
    pair = contracts.get_pair(session, provider, consumer)
    wanted = select_publications(
        place, consumer=pair.consumer, provider=pair.provider, descending=newest_first
    )
    page = fetch_page(session, wanted, asked_page())
    found = publications.describe(session, page.items)
    links: Json = {"self": link(here(), title=f"Pacts between {consumer} and {provider}")}
    sides = {"consumer": consumer, "provider": provider}
    for role, name in sides.items():
        links[role] = links[f"pb:{role}"] = link(
            url("pacticipants", name), title=role.capitalize(), name=name
        )
    versions = [link(address_of(each), title="Pact", name=_dated(each)) for each in found]
    links |= {"pb:pact-versions": versions, "pact-versions": versions}
    # The official client looks for pacts as in the lists of a provider, and breaks down without any.
    links["pb:pacts"] = [link(address_of(each), title=name_of(each), name=consumer) for each in found]
    return _reply(page, {"_embedded": {"pacts": [_represent(each) for each in found]}}, links)


def _list_links(session: Session, provider: str, place: Place, *, newest: bool = False) -> Response:
    participant = get_participant(session, provider, "provider")
    wanted = select_publications(place, provider=participant, newest=newest)
    page = fetch_page(session, wanted, asked_page(), None if newest or place.head else MOST_LISTED)
    links = [
        link(address_of(each), title=name_of(each), name=each.pair.consumer.name)
        for each in publications.describe(session, page.items)
    ]
    to_provider = link(url("pacticipants", provider), title="Provider", name=provider)
    members: Json = {"self": link(here(), title=f"Pacts with {provider}")}
    members |= {"pb:provider": to_provider, "pb:pacts": links}
    return _reply(page, {}, members | {"provider": to_provider, "pacts": links})


def _reply(page: Page[Publication], body: Json, links: Json) -> Response:
    address = here(with_query=False)
    return reply(body | page.members() | {"_links": links | page.links(address)})


def _dated(found: Found) -> str:
    return f"Version {found.number} - {found.publication.created_at:%d/%m/%Y}"


def _represent(found: Found) -> Json:
    return {
        "createdAt": moment(found.publication.created_at),
        "_embedded": {"consumerVersion": _represent_version(found)},
        "_links": {"self": link(address_of(found), title=name_of(found))},
    }


def _represent_latest(found: Found) -> Json:
    consumer, provider = found.pair.consumer.name, found.pair.provider.name
    version = _represent_version(found)
    links = {"self": link(url("pacticipants", consumer))}
    return {
        "createdAt": moment(found.publication.created_at),
        "_embedded": {
            "consumer": {"name": consumer, "_embedded": {"version": version}, "_links": links},
            "provider": {"name": provider, "_links": {"self": link(url("pacticipants", provider))}},
        },
        "_links": {"self": [link(contract_url(found.pair, "latest")), link(address_of(found))]},
    }


def _represent_version(found: Found) -> Json:
    self = link(url("pacticipants", found.pair.consumer.name, "versions", found.number))
    return {"number": found.number, "_links": {"self": self}}
