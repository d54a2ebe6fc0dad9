"""The reference of the HTTP API: what of it is made from the code, and `make reference`, which writes it."""

from collections.abc import Callable, Iterator

from described import description
from product import ROOT
from tallystick_broker.api.index import RELATIONS as OF_INDEX
from tallystick_broker.api.relations import RELATIONS

FOLDER = ROOT / "docs/reference"
MARK = "<!-- What follows is made from the code: `make reference` -->\n"


def list_routes() -> Iterator[str]:
    """Yield the lines that list every route of the API, by family."""
    document = description().document
    for tag in document["tags"]:
        yield f"\n## {tag['name']}\n"
        yield "| route | does | query |"
        yield "|---|---|---|"
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation["tags"]:
                    summary = operation["summary"] + " Deprecated." * operation.get("deprecated", False)
                    names = [each["name"] for each in operation["parameters"] if each["in"] == "query"]
                    query = ", ".join(f"`{name}`" for name in names)
                    yield f"| `{method.upper()} {path}` | {summary} | {query} |"


def list_relations() -> Iterator[str]:
    """Yield the lines that list every link relation, and where the index leads by it."""
    yield "\n| relation | meaning | in the index |"
    yield "|---|---|---|"
    for name, meaning in RELATIONS.items():
        path, _ = OF_INDEX.get(f"pb:{name}", ("", ""))
        yield f"| `pb:{name}` | {meaning} | {f'`/{path}`' if path else ''} |"


PAGES: dict[str, Callable[[], Iterator[str]]] = {"http-api.md": list_routes, "relations.md": list_relations}


def make(name: str) -> str:
    """Return the page as it should be: its own words, and after the mark what the code says."""
    words, _, _ = (FOLDER / name).read_text(encoding="utf-8").partition(MARK)
    return "\n".join([words + MARK.rstrip("\n"), *PAGES[name](), ""])


if __name__ == "__main__":
    for name in PAGES:
        (FOLDER / name).write_text(make(name), encoding="utf-8")
