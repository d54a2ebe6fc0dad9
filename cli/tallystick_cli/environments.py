"""`tallystick create-environment` and `tallystick record-deployment`: where what runs."""

import click

from tallystick_cli.options import NON_BLANK, PARTICIPANT, VERSION, asks_broker, output_option
from tallystick_cli.output import open_console, write, write_json
from tallystick_client import Broker, Contact


@click.command("create-environment", short_help="Create an environment.")
@click.option(
    "--name", type=NON_BLANK, required=True, metavar="NAME", help="Its name in commands, without spaces."
)
@click.option("--display-name", type=NON_BLANK, metavar="NAME", help="Its name for people.")
@click.option(
    "--production/--no-production", default=False, help="Whether it serves real users; no by default."
)
@click.option("--contact-name", type=NON_BLANK, metavar="NAME", help="Whom to ask about it.")
@click.option(
    "--contact-email-address", type=NON_BLANK, metavar="ADDRESS", help="And by which e-mail address."
)
@output_option("text")
@asks_broker
def create_environment(
    broker: Broker,
    name: str,
    display_name: str | None,
    production: bool,
    contact_name: str | None,
    contact_email_address: str | None,
    output: str,
) -> None:
    """Create an environment that versions can be deployed to."""
    if contact_email_address and not contact_name:
        raise click.UsageError("--contact-email-address needs --contact-name: whose address is it?")
    contacts = [Contact(contact_name, contact_email_address)] if contact_name else []
    environment = broker.create_environment(
        name, display_name=display_name, production=production, contacts=contacts
    )
    if output == "json":
        write_json(environment.body)
    else:
        kind = "a production environment" if environment.production else "not a production environment"
        write(open_console(), f"Created {environment.name}, {kind} ({environment.uuid}).", "green")


@click.command("record-deployment", short_help="Record what runs in an environment.")
@PARTICIPANT
@VERSION
@click.option("--environment", type=NON_BLANK, required=True, metavar="NAME", help="Where it runs now.")
@click.option(
    "--application-instance",
    "--target",
    type=NON_BLANK,
    metavar="NAME",
    help="Which instance it is, where several run side by side for long, such as one per customer.",
)
@output_option("text")
@asks_broker
def record_deployment(
    broker: Broker,
    pacticipant: str,
    version: str,
    environment: str,
    application_instance: str | None,
    output: str,
) -> None:
    """Record that a version now runs in an environment.

    It takes the place of the version that was recorded before it. Run this after the deployment has succeeded.
    """
    deployment = broker.record_deployment(pacticipant, version, environment, application_instance)
    if output == "json":
        write_json(deployment.body)
    else:
        instance = f" as {application_instance}" if application_instance else ""
        write(
            open_console(), f"Recorded that {pacticipant} {version} runs in {environment}{instance}.", "green"
        )
