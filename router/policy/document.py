"""A file of the policy as it was read: its values, where each stands, and what is wrong with it."""

from dataclasses import dataclass, field

from router.policy.phrases import dotted

KeyPath = tuple[str | int, ...]
Place = tuple[int, int]
"""(line, column), counted from 1."""


@dataclass(slots=True)
class Document:
    """One YAML file: its values, where each stands, and what is wrong with it."""

    name: str
    value: object = None
    places: dict[KeyPath, Place] = field(default_factory=dict)
    """The place of each value; of its key, where it has one."""
    found: list[tuple[Place, str]] = field(default_factory=list)
    _wrong: set[KeyPath] = field(default_factory=set)
    """The paths at which something is wrong."""
    _around: set[KeyPath] = field(default_factory=set)
    """These, and every path that one of them lies in."""

    def mistake(self, path: KeyPath, text: str, *, at: Place | None = None) -> None:
        """Add a mistake at a path; it stands there, or at the nearest place around, where `at` names none."""
        self.found.append((at or self.place(path), f"{dotted(path)}: {text}" if path else text))
        self._wrong.add(path)
        self._around.update(path[:length] for length in range(len(path) + 1))

    def sound(self, path: KeyPath, *keys: str) -> bool:
        """Say whether no mistake is noted at a path or inside it; with keys, inside these of its keys."""
        inside = [(*path, key) for key in keys] or [path]
        return path not in self._wrong and self._around.isdisjoint(inside)

    def place(self, path: KeyPath) -> Place:
        """Return where a path stands, or the nearest place around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    @property
    def mistakes(self) -> list[str]:
        """One line each, in the file's order."""
        return [f"{self.name}:{line}:{column}: {text}" for (line, column), text in sorted(set(self.found))]
