"""What other services expect of the library: pytest runs each test once for each of its interactions."""

import pytest
import tallystick
from django.contrib.auth.models import User
from django.core.wsgi import get_wsgi_application
from django.test import Client

from loans.models import Loan


@pytest.fixture
def reader(db: None) -> User:
    return User.objects.create_user("ann")


def test_honours_its_contracts(contract: tallystick.Contract, client: Client, reader: User) -> None:
    client.force_login(reader)
    contract.request.headers["Cookie"] = f"sessionid={client.cookies['sessionid'].value}"
    contract.verify(get_wsgi_application())


@tallystick.only(description="without a login")
@pytest.mark.django_db
def test_keeps_strangers_out(contract: tallystick.Contract) -> None:
    contract.verify(get_wsgi_application())


@tallystick.state(r"(?P<who>I|somebody else) borrowed a book")
def a_book_is_borrowed(who: str, title: str, reader: User) -> None:
    borrower = reader if who == "I" else User.objects.create_user("bob")
    Loan.objects.create(reader=borrower, title=title)
