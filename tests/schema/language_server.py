"""Asks an editor's YAML language server what it makes of a shipped pipeline.

usage: language_server.py SOURCE_DIR BUILD_DIR

The server is the npm package that editors use, installed into BUILD_DIR on the first run.
"""

import json
import pathlib
import subprocess
import sys
import unittest

VERSION = "1.15.0"
SOURCE = pathlib.Path(sys.argv.pop(1)).resolve()
FOLDER = pathlib.Path(sys.argv.pop(1)).resolve() / "yaml-language-server"
DEMO = SOURCE / "pipelines" / "demo.yaml"


def install():
    """Installs the pinned version; says what to do if that cannot be."""
    manifest = FOLDER / "node_modules" / "yaml-language-server" / "package.json"
    if manifest.exists() and json.loads(manifest.read_text())["version"] == VERSION:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--no-audit", "--no-fund", "--no-save", "--prefix", str(FOLDER),
               f"yaml-language-server@{VERSION}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        problem = done.stderr if done.returncode else ""
    except (OSError, subprocess.TimeoutExpired) as error:
        problem = str(error)
    if problem:
        sys.exit(f"yaml-language-server {VERSION} could not be installed:\n{problem}\n"
                 f"This test needs node, npm and its registry. By hand: {' '.join(command)}")


class Server:
    """The language server as a child process; messages as its protocol has them."""

    def __init__(self):
        program = FOLDER / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
        self.process = subprocess.Popen(["node", str(program), "--stdio"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.last_id = 0
        self.diagnostics = {}
        self.settings = {"yaml": {"validate": True, "completion": True, "hover": True,
                                  "schemaStore": {"enable": False}}}
        self.request("initialize", {
            "processId": None, "rootUri": SOURCE.as_uri(),
            "workspaceFolders": [{"uri": SOURCE.as_uri(), "name": "spillway"}],
            "capabilities": {
                "workspace": {"configuration": True, "workspaceFolders": True},
                "textDocument": {"completion": {"completionItem": {
                    "documentationFormat": ["markdown"], "snippetSupport": True}}}}})
        self.notify("initialized", {})
        self.notify("workspace/didChangeConfiguration", {"settings": self.settings})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self):
        length = 0
        while (line := self.process.stdout.readline().strip()):
            name, value = line.split(b":", 1)
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise EOFError("the language server has ended")
        return json.loads(self.process.stdout.read(length))

    def handle(self, message):
        """What the server asks or tells by itself."""
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            self.diagnostics[params["uri"]] = params["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            sections = [self.settings.get(item.get("section"), {})
                        for item in message["params"]["items"]]
            self.send({"id": message["id"], "result": sections})
        elif "method" in message and "id" in message:
            self.send({"id": message["id"], "result": None})

    def request(self, method, params):
        self.last_id += 1
        self.send({"id": self.last_id, "method": method, "params": params})
        while True:
            message = self.receive()
            if message.get("id") == self.last_id and "method" not in message:
                if "error" in message:
                    raise RuntimeError(message["error"])
                return message["result"]
            self.handle(message)

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def open(self, name, text):
        uri = (SOURCE / "pipelines" / name).as_uri()  # where its schema is found from
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": uri, "languageId": "yaml", "version": 1, "text": text}})
        return uri

    def diagnostics_of(self, uri):
        while uri not in self.diagnostics:
            self.handle(self.receive())
        return self.diagnostics[uri]

    def complete(self, name, text):
        """What is offered at the `|` of the text, by label."""
        before = text[:text.index("|")]
        uri = self.open(name, text.replace("|", "", 1))
        position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        answer = self.request("textDocument/completion",
                              {"textDocument": {"uri": uri}, "position": position})
        items = answer["items"] if isinstance(answer, dict) else answer
        return {item["label"]: item for item in items}

    def close(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def documentation(item):
    text = item.get("documentation", "")
    return text["value"] if isinstance(text, dict) else text


class LanguageServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install()
        cls.server = Server()
        cls.demo = DEMO.read_text()

    @classmethod
    def tearDownClass(cls):
        cls.server.close()

    def edited(self, what, by):
        self.assertIn(what, self.demo, "the demo has changed")
        return self.demo.replace(what, by, 1)

    def test_finds_nothing_wrong_with_shipped_pipelines(self):
        for file in sorted((SOURCE / "pipelines").glob("*.yaml")):
            uri = self.server.open(file.name, file.read_text())
            self.assertEqual(self.server.diagnostics_of(uri), [], file.name)

    def test_points_at_a_misspelt_option(self):
        text = self.edited("min_notional: 100_000", "min_notionals: 100_000")
        uri = self.server.open("misspelt.yaml", text)
        found = self.server.diagnostics_of(uri)
        line = text[:text.index("min_notionals")].count("\n")
        self.assertIn(line, [one["range"]["start"]["line"] for one in found], found)

    def test_offers_the_types_of_plugins(self):
        offered = self.server.complete("types.yaml", self.edited(
            "  # For the terminal:", "  another:\n    type: |\n\n  # For the terminal:"))
        for name in ("cascades", "filter", "window", "normalise", "alerts"):
            self.assertIn(name, offered)
        self.assertNotIn("sqlite", offered)
        self.assertNotIn("replay", offered)

    def test_offers_options_with_their_docs(self):
        offered = self.server.complete("options.yaml", self.edited(
            "    min_notional: 100_000", "    |\n    min_notional: 100_000"))
        self.assertIn("min_events", offered)
        self.assertIn("window", offered)
        self.assertIn("run", offered)
        self.assertNotIn("min_notional", offered)  # is there already
        self.assertNotIn("where", offered)         # of another plugin
        self.assertTrue(documentation(offered["min_events"]))

    def test_offers_the_values_of_a_choice(self):
        offered = self.server.complete("choices.yaml",
                                       self.edited("profile: scaled", "profile: |"))
        self.assertLessEqual({"scaled", "classic", "monotone"}, set(offered))

    def test_offers_engine_options(self):
        offered = self.server.complete("engine.yaml", self.edited(
            "    profile: scaled\n", "    profile: scaled\n    run:\n      |\n"))
        self.assertIn("parallelism", offered)
        self.assertTrue(documentation(offered["parallelism"]))

    def test_offers_the_keys_of_a_test(self):
        text = self.demo + "\n  - name: shows something\n    |\n"
        offered = self.server.complete("tests.yaml", text)
        self.assertLessEqual({"input", "expect", "books", "set"}, set(offered))


if __name__ == "__main__":
    unittest.main(verbosity=2)
