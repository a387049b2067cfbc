"""What goes wrong with alerts, and in a crisis."""

from __future__ import annotations

from listener.language import N_

TEMPLATES = (
    N_('{path}: [alerts] smtp: write server and port, smtp = "mail.example.org:587"'),
    N_('{path}: [alerts] {key}: write bare mail addresses, such as "press@example.org"'),
    N_("{path}: [alerts] urgent: choose among {list}"),
    N_('{path}: [alerts] webhooks: write names, webhooks = ["teams"], and set LISTEN_ALERT_URL_TEAMS to the address'),
    N_("the mail server refuses the log-in ({status}): check {name} and {names}"),
    N_("the mail server cannot do what is needed ({what}): check [alerts] smtp"),
    N_("the mail server's certificate is not to be trusted ({what})"),
    N_("the mail server failed ({kind})"),
    N_("no connection to the mail server ({what}): check [alerts] smtp"),
    N_("the mail server does not encrypt (no STARTTLS): nothing was sent"),
    N_("a password is not sent without encryption: set [alerts] starttls = true"),
    N_("{name} and {names} may hold only letters without dots and accents: choose another password"),
    N_("the mail server refuses the recipient ({status}): check [alerts] mail_to"),
    N_("the mail server refuses the sender ({status}): check [alerts] mail_from"),
    N_("the mail server did not take the mail ({status})"),
    N_("{name} is not set: put the webhook's address there"),
    N_("webhooks need apprise: run `pip install 'listener[alerts]'`"),
    N_("the webhook {word} did not take the message: check {name}"),
    N_("{name} is no address of Teams, Slack or Mattermost: copy the webhook's own address"),
    N_("{name} leads to no public address: webhooks of this network are not sent to"),
    N_("the host in {name} is not found ({what})"),
    N_("{path}: [crisis] times_faster: write a number from 1 to 60"),
    N_('{path}: [[crisis.contacts]] role: write the role as text, role = "…"'),
    N_("the name of a crisis is one line of at most 80 characters"),
    N_("{path}: no query {text} under [queries]: there are {list}"),
    N_("write each as a table of its own, [[crisis.{key}]]"),
)
