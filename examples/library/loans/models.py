"""What the library remembers."""

from django.conf import settings
from django.db import models


class Loan(models.Model):
    """A book in somebody's hands."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    title = models.CharField(max_length=200, unique=True)
