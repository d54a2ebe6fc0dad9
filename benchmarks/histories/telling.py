"""The history of a shape, from its beginning."""

from collections.abc import Iterable, Iterator

from histories.clock import Clock
from histories.extremes import failing_services, hub_services, tell_failing, tell_hot, tell_hub
from histories.mesh import Mesh
from histories.records import Environment, Participant, Record
from histories.shapes import ENVIRONMENTS, Shape


def tell(shape: Shape) -> Iterator[Record]:
    """Yield all that happens in an estate of this shape, in order."""
    names, records = _begin(shape)
    at = Clock(shape, 1).now()
    yield from (Environment(name, production, at) for name, production in ENVIRONMENTS)
    yield from (Participant(name, at) for name in names)
    yield from records


def _begin(shape: Shape) -> tuple[Iterable[str], Iterator[Record]]:
    """Return the services of a shape, and what they do."""
    if shape.kind == "mesh":
        mesh = Mesh(shape)
        return mesh.services, mesh.run()
    if shape.kind == "hub":
        return hub_services(shape), tell_hub(shape)
    if shape.kind == "hot":
        return ["hot-consumer", "hot-provider"], tell_hot(shape)
    return failing_services(shape), tell_failing(shape)
