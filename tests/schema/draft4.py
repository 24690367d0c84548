"""The schema of pipeline files, judged by a validator that knows all of draft 4.

usage: draft4.py SOURCE_DIR
"""

import json
import pathlib
import re
import sys
import unittest

import jsonschema
import yaml

SOURCE = pathlib.Path(sys.argv.pop(1)).resolve()
SCHEMA = json.loads((SOURCE / "schemas" / "pipeline.schema.json").read_text())


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2 as editors read it: no times, and only true and false are booleans."""


CoreLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers
            if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool",
                           "tag:yaml.org,2002:int")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), "tf")
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[-+]?[0-9]+$"),
                                 "-+0123456789")


def read(text):
    return yaml.load(text, Loader=CoreLoader)


class Draft4(unittest.TestCase):
    def setUp(self):
        self.validator = jsonschema.Draft4Validator(SCHEMA)

    def test_is_a_schema_of_draft_4(self):
        self.assertEqual(SCHEMA["$schema"], "http://json-schema.org/draft-04/schema#")
        jsonschema.Draft4Validator.check_schema(SCHEMA)

    def test_has_no_reference_into_the_void(self):
        for name in set(re.findall(r'"#/definitions/([^"]+)"', json.dumps(SCHEMA))):
            self.assertIn(name, SCHEMA["definitions"])

    def test_accepts_what_ships(self):
        files = sorted((SOURCE / "pipelines").glob("*.yaml"))
        files += sorted((SOURCE / "tests" / "pipeline").glob("*.yaml"))
        self.assertGreater(len(files), 3)
        for file in files:
            with self.subTest(file=file.name):
                errors = [f"{list(one.absolute_path)}: {one.message}"
                          for one in self.validator.iter_errors(read(file.read_text()))]
                self.assertEqual(errors, [])

    def test_rejects_what_is_broken(self):
        demo = (SOURCE / "pipelines" / "demo.yaml").read_text()
        for broken in yaml.safe_load((SOURCE / "tests" / "schema" / "broken.yaml").read_text()):
            with self.subTest(broken=broken["name"]):
                self.assertIn(broken["what"], demo, "the demo has changed")
                text = demo.replace(broken["what"], broken["with"], 1)
                self.assertFalse(self.validator.is_valid(read(text)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
