"""The time in a history."""

from datetime import datetime, timedelta

from histories.shapes import Shape


class Clock:
    """Moments that never go back; the shape's days are divided into as many equal steps as are wanted."""

    def __init__(self, shape: Shape, steps: int) -> None:
        self._end, self._steps = shape.end, steps
        self._step = shape.days * 86_400 / max(steps, 1)
        self._now = shape.end - timedelta(days=shape.days)

    def start(self, step: int) -> datetime:
        """Return the moment at which a step begins, or the present one if that is later."""
        self._now = max(self._now, self._end - timedelta(seconds=self._step * (self._steps - step)))
        return self.now()

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass, though not more than an eighth of a step."""
        self._now += timedelta(seconds=min(seconds, self._step / 8))

    def now(self) -> datetime:
        """Return the present moment, in whole seconds."""
        return self._now.replace(microsecond=0)
