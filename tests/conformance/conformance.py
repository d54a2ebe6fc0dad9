"""The checker of recorded conversations: it plays scenarios against a broker and tells each difference.

The scenarios are plain JSON, and so are the recorded answers (golden files) of the Pact Broker. Values that a server
may choose freely (uuids, content fingerprints, verification numbers, interaction ids) are numbered placeholders like
`{UUID:1}` there. A check treats them as variables: the first comparison binds one to the value of the broker under
test, every later one has to agree. So identity is checked without pinning any value.
"""

import base64
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import requests

Json = Any
Object = dict[str, Json]
Difference = tuple[str, Json, Json]  # JSON pointer, what the golden transcript says, what the broker said

REQUEST_TIMEOUT, POLL_TIMEOUT, POLL_INTERVAL = 30.0, 15.0, 0.05  # seconds
#: The scenarios pause for a broker whose times are whole seconds; ours are microseconds.
LONGEST_PAUSE = 0.01

#: Links whose `name` is data: clients look entries up by it. Any other link name is decoration.
NAMED_RELATIONS = frozenset(
    {
        "curies",
        "pacts",
        "pb:pacts",
        "pb:record-deployment",
        "pb:record-release",
        "pb:environments",
        "pb:branches",
        "pb:consumer",
        "pb:provider",
        "pb:pacticipant",
        "pb:consumer-version",
        "pb:pacticipant-version",
    }
)
#: Shown or not depending on the clock; and a link that leads to another pacticipant by mistake of the reference.
IGNORED_MEMBERS = frozenset({"updatedAt", "pb:consumer-webhooks"})
#: Texts for humans: only their presence is compared.
TEXT_MEMBERS = frozenset({"text", "message", "reason", "error", "detail", "title", "logs"})
#: Arrays that are sets.
UNORDERED_MEMBERS = frozenset(
    {
        "tags",
        "branches",
        "branchVersions",
        "environments",
        "labels",
        "headBranchNames",
        "pactTags",
        "latestVerificationResultTags",
        "events",
        "pb:deployed-environments",
        "pb:released-environments",
        "pb:record-deployment",
        "pb:record-release",
    }
)
#: Link arrays with one entry per environment of the whole broker: only the scenario's own are compared.
SHARED_RELATIONS = frozenset({"pb:record-deployment", "pb:record-release"})

TOKEN = re.compile(
    r"(?P<TIME>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
    r"|(?<=/metadata/)(?P<METADATA>[^/?\s]+)|(?<=/pact-version/)(?P<SHA>[^/?\s{]+)"
    r"|(?<=/verification-results/)(?P<NUM>\d+)|(?<=webhooks/)(?P<KEY>[\w-]{16,})"
    r"|(?P<UUID>[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})"
)
PLACEHOLDER = re.compile(r"\{(UUID|SHA|NUM|ID):(\d+)\}")  # TIME and METADATA are not numbered
VARIABLE = re.compile(r"\$\{(\w+)\}")
#: A badge: a redirect to a badge service, or an SVG with `<title>label: message</title>` in these colours.
BADGE_URL = re.compile(r"/badge/((?:[^-]|--)+)-((?:[^-]|--)+)-(\w+)\.svg$")
BADGE_TITLE = re.compile(r"<title>(.*): (.*)</title>")
BADGE_COLOURS = {"#4c1": "brightgreen", "#e05d44": "red", "#fe7d37": "orange", "#9f9f9f": "lightgrey"}
ABSENT: Json = "{ABSENT}"


class SuiteError(Exception):
    """The run cannot go on: no broker, or files that cannot be used."""


class StepError(Exception):
    """A step cannot be carried out, or got no answer."""


class Variables(dict[str, str]):
    """Values captured from earlier answers."""

    def __missing__(self, name: str) -> str:
        raise StepError(f"no value for ${{{name}}}: the step that captures it failed")


def build_pact(spec: Object) -> Object:
    """A pact document that depends on `spec` alone. Of its members `interactions` and `messages` are counts, `seed`
    stands for the content, `states` for the provider states of every entry, `spec` for the specification version."""
    consumer, provider, seed = spec["consumer"], spec["provider"], spec.get("seed", "a")
    version, states = spec.get("spec", "2.0.0"), spec.get("states", [])

    def entry(kind: str, number: int) -> Object:
        item: Object = {"description": f"{kind} {number} ({seed}) from {consumer} to {provider}"}
        if states and version < "3":
            item["providerState"] = states[0]
        elif states:
            item["providerStates"] = [
                state if isinstance(state, dict) else {"name": state} for state in states
            ]
        if kind == "message":
            return item | {"contents": {"id": number, "seed": seed}}
        response = {"status": 200, "headers": {"Content-Type": "application/json"}, "body": {"id": number}}
        return item | {"request": {"method": "GET", "path": f"/{seed}/{number}"}, "response": response}

    pact: Object = {"consumer": {"name": consumer}, "provider": {"name": provider}}
    counts = {"interactions": 0 if "messages" in spec else 1, "messages": 0} | spec
    for member, kind in (("interactions", "request"), ("messages", "message")):
        if entries := [entry(kind, number) for number in range(1, counts[member] + 1)]:
            pact[member] = entries[::-1] if spec.get("reversed") else entries
    return pact | {"metadata": {"pactSpecification": {"version": version}}}


def build_base64(content: Json) -> str:
    """Strict base64 of a text, or of the compact JSON form of anything else."""
    text = (
        content
        if isinstance(content, str)
        else json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    )
    return base64.b64encode(text.encode()).decode()


BUILDERS: dict[str, Callable[[Json], Json]] = {
    "$pact": build_pact,
    "$base64": build_base64,
    "$nested": lambda depth: json.loads("[" * depth + "]" * depth),
}


def expand(value: Json, variables: Variables) -> Json:
    """Fill in `${variable}` and the `{"$builder": ...}` templates, innermost first."""
    if isinstance(value, str):
        return VARIABLE.sub(lambda match: variables[match[1]], value)
    if isinstance(value, list):
        return [expand(item, variables) for item in value]
    if isinstance(value, dict):
        value = {expand(key, variables): expand(item, variables) for key, item in value.items()}
        if len(value) == 1 and (builder := BUILDERS.get(next(iter(value)))):
            return builder(next(iter(value.values())))
    return value


def resolve(document: Json, pointer: str) -> Json:
    """Evaluate a JSON pointer; ABSENT if it leads nowhere."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(name) if isinstance(document, list) else name]
        except (KeyError, IndexError, TypeError, ValueError):
            return ABSENT
    return document


def as_json(text: str) -> Json:
    """Return the document in the text; the text itself when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def read_badge(response: requests.Response) -> str | None:
    """What a badge says, as `label | message | colour`; None if the answer is no badge."""
    if found := BADGE_URL.search(response.headers.get("Location", "")):
        label, message = (unquote(re.sub("([-_])\\1", "\\1", part)) for part in found.groups()[:2])
        return f"{label} | {message} | {found[3]}"
    if response.headers.get("Content-Type", "").startswith("image/svg+xml") and (
        found := BADGE_TITLE.search(response.text)
    ):
        colour = next(
            (name for code, name in BADGE_COLOURS.items() if code in response.text), "no known colour"
        )
        return f"{unescape(found[1])} | {unescape(found[2])} | {colour}"
    return None


def matches(pointer: str, patterns: list[str]) -> bool:
    """Return whether one of the patterns fits the pointer."""
    return any(fnmatchcase(pointer, pattern) for pattern in patterns)


class Reducer:
    """Reduces the answer to one step to what is compared; golden and fresh answers are treated alike."""

    def __init__(self, replacements: dict[str, str], marker: str, step: Object) -> None:
        self._replacements, self._marker = replacements, marker
        self._ignore, self._shared, self._shape = (
            step.get(name, []) for name in ("ignore", "shared", "shape")
        )

    def transcript(self, status: int, media_type: str, headers: dict[str, str], body: Json) -> Object:
        """Return what is compared of an answer with these parts."""
        if status >= 400 and media_type == "application/hal+json":
            media_type = "application/json"  # clients read errors alike, and the reference is of two minds
        entry: Object = {"status": status, "media_type": media_type if body is not None else None}
        entry["location"] = headers.pop("Location", None)
        entry["headers"] = {name: dict.fromkeys(value.split(", "), True) for name, value in headers.items()}
        entry = {key: value for key, value in entry.items() if value} | {"body": body}
        reduced: Object = self._reduce(entry, "", "", False)
        return reduced

    def _reduce(self, value: Json, pointer: str, key: str, shape_only: bool) -> Json:
        shape_only = shape_only or matches(pointer, self._shape)
        if isinstance(value, dict):
            if key == "_links":
                value = {relation: self._link(relation, link) for relation, link in value.items()}
            return {
                name: self._errors(item) if name == "errors" else self._reduce(item, place, name, shape_only)
                for name, item in value.items()
                if name not in IGNORED_MEMBERS and not matches(place := f"{pointer}/{name}", self._ignore)
            }
        if isinstance(value, list):
            items = [self._reduce(item, f"{pointer}/{n}", key, shape_only) for n, item in enumerate(value)]
            if key in SHARED_RELATIONS:
                return [item for item in items if self._marker in item["name"].lower()]
            if matches(pointer, self._shared):
                return [
                    item for item in items if self._marker in json.dumps(item, ensure_ascii=False).lower()
                ]
            return items
        if shape_only:
            return f"{{{type(value).__name__}}}"
        if not isinstance(value, str):
            return value
        if key in TEXT_MEMBERS and value:
            return "{TEXT}"
        if key == "shortDescription":  # a list of criteria; neither order nor repetitions matter
            return ", ".join(sorted(set(value.split(", "))))
        return self._href(value) if key in {"type", "location"} else self._text(value)

    def _link(self, relation: str, link: Json) -> Json:
        if isinstance(link, list):
            return [self._link(relation, item) for item in link]
        reduced = {"href": self._href(str(link["href"]))} if "href" in link else {}
        name = link.get("name")
        if name is not None and (relation in NAMED_RELATIONS or str(name).startswith("Pact between ")):
            reduced["name"] = name  # verifiers show the name of a pact as the name of the test
        return reduced | ({"templated": True} if link.get("templated") else {})

    def _errors(self, errors: Json) -> Json:
        """Field names count, wording does not; the index of the offending array element does."""
        if isinstance(errors, dict):
            return {
                name: self._errors(item if isinstance(item, list) else [item])
                for name, item in errors.items()
            }
        if errors and all(isinstance(item, dict) for item in errors):
            return [
                {k: self._text(item[k]) for k in ("type", "pointer", "parameter") if k in item}
                for item in errors
            ]
        indexes = (re.search(r" \(at index \d+\)|$", str(text)) for text in errors)
        return sorted({f"{{TEXT}}{index[0]}" for index in indexes if index})

    def _href(self, href: str) -> str:
        return self._text("{BASE}" + href if href.startswith("/") else href)

    def _text(self, text: str) -> str:
        for concrete, symbol in self._replacements.items():
            text = text.replace(concrete, symbol)
        return text


def tokenise(text: str, key: str) -> tuple[str, list[tuple[str, str]]]:
    """Split a text into a template with `{KIND}` holes and the values that fill the numbered ones."""
    values: list[tuple[str, str]] = []

    def replace(match: re.Match[str]) -> str:
        kind = "UUID" if match.lastgroup == "KEY" else str(match.lastgroup)
        if kind not in {"TIME", "METADATA"}:
            values.append((kind, match[0]))
        return f"{{{kind}}}"

    if key == "uuid" and text != "{TEXT}":
        return "{UUID}", [("UUID", text)]
    if key in {"_id", "interactionId"} and re.fullmatch("[0-9a-f]{40}", text):
        return "{ID}", [("ID", text)]
    return TOKEN.sub(replace, text), values


class Comparison:
    """Compares the transcripts of one scenario with golden ones and remembers what placeholders stand for."""

    def __init__(self) -> None:
        self._bound: dict[str, str] = {}
        self._unordered: list[str] = []

    def compare(self, golden: Object, actual: Object, unordered: list[str]) -> list[Difference]:
        """Return how the transcript of a step differs from the golden one."""
        if actual["status"] != golden["status"]:
            return [("/status", golden["status"], actual["status"])]
        self._unordered = unordered
        return list(self._walk(golden, actual, "", ""))

    def _walk(self, golden: Json, actual: Json, pointer: str, key: str) -> Iterator[Difference]:
        if isinstance(golden, dict) and isinstance(actual, dict):
            for name, item in golden.items():
                place = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
                if name in actual:
                    yield from self._walk(item, actual[name], place, name)
                else:
                    yield (place, item, ABSENT)
        elif isinstance(golden, list) and isinstance(actual, list):
            yield from self._walk_list(golden, actual, pointer, key)
        elif isinstance(golden, str) and isinstance(actual, str):
            if not self._unify(golden, actual, key):
                bound = {name: value for name, value in self._bound.items() if name in golden}
                yield (pointer, golden + (f" with {bound}" if bound else ""), actual)
        elif isinstance(golden, bool) != isinstance(actual, bool) or golden != actual:
            yield (pointer, golden, actual)

    def _walk_list(
        self, golden: list[Json], actual: list[Json], pointer: str, key: str
    ) -> Iterator[Difference]:
        if len(golden) != len(actual):
            yield (f"{pointer}/length", len(golden), len(actual))
        elif key in UNORDERED_MEMBERS or matches(pointer, self._unordered):
            yield from self._match_set(golden, actual, pointer)
        else:
            for index, (item, other) in enumerate(zip(golden, actual, strict=True)):
                yield from self._walk(item, other, f"{pointer}/{index}", key)

    def _match_set(self, golden: list[Json], actual: list[Json], pointer: str) -> Iterator[Difference]:
        left = list(actual)
        for index, item in enumerate(golden):
            for position, candidate in enumerate(left):
                before = dict(self._bound)
                if next(self._walk(item, candidate, f"{pointer}/{index}", ""), None) is None:
                    del left[position]
                    break
                self._bound = before
            else:
                yield (f"{pointer}/{index}", item, "no equal element")

    def _unify(self, golden: str, actual: str, key: str) -> bool:
        template, values = tokenise(actual, key)
        if PLACEHOLDER.sub(r"{\1}", golden) not in {template, actual}:
            return False
        for wanted, (kind, value) in zip(PLACEHOLDER.finditer(golden), values, strict=False):
            if self._bound.setdefault(wanted[0], value) != value:
                return False
            twins = sum(
                other == value and name.startswith(f"{{{kind}:") for name, other in self._bound.items()
            )
            if kind in {"UUID", "SHA"} and twins > 1:  # what differs in the reference has to differ here, too
                return False
        return True


class Receiver:
    """A small HTTP server that webhooks are sent to. Paths that contain `/broken` answer 500."""

    def __init__(self, host: str) -> None:
        arrived: list[Object] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode(
                    "utf-8", "replace"
                )
                arrived.append(
                    {"path": self.path, "headers": dict(self.headers.items()), "body": as_json(body)}
                )
                self.send_response(500 if "/broken" in self.path else 200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b'{"seen":true}')

            def log_message(self, format: str, *args: Json) -> None:  # noqa: A002 (names of the base)
                """Stay silent."""

        server = ThreadingHTTPServer((host, 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self._arrived, self.url = arrived, f"http://{host}:{server.server_port}"

    def collect(self, path: str, count: int, headers: list[str]) -> list[Object]:
        """Wait until `count` requests whose path starts with `path` have arrived, and hand them out."""
        deadline, found = time.monotonic() + POLL_TIMEOUT, list[Object]()
        while len(found) < count and time.monotonic() < deadline:
            time.sleep(POLL_INTERVAL)
            found = [item for item in self._arrived if item["path"].startswith(path)]
        for item in found:
            self._arrived.remove(item)
            sent = {name.lower(): value for name, value in item["headers"].items()}
            item["headers"] = {name: sent.get(name.lower()) for name in headers}
        return found


class Runner:
    """Carries out the steps of scenarios and yields their transcripts."""

    def __init__(self, base_url: str, receiver: Receiver) -> None:
        self._base, self._receiver = base_url.rstrip("/"), receiver
        self._session = requests.Session()
        self._session.trust_env = False
        self._ping()

    def _ping(self) -> None:
        try:
            self._session.get(
                self._base + "/", headers={"Accept": "application/hal+json"}, timeout=REQUEST_TIMEOUT
            )
        except requests.RequestException as error:
            raise SuiteError(f"cannot reach a broker at {self._base}: {error}") from error

    def run(self, scenario: Object) -> Iterator[tuple[Object, Object | StepError]]:
        """Carry out the steps one after the other, and yield each with its transcript."""
        variables = Variables(base=self._base, receiver=self._receiver.url)
        replacements = {self._base: "{BASE}", self._receiver.url: "{RECEIVER}"}
        for step in scenario["steps"]:
            try:
                yield step, self._perform(step, variables, Reducer(replacements, scenario["marker"], step))
            except StepError as error:
                yield step, error

    def _perform(self, step: Object, variables: Variables, reducer: Reducer) -> Object:
        time.sleep(min(step.get("pause", 0), LONGEST_PAUSE))
        if "receive" in step:
            return reducer.transcript(200, "", {}, {"requests": self._receiver.collect(**step["receive"])})
        deadline = time.monotonic() + POLL_TIMEOUT
        while True:
            response = self._send(step, variables)
            content = b"" if response.is_redirect else response.content
            body = as_json(content.decode("utf-8", "replace")) if content else None
            done = all(resolve(body, pointer) == value for pointer, value in step.get("until", {}).items())
            if done or time.monotonic() > deadline:
                break
            time.sleep(POLL_INTERVAL)
        for name, source in step.get("capture", {}).items():
            header = source.removeprefix("header:")
            value = resolve(body, source) if header == source else response.headers.get(header, ABSENT)
            variables.pop(name, None)
            if value is not ABSENT:
                variables[name] = str(value)
        if badge := read_badge(response):
            return reducer.transcript(200, "image/svg+xml", {}, {"badge": badge})
        shown = [name for name in ("Location", *step.get("show", ())) if name in response.headers]
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if isinstance(body, str) and not media_type.endswith("json"):
            body = "{TEXT}"
        return reducer.transcript(
            response.status_code, media_type, {n: response.headers[n] for n in shown}, body
        )

    def _send(self, step: Object, variables: Variables) -> requests.Response:
        path = expand(step["path"], variables)
        headers = {"Accept": "application/hal+json"} | expand(step.get("headers", {}), variables)
        data = (
            base64.b64decode(step.get("bytes", "")) or str(expand(step.get("body", ""), variables)).encode()
        )
        if "json" in step:
            data = json.dumps(expand(step["json"], variables), ensure_ascii=False).encode()
            headers = {"Content-Type": "application/json"} | headers
        url = path if path.startswith(self._base) else self._base + path
        request = requests.Request(step["method"], url, headers=headers, data=data or None)
        prepared = self._session.prepare_request(request)
        prepared.url = url  # as written: no second encoding of what the scenario spells out
        try:
            return self._session.send(prepared, timeout=REQUEST_TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:
            self._ping()
            raise StepError(f"no answer: {error}") from error


def load(path: Path) -> Json:
    """Return the document in the file."""
    return json.loads(path.read_text(encoding="utf-8"))


def check_scenario(runner: Runner, scenario: Object, golden: Object) -> list[tuple[str, list[Difference]]]:
    """Return the differences of every step, by name."""
    if [step["name"] for step in scenario["steps"]] != [step["name"] for step in golden["steps"]]:
        raise SuiteError(f"{scenario['id']}: the golden file is of another version of the scenario")
    comparison, results = Comparison(), []
    for (step, transcript), wanted in zip(runner.run(scenario), golden["steps"], strict=True):
        if isinstance(transcript, StepError):
            differences = [("", wanted["status"], str(transcript))]
        else:
            expected = {key: value for key, value in wanted.items() if key != "name"}
            differences = comparison.compare(expected, transcript, step.get("unordered", []))
        results.append((step["name"], differences))
    return results


def explain(results: list[tuple[str, list[Difference]]]) -> str:
    """Return a line for each step that differs, and below it what was expected and what came."""
    lines = []
    for position, (name, differences) in enumerate(results, 1):
        lines += [f"step {position}: {name}"] if differences else []
        for pointer, expected, got in differences:
            lines.append(f"  {pointer or '/'}: expected {json.dumps(expected, ensure_ascii=False):.500}")
            lines.append(f"  {' ' * len(pointer)}       got {json.dumps(got, ensure_ascii=False):.500}")
    return "\n".join(lines)
