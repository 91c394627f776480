"""Todos as JSON: list and add, finish and remove, and share one by a signed address."""

import json
from functools import wraps

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET, require_http_methods

from todos.models import Todo


def guarded(view):
    """Asks for the token as a bearer token, when there is one."""

    @wraps(view)
    def asked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        sent = request.headers.get("Authorization", "")
        if settings.API_TOKEN and not constant_time_compare(sent, f"Bearer {settings.API_TOKEN}"):
            return JsonResponse({"error": "token missing"}, status=401)
        return view(request, *args, **kwargs)

    return asked


@require_GET
def health(_: HttpRequest) -> HttpResponse:
    connection.ensure_connection()
    return JsonResponse({"status": "ok"})


@guarded
@require_http_methods(["GET", "POST"])
def todos(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return JsonResponse({"todos": [each.as_json() for each in Todo.objects.order_by("pk")]})
    try:
        text = json.loads(request.body)["text"]
    except (ValueError, KeyError, TypeError):
        text = None
    if not isinstance(text, str) or not 0 < len(text) <= 500:
        return JsonResponse({"error": "a text of at most 500 characters is needed"}, status=400)
    return JsonResponse(Todo.objects.create(text=text).as_json(), status=201)


@guarded
@require_http_methods(["GET", "PUT", "DELETE"])
def todo(request: HttpRequest, key: int) -> HttpResponse:
    found = Todo.objects.filter(pk=key).first()
    if found is None:
        return JsonResponse({"error": "no such todo"}, status=404)
    if request.method == "DELETE":
        found.delete()
        return HttpResponse(status=204)
    if request.method == "PUT":
        found.done = True
        found.save()
    return JsonResponse(found.as_json() | {"shared": f"/shared/{signing.dumps(key)}"})


@require_GET
def shared(_: HttpRequest, signed: str) -> HttpResponse:
    """One todo for whoever has its address, for a week."""
    try:
        found = Todo.objects.filter(pk=signing.loads(signed, max_age=7 * 86_400)).first()
    except signing.BadSignature:
        found = None
    return JsonResponse(found.as_json()) if found else JsonResponse({"error": "no such todo"}, status=404)
