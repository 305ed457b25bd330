"""A logged-in browser context and the few calls to the server that it needs."""

import html
import re

from playwright.sync_api import BrowserContext

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
XML_ID = re.compile(r"\{(\w+)\.(\w+)\}")


class ServerFault(Exception):
    """What the server refused."""


class Session:
    """One login. The user's language is put back at the end."""

    def __init__(self, context: BrowserContext, base: str, login: str, password: str):
        self.context = context
        self.base = base
        self.login = login
        self._log_in(password)
        info = self._post("/web/session/get_session_info", {})
        self._uid = info["uid"]
        (user,) = self.call("res.users", "read", [self._uid], ["lang"])
        self._own_language = self._language = user["lang"]

    def _log_in(self, password: str):
        # The form, not /web/session/authenticate, which wants the database's name.
        page = self.context.request.get(f"{self.base}/web/login")
        token = TOKEN.search(page.text())
        if not token:
            raise ServerFault(f"{page.url} shows no login form (HTTP {page.status})")
        answer = self.context.request.post(
            f"{self.base}/web/login",
            form={
                "csrf_token": html.unescape(token[1]),
                "login": self.login,
                "password": password,
            },
            max_redirects=0,
        )
        if answer.status != 303:
            raise ServerFault(f"login {self.login}: wrong login or password")

    def call(self, model: str, method: str, *args):
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": {}},
        )

    def _post(self, path: str, params: dict):
        answer = self.context.request.post(
            f"{self.base}{path}", data={"jsonrpc": "2.0", "params": params}
        ).json()
        if error := answer.get("error"):
            raise ServerFault(error.get("data", error).get("message", str(error)))
        return answer["result"]

    def speak(self, language: str) -> str:
        """Set the user's language, if one is given, and return it."""
        language = language or self._own_language
        if language != self._language:
            installed = dict(self.call("res.lang", "get_installed"))
            if language not in installed:
                raise ServerFault(
                    f"language {language} is not loaded, only {', '.join(installed)}"
                )
            self.call("res.users", "write", [self._uid], {"lang": language})
            self._language = language
        return language

    def resolve(self, path: str) -> str:
        """Replace each `{module.name}` in a path by the id of that record."""

        def record_id(match):
            reference = self.call("ir.model.data", "check_object_reference", *match)
            if not reference[1]:
                raise ServerFault(f"{self.login} may not see {match[0]}")
            return str(reference[1])

        return XML_ID.sub(lambda match: record_id((match[1], match[2])), path)

    def close(self):
        self.speak(self._own_language)
        self.context.close()
