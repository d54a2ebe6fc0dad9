"""What a reader who has logged in may see and do."""

import json

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from loans.models import Loan


@csrf_exempt
@require_http_methods(["GET", "POST"])
def loans(request: HttpRequest) -> JsonResponse:
    if not request.user.is_authenticated:
        return JsonResponse({"error": "please log in"}, status=401)
    if request.method == "GET":
        return JsonResponse({"titles": [loan.title for loan in Loan.objects.filter(reader=request.user)]})
    title = json.loads(request.body)["title"]
    if Loan.objects.filter(title=title).exists():
        return JsonResponse({"error": "somebody else has it"}, status=409)
    loan = Loan.objects.create(reader=request.user, title=title)
    return JsonResponse({"id": loan.pk, "title": title}, status=201)
