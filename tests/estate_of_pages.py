"""A small estate that has every state that the pages show."""

from datetime import timedelta

from shop_contracts import hostile, results, stock
from story import Story
from tallystick_broker import contracts
from tallystick_broker.models import TriggeredWebhook, WebhookExecution, now
from tallystick_broker.models.base import new_uuid
from tallystick_broker.overrides import Decision, create_override
from tallystick_broker.webhooks import subscriptions
from tallystick_broker.webhooks.secrets import ensure_keys
from tallystick_broker.webhooks.subscriptions import EVENTS, Definition, Side
from tallystick_broker.webhooks.templates import Request

HOSTILE = "<script>alert(\"x\")</script> & 'q' / ümlaut"
"""A name with all that could break a page or an address."""

WEBHOOK = "builds-of-inventory"
DELIVERY = "a-delivery-that-failed"
COMMIT = "9fceb02d0ae598e95dc970b74767f19372d61af8"


def tell(story: Story, amount: int = 10) -> None:
    """Tell the story of a shop, and of somebody who gives things hostile names: to so many interactions, too."""
    tell_of_shop(story)
    story.publish(HOSTILE, "1/2 <b>", "search", content="x", branch="feat/<i>", tags=["<u>"])
    story.verify("search", "0.9", of=(HOSTILE, "1/2 <b>"))
    story.publish(HOSTILE, "2", "search", document=hostile(amount))
    _tell_of_webhooks(story)
    _tell_of_an_override(story)


def _tell_of_an_override(story: Story) -> None:
    """Tell that somebody has decided that a pair does not count."""
    end = now() + timedelta(days=2)
    reason = "Alerts are switched off in staging: <b>#812</b>"
    decision = Decision("staging", "notifications", "inventory", reason, "ada@example.org", end)
    create_override(story.session, decision, timedelta(days=7))


def _tell_of_webhooks(story: Story) -> None:
    """Tell what webhooks have sent; nothing is left to send."""
    pair = contracts.get_pair(story.session, "inventory", "checkout")
    request = Request(
        "POST",
        "https://ci.example.org/builds",
        {"authorization": "Bearer secret"},
        {"of": "${pactbroker.providerName}", "contract": "${pactbroker.pactUrl}"},
    )
    definition = Definition(
        request, EVENTS[1:3], provider=Side(pair.provider), description="Builds of inventory"
    )
    keys = ensure_keys(story.session, None)
    webhook = subscriptions.create(story.session, definition, keys, WEBHOOK).webhook
    chat = Request("POST", f"https://chat.example.org/{HOSTILE.replace(' ', '')}")
    subscriptions.create(story.session, Definition(chat, enabled=False, consumer=Side(label="<b>")), keys)
    for uuid, status in ((new_uuid(), "success"), (DELIVERY, "failure")):
        delivery = TriggeredWebhook(
            uuid=uuid,
            webhook_id=webhook.id,
            webhook_uuid=WEBHOOK,
            **pair.key,
            event_name="contract_published",
            event_context={"providerName": "inventory", "consumerName": HOSTILE},
            trigger_type="resource_creation",
            status=status,
            attempts=2,
        )
        story.session.add(delivery)
        story.session.flush()
        for success in (False, status == "success"):
            logs = "[2026-01-02T03:04:05Z] INFO: POST https://ci.example.org/builds\nHTTP 500 <b>no</b>\n"
            story.session.add(WebhookExecution(triggered_webhook_id=delivery.id, success=success, logs=logs))
    story.session.flush()


def tell_of_shop(story: Story) -> None:
    """Tell the story of a shop: what is verified, failed, changed and never verified, and what is live."""
    story.environment("production", production=True)
    story.environment("staging")
    _tell_of_checkout(story)
    story.publish("notifications", "2.0.0", "inventory", content="stock", branch="main")
    story.verify("inventory", "3.2.0", of=("notifications", "2.0.0"))
    story.publish("notifications", "2.1.0", "inventory", content="alerts", branch="main")
    story.deploy("notifications", "2.0.0", "production")
    story.publish("storefront", COMMIT, "checkout", content="basket", branch="main")
    story.verify("checkout", "1.5.0", of=("storefront", COMMIT), success=False)
    story.publish("storefront", COMMIT, "search", content="query")


def _tell_of_checkout(story: Story) -> None:
    contents = ["orders", "orders", "reservations", "reservations", "reservations", "returns"]
    for minor, content in enumerate(contents):
        story.publish("checkout", f"1.{minor}.0", "inventory", document=stock(content), branch="main")
    document = stock("refunds")
    story.publish(
        "checkout", "1.6.0-rc.1", "inventory", document=document, branch="feat/refunds", tags=["rc"]
    )
    for number in ("3.0.0", "3.1.0", "3.2.0", "3.3.0"):
        story.branch("inventory", number, "main")
        for minor in (1, 4, 5):
            fits = not (number == "3.3.0" and minor == 4) and not (number == "3.0.0" and minor == 5)
            story.verify(
                "inventory",
                number,
                of=("checkout", f"1.{minor}.0"),
                success=fits,
                build_url=f"https://ci.example.org/inventory/{number}",
                test_results=results(contents[minor], *([] if fits else ["reserve two of five"])),
            )
    story.branch("inventory", "3.4.0-dev", "feat/ledger")
    story.verify("inventory", "3.4.0-dev", of=("checkout", "1.6.0-rc.1"))
    for name, number, environment in (
        ("checkout", "1.4.0", "production"),
        ("inventory", "3.2.0", "production"),
        ("checkout", "1.4.0", "staging"),
        ("inventory", "3.3.0", "staging"),
    ):
        story.deploy(name, number, environment)
