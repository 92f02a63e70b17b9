"""What a disk may hold after a power cut, from the calls of a writer.

Everything that was flushed is there. Of each later write any sectors of 512 bytes may be there, of
later changes to the folder any first part (a flushed new file is in its folder, as ext4 has it).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.tracing import Call

SECTOR = 512


@dataclass
class Node:
    """One file: what is on the disk for sure, and what was written since."""

    sure: bytearray = field(default_factory=bytearray)
    pending: list[Call] = field(default_factory=list)
    size: int = 0


class Disk:
    """One folder on a disk that loses its power."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, Node] = {}
        self.sure_names: dict[str, Node] = {}
        self.changes: list[tuple[str, str, Node | None]] = []
        for file in folder.iterdir():
            if file.is_file() and not file.name.endswith("-shm"):
                data = file.read_bytes()
                self.names[file.name] = Node(bytearray(data), [], len(data))
        self.sure_names = dict(self.names)
        self.acked = 0

    def _name(self, path: str) -> str | None:
        place = Path(path)
        mine = place.parent == self.folder and not place.name.endswith(("-shm", ".lock"))
        return place.name if mine else None

    def take(self, call: Call) -> None:
        """One more call."""
        if call.kind == "said":
            word, _, rest = call.data.decode().strip().partition(" ")
            self.acked = int(rest) if word == "ack" else self.acked
        elif call.kind == "flush" and Path(call.path) == self.folder:
            self.sure_names = dict(self.names)
            self.changes.clear()
        elif (name := self._name(call.path)) is not None:
            getattr(self, f"_{call.kind}")(name, call)

    def _create(self, name: str, call: Call) -> None:
        if name not in self.names:
            self.names[name] = Node()
            self.changes.append(("create", name, self.names[name]))
        elif call.other:
            self._truncate(name, Call("truncate", call.path, at=0))

    def _write(self, name: str, call: Call) -> None:
        node = self.names[name]
        at = node.size if call.at < 0 else call.at
        node.pending.append(Call("write", call.path, call.data, at))
        node.size = max(node.size, at + len(call.data))

    def _truncate(self, name: str, call: Call) -> None:
        self.names[name].pending.append(call)
        self.names[name].size = call.at

    def _flush(self, name: str, _call: Call) -> None:
        node = self.names[name]
        for one in node.pending:
            put(node.sure, one, None)
        node.pending.clear()
        for n, (kind, _name, made) in enumerate(self.changes):
            if kind == "create" and made is node:
                self.sure_names[name] = node
                del self.changes[n]
                break

    def _rename(self, name: str, call: Call) -> None:
        node = self.names.pop(name)
        target = Path(call.other).name
        self.names[target] = node
        self.changes.append((f"rename {target}", name, node))

    def _unlink(self, name: str, _call: Call) -> None:
        self.names.pop(name, None)
        self.changes.append(("unlink", name, None))

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """One possible content of the folder."""
        names = dict(self.sure_names)
        for kind, name, node in self.changes[: chance.randint(0, len(self.changes))]:
            if kind == "unlink":
                names.pop(name, None)
            elif node is not None:
                names.pop(name, None)
                names[kind.partition(" ")[2] or name] = node
        return {name: self._content(node, chance) for name, node in names.items()}

    @staticmethod
    def _content(node: Node, chance: random.Random) -> bytes:
        data = bytearray(node.sure)
        way = chance.choice(("lost", "kept", "mixed", "mixed", "first", "torn"))
        first = chance.randint(0, len(node.pending))
        for n, call in enumerate(node.pending):
            if way == "kept" or (way == "first" and n < first):
                put(data, call, None)
            elif way == "torn" or (way == "mixed" and chance.random() < 0.5):
                put(data, call, chance)
        return bytes(data)


def put(data: bytearray, call: Call, chance: random.Random | None) -> None:
    """Do a write or a truncation; with ``chance`` only some of its sectors come through."""
    if call.kind == "truncate":
        if chance is None or chance.random() < 0.5:
            data[:] = data[: call.at] + bytes(max(0, call.at - len(data)))
        return
    at, end = call.at, call.at + len(call.data)
    while at < end:
        upto = min(end, (at // SECTOR + 1) * SECTOR)
        if chance is None or chance.random() < 0.5:
            if len(data) < upto:
                data.extend(bytes(upto - len(data)))
            data[at:upto] = call.data[at - call.at : upto - call.at]
        at = upto
