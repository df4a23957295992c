"""The configurations that `record.py` tries."""

import itertools

WHO = {"username": "ada", "password": "swordfish", "user_domain_name": "people"}
SCOPED = {**WHO, "project_name": "engine", "project_domain_name": "machines"}
CREDENTIAL = {"application_credential_id": "ac1", "application_credential_secret": "s3cret"}
APPLICATION = {"auth_type": "v3applicationcredential"}
OIDC = {"identity_provider": "keycloak", "protocol": "openid", "client_id": "cli",
        "discovery_endpoint": "{keystone}/realms/r/.well-known/openid-configuration",
        "project_name": "engine", "project_domain_name": "machines"}


# Why the SDK does something else.
TEXT = "a text is what is written"
NULL = "null is the same as nothing"
KIND = "what the command crashes on has one meaning"
DASH = "a dash is an underscore"
SCOPE = "an application credential with a scope is refused before it is sent"
PUBLIC = "an OpenID client may have no secret"
NOBODY = "who owns the credential is needed"
ENCODED = "a name is one segment of a path"
VARIABLE = "variables count before files"
BROKEN = "a broken file is an error"
ABSENT = "a file that is named and not there is an error"
UNVERSIONED = "the version of an API is in the path of its address"

WHY = {
    "scopes": {**{f"{kind}, {project}, a domain": KIND for kind in ("token", "v3token") for project in
                  ("project", "project id", "tenant", "tenant id", "name and id", "tenant and project")}},
    "credentials": {"name alone": NOBODY, "with project": SCOPE, "with project id": SCOPE, "with OS_PROJECT_NAME": SCOPE},
    "openid": {"public client": PUBLIC, "access token, odd names": ENCODED},
    "spellings": {"dashed auth-type": DASH, "json with tabs": NULL, "a cloud with a number for a name": TEXT},
    "scalars": {**{f"password {text}": TEXT for text in ("0123", "1_000", "0x1F", "1.10", "2024.10", ".5", "+1", "yes", "no", "on", "true",
                                                         "False", "1:30", "2026-11-21", ".inf", ".nan")},
                **{f"{key} {text}": TEXT for key in ("project_id", "username", "project_name", "user_domain_id")
                   for text in ("0123", "0x1F", "2024.10", "yes", "true")}, "username 2026-11-21": TEXT,
                **{f"{key} null": NULL for key in ("project_id", "project_name", "user_domain_id", "region_name")}, "project_name empty": NULL,
                "a list for a password": TEXT, "a list for a username": TEXT},
    "overrides": {"unversioned": UNVERSIONED},
    "interfaces": {"variable over endpoint_type": VARIABLE},
    "places": {"broken is skipped": BROKEN, "auth is null and all beside it": NULL},
    "options": {"v3applicationcredential, unscoped": SCOPE},
    "federation": {"public client": PUBLIC, "user_name": KIND},
    "pairs": {pair: KIND for pair in (
        "federated, domain_name auth, identity_api_version variable", "federated, project_id beside, domain_name region",
        "federated, domain_name region, identity_api_version variable", "token, username beside, domain_name variable",
        "token, project_id region, domain_name variable", "token, project_id profile, domain_name variable",
        "token, domain_name profile, auth_url variable", "token, domain_name variable, identity_api_version variable")},
    "profiles": {"null, and cloud": NULL, "without auth": NULL},
    "secure": {"null cloud": NULL, "null auth": NULL, "null password": NULL, "null clouds": NULL, "broken": BROKEN},
    "oddities": {"insecure 0": KIND, "insecure 1": KIND, "null values": NULL, "cacert that is not there": ABSENT},
}


def entry(auth, top=None, name="one"):
    """A cloud; values are YAML as written."""
    lines = [f"  {name}:"]
    if auth is not None:
        lines += ["    auth:"] + [f"      {key}: {value}" for key, value in auth.items()]
    lines += [f"    {key}: {value}" for key, value in (top or {}).items()]
    return "\n".join(lines) + "\n"


def yaml(auth, top=None, name="one"):
    return "clouds:\n" + entry({"auth_url": "{keystone}/v3", **auth}, top, name)


def case(name, auth=None, top=None, env=None, cloud="one", files=None, **more):
    files = dict(files or {})
    if auth is not None:
        files.setdefault("work/clouds.yaml", yaml(auth, top))
    return {"name": name, "files": files, "env": env or {}, "cloud": cloud, **more}


def all_cases():
    for family in (choice, addresses, people, scopes, credentials, other_types, openid, variables,
                   spellings, scalars, regions, interfaces, overrides, profiles, secure, places,
                   real_clouds, combinations, oddities, options, services, federation, pairs):
        for one in family():
            why = WHY.get(family.__name__, {}).get(one["name"])
            if why:
                one["why"] = why
            one["name"] = f"{family.__name__}: {one['name']}"
            yield one


def choice():
    one = {"work/clouds.yaml": yaml(SCOPED)}
    two = {"work/clouds.yaml": yaml(SCOPED) + entry(
        {"auth_url": "{keystone}/v3", **WHO, "project_id": "p2"}, name="two")}
    alone = {"OS_AUTH_URL": "{keystone}/v3", "OS_USERNAME": "eve", "OS_PASSWORD": "apple",
             "OS_USER_DOMAIN_ID": "default", "OS_PROJECT_ID": "pe"}
    yield case("by name", files=two, cloud="two")
    yield case("by OS_CLOUD", files=two, cloud=None, env={"OS_CLOUD": "two"})
    yield case("name beats OS_CLOUD", files=two, cloud="one", env={"OS_CLOUD": "two"})
    yield case("the only one", files=one, cloud=None)
    yield case("one of two is not chosen", files=two, cloud=None)
    yield case("empty OS_CLOUD is none", files=one, cloud=None, env={"OS_CLOUD": ""})
    yield case("a dash in the name", files={"work/clouds.yaml": yaml(SCOPED, name="one-two")}, cloud="one-two")
    yield case("a dash in the name alone", files={"work/clouds.yaml": yaml(SCOPED, name="one-two")}, cloud=None)
    yield case("a dash is no underscore there", files={"work/clouds.yaml": yaml(SCOPED, name="one-two")}, cloud="one_two")
    yield case("unknown", files=two, cloud="three")
    yield case("unknown in OS_CLOUD", files=two, cloud=None, env={"OS_CLOUD": "three"})
    yield case("no file at all", cloud=None)
    yield case("name without file", cloud="one")
    yield case("variables alone", cloud=None, env=alone)
    yield case("variables beat the only cloud", files=one, cloud=None, env=alone)
    yield case("envvars by name", files=two, cloud="envvars", env=alone)
    yield case("envvars by OS_CLOUD", files=two, cloud=None, env={**alone, "OS_CLOUD": "envvars"})
    yield case("envvars without variables", files=two, cloud="envvars")
    yield case("OS_CLOUD_NAME names it", files=two, cloud="mine", env={**alone, "OS_CLOUD_NAME": "mine"})
    yield case("OS_CLOUD_NAME and no other name", files=two, cloud=None, env={**alone, "OS_CLOUD_NAME": "mine"})
    yield case("OS_CLOUD_NAME hides envvars", files=two, cloud="envvars", env={**alone, "OS_CLOUD_NAME": "mine"})
    yield case("OS_CLOUD_NAME as in the file", files=two, cloud="one", env={**alone, "OS_CLOUD_NAME": "one"})
    yield case("a cloud called envvars", files={"work/clouds.yaml": yaml(SCOPED, name="envvars")}, cloud="envvars")
    yield case("selectors are no cloud", files=one, cloud=None, env={"OS_REGION_NAME": "RegionTwo"})
    yield case("a lone OS_INTERFACE is a cloud", files=one, cloud=None, env={"OS_INTERFACE": "internal"})
    yield case("a lone OS_PASSWORD is a cloud", files=one, cloud=None, env={"OS_PASSWORD": "x"})
    yield case("OS_TEST is none", files=one, cloud=None, env={"OS_TEST_PATH": "x", "OS_LOG_PATH": "y"})
    yield case("an empty variable is one", files=one, cloud=None, env={"OS_USERNAME": ""})


def addresses():
    for form in ("{keystone}", "{keystone}/", "{keystone}/v3", "{keystone}/v3/",
                 "{keystone}/identity", "{keystone}/identity/", "{keystone}/identity/v3",
                 "{keystone}/identity/v3/", "{keystone}/a/b/v3", "{keystone}/{region_name}/v3"):
        for kind in ("password", "v3password", "v3applicationcredential"):
            auth = CREDENTIAL if kind.startswith("v3app") else SCOPED
            text = "clouds:\n" + entry({"auth_url": form, **auth},
                                       {"auth_type": kind, "region_name": "RegionOne"})
            yield case(f"{form} {kind}", files={"work/clouds.yaml": text})
    yield case("none", files={"work/clouds.yaml": "clouds:\n" + entry(SCOPED)})
    yield case("empty", files={"work/clouds.yaml": "clouds:\n" + entry({"auth_url": '""', **SCOPED})})
    yield case("beside auth", files={"work/clouds.yaml": "clouds:\n" + entry(SCOPED, {"auth_url": "{keystone}/v3"})})
    yield case("unknown expansion", files={"work/clouds.yaml": "clouds:\n" + entry({"auth_url": "{keystone}/{nothing}/v3", **SCOPED})})
    yield case("doubled braces", files={"work/clouds.yaml": "clouds:\n" + entry({"auth_url": "{keystone}/{{x}}/v3", **SCOPED})})
    yield case("expansion of the profile of a variable", auth=SCOPED, env={"OS_REGION_NAME": "RegionTwo"})


def people():
    users = {"name": {"username": "ada"}, "id": {"user_id": "u1"}, "both": {"username": "ada", "user_id": "u1"},
             "user_name": {"user_name": "ada"}, "nobody": {}}
    domains = {"none": {}, "name": {"user_domain_name": "people"}, "id": {"user_domain_id": "d1"},
               "both": {"user_domain_id": "d1", "user_domain_name": "people"},
               "domain_name": {"domain_name": "shared"}, "domain_id": {"domain_id": "ds"},
               "default_id": {"default_domain_id": "dd"}, "default_name": {"default_domain_name": "ddn"},
               "default_id and name": {"default_domain_id": "dd", "user_domain_name": "people"}}
    for (user, who), (domain, where) in itertools.product(users.items(), domains.items()):
        yield case(f"{user} in domain {domain}", {**who, "password": "pw", **where, "project_id": "p1"})
        if user in ("name", "id") and domain in ("none", "name", "id", "both", "domain_name", "default_id"):
            yield case(f"v3 {user} in domain {domain}", {**who, "password": "pw", **where, "project_id": "p1"},
                       {"auth_type": "v3password"})
    yield case("no password", {"username": "ada", "user_domain_name": "people"})
    yield case("empty password", {**WHO, "password": '""'})
    yield case("v3, no password", {"username": "ada", "user_domain_name": "people"}, {"auth_type": "v3password"})
    for version in ("3", '"3"', "3.0", '"3.0"', "v3", "2", '"2.0"', "2.0"):
        yield case(f"identity_api_version {version}", {"username": "ada", "password": "pw", "project_name": "engine"},
                   {"identity_api_version": version})
        yield case(f"identity_api_version {version} and domains", SCOPED, {"identity_api_version": version})
    bare = {"username": "ada", "password": "pw", "project_name": "engine"}
    yield case("identity_api_version 3, one domain", {**bare, "user_domain_name": "people"}, {"identity_api_version": "3"})
    yield case("identity_api_version 3, v3password", bare, {"identity_api_version": "3", "auth_type": "v3password"})
    yield case("identity_api_version 3, unscoped", {"username": "ada", "password": "pw"}, {"identity_api_version": "3"})
    yield case("OS_DEFAULT_DOMAIN", bare, {"identity_api_version": "3"}, env={"OS_DEFAULT_DOMAIN": "chosen"})
    yield case("OS_DEFAULT_DOMAIN without version", bare, env={"OS_DEFAULT_DOMAIN": "chosen"})
    yield case("default_domain of the file", bare, {"identity_api_version": "3", "default_domain": "filed"})
    yield case("OS_IDENTITY_API_VERSION", bare, env={"OS_IDENTITY_API_VERSION": "3"})
    yield case("OS_IDENTITY_API_VERSION 2", SCOPED, env={"OS_IDENTITY_API_VERSION": "2"})


def scopes():
    projects = {"no project": {}, "project": {"project_name": "engine"}, "project id": {"project_id": "p1"},
                "tenant": {"tenant_name": "engine"}, "tenant id": {"tenant_id": "p1"},
                "name and id": {"project_name": "engine", "project_id": "p1"},
                "tenant and project": {"tenant_name": "old", "project_name": "engine"}}
    domains = {"": {}, "its domain": {"project_domain_name": "machines"}, "its domain id": {"project_domain_id": "dm"},
               "both": {"project_domain_id": "dm", "project_domain_name": "machines"},
               "a domain": {"domain_name": "shared"}, "a domain id": {"domain_id": "ds"}}
    for (project, what), (domain, where) in itertools.product(projects.items(), domains.items()):
        yield case(f"{project}, {domain}", {**WHO, **what, **where})
    for kind in ("v3password", "v3token", "token"):
        who = {"token": "tok"} if kind.endswith("token") else WHO
        for project, what in projects.items():
            for domain in ("", "its domain", "a domain"):
                yield case(f"{kind}, {project}, {domain}", {**who, **what, **domains[domain]}, {"auth_type": kind})
    yield case("system", {**WHO, "system_scope": "all"})
    yield case("system, beside auth", WHO, {"system_scope": "all"})
    yield case("system of another name", {**WHO, "system_scope": "some"})
    yield case("system true", {**WHO, "system_scope": "true"})
    yield case("system and project", {**SCOPED, "system_scope": "all"})
    yield case("system and domain", {**WHO, "domain_id": "d", "system_scope": "all"})
    yield case("trust", {**WHO, "trust_id": "t1"})
    yield case("trust, v3", {**WHO, "trust_id": "t1"}, {"auth_type": "v3password"})
    yield case("trust and project", {**SCOPED, "trust_id": "t1"})
    yield case("domain beside auth", WHO, {"domain_name": "shared"})
    yield case("domain beside auth and a project", {**WHO, "project_name": "engine"}, {"domain_name": "shared"})
    yield case("domain of variable and a project", {**WHO, "project_name": "engine"}, env={"OS_DOMAIN_NAME": "varied"})
    yield case("project beside auth", {**WHO, "project_domain_name": "machines"}, {"project_name": "outer"})
    yield case("project beside auth wins", SCOPED, {"project_name": "outer"})
    yield case("tenant beside auth wins", SCOPED, {"tenant_name": "outer"})
    yield case("project domain beside auth", SCOPED, {"project_domain_name": "outer"})
    yield case("user beside auth", SCOPED, {"username": "eve"})
    yield case("password beside auth", {"username": "ada", "user_domain_name": "d"}, {"password": "outer"})
    yield case("everything beside auth", files={"work/clouds.yaml": "clouds:\n" + entry(
        None, {"auth_url": "{keystone}/v3", **SCOPED})})


def credentials():
    name = {"application_credential_name": "robot", "application_credential_secret": "s3cret"}
    yield case("id", CREDENTIAL, APPLICATION)
    yield case("id and name", {**CREDENTIAL, "application_credential_name": "robot"}, APPLICATION)
    yield case("name and user", {**name, "username": "ada", "user_domain_name": "people"}, APPLICATION)
    yield case("name and user in a domain id", {**name, "username": "ada", "user_domain_id": "d"}, APPLICATION)
    yield case("name and user id", {**name, "user_id": "u1"}, APPLICATION)
    yield case("name and user without domain", {**name, "username": "ada"}, APPLICATION)
    yield case("name alone", name, APPLICATION)
    yield case("id with user and domain", {**CREDENTIAL, "username": "ada", "user_domain_name": "people"}, APPLICATION)
    yield case("id with user without domain", {**CREDENTIAL, "username": "ada"}, APPLICATION)
    yield case("no secret", {"application_credential_id": "ac1"}, APPLICATION)
    yield case("no id", {"application_credential_secret": "s"}, APPLICATION)
    yield case("with password", {**CREDENTIAL, "password": "x"}, APPLICATION)
    yield case("with project", {**CREDENTIAL, "project_name": "engine", "project_domain_name": "d"}, APPLICATION)
    yield case("with project id", {**CREDENTIAL, "project_id": "p1"}, APPLICATION)
    yield case("with domains only", {**CREDENTIAL, "user_domain_name": "d", "project_domain_name": "d"}, APPLICATION)
    yield case("with OS_PROJECT_NAME", CREDENTIAL, APPLICATION, env={"OS_PROJECT_NAME": "left", "OS_PROJECT_DOMAIN_NAME": "d"})
    yield case("with OS_USERNAME", CREDENTIAL, APPLICATION, env={"OS_USERNAME": "left"})
    yield case("with OS_PASSWORD", CREDENTIAL, APPLICATION, env={"OS_PASSWORD": "left"})
    yield case("secret of variable", {"application_credential_id": "ac1"}, APPLICATION, env={"OS_APPLICATION_CREDENTIAL_SECRET": "v"})
    yield case("without auth_type", CREDENTIAL)
    yield case("auth_type in auth", {**CREDENTIAL, "auth_type": "v3applicationcredential"})
    yield case("of variables", cloud=None, env={
        "OS_AUTH_TYPE": "v3applicationcredential", "OS_AUTH_URL": "{keystone}", "OS_APPLICATION_CREDENTIAL_ID": "ac1",
        "OS_APPLICATION_CREDENTIAL_SECRET": "s3cret", "OS_REGION_NAME": "RegionTwo", "OS_IDENTITY_API_VERSION": "3",
        "OS_INTERFACE": "public"})
    yield case("auth_plugin", CREDENTIAL, {"auth_plugin": "v3applicationcredential"})
    yield case("auth_plugin and auth_type", CREDENTIAL, {"auth_plugin": "password", **APPLICATION})
    yield case("access rules are unknown", {**CREDENTIAL, "access_rules": "x"}, APPLICATION)


def other_types():
    totp = {"username": "ada", "user_domain_name": "people", "passcode": '"123456"'}
    yield case("totp", {**totp, "project_id": "p1"}, {"auth_type": "v3totp"})
    yield case("totp by id", {"user_id": "u1", "passcode": '"012345"'}, {"auth_type": "v3totp"})
    yield case("totp without domain", {"username": "ada", "passcode": '"123456"'}, {"auth_type": "v3totp"})
    yield case("totp with default domain", {"username": "ada", "passcode": '"123456"'}, {"auth_type": "v3totp", "identity_api_version": "3"})
    yield case("totp, passcode beside auth", {"username": "ada", "user_domain_name": "p"}, {"auth_type": "v3totp", "passcode": '"123456"'})
    yield case("totp, unquoted passcode", {**totp, "passcode": "123456"}, {"auth_type": "v3totp"})
    yield case("totp, passcode of variable", {"user_id": "u1"}, {"auth_type": "v3totp"}, env={"OS_PASSCODE": "654321"})
    yield case("totp without passcode", {"user_id": "u1"}, {"auth_type": "v3totp"})
    both = {**totp, "password": "pw", "project_id": "p1"}
    for methods in ("[v3password, v3totp]", "[v3totp, v3password]", "v3password,v3totp", "[v3password]"):
        yield case(f"multifactor {methods}", both, {"auth_type": "v3multifactor", "auth_methods": methods})
    yield case("multifactor, methods in auth", {**both, "auth_methods": "[v3password, v3totp]"}, {"auth_type": "v3multifactor"})
    yield case("multifactor, methods of variable", both, {"auth_type": "v3multifactor"}, env={"OS_AUTH_METHODS": "v3password,v3totp"})
    yield case("multifactor without methods", both, {"auth_type": "v3multifactor"})
    yield case("multifactor of generic names", both, {"auth_type": "v3multifactor", "auth_methods": "[password, totp]"})
    yield case("multifactor with credential", {**CREDENTIAL, **totp}, {"auth_type": "v3multifactor", "auth_methods": "[v3applicationcredential, v3totp]"})
    yield case("multifactor with token", {"token": "tok", **totp, "project_id": "p"}, {"auth_type": "v3multifactor", "auth_methods": "[v3token, v3totp]"})
    yield case("multifactor, passcode of variable", {k: v for k, v in both.items() if k != "passcode"},
               {"auth_type": "v3multifactor", "auth_methods": "[v3password, v3totp]"}, env={"OS_PASSCODE": "999999"})
    yield case("token", {"token": "tok", "project_name": "engine", "project_domain_id": "d"}, {"auth_type": "token"})
    yield case("token unscoped", {"token": "tok"}, {"auth_type": "token"})
    yield case("token without auth_type", {"token": "tok", "project_id": "p1"})
    yield case("token, old names", {"auth_token": "tok", "project_id": "p1"}, {"auth_type": "token"})
    yield case("token, old names with dash", {"auth-token": "tok", "project_id": "p1"}, {"auth_type": "token"})
    yield case("token beside auth", {"project_id": "p1"}, {"auth_type": "token", "token": "outer"})
    yield case("token with password", {**SCOPED, "token": "tok"}, {"auth_type": "token"})
    yield case("password with token", {**SCOPED, "token": "tok"})
    yield case("token of variable", {"project_id": "p1"}, {"auth_type": "token"}, env={"OS_TOKEN": "var"})
    yield case("token of variable over password", SCOPED, env={"OS_TOKEN": "var", "OS_AUTH_TYPE": "token"})
    yield case("token of variables", cloud=None, env={"OS_AUTH_URL": "{keystone}/v3", "OS_TOKEN": "tok", "OS_AUTH_TYPE": "token", "OS_PROJECT_ID": "p"})
    yield case("token of variables without type", cloud=None, env={"OS_AUTH_URL": "{keystone}/v3", "OS_TOKEN": "tok", "OS_PROJECT_ID": "p"})
    yield case("token and endpoint of variables", cloud=None, env={"OS_ENDPOINT": "{keystone}/x", "OS_TOKEN": "tok"})
    yield case("v3token", {"token": "tok", "project_id": "p1"}, {"auth_type": "v3token"})
    yield case("v3token without token", {"project_id": "p1"}, {"auth_type": "v3token"})
    for kind in ("v2password", "nonsense", "v3oauth1", "Password", "keystone", '""', "null", "~"):
        yield case(f"auth_type {kind}", SCOPED, {"auth_type": kind})
    yield case("none with overrides", files={"work/clouds.yaml": "clouds:\n" + entry({"endpoint": "{keystone}/x"}, {
        "auth_type": "none", "compute_endpoint_override": "{keystone}/a/compute/v2.1", "network_endpoint_override": "{keystone}/b/network/v2.0"})})
    yield case("http_basic with overrides", files={"work/clouds.yaml": "clouds:\n" + entry({"endpoint": "{keystone}/x", "username": "u", "password": "p"}, {
        "auth_type": "http_basic", "compute_endpoint_override": "{keystone}/a/compute/v2.1", "network_endpoint_override": "{keystone}/b/network/v2.0"})})
    yield case("admin_token with overrides", files={"work/clouds.yaml": "clouds:\n" + entry({"endpoint": "{keystone}/x", "token": "adm"}, {
        "auth_type": "admin_token", "compute_endpoint_override": "{keystone}/a/compute/v2.1", "network_endpoint_override": "{keystone}/b/network/v2.0"})})


def openid():
    user = {"username": "ada", "password": "pw"}
    yield case("public client", {**OIDC, **user}, {"auth_type": "v3oidcpassword"})
    user["client_secret"] = "cs"
    yield case("password", {**OIDC, **user}, {"auth_type": "v3oidcpassword"})
    yield case("password, token endpoint", {**{k: v for k, v in OIDC.items() if k != "discovery_endpoint"}, **user,
               "access_token_endpoint": "{keystone}/realms/r/protocol/openid-connect/token"}, {"auth_type": "v3oidcpassword"})
    yield case("password, scopes", {**OIDC, **user, "openid_scope": "openid email"}, {"auth_type": "v3oidcpassword"})
    yield case("password, project id", {**{k: v for k, v in OIDC.items() if not k.startswith("project")}, **user, "project_id": "p1"}, {"auth_type": "v3oidcpassword"})
    yield case("password, no project domain", {**{k: v for k, v in OIDC.items() if k != "project_domain_name"}, **user}, {"auth_type": "v3oidcpassword"})
    yield case("unscoped", {**{k: v for k, v in OIDC.items() if not k.startswith("project")}, **user}, {"auth_type": "v3oidcpassword"})
    yield case("password, domain scope", {**{k: v for k, v in OIDC.items() if not k.startswith("project")}, **user, "domain_id": "d"}, {"auth_type": "v3oidcpassword"})
    yield case("password, system scope", {**{k: v for k, v in OIDC.items() if not k.startswith("project")}, **user, "system_scope": "all"}, {"auth_type": "v3oidcpassword"})
    for gone in ("identity_provider", "protocol", "client_id", "discovery_endpoint"):
        yield case(f"password without {gone}", {k: v for k, v in {**OIDC, **user}.items() if k != gone}, {"auth_type": "v3oidcpassword"})
    yield case("password without user", OIDC, {"auth_type": "v3oidcpassword"})
    yield case("password of variable", {**OIDC, "username": "ada", "client_secret": "cs"}, {"auth_type": "v3oidcpassword"}, env={"OS_PASSWORD": "pw"})
    yield case("client credentials", {**OIDC, "client_secret": "cs"}, {"auth_type": "v3oidcclientcredentials"})
    yield case("client credentials with user", {**OIDC, **user, "client_secret": "cs"}, {"auth_type": "v3oidcclientcredentials"})
    token = {"identity_provider": "keycloak", "protocol": "openid", "access_token": "given", "project_id": "p1"}
    yield case("access token", token, {"auth_type": "v3oidcaccesstoken"})
    yield case("access token unscoped", {k: v for k, v in token.items() if k != "project_id"}, {"auth_type": "v3oidcaccesstoken"})
    yield case("access token of variable", {k: v for k, v in token.items() if k != "access_token"}, {"auth_type": "v3oidcaccesstoken"}, env={"OS_ACCESS_TOKEN": "var"})
    yield case("access token missing", {k: v for k, v in token.items() if k != "access_token"}, {"auth_type": "v3oidcaccesstoken"})
    yield case("access token, v3 in a folder", files={"work/clouds.yaml": "clouds:\n" + entry({"auth_url": "{keystone}/identity", **token}, {"auth_type": "v3oidcaccesstoken"})})
    yield case("access token, odd names", {**token, "identity_provider": "key cloak", "protocol": "open/id"}, {"auth_type": "v3oidcaccesstoken"})


def variables():
    for name, value in {
        "OS_USERNAME": "eve", "OS_USER_ID": "u9", "OS_PASSWORD": "apple", "OS_USER_DOMAIN_NAME": "vd", "OS_USER_DOMAIN_ID": "vdi",
        "OS_PROJECT_NAME": "vp", "OS_PROJECT_ID": "vpi", "OS_TENANT_NAME": "vt", "OS_TENANT_ID": "vti",
        "OS_PROJECT_DOMAIN_NAME": "vpd", "OS_PROJECT_DOMAIN_ID": "vpdi", "OS_DOMAIN_NAME": "vdn", "OS_DOMAIN_ID": "vdid",
        "OS_DEFAULT_DOMAIN_ID": "vdd", "OS_DEFAULT_DOMAIN_NAME": "vddn", "OS_SYSTEM_SCOPE": "all", "OS_TRUST_ID": "vtr",
        "OS_TOKEN": "vtok", "OS_AUTH_TOKEN": "vatok", "OS_AUTH_TYPE": "v3password", "OS_AUTH_PLUGIN": "token",
        "OS_REGION_NAME": "RegionTwo", "OS_INTERFACE": "internal", "OS_ENDPOINT_TYPE": "internalURL",
        "OS_AUTH_URL": "{keystone}/other/v3", "OS_APPLICATION_CREDENTIAL_ID": "va", "OS_ENDPOINT": "{keystone}/e", "OS_URL": "{keystone}/e",
        "OS_COMPUTE_ENDPOINT_OVERRIDE": "{keystone}/o/compute/v2.1", "OS_COMPUTE_API_VERSION": "2.1",
        "OS_IDENTITY_API_VERSION": "3", "OS_INSECURE": "true", "OS_USER_NAME": "un", "OS_PROFILE": "x",
    }.items():
        yield case(f"{name} over a file", SCOPED, env={name: value})
        if name in ("OS_USERNAME", "OS_AUTH_TYPE", "OS_REGION_NAME", "OS_INTERFACE", "OS_TOKEN"):
            yield case(f"{name} empty over a file", SCOPED, env={name: ""})
        base = {"OS_AUTH_URL": "{keystone}/v3", "OS_USERNAME": "ada", "OS_PASSWORD": "pw", "OS_USER_DOMAIN_NAME": "people",
                "OS_PROJECT_NAME": "engine", "OS_PROJECT_DOMAIN_NAME": "machines"}
        yield case(f"{name} among variables", env={**base, name: value}, cloud=None)
    base = {"OS_AUTH_URL": "{keystone}/v3", "OS_USERNAME": "ada", "OS_PASSWORD": "pw"}
    yield case("openrc v3", cloud=None, env={**base, "OS_PROJECT_ID": "p", "OS_PROJECT_NAME": "engine", "OS_USER_DOMAIN_NAME": "Default",
               "OS_PROJECT_DOMAIN_ID": "default", "OS_REGION_NAME": "RegionOne", "OS_INTERFACE": "public", "OS_IDENTITY_API_VERSION": "3"})
    yield case("openrc, no domains", cloud=None, env={**base, "OS_PROJECT_NAME": "engine", "OS_IDENTITY_API_VERSION": "3"})
    yield case("openrc, no domains nor version", cloud=None, env={**base, "OS_PROJECT_NAME": "engine"})
    yield case("openrc, tenant", cloud=None, env={**base, "OS_TENANT_NAME": "engine", "OS_USER_DOMAIN_ID": "default", "OS_PROJECT_DOMAIN_ID": "default"})
    yield case("openrc, tenant and project", cloud=None, env={**base, "OS_TENANT_NAME": "old", "OS_PROJECT_NAME": "engine", "OS_USER_DOMAIN_ID": "default", "OS_PROJECT_DOMAIN_ID": "default"})
    yield case("openrc, no password", cloud=None, env={"OS_AUTH_URL": "{keystone}/v3", "OS_USERNAME": "ada"})
    yield case("openrc, no auth_url", cloud=None, env={"OS_PASSWORD": "x", "OS_USERNAME": "ada"})
    yield case("password of variable", {k: v for k, v in SCOPED.items() if k != "password"}, env={"OS_PASSWORD": "typed"})
    yield case("password with odd signs", {k: v for k, v in SCOPED.items() if k != "password"}, env={"OS_PASSWORD": " a$b'c\"d#e:f ü "})
    yield case("region not of the cloud", SCOPED, {"region_name": "RegionOne"}, env={"OS_REGION_NAME": "Elsewhere"})
    yield case("region not of the catalog", SCOPED, env={"OS_REGION_NAME": "Elsewhere"})
    yield case("all project variables", SCOPED, env={"OS_PROJECT_NAME": "vp", "OS_PROJECT_ID": "vpi", "OS_TENANT_ID": "t"})


def spellings():
    dashed = {key.replace("_", "-"): value for key, value in SCOPED.items()}
    yield case("dashes", dashed)
    yield case("dashed auth-url", files={"work/clouds.yaml": "clouds:\n" + entry({"auth-url": "{keystone}/v3", **dashed})})
    yield case("dashed region-name", SCOPED, {"region-name": "RegionTwo"})
    yield case("dashed auth-type", CREDENTIAL, {"auth-type": "v3applicationcredential"})
    yield case("tenant-name", {**WHO, "tenant-name": "engine", "project_domain_name": "d"})
    yield case("dashed credential", {key.replace("_", "-"): value for key, value in CREDENTIAL.items()}, APPLICATION)
    yield case("dashed auth-type beside the proper one", CREDENTIAL, {"auth-type": "v3password", **APPLICATION})
    yield case("unknown tag", {**SCOPED, "password": "!vault abc"})
    yield case("python tag", {**SCOPED, "password": "!!python/name:os.system abc"})
    yield case("dash and underscore", {**SCOPED, "project-name": "dashed"})
    yield case("capitals", {"Username": "ada", "PASSWORD": "pw"})
    yield case("quotes", {key: f'"{value}"' for key, value in SCOPED.items()})
    yield case("single quotes", {key: f"'{value}'" for key, value in SCOPED.items()})
    flow = ", ".join(f"{key}: {value}" for key, value in SCOPED.items())
    yield case("flow style", files={"work/clouds.yaml": 'clouds: {one: {auth: {auth_url: "{keystone}/v3", %s}}}\n' % flow})
    yield case("anchors and merge", files={"work/clouds.yaml":
        "common: &common\n  auth_url: {keystone}/v3\n  username: ada\n  password: pw\n  user_domain_name: d\n"
        "clouds:\n  one:\n    auth:\n      <<: *common\n      username: eve\n      project_id: p1\n"})
    yield case("merge of a list", files={"work/clouds.yaml":
        "a: &a {username: first, password: pw}\nb: &b {username: second, user_domain_id: d, auth_url: \"{keystone}/v3\"}\n"
        "clouds:\n  one:\n    auth:\n      <<: [*a, *b]\n      project_id: p1\n"})
    yield case("alias of a cloud", files={"work/clouds.yaml": yaml(SCOPED).replace("one:", "two: &two") + "  one: *two\n"})
    yield case("document start and end", files={"work/clouds.yaml": "---\n" + yaml(SCOPED) + "...\n"})
    yield case("two documents", files={"work/clouds.yaml": yaml(SCOPED) + "---\nclouds: {}\n"})
    yield case("byte order mark", files={"work/clouds.yaml": "\ufeff" + yaml(SCOPED)})
    yield case("carriage returns", files={"work/clouds.yaml": yaml(SCOPED).replace("\n", "\r\n")})
    yield case("comments", files={"work/clouds.yaml": "# mine\n" + yaml({**SCOPED, "password": "sword#fish # not this"})})
    yield case("folded password", files={"work/clouds.yaml": yaml({**WHO, "password": ">-\n        sword\n        fish", "project_id": "p"})})
    yield case("literal password", files={"work/clouds.yaml": yaml({**WHO, "password": "|-\n        swordfish", "project_id": "p"})})
    yield case("escapes", {**WHO, "password": '"a\\tb\\u00fc\\x41"', "project_id": "p"})
    yield case("same key twice", files={"work/clouds.yaml": yaml(SCOPED).replace("username: ada", "username: ada\n      username: eve")})
    yield case("same cloud twice", files={"work/clouds.yaml": yaml(SCOPED) + entry({"auth_url": "{keystone}/v3", **WHO, "project_id": "second"})})
    yield case("unicode", {**SCOPED, "username": "Ädä", "project_name": "日本"})
    yield case("json", files={"work/clouds.json": '{"clouds": {"one": {"auth": {"auth_url": "{keystone}\\/v3", "username": "ada", "password": "p\\u00e4ss", "user_domain_id": "d", "project_id": "p"}}}}'})
    yield case("json with tabs", files={"work/clouds.json": '{\n\t"clouds": {\n\t\t"one": {"auth": {"auth_url": "{keystone}/v3", "username": "ada", "password": "pw", "user_domain_id": "d"}, "region_name": null}}}'})
    yield case("yml", files={"work/clouds.yml": yaml(SCOPED)})
    yield case("tagged string", {**SCOPED, "password": "!!str 0123"})
    yield case("a cloud with a number for a name", files={"work/clouds.yaml": yaml(SCOPED, name="123")}, cloud="123")
    yield case("a cloud with a quoted number for a name", files={"work/clouds.yaml": yaml(SCOPED, name='"123"')}, cloud="123")
    yield case("a cloud with blanks in its name", files={"work/clouds.yaml": yaml(SCOPED, name="my cloud")}, cloud="my cloud")


def scalars():
    for text in ("0123", "0189", "123456", "1_000", "0x1F", "0o17", "1e5", "1.5e3", "1.10", "2024.10", ".5", "+1", "-7", "yes", "no", "on",
                 "true", "False", "null", "~", '"~"', "1:30", "12e34567890", "2026-11-21", "1.2.3", ".inf", ".nan", '""', "00123456789012345678901234567890"):
        yield case(f"password {text}", {**WHO, "password": text, "project_id": "p1"})
        if text in ("0123", "123456", "1e5", "2024.10", "yes", "true", "null", "2026-11-21", "0x1F", "00123456789012345678901234567890"):
            yield case(f"project_id {text}", {**WHO, "project_id": text})
            yield case(f"username {text}", {**WHO, "username": text, "project_id": "p1"})
            yield case(f"project_name {text}", {**SCOPED, "project_name": text})
            yield case(f"user_domain_id {text}", {**SCOPED, "user_domain_id": text})
            yield case(f"region_name {text}", SCOPED, {"region_name": text})
    yield case("password empty", {**WHO, "password": "", "project_id": "p1"})
    yield case("project_name empty", {**WHO, "project_name": ""})
    yield case("a list for a password", {**WHO, "password": "[a, b]", "project_id": "p1"})
    yield case("a list for a username", {**WHO, "username": "[a, b]", "project_id": "p1"})
    yield case("a map for auth_url", {**WHO, "auth_url": "{a: b}"})


def regions():
    several = "\n    - RegionTwo\n    - RegionOne"
    with_values = ("\n    - name: RegionOne\n    - name: RegionTwo\n      values:\n        interface: internal\n"
                   "        auth:\n          auth_url: {keystone}/two/v3\n          project_name: of-two")
    for name, env in (("", {}), (" RegionOne", {"OS_REGION_NAME": "RegionOne"}), (" RegionTwo", {"OS_REGION_NAME": "RegionTwo"}), (" Three", {"OS_REGION_NAME": "Three"})):
        yield case(f"names{name}", SCOPED, {"regions": several}, env=env)
        yield case(f"values{name}", SCOPED, {"regions": with_values}, env=env)
        yield case(f"one name{name}", SCOPED, {"region_name": "RegionTwo"}, env=env)
        yield case(f"none{name}", SCOPED, env=env)
        yield case(f"with commas{name}", SCOPED, {"region_name": '"RegionTwo,RegionOne"'}, env=env)
        yield case(f"a list as region_name{name}", SCOPED, {"region_name": "[RegionTwo, RegionOne]"}, env=env)
        yield case(f"regions and region_name{name}", SCOPED, {"regions": several, "region_name": "RegionOne"}, env=env)
        yield case(f"expansion{name}", files={"work/clouds.yaml": "clouds:\n" + entry(
            {"auth_url": "{keystone}/{region_name}/v3", **SCOPED}, {"regions": several})}, env=env)
    yield case("empty list", SCOPED, {"regions": "[]"})
    yield case("a map without a name", SCOPED, {"regions": "[{values: {}}]"})
    yield case("a map with more", SCOPED, {"regions": "[{name: RegionOne, more: 1}]"})
    yield case("not of the catalog", SCOPED, {"region_name": "Nowhere"})
    yield case("case matters", SCOPED, {"region_name": "regionone"})
    yield case("of compute", SCOPED, {"region_name": "RegionOne", "compute_region_name": "RegionTwo"})
    yield case("values beside auth", SCOPED, {"regions": "[{name: RegionOne, values: {project_name: outer, compute_endpoint_override: '{keystone}/r/compute/v2.1'}}]"})
    for value in ("[{name: RegionTwo}]", "[{name: RegionTwo, values: {auth: {username: regional}}}]", "[{name: RegionTwo, values: {tenant_name: regional}}]",
                  "[{name: RegionTwo, values: {endpoint_type: admin, verify: false}}]", "[{name: RegionTwo, values: {auth: {project-name: dashed}}}]",
                  "[{name: RegionTwo, values: {compute-endpoint-override: '{keystone}/r/compute/v2.1'}}]", "[{name: RegionTwo, values: {auth_type: v3password}}]",
                  "[{name: RegionTwo, values: {interface: internal}}, {name: RegionOne, values: {interface: admin}}]", "RegionTwo", "[{values: {}}]"):
        yield case(value, SCOPED, {"regions": value})
        yield case(f"{value} and RegionTwo of variable", SCOPED, {"regions": value}, env={"OS_REGION_NAME": "RegionTwo"})
    yield case("values of a variable", SCOPED, {"regions": "[{name: RegionOne, values: {username: outer}}]"}, env={"OS_USERNAME": "var"})


def interfaces():
    for value in ("public", "internal", "admin", "publicURL", "internalURL", "adminURL", "Public", "nonsense", "[internal, public]", "[nonsense, admin]", '""', '"internal,public"'):
        yield case(f"interface {value}", SCOPED, {"interface": value})
        yield case(f"endpoint_type {value}", SCOPED, {"endpoint_type": value})
    yield case("both", SCOPED, {"interface": "internal", "endpoint_type": "admin"})
    yield case("of compute", SCOPED, {"compute_interface": "internal"})
    yield case("endpoint_type of network", SCOPED, {"network_endpoint_type": "admin"})
    yield case("variable over interface", SCOPED, {"interface": "internal"}, env={"OS_INTERFACE": "admin"})
    yield case("variable over endpoint_type", SCOPED, {"endpoint_type": "internal"}, env={"OS_INTERFACE": "admin"})
    yield case("dashed", SCOPED, {"endpoint-type": "internal"})
    yield case("dashed, of compute", SCOPED, {"compute-endpoint-type": "internal"})
    yield case("dashed, of compute, new name", SCOPED, {"compute-interface": "internal"})


def overrides():
    o = "{keystone}/o"
    yield case("compute", SCOPED, {"compute_endpoint_override": f"{o}/compute/v2.1"})
    yield case("compute with dashes", SCOPED, {"compute-endpoint-override": f"{o}/compute/v2.1"})
    yield case("compute with slash", SCOPED, {"compute_endpoint_override": f"{o}/compute/v2.1/"})
    yield case("compute_endpoint", SCOPED, {"compute_endpoint": f"{o}/compute/v2.1"})
    yield case("both", SCOPED, {"compute_endpoint_override": f"{o}/compute/v2.1", "network_endpoint_override": f"{o}/network/v2.0"})
    # The command leaves the version out, and asks the service; the SDK knows it.
    yield case("unversioned", SCOPED, {"compute_endpoint_override": f"{o}/compute"})
    yield case("in auth", {**SCOPED, "compute_endpoint_override": f"{o}/compute/v2.1"})
    yield case("with project", SCOPED, {"compute_endpoint_override": f"{o}/compute/v2.1/p"})
    yield case("of identity", SCOPED, {"identity_endpoint_override": f"{o}/identity/v3"})
    yield case("api versions", SCOPED, {"compute_api_version": "2.1", "network_api_version": "2.0", "image_api_version": "2", "volume_api_version": "3"})
    yield case("microversion", SCOPED, {"compute_default_microversion": '"2.60"'})
    yield case("expansion", SCOPED, {"region_name": "RegionTwo", "compute_endpoint_override": '"{keystone}/{region_name}/compute/v2.1"'})


def profiles():
    public = ("public-clouds:\n  provider:\n    auth:\n      auth_url: {keystone}/provider/v3\n      user_domain_name: of-profile\n"
              "      project_domain_name: of-profile\n    regions:\n    - RegionTwo\n    - RegionOne\n    interface: internal\n"
              "  simple:\n    auth:\n      auth_url: {keystone}/simple/v3\n    region_name: RegionTwo\n    identity_api_version: \"3\"\n")
    who = {"username": "ada", "password": "pw", "project_name": "engine"}

    def of(profile, auth=who, top=None, env=None, name=None, cloud="one"):
        text = "clouds:\n" + entry(auth, {"profile": profile, **(top or {})})
        return case(name or f"{profile}", files={"work/clouds.yaml": text, "work/clouds-public.yaml": public}, env=env, cloud=cloud)

    yield of("provider")
    yield of("provider", env={"OS_REGION_NAME": "RegionOne"}, name="provider, a region of it")
    yield of("provider", env={"OS_REGION_NAME": "Three"}, name="provider, no region of it")
    yield of("provider", top={"region_name": "RegionOne"}, name="provider, own region")
    yield of("provider", top={"interface": "admin"}, name="provider, own interface")
    yield of("provider", auth={**who, "user_domain_name": "own"}, name="provider, own domain")
    yield of("provider", auth={**who, "auth_url": "{keystone}/own/v3"}, name="provider, own address")
    yield of("simple")
    dashed = public.replace("  simple:", "  sim-ple:")
    text = "clouds:\n" + entry(who, {"profile": "sim-ple"})
    yield case("a dash in the name", files={"work/clouds.yaml": text, "work/clouds-public.yaml": dashed})
    yield of("unknown")
    yield of("unknown", auth={**SCOPED, "auth_url": "{keystone}/v3"}, name="unknown, not needed")
    yield of("one", auth={**SCOPED, "auth_url": "{keystone}/v3"}, name="itself")
    yield of("{keystone}")
    yield of("{keystone}/some/path", name="address with a path")
    yield of("{keystone}", top={"region_name": "RegionOne"}, name="address, own region")
    yield of("{keystone}", env={"OS_REGION_NAME": "RegionOne"}, name="address, region of variable")
    yield of("{keystone}/some/path?with=query", name="address with a query")
    text = "clouds:\n" + entry(who, {"cloud": "provider"})
    yield case("old keyword", files={"work/clouds.yaml": text, "work/clouds-public.yaml": public})
    text = "clouds:\n" + entry(who, {"profile": "provider"})
    yield case("in the user's folder", files={"work/clouds.yaml": text, "home/.config/openstack/clouds-public.yaml": public})
    yield case("in json", files={"work/clouds.yaml": text, "work/clouds-public.json": '{"public-clouds": {"provider": {"auth": {"auth_url": "{keystone}/j/v3"}}}}'})
    yield case("no file", files={"work/clouds.yaml": text})
    yield case("variable", files={"work/clouds.yaml": text, "work/clouds-public.yaml": public}, env={"OS_USERNAME": "eve"})
    yield case("shut down", files={"work/clouds.yaml": "clouds:\n" + entry(who, {"profile": "betacloud"})})
    for more in ("regions:\n    - name: RegionTwo\n      values:\n        auth:\n          project_domain_name: regional", "auth_type: v3password", "endpoint_type: internal",
                 "identity_api_version: 3", "compute_endpoint_override: '{keystone}/o/compute/v2.1'", "region_name: 'RegionTwo,RegionOne'", "username: outer", "domain_name: outer",
                 "status: shutdown", "profile: citycloud", "endpoint-type: internal"):
        described = public.replace("    interface: internal\n", "").replace("    regions:\n    - RegionTwo\n    - RegionOne\n", f"    {more}\n")
        for own, top in (("", {}), (", own version and region", {"identity_api_version": "3", "region_name": "RegionOne"})):
            yield case(f"with {more.split(chr(10))[0]}{own}", files={
                "work/clouds.yaml": "clouds:\n" + entry(who, {"profile": "provider", **top}), "work/clouds-public.yaml": described})
    yield case("without auth", files={"work/clouds.yaml": "clouds:\n" + entry({**SCOPED, "auth_url": "{keystone}/v3"}, {"profile": "provider"}),
               "work/clouds-public.yaml": "public-clouds:\n  provider:\n    auth:\n    region_name: RegionTwo\n"})
    yield case("of an empty cloud", files={"work/clouds.yaml": "clouds:\n  one:\n    profile: simple\n", "work/clouds-public.yaml": public.replace("simple/v3\n", "simple/v3\n      username: ada\n      password: pw\n")})
    yield case("null, and cloud", files={"work/clouds.yaml": "clouds:\n" + entry(who, {"profile": "null", "cloud": "provider"}), "work/clouds-public.yaml": public})
    yield case("of variables", files={"work/clouds-public.yaml": public}, env={"OS_PROFILE": "provider", "OS_USERNAME": "ada", "OS_PASSWORD": "pw"}, cloud=None)
    yield case("in secure.yaml", files={"work/clouds.yaml": "clouds:\n" + entry(who), "work/secure.yaml": "clouds:\n  one:\n    profile: provider\n", "work/clouds-public.yaml": public})
    yield case("secure overrides it", files={"work/clouds.yaml": text, "work/clouds-public.yaml": public,
               "work/secure.yaml": "clouds:\n  one:\n    auth:\n      user_domain_name: of-secure\n"})


def secure():
    bare = yaml({k: v for k, v in SCOPED.items() if k != "password"})
    hidden = "clouds:\n  one:\n    auth:\n      password: hidden\n"
    yield case("password", files={"work/clouds.yaml": bare, "work/secure.yaml": hidden})
    yield case("wins", files={"work/clouds.yaml": yaml(SCOPED), "work/secure.yaml": hidden})
    yield case("in another folder", files={"work/clouds.yaml": bare, "home/.config/openstack/secure.yaml": hidden})
    yield case("variable", files={"work/clouds.yaml": bare, "elsewhere/s.yaml": hidden}, env={"OS_CLIENT_SECURE_FILE": "{root}/elsewhere/s.yaml"})
    yield case("variable to nothing", files={"work/clouds.yaml": bare, "work/secure.yaml": hidden}, env={"OS_CLIENT_SECURE_FILE": "{root}/elsewhere/s.yaml"})
    yield case("json", files={"work/clouds.yaml": bare, "work/secure.json": '{"clouds": {"one": {"auth": {"password": "hidden"}}}}'})
    yield case("alone", files={"work/secure.yaml": yaml(SCOPED)})
    yield case("another cloud", files={"work/clouds.yaml": bare, "work/secure.yaml": yaml(SCOPED, name="two")}, cloud="two")
    yield case("beside auth", files={"work/clouds.yaml": bare, "work/secure.yaml": "clouds:\n  one:\n    password: outer\n"})
    yield case("OS_PASSWORD wins", files={"work/clouds.yaml": bare, "work/secure.yaml": hidden}, env={"OS_PASSWORD": "var"})
    yield case("regions are replaced", files={"work/clouds.yaml": yaml(SCOPED, {"regions": "[RegionOne]"}), "work/secure.yaml": "clouds:\n  one:\n    regions: [RegionTwo]\n"})
    for name, text in {"null cloud": "clouds:\n  one:\n", "null auth": "clouds:\n  one:\n    auth:\n", "null password": "clouds:\n  one:\n    auth:\n      password:\n",
                       "null clouds": "clouds:\n", "no clouds": "other: 1\n", "empty": "", "broken": "clouds: [", "region": "clouds:\n  one:\n    region_name: RegionTwo\n"}.items():
        yield case(name, files={"work/clouds.yaml": yaml(SCOPED), "work/secure.yaml": text})
    yield case("another cloud makes two", files={"work/clouds.yaml": yaml(SCOPED), "work/secure.yaml": yaml(SCOPED, name="two")}, cloud=None)
    yield case("credential", files={"work/clouds.yaml": yaml({"application_credential_id": "ac1"}, APPLICATION), "work/secure.yaml": "clouds:\n  one:\n    auth:\n      application_credential_secret: hidden\n"})


def places():
    def at(folder, word):
        return {f"{folder}": yaml({**WHO, "project_id": word})}

    work, user, site = "work/clouds.yaml", "home/.config/openstack/clouds.yaml", "site/openstack/clouds.yaml"
    yield case("user", files=at(user, "user"))
    yield case("site", files=at(site, "site"))
    yield case("work beats user", files={**at(work, "work"), **at(user, "user")})
    yield case("user beats site", files={**at(user, "user"), **at(site, "site")})
    yield case("files are not merged", files={**at(work, "work"), user: yaml({**WHO, "project_id": "u"}, name="two")}, cloud="two")
    yield case("yaml beats yml", files={**at(work, "yaml"), **at("work/clouds.yml", "yml")})
    yield case("yml beats json", files={**at("work/clouds.yml", "yml"), "work/clouds.json": "{}"})
    yield case("XDG", files=at("xdg/openstack/clouds.yaml", "xdg"), env={"XDG_CONFIG_HOME": "{root}/xdg"})
    yield case("XDG beats home", files={**at("xdg/openstack/clouds.yaml", "xdg"), **at(user, "user")}, env={"XDG_CONFIG_HOME": "{root}/xdg"})
    yield case("home behind XDG", files=at(user, "user"), env={"XDG_CONFIG_HOME": "{root}/xdg"})
    yield case("variable", files={**at("else/c.yaml", "variable"), **at(work, "work")}, env={"OS_CLIENT_CONFIG_FILE": "{root}/else/c.yaml"})
    yield case("variable, relative", files=at("work/sub/c.yaml", "relative"), env={"OS_CLIENT_CONFIG_FILE": "sub/c.yaml"})
    yield case("variable, any name", files=at("else/mine", "variable"), env={"OS_CLIENT_CONFIG_FILE": "{root}/else/mine"})
    yield case("variable to nothing", files=at(work, "work"), env={"OS_CLIENT_CONFIG_FILE": "{root}/else/c.yaml"})
    yield case("variable, empty", files=at(work, "work"), env={"OS_CLIENT_CONFIG_FILE": ""})
    yield case("broken is skipped", files={"work/clouds.yaml": "clouds: [", **at(user, "user")})
    yield case("empty hides", files={"work/clouds.yaml": "", **at(user, "user")})
    yield case("a list", files={"work/clouds.yaml": "- a\n", **at(user, "user")})
    yield case("no clouds in it", files={"work/clouds.yaml": "other: 1\n", **at(user, "user")})
    yield case("clouds is null", files={"work/clouds.yaml": "clouds:\n"})
    yield case("clouds is a list", files={"work/clouds.yaml": "clouds: [one]\n"})
    yield case("the cloud is null", files={"work/clouds.yaml": "clouds:\n  one:\n"})
    yield case("the cloud is a word", files={"work/clouds.yaml": "clouds:\n  one: two\n"})
    yield case("auth is a word", files={"work/clouds.yaml": "clouds:\n  one:\n    auth: two\n"})
    yield case("auth is null", files={"work/clouds.yaml": "clouds:\n  one:\n    auth:\n"})
    yield case("auth is null and all beside it", files={"work/clouds.yaml": "clouds:\n" + entry(None, {"auth": "null", "auth_url": "{keystone}/v3", **SCOPED})})


def real_clouds():
    """The public clouds of scs.md 1.11, by the form of their addresses."""
    for name, form in {
        "plusserver": "{keystone}", "artcodix": "{keystone}/", "rrze": "{keystone}/v3", "cloud and heat": "{keystone}/v3/",
        "regio": "{keystone}/v3/", "scaleup": "{keystone}/identity", "syseleven": "{keystone}/v3", "noris": "{keystone}/v3"}.items():
        text = "clouds:\n" + entry({"auth_url": form, **CREDENTIAL}, {
            "region_name": '"RegionOne"', "interface": '"public"', "identity_api_version": "3", **APPLICATION})
        yield case(name, files={"work/clouds.yaml": text})
        bare = "clouds:\n" + entry({"auth_url": form, "application_credential_id": "ac1"}, {
            "region_name": '"RegionOne"', "interface": '"public"', "identity_api_version": "3", **APPLICATION})
        yield case(f"{name} with secure.yaml", files={"work/clouds.yaml": bare,
                   "work/secure.yaml": "clouds:\n  one:\n    auth:\n      application_credential_secret: hidden\n"})


def combinations():
    """What may stand in `auth`, beside it, in secure.yaml and in a variable at once."""
    keys = {"username": "u", "user_domain_name": "ud", "project_name": "p", "project_domain_name": "pd", "project_id": "pi", "domain_name": "dn"}
    for (key, short), (other, _) in itertools.permutations(keys.items(), 2):
        auth = {**SCOPED, key: f"{short}-auth"}
        yield case(f"{key} beside auth, {other} of variable", auth, {key: f"{short}-top"},
                   env={f"OS_{other.upper()}": "var"})


def oddities():
    yield case("unknown key in auth", {**SCOPED, "nonsense": "x"})
    yield case("unknown key beside auth", SCOPED, {"nonsense": "x"})
    yield case("typing error in auth", {**WHO, "pasword": "x"})
    yield case("verify in auth", {**SCOPED, "verify": "false"})
    yield case("region in auth", {**SCOPED, "region_name": "RegionTwo"})
    for value in ("true", "false", '"true"', '"False"', "yes", "0", "1"):
        yield case(f"verify {value}", SCOPED, {"verify": value})
        yield case(f"insecure {value}", SCOPED, {"insecure": value})
    yield case("null values", {**SCOPED, "project_id": "null", "trust_id": "null"}, {"region_name": "null", "interface": "null"})
    yield case("null project domain", {**WHO, "project_name": "engine", "project_domain_name": "null", "project_domain_id": "d"})
    yield case("networks", SCOPED, {"networks": "[{name: a, routes_externally: true}]"})
    yield case("timeouts", SCOPED, {"api_timeout": "30", "compute_timeout": "20"})
    yield case("cacert that is not there", SCOPED, {"cacert": "/nowhere/ca.pem"})
    yield case("braces in a password", {**WHO, "password": "a{b}c", "project_id": "p"})
    yield case("braces in a password of variable", {**WHO, "project_id": "p"}, env={"OS_PASSWORD": "a{b}c"})
    yield case("braces in a username", {**WHO, "username": "'a{b}c'", "project_id": "p"})
    yield case("percent in a password", {**WHO, "password": "'%s%%d'", "project_id": "p"})
    yield case("other sections", files={"work/clouds.yaml": "cache:\n  expiration_time: 3600\nclient:\n  force_ipv4: true\n" + yaml(SCOPED)})


def options():
    """What the plugins take beside what their lists of options name."""
    kinds = {"password": WHO, "v3password": WHO, "token": {"token": "tok"}, "v3token": {"token": "tok"},
             "v3totp": {"user_id": "u1", "passcode": "'123456'"}, "v3applicationcredential": CREDENTIAL,
             "v3oidcaccesstoken": {"identity_provider": "keycloak", "protocol": "openid", "access_token": "given"}}
    for kind, auth in kinds.items():
        for option in ("reauthenticate", "include_catalog", "unscoped", "scope", "discovery_endpoint", "client_id"):
            yield case(f"{kind}, {option}", {**auth, option: "true"}, {"auth_type": kind})
    yield case("not unscoped", {**SCOPED, "unscoped": "false"}, {"auth_type": "v3password"})
    yield case("unscoped and a project", {**SCOPED, "unscoped": "true"}, {"auth_type": "v3password"})
    yield case("no system scope", {**SCOPED, "system_scope": "false"})
    yield case("a service provider", SCOPED, {"service_provider": "other"})
    yield case("a service provider of variable", SCOPED, env={"OS_SERVICE_PROVIDER": "other"})


def services():
    """Which service of the catalog is taken."""
    for service_type in ("compute", "compute_legacy", "nova", "nothing"):
        yield case(f"type {service_type}", SCOPED, {"compute_service_type": service_type})
    for name in ("compute", "second", "old", "nova"):
        yield case(f"name {name}", SCOPED, {"compute_service_name": name})
    yield case("network, its own type", SCOPED, {"network_service_type": "network"})
    yield case("network, another type", SCOPED, {"network_service_type": "neutron"})
    yield case("network, its name", SCOPED, {"network_service_name": "network"})
    yield case("type and name", SCOPED, {"compute_service_type": "compute_legacy", "compute_service_name": "old"})
    yield case("type and the name of another", SCOPED, {"compute_service_type": "compute_legacy", "compute_service_name": "second"})
    yield case("type, region and interface", SCOPED, {"compute_service_type": "compute_legacy", "region_name": "RegionTwo", "compute_interface": "internal"})
    yield case("type and address", SCOPED, {"compute_service_type": "nothing", "compute_endpoint_override": "'{keystone}/o/compute/v2.1'"})
    yield case("name, by dashes", SCOPED, {"compute-service-name": "second"})


def federation():
    """How providers of OpenID are found and asked."""
    user = {**OIDC, "username": "ada", "password": "pw", "client_secret": "cs"}
    lost = {key: value for key, value in user.items() if key != "discovery_endpoint"}
    kind = {"auth_type": "v3oidcpassword"}
    yield case("any address of tokens", {**lost, "access_token_endpoint": "{keystone}/oauth2/token"}, kind)
    yield case("both addresses", {**user, "access_token_endpoint": "{keystone}/oauth2/token"}, kind)
    yield case("any address of the description", {**lost, "discovery_endpoint": "{keystone}/x/openid-configuration"}, kind)
    yield case("a slash behind the description", {**lost, "discovery_endpoint": "{keystone}/x/.well-known/openid-configuration/"}, kind)
    for token in ("access_token", "id_token", "nonsense"):
        yield case(f"access_token_type {token}", {**user, "access_token_type": token}, kind)
    for scope in ("email", '"profile openid"', "openid", '""'):
        yield case(f"openid_scope {scope}", {**user, "openid_scope": scope}, kind)
    yield case("scope", {**user, "scope": "openid"}, kind)
    yield case("public client", {key: value for key, value in user.items() if key != "client_secret"}, kind)
    yield case("a code to be typed in", {**user, "idp_otp_key": "totp"}, kind)
    yield case("the domain of the user", {**user, "user_domain_name": "d"}, kind)
    yield case("the domain of the user of variable", user, kind, env={"OS_USER_DOMAIN_NAME": "d"})
    yield case("user_name", {**{key: value for key, value in user.items() if key != "username"}, "user_name": "eve"}, kind)
    yield case("secrets of variables", {key: value for key, value in user.items() if key not in ("password", "client_secret")}, kind,
               env={"OS_PASSWORD": "pw", "OS_CLIENT_SECRET": "cs"})
    yield case("trust", {**{key: value for key, value in user.items() if not key.startswith("project")}, "trust_id": "t"}, kind)
    given = {"identity_provider": "keycloak", "protocol": "openid", "access_token": "given"}
    yield case("given token, system", {**given, "system_scope": "all"}, {"auth_type": "v3oidcaccesstoken"})
    yield case("given token, domain", {**given, "domain_name": "d"}, {"auth_type": "v3oidcaccesstoken"})
    yield case("given token, left over", {**user, "access_token": "given"}, {"auth_type": "v3oidcaccesstoken"})


def pairs():
    """Two settings more, wherever they may stand, for each kind of login."""
    bases = {
        "password": (SCOPED, {}), "version 3": ({**WHO, "project_name": "engine"}, {"identity_api_version": "3"}),
        "v3password": (SCOPED, {"auth_type": "v3password"}), "tenant": ({"username": "ada", "password": "pw", "tenant_name": "engine", "default_domain_id": "dd"}, {}),
        "unscoped": (WHO, {}), "token": ({"token": "tok", "project_id": "p1"}, {"auth_type": "token"}),
        "totp": ({"user_id": "u1", "passcode": "'123456'", "project_id": "p1"}, {"auth_type": "v3totp"}),
        "factors": ({**SCOPED, "passcode": "'123456'"}, {"auth_type": "v3multifactor", "auth_methods": "[v3password, v3totp]"}),
        "federated": ({"identity_provider": "keycloak", "protocol": "openid", "access_token": "given", "project_id": "p1"}, {"auth_type": "v3oidcaccesstoken"}),
    }
    more = [(place, key, f"{key[0]}-{place}") for place in ("auth", "beside", "secure", "region", "profile", "variable") for key in (
        "username", "user_domain_name", "project_name", "project_id", "project_domain_id", "domain_name")]
    more += [("auth", "user_id", "u-auth"), ("beside", "system_scope", "all"), ("variable", "trust_id", "t-variable"), ("variable", "tenant_name", "t-variable"),
             ("secure", "password", "hidden"), ("profile", "tenant_id", "t-profile"), ("variable", "default_domain", "d-variable"), ("variable", "auth_url", "{keystone}/variable"),
             ("region", "auth_url", "'{keystone}/region/v3'"), ("beside", "auth_url", "'{keystone}/beside/v3'"), ("variable", "identity_api_version", "3"), ("beside", "default_domain_id", "d-beside")]
    for at, (first, second) in enumerate(itertools.combinations(more, 2)):
        # Each setting meets every fifth of the others.
        if at % 5:
            continue
        kind = list(bases)[at // 5 % len(bases)]
        auth, top = bases[kind]
        auth, top = {"auth_url": "{keystone}/v3", **auth}, dict(top)
        values, described, hidden, env = {}, {}, {}, {}
        for place, key, value in (first, second):
            target = {"auth": auth, "beside": top, "region": values, "profile": described, "secure": hidden, "variable": env}[place]
            target[f"OS_{key.upper()}" if place == "variable" else key] = value
        files = {}
        if values:
            within = ", ".join(f"{key}: {value}" for key, value in values.items())
            top["regions"] = "[{name: RegionTwo, values: {auth: {%s}}}]" % within
        if described:
            top["profile"] = "provider"
            files["work/clouds-public.yaml"] = "public-clouds:\n" + entry(described, name="provider")
        if hidden:
            files["work/secure.yaml"] = "clouds:\n" + entry(hidden)
        files["work/clouds.yaml"] = "clouds:\n" + entry(auth, top)
        yield case(f"{kind}, {first[1]} {first[0]}, {second[1]} {second[0]}", files=files, env=env)
