"""A clock that tests set, in the place of the module `time`."""


class Clock:
    """It stands still until somebody sleeps; `slept` are the seconds of each sleep."""

    def __init__(self, now: float) -> None:
        self.now, self.slept = now, list[float]()

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        if seconds:
            self.slept.append(seconds)
        self.now += seconds
