"""The index: what can be done here, as links."""

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from tallystick_broker.api.address import base_url
from tallystick_broker.api.boundary import route
from tallystick_broker.api.hal import Json, curies, link, reply
from tallystick_broker.api.operations import shown
from tallystick_broker.api.shapes import links_to, resource

routes = Blueprint("index", __name__)

PAIR = "pacts/provider/{provider}/consumer/{consumer}"
RELATIONS = {
    "pb:publish-pact": (f"{PAIR}/version/{{consumerApplicationVersion}}", "Publish a pact"),
    "pb:publish-contracts": ("contracts/publish", "Publish contracts"),
    "pb:latest-pact-versions": ("pacts/latest", "Latest pact versions"),
    "pb:tagged-pact-versions": (f"{PAIR}/tag/{{tag}}", "All versions of a pact with a tag"),
    "pb:branch-pact-versions": (f"{PAIR}/branch/{{branch}}", "All versions of a pact on a branch"),
    "pb:latest-branch-pact-versions": (
        f"{PAIR}/branch/{{branch}}/latest/versions",
        "Latest pact on a branch",
    ),
    "pb:main-branch-pact-versions": (f"{PAIR}/branch/versions", "All versions of a pact on the main branch"),
    "pb:latest-main-branch-pact-versions": (
        f"{PAIR}/branch/latest/versions",
        "Latest pact on the main branch",
    ),
    "pb:provider-pacts-with-main-branch": (
        "pacts/provider/{provider}/branch",
        "A provider's main branch pacts",
    ),
    "pb:provider-pacts-with-branch": (
        "pacts/provider/{provider}/branch/{branch}",
        "A provider's pacts on a branch",
    ),
    "pb:latest-provider-pacts-with-main-branch": (
        "pacts/provider/{provider}/branch/latest",
        "A provider's latest main branch pacts",
    ),
    "pb:latest-provider-pacts-with-branch": (
        "pacts/provider/{provider}/branch/{branch}/latest",
        "A provider's latest pacts on a branch",
    ),
    "pb:pacticipants": ("pacticipants", "Pacticipants"),
    "pb:pacticipant": ("pacticipants/{pacticipant}", "A pacticipant"),
    "pb:latest-provider-pacts": ("pacts/provider/{provider}/latest", "Latest pacts of a provider"),
    "pb:latest-provider-pacts-with-tag": (
        "pacts/provider/{provider}/latest/{tag}",
        "Latest pacts with a tag",
    ),
    "pb:provider-pacts-with-tag": ("pacts/provider/{provider}/tag/{tag}", "All pacts with a tag"),
    "pb:provider-pacts": ("pacts/provider/{provider}", "All pacts of a provider"),
    "pb:latest-version": ("pacticipants/{pacticipant}/latest-version", "Latest version of a pacticipant"),
    "pb:latest-tagged-version": (
        "pacticipants/{pacticipant}/latest-version/{tag}",
        "Latest version with a tag",
    ),
    "pb:webhooks": ("webhooks", "Webhooks"),
    "pb:webhook": ("webhooks/{uuid}", "A webhook"),
    "pb:integrations": ("integrations", "Integrations"),
    "pb:pacticipant-version-tag": (
        "pacticipants/{pacticipant}/versions/{version}/tags/{tag}",
        "A version's tag",
    ),
    "pb:pacticipant-branch": ("pacticipants/{pacticipant}/branches/{branch}", "A branch"),
    "pb:pacticipant-branch-version": (
        "pacticipants/{pacticipant}/branches/{branch}/versions/{version}",
        "A version on a branch",
    ),
    "pb:pacticipant-version": ("pacticipants/{pacticipant}/versions/{version}", "A version of a pacticipant"),
    "pb:metrics": ("metrics", "Metrics"),
    "pb:can-i-deploy-pacticipant-version-to-tag": (
        "can-i-deploy?pacticipant={pacticipant}&version={version}&to={tag}",
        "Whether a version is compatible with the versions that have a tag",
    ),
    "pb:can-i-deploy-pacticipant-version-to-environment": (
        "can-i-deploy?pacticipant={pacticipant}&version={version}&environment={environment}",
        "Whether a version can be deployed to an environment",
    ),
    "pb:provider-pacts-for-verification": ("pacts/provider/{provider}/for-verification", "Pacts to verify"),
    "pb:environments": ("environments", "Environments"),
    "pb:environment": ("environments/{uuid}", "An environment"),
    "pb:overrides": ("overrides", "Overrides of the gate"),
}
INDEX = resource({}, links_to("self", "beta:provider-pacts-for-verification", *RELATIONS, lists=["curies"]))


@route(routes, "/", answers=shown(INDEX))
def show(session: Session) -> Response:  # noqa: ARG001 (every view is given one)
    """Answer the links of the API."""
    links: Json = {"self": link(base_url(), title="Index")}
    links |= {relation: _link(path, title) for relation, (path, title) in RELATIONS.items()}
    for_verification = links["pb:provider-pacts-for-verification"]
    links["beta:provider-pacts-for-verification"] = for_verification | {"name": "beta"}
    links["curies"] = curies("index") + [entry | {"name": "beta"} for entry in curies("index")]
    return reply({"_links": links})


def _link(path: str, title: str) -> Json:
    return link(f"{base_url()}/{path}", title=title, templated="{" in path)
