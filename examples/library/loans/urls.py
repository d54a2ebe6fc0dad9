"""The addresses of the library."""

from django.urls import path

from loans.views import loans

urlpatterns = [path("loans", loans)]
