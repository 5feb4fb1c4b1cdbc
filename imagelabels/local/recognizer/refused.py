class RefusedError(Exception):
    """An error as Rekognition answers it: its name and a sentence."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name
