"""What a reader has done: mine/.progress.json. It survives whatever happens to the companion."""
import json
import os
import sys

from exercises import MINE

PARTS = ("exercises", "hints", "predictions", "bugs")


class Progress:
    """exercises: {name: right}; hints: {name: levels seen}; predictions: {"01/weight": {"said",
    "right"}}; bugs: {"01": found}; at: where the reader was."""

    def __init__(self, path=None):
        self.path = path or MINE / ".progress.json"
        self.values = {part: {} for part in PARTS}
        self.values["at"] = None
        try:
            read = json.loads(self.path.read_text())
            for part in PARTS:
                self.values[part].update(read.get(part, {}))
            self.values["at"] = read.get("at")
        except FileNotFoundError:
            pass
        except (ValueError, AttributeError, TypeError, OSError) as error:
            aside = self.path.with_suffix(".broken")
            print(f"cairn: {self.path} cannot be read ({error}); it is {aside.name} now, and a new "
                  "one is begun", file=sys.stderr)
            os.replace(self.path, aside)

    def __getitem__(self, part):
        return self.values[part]

    def note(self, part, key, value):
        self.values[part][key] = value
        self.save()

    def stand_at(self, label):
        if self.values["at"] != label:
            self.values["at"] = label
            self.save()

    def save(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        written = self.path.with_suffix(".new")
        written.write_text(json.dumps(self.values, indent=1) + "\n")
        os.replace(written, self.path)  # all of it or nothing
