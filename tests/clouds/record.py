#!/usr/bin/env python3
"""Records what the `openstack` command does with many configurations.

Run it with the Python of an environment that has python-openstackclient:

    …/bin/python tests/clouds/record.py

Each configuration of `cases.py` is a set of files and variables. The command lists flavors and
networks with it, against a Keystone that this script plays, and what it sends to log in, and
which addresses of the services it then uses, goes to `table.json`, which
`tests/it/clouds.rs` holds the SDK to. Addresses of this machine are written as `{keystone}`.

Only what is new in `cases.py` is tried, unless `--again` is given; words choose cases by their
names, and show them instead of writing the table. What the SDK does instead in a case that says
why it differs is written by `SCS_RECORD=1 cargo test -p scs-tests --test it clouds::`.
"""

import base64
import contextlib
import http.server
import importlib
import io
import json
import os
import pathlib
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))

import cases  # noqa: E402

SERVICES = [("compute", "compute", "/compute/v2.1"), ("network", "network", "/network/v2.0"),
            ("identity", "identity", "/identity/v3"), ("compute", "second", "/second/compute/v2.1"),
            ("compute_legacy", "old", "/old/compute/v2")]
REGIONS = ["RegionOne", "RegionTwo"]
INTERFACES = ["public", "internal", "admin"]


class Keystone(http.server.BaseHTTPRequestHandler):
    """Issues a token to whoever asks, and has two regions with three interfaces each."""

    protocol_version = "HTTP/1.1"
    seen = []

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer("GET")

    def do_POST(self):
        self.answer("POST")

    def answer(self, method):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        root = f"http://{self.headers['Host']}"
        path = self.path.split("?")[0]
        self.seen.append((method, path, body, self.headers.get("Authorization")))
        status, answer, headers = self.content(method, root, path.rstrip("/"))
        text = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def content(self, method, root, path):
        if method == "POST" and path.endswith("/auth/tokens"):
            return 201, {"token": self.token(root)}, {"X-Subject-Token": "issued"}
        if method == "POST" and path.endswith("/token"):
            tokens = {"access_token": "of-the-provider", "id_token": "who-it-is", "expires_in": 300}
            return 200, tokens, {}
        if method == "POST" and "/OS-FEDERATION/" in path:
            return 201, {"token": self.token(root)}, {"X-Subject-Token": "unscoped"}
        if path.endswith("openid-configuration"):
            realm = root + path.removesuffix("/.well-known/openid-configuration")
            return 200, {"issuer": realm, "token_endpoint": realm + "/token"}, {}
        if path.endswith("/.well-known/openstack/api"):
            return 200, {"name": "remote", "profile": {
                "auth": {"auth_url": root + "/remote/v3", "user_domain_name": "remote-domain"},
                "region_name": "RegionTwo"}}, {}
        if "/compute" in path:
            if path.endswith("/flavors/detail"):
                return 200, {"flavors": []}, {}
            about = {"id": "v2.1", "status": "CURRENT", "version": "2.96", "min_version": "2.1",
                     "links": [{"rel": "self", "href": root + path + "/"}]}
            return 200, {"version": about}, {}
        if path.endswith("/v2.0/networks"):
            return 200, {"networks": []}, {}
        if "/network" in path:
            about = {"id": "v2.0", "status": "CURRENT",
                     "links": [{"rel": "self", "href": root + path + "/"}]}
            return 200, {"versions": [about]}, {}
        if path.startswith("/nowhere"):
            return 404, {}, {}
        base = root + path.removesuffix("/v3").removesuffix("/v2.0")
        about = {"id": "v3.14", "status": "stable", "updated": "2020-04-07T00:00:00Z",
                 "links": [{"rel": "self", "href": base + "/v3/"}], "media-types": []}
        if path.endswith("/v3"):
            return 200, {"version": about}, {}
        if path.endswith("/v2.0"):
            return 404, {}, {}
        return 300, {"versions": {"values": [about]}}, {}

    def token(self, root):
        catalog = [
            {"type": service, "name": name, "id": name, "endpoints": [
                {"region": region, "region_id": region, "interface": interface,
                 "id": f"{region}{interface}{name}",
                 "url": f"{root}/{region}/{interface}{path}"}
                for region in REGIONS for interface in INTERFACES]}
            for service, name, path in SERVICES]
        return {
            "methods": ["password"], "roles": [{"id": "r", "name": "member"}],
            "user": {"id": "u", "name": "ada", "domain": {"id": "default", "name": "Default"}},
            "project": {"id": "p", "name": "engine", "domain": {"id": "default", "name": "Default"}},
            "issued_at": "2026-01-01T00:00:00.000000Z", "expires_at": "2036-01-01T00:00:00.000000Z",
            "catalog": catalog,
        }


def run_case(case, root, address, pipe):
    """In a process of its own: the reference reads places and variables when it is loaded."""
    home = root / "home"
    cwd = root / "work"
    for folder in (home, cwd):
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in case.get("files", {}).items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(place(text, root, address))
    os.chdir(root / case.get("directory", "work"))
    for name in list(os.environ):
        if name.startswith(("OS_", "XDG_")):
            del os.environ[name]
    os.environ["HOME"] = str(home)
    os.environ["XDG_CONFIG_DIRS"] = str(root / "site")
    for name, text in case.get("env", {}).items():
        os.environ[name] = place(text, root, address)
    from openstack.config import loader
    importlib.reload(loader)
    from osc_lib.cli import client_config
    importlib.reload(client_config)
    from osc_lib import shell as library
    from openstackclient import shell
    library.cloud_config = client_config
    importlib.reload(__import__("openstackclient.common.clientmanager", fromlist=["x"]))
    # Nobody is asked.
    sys.stdin = open(os.devnull)
    words = io.StringIO()
    outcome = {}
    cloud = ["--os-cloud", case["cloud"]] if case.get("cloud") else []
    for service, command in (("compute", "flavor"), ("network", "network")):
        mark = len(Keystone.seen)
        status = 1
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(words):
            try:
                status = shell.OpenStackShell().run([*cloud, command, "list"])
            except BaseException as error:  # noqa: BLE001
                words.write(f"{type(error).__name__}: {error}")
        outcome[service] = status
    outcome["words"] = words.getvalue()[-300:]
    pipe.write(json.dumps(outcome))


def place(text, root, address):
    return text.replace("{keystone}", address).replace("{root}", str(root))


def record(case, server):
    Keystone.seen.clear()
    address = f"http://127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            with os.fdopen(writing, "w") as pipe:
                try:
                    run_case(case, root, address, pipe)
                except BaseException as error:  # noqa: BLE001
                    pipe.write(json.dumps({"compute": 1, "network": 1, "words": repr(error)}))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            outcome = json.loads(pipe.read() or '{"words": "died"}')
        os.waitpid(child, 0)
    return summary(case["name"], Keystone.seen, outcome)


def summary(name, seen, outcome):
    logins = []
    used = {}
    for method, path, body, authorization in seen:
        if method == "POST" and (path.endswith("/auth/tokens") or "/OS-FEDERATION/" in path):
            login = {"path": path.replace("//", "/")}
            if body:
                login["body"] = json.loads(body)
            if authorization and authorization.startswith("Bearer"):
                login["bearer"] = authorization.removeprefix("Bearer ")
            if login not in logins:
                logins.append(login)
        for service, end in (("compute", "/flavors/detail"), ("network", "/networks")):
            if method == "GET" and path.endswith(end):
                used[service] = path.removesuffix(end)
    if outcome.get("compute") == 0 and outcome.get("network") == 0 and set(used) == {"compute", "network"}:
        return {"login": logins} | used
    # That it fails is a fact; its words are its own.
    print(f"{name}: {outcome['words']}", file=sys.stderr)
    result = {"error": True}
    if logins:
        result["sent"] = logins
    return result


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keystone)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    from openstackclient import shell  # noqa: F401  (loaded once, for all children)
    shell.OpenStackShell()
    only = [word for word in sys.argv[1:] if not word.startswith("--")]
    file = HERE / "table.json"
    known = {case["name"]: case for case in json.loads(file.read_text())} if file.exists() else {}
    table = []
    for case in cases.all_cases():
        if only and not any(word in case["name"] for word in only):
            continue
        before = known.get(case["name"], {})
        same = all(before.get(key) == case[key] for key in ("files", "env", "cloud"))
        again = only or "--again" in sys.argv or not same
        case["reference"] = record(case, server) if again else before["reference"]
        if "why" in case and "instead" in before:
            case["instead"] = before["instead"]
        table.append(case)
        if only:
            print(json.dumps(case, indent=1))
    if not only:
        names = [case["name"] for case in table]
        assert len(names) == len(set(names)), [n for n in names if names.count(n) > 1]
        lines = ",\n".join(json.dumps(case, ensure_ascii=False, sort_keys=True) for case in table)
        file.write_text(f"[\n{lines}\n]\n")
        good = sum("login" in case["reference"] for case in table)
        print(f"{len(table)} configurations, {good} of which log in")


if __name__ == "__main__":
    main()
