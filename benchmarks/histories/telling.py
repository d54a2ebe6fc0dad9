"""The histories of shapes, from their beginning."""

from collections.abc import Iterable, Iterator

from histories.clock import Clock
from histories.extremes import failing_services, hub_services, tell_failing, tell_hot, tell_hub
from histories.mesh import Mesh
from histories.records import Environment, Participant, Record
from histories.shapes import ENVIRONMENTS, Shape


def tell(*shapes: Shape) -> Iterator[Record]:
    """Yield all that happens in estates of these shapes, in order, one estate after the other."""
    began = Clock(shapes[0], 1).now()
    yield from (Environment(name, production, began) for name, production in ENVIRONMENTS)
    for shape in shapes:
        names, records = _begin(shape)
        at = Clock(shape, 1).now()
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
