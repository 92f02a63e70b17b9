"""The door's client for desk and command line: one method per thing asked, errors in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from crisisdesk.api.alarm_calls import AlarmCalls
from crisisdesk.api.candidate_calls import CandidateCalls
from crisisdesk.api.context_calls import ContextCalls
from crisisdesk.api.hand_calls import HandCalls
from crisisdesk.api.image_calls import ImageCalls
from crisisdesk.api.incident_calls import IncidentCalls
from crisisdesk.api.outage_calls import OutageCalls
from crisisdesk.api.presence_calls import PresenceCalls
from crisisdesk.api.quiet_calls import QuietCalls
from crisisdesk.api.recovery_calls import RecoveryCalls
from crisisdesk.api.role_calls import RoleCalls
from crisisdesk.api.source_calls import SourceCalls
from crisisdesk.api.task_calls import TaskCalls

if TYPE_CHECKING:
    import httpx

OPERATOR_HEADER = "X-CrisisDesk-Operator"
Json = dict[str, Any]


class ApiRefused(Exception):
    """The engine refused: field, problem, remedy; nothing changed. ``status`` is HTTP's."""

    def __init__(self, field: str, problem: str, remedy: str, status: int) -> None:
        super().__init__(f"{field}: {problem}; {remedy}")
        self.field = field
        self.problem = problem
        self.remedy = remedy
        self.status = status


class EngineAway(Exception):
    """The engine cannot be reached or cannot save now.

    ``maybe_saved`` tells a command that was surely not saved from one whose answer was lost.
    """

    def __init__(self, problem: str, *, maybe_saved: bool = False) -> None:
        ending = "it is not known whether this was saved" if maybe_saved else "not saved"
        super().__init__(f"{problem}; {ending}")
        self.problem = problem
        self.maybe_saved = maybe_saved


class Client(
    AlarmCalls,
    CandidateCalls,
    ContextCalls,
    HandCalls,
    ImageCalls,
    IncidentCalls,
    OutageCalls,
    PresenceCalls,
    QuietCalls,
    RecoveryCalls,
    RoleCalls,
    SourceCalls,
    TaskCalls,
):
    """Asks one engine as one operator. For one thread; connections are kept alive.

    Every method raises `ApiRefused` or `EngineAway`, and returns the answer's JSON as documented in
    the engine's OpenAPI document. ``timeout_s`` bounds each step of a request.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        operator: str,
        *,
        timeout_s: float = 10.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._token = token
        self.operator = operator
        self._timeout_s = timeout_s
        self._transport = transport
        self._http: httpx.Client | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        if self._http is not None:
            self._http.close()
            self._http = None

    # -- the station ------------------------------------------------------------------------

    def health(self) -> Json:
        """``ok``, ``station``, ``version``."""
        return self._ask("GET", "/healthz")

    def dashboard(self) -> Json:
        """Counts, response times, station and engine."""
        return self._ask("GET", "/crisis/dashboard/")

    def fleet(self) -> Json:
        """Hub, duty, stations, and how far this station's events are safe."""
        return self._ask("GET", "/api/v1/fleet")

    def station(self) -> Json:
        """Name, operator, sounds heard."""
        return self._ask("GET", "/crisis/station/")

    def set_station(self, *, name: str | None = None, operator: str | None = None) -> Json:
        """Name the station, seat an operator."""
        given = {"name": name, "operator": operator}
        return self._tell(
            "PUT", "/crisis/station/", {k: v for k, v in given.items() if v is not None}
        )

    def change_answer_key(self) -> Json:
        """Seal links of pages with a new key."""
        return self._tell("POST", "/crisis/answers/key/")

    def confirm_sound(self, severity: str) -> Json:
        """The operator heard the sound of this severity."""
        return self._tell("POST", f"/crisis/station/sounds/{_part(severity)}/heard/")

    # -- alerts -----------------------------------------------------------------------------

    def alerts(self, **asked: Any) -> Json:
        """A page: ``results`` and ``next``; arguments as the list route's query."""
        return self._ask("GET", "/crisis/alerts/", asked)

    def every_alert(self, **asked: Any) -> Iterator[Json]:
        """All alerts of a query, page by page."""
        return self._every("/crisis/alerts/", asked)

    def alert(self, alert_id: str) -> Json:
        """One alert."""
        return self._ask("GET", _alert(alert_id))

    def raise_alert(self, title: str, severity: str, **fields: Any) -> Json:
        """Raise an alert by hand; ``fields`` as ``POST /crisis/alerts/`` takes them."""
        return self._tell(
            "POST", "/crisis/alerts/", {"title": title, "severity": severity, **fields}
        )

    def edit_alert(self, alert_id: str, **changes: Any) -> Json:
        """New values of its fields."""
        return self._tell("PATCH", _alert(alert_id), changes)

    def acknowledge(
        self, alert_ids: list[str], *, epochs: list[str] | None = None, note: str = ""
    ) -> list[str]:
        """Say that they are in hand; the ids that changed."""
        body = {"alert_ids": alert_ids, "epochs": epochs or [], "note": note}
        changed: list[str] = self._tell("POST", "/crisis/alerts/acknowledge/", body)["changed"]
        return changed

    def unacknowledge(self, alert_ids: list[str]) -> list[str]:
        """Take acknowledgements back; the ids that changed."""
        body = {"alert_ids": alert_ids}
        changed: list[str] = self._tell("POST", "/crisis/alerts/unacknowledge/", body)["changed"]
        return changed

    def investigate(self, alert_id: str) -> Json:
        """Say that one is looking into it."""
        return self.edit_alert(alert_id, status="investigating")

    def resolve(self, alert_id: str, reason: str = "") -> Json:
        """Say that the condition is gone."""
        return self.edit_alert(alert_id, status="resolved", reason=reason)

    def close_alert(self, alert_id: str) -> Json:
        """Put it away."""
        return self.edit_alert(alert_id, status="closed")

    def reopen(self, alert_id: str, reason: str = "") -> Json:
        """Bring it back."""
        return self.edit_alert(alert_id, status="active", reason=reason)

    def note(self, alert_id: str, text: str) -> Json:
        """Write into its history."""
        return self._tell("POST", f"{_alert(alert_id)}notes/", {"text": text})

    def escalate(self, alert_id: str, **fields: Any) -> Json:
        """Make an incident of it; the incident."""
        return self._tell("POST", f"{_alert(alert_id)}escalate/", fields)

    def alert_history(self, alert_id: str) -> list[Json]:
        """Who did what with it, oldest first."""
        return self._results(f"{_alert(alert_id)}history/")

    def alert_deliveries(self, alert_id: str) -> list[Json]:
        """The pages it caused, oldest first."""
        return self._results(f"{_alert(alert_id)}deliveries/")

    # -- policies ---------------------------------------------------------------------------

    def publish_policy(self, name: str, content: Json) -> Json:
        """Publish a version; the version."""
        return self._tell("POST", "/crisis/policies/", {"name": name, "content": content})

    def withdraw_policy(self, version_id: str) -> None:
        """Take a version back."""
        self._tell("DELETE", f"/crisis/policies/{_part(version_id)}/")

    def try_policy(self, name: str, content: Json, **fields: Any) -> Json:
        """Play a policy ahead: its ``plan`` and ``findings``."""
        body = {"name": name, "content": content, **fields}
        return self._tell("POST", "/crisis/policies/preview/", body)

    # -- people -----------------------------------------------------------------------------

    def contacts(self) -> list[Json]:
        """All contacts, by name."""
        return self._results("/crisis/contacts/")

    def save_contact(self, card: Json, contact_id: str = "") -> Json:
        """Write a card: a new one without an id. Methods carry ``url`` when it is new."""
        if contact_id:
            return self._tell("PUT", f"/crisis/contacts/{_part(contact_id)}/", card)
        return self._tell("POST", "/crisis/contacts/", card)

    def remove_contact(self, contact_id: str) -> None:
        """Take a contact out of the list."""
        self._tell("DELETE", f"/crisis/contacts/{_part(contact_id)}/")

    def import_contacts(self, form: str, text: str, *, apply: bool = False) -> Json:
        """Take in a file of contacts ("csv" or "vcard"), or only tell what would come of it."""
        order = {"format": form, "text": text, "apply": apply}
        return self._tell("POST", "/crisis/contacts/import/", order)

    def send_test_page(self, contact_id: str, method_id: str) -> str:
        """Queue one test page; its delivery's id."""
        path = f"/crisis/contacts/{_part(contact_id)}/methods/{_part(method_id)}/test/"
        delivery: str = self._tell("POST", path)["delivery_id"]
        return delivery

    def notifications(self, **asked: Any) -> Json:
        """A page of pages to people, newest first."""
        return self._ask("GET", "/crisis/notifications/", asked)

    def channels(self) -> Json:
        """How each channel does, and who has none that works."""
        return self._ask("GET", "/crisis/channels/")

    def url_of(self, path: str) -> str:
        """A path of the engine as an address on this machine."""
        return f"{self._base_url}{path}"

    # -- how --------------------------------------------------------------------------------

    def _results(self, path: str) -> list[Json]:
        results: list[Json] = self._ask("GET", path)["results"]
        return results

    def _every(self, path: str, asked: Json) -> Iterator[Json]:
        page = self._ask("GET", path, asked)
        yield from page["results"]
        while page["next"] is not None:
            page = self._ask("GET", path, {**asked, "after": page["next"]})
            yield from page["results"]

    def _ask(self, method: str, path: str, query: Json | None = None) -> Json:
        headers = {OPERATOR_HEADER: quote(self.operator, safe="")} if self.operator else {}
        with self._in_words(command=False):
            http = self._connected()
            return self._read(http.request(method, path, params=query or {}, headers=headers))

    def _tell(self, method: str, path: str, body: Json | None = None) -> Json:
        headers = {OPERATOR_HEADER: quote(self.operator, safe="")}
        with self._in_words(command=True):
            return self._read(self._connected().request(method, path, json=body, headers=headers))

    def _connected(self) -> httpx.Client:
        if self._http is None:
            import httpx

            self._http = httpx.Client(
                base_url=self._base_url,
                headers={"authorization": f"Bearer {self._token}"},
                timeout=httpx.Timeout(self._timeout_s, connect=min(3.0, self._timeout_s)),
                # The engine is on this machine: a proxy of the environment must not stand between.
                trust_env=False,
                transport=self._transport,
            )
        return self._http

    @contextmanager
    def _in_words(self, *, command: bool) -> Iterator[None]:
        import httpx

        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise EngineAway("the engine is not running") from error
        except httpx.TimeoutException as error:
            problem = f"the engine did not answer within {self._timeout_s:g} s"
            raise EngineAway(problem, maybe_saved=command) from error
        except httpx.HTTPError as error:
            problem = "the engine broke off the connection"
            raise EngineAway(problem, maybe_saved=command) from error

    def _read(self, answer: httpx.Response) -> Json:
        if answer.is_success:
            body: Json = answer.json() if answer.content else {}
            return body
        try:
            told = answer.json()["error"]
            field, problem, remedy = told["field"], told["problem"], told["remedy"]
        except (ValueError, KeyError, TypeError):
            if answer.status_code == 503:
                raise EngineAway("the engine is too busy") from None
            raise ApiRefused(
                "engine",
                f"something else than an engine answered with {answer.status_code}",
                "check the address",
                answer.status_code,
            ) from None
        if answer.status_code == 503:
            raise EngineAway(f"{problem} ({remedy})")
        raise ApiRefused(field, problem, remedy, answer.status_code)


def _part(name: str) -> str:
    return quote(name, safe="")


def _alert(alert_id: str) -> str:
    return f"/crisis/alerts/{_part(alert_id)}/"
