"""Messages to a team's channel: Teams, Slack and Mattermost through apprise, after their address was looked at."""

from __future__ import annotations

import logging
import re
from typing import Any

from listener.alerts.post import NotSent
from listener.alerts.settings import variable
from listener.errors import Blocked
from listener.guard import resolve_public

SLACK = "hooks.slack.com"
KNOWN = ("slack", "mmost", "mmosts", "workflow", "workflows")  # what apprise calls Slack, Mattermost and Teams
MATTERMOST = re.compile(r"https://([^/?#@\s]+(?:/[\w.-]+)*)/hooks/([0-9a-z]{26})/?")  # as it shows it; any host has one
LONGEST = 4000  # characters; Slack and Teams cut or refuse what is longer
UNSEEN: dict[str, Any] = {"image_url_mask": "", "image_url_logo": ""}  # readers would fetch apprise's own from GitHub
SECONDS = (5.0, 20.0)  # to connect, and for the answer


def tell(name: str, address: str, title: str, body: str, allow_loopback: bool = False) -> None:
    """Send one message to the webhook `name`, whose secret address is `address`. Raises NotSent, without the address.

    apprise makes the request itself: the host is looked up and refused before when it is not public, redirects are not
    followed.
    """
    if not address:
        raise NotSent(f"{variable(name)} is not set: put the webhook's address there")
    plugin = open_webhook(name, address)
    check_host(name, plugin, allow_loopback)
    if not plugin.notify(body=body[:LONGEST], title=title, body_format="text"):
        raise NotSent(f"the webhook {name} did not take the message: check {variable(name)}")


def open_webhook(name: str, address: str) -> Any:
    """apprise's own object for the address. Raises NotSent when it is none that we send to."""
    try:
        import apprise
    except ImportError as missing:
        raise NotSent("webhooks need apprise: run `pip install 'listener[alerts]'`") from missing
    logging.getLogger("apprise").disabled = True  # it writes to stderr what it could not send, and where to
    asset = apprise.AppriseAsset(http_redirects=False, async_mode=False, app_id="listen", app_desc="listen", **UNSEEN)
    plain = MATTERMOST.fullmatch(address.strip())
    address = f"mmosts://{plain[1]}/{plain[2]}" if plain else address
    plugin = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if plugin is None or plugin.url_identifier is False or _schema(plugin) not in KNOWN:
        raise NotSent(f"{variable(name)} is no address of Teams, Slack or Mattermost: copy the webhook's own address")
    plugin.socket_connect_timeout, plugin.socket_read_timeout = SECONDS
    return plugin


def _schema(plugin: Any) -> str:
    """What apprise calls the service: the scheme of the address it would write."""
    return str(plugin.url()).partition("://")[0]


def check_host(name: str, plugin: Any, allow_loopback: bool) -> None:
    """Raises NotSent when the message would go to an address that is not public, or cannot be looked up."""
    host = SLACK if _schema(plugin) == "slack" else str(plugin.host)
    try:
        resolve_public(host, 0, allow_loopback)
    except Blocked as refused:
        raise NotSent(
            f"{variable(name)} leads to no public address: webhooks of this network are not sent to"
        ) from refused
    except OSError as wrong:
        raise NotSent(f"the host in {variable(name)} is not found ({wrong.strerror or 'no such name'})") from wrong
