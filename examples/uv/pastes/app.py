"""Keeps texts as files: POST one to /pastes, GET it under the address that comes back."""

import hmac
import os
import secrets
import time
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

MOST_BYTES = 1_000_000


class Pastes:
    """Texts in a folder, one file each; those older than `days` are gone."""

    def __init__(self, folder: Path, days: float = 30):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.seconds = days * 86_400

    def add(self, text: bytes) -> str:
        """Keeps a text, removes what is too old, and gives the name of the new one."""
        for path in self.folder.iterdir():
            if time.time() - path.stat().st_mtime > self.seconds:
                path.unlink(missing_ok=True)
        name = secrets.token_hex(16)
        part = self.folder / f".{name}"
        part.write_bytes(text)
        part.rename(self.folder / name)
        return name

    def get(self, name: str) -> bytes | None:
        """The text of that name, which comes from outside; None when there is none or it is too old."""
        if len(name) != 32 or not set(name) <= set("0123456789abcdef"):
            return None
        path = self.folder / name
        try:
            if time.time() - path.stat().st_mtime > self.seconds:
                return None
            return path.read_bytes()
        except FileNotFoundError:
            return None


def create_app(folder: Path, token: str | None = None) -> Starlette:
    """The service. With a token, whoever adds a text has to send it as a bearer token."""
    pastes = Pastes(folder)

    async def health(_: Request) -> Response:
        well = os.access(folder, os.W_OK)
        return JSONResponse({"status": "ok" if well else "cannot write"}, 200 if well else 503)

    async def add(request: Request) -> Response:
        sent = request.headers.get("authorization", "")
        if token and not hmac.compare_digest(sent.encode(), f"Bearer {token}".encode()):
            return JSONResponse({"error": "token missing"}, 401)
        text = b""
        async for chunk in request.stream():
            text += chunk
            if len(text) > MOST_BYTES:
                return JSONResponse({"error": "too long"}, 413)
        return JSONResponse({"name": await run_in_threadpool(pastes.add, text)}, 201)

    async def get(request: Request) -> Response:
        text = await run_in_threadpool(pastes.get, request.path_params["name"])
        if text is None:
            return JSONResponse({"error": "no such text"}, 404)
        return PlainTextResponse(text, headers={"X-Content-Type-Options": "nosniff"})

    routes = [
        Route("/healthz", health),
        Route("/pastes", add, methods=["POST"]),
        Route("/pastes/{name}", get),
    ]
    return Starlette(routes=routes)


def from_environment() -> Starlette:
    """The service as the container starts it."""
    return create_app(Path(os.environ.get("PASTES", "/var/lib/pastes")), os.environ.get("API_TOKEN"))
